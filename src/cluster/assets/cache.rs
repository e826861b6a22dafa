//! The cache: things that take long to make, each made once, whole or not at
//! all, by one process at a time.
//!
//! ```text
//! ROOT/programs/KEY/   ROOT/images/KEY.tar   ROOT/stores/KEY/    complete
//! ROOT/tmp/KIND-KEY/   in the making; a leftover once nobody holds its lock
//! ROOT/locks/KIND-KEY  held alone by the maker, shared by the users
//! ```
//!
//! What is made stays as it is. The same made again, for what changed outside
//! (packages, a registry), is the next generation: KEY, then KEY-2, KEY-3, ….

use std::ffi::OsString;
use std::fs::{self, File, TryLockError};
use std::io;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::AssetsError;

/// What the cache holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// The programs of the cluster: a directory.
    Programs,
    /// An image's archive: a file.
    Images,
    /// A prepared containerd root: a directory.
    Stores,
}

impl Kind {
    const ALL: [Self; 3] = [Self::Programs, Self::Images, Self::Stores];

    fn folder(self) -> &'static str {
        match self {
            Self::Programs => "programs",
            Self::Images => "images",
            Self::Stores => "stores",
        }
    }

    /// How many are kept that nobody uses.
    fn kept(self) -> usize {
        match self {
            Self::Programs => 2,
            Self::Images => 24,
            Self::Stores => 4,
        }
    }
}

/// A directory of things that can be made again.
#[derive(Debug, Clone)]
pub struct Cache {
    root: PathBuf,
}

/// Keeps something in the cache from being removed, for as long as it lives.
/// It ends with the process: one that hands a cluster to another process has
/// that process hold for itself, with [`hold`].
#[derive(Debug)]
pub struct Hold {
    _lock: File,
}

impl Cache {
    /// Opens the cache in `root`, and removes what killed processes left in it.
    pub fn open(root: impl Into<PathBuf>) -> Result<Self, AssetsError> {
        let cache = Self { root: root.into() };
        for folder in ["tmp", "locks"].into_iter().chain(Kind::ALL.map(Kind::folder)) {
            let path = cache.root.join(folder);
            fs::create_dir_all(&path).map_err(|error| AssetsError::cache(&path, error))?;
        }
        cache.remove_leftovers();
        Ok(cache)
    }

    /// The directory of the cache where nothing else is said: `labbook` in the
    /// user's cache directory.
    ///
    /// `overridden` is the value of `LABBOOK_CACHE`.
    pub fn default_root(overridden: Option<OsString>) -> Result<PathBuf, AssetsError> {
        use etcetera::BaseStrategy as _;
        if let Some(root) = overridden.filter(|root| !root.is_empty()) {
            return std::path::absolute(&root)
                .map_err(|error| AssetsError::io("find", Path::new(&root), error));
        }
        match etcetera::choose_base_strategy() {
            Ok(directories) => Ok(directories.cache_dir().join("labbook")),
            Err(error) => Err(AssetsError::NoCacheDirectory(error.to_string())),
        }
    }

    /// The directory of the cache.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// What is made already under keys that begin with `prefix`, newest first.
    pub(super) fn keys(&self, kind: Kind, prefix: &str) -> Vec<String> {
        let mut found: Vec<(SystemTime, String)> = entries(&self.root.join(kind.folder()))
            .filter_map(|(name, path)| {
                name.starts_with(prefix)
                    .then(|| Some((fs::metadata(path).ok()?.modified().ok()?, name)))?
            })
            .collect();
        found.sort_unstable_by(|left, right| right.cmp(left));
        found.into_iter().map(|(_, name)| name).collect()
    }

    /// The generations of `key` that there are, newest first.
    pub(super) fn generations(&self, kind: Kind, key: &str) -> Vec<u32> {
        let mut found: Vec<u32> = entries(&self.root.join(kind.folder()))
            .filter_map(|(name, _)| match name.strip_prefix(key)? {
                "" => Some(1),
                rest => rest.strip_prefix('-')?.parse().ok(),
            })
            .collect();
        found.sort_unstable_by(|left, right| right.cmp(left));
        found
    }

