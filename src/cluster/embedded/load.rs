//! Brings an image archive into a running cluster.

use std::path::Path;

use super::{EmbeddedError, Running};
use crate::cluster::assets;

/// Imports the images of a docker-archive or OCI archive, and returns their
/// names.
///
/// # Errors
/// The archive cannot be read, or the cluster's containerd refuses it; the error
/// has its words.
pub fn load(cluster: &Running, archive: &Path) -> Result<Vec<String>, EmbeddedError> {
    let first = cluster.first_process.unwrap_or_default().to_string();
    // The runtime's socket, as the cluster's first process sees it.
    let socket = Path::new("/proc").join(first).join("root/run/containerd/containerd.sock");
    Ok(assets::load(&socket, archive, None)?)
}
