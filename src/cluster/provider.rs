//! The ways to get a cluster for a lab, and to let it go.

use std::path::Path;

use super::assets::Assets;
use super::embedded::{self, Embedded, EmbeddedError, Progress, Request, Running};
use super::{Access, AccessError};
use crate::sandbox;

/// Which cluster a lab runs on.
#[derive(Debug, Clone, Copy)]
pub enum Source<'a> {
    /// An embedded one that is made for it.
    Fresh {
        /// What it is started from.
        assets: &'a Assets,
        /// The block of addresses; none for the usual one.
        block: Option<&'a str>,
        /// Whether it may outlive the process that asks for it.
        may_stay: bool,
    },
    /// An embedded one that is up, by its name.
    Named(&'a str),
    /// The one of a context of the user's kubeconfig, by its name.
    Context(&'a str),
}

/// A cluster for as long as a lab needs it. Dropping it removes a fresh one.
pub struct Cluster {
    access: Access,
    life: Life,
}

/// Who ends it.
enum Life {
    /// This process owns it.
    Owned(Box<Embedded>),
    /// A keeper owns it, and it was made for this lab.
    Kept(Guard),
    /// It was there before.
    Foreign,
}

/// Ends a kept cluster unless it was told to leave it.
struct Guard(Option<String>);

impl Drop for Guard {
    fn drop(&mut self) {
        if let Some(name) = self.0.take() {
            // The error that brought us here is the one to tell.
            let _ = embedded::down(&name);
        }
    }
}

/// A cluster could not be had.
#[derive(Debug, thiserror::Error)]
pub enum ProviderError {
    /// An embedded one.
    #[error(transparent)]
    Embedded(#[from] EmbeddedError),
    /// It is there, and does not answer.
    #[error(transparent)]
    Access(#[from] AccessError),
}

impl Cluster {
    /// Gets a cluster. `exe` is the labbook binary, which is also an embedded
    /// cluster's first process. Cancelling the future leaves nothing.
    ///
    /// # Errors
    /// It cannot be had, or does not answer.
    pub async fn get(
        source: Source<'_>,
        exe: &Path,
        progress: &mut dyn FnMut(&Progress),
    ) -> Result<Self, ProviderError> {
        match source {
            Source::Context(name) => {
                Ok(Self { access: Access::context(name).await?, life: Life::Foreign })
            }
            Source::Named(name) => {
                let access = Access::running(&embedded::find(name)?).await?;
                Ok(Self { access, life: Life::Foreign })
            }
            Source::Fresh { assets, block, may_stay } => {
                let name = format!("run-{}", sandbox::unique_id());
                let request = Request::new(&name, exe, assets, block);
                if may_stay {
                    let running = embedded::up(&request, progress).await?;
                    let life = Life::Kept(Guard(Some(name)));
                    Ok(Self { access: Access::running(&running).await?, life })
                } else {
                    let owned = Box::new(Embedded::start(&request, progress).await?);
                    Ok(Self { access: Access::embedded(&owned).await?, life: Life::Owned(owned) })
                }
            }
        }
    }

    /// How to reach it.
    pub fn access(&self) -> &Access {
        &self.access
    }

    /// Returns when a component has died, with what there is to say of it;
    /// never for a cluster that this process does not own.
    pub async fn died(&self) -> String {
        match &self.life {
            Life::Owned(embedded) => embedded.died().await,
            Life::Kept(_) | Life::Foreign => std::future::pending().await,
        }
    }

    /// Lets it go: a fresh one is removed, unless it may stay and `stay` says
    /// so. Returns the one that stays.
    ///
    /// # Errors
    /// Something of it could not be removed.
    pub fn release(self, stay: bool) -> Result<Option<Running>, EmbeddedError> {
        match self.life {
            Life::Foreign => Ok(None),
            Life::Owned(embedded) => embedded.stop().map(|()| None),
            Life::Kept(mut guard) => {
                let name = guard.0.take().unwrap_or_default();
                if stay {
                    embedded::find(&name).map(Some)
                } else {
                    embedded::down(&name).map(|()| None)
                }
            }
        }
    }
}
