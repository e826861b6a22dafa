//! What a store says of itself: its images, and what they were made from.

use std::fs;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::cluster::assets::AssetsError;
use crate::cluster::assets::cache::{Cache, Kind};
use crate::cluster::assets::contents::{KnownImage, Source, Why};
use crate::workbook::Pull;

/// The file, in the store's directory.
const FILE: &str = "images.json";

/// What is known of a store.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Note {
    /// Its images.
    pub(super) images: Vec<KnownImage>,
    /// The images of the cache that were imported into it: key and generation.
    pub(super) imported: Vec<(String, u32)>,
}

impl Note {
    /// The note of a store; none where it cannot be read, and the store is then
    /// none that can be used.
    pub(super) fn read(store: &Path) -> Option<Self> {
        serde_json::from_slice(&fs::read(store.join(FILE)).ok()?).ok()
    }

    pub(super) fn write(&self, store: &Path) -> Result<(), AssetsError> {
        let path = store.join(FILE);
        let text = serde_json::to_vec(self).expect("a note is plain data");
        fs::write(&path, text).map_err(|error| AssetsError::io("write", &path, error))
    }

    /// Whether it may be used where images are pulled so. Who wants those that
    /// can be had takes what there is: registries are asked when a store is
    /// prepared, not at each start.
    pub(super) fn suits(&self, pull: Pull) -> bool {
        match pull {
            Pull::Auto => true,
            Pull::Never => self.images.iter().all(|image| image.source != Source::Pulled),
            Pull::Always => self.images.iter().all(|image| match image.source {
                Source::StandIn { why, .. } => why == Why::Always,
                _ => true,
            }),
        }
    }

    /// Whether none of the images that it was made from was built anew since.
    pub(super) fn is_current(&self, cache: &Cache) -> bool {
        self.imported.iter().all(|(key, generation)| {
            let newest = cache.generations(Kind::Images, key).first().copied();
            newest.is_none_or(|newest| newest <= *generation)
        })
    }

    /// The stand-ins whose registry may answer another time.
    pub(super) fn unanswered(&self) -> impl Iterator<Item = &str> {
        self.images.iter().filter_map(|image| match image.source {
            Source::StandIn { why: Why::NoAnswer, .. } => Some(image.name.as_str()),
            _ => None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn note(sources: &[Source]) -> Note {
        let image = |source: &Source| KnownImage { name: "a:1".to_owned(), source: source.clone() };
        Note { images: sources.iter().map(image).collect(), imported: Vec::new() }
    }

    fn stand_in(why: Why) -> Source {
        Source::StandIn { note: "another".to_owned(), why }
    }

    #[test]
    fn a_store_suits_those_who_want_what_it_has() {
        let suits = |sources: &[Source]| {
            [Pull::Auto, Pull::Never, Pull::Always].map(|pull| note(sources).suits(pull))
        };
        assert_eq!(suits(&[Source::Built, stand_in(Why::Always)]), [true, true, true]);
        assert_eq!(suits(&[Source::Pulled, Source::Archive]), [true, false, true]);
        assert_eq!(suits(&[stand_in(Why::NoAnswer)]), [true, true, false]);
        assert_eq!(suits(&[stand_in(Why::Refused)]), [true, true, false]);
    }

    #[test]
    fn a_registry_that_answered_is_not_asked_again() {
        let unanswered = |sources: &[Source]| note(sources).unanswered().count();
        assert_eq!(unanswered(&[Source::Pulled, stand_in(Why::NoAnswer)]), 1);
        assert_eq!(unanswered(&[stand_in(Why::Refused), stand_in(Why::Always)]), 0);
    }

    #[test]
    fn a_note_is_read_as_it_was_written() {
        let directory = tempfile::tempdir().expect("a directory");
        assert_eq!(Note::read(directory.path()), None);
        let mut note = note(&[Source::Built, stand_in(Why::Refused), Source::Pulled]);
        note.imported.push(("0a".to_owned(), 2));
        note.write(directory.path()).expect("it is written");
        assert_eq!(Note::read(directory.path()), Some(note));
        fs::write(directory.path().join(FILE), "{").expect("it is written");
        assert_eq!(Note::read(directory.path()), None);
    }
}
