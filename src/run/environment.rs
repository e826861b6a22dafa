//! The environment of a lab's shell: made from nothing, so that no setting and
//! no secret of the user's is passed on unnamed.

use std::path::PathBuf;

use super::protocol::Private;
use crate::sandbox;

/// What a lab's shell has that is its own, and what its variables are made from.
#[derive(Debug, Clone, Default)]
pub struct Environment {
    /// Directories that come first in PATH: kubectl's.
    pub programs: Vec<PathBuf>,
    /// A directory that the agent makes for the lab's home, temporary files and
    /// kubeconfig, and removes at its end.
    pub private: PathBuf,
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
        [
            ("HOME", own("home")),
            ("PATH", path.join(":")),
            ("KUBECONFIG", kubeconfig),
            ("TMPDIR", own("tmp")),
            ("LANG", "C.UTF-8".to_owned()),
            ("TERM", "xterm".to_owned()),
            ("USER", "root".to_owned()),
            ("SHELL", "/bin/bash".to_owned()),
        ]
        .map(|(name, value)| (name.to_owned(), value))
        .to_vec()
    }

    /// What the agent makes before it starts the shell.
    pub(super) fn private(&self) -> Private {
        Private { directory: self.private.clone(), kubeconfig: self.kubeconfig.clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_labs_own_programs_come_first() {
        let environment = Environment {
            programs: vec!["/programs".into()],
            private: "/lab".into(),
            kubeconfig: Some("{}".to_owned()),
        };
        let variables = environment.variables();
        let value = |name: &str| {
            variables.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
        };
        assert!(value("PATH").is_some_and(|path| path.starts_with("/programs:/usr/local/sbin:")));
        assert_eq!(value("KUBECONFIG"), Some("/lab/kubeconfig"));
        assert_eq!(value("HOME"), Some("/lab/home"));
        assert_eq!(value("AWS_SECRET_ACCESS_KEY"), None);
    }
}
