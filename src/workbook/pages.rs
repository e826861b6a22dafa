//! Which pages a path means.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use globset::{Glob, GlobBuilder};
use ignore::WalkBuilder;

use super::{FILE, Workbook, WorkbookError, absolute};

/// Where runs leave their reports, which are pages too and no labs.
const OUT: &str = "labbook-out";

/// The pages that paths mean, and what is in the way of others.
#[derive(Debug, Default)]
pub struct Found {
    /// The pages, each once: path after path, those of one path sorted.
    pub pages: Vec<FoundPage>,
    /// What could not be looked at, in the order of the paths.
    pub faults: Vec<WorkbookError>,
}

/// A page and the workbook that it belongs to.
#[derive(Debug, Clone)]
pub struct FoundPage {
    /// The nearest workbook around the page.
    pub workbook: Arc<Workbook>,
    /// The page on disk, absolute.
    pub path: PathBuf,
}

impl Found {
    /// The pages at or below `paths`; where there are none, the labs of the
    /// workbook around the current directory. What is wrong with one path, or
    /// with one directory below it, hides no page elsewhere.
    pub fn new(paths: &[PathBuf]) -> Self {
        let mut finder = Finder::default();
        if paths.is_empty() {
            finder.labs(Path::new("."));
        }
        for path in paths {
            finder.path(path);
        }
        finder.found
    }
}

/// The pages of one workbook, each once and sorted; the first fault ends it.
pub(super) fn pages(workbook: &Workbook, paths: &[PathBuf]) -> Result<Vec<PathBuf>, WorkbookError> {
    let mut faults = Vec::new();
    let mut pages = BTreeSet::new();
    if paths.is_empty() {
        pages.extend(all_labs(workbook, &mut faults));
    }
    for path in paths {
        let path = absolute(path)?;
        if path.is_dir() {
            let (below, nested) = below(workbook, &path, &mut faults);
            if below.is_empty() && nested.is_empty() {
                let why = "it holds no *.md file".to_owned();
                return Err(WorkbookError::NoPages { path, why });
            }
            pages.extend(below);
        } else {
            pages.insert(path);
        }
    }
    for page in &pages {
        workbook.name_of(page)?;
    }
    faults.into_iter().next().map_or(Ok(pages.into_iter().collect()), Err)
}

/// A pattern of `labs`, in which `*` does not go over `/`.
pub(super) fn glob(pattern: &str) -> Result<Glob, globset::Error> {
    GlobBuilder::new(pattern.trim_start_matches("./")).literal_separator(true).build()
}

#[derive(Default)]
struct Finder {
    found: Found,
    seen: HashSet<PathBuf>,
    /// By the directory that was asked for; none where its settings are wrong,
    /// which was said once.
    workbooks: BTreeMap<PathBuf, Option<Arc<Workbook>>>,
}

impl Finder {
    fn labs(&mut self, start: &Path) {
        let start = match absolute(start) {
            Ok(start) => start,
            Err(fault) => return self.found.faults.push(fault),
        };
        if let Some(workbook) = self.workbook(&start) {
            let pages = all_labs(&workbook, &mut self.found.faults);
            self.add(&workbook, pages);
        }
    }

    fn path(&mut self, path: &Path) {
        let path = match absolute(path) {
            Ok(path) => path,
            Err(fault) => return self.found.faults.push(fault),
        };
        if path.is_dir() {
            let before = self.found.pages.len();
            self.directory(&path);
            // Those of workbooks further below stand between the others.
            return self.found.pages[before..].sort_by(|a, b| a.path.cmp(&b.path));
        }
        if let Some(workbook) = self.workbook(path.parent().unwrap_or(&path)) {
            self.add(&workbook, BTreeSet::from([path]));
        }
    }

    /// The pages below a directory: those of its workbook, and those of each
    /// workbook further below by that one's own settings.
    fn directory(&mut self, directory: &Path) {
        let Some(workbook) = self.workbook(directory) else { return };
        let (pages, nested) = below(&workbook, directory, &mut self.found.faults);
        self.add(&workbook, pages);
        for root in nested {
            self.directory(&root);
        }
    }

    fn workbook(&mut self, directory: &Path) -> Option<Arc<Workbook>> {
        if let Some(known) = self.workbooks.get(directory) {
            return known.clone();
        }
        let workbook = match Workbook::find(directory) {
            Ok(workbook) => {
                // Directories of one workbook share it.
                let known = self.workbooks.values().flatten().find(|it| it.root == workbook.root);
                Some(known.cloned().unwrap_or_else(|| Arc::new(workbook)))
            }
            Err(fault) => {
                let said = fault.to_string();
                if self.found.faults.iter().all(|other| other.to_string() != said) {
                    self.found.faults.push(fault);
                }
                None
            }
        };
        self.workbooks.insert(directory.to_owned(), workbook.clone());
        workbook
    }

    fn add(&mut self, workbook: &Arc<Workbook>, pages: BTreeSet<PathBuf>) {
        for path in pages {
            match workbook.name_of(&path) {
                Ok(_) if self.seen.contains(&path) => {}
                Ok(_) => {
                    self.seen.insert(path.clone());
                    self.found.pages.push(FoundPage { workbook: Arc::clone(workbook), path });
                }
                Err(fault) => self.found.faults.push(fault),
            }
        }
    }
}

