//! The directory that keeps the embedded clusters of this user, and what a
//! killed labbook left in it.
//!
//! ```text
//! STATE/clusters/NAME/{lock,state.json,data,scratch,tmp}
//! STATE/lock                       held while a cluster is claimed or removed
//! ```
//!
//! A cluster lives as long as its owner holds `lock`: the system lets go of it
//! when the owner is gone, however that came about.

use std::fs::{self, File, TryLockError};
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use etcetera::{AppStrategy as _, AppStrategyArgs};
use serde::{Deserialize, Serialize};

use super::layout::Home;
use super::{EmbeddedError, network};
use crate::sandbox;

/// What the owner of a cluster says of it, for other processes.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct State {
    /// The name of its cgroups.
    pub(super) cgroup: String,
    /// The name of the host's end of its link.
    pub(super) link: String,
    /// The process that holds the lock.
    pub(super) owner: u32,
    /// The first process inside, once it runs.
    pub(super) first_process: Option<u32>,
    /// The node's address.
    pub(super) address: std::net::Ipv4Addr,
    /// Where names are resolved in its network.
    pub(super) name_server: std::net::Ipv4Addr,
    /// When it was claimed.
    pub(super) started: jiff::Timestamp,
    /// What died in it since, with the end of its log.
    pub(super) trouble: Option<String>,
    /// Whether it became ready.
    pub(super) ready: bool,
    /// Whether a keeper owns it, and not the run of a lab.
    pub(super) kept: bool,
}

impl State {
    pub(super) fn write(&self, home: &Home) -> Result<(), EmbeddedError> {
        let path = home.state();
        let failed = |error| EmbeddedError::io("write", &path, error);
        let text = serde_json::to_vec(self).map_err(|error| failed(error.into()))?;
        // Renamed into place: nobody reads half a state.
        let fresh = path.with_extension("new");
        fs::write(&fresh, text).and_then(|()| fs::rename(&fresh, &path)).map_err(failed)
    }

    pub(super) fn read(home: &Home) -> Option<Self> {
        serde_json::from_slice(&fs::read(home.state()).ok()?).ok()
    }
}

/// Where clusters are kept: the directory that `LABBOOK_STATE` names, or the
/// user's state directory.
///
/// # Errors
/// The user has no home directory.
pub fn directory() -> Result<PathBuf, EmbeddedError> {
    if let Some(root) = std::env::var_os("LABBOOK_STATE").filter(|root| !root.is_empty()) {
        return Ok(root.into());
    }
    let names = AppStrategyArgs {
        top_level_domain: String::new(),
        author: String::new(),
        app_name: "labbook".to_owned(),
    };
    etcetera::app_strategy::Xdg::new(names)
        .ok()
        .and_then(|directories| directories.state_dir())
        .ok_or(EmbeddedError::NoHome)
}

/// The state directory of this user.
#[derive(Debug, Clone)]
pub(super) struct Machine {
    root: PathBuf,
}

/// A cluster's directory that this process owns.
#[derive(Debug)]
pub(super) struct Claim {
    pub(super) home: Home,
    _lock: File,
}

impl Machine {
    /// Opens [`directory`], which is made if it is not there.
    pub(super) fn open() -> Result<Self, EmbeddedError> {
        let root = directory()?;
        // Nobody else may look into it: pods may leave files of any mode there.
        fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(root.join("clusters"))
            .map_err(|error| EmbeddedError::io("make", &root, error))?;
        Ok(Self { root })
    }

    fn clusters(&self) -> PathBuf {
        self.root.join("clusters")
    }

    pub(super) fn home(&self, name: &str) -> Home {
        Home(self.clusters().join(name))
    }

    /// The names of all clusters that have a directory.
    pub(super) fn names(&self) -> Vec<String> {
        let Ok(entries) = fs::read_dir(self.clusters()) else { return Vec::new() };
        let mut names: Vec<String> = entries
            .flatten()
            .map(|entry| entry.file_name().to_string_lossy().into_owned())
            .filter(|name| check_name(name).is_ok())
            .collect();
        names.sort();
        names
    }

    /// Whether the owner of a cluster lives.
    pub(super) fn is_owned(home: &Home) -> bool {
        File::open(home.lock())
            .is_ok_and(|lock| matches!(lock.try_lock(), Err(TryLockError::WouldBlock)))
    }

