//! A containerd root that starts from a prepared store.
//!
//! containerd's databases are copied, since it writes to them. Blobs and
//! snapshots, which it only reads, are symbolic links to the store: however
//! large the images, this takes milliseconds and no disk. What containerd
//! removes is the link.

use std::fs;
use std::os::unix::fs::{DirBuilderExt as _, symlink};
use std::path::{Path, PathBuf};

use crate::cluster::assets::AssetsError;

const DATABASES: [&str; 2] = [
    "io.containerd.metadata.v1.bolt/meta.db",
    "io.containerd.snapshotter.v1.overlayfs/metadata.db",
];
const CONTENTS: [&str; 2] = [
    "io.containerd.content.v1.content/blobs/sha256",
    "io.containerd.snapshotter.v1.overlayfs/snapshots",
];

/// The containerd root of a store.
pub(super) fn containerd_root(store: &Path) -> PathBuf {
    store.join("containerd")
}

/// Lays out a new containerd root over a store.
///
/// `store` is read now; `store_seen_at` is where the store is when containerd
/// runs, which may be in another mount namespace.
pub fn link_into(store: &Path, store_seen_at: &Path, root: &Path) -> Result<(), AssetsError> {
    let prepared = containerd_root(store);
    let seen = containerd_root(store_seen_at);
    for database in DATABASES {
        let (from, to) = (prepared.join(database), root.join(database));
        make_private(to.parent().unwrap_or(root))?;
        fs::copy(&from, &to).map_err(|error| AssetsError::io("copy", &from, error))?;
    }
    for contents in CONTENTS {
        let (from, to) = (prepared.join(contents), root.join(contents));
        make_private(&to)?;
        let failed = |error| AssetsError::io("read", &from, error);
        for entry in fs::read_dir(&from).map_err(failed)? {
            let name = entry.map_err(failed)?.file_name();
            let link = to.join(&name);
            symlink(seen.join(contents).join(&name), &link)
                .map_err(|error| AssetsError::io("link", &link, error))?;
        }
    }
    Ok(())
}

fn make_private(directory: &Path) -> Result<(), AssetsError> {
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o711)
        .create(directory)
        .map_err(|error| AssetsError::io("make", directory, error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn databases_are_copied_and_the_rest_is_linked() {
        let directory = tempfile::tempdir().expect("a directory");
        let (store, root) = (directory.path().join("store"), directory.path().join("root"));
        let prepared = containerd_root(&store);
        for database in DATABASES {
            let path = prepared.join(database);
            fs::create_dir_all(path.parent().expect("it has one")).expect("it is made");
            fs::write(path, "db").expect("it is written");
        }
        for contents in CONTENTS {
            fs::create_dir_all(prepared.join(contents).join("1")).expect("it is made");
        }
        link_into(&store, Path::new("/seen"), &root).expect("it is laid out");
        for database in DATABASES {
            assert_eq!(fs::read_to_string(root.join(database)).expect("it is there"), "db");
        }
        for contents in CONTENTS {
            let target = fs::read_link(root.join(contents).join("1")).expect("it is a link");
            assert_eq!(target, Path::new("/seen/containerd").join(contents).join("1"));
        }
    }

    #[test]
    fn a_store_that_is_not_whole_is_an_error() {
        let directory = tempfile::tempdir().expect("a directory");
        let error = link_into(directory.path(), Path::new("/seen"), &directory.path().join("root"))
            .expect_err("there are no databases");
        assert!(error.to_string().starts_with("copy "), "{error}");
    }
}
