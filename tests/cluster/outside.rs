//! Things of a test's own that no lab may reach: a process, a folder, a name in
//! `/etc`, and a disk.

use std::fs;
use std::os::unix::fs::symlink;
use std::os::unix::process::ExitStatusExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;

use super::disk::{Disk, MARKER};
use crate::support::visible_directory;

/// What a test owns outside of every sandbox; gone at its end.
pub(crate) struct Outside {
    folder: TempDir,
    process: Child,
    name: String,
    disk: Disk,
    node: PathBuf,
}

/// Something that a lab may try to do to it.
pub(crate) struct Attempt {
    /// A line of shell.
    pub(crate) script: String,
    /// What it prints where the lab is contained.
    pub(crate) contained: &'static str,
    /// What it prints where nothing holds it.
    loose: &'static str,
}

impl Outside {
    /// A process of a name that nothing else has, a folder with a file, and a
    /// disk with a node for it in that folder.
    pub(crate) fn new() -> Self {
        let folder = tempfile::Builder::new()
            .prefix("outside")
            .rand_bytes(8)
            .tempdir_in(visible_directory())
            .expect("the build's directory for tests is there");
        let path = folder.path();
        fs::create_dir(path.join("folder")).expect("the folder can be written");
        fs::write(path.join("folder/kept"), "kept\n").expect("the folder can be written");
        let disk = Disk::new();
        let node = disk.node_in(path);
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
        Self { folder, process, name, disk, node }
    }

    /// The name of the process, as `/proc/PID/comm` gives it.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// What a lab that sees the machine's `/` at `root` may try. Each was seen
    /// to succeed where nothing holds it.
    pub(crate) fn attempts(&self, root: &str) -> [Attempt; 5] {
        // Made anew: it is its own harm that they do.
        let mut loose = Self::new();
        for attempt in loose.untried("") {
            let done = Command::new("sh").args(["-c", &attempt.script]).output();
            let done = done.expect("a shell can be started");
            let printed = String::from_utf8_lossy(&done.stdout);
            assert_eq!(printed.trim_end(), attempt.loose, "outside of every sandbox\n{done:?}");
        }
        let end = loose.process.wait().expect("it is a child of this process");
        assert_eq!(end.signal(), Some(15), "it was found, and not ended");
        assert!(loose.file_in_etc().exists() && !loose.kept_folder().exists());
        self.untried(root)
    }

    fn untried(&self, root: &str) -> [Attempt; 5] {
        let (name, number) = (&self.name, self.disk.number());
        let file = format!("{root}{}", self.file_in_etc().display());
        let folder = format!("{root}{}", self.kept_folder().display());
        let node = format!("{root}{}", self.node.display());
        let refused = "Operation not permitted";
        let size = MARKER.len();
        let told = format!(r#"2>&1 | grep -o -e "{MARKER}" -e "{refused}""#);
        let attempt = |script: String, contained, loose| Attempt { script, contained, loose };
        [
            attempt(format!("echo written > {file} && cat {file}"), "written", "written"),
            attempt(
                format!("rm -r {folder} && [ ! -e {folder} ] && echo removed"),
                "removed",
                "removed",
            ),
            attempt(
                format!(
                    "place=$(mktemp -d) && \
                     {{ mknod $place/disk b {number} && head -c {size} $place/disk; }} {told}; \
                     rm -r $place"
                ),
                refused,
                MARKER,
            ),
            attempt(format!("head -c {size} {node} {told}"), refused, MARKER),
            attempt(
                format!(
                    "found=$(grep -lx {name} /proc/[0-9]*/comm 2>/dev/null); \
                     for file in $found; do kill $(echo $file | tr -dc 0-9); done; \
                     [ -z \"$found\" ] && echo none || echo one"
                ),
                "none",
                "one",
            ),
        ]
    }

    /// Holds that nothing of it was reached.
    #[track_caller]
    pub(crate) fn is_unharmed(&mut self) {
        let ended = self.process.try_wait().expect("it is a child of this process");
        assert_eq!(ended, None, "the process outside was ended");
        let kept = fs::read_to_string(self.kept_folder().join("kept"));
        assert_eq!(kept.ok().as_deref(), Some("kept\n"), "the folder outside was changed");
        assert!(!self.file_in_etc().exists(), "{} was written", self.file_in_etc().display());
    }

    fn kept_folder(&self) -> PathBuf {
        self.folder.path().join("folder")
    }

    /// A file of this name in `/etc`, which is not there.
    fn file_in_etc(&self) -> PathBuf {
        Path::new("/etc").join(&self.name)
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
