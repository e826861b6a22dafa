//! What is written in an editor that a command of the same fence opened.

use super::blocks::assigned_name;
use super::flags::edits_a_file;
use super::words::Script;

/// Whether a command does nothing but open a file in an editor that shells read, so that
/// settings right below it are to be written there.
pub(super) fn opens_a_shells_file(script: &Script) -> bool {
    const ENDS: [&str; 3] = ["profile", "environment", ".sh"];
    const NAMES: [&str; 8] =
        [".bashrc", ".zshrc", ".kshrc", "bashrc", "zshrc", "bash.bashrc", ".bash_aliases", ".env"];
    script.commands().len() == 1
        && edits_a_file(script)
        && script.words().last().is_some_and(|file| {
            let name = file.text.rsplit('/').next().unwrap_or_default();
            NAMES.contains(&name) || ENDS.iter().any(|end| name.ends_with(end))
        })
}

/// Whether a line is a setting of a shell: an assignment alone, or what a file that it
/// reads begins with.
pub(super) fn is_setting(line: &str) -> bool {
    const SETTINGS: [&str; 4] = ["export ", "alias ", "source <(", "eval \"$("];
    let line = line.trim();
    SETTINGS.iter().any(|start| line.starts_with(start))
        || assigned_name(line).is_some()
            && Script::new(line).commands().iter().all(|simple| simple.words.is_empty())
}

#[cfg(test)]
mod tests {
    use super::{is_setting, opens_a_shells_file};
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
}
