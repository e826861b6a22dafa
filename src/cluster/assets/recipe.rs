//! An image's recipe: `image.toml` and the files beside it. The form is
//! described in `cluster/images/README.md`; the catalogue's recipes and a
//! workbook's have the same one.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Component, Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::names::complete_name;
use super::{AssetsError, sources};

/// The file that makes a directory a recipe.
const FILE: &str = "image.toml";

/// What to build an image from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Recipe {
    /// Where it comes from, for errors.
    pub(super) origin: PathBuf,
    /// What `image.toml` says, names completed with their tags.
    pub(super) form: Form,
    /// The files that it adds, sorted by where they go.
    pub(super) files: Vec<AddedFile>,
}

/// A file that goes into an image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct AddedFile {
    /// Where it goes: an absolute path.
    pub(super) to: String,
    /// What it holds.
    pub(super) bytes: Vec<u8>,
    /// Whether it may be executed.
    pub(super) executable: bool,
}

/// `image.toml`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Form {
    #[serde(default, deserialize_with = "one_or_many")]
    pub(super) name: Vec<String>,
    #[serde(default)]
    pub(super) stands_in_for: Option<String>,
    // What the image holds does not hang on it.
    #[serde(default = "yes", skip_serializing)]
    pub(super) pull: bool,
    pub(super) base: Base,
    #[serde(default)]
    pub(super) packages: Vec<String>,
    #[serde(default)]
    pub(super) programs: BTreeMap<String, String>,
    #[serde(default)]
    pub(super) files: BTreeMap<String, String>,
    #[serde(default)]
    pub(super) entrypoint: Vec<String>,
    #[serde(default)]
    pub(super) command: Vec<String>,
    #[serde(default)]
    pub(super) workdir: Option<String>,
    #[serde(default)]
    pub(super) user: Option<String>,
    #[serde(default)]
    pub(super) env: BTreeMap<String, String>,
}

/// What an image begins with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Base {
    /// A small root file system of this host's distribution.
    Distribution,
    /// The host's static busybox, with a link for each of its commands.
    Busybox,
    /// Nothing.
    Scratch,
}

impl Recipe {
    /// The recipes that labbook carries, sorted by name.
    pub(super) fn catalogue() -> Result<Vec<Self>, AssetsError> {
        let carried = sources::images();
        carried
            .iter()
            .filter_map(|source| Some((source.path.strip_suffix(FILE)?.strip_suffix('/')?, source)))
            .map(|(folder, source)| {
                let read = |relative: &str| {
                    let path = format!("{folder}/{relative}");
                    let found = carried.iter().find(|other| other.path == path);
                    let bytes = found.ok_or("it is not carried in the binary")?.bytes.to_vec();
                    let executable = bytes.starts_with(b"#!");
                    Ok(vec![(String::new(), bytes, executable)])
                };
                let text = String::from_utf8_lossy(source.bytes);
                Self::parse(Path::new("cluster").join(source.path), &text, None, read)
            })
            .collect()
    }

    /// The recipe in `directory`. `name` is what the workbook calls the image;
    /// the recipe's own names, where it has any, are kept as well.
    pub(super) fn load(directory: &Path, name: Option<&str>) -> Result<Self, AssetsError> {
        let path = directory.join(FILE);
        let text =
            fs::read_to_string(&path).map_err(|error| AssetsError::io("read", &path, error))?;
        Self::parse(path, &text, name, |relative| {
            let mut found = Vec::new();
            read_tree(&directory.join(relative), "", &mut found)
                .map_err(|error| error.to_string())?;
            Ok(found)
        })
    }

    /// The names under which the image is known, with their tags.
    pub(super) fn names(&self) -> &[String] {
        &self.form.name
    }

    /// What it holds instead of the public image of its name; none for an
    /// image that is no stand-in.
    pub(super) fn stands_in_for(&self) -> Option<&str> {
        self.form.stands_in_for.as_deref()
    }

    /// Whether the public image is to be taken where its registry answers.
    pub(super) fn is_pulled(&self) -> bool {
        self.form.pull && self.form.stands_in_for.is_some()
    }

    fn parse(
        origin: PathBuf,
        text: &str,
        name: Option<&str>,
        read: impl Fn(&str) -> Result<Vec<(String, Vec<u8>, bool)>, String>,
    ) -> Result<Self, AssetsError> {
        let fault = |message: String| AssetsError::Recipe { path: origin.clone(), message };
        let mut form: Form =
            toml::from_str(text).map_err(|error| fault(error.to_string().trim_end().to_owned()))?;
        form.name = name
            .into_iter()
            .chain(form.name.iter().map(String::as_str))
            .map(complete_name)
            .collect::<Result<_, _>>()
            .map_err(&fault)?;
        form.name.dedup();
        check(&form).map_err(&fault)?;
        let mut files = Vec::new();
        for (from, to) in &form.files {
            if !Path::new(from)
                .components()
                .all(|part| matches!(part, Component::Normal(_) | Component::CurDir))
            {
                return Err(fault(format!(
                    "`files`: {from:?} is not below the recipe's directory"
                )));
            }
            let found = read(from).map_err(|error| fault(format!("`files`: {from}: {error}")))?;
            files.extend(found.into_iter().map(|(below, bytes, executable)| AddedFile {
                to: format!("{}{below}", to.trim_end_matches('/')),
                bytes,
                executable,
            }));
        }
        files.sort_unstable_by(|left, right| left.to.cmp(&right.to));
        Ok(Self { origin, form, files })
    }
}

fn check(form: &Form) -> Result<(), String> {
    if form.name.is_empty() {
        return Err("`name` is missing: an image needs at least one".to_owned());
    }
    if !form.packages.is_empty() && form.base != Base::Distribution {
        return Err("`packages` need `base = \"distribution\"`".to_owned());
    }
    let package = |name: &&String| {
        name.is_empty()
            || !name
                .chars()
                .all(|character| character.is_ascii_alphanumeric() || "+-.:".contains(character))
    };
    if let Some(name) = form.packages.iter().find(package) {
        return Err(format!("`packages`: {name:?} is no package's name"));
    }
    for to in form.programs.values().chain(form.files.values()) {
        let clean = Path::new(to)
            .components()
            .all(|part| matches!(part, Component::RootDir | Component::Normal(_)));
        if !to.starts_with('/') || !clean || to == "/" {
            return Err(format!(
                "{to:?} is no place in an image; expected an absolute path without `..`"
            ));
        }
    }
    Ok(())
}

/// A file, or all files below a directory: path below it, bytes, executable.
fn read_tree(
    path: &Path,
    below: &str,
    found: &mut Vec<(String, Vec<u8>, bool)>,
) -> std::io::Result<()> {
    let metadata = fs::metadata(path)?;
    if metadata.is_dir() {
        let mut entries = fs::read_dir(path)?.collect::<Result<Vec<_>, _>>()?;
        entries.sort_unstable_by_key(fs::DirEntry::file_name);
        for entry in entries {
            let below = format!("{below}/{}", entry.file_name().to_string_lossy());
            read_tree(&entry.path(), &below, found)?;
        }
    } else {
        found.push((below.to_owned(), fs::read(path)?, metadata.permissions().mode() & 0o111 != 0));
    }
    Ok(())
}

fn yes() -> bool {
    true
}

fn one_or_many<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged, expecting = "expected a name or a list of names")]
    enum Names {
        One(String),
        Many(Vec<String>),
    }
    Ok(match Names::deserialize(deserializer)? {
        Names::One(name) => vec![name],
        Names::Many(names) => names,
    })
}

#[cfg(test)]
#[path = "recipe_tests.rs"]
mod tests;
