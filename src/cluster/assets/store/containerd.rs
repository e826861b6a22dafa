//! The containerd that prepares a store.

use std::fs;
use std::io::{self, ErrorKind};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::thread;
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use super::{WHAT, link};
use crate::cluster::assets::AssetsError;
use crate::cluster::assets::cache::Scratch;
use crate::cluster::assets::child::{self, KilledOnDrop, Leaves};

/// The longest path of a socket, less what containerd appends to it.
const LONGEST_ADDRESS: usize = 95;

/// How long containerd may take to start or to stop.
const PATIENCE: Duration = Duration::from_secs(30);

/// A containerd that only unpacks: no CRI, no network, no containers.
pub(super) struct Containerd {
    process: KilledOnDrop,
    /// Where it listens.
    pub(super) socket: PathBuf,
    log: PathBuf,
}

impl Containerd {
    /// Starts it with an empty root in the scratch's product.
    pub(super) fn start(scratch: &Scratch) -> Result<Self, AssetsError> {
        let socket = scratch.path("c.sock");
        if socket.as_os_str().len() > LONGEST_ADDRESS {
            return Err(AssetsError::LongPath(socket));
        }
        let product = scratch.product();
        fs::create_dir(&product).map_err(|error| AssetsError::io("make", &product, error))?;
        let config = scratch.path("config.toml");
        let log = scratch.path("log");
        let text = configuration(&link::containerd_root(&product), &scratch.path("state"), &socket);
        fs::write(&config, text).map_err(|error| AssetsError::io("write", &config, error))?;
        let sink = fs::File::create(&log).map_err(|error| AssetsError::io("write", &log, error))?;
        let mut command = child::contained("containerd", Leaves::Mounts);
        command.arg("--config").arg(&config).stdout(Stdio::null()).stderr(sink);
        // Where it unpacks, and whatever it mounts for that, is in the scratch.
        command.env("TMPDIR", scratch.path(""));
        let process = command.spawn().map_err(|error| child::not_started(WHAT, error))?;
        let mut started = Self { process: KilledOnDrop(process), socket, log };
        started.wait_until_it_answers()?;
        Ok(started)
    }

    fn wait_until_it_answers(&mut self) -> Result<(), AssetsError> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            match UnixStream::connect(&self.socket) {
                Ok(_) => return Ok(()),
                Err(error)
                    if matches!(
                        error.kind(),
                        ErrorKind::NotFound | ErrorKind::ConnectionRefused
                    ) => {}
                Err(error) => return Err(AssetsError::io("reach", &self.socket, error)),
            }
            let ended =
                self.process.0.try_wait().map_err(|error| child::not_started(WHAT, error))?;
            if ended.is_some() || Instant::now() > deadline {
                return Err(self
                    .failure(&ended.map_or("no answer".to_owned(), |status| status.to_string())));
            }
            // A socket that is made raises no event.
            thread::sleep(Duration::from_millis(10));
        }
    }

    /// Stops it, so that its databases are whole.
    pub(super) fn stop(&mut self) -> Result<(), AssetsError> {
        let pid = Pid::from_raw(i32::try_from(self.process.0.id()).unwrap_or(i32::MAX));
        kill(pid, Signal::SIGTERM)
            .map_err(|error| child::not_started(WHAT, io::Error::from(error)))?;
        let deadline = Instant::now() + PATIENCE;
        while self.process.0.try_wait().map_err(|error| child::not_started(WHAT, error))?.is_none()
        {
            if Instant::now() > deadline {
                return Err(self.failure("it does not stop"));
            }
            // The standard library waits without a limit, or not at all.
            thread::sleep(Duration::from_millis(10));
        }
        Ok(())
    }

    fn failure(&self, status: &str) -> AssetsError {
        let log = fs::read_to_string(&self.log).unwrap_or_default();
        let lines: Vec<_> = log.lines().collect();
        let words = lines[lines.len().saturating_sub(20)..].join("\n");
        AssetsError::Failed {
            what: "containerd, which prepares the store of images,".to_owned(),
            status: status.to_owned(),
            words,
        }
    }
}

/// The plug-ins that are left out reach for the network, for other disks or
/// for directories of the host.
fn configuration(root: &Path, state: &Path, socket: &Path) -> String {
    let off = [
        "io.containerd.grpc.v1.cri",
        "io.containerd.cri.v1.images",
        "io.containerd.cri.v1.runtime",
        "io.containerd.internal.v1.opt",
        "io.containerd.nri.v1.nri",
        "io.containerd.snapshotter.v1.aufs",
        "io.containerd.snapshotter.v1.blockfile",
        "io.containerd.snapshotter.v1.btrfs",
        "io.containerd.snapshotter.v1.devmapper",
        "io.containerd.snapshotter.v1.zfs",
    ];
    let mut config = toml::Table::new();
    config.insert("version".to_owned(), 2.into());
    config.insert("root".to_owned(), root.to_string_lossy().into_owned().into());
    config.insert("state".to_owned(), state.to_string_lossy().into_owned().into());
    config.insert("disabled_plugins".to_owned(), toml::Value::from(off.to_vec()));
    let address = toml::Value::from(socket.to_string_lossy().into_owned());
    config.insert(
        "grpc".to_owned(),
        toml::Table::from_iter([("address".to_owned(), address)]).into(),
    );
    config.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_configuration_quotes_paths() {
        let text = configuration(Path::new("/a \"b\"/root"), Path::new("/s"), Path::new("/c.sock"));
        let table: toml::Table = text.parse().expect("it is TOML");
        assert_eq!(table["root"].as_str(), Some("/a \"b\"/root"));
        assert_eq!(table["grpc"]["address"].as_str(), Some("/c.sock"));
        assert_eq!(table["version"].as_integer(), Some(2));
    }
}