    /// What is under `key`, where it is there.
    pub(super) fn get(&self, kind: Kind, key: &str) -> Option<(PathBuf, Hold)> {
        let entry = self.entry(kind, key);
        if !entry.exists() {
            return None;
        }
        let hold = hold(&entry).ok()?;
        touch(&entry);
        Some((entry, hold))
    }

    /// Removes all generations of `key` but one, as far as nobody uses them.
    pub(super) fn keep_only(&self, kind: Kind, key: &str, generation: u32) {
        for other in self.generations(kind, key) {
            if other != generation {
                self.discard(kind, &generation_key(key, other));
            }
        }
    }

    /// Calls `work` with a directory for temporary files. Others who do the
    /// same work wait.
    pub(super) fn with_scratch<T>(
        &self,
        name: &str,
        work: impl FnOnce(&Scratch) -> Result<T, AssetsError>,
    ) -> Result<T, AssetsError> {
        let lock_path = self.root.join("locks").join(name);
        let failed = |error| AssetsError::io("lock", &lock_path, error);
        let lock = open_lock(&lock_path).map_err(failed)?;
        lock.lock().map_err(failed)?;
        work(&Scratch::new(&self.root, name)?)
    }

    /// What is under `key`, made by `make` where it is not there yet.
    ///
    /// `make` is given a path in a directory of its own for temporary files,
    /// and leaves there what becomes the entry. `waiting` is called once where
    /// another process is making the same.
    pub(super) fn get_or_make(
        &self,
        kind: Kind,
        key: &str,
        waiting: impl FnOnce(),
        make: impl FnOnce(&Scratch) -> Result<(), AssetsError>,
    ) -> Result<(PathBuf, Hold), AssetsError> {
        let entry = self.entry(kind, key);
        let lock_path = self.lock_path(kind, key);
        let failed = |error| AssetsError::io("lock", &lock_path, error);
        let mut make = Some(make);
        let mut waiting = Some(waiting);
        loop {
            let shared = open_lock(&lock_path).map_err(failed)?;
            wait_for(&shared, true, &mut waiting).map_err(failed)?;
            if entry.exists() && is_still(&lock_path, &shared) {
                touch(&entry);
                self.remove_unused(kind);
                return Ok((entry, Hold { _lock: shared }));
            }
            drop(shared);
            let alone = open_lock(&lock_path).map_err(failed)?;
            wait_for(&alone, false, &mut waiting).map_err(failed)?;
            if entry.exists() || !is_still(&lock_path, &alone) {
                continue;
            }
            let Some(make) = make.take() else {
                return Err(AssetsError::Vanished(entry));
            };
            let scratch = Scratch::new(&self.root, &format!("{}-{key}", kind.folder()))?;
            make(&scratch)?;
            fs::rename(scratch.product(), &entry)
                .map_err(|error| AssetsError::io("finish", &entry, error))?;
        }
    }

    fn entry(&self, kind: Kind, key: &str) -> PathBuf {
        self.root.join(kind.folder()).join(key)
    }

    fn lock_path(&self, kind: Kind, key: &str) -> PathBuf {
        self.root.join("locks").join(format!("{}-{key}", kind.folder()))
    }

    /// Removes what is in the making by nobody. What cannot be removed now is
    /// tried again by the next start.
    fn remove_leftovers(&self) {
        for (name, path) in entries(&self.root.join("tmp")) {
            let lock_path = self.root.join("locks").join(&name);
            if let Ok(lock) = open_lock(&lock_path)
                && lock.try_lock().is_ok()
                && is_still(&lock_path, &lock)
            {
                let _ = fs::remove_dir_all(path);
            }
        }
    }

    /// Removes the oldest entries that nobody uses.
    fn remove_unused(&self, kind: Kind) {
        for key in self.keys(kind, "").into_iter().skip(kind.kept()) {
            self.discard(kind, &key);
        }
    }

