//! The environment of a lab's shell: made from nothing, so that no setting and
//! no secret of the user's is passed on unnamed.

use std::path::{Path, PathBuf};

use super::protocol::{COPY, Private};
use crate::sandbox;

/// What a lab's shell has that is its own, and what its variables are made from.
#[derive(Debug, Clone, Default)]
pub struct Environment {
    /// Directories that come first in PATH: kubectl's.
    pub programs: Vec<PathBuf>,
    /// A directory that the agent makes for the lab's home, temporary files and
    /// kubeconfig, and removes at its end.
    pub private: PathBuf,
    /// The workbook, where the lab works on a copy of it.
    pub copied: Option<PathBuf>,
    /// Variables that the user has named. The later of one name holds.
    pub passed: Vec<(String, String)>,
    /// A kubeconfig with only the chosen context; none without a cluster.
    pub kubeconfig: Option<String>,
}

impl Environment {
    /// The variables, in full.
    pub(super) fn variables(&self) -> Vec<(String, String)> {
        let own = |name: &str| self.private.join(name).to_string_lossy().into_owned();
        let mut path: Vec<String> =
            self.programs.iter().map(|path| path.to_string_lossy().into_owned()).collect();
        path.push(sandbox::PATH.to_owned());
        // Without a kubeconfig kubectl would fall back to HOME's, which is
        // empty, and then to localhost:8080, which may be anything.
        let kubeconfig =
            self.kubeconfig.as_ref().map_or_else(|| "/dev/null".to_owned(), |_| own("kubeconfig"));
        let user = user();
        let own = [
            ("HOME", own("home")),
            ("PATH", path.join(":")),
            ("KUBECONFIG", kubeconfig),
            ("TMPDIR", own("tmp")),
            ("LANG", "C.UTF-8".to_owned()),
            ("TERM", "xterm".to_owned()),
            ("USER", user.clone()),
            ("LOGNAME", user),
            ("SHELL", "/bin/bash".to_owned()),
        ];
        let own = own.map(|(name, value)| (name.to_owned(), value));
        own.into_iter().chain(self.passed.iter().cloned()).collect()
    }

    /// Where the lab has a file of the workbook.
    pub(super) fn seen(&self, path: &Path) -> PathBuf {
        let inside = self.copied.as_ref().and_then(|workbook| path.strip_prefix(workbook).ok());
        let Some(inside) = inside else { return path.to_owned() };
        // Part by part: joined to nothing, a path would end in `/`.
        self.private.join(COPY).components().chain(inside.components()).collect()
    }

    /// What the agent makes before it starts the shell.
    pub(super) fn private(&self) -> Private {
        Private {
            directory: self.private.clone(),
            kubeconfig: self.kubeconfig.clone(),
            copied: self.copied.clone(),
        }
    }
}

/// Who runs labbook, which the lab's programs are too; his number where he has no name.
fn user() -> String {
    let user = nix::unistd::geteuid();
    let known = nix::unistd::User::from_uid(user).ok().flatten();
    known.map_or_else(|| user.to_string(), |known| known.name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copied_workbook_is_in_the_labs_own_directory() {
        let copied = Some("/home/me/book".into());
        let environment = Environment { private: "/lab".into(), copied, ..Environment::default() };
        let seen = |path: &str| environment.seen(Path::new(path));
        assert_eq!(seen("/home/me/book/labs/a"), Path::new("/lab/workbook/labs/a"));
        assert_eq!(seen("/home/me/book").as_os_str(), "/lab/workbook");
        assert_eq!(seen("/home/me/bookshelf"), Path::new("/home/me/bookshelf"));
    }

    #[test]
    fn the_labs_own_programs_come_first() {
        let environment = Environment {
            programs: vec!["/programs".into()],
            private: "/lab".into(),
            copied: None,
            passed: vec![("LANG".to_owned(), "de".to_owned())],
            kubeconfig: Some("{}".to_owned()),
        };
        let variables = environment.variables();
        let value = |name: &str| {
            variables.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
        };
        assert!(value("PATH").is_some_and(|path| path.starts_with("/programs:/usr/local/sbin:")));
        assert_eq!(value("KUBECONFIG"), Some("/lab/kubeconfig"));
        assert_eq!(value("HOME"), Some("/lab/home"));
        let named = |name: &str| variables.iter().filter(|(key, _)| key == name).count();
        assert_eq!(named("LANG"), 2, "the shell is given the later: {variables:?}");
        assert_eq!(value("AWS_SECRET_ACCESS_KEY"), None);
    }
}
