//! The machine itself: the system, Go, the kernel, and room.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use nix::sys::statfs::{OVERLAYFS_SUPER_MAGIC, statfs};
use nix::sys::statvfs::statvfs;

use super::Finding;
use crate::cluster::assets;

/// The controllers that the kubelet and runc use.
const CONTROLLERS: [&str; 4] = ["cpu", "cpuset", "memory", "pids"];

/// Those that exist on cgroup v1 alone; v2 has other means.
const CONTROLLERS_V1: [&str; 4] = ["blkio", "cpuacct", "devices", "freezer"];

/// Programs, images and a store, each built beside its predecessor, and Go's
/// own sources and objects (3 GiB), which are on the same disk as a rule.
const CACHE_GIB: u64 = 6;

/// What one cluster and its labs write.
const STATE_GIB: u64 = 2;

/// All processes of one cluster.
const MEMORY_GIB: u64 = 2;

const OTHER_WAYS: &str = "use a cluster that you have: --context NAME";

/// The system and the user.
pub(super) fn host() -> Vec<Finding> {
    let system = match std::env::consts::OS {
        "linux" => Finding::ok("Linux", kernel_release()),
        other => Finding::missing("Linux", format!("this is {other}; {OTHER_WAYS}")),
    };
    let root = if nix::unistd::geteuid().is_root() {
        Finding::ok("root", "yes")
    } else {
        Finding::missing("root", format!("namespaces and mounts need it; or {OTHER_WAYS}"))
            .mended_by("sudo --preserve-env=PATH labbook …")
    };
    vec![system, root]
}

/// Go, which builds the cluster's programs.
pub(super) fn go() -> Finding {
    let wanted = assets::go_version();
    let missing =
        |detail: String| Finding::missing("Go", detail).mended_by("see https://go.dev/doc/install");
    if assets::find("go").is_none() {
        return missing(format!("not installed; expected {wanted} or newer"));
    }
    let asked = |variable: &str| {
        let output = Command::new("go").args(["env", variable]).output().ok()?;
        Some(String::from_utf8_lossy(&output.stdout).trim().to_owned())
    };
    let Some(found) = asked("GOVERSION") else {
        return missing("it does not run".to_owned());
    };
    if numbers(&found) >= numbers(wanted) {
        Finding::ok("Go", found)
    } else if asked("GOTOOLCHAIN").is_some_and(|toolchain| toolchain.starts_with("auto")) {
        Finding::ok("Go", format!("{found}, which fetches {wanted} by itself"))
    } else {
        missing(format!("{found}, expected {wanted} or newer"))
    }
}

/// What the kernel must offer.
pub(super) fn kernel() -> Vec<Finding> {
    let filesystems = fs::read_to_string("/proc/filesystems").unwrap_or_default();
    let overlay =
        filesystems.lines().any(|line| line.split_whitespace().next_back() == Some("overlay"));
    let namespaces: Vec<_> = ["mnt", "pid", "ipc", "uts", "net", "cgroup"]
        .into_iter()
        .filter(|name| !Path::new("/proc/self/ns").join(name).exists())
        .collect();
    vec![
        if overlay {
            Finding::ok("overlayfs", "supported")
        } else {
            Finding::missing("overlayfs", "the kernel does not have it loaded")
                .mended_by("modprobe overlay")
        },
        if namespaces.is_empty() {
            Finding::ok("namespaces", "mount, PID, IPC, UTS, network and cgroup")
        } else {
            Finding::missing("namespaces", format!("the kernel has no {}", namespaces.join(", ")))
        },
        cgroups(
            &fs::read_to_string("/proc/cgroups").unwrap_or_default(),
            &fs::read_to_string("/proc/self/mounts").unwrap_or_default(),
            &fs::read_to_string("/sys/fs/cgroup/cgroup.controllers").unwrap_or_default(),
        ),
    ]
}

/// `v1` is `/proc/cgroups`, `v2` the root's `cgroup.controllers`.
fn cgroups(v1: &str, mounts: &str, v2: &str) -> Finding {
    let mounted: Vec<(&str, &str)> = mounts
        .lines()
        .filter_map(|line| {
            let mut fields = line.split(' ').skip(1);
            Some((fields.next()?, fields.next()?))
        })
        .collect();
    let unified = mounted.contains(&("/sys/fs/cgroup", "cgroup2"));
    let (hierarchy, present): (_, BTreeSet<&str>) = if unified {
        ("v2", v2.split_whitespace().collect())
    } else {
        let enabled = v1.lines().filter(|line| !line.starts_with('#')).filter_map(|line| {
            let fields: Vec<_> = line.split_whitespace().collect();
            (fields.last() == Some(&"1")).then(|| fields[0])
        });
        let hybrid = mounted.iter().any(|(_, kind)| *kind == "cgroup2");
        (if hybrid { "v1, hybrid" } else { "v1" }, enabled.collect())
    };
    let only_v1 = CONTROLLERS_V1.iter().filter(|_| !unified);
    let lacking: Vec<&str> = CONTROLLERS
        .iter()
        .chain(only_v1)
        .filter(|name| !present.contains(*name))
        .copied()
        .collect();
    if !mounted.iter().any(|(_, kind)| kind.starts_with("cgroup")) {
        Finding::missing("cgroups", "no hierarchy is mounted")
            .mended_by("mount -t cgroup2 none /sys/fs/cgroup")
    } else if lacking.is_empty() {
        Finding::ok("cgroups", hierarchy)
    } else {
        Finding::missing("cgroups", format!("{hierarchy}, without {}", lacking.join(", ")))
    }
}

