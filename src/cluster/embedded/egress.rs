//! The way from a cluster to what the host can reach: `slirp4netns`, which
//! carries connections in user space, so that no rule or setting of the host's
//! own network is touched. Without it pods reach each other and the host only.

use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use tokio::io::AsyncReadExt as _;
use tokio::process::{Child, Command};

use super::EmbeddedError;

/// Where slirp4netns answers DNS (slirp4netns(1)).
pub(super) const NAME_SERVER: Ipv4Addr = Ipv4Addr::new(10, 0, 2, 3);

const PROGRAM: &str = "slirp4netns";

/// A running slirp4netns. It ends with its input: when this is dropped, and
/// when labbook is killed.
#[derive(Debug)]
pub(super) struct Egress {
    _process: Child,
}

/// The program, where this host has it and the device that it needs.
pub(super) fn program() -> Option<PathBuf> {
    if !Path::new("/dev/net/tun").exists() {
        return None;
    }
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|directory| directory.join(PROGRAM)).find(|file| file.exists())
}

impl Egress {
    /// Starts carrying the traffic of the network namespace of `pid`, and
    /// returns once it does.
    pub(super) async fn start(program: &Path, pid: u32) -> Result<Self, EmbeddedError> {
        let failed = |error| EmbeddedError::io("start", program, error);
        let mut process = Command::new(program)
            .args(["--configure", "--mtu=65520", "--disable-host-loopback"])
            // It ends when its input does, and says on its output that it is ready.
            .args(["--exit-fd=0", "--ready-fd=1", "--netns-type=path"])
            .arg(super::owner::network_of(pid))
            .arg("tap0")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .process_group(0)
            .kill_on_drop(true)
            .spawn()
            .map_err(failed)?;
        let mut ready = [0];
        let out = process.stdout.as_mut().ok_or_else(|| failed(missing()))?;
        out.read_exact(&mut ready).await.map_err(|_| failed(missing()))?;
        Ok(Self { _process: process })
    }
}

fn missing() -> std::io::Error {
    std::io::Error::other("it ended before it was ready")
}
