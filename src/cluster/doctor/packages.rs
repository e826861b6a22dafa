//! The distribution's programs: what holds them, whether they are there, and
//! how they are installed.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::{Finding, Status};
use crate::cluster::assets::{self, AssetsError, Progress};

/// Something that a package of the distribution brings.
struct Need {
    what: &'static str,
    /// Debian's and Ubuntu's name.
    package: &'static str,
    /// What must be there, each as one of several.
    present: fn() -> Result<String, String>,
    /// What is lost without it, where a cluster works all the same.
    optional: Option<&'static str>,
}

const NEEDS: [Need; 9] = [
    Need {
        what: "containerd",
        package: "containerd",
        present: || programs(&["containerd", "ctr", "containerd-shim-runc-v2"]),
        optional: None,
    },
    Need { what: "runc", package: "runc", present: || programs(&["runc"]), optional: None },
    Need {
        what: "CNI plug-ins",
        package: "containernetworking-plugins",
        present: cni,
        optional: None,
    },
    Need {
        what: "iptables",
        package: "iptables",
        present: || programs(&["iptables", "iptables-restore"]),
        optional: None,
    },
    Need { what: "iproute2", package: "iproute2", present: || programs(&["ip"]), optional: None },
    Need {
        what: "util-linux",
        package: "util-linux",
        present: || programs(&["setpriv", "nsenter", "unshare"]),
        optional: None,
    },
    Need {
        what: "mmdebstrap",
        package: "mmdebstrap",
        present: || programs(&["mmdebstrap"]),
        optional: None,
    },
    Need { what: "static busybox", package: "busybox-static", present: busybox, optional: None },
    Need {
        what: "slirp4netns",
        package: "slirp4netns",
        present: || programs(&["slirp4netns"]),
        optional: Some("pods do not reach the world outside"),
    },
];

/// Where distributions keep the CNI plug-ins.
const CNI_DIRECTORIES: [&str; 4] =
    ["/usr/lib/cni", "/opt/cni/bin", "/usr/libexec/cni", "/usr/lib64/cni"];

/// The plug-ins that a cluster's network is made of.
const CNI_PLUGINS: [&str; 4] = ["bridge", "host-local", "loopback", "portmap"];

/// The directory that has all CNI plug-ins that a cluster needs.
pub fn cni_directory() -> Option<PathBuf> {
    let whole =
        |directory: &&Path| CNI_PLUGINS.iter().all(|plugin| directory.join(plugin).is_file());
    CNI_DIRECTORIES.iter().map(Path::new).find(whole).map(Path::to_owned)
}

/// Why the packages could not be installed.
#[derive(Debug, thiserror::Error)]
pub enum InstallError {
    /// Only root may.
    #[error("install {0}: this needs root; run it with sudo")]
    NotRoot(String),
    /// No apt.
    #[error(
        "install {0}: only apt-get (Debian, Ubuntu and their like) is known, and it is not here; \
         install what `labbook cluster doctor` names by hand, or use a cluster that you have: `--context NAME`"
    )]
    NoPackageManager(String),
    /// apt failed, with its words.
    #[error(transparent)]
    Apt(#[from] AssetsError),
    /// apt was content, and yet something is not there.
    #[error("install {0}: apt-get installed it, but it is still not found")]
    StillMissing(String),
}

/// A finding for each need.
pub(super) fn examine() -> Vec<Finding> {
    NEEDS.iter().map(find).collect()
}

