//! A workbook of a test's own.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use super::outcome::Outcome;
use crate::support::{labbook, visible_directory};

/// The first lab's page, from the workbook's root.
pub(crate) const SEED: &str = "labs/statefulset/lab.md";

/// A directory with a `labbook.toml` and labs, gone at the end of the test.
pub(crate) struct Workbook {
    directory: TempDir,
}

impl Workbook {
    /// This repository's labs, as they are.
    pub(crate) fn of_labs() -> Self {
        let workbook = Self::empty();
        workbook.copy("labs");
        workbook.copy("labbook.toml");
        workbook.leave_registries_alone();
        workbook
    }

    /// This repository's labs with the setup of `tests/faults/NAME`, and little
    /// time for results to come about.
    pub(crate) fn with_fault(name: &str) -> Self {
        let workbook = Self::of_labs();
        let fault = format!("tests/faults/{name}");
        workbook.copy(&fault);
        workbook.configure(|settings| {
            settings["lab"][SEED]["setup"] = format!("{fault}/setup.sh").into();
        });
        workbook.hurry();
        workbook
    }

    /// One page, `lab.md`, whose setup is `setup`, with the images of this
    /// repository's labs.
    pub(crate) fn of_page(page: &str, setup: &str) -> Self {
        let workbook = Self::empty();
        workbook.copy("labs/statefulset/image");
        workbook.copy("labbook.toml");
        workbook.configure(|settings| {
            let lab = toml::Table::from_iter([("setup".to_owned(), "setup.sh".into())]);
            let labs = toml::Table::from_iter([("lab.md".to_owned(), lab.into())]);
            settings.insert("lab".to_owned(), labs.into());
            settings["labs"] = vec!["lab.md"].into();
            settings.remove("mirrors");
        });
        workbook.leave_registries_alone();
        workbook.write("lab.md", page);
        workbook.write("setup.sh", setup);
        workbook
    }

    /// Shortens what a result may take to come about: for a lab that is known
    /// to have a fault.
    pub(crate) fn hurry(&self) {
        self.configure(|settings| {
            settings.insert("wait".to_owned(), "5s".into());
        });
    }

    /// The same images wherever the test is run.
    fn leave_registries_alone(&self) {
        self.configure(|settings| {
            let cluster = toml::Table::from_iter([("pull".to_owned(), "never".into())]);
            settings.insert("cluster".to_owned(), cluster.into());
        });
    }

    /// A file or directory of the workbook.
    pub(crate) fn path(&self, relative: &str) -> PathBuf {
        self.directory.path().join(relative)
    }

    /// labbook in this workbook.
    pub(crate) fn labbook(&self, arguments: &[&str]) -> Command {
        let mut command = labbook();
        command.args(arguments).current_dir(self.directory.path());
        command
    }

    /// Runs labbook in this workbook to its end.
    pub(crate) fn run(&self, arguments: &[&str]) -> Outcome {
        Outcome::of(&mut self.labbook(arguments))
    }

    /// Every file below the root but what runs write, with its content.
    pub(crate) fn files(&self) -> Vec<(PathBuf, Vec<u8>)> {
        let mut files = Vec::new();
        read_tree(self.directory.path(), &mut files);
        files.sort();
        files
    }

    fn empty() -> Self {
        // Not in /tmp, which a sandbox has of its own: a page that reaches past
        // its work directory shall find these files.
        let directory = tempfile::Builder::new()
            .prefix("workbook-")
            .tempdir_in(visible_directory())
            .expect("the build's directory for tests is there");
        Self { directory }
    }

    fn copy(&self, relative: &str) {
        let from = Path::new(env!("CARGO_MANIFEST_DIR")).join(relative);
        copy_tree(&from, &self.path(relative));
    }

    /// Writes one of its files.
    pub(crate) fn write(&self, relative: &str, text: &str) {
        fs::write(self.path(relative), text).expect("the workbook can be written");
    }

    fn configure(&self, change: impl FnOnce(&mut toml::Table)) {
        let file = self.path("labbook.toml");
        let text = fs::read_to_string(&file).expect("the workbook has a labbook.toml");
        let mut settings = text.parse().expect("labbook.toml is TOML");
        change(&mut settings);
        fs::write(file, settings.to_string()).expect("the workbook can be written");
    }
}

fn copy_tree(from: &Path, to: &Path) {
    if from.is_dir() {
        fs::create_dir_all(to).expect("the workbook can be written");
        for entry in fs::read_dir(from).expect("the repository can be read") {
            let name = entry.expect("the repository can be read").file_name();
            copy_tree(&from.join(&name), &to.join(&name));
        }
    } else {
        if let Some(parent) = to.parent() {
            fs::create_dir_all(parent).expect("the workbook can be written");
        }
        fs::copy(from, to).expect("the repository can be read");
    }
}

fn read_tree(directory: &Path, files: &mut Vec<(PathBuf, Vec<u8>)>) {
    for entry in fs::read_dir(directory).expect("the workbook can be read") {
        let path = entry.expect("the workbook can be read").path();
        if path.ends_with("labbook-out") {
            continue;
        }
        if path.is_dir() {
            read_tree(&path, files);
        } else {
            let content = fs::read(&path).expect("the workbook can be read");
            files.push((path, content));
        }
    }
}
