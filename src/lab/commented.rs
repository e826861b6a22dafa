//! Commands that stand after `# `: root's prompt, where it is that, or a comment.
//! What comes after them may be what they print, so that it is no command.

use super::captions::announces_output;
use super::flags::opens_an_editor;
use super::line::is_comment;
use super::listing::prints_commands;
use super::printing::{Printing, holds_no_commands, is_path_alone, lists_files, printing};
use super::programs::begins_surely;
use super::typed::Typed;
use super::words::Script;

/// Whether a line may be what the command in the comment before it printed, or is to
/// be written in the editor that it opens: `# cat run.sh`, then a script's lines.
pub(super) fn may_be_shown_by(comment: &str, line: &str) -> bool {
    let Some(command) = comment.trim_start().strip_prefix('#').map(str::trim) else {
        return false;
    };
    if is_comment(line) || !begins_surely(command) {
        return false;
    }
    let script = Script::new(command);
    let named: Vec<&str> = script
        .words()
        .skip(1)
        .map(|word| word.text.as_str())
        .filter(|word| word.contains(['.', '/']))
        .collect();
    // What goes on with the file does not stand in it.
    let goes_on = named.iter().any(|name| line.contains(name));
    let edits = || opens_an_editor(command) && !named.iter().all(|name| holds_no_commands(name));
    let shows = || printing(&script, command) == Printing::Text || edits();
    prints_commands(command)
        || is_path_alone(line) && (lists_files(&script) || !named.is_empty())
        || !named.is_empty() && !goes_on && shows()
}

/// Whether a comment below a command announces what that printed, and it may be anything:
/// `# Output:` below `cat run.sh`.
pub(super) fn may_be_shown_below(typed: &Typed, comment: &str) -> bool {
    typed.prints() > Printing::Report
        && announces_output(comment.trim_start_matches([' ', '\t', '#']))
}

#[cfg(test)]
mod tests {
    use super::may_be_shown_by;

    #[test]
    fn what_a_commented_command_shows_is_told() {
        for (comment, line) in [
            ("# cat run.sh", "rm -rf tmp"),
            ("# vim ~/.bashrc", "alias k=kubectl"),
            ("# find . -name '*.sh'", "./install.sh"),
            ("# minikube docker-env", "export A=b"),
        ] {
            assert!(may_be_shown_by(comment, line), "{comment}");
        }
        for (comment, line) in [
            ("# cat pod.yaml", "kubectl apply -f pod.yaml"),
            ("# cat the script first", "./run.sh"),
            ("# kubectl get pods", "kubectl get svc"),
            ("# run it", "./run.sh"),
            ("# vi values.yaml", "helm install web ./chart"),
            ("# tail -f /var/log/syslog", "kubectl get pods"),
            ("# vim run.sh", "# then"),
            ("# cat run.sh", "sh run.sh"),
        ] {
            assert!(!may_be_shown_by(comment, line), "{comment}");
        }
    }
}
