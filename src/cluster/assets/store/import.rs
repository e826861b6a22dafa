//! Importing archives with `ctr`, containerd's own client.

use std::fs::File;
use std::io::{Read as _, Seek as _};
use std::path::Path;
use std::process::{Command, Stdio};

use crate::cluster::assets::AssetsError;
use crate::cluster::assets::child::{self, KilledOnDrop, Leaves};
use crate::cluster::assets::names::{complete_name, full_name};

/// The kubelet's namespace of images.
pub(super) const KUBELETS: &str = "k8s.io";

/// Where the names in a workbook's archive are found out: nothing else has a
/// name there.
const OURS: &str = "labbook";

/// Keeps the kubelet from removing images when the disk is nearly full: they
/// could not be pulled again.
const PINNED: [&str; 2] = ["io.cri-containerd.image=managed", "io.cri-containerd.pinned=pinned"];

/// What the first bytes of a compressed archive say about the program that
/// reads it.
const COMPRESSIONS: [(&[u8], &str); 4] =
    [(b"\x1f\x8b", "gzip"), (b"\x28\xb5\x2f\xfd", "zstd"), (b"\xfd7zXZ", "xz"), (b"BZh", "bzip2")];

/// Imports an archive into the containerd that listens on `socket`, and returns
/// the names of its images. `name` is what a single image is called besides.
///
/// The archive is sent through the socket: a cluster's containerd may be in a
/// mount namespace where the file is not.
pub fn load(socket: &Path, archive: &Path, name: Option<&str>) -> Result<Vec<String>, AssetsError> {
    let fault = |message| AssetsError::Recipe { path: archive.to_owned(), message };
    let wanted = name.map(complete_name).transpose().map_err(fault)?;
    let what = format!("importing {}", archive.display());
    let client = Client { socket, what: &what };
    client.import(OURS, &["--no-unpack"], archive)?;
    let mut names = client.names(OURS)?;
    client.import(KUBELETS, &["--snapshotter", "overlayfs"], archive)?;
    client.forget(OURS, &names)?;
    let wanted = wanted.as_deref().map(full_name);
    if let Some(wanted) = wanted.filter(|wanted| !names.contains(wanted)) {
        let [only] = &names[..] else {
            let (archive, found) = (archive.to_owned(), names.join(", "));
            return Err(AssetsError::WrongArchive { archive, wanted, found });
        };
        client.tag(only, &wanted)?;
        names.push(wanted);
    }
    names.iter().try_for_each(|name| client.pin(name))?;
    Ok(names)
}

/// Imports an archive that holds one image under `names`, which must not take
/// the names that are to be `kept` from the images that have them.
pub(super) fn built(
    socket: &Path,
    archive: &Path,
    names: &[String],
    kept: &[&String],
) -> Result<(), AssetsError> {
    let what = format!("importing {}", archive.display());
    let client = Client { socket, what: &what };
    let kept = kept.iter().enumerate();
    let kept: Vec<_> =
        kept.map(|(at, name)| (full_name(name), format!("labbook.dev/kept:{at}"))).collect();
    kept.iter().try_for_each(|(name, aside)| client.tag(name, aside))?;
    client.import(KUBELETS, &["--snapshotter", "overlayfs"], archive)?;
    for (name, aside) in &kept {
        client.tag(aside, name)?;
        client.ask(KUBELETS, &["images", "remove", aside])?;
    }
    names.iter().try_for_each(|name| client.pin(&full_name(name)))
}

/// `ctr`, and what it is asked for.
pub(super) struct Client<'a> {
    pub(super) socket: &'a Path,
    pub(super) what: &'a str,
}

impl Client<'_> {
    pub(super) fn command(&self, namespace: &str, arguments: &[&str]) -> Command {
        let mut command = child::contained("ctr", Leaves::Mounts);
        command.arg("--address").arg(self.socket).args(["--namespace", namespace]).args(arguments);
        command
    }

    fn ask(&self, namespace: &str, arguments: &[&str]) -> Result<String, AssetsError> {
        child::output_of(self.command(namespace, arguments), self.what)
    }

    /// Gives an image another name.
    fn tag(&self, name: &str, other: &str) -> Result<(), AssetsError> {
        self.ask(KUBELETS, &["images", "tag", "--force", name, other]).map(drop)
    }

    /// Keeps the kubelet from removing an image.
    pub(super) fn pin(&self, name: &str) -> Result<(), AssetsError> {
        self.ask(KUBELETS, &["images", "label", name, PINNED[0], PINNED[1]]).map(drop)
    }

    fn import(&self, namespace: &str, options: &[&str], archive: &Path) -> Result<(), AssetsError> {
        let mut file =
            File::open(archive).map_err(|error| AssetsError::io("read", archive, error))?;
        let mut command = self.command(namespace, &["images", "import"]);
        command.args(options).arg("-");
        // ctr itself reads plain archives alone.
        let Some(program) = compression(&mut file, archive)? else {
            command.stdin(file);
            return child::output_of(command, self.what).map(drop);
        };
        child::need(program, program)?;
        let failed = |error| child::not_started(self.what, error);
        let mut reader = child::contained(program, Leaves::Mounts);
        reader.args(["-d", "-c"]).stdin(file).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut reader = KilledOnDrop(reader.spawn().map_err(failed)?);
        command.stdin(reader.0.stdout.take().expect("standard output was piped"));
        child::output_of(command, self.what).map(drop)
    }

    fn names(&self, namespace: &str) -> Result<Vec<String>, AssetsError> {
        Ok(self
            .ask(namespace, &["images", "list", "--quiet"])?
            .lines()
            .map(str::to_owned)
            .collect())
    }

    /// Removes a namespace and its names; the content stays where others hold it.
    fn forget(&self, namespace: &str, names: &[String]) -> Result<(), AssetsError> {
        for name in names {
            self.ask(namespace, &["images", "remove", "--sync", name])?;
        }
        self.ask(namespace, &["namespaces", "remove", namespace]).map(drop)
    }
}

/// The program that reads a file, where it is compressed. The file is read
/// from its beginning afterwards.
fn compression(file: &mut File, path: &Path) -> Result<Option<&'static str>, AssetsError> {
    let failed = |error| AssetsError::io("read", path, error);
    let mut first = Vec::new();
    file.by_ref().take(6).read_to_end(&mut first).map_err(failed)?;
    file.rewind().map_err(failed)?;
    Ok(COMPRESSIONS.iter().find(|(magic, _)| first.starts_with(magic)).map(|(_, program)| *program))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn compression_is_seen_by_the_first_bytes() {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("archive");
        for (bytes, expected) in [
            (&b"\x1f\x8b\x08rest"[..], Some("gzip")),
            (b"\x28\xb5\x2f\xfdrest", Some("zstd")),
            (b"layer.tar", None),
            (b"", None),
        ] {
            std::fs::write(&path, bytes).expect("it is written");
            let mut file = File::open(&path).expect("it opens");
            assert_eq!(compression(&mut file, &path).expect("it is read"), expected);
            let mut all = Vec::new();
            file.read_to_end(&mut all).expect("it is read");
            assert_eq!(all, bytes);
        }
    }
}
