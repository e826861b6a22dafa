//! What the embedded cluster is made of: its programs, its images, and a
//! prepared containerd root that holds them, each made once and cached.
//!
//! Nothing here starts a cluster. Everything blocks: call it from a thread that
//! may wait, and that lives as long as the call (see [`child`]).

mod archive;
mod cache;
mod child;
mod contents;
mod distribution;
mod image;
mod layer;
mod names;
mod programs;
mod recipe;
mod sources;
mod store;

use std::io;
use std::path::{Path, PathBuf};

use crate::record::StandIn;
use crate::workbook::{ImageSource, Pull};

pub use cache::{Cache, Hold, hold};
pub(in crate::cluster) use child::{find, plain, run_to_end};
pub use contents::{KnownImage, Source, Why};
pub(in crate::cluster) use image::static_busybox;
pub use names::used;
pub use programs::{Programs, programs};
pub use sources::{go_version, kubernetes_version};
pub use store::{Store, link_into, load};

/// What a cluster is to have besides the catalogue, and how it is got.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// A workbook's images, by their names.
    pub images: &'a [(String, ImageSource)],
    /// The workbook's root: their paths begin there.
    pub root: &'a Path,
    /// Whether public images are pulled.
    pub pull: Pull,
    /// What is made again though it is there.
    pub renew: Renew,
}

impl Default for Request<'_> {
    fn default() -> Self {
        Self { images: &[], root: Path::new("."), pull: Pull::Auto, renew: Renew::Nothing }
    }
}

/// What is made again though it is there.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Renew {
    /// Nothing.
    #[default]
    Nothing,
    /// The store, where registries that did not answer do now.
    StandIns,
    /// Every image, and the store; not the programs.
    Everything,
}

/// All that a cluster is started from. It stays in the cache while this lives.
#[derive(Debug)]
pub struct Assets {
    /// The programs.
    pub programs: Programs,
    /// The images, prepared.
    pub store: Store,
    /// Images that were built here under public names.
    pub stand_ins: Vec<StandIn>,
}

/// Makes what is not there yet: programs, images, and the store that holds the
/// images. Takes minutes on a new machine, and milliseconds afterwards.
pub fn prepare(
    cache: &Cache,
    request: &Request<'_>,
    progress: &dyn Fn(Progress<'_>),
) -> Result<Assets, AssetsError> {
    let programs = programs(cache, progress)?;
    let items = contents::items(request, Some(&programs))?;
    let order = store::Order {
        items: &items,
        programs: &programs,
        pull: request.pull,
        renew: request.renew,
    };
    let store = store::store(cache, order, progress)?;
    let stand_ins = store.images.iter().filter_map(|image| match &image.source {
        Source::StandIn { note, .. } => {
            Some(StandIn { image: image.name.clone(), note: note.clone() })
        }
        _ => None,
    });
    Ok(Assets { stand_ins: stand_ins.collect(), programs, store })
}

/// The images that a cluster starts with, and whether they are prepared: where
/// they are not, those that would be, without asking a registry.
pub fn images(cache: &Path, request: &Request<'_>) -> Result<(Vec<KnownImage>, bool), AssetsError> {
    if cache.is_dir() {
        let cache = Cache::open(cache)?;
        if let Some(programs) = programs::existing(&cache) {
            let items = contents::items(request, Some(&programs))?;
            if let Some(store) = store::existing(&cache, &items, request.pull) {
                return Ok((store.images, true));
            }
        }
    }
    let items = contents::items(request, None)?;
    let mut images: Vec<_> = items.iter().flat_map(contents::Item::images).collect();
    images.sort_by_key(|image| names::full_name(&image.name));
    Ok((images, false))
}

/// What is being done; for people who wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress<'a> {
    /// Another process does this; this one waits for it.
    Waiting(&'a str),
    /// This begins.
    Stage(&'a str),
    /// A line of a program that is at work.
    Line(&'a str),
    /// How much of the stage is done.
    Share {
        /// Parts that are done.
        done: usize,
        /// All parts.
        total: usize,
    },
}

/// Why something could not be made.
#[derive(Debug, thiserror::Error)]
pub enum AssetsError {
    /// There is no place for the cache.
    #[error("find the user's cache directory: {0}; name one in LABBOOK_CACHE")]
    NoCacheDirectory(String),
    /// A file or directory.
    #[error("{action} {}: {source}", path.display())]
    Io {
        /// What was tried.
        action: &'static str,
        /// On what.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// The cache's directory.
    #[error("use the cache: {} cannot be made: {source}; name another directory in LABBOOK_CACHE", path.display())]
    Cache {
        /// What of it.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// No room.
    #[error(
        "{what}: no space left on the cache's disk; free some, or name another directory in LABBOOK_CACHE"
    )]
    DiskFull {
        /// What was being done.
        what: String,
    },
    /// An entry of the cache went away under our hands.
    #[error("use {}: it was removed from the cache meanwhile; try again", .0.display())]
    Vanished(PathBuf),
    /// The programs are not built, and cannot be.
    #[error(
        "build the cluster's programs: go is not installed; install Go {} or newer \
         (`labbook cluster doctor` says how), or use a cluster that you have: `--context NAME`",
        go_version()
    )]
    NoGo,
    /// The host's distribution is not known.
    #[error(
        "read /etc/os-release: it names no ID and VERSION_CODENAME; images are built on Debian, Ubuntu and their like"
    )]
    UnknownDistribution,
    /// A recipe is at fault.
    #[error("read {}: {message}", path.display())]
    Recipe {
        /// The recipe.
        path: PathBuf,
        /// What is wrong with it.
        message: String,
    },
    /// An archive holds other images than the workbook says.
    #[error("import {}: expected the image {wanted} or a single other one, but it holds {found:?}", archive.display())]
    WrongArchive {
        /// The archive.
        archive: PathBuf,
        /// The workbook's name.
        wanted: String,
        /// The names in it.
        found: String,
    },
    /// A socket's path does not fit.
    #[error("make the socket {}: the path is too long for the kernel; name a shorter directory in LABBOOK_CACHE", .0.display())]
    LongPath(PathBuf),
    /// A program of the distribution.
    #[error(
        "find {program}: it is not installed; `labbook cluster doctor --install` installs it (package {package})"
    )]
    ToolMissing {
        /// The program.
        program: &'static str,
        /// What holds it.
        package: &'static str,
    },
    /// A program did not run at all.
    #[error("{what}: {source}")]
    NotStarted {
        /// What was being done.
        what: String,
        /// Why not.
        source: io::Error,
    },
    /// A program failed.
    #[error("{what} failed ({status}):\n{words}")]
    Failed {
        /// What was being done.
        what: String,
        /// How it ended.
        status: String,
        /// Its last words.
        words: String,
    },
}

impl AssetsError {
    fn cache(path: &Path, source: io::Error) -> Self {
        match source.kind() {
            io::ErrorKind::StorageFull => Self::io("make", path, source),
            _ => Self::Cache { path: path.to_owned(), source },
        }
    }

    fn io(action: &'static str, path: &Path, source: io::Error) -> Self {
        match source.kind() {
            io::ErrorKind::StorageFull => {
                Self::DiskFull { what: format!("{action} {}", path.display()) }
            }
            _ => Self::Io { action, path: path.to_owned(), source },
        }
    }
}
