//! What is different in the sandbox of a user without rights: a user namespace, in
//! which he may mount, is himself, and nobody else is.
//!
//! It has no cgroups, which are root's, and no device nodes, but the host's devices.
//! An overlay of the host's `/` cannot be had (Linux refuses one whose lower layer
//! has mounts below that came from outside), nor would it be of use: in files that
//! are not his the user cannot write. So he sees the host's files, read-only, and
//! overlays of the directories that the sandbox is made for.

use std::fs;
use std::path::{Path, PathBuf};

use caps::CapSet;
use nix::errno::Errno;
use nix::mount::{MsFlags, mount};
use nix::sched::{CloneFlags, unshare};
use nix::sys::resource::{Resource, getrlimit, setrlimit};
use nix::sys::statvfs::{FsFlags, statvfs};

use super::root::{Source, Stage, bind, inside, make_private, tmpfs};
use super::{Access, Bind, During as _, SandboxError, Spec, mountinfo, root};

/// Where the first process's own program is inside.
pub(super) const OWN_PROGRAM: &str = "/run/labbook-self";

/// The most processes and threads inside. Since Linux 5.14 those of the namespace
/// alone count, before it all of the user's.
const MOST_PROCESSES: u64 = 4096;

/// Makes a user namespace in which this process's user is himself, and may do
/// everything to what belongs to the namespace.
pub(super) fn enter() -> Result<(), SandboxError> {
    let (user, group) = (nix::unistd::geteuid(), nix::unistd::getegid());
    unshare(CloneFlags::CLONE_NEWUSER).during(|| "make a user namespace".to_owned())?;
    let write = |file: &str, text: String| fs::write(file, text).during(|| format!("write {file}"));
    // Without it the groups cannot be mapped (user_namespaces(7)).
    write("/proc/self/setgroups", "deny".to_owned())?;
    write("/proc/self/uid_map", format!("{user} {user} 1\n"))?;
    write("/proc/self/gid_map", format!("{group} {group} 1\n"))
}

/// Lets the next program have the capabilities of this process: without this, it
/// would have those of its user, which are none.
pub(super) fn hand_down() -> Result<(), SandboxError> {
    let handed = caps::read(None, CapSet::Permitted).and_then(|all| {
        caps::set(None, CapSet::Inheritable, &all)?;
        caps::set(None, CapSet::Ambient, &all)
    });
    handed.map_err(std::io::Error::other).during(|| "hand capabilities down".to_owned())
}

/// Gives up all capabilities. A program of root's that gets them back has what is
/// left in the bounding set, in this namespace.
pub(super) fn give_up() -> Result<(), SandboxError> {
    for set in [CapSet::Ambient, CapSet::Inheritable, CapSet::Effective, CapSet::Permitted] {
        caps::clear(None, set)
            .map_err(std::io::Error::other)
            .during(|| format!("clear the {set:?} set"))?;
    }
    Ok(())
}

/// Bounds what the inside may take, as far as this can be done without cgroups.
pub(super) fn bound() -> Result<(), SandboxError> {
    let (_, most) = getrlimit(Resource::RLIMIT_NPROC).during(|| "ask for limits".to_owned())?;
    let most = most.min(MOST_PROCESSES);
    setrlimit(Resource::RLIMIT_NPROC, most, most).during(|| "limit processes".to_owned())
}

