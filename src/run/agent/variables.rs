//! Variables of shells, and what goes from one shell of a lab to the next.

use std::collections::BTreeMap;
use std::path::Path;

use super::dialect::Dialect;

/// What each shell keeps for itself, whatever its value; also what is another whenever it
/// is asked for.
const KEPT: [&str; 20] = [
    "_",
    "PWD",
    "OLDPWD",
    "SHLVL",
    "IFS",
    "PPID",
    "PS1",
    "PS2",
    "LINENO",
    "RANDOM",
    "SRANDOM",
    "SECONDS",
    "EPOCHSECONDS",
    "EPOCHREALTIME",
    "ERRNO",
    "TTYIDLE",
    "HISTCMD",
    "OPTIND",
    "COLUMNS",
    "LINES",
];
/// The agent's own, and what bash exports of its own making: options and functions.
const KEPT_BEGINNINGS: [&str; 3] = ["__labbook_", "BASH", "SHELLOPTS"];

/// Variables by their names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Variables(BTreeMap<String, Variable>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Variable {
    value: Vec<u8>,
    exported: bool,
}

impl Variables {
    /// Those of two environments, the exported ones and all, each `NAME=value` and NUL.
    /// None where there is not even one: then they could not be told.
    pub(super) fn read(exported: &[u8], all: &[u8]) -> Option<Self> {
        // Too much of them, and they cannot be told.
        if all.is_empty() {
            return None;
        }
        let mut variables = BTreeMap::new();
        for (text, exported) in [(all, false), (exported, true)] {
            for entry in text.split(|&byte| byte == 0) {
                let Some(at) = entry.iter().position(|&byte| byte == b'=') else {
                    continue;
                };
                let Ok(name) = std::str::from_utf8(&entry[..at]) else {
                    continue;
                };
                if is_shared(name) {
                    let variable = Variable { value: entry[at + 1..].to_vec(), exported };
                    variables.insert(name.to_owned(), variable);
                }
            }
        }
        (!variables.is_empty()).then_some(Self(variables))
    }

    /// With those of others that are not among them.
    pub(super) fn and(mut self, others: &Self) -> Self {
        for (name, variable) in &others.0 {
            self.0.entry(name.clone()).or_insert_with(|| variable.clone());
        }
        self
    }

    /// Those that others do not have.
    pub(super) fn lacking_in(mut self, others: &Self) -> Self {
        self.0.retain(|name, _| !others.0.contains_key(name));
        self
    }

    /// Without what a fresh shell of that kind has just so: that is the shell's own.
    pub(super) fn without(mut self, own: &Self) -> Self {
        self.0.retain(|name, variable| variable.exported || own.0.get(name) != Some(variable));
        self
    }

    /// What a shell has to be told that knows these, so that it knows the others.
    pub(super) fn script(&self, others: &Self, dialect: &Dialect, directory: &Path) -> Vec<u8> {
        let mut script = Vec::new();
        for name in self.0.keys().filter(|name| !others.0.contains_key(*name)) {
            script.extend_from_slice(dialect.forget(name).as_bytes());
        }
        for (name, variable) in &others.0 {
            if self.0.get(name) != Some(variable) {
                script.extend(dialect.assign(name, &variable.value, variable.exported));
            }
        }
        script.extend(dialect.enter(directory));
        script
    }
}

fn is_shared(name: &str) -> bool {
    let is_a_name = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    is_a_name
        && !KEPT.contains(&name)
        && !KEPT_BEGINNINGS.iter().any(|beginning| name.starts_with(beginning))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::Interpreter;

    fn read(exported: &str, all: &str) -> Variables {
        Variables::read(exported.as_bytes(), all.as_bytes()).expect("there are some")
    }

    #[test]
    fn a_shell_is_told_what_changed() {
        let bash = Dialect::of(Interpreter::Bash);
        let known = read("A=1\0B=2\0", "A=1\0B=2\0own=x\0gone=1\0");
        let others = read("A=1\0B=it's\0", "A=1\0B=it's\0n=new\nline\0PWD=/x\0");
        let script = known.script(&others, bash, Path::new("/lab"));
        assert_eq!(
            String::from_utf8_lossy(&script),
            " \\builtin unset -v gone\n \\builtin unset -v own\n \\builtin export B='it'\\''s'\n \
             \\builtin declare -g n='new\nline'\n \\builtin cd -- '/lab'\n"
        );
    }

    #[test]
    fn what_a_shell_has_of_its_own_stays_there() {
        let own = read("HOME=/\0", "HOME=/\0BUILD=1\0UID=0\0");
        let now = read("HOME=/\0", "HOME=/\0BUILD=2\0UID=0\0BASH_VERSION=5\0");
        assert_eq!(now.without(&own), read("HOME=/\0", "HOME=/\0BUILD=2\0"));
        assert_eq!(Variables::read(b"", b""), None);
    }
}