/// The workbook's labs. A pattern that means no page is a fault, as that is a
/// lab that would be lost without a word.
fn all_labs(workbook: &Workbook, faults: &mut Vec<WorkbookError>) -> BTreeSet<PathBuf> {
    let nothing = |why: String| WorkbookError::NoPages { path: workbook.root.clone(), why };
    if workbook.config.labs.is_empty() {
        faults.push(nothing(format!("name pages or directories, or set `labs` in {FILE}")));
    }
    let mut pages = BTreeSet::new();
    for pattern in &workbook.config.labs {
        let found = matches(workbook, pattern, faults);
        if found.is_empty() {
            faults.push(nothing(format!("nothing matches the pattern {pattern:?} of `labs`")));
        }
        pages.extend(found);
    }
    pages
}

/// The workbook's labs in a directory or, where none is in it, all its pages;
/// and then the directories further below that are workbooks of their own.
fn below(
    workbook: &Workbook,
    directory: &Path,
    faults: &mut Vec<WorkbookError>,
) -> (BTreeSet<PathBuf>, BTreeSet<PathBuf>) {
    let mut labs = BTreeSet::new();
    for pattern in &workbook.config.labs {
        let found = matches(workbook, pattern, faults);
        labs.extend(found.into_iter().filter(|page| page.starts_with(directory)));
    }
    if !labs.is_empty() {
        return (labs, BTreeSet::new());
    }
    let files = walk(directory, true, faults);
    let settings = |file: &&PathBuf| file.file_name().is_some_and(|name| name == FILE);
    let roots = files.iter().filter(settings).filter_map(|file| file.parent());
    let roots: BTreeSet<&Path> = roots.filter(|root| *root != workbook.root).collect();
    let nested = |path: &Path| {
        path.ancestors()
            .skip(1)
            .take_while(|above| *above != directory)
            .any(|above| roots.contains(above))
    };
    let is_page =
        |file: &&PathBuf| file.extension().is_some_and(|end| end.eq_ignore_ascii_case("md"));
    let pages = files.iter().filter(is_page).filter(|file| !nested(file)).cloned().collect();
    let outermost = roots.iter().filter(|root| !nested(root));
    (pages, outermost.map(|root| root.to_path_buf()).collect())
}

/// The files that a pattern means. What it names counts though an ignore file
/// leaves it out.
fn matches(
    workbook: &Workbook,
    pattern: &str,
    faults: &mut Vec<WorkbookError>,
) -> BTreeSet<PathBuf> {
    let Ok(glob) = glob(pattern) else {
        return BTreeSet::new();
    };
    let fixed: PathBuf = Path::new(pattern)
        .components()
        .take_while(|part| !part.as_os_str().to_string_lossy().contains(['*', '?', '[', '{', '\\']))
        .collect();
    let start = workbook.root.join(fixed);
    if !start.exists() {
        return BTreeSet::new();
    }
    let matcher = glob.compile_matcher();
    let means = |file: &PathBuf| {
        file.strip_prefix(&workbook.root).is_ok_and(|relative| matcher.is_match(relative))
    };
    walk(&start, false, faults).into_iter().filter(means).collect()
}

/// The files at or below a path, without hidden ones and those of runs. Links to
/// directories are not followed; a link that leads nowhere counts as a file, so
/// that who reads it can say so.
fn walk(start: &Path, ignoring: bool, faults: &mut Vec<WorkbookError>) -> Vec<PathBuf> {
    let walk = WalkBuilder::new(start)
        .standard_filters(ignoring)
        .hidden(true)
        .require_git(false)
        .filter_entry(|entry| entry.file_name() != OUT)
        .build();
    let mut files = Vec::new();
    for entry in walk {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                faults.push(unreadable(start, &error));
                continue;
            }
        };
        let kind = entry.file_type();
        let is_file = kind.is_some_and(|kind| kind.is_file());
        let is_link = kind.is_some_and(|kind| kind.is_symlink());
        let leads_to_file = || entry.path().metadata().map_or(true, |target| target.is_file());
        if is_file || (is_link && leads_to_file()) {
            files.push(entry.into_path());
        }
    }
    files
}

/// What a walk cannot look at, by its own path where the walk knows it.
fn unreadable(start: &Path, error: &ignore::Error) -> WorkbookError {
    fn path_of(error: &ignore::Error) -> Option<&Path> {
        match error {
            ignore::Error::WithPath { path, .. } => Some(path),
            ignore::Error::WithLineNumber { err, .. } | ignore::Error::WithDepth { err, .. } => {
                path_of(err)
            }
            _ => None,
        }
    }
    let path = path_of(error).unwrap_or(start).to_owned();
    // The walk's own words have the path once more.
    let kind = error.io_error().map(std::io::Error::kind);
    let source = kind.map_or_else(|| std::io::Error::other(error.to_string()), Into::into);
    WorkbookError::Unreadable { path, source }
}
