//! The two processes that make a sandbox: boot, outside the new PID namespace,
//! and init, its first process.
//!
//! Both are single-threaded while they work: a process that has asked for a new
//! PID namespace may not start threads.

use std::fs::{self, File};
use std::path::Path;
use std::process::{Command, ExitCode};

use nix::mount::{MntFlags, MsFlags, mount, umount2};
use nix::sched::{CloneFlags, setns, unshare};

use super::{
    Confinement, During as _, Hierarchy, Network, SandboxError, Spec, cgroup, confine, report,
    root, user,
};

/// What is forbidden in `/proc` and `/sys`.
const KERNEL_FILES: MsFlags = MsFlags::MS_NOSUID.union(MsFlags::MS_NOEXEC).union(MsFlags::MS_NODEV);

/// The hidden entry `labbook __sandbox SPEC PAYLOAD`: makes namespaces and
/// mounts, starts [`init`] in them and ends with it.
pub fn boot(spec: &str, payload: &str) -> ExitCode {
    report(try_boot(spec, payload))
}

fn try_boot(text: &str, payload: &str) -> Result<ExitCode, SandboxError> {
    let spec: Spec = serde_json::from_str(text)?;
    match &spec.cgroup {
        Some(name) => cgroup::prepare(name, spec.device_filter.as_deref(), spec.confinement)?,
        None => user::enter()?,
    }
    let flags = CloneFlags::CLONE_NEWNS
        | CloneFlags::CLONE_NEWPID
        | CloneFlags::CLONE_NEWIPC
        | CloneFlags::CLONE_NEWUTS;
    unshare(flags).during(|| "make namespaces".to_owned())?;
    let (root, program) = if spec.cgroup.is_some() {
        (root::build(&spec)?, root::OWN_PROGRAM)
    } else {
        user::hand_down()?;
        (user::build(&spec)?, user::OWN_PROGRAM)
    };
    let status = Command::new(root::own_program(&root, program)?)
        .arg("__sandbox-init")
        .arg(text)
        .arg(root)
        .arg(payload)
        .status()
        .during(|| "start the first process".to_owned())?;
    Ok(status.code().and_then(|code| u8::try_from(code).ok()).map_or(ExitCode::FAILURE, Into::into))
}

/// The hidden entry `labbook __sandbox-init SPEC ROOT PAYLOAD`: the first
/// process inside. It changes to the new root, gives up what a sandbox may not
/// do, and goes on as `payload`.
pub fn init(spec: &str, root: &str, payload: impl FnOnce() -> ExitCode) -> ExitCode {
    report(enter(spec, Path::new(root)).map(|()| payload()))
}

fn enter(text: &str, root: &Path) -> Result<(), SandboxError> {
    let spec: Spec = serde_json::from_str(text)?;
    // When boot is killed, this process and so the whole sandbox ends with it.
    nix::sys::prctl::set_pdeathsig(nix::sys::signal::Signal::SIGKILL)
        .during(|| "ask to end with the parent".to_owned())?;
    if let Some(name) = &spec.cgroup {
        // In this order: from inside the namespace the way to its root is barred.
        cgroup::enter(name, spec.confinement)?;
        unshare(CloneFlags::CLONE_NEWCGROUP).during(|| "make a cgroup namespace".to_owned())?;
        enter_network(&spec.network)?;
        kernel_files(&spec, root, &Hierarchy::needed(spec.confinement))?;
    } else {
        enter_network(&spec.network)?;
        // `/sys` is the host's, read-only: it belongs to the network's owner.
        processes(root)?;
    }
    change_root(root)?;
    nix::unistd::sethostname(&spec.hostname).during(|| "set the host name".to_owned())?;
    if let Some(server) = spec.name_server {
        resolve_at(server)?;
    }
    if spec.cgroup.is_some() {
        cgroup::leave_root()?;
    } else {
        user::bound()?;
    }
    nix::sys::stat::umask(nix::sys::stat::Mode::from_bits_truncate(0o022));
    confine::confine(spec.confinement, matches!(spec.network, Network::Host))?;
    if spec.cgroup.is_none() { user::give_up() } else { Ok(()) }
}

/// Boot stays in the host's network: what carries the sandbox's traffic to the
/// outside starts from there.
fn enter_network(network: &Network) -> Result<(), SandboxError> {
    match network {
        Network::Own => {
            unshare(CloneFlags::CLONE_NEWNET).during(|| "make a network namespace".to_owned())
        }
        Network::Join(path) => {
            let network =
                File::open(path).during(|| format!("open the network {}", path.display()))?;
            setns(network, CloneFlags::CLONE_NEWNET)
                .during(|| format!("join the network {}", path.display()))
        }
        Network::Host => Ok(()),
    }
}

/// `/proc` of the new namespaces.
fn processes(root: &Path) -> Result<(), SandboxError> {
    let proc = root.join("proc");
    mount(Some("proc"), &proc, Some("proc"), KERNEL_FILES, None::<&str>)
        .during(|| format!("mount {}", proc.display()))
}

/// `/proc` and `/sys` of the new namespaces. Settings of the whole kernel are
/// read-only in them.
fn kernel_files(spec: &Spec, root: &Path, hierarchies: &[Hierarchy]) -> Result<(), SandboxError> {
    let (proc, sys) = (root.join("proc"), root.join("sys"));
    processes(root)?;
    mount(Some("sysfs"), &sys, Some("sysfs"), KERNEL_FILES, None::<&str>)
        .during(|| format!("mount {}", sys.display()))?;
    let settings = proc.join("sys");
    root::read_only(&settings, &settings)?;
    if spec.confinement == Confinement::Cluster {
        // These are the network namespace's own, and kube-proxy writes them.
        let writable = proc.join("sys/net");
        let fresh = root.join("run/proc");
        fs::create_dir_all(&fresh).during(|| format!("make {}", fresh.display()))?;
        mount(Some("proc"), &fresh, Some("proc"), KERNEL_FILES, None::<&str>)
            .during(|| format!("mount {}", fresh.display()))?;
        root::bind(&fresh.join("sys/net"), &writable, MsFlags::empty())?;
        umount2(&fresh, MntFlags::MNT_DETACH).during(|| format!("unmount {}", fresh.display()))?;
    }
    for name in ["irq", "bus", "fs", "acpi", "scsi"] {
        let directory = proc.join(name);
        if directory.exists() {
            root::read_only(&directory, &directory)?;
        }
    }
    for name in ["sysrq-trigger", "kcore"] {
        let target = proc.join(name);
        if target.exists() {
            root::bind(&root.join("dev/null"), &target, MsFlags::empty())?;
        }
    }
    root::read_only(&sys, &sys)?;
    cgroup::mount_inside(&sys, hierarchies, spec.confinement)
}

fn resolve_at(server: std::net::Ipv4Addr) -> Result<(), SandboxError> {
    let file = Path::new("/etc/resolv.conf");
    // Often a link to a file below /run, which is not the host's here.
    if file.symlink_metadata().is_ok() {
        fs::remove_file(file).during(|| format!("remove {}", file.display()))?;
    }
    fs::write(file, format!("nameserver {server}\n")).during(|| format!("write {}", file.display()))
}

fn change_root(root: &Path) -> Result<(), SandboxError> {
    std::env::set_current_dir(root).during(|| format!("go to {}", root.display()))?;
    // The old root comes to lie over the new one, and is then taken away.
    nix::unistd::pivot_root(".", ".").during(|| "change the root".to_owned())?;
    umount2(".", MntFlags::MNT_DETACH).during(|| "unmount the old root".to_owned())?;
    std::env::set_current_dir("/").during(|| "go to /".to_owned())
}
