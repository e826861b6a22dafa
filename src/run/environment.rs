//! The environment of a lab's shell: made from nothing, so that no setting and
//! no secret of the user's is passed on unnamed.

use std::path::PathBuf;

/// Where programs are looked for behind a lab's own directories.
const SYSTEM_PATH: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/// What the variables of a lab's shell are made from.
#[derive(Debug, Clone, Default)]
pub struct Environment {
    /// Directories that come first in PATH: kubectl's.
    pub programs: Vec<PathBuf>,
    /// A private home directory.
    pub home: PathBuf,
    /// A private directory for temporary files.
    pub temporary: PathBuf,
    /// A kubeconfig with only the chosen context; none without a cluster.
    pub kubeconfig: Option<PathBuf>,
}

impl Environment {
    /// The variables, in full.
    pub fn variables(&self) -> Vec<(String, String)> {
        let text = |path: &PathBuf| path.to_string_lossy().into_owned();
        let mut path: Vec<String> = self.programs.iter().map(text).collect();
        path.push(SYSTEM_PATH.to_owned());
        // Without a kubeconfig kubectl would fall back to HOME's, which is
        // empty, and then to localhost:8080, which may be anything.
        let kubeconfig = self.kubeconfig.as_ref().map_or_else(|| "/dev/null".to_owned(), text);
        [
            ("HOME", text(&self.home)),
            ("PATH", path.join(":")),
            ("KUBECONFIG", kubeconfig),
            ("TMPDIR", text(&self.temporary)),
            ("LANG", "C.UTF-8".to_owned()),
            ("TERM", "xterm".to_owned()),
            ("USER", user()),
            ("SHELL", "/bin/bash".to_owned()),
        ]
        .map(|(name, value)| (name.to_owned(), value))
        .to_vec()
    }
}

/// The name of the user that labbook runs as.
fn user() -> String {
    let found = nix::unistd::User::from_uid(nix::unistd::getuid());
    found
        .ok()
        .flatten()
        .map_or_else(|| "root".to_owned(), |user| user.name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_labs_own_programs_come_first() {
        let environment = Environment {
            programs: vec!["/lab/bin".into()],
            home: "/lab/home".into(),
            temporary: "/lab/tmp".into(),
            kubeconfig: Some("/lab/kubeconfig".into()),
        };
        let variables = environment.variables();
        let value = |name: &str| {
            variables.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
        };
        assert!(value("PATH").is_some_and(|path| path.starts_with("/lab/bin:/usr/local/sbin:")));
        assert_eq!(value("KUBECONFIG"), Some("/lab/kubeconfig"));
        assert_eq!(value("HOME"), Some("/lab/home"));
        assert_eq!(value("AWS_SECRET_ACCESS_KEY"), None);
    }
}
