//! A disk of a test's own: what is done to it does no harm.

use std::fs::{self, File};
use std::io::Write as _;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use nix::sys::stat::{Mode, SFlag, major, minor, mknod};
use tempfile::NamedTempFile;

use crate::support::visible_directory;

/// What is written at the start of the disk.
pub(crate) const MARKER: &str = "on a disk of a test's own";

/// The smallest size that the kernel makes a disk of without cutting it.
const SIZE: u64 = 64 * 1024;

/// A loop device over a file with [`MARKER`] in it.
pub(crate) struct Disk {
    _file: NamedTempFile,
    // The kernel lets go of the file with the last who has the device open:
    // nothing is left of it, also where this process is killed.
    _opened: File,
    number: u64,
}

impl Disk {
    pub(crate) fn new() -> Self {
        let mut file = NamedTempFile::new_in(visible_directory())
            .expect("the build's directory for tests is there");
        file.write_all(MARKER.as_bytes()).expect("the file can be written");
        file.as_file().set_len(SIZE).expect("the file can grow");
        let device = losetup(&["--find", "--show", "--read-only", &file.path().to_string_lossy()]);
        let opened = File::open(&device).expect("root can open a disk of its own");
        losetup(&["--detach", &device]);
        let number = fs::metadata(&device).expect("it is open").rdev();
        Self { _file: file, _opened: opened, number }
    }

    /// Its number, as `mknod` takes it.
    pub(crate) fn number(&self) -> String {
        format!("{} {}", major(self.number), minor(self.number))
    }

    /// Makes a node for it in a folder, and returns that.
    pub(crate) fn node_in(&self, folder: &Path) -> PathBuf {
        let node = folder.join("disk");
        mknod(&node, SFlag::S_IFBLK, Mode::S_IRUSR, self.number).expect("root can make nodes");
        node
    }
}

/// Runs `losetup`, and returns what it prints.
#[track_caller]
fn losetup(arguments: &[&str]) -> String {
    let done = Command::new("losetup").args(arguments).output().expect("losetup is installed");
    let words = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success(), "losetup {arguments:?}: {words}");
    String::from_utf8_lossy(&done.stdout).trim().to_owned()
}
