//! The cluster's programs: built once from the carried Go sources, with the
//! user's own Go, into the cache.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::Command;

use super::cache::{Cache, Hold, Kind, Scratch};
use super::child::{self, Leaves};
use super::sources;
use super::{AssetsError, Progress};

/// The packages that are programs; each is built under its own name.
const PROGRAMS: [&str; 4] = ["components", "coredns", "kubectl", "pause"];

/// What the programs are called in an error.
const WHAT: &str = "building the cluster's programs";

/// The programs of the cluster. They stay in the cache while this lives.
#[derive(Debug)]
pub struct Programs {
    /// etcd, the control plane, kubelet, kube-proxy and `device-filter`: the
    /// first argument chooses.
    pub components: PathBuf,
    /// kubectl.
    pub kubectl: PathBuf,
    /// What tells these programs from others: the name of their directory.
    pub key: String,
    directory: PathBuf,
    _hold: Hold,
}

impl Programs {
    fn of(key: String, directory: PathBuf, hold: Hold) -> Self {
        Self {
            components: directory.join("components"),
            kubectl: directory.join("kubectl"),
            key,
            directory,
            _hold: hold,
        }
    }

    /// The program of that name: `components`, `coredns`, `kubectl`, `pause`.
    pub(super) fn named(&self, name: &str) -> Option<PathBuf> {
        PROGRAMS.contains(&name).then(|| self.directory.join(name))
    }
}

/// The programs, built where the cache does not have them.
pub fn programs(cache: &Cache, progress: &dyn Fn(Progress<'_>)) -> Result<Programs, AssetsError> {
    let key = key(cache)?;
    let waiting = || progress(Progress::Waiting(WHAT));
    let (directory, hold) =
        cache.get_or_make(Kind::Programs, &key, waiting, |scratch| build(scratch, progress))?;
    Ok(Programs::of(key, directory, hold))
}

/// The programs, where the cache has them.
pub(super) fn existing(cache: &Cache) -> Option<Programs> {
    let key = key(cache).ok()?;
    let (directory, hold) = cache.get(Kind::Programs, &key)?;
    Some(Programs::of(key, directory, hold))
}

fn key(cache: &Cache) -> Result<String, AssetsError> {
    let prefix = &sources::go_module_hash()[..16];
    match go_version()? {
        Some(version) => Ok(format!("{prefix}-{version}-{}", std::env::consts::ARCH)),
        // Programs that are there already need no Go.
        None => cache.keys(Kind::Programs, prefix).into_iter().next().ok_or(AssetsError::NoGo),
    }
}

/// The version of the installed Go, such as `go1.26.8`; none without one.
fn go_version() -> Result<Option<String>, AssetsError> {
    if child::find("go").is_none() {
        return Ok(None);
    }
    let mut go = child::plain("go");
    go.args(["env", "GOVERSION"]);
    Ok(Some(child::output_of(go, "asking Go for its version")?.trim().to_owned()))
}

fn build(scratch: &Scratch, progress: &dyn Fn(Progress<'_>)) -> Result<(), AssetsError> {
    let module = scratch.path("module");
    sources::write_go_module(&module).map_err(|error| AssetsError::io("write", &module, error))?;
    child::need("setpriv", "util-linux")?;

    progress(Progress::Stage("fetching the cluster's sources"));
    let total = count_packages(scratch, &module, progress)?;

    progress(Progress::Stage(WHAT));
    let product = scratch.product();
    std::fs::create_dir(&product).map_err(|error| AssetsError::io("make", &product, error))?;
    let mut command = go(scratch, &module);
    command.args(["build", "-v", "-trimpath", "-mod=readonly", "-buildvcs=false", "-ldflags"]);
    command.arg(ldflags(sources::kubernetes_version())).arg("-o").arg(&product);
    command.args(PROGRAMS.map(|name| format!("./{name}")));
    let mut done = 0;
    let mut on_line = |line: &str| {
        if is_package(line) {
            done = total.min(done + 1);
            progress(Progress::Share { done, total });
        } else {
            progress(Progress::Line(line));
        }
    };
    let ((), ended) = child::run(command, WHAT, &mut on_line, drop)?;
    ended.check(WHAT)
}

/// Fetches what the programs are built from, and counts their packages.
fn count_packages(
    scratch: &Scratch,
    module: &Path,
    progress: &dyn Fn(Progress<'_>),
) -> Result<usize, AssetsError> {
    let what = "fetching the cluster's sources";
    let mut command = go(scratch, module);
    command.args(["list", "-deps", "-mod=readonly"]).args(PROGRAMS.map(|name| format!("./{name}")));
    let mut on_line = |line: &str| progress(Progress::Line(line));
    let (count, ended) =
        child::run(command, what, &mut on_line, |stdout| BufReader::new(stdout).lines().count())?;
    ended.check(what)?;
    Ok(count)
}

/// Go, with what would change the result taken out of its environment. The
/// user's proxies, caches and toolchain settings stay.
fn go(scratch: &Scratch, module: &Path) -> Command {
    let mut command = child::contained("go", Leaves::ProcessesAndMounts);
    command.current_dir(module);
    for name in ["GOOS", "GOARCH", "GO111MODULE", "GOEXPERIMENT", "GODEBUG"] {
        command.env_remove(name);
    }
    command.env("CGO_ENABLED", "0").env("GOWORK", "off");
    // Where it is empty, Go takes the flags that `go env -w` stored.
    command.env("GOFLAGS", "-mod=readonly");
    // Its temporary files end with ours.
    command.env("GOTMPDIR", scratch.path("module"));
    command
}

/// Kubernetes' programs take their version from the linker: without it kubectl
/// refuses to run.
fn ldflags(version: &str) -> String {
    let mut numbers = version.trim_start_matches('v').split('.');
    let (major, minor) = (numbers.next().unwrap_or_default(), numbers.next().unwrap_or_default());
    let mut flags = String::from("-s -w");
    for package in ["k8s.io/component-base/version", "k8s.io/client-go/pkg/version"] {
        for (name, value) in [
            ("gitVersion", version),
            ("gitMajor", major),
            ("gitMinor", minor),
            ("gitTreeState", "clean"),
        ] {
            flags.extend([" -X ", package, ".", name, "=", value]);
        }
    }
    flags
}

/// Whether a line of `go build -v` is the name of a package that was built:
/// everything else that Go says has blanks or begins with `#`.
fn is_package(line: &str) -> bool {
    !line.is_empty() && !line.starts_with('#') && !line.contains([' ', ':', '\t'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_is_stamped_where_kubectl_looks() {
        let flags = ldflags("v1.36.3");
        assert!(
            flags.starts_with("-s -w -X k8s.io/component-base/version.gitVersion=v1.36.3 "),
            "{flags}"
        );
        assert!(flags.contains(" -X k8s.io/client-go/pkg/version.gitMinor=36 "), "{flags}");
    }

    #[test]
    fn packages_are_told_from_words() {
        assert!(is_package("k8s.io/kubernetes/pkg/kubelet"));
        assert!(is_package("unicode"));
        for line in [
            "",
            "go: downloading k8s.io/api v0.36.3",
            "# labbook.dev/cluster/components",
            "x.go:3:4: no",
        ] {
            assert!(!is_package(line), "{line}");
        }
    }
}
