//! The cgroups of a sandbox: one of its name in each hierarchy that it needs, to
//! which devices and settings of the whole kernel are denied, and below it the one
//! that is the root of all that the inside sees.
//!
//! The inside has a cgroup namespace: it cannot leave the outer cgroup, nor
//! allow itself more than that has. Hosts are of three kinds: v1 with a
//! hierarchy a controller, v1 with an additional `unified` v2 hierarchy without
//! controllers (hybrid), and v2 alone.

mod removal;

use std::collections::BTreeSet;
use std::fs;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::process::Command;

use nix::mount::{MsFlags, mount};

pub use removal::{remove, sweep, unique_name};

use super::{Confinement, During as _, SandboxError, root};

const MOUNT_ROOT: &str = "/sys/fs/cgroup";
/// The cgroup that the inside takes for the root.
const INNER: &str = "inside";
/// Where boot is: on v2 a cgroup that hands controllers to others may hold no
/// process itself, so neither the outer one nor the inside's root does.
const BOOT: &str = "boot";
/// Where init goes on v2.
const LEAF: &str = "labbook";

/// One mounted cgroup hierarchy of the host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hierarchy {
    /// Its directory, such as `/sys/fs/cgroup/memory`.
    pub directory: PathBuf,
    /// `cgroup` or `cgroup2`.
    kind: String,
    /// The options that mount it again, such as `cpu,cpuacct`.
    options: String,
}

impl Hierarchy {
    /// The hierarchies of this host, from its mounts.
    pub fn all() -> Vec<Self> {
        fs::read_to_string("/proc/self/mounts").map(|mounts| parse(&mounts)).unwrap_or_default()
    }

    /// Whether this is cgroup v2.
    pub fn is_v2(&self) -> bool {
        self.kind == "cgroup2"
    }

    fn has(&self, controller: &str) -> bool {
        self.options.split(',').any(|option| option == controller)
    }

    /// Those in which a sandbox has a cgroup. A shell hands none on, so that it needs only
    /// what bounds it: each takes time.
    pub(super) fn needed(confinement: Confinement) -> Vec<Self> {
        let bounds = |one: &Self| {
            one.is_v2() || ["devices", "memory", "pids"].iter().any(|name| one.has(name))
        };
        let mut all = Self::all();
        all.retain(|one| confinement == Confinement::Cluster || bounds(one));
        all
    }

    /// Whether this is the only hierarchy of a v2 host.
    fn is_unified(&self) -> bool {
        self.is_v2() && self.directory == Path::new(MOUNT_ROOT)
    }
}

/// What mounts of every kind may say, and what is no controller.
const GENERAL: &[&str] = &[
    "rw",
    "ro",
    "nosuid",
    "nodev",
    "noexec",
    "noatime",
    "relatime",
    "xattr",
    "seclabel",
    "clone_children",
    "favordynmods",
    "nsdelegate",
    "memory_recursiveprot",
];

fn parse(mounts: &str) -> Vec<Hierarchy> {
    mounts
        .lines()
        .filter_map(|line| {
            let mut fields = line.split(' ').skip(1);
            let (directory, kind, options) = (fields.next()?, fields.next()?, fields.next()?);
            if !matches!(kind, "cgroup" | "cgroup2") || !directory.starts_with(MOUNT_ROOT) {
                return None;
            }
            let mut options: Vec<&str> =
                options.split(',').filter(|option| !GENERAL.contains(option)).collect();
            if options.iter().any(|option| option.starts_with("name=")) {
                options.insert(0, "none");
            }
            Some(Hierarchy {
                directory: directory.into(),
                kind: kind.to_owned(),
                options: if kind == "cgroup" { options.join(",") } else { String::new() },
            })
        })
        .collect()
}

/// Makes the cgroups `name`, denies devices to them, and moves this
/// process, boot, to a part of them that the inside does not see.
///
/// A shell's cgroup is bounded: neither a fork bomb nor a program that takes all
/// memory reaches the machine, nor the cluster.
pub(super) fn prepare(
    name: &str,
    device_filter: Option<&Path>,
    confinement: Confinement,
) -> Result<(), SandboxError> {
    let hierarchies = Hierarchy::needed(confinement);
    for hierarchy in &hierarchies {
        let outer = hierarchy.directory.join(name);
        make(&outer)?;
        if hierarchy.has("cpuset") {
            inherit_cpuset(&hierarchy.directory, &outer)?;
        }
        if hierarchy.is_unified() {
            delegate(&hierarchy.directory, &outer)?;
        }
        for part in [BOOT, INNER] {
            let part = outer.join(part);
            make(&part)?;
            if hierarchy.has("cpuset") {
                inherit_cpuset(&outer, &part)?;
            }
        }
        if confinement == Confinement::Shell {
            bound(hierarchy, &outer.join(INNER))?;
        }
        deny_block_devices(hierarchy, &hierarchies, &outer, device_filter)?;
        join(&outer.join(BOOT))?;
    }
    Ok(())
}

/// The most processes and threads of a lab.
const MOST_PROCESSES: u32 = 4096;

