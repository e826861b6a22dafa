//! The way from a cluster to what the host can reach: `slirp4netns`, which
//! carries connections in user space, so that no rule or setting of the host's
//! own network is touched. Without it pods reach each other and the host only.

use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use tokio::io::AsyncReadExt as _;
use tokio::process::{Child, Command};

use super::EmbeddedError;
use crate::process::Handle;

/// Where slirp4netns answers DNS (slirp4netns(1)).
pub(super) const NAME_SERVER: Ipv4Addr = Ipv4Addr::new(10, 0, 2, 3);

const PROGRAM: &str = "slirp4netns";

/// A running slirp4netns. It is ended when this is dropped, and ends with its input when
/// labbook is killed.
#[derive(Debug)]
pub(super) struct Egress {
    process: Child,
}

/// How long a killed one may take to be gone.
const PATIENCE: Duration = Duration::from_secs(10);

impl Drop for Egress {
    fn drop(&mut self) {
        let pid = self.process.id().and_then(|pid| i32::try_from(pid).ok());
        let handle = pid.and_then(Handle::of);
        // Fails only where it has ended already.
        let _ = self.process.start_kill();
        handle.map(|handle| handle.wait(PATIENCE));
    }
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
            // Also while it starts.
            .kill_on_drop(true)
            .spawn()
            .map_err(failed)?;
        let mut ready = [0];
        let out = process.stdout.as_mut().ok_or_else(|| failed(missing()))?;
        out.read_exact(&mut ready).await.map_err(|_| failed(missing()))?;
        Ok(Self { process })
    }
}

fn missing() -> std::io::Error {
    std::io::Error::other("it ended before it was ready")
}