/// Builds the new root, as [`root::build`] does.
pub(super) fn build(spec: &Spec) -> Result<PathBuf, SandboxError> {
    make_private()?;
    let host = Source::open(Path::new("/"))?;
    let binds =
        spec.binds.iter().map(|one| Source::open(&one.source)).collect::<Result<Vec<_>, _>>()?;
    let own = Source::open(&root::own_directory()?)?;

    let stage = Stage::new(true)?;
    let root = stage.make("root")?;
    mount(Some(&host.path), &root, None::<&str>, MsFlags::MS_BIND | MsFlags::MS_REC, None::<&str>)
        .during(|| "bind the host's files".to_owned())?;
    read_only_below(&root)?;
    for (name, options) in [("run", "mode=755"), ("tmp", "mode=1777"), ("var/tmp", "mode=1777")] {
        let target = root.join(name);
        // A link would lead out of the new root.
        if target.symlink_metadata().is_ok_and(|metadata| metadata.is_dir()) {
            tmpfs(&target, options)?;
        }
    }
    root::name_servers(&root, spec)?;
    devices(&root.join("dev"))?;
    let target = inside(&root, Path::new(OWN_PROGRAM));
    fs::create_dir_all(&target).during(|| format!("make {OWN_PROGRAM}"))?;
    read_only(&own.path, &target)?;
    let uppers = stage.make("upper")?;
    for (index, (wanted, source)) in spec.binds.iter().zip(&binds).enumerate() {
        attach(&stage, &root, wanted, source, &uppers.join(format!("bind{index}")))?;
    }
    Ok(root)
}

fn attach(
    stage: &Stage,
    root: &Path,
    wanted: &Bind,
    source: &Source,
    upper: &Path,
) -> Result<(), SandboxError> {
    let target = inside(root, &wanted.target);
    if !target.is_dir() {
        fs::create_dir_all(&target).during(|| format!("make {}", wanted.target.display()))?;
    }
    match wanted.access {
        Access::Write => bind(&source.path, &target, MsFlags::MS_REC),
        Access::Read => read_only(&source.path, &target),
        Access::Overlay => stage.overlay(source, upper, &target),
    }
}

/// A read-only bind mount. Nobody inside has the right to undo it.
fn read_only(source: &Path, target: &Path) -> Result<(), SandboxError> {
    bind(source, target, MsFlags::MS_REC)?;
    remount(target).during(|| format!("make {} read-only", target.display()))
}

/// Makes all that is mounted at `root` or below it read-only.
fn read_only_below(root: &Path) -> Result<(), SandboxError> {
    let mountinfo = fs::read_to_string("/proc/self/mountinfo")
        .during(|| "read /proc/self/mountinfo".to_owned())?;
    for point in mountinfo::points(&mountinfo).filter(|point| point.starts_with(root)) {
        match remount(&point) {
            // A mount that another covers, or that the user has no way to: so has
            // nobody inside.
            Err(Errno::EACCES | Errno::ENOENT | Errno::EINVAL | Errno::ENOTDIR) => {}
            other => other.during(|| format!("make {} read-only", point.display()))?,
        }
    }
    Ok(())
}

/// What is already forbidden at a mount stays so: the kernel lets nobody in a user
/// namespace take it back.
fn remount(point: &Path) -> nix::Result<()> {
    let had = statvfs(point)?.flags();
    let mut flags = MsFlags::MS_BIND | MsFlags::MS_REMOUNT | MsFlags::MS_RDONLY;
    for (forbidden, flag) in [
        (FsFlags::ST_NOSUID, MsFlags::MS_NOSUID),
        (FsFlags::ST_NODEV, MsFlags::MS_NODEV),
        (FsFlags::ST_NOEXEC, MsFlags::MS_NOEXEC),
    ] {
        flags.set(flag, had.contains(forbidden));
    }
    mount(None::<&str>, point, None::<&str>, flags, None::<&str>)
}

/// A `/dev` with the host's devices that do no harm.
fn devices(dev: &Path) -> Result<(), SandboxError> {
    let sources = root::DEVICES.iter().map(|name| (name, Path::new("/dev").join(name)));
    let sources: Vec<_> = sources.filter(|(_, source)| source.exists()).collect();
    tmpfs(dev, "mode=755")?;
    for (name, source) in sources {
        let target = dev.join(name);
        fs::write(&target, "").during(|| format!("make {}", target.display()))?;
        bind(&source, &target, MsFlags::empty())?;
    }
    root::terminals_and_links(dev)
}
