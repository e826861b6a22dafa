//! What is written in an editor that a command of the same fence opened.

use super::blocks::assigned_name;
use super::flags::edits_a_file;
use super::words::Script;

/// Whether a line is to be written into the file that a command opens in an editor,
/// though it would be a command elsewhere: a setting, in a file that shells read.
pub(super) fn is_written_into(editor: &Script, line: &str) -> bool {
    const ENDS: [&str; 6] = ["rc", "profile", "aliases", "environment", "env", ".sh"];
    const SETTINGS: [&str; 4] = ["export ", "alias ", "source <(", "eval \"$("];
    let line = line.trim();
    let is_setting =
        SETTINGS.iter().any(|start| line.starts_with(start)) || assigned_name(line).is_some();
    is_setting
        && edits_a_file(editor)
        && editor.words().last().is_some_and(|file| ENDS.iter().any(|end| file.text.ends_with(end)))
}

#[cfg(test)]
mod tests {
    use super::is_written_into;
    use crate::lab::words::Script;

    #[test]
    fn settings_are_written_into_files_that_shells_read() {
        let written = |editor: &str, line: &str| is_written_into(&Script::new(editor), line);
        for line in
            ["export A=b", "alias k=kubectl", "A=\"b\"", "source <(kubectl completion bash)"]
        {
            assert!(
                written("vim ~/.bashrc", line) && written("sudo nano /etc/profile", line),
                "{line}"
            );
        }
        assert!(!written("vim ~/.bashrc", "source ~/.bashrc"));
        assert!(!written("vim a.yaml", "export A=b") && !written("cat ~/.bashrc", "export A=b"));
    }
}
