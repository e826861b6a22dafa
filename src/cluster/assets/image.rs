//! An image's archive, built from its recipe and cached by content.

use std::fs::File;
use std::io::{self, BufReader};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::archive::{Archive, architecture};
use super::cache::{Cache, Hold, Kind, Scratch, generation_key};
use super::child;
use super::distribution::Distribution;
use super::layer::Layer;
use super::programs::Programs;
use super::recipe::{Base, Recipe};
use super::{AssetsError, Progress};
use crate::digest::{absorb, hex};

/// Changes when the same recipe is to give another archive.
const FORMAT: &str = "1";

/// What a root file system of busybox has besides the programs.
const BUSYBOX_FILES: [(&str, &str); 3] = [
    (
        "/etc/passwd",
        "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/nonexistent:/bin/false\n",
    ),
    ("/etc/group", "root:x:0:\nnogroup:x:65534:\n"),
    ("/etc/nsswitch.conf", "hosts: files dns\n"),
];

/// An image that is ready to be imported.
#[derive(Debug)]
pub(super) struct Image {
    /// The archive, in the cache.
    pub(super) archive: PathBuf,
    /// Which of those that were built from the same things it is.
    pub(super) generation: u32,
    _hold: Hold,
}

/// What tells an image from others: the same for the same ingredients.
pub(super) fn key(recipe: &Recipe, programs: &Programs) -> Result<String, AssetsError> {
    Ingredients::of(recipe, programs)?.key(recipe, programs)
}

