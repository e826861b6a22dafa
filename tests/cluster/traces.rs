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
    /// Looks at the machine, at the directory in which labbook keeps what
    /// belongs to clusters that are up, and at the one for temporary files.
    /// `ours` are the labbooks that were started with these; those that are
    /// found are added.
    pub(crate) fn take(state: &Path, temporary: &Path, ours: &mut BTreeSet<u32>) -> Self {
        let mut seen = BTreeSet::new();
        ours.extend(started_with(state));
        let strangers = Strangers { state, ours };
        processes(&strangers, &mut seen);
        mounts(&mut seen);
        links(&strangers, &mut seen);
        cgroups(&strangers, &mut seen);
        rules(&mut seen);
        settings(&mut seen);
        for place in PLACES {
            names(Path::new(place), &mut seen);
        }
        files(temporary, &mut seen);
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
/// labbook's name; those that it starts outside of them inherit its
/// environment.
fn processes(strangers: &Strangers<'_>, seen: &mut BTreeSet<String>) {
    for process in living() {
        let read = |file| fs::read(process.join(file)).unwrap_or_default();
        let cgroups = String::from_utf8_lossy(&read("cgroup")).into_owned();
        let sandboxed = cgroups.split(['/', '\n']).any(|name| strangers.leave(name));
        if sandboxed || state_of(&process).is_some_and(|state| state == strangers.state) {
            let command = String::from_utf8_lossy(&read("cmdline")).replace('\0', " ");
            seen.insert(format!("process {}: {command}", file_name(&process)));
        }
    }
}

/// The settings of the whole machine that a kubelet which is not contained changes.
fn settings(seen: &mut BTreeSet<String>) {
    for name in ["vm/overcommit_memory", "vm/panic_on_oom", "kernel/panic", "kernel/panic_on_oops"]
    {
        let value = fs::read_to_string(Path::new("/proc/sys").join(name)).unwrap_or_default();
        seen.insert(format!("setting {name}: {}", value.trim()));
    }
}

/// The directories in `/proc` of all processes but those that have ended: who
/// adopts a killed process's children may be slow to ask for their exit codes.
fn living() -> impl Iterator<Item = PathBuf> {
    entries(Path::new("/proc")).into_iter().filter(|process| {
        let status = fs::read_to_string(process.join("status"));
        file_name(process).bytes().all(|byte| byte.is_ascii_digit())
            && status.is_ok_and(|status| !status.contains("\nState:\tZ"))
    })
}

/// The processes that were started with this state directory, and live.
fn started_with(state: &Path) -> impl Iterator<Item = u32> {
    let ours = living().filter(move |process| state_of(process).is_some_and(|its| its == state));
    ours.filter_map(|process| file_name(&process).parse().ok())
}

/// The labbooks that are at work at the same time and keep their clusters in
/// another directory than `state`: other tests', or a user's.
struct Strangers<'a> {
    state: &'a Path,
    ours: &'a BTreeSet<u32>,
}

impl Strangers<'_> {
    /// Whether they leave a cgroup of this name to us: its owner, whose process
    /// labbook tells in it, is none of them.
    fn leave(&self, name: &str) -> bool {
        let owner = || name.strip_prefix(OURS)?.strip_prefix('-')?.split('-').next()?.parse().ok();
        owner().is_some_and(|owner| self.ours.contains(&owner))
    }

    /// The links of their clusters, which these tell in files of their own.
    fn links(&self) -> BTreeSet<String> {
        let states: BTreeSet<PathBuf> = living().filter_map(|process| state_of(&process)).collect();
        let others = states.iter().filter(|state| *state != self.state);
        let clusters = others.flat_map(|state| entries(&state.join("clusters")));
        clusters.filter_map(|cluster| link(&cluster.join("state.json"))).collect()
    }
}

/// The state directory of a process that is labbook, or was started by it with
/// its environment.
fn state_of(process: &Path) -> Option<PathBuf> {
    let environment = fs::read(process.join("environ")).ok()?;
    let environment = String::from_utf8_lossy(&environment).into_owned();
    let variable = |name: &str| {
        let value = |set: &str| Some(PathBuf::from(set.strip_prefix(name)?.strip_prefix('=')?));
        environment.split('\0').find_map(value)
    };
    let default = || {
        let program = fs::read_link(process.join("exe")).ok()?;
        let home = || Some(variable("HOME")?.join(".local/state"));
        let states = variable("XDG_STATE_HOME").or_else(home)?;
        file_name(&program).starts_with(OURS).then(|| states.join(OURS))
    };
    variable("LABBOOK_STATE").or_else(default)
}

/// The name of a cluster's link, from its state.
fn link(state: &Path) -> Option<String> {
    let state: serde_json::Value = serde_json::from_slice(&fs::read(state).ok()?).ok()?;
    Some(state["link"].as_str()?.to_owned())
}

fn mounts(seen: &mut BTreeSet<String>) {
    let mounts = fs::read_to_string("/proc/self/mountinfo").expect("the kernel tells its mounts");
    for line in mounts.lines() {
        let point = line.split(' ').nth(4).expect("the fifth field is the mount point");
        seen.insert(format!("mount {point}"));
    }
}

fn links(strangers: &Strangers<'_>, seen: &mut BTreeSet<String>) {
    let theirs = strangers.links();
    for link in entries(Path::new("/sys/class/net")) {
        let name = file_name(&link);
        if !theirs.contains(&name) {
            seen.insert(format!("link {name}"));
        }
    }
}

fn cgroups(strangers: &Strangers<'_>, seen: &mut BTreeSet<String>) {
    let root = Path::new("/sys/fs/cgroup");
    let below = entries(root).into_iter().flat_map(|hierarchy| entries(&hierarchy));
    for directory in entries(root).into_iter().chain(below) {
        if directory.is_dir() && strangers.leave(&file_name(&directory)) {
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

/// What lies in a directory. In `/tmp` everybody leaves things: only what the
/// provisioner of volumes would name is told there.
fn names(directory: &Path, seen: &mut BTreeSet<String>) {
    for entry in entries(directory) {
        let name = file_name(&entry);
        let volume = ["hostpath_pv", "pvc-"].iter().any(|prefix| name.starts_with(prefix));
        if directory != Path::new("/tmp") || volume {
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
