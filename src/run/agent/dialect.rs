//! What differs from shell to shell in what the agent says to them.
//!
//! Words of the agent begin with a backslash, so that no alias of a page stands for them.

use std::fmt::Write as _;
use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;

use crate::plan::Interpreter;

/// A shell's own words.
pub(super) struct Dialect {
    pub(super) interpreter: Interpreter,
    pub(super) arguments: &'static [&'static str],
    /// The script comes on standard input, where its name would show in messages.
    /// bash can be told its name.
    pub(super) script_on_stdin: bool,
    /// What it runs first.
    pub(super) start: &'static str,
    /// Before a builtin, so that no function of a page's stands for it, and no error
    /// in it ends the shell.
    pub(super) builtin: &'static str,
    /// The process of a subshell, as the shell is made to tell it: commands, and a word.
    pub(super) own_process: (&'static str, &'static str),
    /// Puts a text into the history, where the shell has one. Its own lines do not get
    /// there that begin with a blank.
    pub(super) remember: Option<&'static str>,
    /// Keeps what the command before left: its exit code, its last argument, and what the
    /// parts of its pipeline ended with.
    pub(super) keep: &'static str,
    /// Exports all variables, in a subshell.
    export_all: &'static str,
    /// Sets a variable that is not exported.
    set: &'static str,
}

/// The kernel tells a process its number; dash and zsh do not tell that of a subshell.
const OWN_PROCESS: (&str, &str) =
    ("IFS=' ' read -r __labbook_process __labbook_rest </proc/self/stat; ", "$__labbook_process");

static BASH: Dialect = Dialect {
    interpreter: Interpreter::Bash,
    arguments: &["--noprofile", "--norc", "-i"],
    script_on_stdin: false,
    // The trap is there because bash, where it has no terminal, ends itself
    // when an interrupted command is part of a list.
    start: "BASH_ARGV0=bash; unset HISTFILE; set +H +o history; history -c; trap : INT",
    builtin: "\\builtin",
    own_process: ("", "$BASHPID"),
    remember: Some("\\builtin history -s --"),
    keep: "{ __labbook_status=$? __labbook_last=$_ __labbook_parts=${PIPESTATUS[@]}; } &>/dev/null",
    export_all: "\\builtin export -- $(\\builtin compgen -v)",
    set: "\\builtin declare -g",
};

/// `sh` may be a bash too, which then takes `!` for history.
static SH: Dialect = Dialect { interpreter: Interpreter::Sh, ..DASH };

const DASH: Dialect = Dialect {
    interpreter: Interpreter::Dash,
    arguments: &["-i"],
    script_on_stdin: true,
    // Without the trap it forgets at an interrupt what it has read of its script.
    start: "PS1=; PS2=; unset HISTFILE; \\command set +H; trap : INT",
    builtin: "\\command",
    own_process: OWN_PROCESS,
    remember: None,
    keep: "{ __labbook_status=$? __labbook_last=${_-}; } >/dev/null 2>&1",
    // A line of a value that looks like one names no variable, or one that is there.
    export_all: "for __labbook_name in $(set | \\command -p sed -n \
                 's/^\\([A-Za-z_][A-Za-z0-9_]*\\)=.*/\\1/p'); do \
                 \\command export \"$__labbook_name\"; done",
    set: "",
};

static ALMQUIST: Dialect = DASH;

static ZSH: Dialect = Dialect {
    interpreter: Interpreter::Zsh,
    arguments: &["-f", "-i", "-o", "hist_ignore_space", "-s"],
    script_on_stdin: true,
    start: "PS1=; PS2=; RPS1=; unset HISTFILE; setopt no_bang_hist interactive_comments no_prompt_sp",
    builtin: "\\builtin",
    own_process: OWN_PROCESS,
    remember: Some("\\builtin print -s --"),
    // Within a group, the last argument would be the group's.
    keep: "__labbook_status=$? __labbook_last=$_ __labbook_parts=${(j: :)pipestatus}",
    export_all: "for __labbook_name in \
                 ${(M)${(k)parameters[(R)(scalar|integer|float)*]}:#[A-Za-z_]*}; do \
                 \\builtin export \"$__labbook_name\"; done",
    set: "\\builtin typeset -g",
};

impl Dialect {
    /// The one of a shell.
    pub(super) fn of(interpreter: Interpreter) -> &'static Self {
        match interpreter {
            Interpreter::Bash => &BASH,
            Interpreter::Sh => &SH,
            Interpreter::Dash => &ALMQUIST,
            Interpreter::Zsh => &ZSH,
        }
    }

    /// Commands that write the exported variables to the first file and all variables to
    /// the second, each as `NAME=value` and NUL. They run in a subshell.
    pub(super) fn dump(&self, exported: &str, all: &str) -> String {
        let export = self.export_all;
        format!(
            " ( IFS=' \t\n'; \\command -p env -0 >{exported}; {export}; \\command -p env -0 >{all} ) \
             2>/dev/null </dev/null || :"
        )
    }

    /// A command that sets a variable.
    pub(super) fn assign(&self, name: &str, value: &[u8], exported: bool) -> Vec<u8> {
        let how = if exported { format!("{} export", self.builtin) } else { self.set.to_owned() };
        let mut line = format!(" {how} ").into_bytes();
        line.extend_from_slice(name.as_bytes());
        line.extend_from_slice(b"=");
        line.extend_from_slice(&quote(value));
        line.push(b'\n');
        line
    }

    /// A command that forgets a variable.
    pub(super) fn forget(&self, name: &str) -> String {
        format!(" {} unset -v {name}\n", self.builtin)
    }

    /// A command that goes to a directory.
    pub(super) fn enter(&self, directory: &Path) -> Vec<u8> {
        let mut line = format!(" {} cd -- ", self.builtin).into_bytes();
        line.extend_from_slice(&quote(directory.as_os_str().as_bytes()));
        line.push(b'\n');
        line
    }

    /// Has the shell take text as if it stood in its script, whatever is in it.
    pub(super) fn eval(&self, text: &str) -> String {
        // dash knows no `--`, and a text may begin with a dash.
        let mut line = format!("{} eval ", self.builtin);
        let guard = if text.starts_with('-') { " " } else { "" };
        let _ = write!(
            line,
            "{}",
            String::from_utf8_lossy(&quote(format!("{guard}{text}").as_bytes()))
        );
        line
    }
}

/// The text as one word of the shell. NUL, which no shell's word can hold, is
/// left out, as the shells themselves do.
pub(super) fn quote(text: &[u8]) -> Vec<u8> {
    let mut quoted = Vec::with_capacity(text.len() + 2);
    quoted.push(b'\'');
    for &byte in text {
        match byte {
            0 => {}
            b'\'' => quoted.extend_from_slice(br"'\''"),
            _ => quoted.push(byte),
        }
    }
    quoted.push(b'\'');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_text_is_one_word() {
        assert_eq!(quote(b"echo 'a b'\n$x"), b"'echo '\\''a b'\\''\n$x'");
        assert_eq!(quote(b"a\0b"), b"'ab'");
    }
}
