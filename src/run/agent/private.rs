//! The directory that is a lab's alone: its home, temporary files, kubeconfig.

use std::fs;
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use super::copy;
use crate::run::protocol::{COPY, Private};

/// The directory, until this is dropped.
pub(super) struct Directory(PathBuf);

impl Directory {
    /// Makes it. Nobody else may read it: a kubeconfig holds credentials.
    pub(super) fn make(private: &Private) -> io::Result<Self> {
        let path = &private.directory;
        let named = |error: io::Error| {
            io::Error::new(error.kind(), format!("make {}: {error}", path.display()))
        };
        let mut directory = fs::DirBuilder::new();
        directory.mode(0o700).create(path).map_err(named)?;
        let made = Self(path.clone());
        for name in ["home", "tmp"] {
            directory.create(path.join(name)).map_err(named)?;
        }
        if let Some(text) = &private.kubeconfig {
            secret(&path.join("kubeconfig"), text).map_err(named)?;
        }
        if let Some(workbook) = &private.copied {
            copy::tree(workbook, &path.join(COPY))?;
        }
        Ok(made)
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        // What a lab made undeletable is left; there is nobody to tell.
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn secret(path: &Path, text: &str) -> io::Result<()> {
    let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(text.as_bytes())
}
