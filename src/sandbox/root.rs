//! The file system inside: an overlay of the host's `/` and of every other disk
//! below it, with `/dev`, `/run` and `/tmp` of its own.

use std::fs::{self, File};
use std::os::fd::AsRawFd as _;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};

use nix::fcntl::OFlag;
use nix::mount::{MsFlags, mount};
use nix::sys::stat::{Mode, SFlag, mknod};

use super::{Access, Bind, Confinement, During as _, Network, SandboxError, Spec, mountinfo};

/// Where the new root is built: a place that every host has. Only this mount
/// namespace sees what is mounted on it.
const STAGE: &str = "/tmp";

/// Where the first process's own program is inside: not the host's file, whose
/// mode could be changed through `/proc/1/exe`.
pub(super) const OWN_PROGRAM: &str = "/var/lib/labbook/self";

/// The first process's program in the new root `root`.
pub(super) fn own_program(root: &Path, directory: &str) -> Result<PathBuf, SandboxError> {
    let exe = std::env::current_exe().during(|| "find labbook's own program".to_owned())?;
    let name = exe.file_name().unwrap_or_default();
    Ok(inside(root, Path::new(directory)).join(name))
}

pub(super) fn own_directory() -> Result<PathBuf, SandboxError> {
    let exe = std::env::current_exe().during(|| "find labbook's own program".to_owned())?;
    Ok(exe.parent().unwrap_or(Path::new("/")).to_owned())
}

/// A directory or file of the host, held open while `/tmp` is covered.
pub(super) struct Source {
    _file: File,
    pub(super) path: PathBuf,
    is_file: bool,
}

impl Source {
    pub(super) fn open(directory: &Path) -> Result<Self, SandboxError> {
        use std::os::unix::fs::OpenOptionsExt as _;
        let file = fs::OpenOptions::new()
            .read(true)
            .custom_flags((OFlag::O_PATH | OFlag::O_CLOEXEC).bits())
            .open(directory)
            .during(|| format!("open {}", directory.display()))?;
        let path = PathBuf::from(format!("/proc/self/fd/{}", file.as_raw_fd()));
        let is_file = file.metadata().is_ok_and(|metadata| !metadata.is_dir());
        Ok(Self { _file: file, path, is_file })
    }
}

/// Builds the new root in a mount namespace that is this process's own, and
/// returns where it is. `/proc` and `/sys` are empty yet: they belong to the
/// namespaces of the first process.
pub(super) fn build(spec: &Spec) -> Result<PathBuf, SandboxError> {
    make_private()?;
    let mountinfo = fs::read_to_string("/proc/self/mountinfo")
        .during(|| "read /proc/self/mountinfo".to_owned())?;
    let others = mountinfo::file_systems(&mountinfo);
    let lower_root = Source::open(Path::new("/"))?;
    let other_sources =
        others.iter().map(|one| Source::open(&one.point)).collect::<Result<Vec<_>, _>>()?;
    let bind_sources =
        spec.binds.iter().map(|one| Source::open(&one.source)).collect::<Result<Vec<_>, _>>()?;
    let scratch = spec.scratch.as_deref().map(Source::open).transpose()?;
    let own_source = Source::open(&own_directory()?)?;

    let stage = Stage::new(false)?;
    let upper = stage.make("upper")?;
    if let Some(scratch) = scratch {
        bind(&scratch.path, &upper, MsFlags::empty())?;
    }
    let root = stage.make("root")?;
    stage.overlay(&lower_root, &upper.join("root"), &root)?;
    for (index, (other, source)) in others.iter().zip(&other_sources).enumerate() {
        let target = inside(&root, &other.point);
        if source.is_file {
            // A file on which another is mounted, as containers have them.
            let _ = fs::remove_file(&target);
            fs::copy(&source.path, &target).during(|| format!("copy {}", other.point.display()))?;
            continue;
        }
        fs::create_dir_all(&target).during(|| format!("make {}", other.point.display()))?;
        // Some file systems cannot be the lower layer of an overlay (vfat). They
        // are left out: a bind mount can be made writable from inside.
        let _ = stage.overlay(source, &upper.join(format!("disk{index}")), &target);
    }
    let own = inside(&root, Path::new(OWN_PROGRAM));
    fs::create_dir_all(&own).during(|| format!("make {OWN_PROGRAM}"))?;
    stage.overlay_read_only(&own_source, &own)?;
    tmpfs(&root.join("run"), "mode=755")?;
    tmpfs(&root.join("tmp"), "mode=1777")?;
    name_servers(&root, spec)?;
    devices(&root.join("dev"), spec.confinement)?;
    for (index, (one, source)) in spec.binds.iter().zip(&bind_sources).enumerate() {
        attach(&stage, &root, one, source, &upper.join(format!("bind{index}")))?;
    }
    Ok(root)
}