/// Bounds what a lab may take: its processes, and half of the machine's memory.
fn bound(hierarchy: &Hierarchy, inside: &Path) -> Result<(), SandboxError> {
    let memory = fs::read_to_string("/proc/meminfo").ok().and_then(|text| half_of_memory(&text));
    let processes = hierarchy.has("pids") || hierarchy.is_unified();
    let mut limits = Vec::new();
    limits.extend(processes.then(|| ("pids.max", MOST_PROCESSES.to_string())));
    if hierarchy.has("memory") {
        limits.extend(memory.map(|bytes| ("memory.limit_in_bytes", bytes.to_string())));
    } else if hierarchy.is_unified() {
        limits.extend(memory.map(|bytes| ("memory.max", bytes.to_string())));
    }
    // A controller that this host does not hand down has no such file.
    let there = limits.into_iter().filter(|(file, _)| inside.join(file).exists());
    { there }.try_for_each(|(file, value)| write(&inside.join(file), &value))
}

/// Half of the machine's memory in bytes, by `/proc/meminfo` (proc(5)).
fn half_of_memory(meminfo: &str) -> Option<u64> {
    let line = meminfo.lines().find_map(|line| line.strip_prefix("MemTotal:"))?;
    let kibibytes: u64 = line.trim().strip_suffix(" kB")?.trim().parse().ok()?;
    Some(kibibytes * 1024 / 2)
}

/// Moves this process, init, to the part of the cgroups `name` that becomes the
/// root of all that it sees with the next cgroup namespace.
pub(super) fn enter(name: &str, confinement: Confinement) -> Result<(), SandboxError> {
    let needed = Hierarchy::needed(confinement);
    needed.iter().try_for_each(|hierarchy| join(&hierarchy.directory.join(name).join(INNER)))
}

/// Moves this process to a cgroup. `0` is the writer itself, by whatever number
/// its PID namespace knows it.
fn join(cgroup: &Path) -> Result<(), SandboxError> {
    write(&cgroup.join("cgroup.procs"), "0")
}

/// Moves this process from the inside's root to a leaf, so that the root can
/// hand its controllers to pods. Only v2 alone asks for it.
pub(super) fn leave_root() -> Result<(), SandboxError> {
    let root = Path::new(MOUNT_ROOT);
    if !root.join("cgroup.controllers").exists() {
        return Ok(());
    }
    let leaf = root.join(LEAF);
    make(&leaf)?;
    join(&leaf)?;
    hand_down(root)
}

/// Mounts the hierarchies below `sys`, the inside's `/sys`, as this process's
/// cgroup namespace sees them.
///
/// A shell only sees them: it could freeze the process that holds it.
pub(super) fn mount_inside(
    sys: &Path,
    hierarchies: &[Hierarchy],
    confinement: Confinement,
) -> Result<(), SandboxError> {
    let root = sys.join("fs/cgroup");
    if !hierarchies.iter().any(Hierarchy::is_unified) {
        mount(Some("tmpfs"), &root, Some("tmpfs"), MsFlags::empty(), Some("mode=755"))
            .during(|| format!("mount {}", root.display()))?;
    }
    for hierarchy in hierarchies {
        let below = hierarchy.directory.strip_prefix(MOUNT_ROOT).unwrap_or(Path::new(""));
        let target = root.join(below);
        fs::create_dir_all(&target).during(|| format!("make {}", target.display()))?;
        let options = (!hierarchy.options.is_empty()).then_some(hierarchy.options.as_str());
        mount(Some("cgroup"), &target, Some(hierarchy.kind.as_str()), MsFlags::empty(), options)
            .during(|| format!("mount {} ({})", target.display(), hierarchy.options))?;
        if confinement == Confinement::Shell {
            root::read_only(&target, &target)?;
        }
    }
    Ok(())
}

/// Denies block devices, character devices that are not every container's, and
/// settings of the whole kernel.
fn deny_block_devices(
    hierarchy: &Hierarchy,
    all: &[Hierarchy],
    outer: &Path,
    device_filter: Option<&Path>,
) -> Result<(), SandboxError> {
    if hierarchy.has("devices") {
        let read = |file| fs::read_to_string(file).during(|| format!("read {file}"));
        let rules = denied_devices(&read("/proc/devices")?, &read("/proc/misc")?);
        return rules.iter().try_for_each(|rule| write(&outer.join("devices.deny"), rule));
    }
    if !hierarchy.is_v2() {
        return Ok(());
    }
    // On v2 the rules are BPF programs, which a library of the cluster's own
    // programs makes and attaches. Settings have such rules only.
    let Some(program) = device_filter else { return Ok(()) };
    let done = Command::new(program)
        .arg("device-filter")
        .arg(outer)
        .output()
        .during(|| format!("start {}", program.display()))?;
    if done.status.success() || all.iter().any(|other| other.has("devices")) {
        return Ok(());
    }
    let words = String::from_utf8_lossy(&done.stderr).trim().to_owned();
    Err(SandboxError::step("deny devices", std::io::Error::other(words)))
}