/// Installs the distribution's packages that are missing; none where nothing
/// is. Returns their names.
pub fn install(progress: &dyn Fn(Progress<'_>)) -> Result<Vec<&'static str>, InstallError> {
    let missing = || {
        NEEDS
            .iter()
            .filter(|need| (need.present)().is_err())
            .map(|need| need.package)
            .collect::<Vec<_>>()
    };
    let packages = missing();
    if packages.is_empty() {
        return Ok(packages);
    }
    let list = packages.join(" ");
    if assets::find("apt-get").is_none() {
        return Err(InstallError::NoPackageManager(list));
    }
    if !nix::unistd::geteuid().is_root() {
        return Err(InstallError::NotRoot(list));
    }
    progress(Progress::Stage("reading the distribution's lists of packages"));
    assets::run_to_end(apt(&["update"]), "apt-get update", progress)?;
    let what = format!("installing {list}");
    progress(Progress::Stage(&what));
    let arguments = ["install", "--yes", "--no-install-recommends"];
    assets::run_to_end(apt(&[&arguments[..], &packages].concat()), &what, progress)?;
    let still: Vec<_> = missing();
    if still.is_empty() { Ok(packages) } else { Err(InstallError::StillMissing(still.join(" "))) }
}

/// apt finishes what it began when labbook is killed: half an installation is
/// worse than a process that ends by itself.
fn apt(arguments: &[&str]) -> Command {
    let mut command = assets::plain("apt-get");
    command.args(["--quiet", "-o", "DPkg::Lock::Timeout=120"]).args(arguments);
    command
        .env("DEBIAN_FRONTEND", "noninteractive")
        .env("NEEDRESTART_MODE", "l")
        .env("LC_ALL", "C.UTF-8");
    command
}

fn find(need: &Need) -> Finding {
    match ((need.present)(), need.optional) {
        (Ok(place), _) => Finding::ok(need.what, place),
        (Err(lack), loss) => Finding {
            what: need.what.to_owned(),
            status: if loss.is_some() { Status::Warning } else { Status::Missing },
            detail: loss.map_or(lack.clone(), |loss| format!("{lack}: {loss}")),
            mend: Some(format!("apt-get install --no-install-recommends {}", need.package)),
        },
    }
}

fn programs(names: &[&str]) -> Result<String, String> {
    let places: Vec<_> = names.iter().map(|name| (*name, assets::find(name))).collect();
    let lacking: Vec<_> =
        places.iter().filter(|(_, place)| place.is_none()).map(|(name, _)| *name).collect();
    match (&lacking[..], &places[..]) {
        ([], [(_, Some(first)), ..]) => Ok(first.display().to_string()),
        _ => Err(format!("{} not found", lacking.join(", "))),
    }
}

fn cni() -> Result<String, String> {
    cni_directory().map(|directory| directory.display().to_string()).ok_or_else(|| {
        format!(
            "no directory of {} has all of {}",
            CNI_DIRECTORIES.join(", "),
            CNI_PLUGINS.join(", ")
        )
    })
}

fn busybox() -> Result<String, String> {
    assets::static_busybox()
        .map(|path| path.display().to_string())
        .map_err(|_| "there is none, or it needs libraries".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn need(present: fn() -> Result<String, String>, optional: Option<&'static str>) -> Finding {
        find(&Need { what: "thing", package: "thing-package", present, optional })
    }

    #[test]
    fn what_is_there_needs_no_mending() {
        assert_eq!(need(|| Ok("/bin/thing".to_owned()), None), Finding::ok("thing", "/bin/thing"));
    }

    #[test]
    fn what_is_missing_names_its_package() {
        let found = need(|| Err("thing not found".to_owned()), None);
        assert_eq!(found.status, Status::Missing);
        assert_eq!(
            found.mend.as_deref(),
            Some("apt-get install --no-install-recommends thing-package")
        );
        let found = need(|| Err("thing not found".to_owned()), Some("less is seen"));
        assert_eq!(
            (found.status, found.detail.as_str()),
            (Status::Warning, "thing not found: less is seen")
        );
    }

    #[test]
    fn programs_that_are_not_there_are_named() {
        assert!(programs(&["sh"]).is_ok_and(|place| place.ends_with("/sh")));
        assert_eq!(
            programs(&["sh", "no-such-program"]),
            Err("no-such-program not found".to_owned())
        );
    }
}