    /// Removes an entry where nobody uses it.
    fn discard(&self, kind: Kind, key: &str) {
        let lock_path = self.lock_path(kind, key);
        let Ok(lock) = open_lock(&lock_path) else { return };
        if lock.try_lock().is_ok() && is_still(&lock_path, &lock) {
            let entry = self.entry(kind, key);
            let _ =
                if entry.is_dir() { fs::remove_dir_all(&entry) } else { fs::remove_file(&entry) };
            let _ = fs::remove_file(&lock_path);
        }
    }
}

/// The key under which a generation of `key` is kept.
pub(super) fn generation_key(key: &str, generation: u32) -> String {
    if generation == 1 { key.to_owned() } else { format!("{key}-{generation}") }
}

/// Keeps an entry of a cache, by its path, from being removed.
pub fn hold(entry: &Path) -> Result<Hold, AssetsError> {
    let lock_path = || {
        let (folder, key) = (entry.parent()?, entry.file_name()?.to_str()?);
        let kind = folder.file_name()?.to_str()?;
        Some(folder.parent()?.join("locks").join(format!("{kind}-{key}")))
    };
    let lock_path = lock_path().ok_or_else(|| AssetsError::Vanished(entry.to_owned()))?;
    let lock = open_lock(&lock_path).map_err(|error| AssetsError::io("lock", &lock_path, error))?;
    lock.lock_shared().map_err(|error| AssetsError::io("lock", &lock_path, error))?;
    if entry.exists() && is_still(&lock_path, &lock) {
        Ok(Hold { _lock: lock })
    } else {
        Err(AssetsError::Vanished(entry.to_owned()))
    }
}

/// A directory for one thing in the making; removed with all that is in it.
#[derive(Debug)]
pub(super) struct Scratch {
    directory: PathBuf,
}

impl Scratch {
    fn new(root: &Path, name: &str) -> Result<Self, AssetsError> {
        let directory = root.join("tmp").join(name);
        let failed = |error| AssetsError::io("make", &directory, error);
        match fs::remove_dir_all(&directory) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(failed(error)),
            _ => {}
        }
        fs::create_dir(&directory).map_err(failed)?;
        Ok(Self { directory })
    }

    /// A path in the directory.
    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.directory.join(name)
    }

    /// Where what is made must be in the end.
    pub(super) fn product(&self) -> PathBuf {
        self.path("product")
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.directory);
    }
}

fn entries(folder: &Path) -> impl Iterator<Item = (String, PathBuf)> {
    fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| Some((entry.file_name().into_string().ok()?, entry.path())))
}

fn open_lock(path: &Path) -> io::Result<File> {
    File::options().create(true).truncate(false).read(true).write(true).open(path)
}

/// Whether the lock is on the file that others will open: it is removed with
/// the entry that it guards.
fn is_still(path: &Path, lock: &File) -> bool {
    let of = |metadata: fs::Metadata| (metadata.dev(), metadata.ino());
    match (fs::metadata(path), lock.metadata()) {
        (Ok(there), Ok(held)) => of(there) == of(held),
        _ => false,
    }
}

/// Locks; where that must wait, says so first.
fn wait_for(lock: &File, shared: bool, waiting: &mut Option<impl FnOnce()>) -> io::Result<()> {
    let tried = if shared { lock.try_lock_shared() } else { lock.try_lock() };
    match tried {
        Ok(()) => Ok(()),
        Err(TryLockError::Error(error)) => Err(error),
        Err(TryLockError::WouldBlock) => {
            if let Some(waiting) = waiting.take() {
                waiting();
            }
            if shared { lock.lock_shared() } else { lock.lock() }
        }
    }
}

/// Marks an entry as used now; its time only orders what is removed first.
fn touch(entry: &Path) {
    let _ = File::open(entry).and_then(|file| file.set_modified(SystemTime::now()));
}

#[cfg(test)]
#[path = "cache_tests.rs"]
mod tests;