/// Keeps what is mounted from now on from the host.
pub(super) fn make_private() -> Result<(), SandboxError> {
    mount(None::<&str>, "/", None::<&str>, MsFlags::MS_REC | MsFlags::MS_PRIVATE, None::<&str>)
        .during(|| "make the mounts private".to_owned())
}

/// In the host's network names are resolved as the host does, also where what says
/// so is a file below `/run`, of which the inside has its own.
pub(super) fn name_servers(root: &Path, spec: &Spec) -> Result<(), SandboxError> {
    let Ok(file) = fs::canonicalize("/etc/resolv.conf") else { return Ok(()) };
    if !matches!(spec.network, Network::Host) || !file.starts_with("/run") {
        return Ok(());
    }
    let target = inside(root, &file);
    let directory = target.parent().unwrap_or(root);
    fs::create_dir_all(directory).during(|| format!("make {}", directory.display()))?;
    fs::copy(&file, &target).during(|| format!("copy {}", file.display())).map(drop)
}

fn attach(
    stage: &Stage,
    root: &Path,
    wanted: &Bind,
    source: &Source,
    upper: &Path,
) -> Result<(), SandboxError> {
    let target = inside(root, &wanted.target);
    fs::create_dir_all(&target).during(|| format!("make {}", target.display()))?;
    match wanted.access {
        Access::Write => bind(&source.path, &target, MsFlags::empty()),
        Access::Read => stage.overlay_read_only(source, &target),
        Access::Overlay => stage.overlay(source, upper, &target),
    }
}

/// A private tmpfs on which mounts are prepared. Overlays are made of bind
/// mounts below it, whose short names need no escaping in mount options.
pub(super) struct Stage {
    directory: PathBuf,
    in_user_namespace: bool,
}

impl Stage {
    pub(super) fn new(in_user_namespace: bool) -> Result<Self, SandboxError> {
        tmpfs(Path::new(STAGE), "mode=700")?;
        Ok(Self { directory: STAGE.into(), in_user_namespace })
    }

    pub(super) fn make(&self, name: &str) -> Result<PathBuf, SandboxError> {
        let directory = self.directory.join(name);
        fs::create_dir_all(&directory).during(|| format!("make {}", directory.display()))?;
        Ok(directory)
    }

    /// A bind mount of `source` under a name of its own.
    fn lower(&self, source: &Source) -> Result<PathBuf, SandboxError> {
        let count = fs::read_dir(&self.directory).map_or(0, Iterator::count);
        let lower = self.make(&format!("lower{count}"))?;
        bind(&source.path, &lower, MsFlags::empty())?;
        Ok(lower)
    }

    pub(super) fn overlay(
        &self,
        source: &Source,
        upper: &Path,
        target: &Path,
    ) -> Result<(), SandboxError> {
        let lower = self.lower(source)?;
        let (data, work) = (upper.join("data"), upper.join("work"));
        for directory in [&data, &work] {
            fs::create_dir_all(directory).during(|| format!("make {}", directory.display()))?;
        }
        // The upper directory is what the inside sees at `target`.
        copy_mode(&lower, &data)?;
        let options = format!(
            "lowerdir={},upperdir={},workdir={}{}",
            lower.display(),
            data.display(),
            work.display(),
            // What an overlay notes of its files is else root's alone to write.
            if self.in_user_namespace { ",userxattr" } else { "" }
        );
        mount_overlay(target, &options)
    }

    /// An overlay without an upper layer cannot be made writable by anybody, as
    /// a read-only bind mount can.
    fn overlay_read_only(&self, source: &Source, target: &Path) -> Result<(), SandboxError> {
        let empty = self.make("empty")?;
        let lower = self.lower(source)?;
        mount_overlay(target, &format!("lowerdir={}:{}", lower.display(), empty.display()))
    }
}

