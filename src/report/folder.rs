//! Where a run's files go: `labbook-out/RUN/`, a folder of its own.

use std::ffi::OsString;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Component, Path, PathBuf};

use jiff::Timestamp;

/// The name of the folder of all runs.
const OUT: &str = "labbook-out";

/// The folder of one run, which is made for the first report: a run that could
/// not start leaves none. Below it, the files of a page stand where the page
/// stands in its workbook: `labs/a/lab.md` (the report), `labs/a/lab.record.jsonl`
/// and `labs/a/lab.summary.md`.
#[derive(Debug)]
pub struct Folder {
    /// The folder of all runs.
    out: PathBuf,
    /// When the run began, in the form of its name.
    stamp: String,
    path: Option<PathBuf>,
}

/// Why files of a run could not be written.
#[derive(Debug, thiserror::Error)]
#[error("cannot {action} {}: {source}{}", path.display(), self.advice())]
pub struct FolderError {
    action: &'static str,
    path: PathBuf,
    source: io::Error,
}

impl FolderError {
    fn new(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_path_buf();
        move |source| Self { action, path, source }
    }

    /// What can be done about a directory that cannot be written.
    fn advice(&self) -> &'static str {
        let denied = matches!(
            self.source.kind(),
            io::ErrorKind::ReadOnlyFilesystem | io::ErrorKind::PermissionDenied
        );
        match self.action {
            "make" if denied => {
                "; run labbook from a directory that can be written, which need not be the page's"
            }
            _ => "",
        }
    }
}

impl Folder {
    /// The folder of a run that begins `now`, under `labbook-out` in `parent`.
    pub fn new(parent: &Path, now: Timestamp) -> Self {
        let stamp = now.strftime("%Y%m%dT%H%M%SZ").to_string();
        Self { out: parent.join(OUT), stamp, path: None }
    }

    /// The report of a page, its path given from the workbook's root. The
    /// folder that holds it is made; where another workbook's page of the same
    /// path is there, this one goes beside it.
    pub fn report(&mut self, page: &str) -> Result<PathBuf, FolderError> {
        let path = self.made()?;
        let inside: PathBuf = Path::new(page)
            .components()
            .filter(|part| matches!(part, Component::Normal(_)))
            .collect();
        let mut report = path.join(&inside);
        let mut number = 2;
        while published_record(&report).exists() || report.exists() {
            report = path.join(format!("workbook-{number}")).join(&inside);
            number += 1;
        }
        let parent = report.parent().unwrap_or(path);
        fs::create_dir_all(parent).map_err(FolderError::new("make", parent))?;
        Ok(report)
    }

    /// The folder itself, which no other run has, and to which
    /// `labbook-out/latest` points.
    fn made(&mut self) -> Result<&Path, FolderError> {
        let path = match self.path.take() {
            Some(path) => path,
            None => make(&self.out, &self.stamp)?,
        };
        Ok(self.path.insert(path))
    }
}

fn make(out: &Path, stamp: &str) -> Result<PathBuf, FolderError> {
    fs::create_dir_all(out).map_err(FolderError::new("make", out))?;
    let mut number = 1;
    let (name, path) = loop {
        let name = if number == 1 { stamp.to_owned() } else { format!("{stamp}-{number}") };
        let path = out.join(&name);
        match fs::create_dir(&path) {
            Ok(()) => break (name, path),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => number += 1,
            Err(error) => return Err(FolderError::new("make", &path)(error)),
        }
    };
    point_latest(out, &name).map_err(FolderError::new("make", &out.join("latest")))?;
    Ok(path)
}

/// The record that belongs beside a page: `lab.record.jsonl` for `lab.md`.
pub fn published_record(page: &Path) -> PathBuf {
    page.with_extension("record.jsonl")
}

