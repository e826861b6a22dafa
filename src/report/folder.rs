//! Where a run's files go: `labbook-out/RUN/`, a folder of its own.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;

/// The name of the folder of all runs.
const OUT: &str = "labbook-out";

/// The folder of one run. Below it, the files of a page stand where the page
/// stands in its workbook: `labs/a/lab.md` (the report), `labs/a/lab.record.jsonl`
/// and `labs/a/lab.summary.md`.
#[derive(Debug)]
pub struct Folder {
    run: Arc<Run>,
    /// The files that pages have here, from this folder.
    taken: BTreeSet<PathBuf>,
}

/// A run's folder on the disk, which is made for the first report: a run that
/// could not start leaves none.
#[derive(Debug)]
struct Run {
    /// The folder of all runs.
    out: PathBuf,
    /// When the run began, in the form of its name.
    stamp: String,
    path: Mutex<Option<PathBuf>>,
}

/// A page's place in the folder of a run, which no other page of the run has.
#[derive(Debug)]
pub struct Reserved {
    run: Arc<Run>,
    /// The report, from the folder.
    inside: PathBuf,
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
        let run = Run { out: parent.join(OUT), stamp, path: Mutex::new(None) };
        Self { run: Arc::new(run), taken: BTreeSet::new() }
    }

    /// The place of a page, its path given from the workbook's root. Where another
    /// page has files of these names already, as one of the same path in another
    /// workbook, this one's go beside them. Which place a page has depends on the
    /// pages before it alone, not on which of them are run first.
    pub fn reserve(&mut self, page: &str) -> Reserved {
        let page: PathBuf = Path::new(page)
            .components()
            .filter(|part| matches!(part, Component::Normal(_)))
            .collect();
        let mut inside = page.clone();
        let mut number = 2;
        while files(&inside).iter().any(|file| self.taken.contains(file)) {
            inside = Path::new(&format!("workbook-{number}")).join(&page);
            number += 1;
        }
        self.taken.extend(files(&inside));
        Reserved { run: Arc::clone(&self.run), inside }
    }
}

/// The files of a page, by its report.
fn files(report: &Path) -> [PathBuf; 3] {
    [report.to_path_buf(), published_record(report), summary_of(report)]
}

impl Reserved {
    /// The path of the report. The directory that holds it is made.
    pub fn report(&self) -> Result<PathBuf, FolderError> {
        let path = self.run.made()?;
        let report = path.join(&self.inside);
        let parent = report.parent().unwrap_or(&path);
        fs::create_dir_all(parent).map_err(FolderError::new("make", parent))?;
        Ok(report)
    }
}

impl Run {
    /// The folder itself, which no other run has, and to which
    /// `labbook-out/latest` points.
    fn made(&self) -> Result<PathBuf, FolderError> {
        let mut made = self.path.lock().unwrap_or_else(PoisonError::into_inner);
        let path = match made.take() {
            Some(path) => path,
            None => make(&self.out, &self.stamp)?,
        };
        Ok(made.insert(path).clone())
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

/// The summary that belongs beside a report: `lab.summary.md` for `lab.md`.
pub fn summary_of(report: &Path) -> PathBuf {
    report.with_extension("summary.md")
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
            let report =
                Folder::new(root.path(), now()).reserve("lab.md").report().expect("a path");
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
        let mut report = |page| folder.reserve(page).report().expect("a path");
        let first = report("labs/a/lab.md");
        assert_eq!(first, path.join("labs/a/lab.md"));
        assert_eq!(published_record(&first), path.join("labs/a/lab.record.jsonl"));
        assert!(path.join("labs/a").is_dir());
        assert_eq!(report("labs/a/lab.md"), path.join("workbook-2/labs/a/lab.md"));
        assert_eq!(report("labs/a/lab.md"), path.join("workbook-3/labs/a/lab.md"));
        assert_eq!(report("../../etc/lab.md"), path.join("etc/lab.md"));
    }

    #[test]
    fn pages_whose_files_would_have_one_name_are_kept_apart() {
        let mut folder = Folder::new(Path::new(""), now());
        let mut inside = |page| folder.reserve(page).inside.display().to_string();
        assert_eq!(inside("lab.md"), "lab.md");
        // Its record, and its own name, which is that of the summary of the first.
        assert_eq!(inside("lab.markdown"), "workbook-2/lab.markdown");
        assert_eq!(inside("lab.summary.md"), "workbook-3/lab.summary.md");
        assert_eq!(inside("labs/lab.md"), "labs/lab.md");
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
