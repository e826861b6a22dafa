//! Things of a test's own that no lab may reach: a process, a folder, a name in
//! `/etc`, and the machine's disk.

use std::fs;
use std::io::Read as _;
use std::os::unix::fs::{FileTypeExt as _, MetadataExt as _, symlink};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;

/// What a test owns outside of every sandbox; gone at its end.
pub(crate) struct Outside {
    folder: TempDir,
    process: Child,
    name: String,
}

impl Outside {
    /// A process of a name that nothing else has, and a folder with a file.
    pub(crate) fn new() -> Self {
        let folder = tempfile::Builder::new()
            .prefix("outside")
            .rand_bytes(8)
            .tempdir_in(env!("CARGO_TARGET_TMPDIR"))
            .expect("the build's directory for tests is there");
        let path = folder.path();
        fs::write(path.join("kept"), "kept\n").expect("the folder can be written");
        // The kernel names a process for the file it was started from, and cuts
        // the name after 15 bytes.
        let name = path.file_name().expect("it has a name").to_string_lossy().into_owned();
        let program = path.join(&name);
        symlink("/bin/sh", &program).expect("the folder can be written");
        // It ends with its input, so it cannot outlive the test.
        let process = Command::new(program)
            .args(["-c", "read line"])
            .stdin(Stdio::piped())
            .spawn()
            .expect("a shell can be started");
        Self { folder, process, name }
    }

    /// The name of the process, as `/proc/PID/comm` gives it.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// A folder that holds the file `kept`.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// A file of this name in `/etc`, which is not there.
    pub(crate) fn file_in_etc(&self) -> PathBuf {
        Path::new("/etc").join(&self.name)
    }

    /// Holds that nothing of it was reached.
    #[track_caller]
    pub(crate) fn is_unharmed(&mut self) {
        let ended = self.process.try_wait().expect("it is a child of this process");
        assert_eq!(ended, None, "the process outside was ended");
        let kept = fs::read_to_string(self.folder.path().join("kept"));
        assert_eq!(kept.ok().as_deref(), Some("kept\n"), "the folder outside was changed");
        assert!(!self.file_in_etc().exists(), "{} was written", self.file_in_etc().display());
    }
}

impl Drop for Outside {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
        // Where a lab did reach it, the machine is as before all the same.
        let _ = fs::remove_file(self.file_in_etc());
    }
}

/// A disk of this machine that this process can read, as `MAJOR MINOR`.
pub(crate) fn disk() -> String {
    let devices = fs::read_dir("/dev").expect("the machine has a /dev");
    let readable = |path: &Path| {
        let opened = fs::File::open(path);
        opened.is_ok_and(|mut disk| disk.read_exact(&mut [0; 512]).is_ok())
    };
    let device = devices
        .flatten()
        .filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_block_device()))
        .find(|entry| readable(&entry.path()))
        .expect("a test of what reaches the disk needs a disk that root can read");
    let number = device.metadata().expect("it is there").rdev();
    let (major, minor) = (nix::sys::stat::major(number), nix::sys::stat::minor(number));
    format!("{major} {minor}")
}

/// Shell commands that end every process named `name`, and tell whether there
/// was one.
pub(crate) fn hunt(name: &str) -> String {
    format!(
        "found=$(grep -lx {name} /proc/[0-9]*/comm 2>/dev/null); \
         for file in $found; do kill $(echo $file | tr -dc 0-9); done; \
         echo found: ${{found:-nothing}}"
    )
}
