//! The prepared store: a containerd root into which a set of images was
//! imported once. Each cluster starts from it, see [`link_into`].
//!
//! A store is for one set of contents. It has generations: it is prepared again
//! where its images were built again, where it does not have what is asked for
//! (pulled images, or none), and where registries that did not answer do now.

mod containerd;
mod import;
mod link;
mod note;
mod pull;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::cache::{Cache, Hold, Kind, Scratch, generation_key};
use super::contents::{Form, Item, KnownImage, Source, Why};
use super::names::{full_name, registry};
use super::programs::Programs;
use super::{AssetsError, Progress, Renew, child, image};
use crate::digest::{absorb, hex};
use crate::workbook::Pull;

pub use import::load;
pub use link::link_into;

use containerd::Containerd;
use note::Note;
use pull::{Failure, Reach};

/// Changes when the same contents are to give another store.
const FORMAT: &str = "2";

const WHAT: &str = "preparing the store of images";

/// A prepared containerd root. It stays in the cache while this lives.
#[derive(Debug)]
pub struct Store {
    /// The directory of the store, for [`link_into`].
    pub path: PathBuf,
    /// Its images.
    pub images: Vec<KnownImage>,
    _hold: Hold,
}

/// What a store is to be.
#[derive(Debug, Clone, Copy)]
pub(super) struct Order<'a> {
    pub(super) items: &'a [Item],
    pub(super) programs: &'a Programs,
    pub(super) pull: Pull,
    pub(super) renew: Renew,
}

