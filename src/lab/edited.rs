//! What is written in an editor that a command of the same fence opened.

use super::blocks::assigned_name;
use super::flags::edits_a_file;
use super::words::Script;

/// Whether a command does nothing but open a file in an editor that shells read, so that
/// settings right below it are to be written there.
pub(super) fn opens_a_shells_file(script: &Script) -> bool {
    const ENDS: [&str; 4] = ["profile", "environment", ".sh", "rc.local"];
    const NAMES: [&str; 8] =
        [".bashrc", ".zshrc", ".kshrc", "bashrc", "zshrc", "bash.bashrc", ".bash_aliases", ".env"];
    script.commands().len() == 1
        && edits_a_file(script)
        && script.words().last().is_some_and(|file| {
            let name = file.text.rsplit('/').next().unwrap_or_default();
            NAMES.contains(&name) || ENDS.iter().any(|end| name.ends_with(end))
        })
}

/// Whether a line right below a command that opens a shell's file is to be written there:
/// a setting, and in a script any line that does not go on with that.
pub(super) fn is_written_into(editor: &Script, line: &str) -> bool {
    !goes_on_with(editor, line) && (is_setting(line) || is_a_script_edited(editor))
}

/// Whether a command opens a script in an editor.
pub(super) fn is_a_script_edited(editor: &Script) -> bool {
    let is_script = |name: &str| name.strip_suffix(".sh").is_some() || name == "rc.local";
    edits_a_file(editor)
        && editor
            .words()
            .last()
            .is_some_and(|file| is_script(file.text.rsplit('/').next().unwrap_or_default()))
}

/// Whether a line goes on with the file that an editor opens: it names it.
pub(super) fn goes_on_with(editor: &Script, line: &str) -> bool {
    editor.words().last().is_some_and(|file| {
        let name = file.text.rsplit('/').next().unwrap_or_default();
        !name.is_empty() && line.contains(name)
    })
}

/// Whether a line is a setting of a shell: an assignment alone, or what a file that it
/// reads begins with.
fn is_setting(line: &str) -> bool {
    const SETTINGS: [&str; 12] = [
        "export ",
        "alias ",
        "source <(",
        "eval \"$(",
        "if [",
        ". ",
        "complete ",
        "umask ",
        "setopt ",
        "shopt ",
        "autoload ",
        "bind ",
    ];
    const WORDS: [&str; 4] = ["fi", "then", "else", "done"];
    let line = line.trim();
    let only_assigns = || Script::new(line).commands().iter().all(|simple| simple.words.is_empty());
    WORDS.contains(&line)
        || SETTINGS.iter().any(|start| line.starts_with(start))
        || assigned_name(line).is_some() && only_assigns()
}

#[cfg(test)]
mod tests {
    use super::{is_setting, is_written_into, opens_a_shells_file};
    use crate::lab::words::Script;

    #[test]
    fn files_that_shells_read_are_known() {
        let opens = |text: &str| opens_a_shells_file(&Script::new(text));
        for text in ["vim ~/.bashrc", "sudo nano /etc/profile", "vi a.sh", "nano ~/.bash_profile"] {
            assert!(opens(text), "{text}");
        }
        for text in
            ["vim a.yaml", "cat ~/.bashrc", "vim ~/src", "vim ~/.bashrc && source ~/.bashrc"]
        {
            assert!(!opens(text), "{text}");
        }
    }

    #[test]
    fn settings_are_told_from_commands() {
        for line in
            ["export A=b", "alias k=kubectl", "A=\"b\"", "source <(kubectl completion bash)"]
        {
            assert!(is_setting(line), "{line}");
        }
        for line in ["source ~/.bashrc", "KUBECONFIG=/a kubectl get po", "kubectl get po"] {
            assert!(!is_setting(line), "{line}");
        }
    }

    #[test]
    fn a_script_holds_commands() {
        let editor = Script::new("vi run.sh");
        assert!(is_written_into(&editor, "kubectl get pods"));
        for line in ["chmod +x run.sh", "sh run.sh", "./run.sh"] {
            assert!(!is_written_into(&editor, line), "{line}");
        }
        assert!(!is_written_into(&Script::new("vim ~/.bashrc"), "kubectl get pods"));
    }
}
