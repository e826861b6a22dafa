//! What clusters leave on a machine: everything that the host shows of them.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The prefix of every name that labbook gives to something on the host.
const OURS: &str = "labbook";

/// Where container engines, the kubelet and CNI plug-ins keep files; a cluster
/// that is not contained would leave them here.
const PLACES: [&str; 12] = [
    "/etc/cni",
    "/etc/cni/net.d",
    "/opt",
    "/run",
    "/run/containerd",
    "/run/netns",
    "/tmp",
    "/var/lib",
    "/var/lib/cni",
    "/var/lib/kubelet",
    "/var/log",
    "/var/log/pods",
];

/// What the machine shows at one moment, one line a thing. Two are equal where
/// nothing was left between them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Traces(BTreeSet<String>);

impl Traces {
    /// Looks at the machine, and at the directory in which labbook keeps what
    /// belongs to clusters that are up.
    pub(crate) fn take(state: &Path) -> Self {
        let mut seen = BTreeSet::new();
        processes(&mut seen);
        mounts(&mut seen);
        links(&mut seen);
        cgroups(&mut seen);
        rules(&mut seen);
        for place in PLACES {
            names(Path::new(place), &mut seen);
        }
        // Its own lock and empty directories stay.
        for entry in entries(state) {
            files(&entry, &mut seen);
        }
        Self(seen)
    }

    /// Holds that nothing is there that was not there before.
    #[track_caller]
    pub(crate) fn are_as(&self, before: &Self, when: &str) {
        let left: Vec<_> = self.0.difference(&before.0).collect();
        assert!(left.is_empty(), "left {when}: {left:#?}");
        let gone: Vec<_> = before.0.difference(&self.0).collect();
        assert!(gone.is_empty(), "gone {when}, and not labbook's: {gone:#?}");
    }
}

/// Processes of clusters and of labs' shells are in cgroups that bear
/// labbook's name; a process that labbook started outside of them is labbook
/// itself, or has its name in its command line.
fn processes(seen: &mut BTreeSet<String>) {
    for process in entries(Path::new("/proc")) {
        let name = file_name(&process);
        if !name.bytes().all(|byte| byte.is_ascii_digit()) || name == own_pid() {
            continue;
        }
        let read = |file| fs::read(process.join(file)).unwrap_or_default();
        let cgroups = String::from_utf8_lossy(&read("cgroup")).into_owned();
        let command = String::from_utf8_lossy(&read("cmdline")).replace('\0', " ");
        let program = fs::read_link(process.join("exe")).unwrap_or_default();
        let sandboxed = cgroups.contains(&format!("/{OURS}-"));
        if sandboxed || program == Path::new(env!("CARGO_BIN_EXE_labbook")) {
            seen.insert(format!("process {name}: {command}"));
        }
    }
}

fn own_pid() -> String {
    std::process::id().to_string()
}

fn mounts(seen: &mut BTreeSet<String>) {
    let mounts = fs::read_to_string("/proc/self/mountinfo").expect("the kernel tells its mounts");
    for line in mounts.lines() {
        let point = line.split(' ').nth(4).expect("the fifth field is the mount point");
        seen.insert(format!("mount {point}"));
    }
}

fn links(seen: &mut BTreeSet<String>) {
    for link in entries(Path::new("/sys/class/net")) {
        seen.insert(format!("link {}", file_name(&link)));
    }
}

fn cgroups(seen: &mut BTreeSet<String>) {
    let root = Path::new("/sys/fs/cgroup");
    for directory in entries(root).into_iter().chain(
        entries(root).iter().flat_map(|hierarchy| entries(hierarchy)),
    ) {
        if directory.is_dir() && file_name(&directory).starts_with(OURS) {
            seen.insert(format!("cgroup {}", directory.display()));
        }
    }
}

/// Packet filter rules, without the packets that they counted.
fn rules(seen: &mut BTreeSet<String>) {
    let Ok(saved) = Command::new("iptables-save").output() else { return };
    for line in String::from_utf8_lossy(&saved.stdout).lines() {
        if !line.starts_with('#') {
            let rule = line.split(" [").next().unwrap_or(line);
            seen.insert(format!("rule {rule}"));
        }
    }
}

/// What lies in a directory. In `/tmp` everybody leaves things: only what a
/// cluster would name is told there.
fn names(directory: &Path, seen: &mut BTreeSet<String>) {
    for entry in entries(directory) {
        let name = file_name(&entry);
        let ours = [OURS, "hostpath_pv", "pvc-"].iter().any(|prefix| name.starts_with(prefix));
        if directory != Path::new("/tmp") || ours {
            seen.insert(format!("file {}", entry.display()));
        }
    }
}

fn files(directory: &Path, seen: &mut BTreeSet<String>) {
    for entry in entries(directory) {
        seen.insert(format!("file {}", entry.display()));
        if entry.is_dir() && !entry.is_symlink() {
            files(&entry, seen);
        }
    }
}

/// What lies in a directory; nothing where it is not there (any more).
fn entries(directory: &Path) -> Vec<PathBuf> {
    let read = fs::read_dir(directory);
    read.into_iter().flatten().flatten().map(|entry| entry.path()).collect()
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}
