//! The Go sources and image recipes of the embedded cluster, carried inside
//! the binary, so that labbook works from a checkout and installed alike.

use std::fs;
use std::io;
use std::path::Path;

use include_dir::{Dir, include_dir};
use sha2::{Digest as _, Sha256};

use crate::digest::{absorb, hex};

static CLUSTER: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/cluster");

/// The module whose version is the cluster's.
const KUBERNETES: &str = "k8s.io/kubernetes";

/// One carried file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Source {
    /// The path from `cluster/`, with `/`.
    pub(super) path: &'static str,
    /// What it holds.
    pub(super) bytes: &'static [u8],
}

/// The Go module: `go.mod`, `go.sum` and every Go file, sorted by path.
pub(super) fn go_module() -> Vec<Source> {
    files(|path| matches!(path, "go.mod" | "go.sum") || is_go(path))
}

/// The files of the image catalogue, below `images/`, sorted by path.
pub(super) fn images() -> Vec<Source> {
    files(|path| path.starts_with("images/"))
}

/// SHA-256 over the Go module's paths and bytes, in hex.
pub(super) fn go_module_hash() -> String {
    let mut hash = Sha256::new();
    for source in go_module() {
        absorb(&mut hash, source.path.as_bytes());
        absorb(&mut hash, source.bytes);
    }
    hex(&hash.finalize())
}

/// Writes the Go module below `directory`.
pub(super) fn write_go_module(directory: &Path) -> io::Result<()> {
    for source in go_module() {
        let path = directory.join(source.path);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::write(path, source.bytes)?;
    }
    Ok(())
}

/// The version of Kubernetes that the module requires, such as `v1.36.3`: the
/// one place that says it is `go.mod`.
pub fn kubernetes_version() -> &'static str {
    required_version(KUBERNETES).unwrap_or("v0.0.0")
}

/// The version at which the module requires another.
pub(super) fn required_version(module: &str) -> Option<&'static str> {
    required(go_mod(), module)
}

/// The oldest Go that builds the module, such as `1.26.0`.
pub fn go_version() -> &'static str {
    go_mod().lines().find_map(|line| line.strip_prefix("go ")).map_or("1.0", str::trim)
}

fn go_mod() -> &'static str {
    CLUSTER.get_file("go.mod").and_then(include_dir::File::contents_utf8).unwrap_or_default()
}

/// The version at which a `go.mod` requires a module.
fn required<'a>(go_mod: &'a str, module: &str) -> Option<&'a str> {
    go_mod.lines().find_map(|line| {
        let line = line.trim();
        let mut words = line.strip_prefix("require ").unwrap_or(line).split_whitespace();
        let (name, version) = (words.next()?, words.next()?);
        (name == module && version.starts_with('v')).then_some(version)
    })
}

fn files(wanted: impl Fn(&str) -> bool) -> Vec<Source> {
    let mut found = Vec::new();
    collect(&CLUSTER, &wanted, &mut found);
    found.sort_unstable();
    found
}

fn collect(
    directory: &'static Dir<'static>,
    wanted: &impl Fn(&str) -> bool,
    found: &mut Vec<Source>,
) {
    for file in directory.files() {
        if let Some(path) = file.path().to_str().filter(|path| wanted(path)) {
            found.push(Source { path, bytes: file.contents() });
        }
    }
    for inner in directory.dirs() {
        collect(inner, wanted, found);
    }
}

fn is_go(path: &str) -> bool {
    Path::new(path).extension().is_some_and(|extension| extension == "go")
        && !path.starts_with("images/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_module_is_carried_whole() {
        let paths: Vec<_> = go_module().iter().map(|source| source.path).collect();
        for path in ["go.mod", "go.sum", "components/main.go", "kubectl/main.go", "pause/main.go"] {
            assert!(paths.contains(&path), "{path} is missing from {paths:?}");
        }
        assert!(paths.iter().all(|path| !path.starts_with("images/")));
    }

    #[test]
    fn versions_are_those_of_go_mod() {
        let go_mod = "module x\n\ngo 1.26.0\n\nrequire k8s.io/kubernetes v1.2.3\n";
        assert_eq!(required(go_mod, KUBERNETES), Some("v1.2.3"));
        assert_eq!(
            required("require (\n\tk8s.io/kubernetes v1.2.3 // why\n)", KUBERNETES),
            Some("v1.2.3")
        );
        assert_eq!(required("replace k8s.io/kubernetes => ./here", KUBERNETES), None);
        assert!(kubernetes_version().starts_with("v1."));
        assert!(go_version().starts_with("1."));
    }
}