/// What to write to `devices.deny` (v1), from `/proc/devices` and `/proc/misc`.
///
/// A list of what is denied it must be: below a list of what is allowed, no
/// container can be privileged. Making a node stays allowed, since image layers
/// hold nodes.
fn denied_devices(devices: &str, misc: &str) -> Vec<String> {
    const MEMORY: u32 = 1;
    const TERMINAL: u32 = 5;
    const MISCELLANEOUS: u32 = 10;
    const PSEUDO_TERMINALS: RangeInclusive<u32> = 136..=143;
    const TUN: u32 = 200;
    const FUSE: u32 = 229;
    let number = |line: &str| line.split_whitespace().next()?.parse::<u32>().ok();
    let characters = devices.lines().take_while(|line| !line.starts_with("Block"));
    // A driver may be listed more than once.
    let majors: BTreeSet<u32> = characters.filter_map(number).collect();
    let minors: BTreeSet<u32> = misc.lines().filter_map(number).collect();
    let mut rules = vec!["b *:* rw".to_owned()];
    // mem, kmem and port.
    rules.extend([1, 2, 4].map(|minor| format!("c {MEMORY}:{minor} rw")));
    rules.extend(
        majors
            .into_iter()
            .filter(|major| ![MEMORY, TERMINAL, MISCELLANEOUS].contains(major))
            .filter(|major| !PSEUDO_TERMINALS.contains(major))
            .map(|major| format!("c {major}:* rw")),
    );
    rules.extend(
        minors
            .into_iter()
            .filter(|minor| ![TUN, FUSE].contains(minor))
            .map(|minor| format!("c {MISCELLANEOUS}:{minor} rw")),
    );
    rules
}

/// A cpuset (v1) without processors takes no process.
fn inherit_cpuset(parent: &Path, child: &Path) -> Result<(), SandboxError> {
    for file in ["cpuset.cpus", "cpuset.mems"] {
        let from = parent.join(file);
        let value = fs::read_to_string(&from).during(|| format!("read {}", from.display()))?;
        write(&child.join(file), value.trim())?;
    }
    Ok(())
}

fn delegate(root: &Path, outer: &Path) -> Result<(), SandboxError> {
    hand_down(root)?;
    hand_down(outer)
}

/// The controllers that a kubelet asks for.
const CONTROLLERS: &[&str] = &["cpu", "cpuset", "hugetlb", "io", "memory", "pids"];

/// Hands the controllers of a v2 cgroup to its children.
fn hand_down(directory: &Path) -> Result<(), SandboxError> {
    let file = directory.join("cgroup.controllers");
    let controllers = fs::read_to_string(&file).during(|| format!("read {}", file.display()))?;
    for controller in controllers.split_whitespace().filter(|one| CONTROLLERS.contains(one)) {
        write(&directory.join("cgroup.subtree_control"), &format!("+{controller}"))?;
    }
    Ok(())
}

fn make(directory: &Path) -> Result<(), SandboxError> {
    match fs::create_dir(directory) {
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
        other => other.during(|| format!("make the cgroup {}", directory.display())),
    }
}

fn write(file: &Path, value: &str) -> Result<(), SandboxError> {
    fs::write(file, value).during(|| format!("write {value:?} to {}", file.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn named_and_joined_hierarchies_keep_the_options_that_mount_them() {
        let mounts = "\
tmpfs /sys/fs/cgroup tmpfs rw,mode=755 0 0
cgroup /sys/fs/cgroup/cpu,cpuacct cgroup rw,seclabel,nosuid,relatime,cpu,cpuacct 0 0
cgroup /sys/fs/cgroup/systemd cgroup rw,relatime,name=systemd 0 0
cgroup2 /sys/fs/cgroup/unified cgroup2 rw,relatime 0 0
";
        let found = parse(mounts);
        let options: Vec<_> = found.iter().map(|one| one.options.as_str()).collect();
        assert_eq!(options, ["cpu,cpuacct", "none,name=systemd", ""]);
        assert!(found[0].has("cpu") && !found[0].is_v2());
        assert!(found[2].is_v2() && !found[2].is_unified());
    }

    #[test]
    fn a_lab_may_take_half_of_the_memory() {
        assert_eq!(half_of_memory("MemTotal:       4 kB\nMemFree: 1 kB\n"), Some(2048));
        assert_eq!(half_of_memory("MemFree: 1 kB\n"), None);
    }

    #[test]
    fn only_devices_of_every_container_stay_open() {
        let devices = "\
Character devices:
  1 mem
  4 /dev/vc/0
  4 tty
  5 /dev/tty
 10 misc
 21 sg
136 pts

Block devices:
259 blkext
";
        let misc = "200 tun\n237 loop-control\n229 fuse\n";
        let expected = [
            "b *:* rw",
            "c 1:1 rw",
            "c 1:2 rw",
            "c 1:4 rw",
            "c 4:* rw",
            "c 21:* rw",
            "c 10:237 rw",
        ];
        assert_eq!(denied_devices(devices, misc), expected);
    }
}
