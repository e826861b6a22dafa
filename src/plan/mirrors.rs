//! URLs that are read from files of the workbook, in the command that is run.

use std::path::{Component, Path, PathBuf};

use super::{Mirrored, PlanError, Sources};
use crate::lab::words::{Script, Word};
use crate::workbook::Workbook;

/// The mirrors of a workbook: URL prefix and directory, the longest prefix first.
pub(super) struct Mirrors<'a> {
    root: &'a Path,
    mirrors: Vec<(String, PathBuf)>,
}

/// A command with files in place of mirrored URLs.
pub(super) struct Applied {
    /// The files by their absolute paths: what is run.
    pub(super) command: String,
    /// The files by their paths from the root: what a record says of it.
    pub(super) portable: String,
    /// What was replaced.
    pub(super) mirrored: Vec<Mirrored>,
}

impl Applied {
    /// A command in which nothing is replaced.
    pub(super) fn none(command: &str) -> Self {
        let (command, portable) = (command.to_owned(), command.to_owned());
        Self { command, portable, mirrored: Vec::new() }
    }
}

/// Why a URL cannot be mirrored.
#[derive(Debug)]
pub(super) enum Fault {
    Missing { url: String, file: PathBuf },
    Outside { url: String },
}

impl<'a> Mirrors<'a> {
    pub(super) fn new(workbook: &'a Workbook, sources: Sources) -> Self {
        let mut mirrors: Vec<(String, PathBuf)> = match sources {
            Sources::Online => Vec::new(),
            Sources::Mirrors => workbook
                .config
                .mirrors
                .iter()
                .map(|(prefix, directory)| (prefix.clone(), workbook.root.join(directory)))
                .collect(),
        };
        mirrors.sort_by_key(|(prefix, _)| std::cmp::Reverse(prefix.len()));
        Self { root: &workbook.root, mirrors }
    }

    /// The command with each word that is a mirrored URL, or `NAME=` and one,
    /// naming the file instead.
    ///
    /// What stands after the `--` of a command such as `kubectl exec` is left: it
    /// runs in a container, which has no such file.
    pub(super) fn apply(&self, command: &str) -> Result<Applied, Fault> {
        let script = Script::new(command);
        let mut applied =
            Applied { command: String::new(), portable: String::new(), mirrored: Vec::new() };
        let mut at = 0;
        for simple in script.commands() {
            // It takes no file for a URL.
            if simple.program() == Some("wget") {
                continue;
            }
            let form = if simple.program() == Some("curl") { "file://" } else { "" };
            for word in simple.words.iter().take_while(|word| word.text != "--") {
                let Some((before, mirrored)) = self.mirrored(word)? else {
                    continue;
                };
                let named = mirrored.file.strip_prefix(self.root).unwrap_or(&mirrored.file);
                for (text, file) in [
                    (&mut applied.command, mirrored.file.as_path()),
                    (&mut applied.portable, named),
                ] {
                    text.push_str(&command[at..word.span.start]);
                    text.push_str(&quoted(&format!("{before}{form}{}", file.display())));
                }
                at = word.span.end;
                applied.mirrored.push(mirrored);
            }
        }
        for text in [&mut applied.command, &mut applied.portable] {
            text.push_str(&command[at..]);
        }
        Ok(applied)
    }

    /// The file for the URL that a word holds, and what stands before the URL.
    fn mirrored<'w>(&self, word: &'w Word) -> Result<Option<(&'w str, Mirrored)>, Fault> {
        if word.expands || word.substitutes {
            return Ok(None);
        }
        let starts = [0, word.text.find('=').map_or(0, |at| at + 1)];
        for start in starts {
            let (before, url) = word.text.split_at(start);
            let Some((prefix, directory)) =
                self.mirrors.iter().find(|(prefix, _)| url.starts_with(prefix))
            else {
                continue;
            };
            let rest = url[prefix.len()..].split(['?', '#']).next().unwrap_or_default();
            if !Path::new(rest).components().all(|part| matches!(part, Component::Normal(_))) {
                return Err(Fault::Outside { url: url.to_owned() });
            }
            let file = directory.join(rest);
            let url = url.to_owned();
            if !file.is_file() {
                return Err(Fault::Missing { url, file });
            }
            if !leads_inside(&file, directory) {
                return Err(Fault::Outside { url });
            }
            return Ok(Some((before, Mirrored { url, file })));
        }
        Ok(None)
    }
}

/// Whether a file is in a directory, links followed.
fn leads_inside(file: &Path, directory: &Path) -> bool {
    let real = |path: &Path| std::fs::canonicalize(path).ok();
    real(file).zip(real(directory)).is_some_and(|(file, directory)| file.starts_with(directory))
}

impl Fault {
    /// The error of the command that begins on this line of the page.
    pub(super) fn error(self, page: &str, line: usize) -> PlanError {
        let page = page.to_owned();
        match self {
            Self::Missing { url, file } => PlanError::MirrorMissing { page, line, url, file },
            Self::Outside { url } => PlanError::MirrorOutside { page, line, url },
        }
    }
}

/// A word that a shell reads as this text.
fn quoted(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./=:@%+,".contains(c);
    if text.chars().all(plain) {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}
