//! Brings an image archive into a running cluster.

use std::fs::File;
use std::path::Path;
use std::process::{Command, Stdio};

use super::{EmbeddedError, Running};

/// Imports the images of a docker-archive or OCI archive, and returns their
/// names.
///
/// # Errors
/// The archive cannot be read, or the cluster's containerd refuses it; the error
/// has its words.
pub fn load(cluster: &Running, archive: &Path) -> Result<Vec<String>, EmbeddedError> {
    let file = File::open(archive).map_err(|error| EmbeddedError::io("read", archive, error))?;
    let first = cluster.first_process.unwrap_or_default().to_string();
    // The host's programs are inside too, and there the runtime's socket is.
    let program = Path::new("nsenter");
    let done = Command::new(program)
        .args(["--target", &first, "--mount", "--net", "--pid", "--"])
        .args(["ctr", "--namespace", "k8s.io", "images", "import", "-"])
        .stdin(file)
        .stderr(Stdio::piped())
        .output()
        .map_err(|error| EmbeddedError::io("start", program, error))?;
    if !done.status.success() {
        return Err(EmbeddedError::Load {
            archive: archive.to_owned(),
            words: String::from_utf8_lossy(&done.stderr).trim().to_owned(),
        });
    }
    Ok(imported(&String::from_utf8_lossy(&done.stdout)))
}

/// `ctr` says `unpacking NAME (sha256:…)...done` of each image.
fn imported(words: &str) -> Vec<String> {
    let name = |line: &str| Some(line.strip_prefix("unpacking ")?.split(' ').next()?.to_owned());
    words.lines().filter_map(name).collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_names_are_what_ctr_unpacked() {
        let words = "unpacking docker.io/library/app:1 (sha256:3b11a9)...done\n";
        assert_eq!(super::imported(words), ["docker.io/library/app:1"]);
    }
}
