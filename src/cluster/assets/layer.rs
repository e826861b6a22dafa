//! An image's layer: a tar that is the same for the same contents.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, Read, Write};
use std::path::Path;

use tar::{EntryType, Header};

/// What a layer of the distribution leaves out: what only a package manager or
/// a reader of manuals needs, and what names this host's mirrors. Copyright
/// files stay.
const LEFT_OUT: [&str; 15] = [
    "etc/apt/apt.conf.d/99mmdebstrap",
    "etc/apt/sources.list",
    "etc/apt/sources.list.d/",
    "etc/hostname",
    "etc/resolv.conf",
    "usr/share/info/",
    "usr/share/lintian/",
    "usr/share/locale/",
    "usr/share/man/",
    "var/cache/apt/",
    "var/cache/debconf/",
    "var/cache/ldconfig/",
    "var/lib/apt/lists/",
    "var/log/",
    "var/tmp/",
];

/// A layer that is being written.
pub(super) struct Layer<W: Write> {
    tar: tar::Builder<W>,
    present: BTreeSet<String>,
}

impl<W: Write> Layer<W> {
    pub(super) fn new(sink: W) -> Self {
        Self { tar: tar::Builder::new(sink), present: BTreeSet::new() }
    }

    /// Ends the layer, and gives back what it was written to.
    pub(super) fn finish(self) -> io::Result<W> {
        self.tar.into_inner()
    }

    /// A directory, and those above it.
    pub(super) fn directory(&mut self, path: &str, mode: u32) -> io::Result<()> {
        self.parents(path)?;
        if self.present.insert(bare(path).to_owned()) {
            let mut header = header(EntryType::Directory, 0, mode);
            self.tar.append_data(&mut header, format!("{}/", bare(path)), io::empty())?;
        }
        Ok(())
    }

    /// A file.
    pub(super) fn file(&mut self, path: &str, mode: u32, bytes: &[u8]) -> io::Result<()> {
        self.content(path, mode, bytes.len() as u64, bytes)
    }

    /// A file with the bytes of one of this host, which may be executed.
    pub(super) fn program(&mut self, path: &str, from: &Path) -> io::Result<()> {
        let file = File::open(from)?;
        let size = file.metadata()?.len();
        self.content(path, 0o755, size, file)
    }

    /// A symbolic link.
    pub(super) fn link(&mut self, path: &str, target: &str) -> io::Result<()> {
        self.parents(path)?;
        self.present.insert(bare(path).to_owned());
        self.tar.append_link(&mut header(EntryType::Symlink, 0, 0o777), bare(path), target)
    }

    /// All entries of another tar but those of [`LEFT_OUT`], in its order.
    ///
    /// `now` is when the other one began to be made, in seconds of the epoch:
    /// what is younger was generated and gets time 0; what is older came with
    /// a package and keeps its time, which compiled Python modules refer to.
    pub(super) fn copy(&mut self, other: impl Read, now: u64) -> io::Result<()> {
        let mut archive = tar::Archive::new(other);
        for entry in archive.entries()? {
            let mut entry = entry?;
            let path = entry.path()?.to_string_lossy().into_owned();
            let path = bare(path.strip_prefix("./").unwrap_or(&path));
            if path.is_empty() || path == "." || is_left_out(path) {
                continue;
            }
            let path = path.to_owned();
            self.present.insert(path.clone());
            self.extended_attributes(&mut entry)?;
            let mut header = entry.header().clone();
            if header.mtime()? >= now {
                header.set_mtime(0);
            }
            header.set_username("")?;
            header.set_groupname("")?;
            if let Some(target) = entry.link_name()?.map(std::borrow::Cow::into_owned) {
                header.set_size(0);
                self.tar.append_link(&mut header, &path, target)?;
            } else {
                let suffix = if header.entry_type().is_dir() { "/" } else { "" };
                self.tar.append_data(&mut header, format!("{path}{suffix}"), &mut entry)?;
            }
        }
        Ok(())
    }

    /// File capabilities and the like come as extensions before an entry.
    fn extended_attributes(&mut self, entry: &mut tar::Entry<'_, impl Read>) -> io::Result<()> {
        let mut kept = Vec::new();
        for extension in entry.pax_extensions()?.into_iter().flatten() {
            let extension = extension?;
            if let Ok(key) = extension.key()
                && key.starts_with("SCHILY.xattr.")
            {
                kept.push((key.to_owned(), extension.value_bytes().to_vec()));
            }
        }
        if kept.is_empty() {
            return Ok(());
        }
        self.tar
            .append_pax_extensions(kept.iter().map(|(key, value)| (key.as_str(), value.as_slice())))
    }

    fn content(&mut self, path: &str, mode: u32, size: u64, bytes: impl Read) -> io::Result<()> {
        self.parents(path)?;
        self.present.insert(bare(path).to_owned());
        self.tar.append_data(&mut header(EntryType::Regular, size, mode), bare(path), bytes)
    }

    /// Directories above a path; those that are there (or are links to
    /// elsewhere) stay as they are.
    fn parents(&mut self, path: &str) -> io::Result<()> {
        let path = bare(path).to_owned();
        for (end, _) in path.match_indices('/') {
            if !self.present.contains(&path[..end]) {
                self.directory(&path[..end], 0o755)?;
            }
        }
        Ok(())
    }
}

fn bare(path: &str) -> &str {
    path.trim_matches('/')
}

/// Directories of [`LEFT_OUT`] stay, empty.
fn is_left_out(path: &str) -> bool {
    let in_list = LEFT_OUT.iter().any(|left_out| match left_out.strip_suffix('/') {
        Some(_) => path.starts_with(left_out),
        None => path == *left_out,
    });
    let documentation = path
        .strip_prefix("usr/share/doc/")
        .is_some_and(|below| below.contains('/') && !below.ends_with("/copyright"));
    in_list || documentation
}

fn header(kind: EntryType, size: u64, mode: u32) -> Header {
    let mut header = Header::new_gnu();
    header.set_entry_type(kind);
    header.set_size(size);
    header.set_mode(mode);
    header.set_mtime(0);
    header.set_uid(0);
    header.set_gid(0);
    header
}

#[cfg(test)]
#[path = "layer_tests.rs"]
mod tests;