/// Replaces a file with `bytes` so that a reader sees the old or the new, never
/// a part: written beside it, with its permissions, then renamed.
pub fn write_atomically(path: &Path, bytes: &[u8]) -> Result<(), FolderError> {
    let failed = || FolderError::new("write", path);
    // A page that is a symbolic link stays one: what it points to is replaced.
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
    let parent = match target.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let mut file = tempfile::Builder::new()
        .prefix(".labbook-")
        .permissions(readable())
        .tempfile_in(parent)
        .map_err(failed())?;
    file.write_all(bytes).map_err(failed())?;
    if let Ok(metadata) = fs::metadata(&target) {
        file.as_file().set_permissions(metadata.permissions()).map_err(failed())?;
    }
    file.as_file().sync_all().map_err(failed())?;
    file.persist(&target).map_err(|error| failed()(error.error))?;
    Ok(())
}

/// What a new file gets, less the process's umask.
fn readable() -> fs::Permissions {
    use std::os::unix::fs::PermissionsExt as _;
    fs::Permissions::from_mode(0o666)
}

/// A link cannot be replaced in one step, but a rename over it can.
fn point_latest(out: &Path, name: &str) -> io::Result<()> {
    let mut temporary = OsString::from(".latest-");
    temporary.push(name);
    let temporary = out.join(temporary);
    std::os::unix::fs::symlink(name, &temporary)?;
    fs::rename(&temporary, out.join("latest"))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::fs;
    use std::os::unix::fs::PermissionsExt as _;
    use std::path::Path;

    use super::{Folder, published_record, write_atomically};

    fn now() -> jiff::Timestamp {
        "2026-11-23T10:00:00Z".parse().expect("a time")
    }

    #[test]
    fn runs_that_start_at_once_get_folders_of_their_own() {
        let root = tempfile::tempdir().expect("a directory");
        let create = || {
            let report = Folder::new(root.path(), now()).report("lab.md").expect("a path");
            report.parent().expect("its folder").to_path_buf()
        };
        let folders: BTreeSet<_> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..8).map(|_| scope.spawn(create)).collect();
            threads.into_iter().map(|thread| thread.join().expect("no panic")).collect()
        });
        assert_eq!(folders.len(), 8);
        assert!(folders.contains(&root.path().join("labbook-out/20261123T100000Z")));
        let latest = fs::canonicalize(root.path().join("labbook-out/latest")).expect("a link");
        let own: Vec<_> = folders.iter().filter_map(|path| fs::canonicalize(path).ok()).collect();
        assert!(own.contains(&latest));
    }

    #[test]
    fn a_run_that_does_not_start_leaves_nothing() {
        let root = tempfile::tempdir().expect("a directory");
        drop(Folder::new(root.path(), now()));
        assert_eq!(fs::read_dir(root.path()).expect("a directory").count(), 0);
    }

    #[test]
    fn a_report_stands_where_its_page_does() {
        let root = tempfile::tempdir().expect("a directory");
        let mut folder = Folder::new(root.path(), now());
        let path = root.path().join("labbook-out/20261123T100000Z");
        let report = folder.report("labs/a/lab.md").expect("a path");
        assert_eq!(report, path.join("labs/a/lab.md"));
        assert_eq!(published_record(&report), path.join("labs/a/lab.record.jsonl"));
        fs::write(&report, "text").expect("its directory is there");
        let second = folder.report("labs/a/lab.md").expect("a path");
        assert_eq!(second, path.join("workbook-2/labs/a/lab.md"));
        let outside = folder.report("../../etc/lab.md").expect("a path");
        assert_eq!(outside, path.join("etc/lab.md"));
    }

    #[test]
    fn a_file_is_replaced_whole_and_keeps_its_permissions() {
        let root = tempfile::tempdir().expect("a directory");
        let (page, link) = (root.path().join("lab.md"), root.path().join("link.md"));
        fs::write(&page, "old").expect("a file");
        fs::set_permissions(&page, fs::Permissions::from_mode(0o640)).expect("a mode");
        std::os::unix::fs::symlink("lab.md", &link).expect("a link");
        write_atomically(&link, b"new").expect("it can be written");
        assert_eq!(fs::read(&page).expect("a file"), b"new");
        assert!(fs::symlink_metadata(&link).expect("a link").is_symlink());
        let mode = fs::metadata(&page).expect("a file").permissions().mode();
        assert_eq!(mode & 0o777, 0o640);
        assert_eq!(fs::read_dir(root.path()).expect("a directory").count(), 2);
        assert!(write_atomically(Path::new("/proc/none/lab.md"), b"").is_err());
    }
}
