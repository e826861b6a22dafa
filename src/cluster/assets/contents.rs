//! What a store is to hold, and what became of it.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::names::{complete_name, full_name};
use super::programs::Programs;
use super::recipe::Recipe;
use super::{AssetsError, Request, image};
use crate::workbook::ImageSource;

/// An image that clusters start with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownImage {
    /// Its name, as its recipe or the workbook writes it.
    pub name: String,
    /// Where it comes from.
    #[serde(flatten)]
    pub source: Source,
}

/// Where an image comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "source", rename_all = "kebab-case")]
pub enum Source {
    /// It was built here, under a name of its own.
    Built,
    /// It was built here, under a public image's name.
    StandIn {
        /// What it holds instead of the public image.
        note: String,
        /// Why it is not the public image.
        why: Why,
    },
    /// Its registry gave it.
    Pulled,
    /// An archive of the workbook.
    Archive,
}

/// Why an image is a stand-in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Why {
    /// It always is.
    Always,
    /// Its registry was not asked, or did not answer.
    NoAnswer,
    /// Its registry answered without it.
    Refused,
}

/// One part of a store.
#[derive(Debug)]
pub(super) struct Item {
    pub(super) form: Form,
    /// What tells its content from others.
    pub(super) key: String,
    /// What it is called in the store: its names less those that a later item
    /// has too.
    pub(super) names: Vec<String>,
}

/// What a part is made from.
#[derive(Debug)]
pub(super) enum Form {
    /// A recipe.
    Recipe(Box<Recipe>),
    /// An archive that somebody else made. It may hold more than its name.
    Archive(PathBuf),
}

impl Item {
    /// The item's images where none is pulled.
    pub(super) fn images(&self) -> impl Iterator<Item = KnownImage> {
        self.names.iter().map(|name| KnownImage { name: name.clone(), source: self.source() })
    }

    /// Whether its public images are to be taken where their registry answers.
    pub(super) fn is_pulled(&self) -> bool {
        matches!(&self.form, Form::Recipe(recipe) if recipe.is_pulled())
    }

    fn source(&self) -> Source {
        match &self.form {
            Form::Archive(_) => Source::Archive,
            Form::Recipe(recipe) => match recipe.stands_in_for() {
                None => Source::Built,
                Some(note) => Source::StandIn {
                    note: note.to_owned(),
                    why: if recipe.is_pulled() { Why::NoAnswer } else { Why::Always },
                },
            },
        }
    }
}

/// The catalogue's images and the workbook's, in the order in which they are
/// imported: the workbook's come last, and so replace the catalogue's. Keys are
/// empty without `programs`.
pub(super) fn items(
    request: &Request<'_>,
    programs: Option<&Programs>,
) -> Result<Vec<Item>, AssetsError> {
    let mut items = Vec::new();
    for recipe in Recipe::catalogue()? {
        items.push(of_recipe(recipe, programs)?);
    }
    for (name, source) in request.images {
        items.push(match source {
            ImageSource::Recipe(directory) => {
                of_recipe(Recipe::load(&request.root.join(directory), Some(name))?, programs)?
            }
            ImageSource::Archive(path) => {
                let name = complete_name(name).map_err(|message| AssetsError::Recipe {
                    path: request.root.join("labbook.toml"),
                    message,
                })?;
                of_archive(&request.root.join(path), name)?
            }
        });
    }
    let mut last = BTreeMap::new();
    for (index, item) in items.iter().enumerate() {
        last.extend(item.names.iter().map(|name| (full_name(name), index)));
    }
    for (index, item) in items.iter_mut().enumerate() {
        item.names.retain(|name| last.get(&full_name(name)) == Some(&index));
    }
    Ok(items)
}

fn of_recipe(recipe: Recipe, programs: Option<&Programs>) -> Result<Item, AssetsError> {
    let key = programs.map(|programs| image::key(&recipe, programs)).transpose()?;
    let names = recipe.names().to_vec();
    Ok(Item { form: Form::Recipe(Box::new(recipe)), key: key.unwrap_or_default(), names })
}

/// An archive is large: it is told from others by what its directory says of
/// it, not by its bytes.
fn of_archive(path: &Path, name: String) -> Result<Item, AssetsError> {
    let failed = |error| AssetsError::io("read", path, error);
    let path = fs::canonicalize(path).map_err(failed)?;
    let metadata = fs::metadata(&path).map_err(failed)?;
    let key = format!(
        "{}:{}:{}:{}.{:09}:{name}",
        path.display(),
        metadata.ino(),
        metadata.len(),
        metadata.mtime(),
        metadata.mtime_nsec()
    );
    Ok(Item { form: Form::Archive(path), key, names: vec![name] })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_workbooks_images_replace_the_catalogues() {
        let directory = tempfile::tempdir().expect("a directory");
        fs::write(directory.path().join("web.tar"), "tar").expect("it is written");
        fs::write(directory.path().join("image.toml"), "base = 'scratch'").expect("it is written");
        let images = [
            ("docker.io/library/busybox:1.36".to_owned(), ImageSource::Recipe(PathBuf::new())),
            ("busybox".to_owned(), ImageSource::Archive("web.tar".into())),
        ];
        let request = Request { images: &images, root: directory.path(), ..Request::default() };
        let items = items(&request, None).expect("they are read");
        let all: Vec<_> = items.iter().flat_map(Item::images).collect();
        let source = |name: &str| {
            let mut found = all.iter().filter(|image| full_name(&image.name) == full_name(name));
            let source = found.next().map(|image| image.source.clone());
            assert_eq!(found.next(), None, "{name} is there once");
            source
        };
        assert_eq!(source("busybox:1.36"), Some(Source::Built));
        assert_eq!(source("busybox"), Some(Source::Archive));
        let why = |name| match source(name) {
            Some(Source::StandIn { why, .. }) => Some(why),
            _ => None,
        };
        assert_eq!(why("busybox:1.28"), Some(Why::NoAnswer));
        assert_eq!(why("registry.k8s.io/coredns/coredns:v1.14.7"), Some(Why::Always));
        assert_eq!(source("labbook.dev/pause:1"), Some(Source::Built));
    }
}