/// Disk and memory.
pub(super) fn room(cache: &Path, state: &Path) -> Vec<Finding> {
    let disk = |what: &str, path: &Path, wanted: u64| match free_bytes(path) {
        _ if is_overlay(path) => {
            let detail =
                format!("{} is on an overlay; containers need a real disk there", path.display());
            Finding::missing(what, detail)
        }
        Some(free) => enough(what, free, wanted, &format!("free for {}", path.display())),
        None => Finding::warning(what, format!("the disk of {} does not say", path.display())),
    };
    let meminfo = fs::read_to_string("/proc/meminfo").unwrap_or_default();
    vec![
        disk("disk for the cache", cache, CACHE_GIB)
            .or_mended_by("name another directory in LABBOOK_CACHE"),
        disk("disk for clusters", state, STATE_GIB),
        match available_memory(&meminfo) {
            Some(free) => enough("memory", free, MEMORY_GIB, "available"),
            None => Finding::warning("memory", "the kernel does not say"),
        },
    ]
}

impl Finding {
    /// Adds a way to mend it where it needs one.
    fn or_mended_by(self, command: &str) -> Self {
        if self.status == super::Status::Ok { self } else { self.mended_by(command) }
    }
}

fn enough(what: &str, bytes: u64, wanted_gib: u64, of: &str) -> Finding {
    let tenths = bytes / ((1 << 30) / 10);
    let seen = format!("{}.{} GiB {of}", tenths / 10, tenths % 10);
    if bytes >= wanted_gib << 30 {
        Finding::ok(what, seen)
    } else {
        Finding::warning(what, format!("{seen}; expected {wanted_gib} GiB"))
    }
}

/// Whether a path is on an overlay, as in a container: overlays do not stack.
fn is_overlay(path: &Path) -> bool {
    let existing = path.ancestors().find(|path| path.exists());
    existing
        .and_then(|path| statfs(path).ok())
        .is_some_and(|disk| disk.filesystem_type() == OVERLAYFS_SUPER_MAGIC)
}

/// What is free where a path is, or will be once it is made.
fn free_bytes(path: &Path) -> Option<u64> {
    let existing = path.ancestors().find(|path| path.exists())?;
    let disk = statvfs(existing).ok()?;
    Some(disk.blocks_available() * disk.fragment_size())
}

/// Bytes that programs can still have, out of `/proc/meminfo`.
fn available_memory(meminfo: &str) -> Option<u64> {
    let kib = meminfo.lines().find_map(|line| line.strip_prefix("MemAvailable:"))?;
    Some(kib.trim().strip_suffix(" kB")?.parse::<u64>().ok()? * 1024)
}

fn kernel_release() -> String {
    fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default().trim().to_owned()
}

/// The numbers of a version such as `go1.26.8` or `1.26.0`.
fn numbers(version: &str) -> Vec<u32> {
    version
        .trim_start_matches("go")
        .split('.')
        .map_while(|part| {
            part.split(|character: char| !character.is_ascii_digit()).next()?.parse().ok()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cluster::doctor::Status;

    const V1: &str = "#subsys_name\thierarchy\tnum_cgroups\tenabled\ncpuset\t3\t8\t1\ncpu\t1\t8\t1\ncpuacct\t2\t8\t1\n\
                      blkio\t7\t8\t1\nmemory\t4\t9\t1\ndevices\t5\t8\t1\nfreezer\t6\t8\t1\npids\t8\t8\t1\n";

    #[test]
    fn hierarchies_are_told_apart() {
        let v1 = "cgroup /sys/fs/cgroup/cpu cgroup rw 0 0\n";
        let hybrid = format!("{v1}cgroup2 /sys/fs/cgroup/unified cgroup2 rw 0 0\n");
        let v2 = "cgroup2 /sys/fs/cgroup cgroup2 rw 0 0\n";
        assert_eq!(cgroups(V1, v1, ""), Finding::ok("cgroups", "v1"));
        assert_eq!(cgroups(V1, &hybrid, ""), Finding::ok("cgroups", "v1, hybrid"));
        assert_eq!(cgroups("", v2, "cpuset cpu io memory pids\n"), Finding::ok("cgroups", "v2"));
    }

    #[test]
    fn controllers_that_lack_are_named() {
        let off = V1.replace("memory\t4\t9\t1", "memory\t4\t9\t0");
        let found = cgroups(&off, "cgroup /sys/fs/cgroup/cpu cgroup rw 0 0\n", "");
        assert_eq!((found.status, found.detail.as_str()), (Status::Missing, "v1, without memory"));
        let found = cgroups("", "cgroup2 /sys/fs/cgroup cgroup2 rw 0 0\n", "cpu pids\n");
        assert_eq!(
            (found.status, found.detail.as_str()),
            (Status::Missing, "v2, without cpuset, memory")
        );
        assert_eq!(cgroups("", "", "").status, Status::Missing);
    }

    #[test]
    fn versions_are_compared_by_number() {
        assert!(numbers("go1.26.8") >= numbers("1.26.0"));
        assert!(numbers("go1.9.2") < numbers("1.26.0"));
        assert!(numbers("go1.26rc1") < numbers("1.26.0"));
        assert!(numbers("go1.26.0-custom") >= numbers("1.26.0"));
    }

    #[test]
    fn room_is_judged_by_what_is_free() {
        assert_eq!(
            enough("memory", 5 << 29, 2, "available"),
            Finding::ok("memory", "2.5 GiB available")
        );
        assert_eq!(enough("memory", 1 << 30, 2, "available").status, Status::Warning);
        assert_eq!(available_memory("MemTotal: 9 kB\nMemAvailable:   2048 kB\n"), Some(2 << 20));
        assert!(free_bytes(Path::new("/there/is/no/such/directory")).is_some());
    }
}