fn mount_overlay(target: &Path, options: &str) -> Result<(), SandboxError> {
    mount(Some("overlay"), target, Some("overlay"), MsFlags::empty(), Some(options))
        .during(|| format!("mount an overlay on {}", target.display()))
}

fn copy_mode(from: &Path, to: &Path) -> Result<(), SandboxError> {
    let metadata = fs::metadata(from).during(|| format!("look at {}", from.display()))?;
    fs::set_permissions(to, metadata.permissions())
        .during(|| format!("set the mode of {}", to.display()))
}

pub(super) fn inside(root: &Path, absolute: &Path) -> PathBuf {
    root.join(absolute.strip_prefix("/").unwrap_or(absolute))
}

pub(super) fn tmpfs(target: &Path, options: &str) -> Result<(), SandboxError> {
    fs::create_dir_all(target).during(|| format!("make {}", target.display()))?;
    mount(Some("tmpfs"), target, Some("tmpfs"), MsFlags::empty(), Some(options))
        .during(|| format!("mount {}", target.display()))
}

pub(super) fn bind(source: &Path, target: &Path, flags: MsFlags) -> Result<(), SandboxError> {
    mount(Some(source), target, None::<&str>, MsFlags::MS_BIND | flags, None::<&str>)
        .during(|| format!("bind {} on {}", source.display(), target.display()))
}

/// A bind mount that is not written to. A process with the right to mount can
/// undo it, so it is for what may be changed by accident only.
pub(super) fn read_only(source: &Path, target: &Path) -> Result<(), SandboxError> {
    bind(source, target, MsFlags::MS_REC)?;
    let flags = MsFlags::MS_BIND | MsFlags::MS_REMOUNT | MsFlags::MS_RDONLY;
    mount(None::<&str>, target, None::<&str>, flags, None::<&str>)
        .during(|| format!("make {} read-only", target.display()))
}

/// The devices that do no harm.
pub(super) const DEVICES: [&str; 6] = ["null", "zero", "full", "random", "urandom", "tty"];

/// A `/dev` with the devices that do no harm, and terminals of its own.
fn devices(dev: &Path, confinement: Confinement) -> Result<(), SandboxError> {
    tmpfs(dev, "mode=755")?;
    let mut names = DEVICES.to_vec();
    if confinement == Confinement::Cluster {
        names.extend(["kmsg", "fuse"]);
    }
    for name in names {
        let (source, target) = (Path::new("/dev").join(name), dev.join(name));
        if let Ok(device) = fs::metadata(&source) {
            make_device(&target, &device)?;
        }
    }
    terminals_and_links(dev)
}

/// The rest of a `/dev`: terminals, shared memory and the usual links.
pub(super) fn terminals_and_links(dev: &Path) -> Result<(), SandboxError> {
    let terminals = dev.join("pts");
    fs::create_dir(&terminals).during(|| format!("make {}", terminals.display()))?;
    let options = Some("newinstance,ptmxmode=0666,mode=0620");
    mount(Some("devpts"), &terminals, Some("devpts"), MsFlags::empty(), options)
        .during(|| format!("mount {}", terminals.display()))?;
    tmpfs(&dev.join("shm"), "mode=1777")?;
    let links = [
        ("ptmx", "pts/ptmx"),
        ("fd", "/proc/self/fd"),
        ("stdin", "/proc/self/fd/0"),
        ("stdout", "/proc/self/fd/1"),
        ("stderr", "/proc/self/fd/2"),
    ];
    for (name, target) in links {
        symlink(target, dev.join(name)).during(|| format!("link {name}"))?;
    }
    Ok(())
}

/// A node of its own for a device of the host: the mode of a bound one would be
/// the host's to all.
fn make_device(target: &Path, like: &fs::Metadata) -> Result<(), SandboxError> {
    let mode = Mode::from_bits_truncate(like.mode() & 0o777);
    mknod(target, SFlag::S_IFCHR, mode, like.rdev())
        .during(|| format!("make {}", target.display()))?;
    // What mknod gave less the file mode mask.
    fs::set_permissions(target, fs::Permissions::from_mode(like.mode() & 0o777))
        .during(|| format!("set the mode of {}", target.display()))
}