/// The store of these contents, prepared where the cache does not have it.
pub(super) fn store(
    cache: &Cache,
    order: Order<'_>,
    progress: &dyn Fn(Progress<'_>),
) -> Result<Store, AssetsError> {
    let key = key(order.items)?;
    let generations = cache.generations(Kind::Stores, &key);
    let mut asked = None;
    let candidates = match order.renew {
        Renew::Nothing => &generations[..],
        Renew::StandIns => generations.get(..1).unwrap_or_default(),
        Renew::Everything => &[],
    };
    for generation in candidates {
        let Some((store, note)) = open(cache, &key, *generation, order.pull) else { continue };
        if order.renew == Renew::StandIns
            && order.pull == Pull::Auto
            && note.unanswered().next().is_some()
        {
            let answering = asked.insert(ask(cache, &pullable(order.items), progress)?);
            if note.unanswered().any(|name| answering.contains(registry(name))) {
                break;
            }
        }
        return Ok(store);
    }
    let reach = match order.pull {
        Pull::Never => Reach::Nothing,
        Pull::Always => Reach::Everything,
        Pull::Auto => Reach::Registries(match asked {
            Some(answering) => answering,
            None => ask(cache, &pullable(order.items), progress)?,
        }),
    };
    let mut generation = generations.first().copied().unwrap_or(0) + 1;
    loop {
        let mut made = false;
        let waiting = || progress(Progress::Waiting(WHAT));
        let entry = generation_key(&key, generation);
        let (path, hold) = cache.get_or_make(Kind::Stores, &entry, waiting, |scratch| {
            made = true;
            build(cache, order, &reach, scratch, progress)
        })?;
        // Another labbook may have made it meanwhile, and for other wishes.
        if let Some(note) = Note::read(&path).filter(|note| made || note.suits(order.pull)) {
            if order.renew != Renew::Nothing {
                cache.keep_only(Kind::Stores, &key, generation);
            }
            return Ok(Store { path, images: note.images, _hold: hold });
        }
        generation += 1;
    }
}

/// The store of these contents, where the cache has one that suits.
pub(super) fn existing(cache: &Cache, items: &[Item], pull: Pull) -> Option<Store> {
    let key = key(items).ok()?;
    let generations = cache.generations(Kind::Stores, &key);
    let mut found = generations.iter().filter_map(|each| open(cache, &key, *each, pull));
    found.next().map(|(store, _)| store)
}

fn open(cache: &Cache, key: &str, generation: u32, pull: Pull) -> Option<(Store, Note)> {
    let (path, hold) = cache.get(Kind::Stores, &generation_key(key, generation))?;
    let note = Note::read(&path).filter(|note| note.suits(pull) && note.is_current(cache))?;
    Some((Store { path, images: note.images.clone(), _hold: hold }, note))
}

fn key(items: &[Item]) -> Result<String, AssetsError> {
    child::need("containerd", "containerd")?;
    child::need("ctr", "containerd")?;
    let mut version = child::plain("containerd");
    version.arg("--version");
    let version = child::output_of(version, "asking containerd for its version")?;
    let mut hash = Sha256::new();
    absorb(&mut hash, FORMAT.as_bytes());
    absorb(&mut hash, version.as_bytes());
    for item in items {
        absorb(&mut hash, item.key.as_bytes());
    }
    Ok(hex(&hash.finalize())[..32].to_owned())
}

/// The public images that may be taken in place of stand-ins.
fn pullable(items: &[Item]) -> Vec<String> {
    items.iter().filter(|item| item.is_pulled()).flat_map(|item| item.names.clone()).collect()
}

/// The registries of these images that answer.
fn ask(
    cache: &Cache,
    images: &[String],
    progress: &dyn Fn(Progress<'_>),
) -> Result<BTreeSet<String>, AssetsError> {
    if images.is_empty() {
        return Ok(BTreeSet::new());
    }
    progress(Progress::Stage("asking registries for public images"));
    cache.with_scratch("ask", |scratch| {
        let mut containerd = Containerd::start(scratch)?;
        let answering = pull::answering(&containerd.socket, images);
        containerd.stop()?;
        Ok(answering)
    })
}

fn build(
    cache: &Cache,
    order: Order<'_>,
    reach: &Reach,
    scratch: &Scratch,
    progress: &dyn Fn(Progress<'_>),
) -> Result<(), AssetsError> {
    let mut containerd = Containerd::start(scratch)?;
    let tried = pull_all(&containerd.socket, &pullable(order.items), reach, progress)?;
    let pulled = |name: &String| matches!(tried.get(name), Some(Ok(())));
    progress(Progress::Stage(WHAT));
    let mut images = BTreeMap::new();
    let mut imported = Vec::new();
    for (done, item) in order.items.iter().enumerate() {
        progress(Progress::Share { done, total: order.items.len() });
        let mut add = |name: &str, source| {
            let image = KnownImage { name: name.to_owned(), source };
            images.insert(full_name(name), image);
        };
        for mut image in item.images() {
            if let (Some(tried), Source::StandIn { why, .. }) =
                (tried.get(&image.name), &mut image.source)
            {
                match tried {
                    Ok(()) => image.source = Source::Pulled,
                    Err(reason) => *why = *reason,
                }
            }
            add(&image.name, image.source);
        }
        match &item.form {
            Form::Recipe(_) if item.names.iter().all(pulled) => {}
            Form::Recipe(recipe) => {
                let fresh = order.renew == Renew::Everything;
                let built = image::image(cache, recipe, order.programs, fresh, progress)?;
                let kept: Vec<_> = recipe.names().iter().filter(|name| pulled(name)).collect();
                import::built(&containerd.socket, &built.archive, recipe.names(), &kept)?;
                imported.push((item.key.clone(), built.generation));
            }
            Form::Archive(path) => {
                let wanted = item.names.first().map(String::as_str);
                for name in import::load(&containerd.socket, path, wanted)? {
                    if !item.names.iter().any(|own| full_name(own) == name) {
                        add(&name, Source::Archive);
                    }
                }
            }
        }
    }
    containerd.stop()?;
    let images = images.into_values().collect();
    Note { images, imported }.write(&scratch.product())
}

/// Tries to pull these images, as far as they are within reach: what came of
/// each that was tried.
fn pull_all(
    socket: &Path,
    images: &[String],
    reach: &Reach,
    progress: &dyn Fn(Progress<'_>),
) -> Result<BTreeMap<String, Result<(), Why>>, AssetsError> {
    let mut tried = BTreeMap::new();
    let mut silent = BTreeSet::new();
    for image in images {
        let wanted = match reach {
            Reach::Nothing => false,
            Reach::Registries(answering) => answering.contains(registry(image)),
            Reach::Everything => true,
        };
        if !wanted || silent.contains(registry(image)) {
            continue;
        }
        progress(Progress::Stage(&format!("pulling {image}")));
        let outcome = match (pull::pull(socket, image), reach) {
            (Ok(()), _) => Ok(()),
            (Err(Failure::Own(error)), _)
            | (Err(Failure::NoAnswer(error) | Failure::Refused(error)), Reach::Everything) => {
                return Err(error);
            }
            (Err(Failure::Refused(_)), _) => Err(Why::Refused),
            (Err(Failure::NoAnswer(_)), _) => {
                silent.insert(registry(image));
                Err(Why::NoAnswer)
            }
        };
        tried.insert(image.clone(), outcome);
    }
    Ok(tried)
}
