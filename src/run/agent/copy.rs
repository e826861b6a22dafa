//! A copy of a workbook, for a lab that is held by no sandbox: what it writes is
//! gone with the copy.

use std::fs;
use std::io;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Component, Path};

/// What is copied at most: a page in a folder of anything else is rather to say so
/// than to fill the disk.
const MOST_BYTES: u64 = 256 * 1024 * 1024;
const MOST_FILES: u32 = 20_000;

/// What no lab reads: what labbook wrote, and the history.
const LEFT_OUT: [&str; 2] = ["labbook-out", ".git"];
/// A directory with this file holds what programs can make again, such as a build
/// (<https://bford.info/cachedir/>).
const CACHE: &str = "CACHEDIR.TAG";

/// Copies the directory `from` to `to`, which is not there yet: files, links and
/// modes. What cannot be read is left out: the lab could not read it either.
///
/// # Errors
/// It holds too much, or the copy cannot be written.
pub(super) fn tree(from: &Path, to: &Path) -> io::Result<()> {
    Copy { bytes: MOST_BYTES, files: MOST_FILES, depth: 0 }.directory(from, to).map_err(|error| {
        io::Error::new(error.kind(), format!("copy {} for the lab: {error}", from.display()))
    })
}

/// What may yet be copied.
struct Copy {
    bytes: u64,
    files: u32,
    /// How deep the directory is that is being copied.
    depth: usize,
}

/// Whether a link in a directory of this depth leads to a place in what is copied.
fn stays_inside(link: &Path, depth: usize) -> bool {
    let Ok(target) = fs::read_link(link) else { return false };
    let mut depth = Some(depth);
    for part in target.components() {
        depth = match part {
            Component::Normal(_) => depth.map(|depth| depth + 1),
            Component::CurDir => depth,
            Component::ParentDir => depth.and_then(|depth| depth.checked_sub(1)),
            Component::RootDir | Component::Prefix(_) => None,
        };
    }
    depth.is_some()
}

impl Copy {
    fn directory(&mut self, from: &Path, to: &Path) -> io::Result<()> {
        fs::create_dir(to)?;
        let Ok(entries) = fs::read_dir(from) else {
            return Ok(());
        };
        for entry in entries.flatten() {
            let (from, to) = (entry.path(), to.join(entry.file_name()));
            let Ok(metadata) = entry.metadata() else { continue };
            let length = if metadata.is_file() { metadata.len() } else { 0 };
            let name = entry.file_name();
            let is_left_out =
                LEFT_OUT.iter().any(|left| name == *left) || from.join(CACHE).is_file();
            if metadata.is_dir() && is_left_out {
                continue;
            }
            self.count(length)?;
            if metadata.is_symlink() {
                // One that leads out of the copy would lead to what is not the lab's.
                if stays_inside(&from, self.depth) {
                    symlink(fs::read_link(&from)?, &to)?;
                }
            } else if metadata.is_dir() {
                self.depth += 1;
                self.directory(&from, &to)?;
                self.depth -= 1;
                // Whoever copies it is to remove it, too.
                let mode = metadata.permissions().mode() | 0o700;
                fs::set_permissions(&to, fs::Permissions::from_mode(mode))?;
            } else if metadata.is_file() {
                match fs::copy(&from, &to) {
                    Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {}
                    copied => drop(copied?),
                }
            }
        }
        Ok(())
    }

    fn count(&mut self, length: u64) -> io::Result<()> {
        let (bytes, files) = (self.bytes.checked_sub(length), self.files.checked_sub(1));
        let (Some(bytes), Some(files)) = (bytes, files) else {
            return Err(io::Error::other(format!(
                "it holds more than {} MiB or {MOST_FILES} files: give the page a folder of its \
                 own with a labbook.toml, or have it run where it is with --in-place",
                MOST_BYTES / 1024 / 1024
            )));
        };
        (self.bytes, self.files) = (bytes, files);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_has_what_a_lab_reads() {
        let directory = tempfile::tempdir().expect("a temporary directory");
        let from = directory.path().join("book");
        for path in ["labs/a/lab.md", "labbook-out/x", ".git/x", "target/CACHEDIR.TAG", "target/x"]
        {
            let path = from.join(path);
            fs::create_dir_all(path.parent().expect("it has one")).expect("the directory");
            fs::write(path, "text").expect("the file");
        }
        let script = from.join("run.sh");
        fs::write(&script, "").expect("the file");
        fs::set_permissions(&script, fs::Permissions::from_mode(0o750)).expect("the mode");
        symlink("labs/a", from.join("first")).expect("the link");
        let to = directory.path().join("copy");
        tree(&from, &to).expect("it is copied");
        let mut names: Vec<_> = fs::read_dir(&to)
            .expect("it is there")
            .flatten()
            .map(|entry| entry.file_name().into_string().expect("text"))
            .collect();
        names.sort();
        assert_eq!(names, ["first", "labs", "run.sh"]);
        assert_eq!(fs::read(to.join("first/lab.md")).expect("the page"), b"text");
        let mode = fs::metadata(to.join("run.sh")).expect("it is there").permissions().mode();
        assert_eq!(mode & 0o777, 0o750);
    }

    #[test]
    fn what_is_too_much_is_said() {
        let directory = tempfile::tempdir().expect("a temporary directory");
        fs::create_dir(directory.path().join("book")).expect("the directory");
        let file = fs::File::create(directory.path().join("book/disk.img")).expect("the file");
        // It takes no room on the disk.
        file.set_len(MOST_BYTES + 1).expect("a sparse file");
        let error = tree(&directory.path().join("book"), &directory.path().join("copy"));
        let message = error.expect_err("it is too much").to_string();
        assert!(message.contains("more than 256 MiB or 20000 files"), "{message}");
        assert!(!directory.path().join("copy/disk.img").exists());
    }
}