/// The image of a recipe, built where the cache does not have it, or where it
/// is to be `fresh`.
pub(super) fn image(
    cache: &Cache,
    recipe: &Recipe,
    programs: &Programs,
    fresh: bool,
    progress: &dyn Fn(Progress<'_>),
) -> Result<Image, AssetsError> {
    let what = format!("building the image {}", recipe.form.name[0]);
    let ingredients = Ingredients::of(recipe, programs)?;
    let key = ingredients.key(recipe, programs)?;
    let waiting = || progress(Progress::Waiting(&what));
    let newest = cache.generations(Kind::Images, &key).first().copied();
    let generation = if fresh { newest.unwrap_or(0) + 1 } else { newest.unwrap_or(1) };
    let entry = generation_key(&key, generation);
    let (archive, hold) = cache.get_or_make(Kind::Images, &entry, waiting, |scratch| {
        progress(Progress::Stage(&what));
        build(recipe, &ingredients, &what, scratch, progress)
    })?;
    if fresh {
        cache.keep_only(Kind::Images, &key, generation);
    }
    Ok(Image { archive, generation, _hold: hold })
}

/// What of this host goes into an image.
struct Ingredients {
    base: BaseOf,
    /// Where a program comes from, and where it goes.
    programs: Vec<(PathBuf, String)>,
}

enum BaseOf {
    Distribution(Distribution),
    Busybox(PathBuf),
    Scratch,
}

impl Ingredients {
    fn of(recipe: &Recipe, programs: &Programs) -> Result<Self, AssetsError> {
        let base = match recipe.form.base {
            Base::Distribution => BaseOf::Distribution(Distribution::of_this_host()?),
            Base::Busybox => BaseOf::Busybox(static_busybox()?),
            Base::Scratch => BaseOf::Scratch,
        };
        let programs = recipe.form.programs.iter().map(|(name, to)| {
            let from = programs.named(name).ok_or_else(|| AssetsError::Recipe {
                path: recipe.origin.clone(),
                message: format!("`programs`: labbook builds no program {name:?}"),
            })?;
            Ok((from, to.clone()))
        });
        Ok(Self { base, programs: programs.collect::<Result<_, AssetsError>>()? })
    }

    /// The same for the same content, so that nothing is built twice.
    fn key(&self, recipe: &Recipe, programs: &Programs) -> Result<String, AssetsError> {
        let mut hash = Sha256::new();
        absorb(&mut hash, FORMAT.as_bytes());
        absorb(&mut hash, architecture().as_bytes());
        let form = serde_json::to_vec(&recipe.form).expect("a form is plain data");
        absorb(&mut hash, &form);
        for file in &recipe.files {
            absorb(&mut hash, file.to.as_bytes());
            absorb(&mut hash, &[u8::from(file.executable)]);
            absorb(&mut hash, &file.bytes);
        }
        if !self.programs.is_empty() {
            absorb(&mut hash, programs.key.as_bytes());
        }
        match &self.base {
            BaseOf::Distribution(distribution) => {
                absorb(&mut hash, distribution.id.as_bytes());
                absorb(&mut hash, distribution.suite.as_bytes());
            }
            BaseOf::Busybox(path) => {
                let bytes =
                    std::fs::read(path).map_err(|error| AssetsError::io("read", path, error))?;
                absorb(&mut hash, &bytes);
            }
            BaseOf::Scratch => {}
        }
        Ok(hex(&hash.finalize())[..32].to_owned())
    }
}

fn build(
    recipe: &Recipe,
    ingredients: &Ingredients,
    what: &str,
    scratch: &Scratch,
    progress: &dyn Fn(Progress<'_>),
) -> Result<(), AssetsError> {
    let product = scratch.product();
    let failed = |error| AssetsError::io("write", &product, error);
    let file = File::create_new(&product).map_err(failed)?;
    let mut layer = Layer::new(Archive::begin(file).map_err(failed)?);
    match &ingredients.base {
        BaseOf::Distribution(distribution) => {
            let layer = &mut layer;
            distribution.root_file_system(
                &recipe.form.packages,
                what,
                scratch,
                progress,
                |tar, begun| {
                    let mut tar = BufReader::with_capacity(1 << 18, tar);
                    layer.copy(&mut tar, begun)?;
                    // The blocks after the end, or its writer is told that nobody reads.
                    io::copy(&mut tar, &mut io::sink()).map(drop)
                },
            )?;
        }
        BaseOf::Busybox(busybox) => {
            let applets = applets(busybox)?;
            add_busybox(&mut layer, busybox, &applets).map_err(failed)?;
        }
        BaseOf::Scratch => {}
    }
    add_own(&mut layer, recipe, ingredients).map_err(failed)?;
    layer.finish().and_then(|archive| archive.finish(&recipe.form)).map_err(failed)
}

fn add_own(
    layer: &mut Layer<Archive>,
    recipe: &Recipe,
    ingredients: &Ingredients,
) -> io::Result<()> {
    for (from, to) in &ingredients.programs {
        layer.program(to, from)?;
    }
    for file in &recipe.files {
        layer.file(&file.to, if file.executable { 0o755 } else { 0o644 }, &file.bytes)?;
    }
    match &recipe.form.workdir {
        Some(directory) => layer.directory(directory, 0o755),
        None => Ok(()),
    }
}

fn add_busybox(layer: &mut Layer<Archive>, busybox: &Path, applets: &[String]) -> io::Result<()> {
    layer.program("/bin/busybox", busybox)?;
    for applet in applets.iter().filter(|applet| *applet != "busybox") {
        layer.link(&format!("/bin/{applet}"), "busybox")?;
    }
    layer.directory("/tmp", 0o1777)?;
    layer.directory("/root", 0o700)?;
    for directory in ["/home", "/usr/bin", "/usr/sbin", "/sbin", "/var/spool"] {
        layer.directory(directory, 0o755)?;
    }
    layer.link("/usr/bin/env", "../../bin/env")?;
    for (path, text) in BUSYBOX_FILES {
        layer.file(path, 0o644, text.as_bytes())?;
    }
    Ok(())
}

/// The commands that a busybox knows.
fn applets(busybox: &Path) -> Result<Vec<String>, AssetsError> {
    let mut command = child::plain(busybox);
    command.arg("--list");
    let list = child::output_of(command, "asking busybox for its commands")?;
    Ok(list.lines().map(str::to_owned).collect())
}

/// The host's busybox, where it needs no libraries.
pub(in crate::cluster) fn static_busybox() -> Result<PathBuf, AssetsError> {
    let missing =
        AssetsError::ToolMissing { program: "a static busybox", package: "busybox-static" };
    match child::find("busybox") {
        Some(path) if is_static(&path) => Ok(path),
        _ => Err(missing),
    }
}

/// Whether an ELF program names no dynamic linker (program header `PT_INTERP`).
fn is_static(path: &Path) -> bool {
    const INTERPRETER: u32 = 3;
    let Ok(bytes) = std::fs::read(path) else {
        return false;
    };
    let number = |at: usize, size: usize| {
        bytes.get(at..at + size).map(|part| {
            part.iter().rev().fold(0_usize, |value, byte| value << 8 | usize::from(*byte))
        })
    };
    // 64 bits, little endian: every machine that the cluster runs on.
    if bytes.get(..6) != Some(b"\x7fELF\x02\x01") {
        return false;
    }
    let (Some(table), Some(size), Some(count)) = (number(32, 8), number(54, 2), number(56, 2))
    else {
        return false;
    };
    (0..count).all(|index| {
        number(table + index * size, 4).is_some_and(|kind| kind != INTERPRETER as usize)
    })
}

#[cfg(test)]
#[path = "image_tests.rs"]
mod tests;