    /// Makes this process the owner of a new cluster called `name`.
    pub(super) fn claim(&self, name: &str) -> Result<Claim, EmbeddedError> {
        check_name(name)?;
        let _turn = self.turn()?;
        let home = self.home(name);
        if home.0.exists() {
            if Self::is_owned(&home) {
                return Err(EmbeddedError::Taken { name: name.to_owned() });
            }
            clean(&home)?;
        }
        let failed = |error| EmbeddedError::io("make", &home.0, error);
        fs::create_dir_all(&home.0).map_err(failed)?;
        let lock = File::create(home.lock()).map_err(failed)?;
        // Nobody owns what was just made; whoever looks lets go at once.
        lock.lock().map_err(failed)?;
        Ok(Claim { home, _lock: lock })
    }

    /// Removes what owners that are gone left behind, and returns its names.
    pub(super) fn sweep(&self) -> Result<Vec<String>, EmbeddedError> {
        let _turn = self.turn()?;
        let mut swept = Vec::new();
        for name in self.names() {
            let home = self.home(&name);
            if !Self::is_owned(&home) {
                clean(&home)?;
                swept.push(name);
            }
        }
        for removed in fs::read_dir(self.clusters()).into_iter().flatten().flatten() {
            if removed.file_name().to_string_lossy().starts_with(REMOVED) {
                remove_directory(&removed.path())?;
            }
        }
        Ok(swept)
    }

    /// Waits for a turn: one process at a time claims or removes.
    fn turn(&self) -> Result<File, EmbeddedError> {
        let path = self.root.join("lock");
        let failed = |error| EmbeddedError::io("lock", &path, error);
        let file = File::create(&path).map_err(failed)?;
        file.lock().map_err(failed)?;
        Ok(file)
    }
}

/// Names are directories, contexts and host names at once.
pub(super) fn check_name(name: &str) -> Result<(), EmbeddedError> {
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let good = (1..=40).contains(&name.len())
        && name.chars().all(fits)
        && !name.starts_with('-')
        && !name.ends_with('-');
    if good { Ok(()) } else { Err(EmbeddedError::Name { name: name.to_owned() }) }
}

/// How long processes that were killed may take to be gone.
const PATIENCE: Duration = Duration::from_secs(10);

/// Removes everything of a cluster whose first process was ended, or whose
/// owner is gone. Does nothing twice.
pub(super) fn clean(home: &Home) -> Result<(), EmbeddedError> {
    if let Some(state) = State::read(home) {
        sandbox::remove_cgroup(&state.cgroup, PATIENCE);
        network::remove_link(&state.link);
    }
    // Taken away whole: what is left of it cannot be seen as a cluster, and the
    // name is free for the next.
    let removed = home.0.with_file_name(format!("{REMOVED}{}", sandbox::unique_id()));
    match fs::rename(&home.0, &removed) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(EmbeddedError::io("remove", &home.0, error)),
        Ok(()) => remove_directory(&removed),
    }
}

/// Begins the name of a cluster's directory that is being removed. No cluster
/// can be called so.
const REMOVED: &str = ".removed-";

fn remove_directory(path: &Path) -> Result<(), EmbeddedError> {
    match fs::remove_dir_all(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(EmbeddedError::io("remove", path, error))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_taken_until_its_owner_lets_go() {
        let root = tempfile::tempdir().unwrap();
        let machine = Machine { root: root.path().to_owned() };
        let claim = machine.claim("one").unwrap();
        let again = machine.claim("one");
        assert!(matches!(again, Err(EmbeddedError::Taken { .. })), "{again:?}");
        assert!(machine.sweep().unwrap().is_empty());
        drop(claim);
        assert_eq!(machine.sweep().unwrap(), ["one"]);
        assert!(machine.names().is_empty());
    }

    #[test]
    fn names_that_are_no_host_names_are_refused() {
        let root = tempfile::tempdir().unwrap();
        let machine = Machine { root: root.path().to_owned() };
        for name in ["", "..", "A", "a/b", "-a", "a-", &"a".repeat(41)] {
            assert!(matches!(machine.claim(name), Err(EmbeddedError::Name { .. })), "{name}");
        }
    }
}
