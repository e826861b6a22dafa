//! Commands that stand after `# `: root's prompt, where it is that, or a comment.
//! What comes after them may be what they print, so that it is no command.

use super::flags::opens_an_editor;
use super::listing::prints_commands;
use super::printing::{Printing, printing};
use super::programs::begins_surely;
use super::session::{is_path_alone, lists_files};
use super::words::Script;

/// Whether a line may be what the command in the comment before it printed, or is to
/// be written in the editor that it opens: `# cat run.sh`, then a script's lines.
pub(super) fn may_be_shown_by(comment: &str, line: &str) -> bool {
    let Some(command) = comment.trim_start().strip_prefix('#').map(str::trim) else {
        return false;
    };
    if !begins_surely(command) {
        return false;
    }
    let script = Script::new(command);
    let names_file =
        || script.words().skip(1).any(|word| word.text.contains(['.', '/']) || word.substitutes);
    let shows = || printing(&script, command) == Printing::Text || opens_an_editor(command);
    prints_commands(command)
        || is_path_alone(line) && (lists_files(&script) || names_file())
        || names_file() && shows()
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
        ] {
            assert!(!may_be_shown_by(comment, line), "{comment}");
        }
    }
}
