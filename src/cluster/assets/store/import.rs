//! Importing archives with `ctr`, containerd's own client.

use std::fs::File;
use std::io::{Read as _, Seek as _};
use std::path::Path;
use std::process::{Command, Stdio};

use super::Names;
use crate::cluster::assets::AssetsError;
use crate::cluster::assets::child::{self, KilledOnDrop, Leaves};
use crate::cluster::assets::names::{complete_name, full_name};

/// The kubelet's namespace of images.
const KUBELETS: &str = "k8s.io";

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

/// Imports an archive into a cluster's containerd, which listens on `socket`,
/// and returns the names of its images. `name` is what a single image is called
/// besides.
///
/// The archive is sent through the socket: containerd may be in a mount
/// namespace where the file is not.
pub fn load(socket: &Path, archive: &Path, name: Option<&str>) -> Result<Vec<String>, AssetsError> {
    let complete = |name| {
        complete_name(name)
            .map_err(|message| AssetsError::Recipe { path: archive.to_owned(), message })
    };
    let names = Names::InArchive(name.map(complete).transpose()?);
    import(socket, archive, &names)
}

/// Imports an archive, unpacked, into the containerd that listens on `socket`,
/// and sees to it that the workbook's name for it is known.
pub(super) fn import(
    socket: &Path,
    archive: &Path,
    expected: &Names,
) -> Result<Vec<String>, AssetsError> {
    let what = format!("importing {}", archive.display());
    let client = Client { socket, what: &what };
    let mut names = match expected {
        Names::Known(names) => names.iter().map(|name| full_name(name)).collect(),
        Names::InArchive(_) => {
            client.import(OURS, &["--no-unpack"], archive)?;
            client.names(OURS)?
        }
    };
    client.import(KUBELETS, &["--snapshotter", "overlayfs"], archive)?;
    if let Names::InArchive(wanted) = expected {
        client.forget(OURS, &names)?;
        let wanted = wanted.as_deref().map(full_name);
        if let Some(wanted) = wanted.filter(|wanted| !names.contains(wanted)) {
            let [only] = &names[..] else {
                let (archive, found) = (archive.to_owned(), names.join(", "));
                return Err(AssetsError::WrongArchive { archive, wanted, found });
            };
            client.ask(KUBELETS, &["images", "tag", "--force", only, &wanted])?;
            names.push(wanted);
        }
    }
    for name in &names {
        client.ask(KUBELETS, &["images", "label", name, PINNED[0], PINNED[1]])?;
    }
    Ok(names)
}

struct Client<'a> {
    socket: &'a Path,
    what: &'a str,
}

impl Client<'_> {
    fn command(&self, namespace: &str, arguments: &[&str]) -> Command {
        let mut command = child::contained("ctr", Leaves::Mounts);
        command.arg("--address").arg(self.socket).args(["--namespace", namespace]).args(arguments);
        command
    }

    fn ask(&self, namespace: &str, arguments: &[&str]) -> Result<String, AssetsError> {
        child::output_of(self.command(namespace, arguments), self.what)
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
