//! What root inside a sandbox may not do: capabilities that reach past
//! namespaces, and system calls that go round them.

use caps::{CapSet, Capability};

use super::{Confinement, During as _, SandboxError, seccomp};

/// Never of use to a container, and not bound by any namespace.
const ALWAYS: &[Capability] = &[
    Capability::CAP_SYS_RAWIO,
    Capability::CAP_SYS_MODULE,
    Capability::CAP_SYS_BOOT,
    Capability::CAP_SYS_TIME,
    Capability::CAP_WAKE_ALARM,
    // With a file handle it opens any file of a disk of which one directory is
    // visible.
    Capability::CAP_DAC_READ_SEARCH,
    Capability::CAP_MAC_ADMIN,
    Capability::CAP_MAC_OVERRIDE,
    Capability::CAP_AUDIT_CONTROL,
];

/// What a shell does not need either. A cluster does: image layers hold device
/// nodes, the kubelet reads /dev/kmsg, containers are made of mounts.
const SHELL: &[Capability] = &[
    Capability::CAP_SYS_ADMIN,
    Capability::CAP_SYS_PTRACE,
    Capability::CAP_MKNOD,
    Capability::CAP_SYSLOG,
    Capability::CAP_BPF,
    Capability::CAP_PERFMON,
    Capability::CAP_SYS_PACCT,
    Capability::CAP_LINUX_IMMUTABLE,
];

/// Gives up for good, for this process and all that it starts, what a sandbox
/// of this kind may not do. `host_network` says that the network is the host's,
/// which is then not to be changed.
pub(super) fn confine(kind: Confinement, host_network: bool) -> Result<(), SandboxError> {
    // The right to filter without giving up more is itself dropped below.
    seccomp::deny()?;
    let mut dropped = ALWAYS.to_vec();
    if kind == Confinement::Shell {
        dropped.extend(SHELL);
        if host_network {
            dropped.push(Capability::CAP_NET_ADMIN);
        }
    }
    for capability in dropped {
        drop_capability(capability)?;
    }
    Ok(())
}

fn drop_capability(capability: Capability) -> Result<(), SandboxError> {
    let held = |set| caps::has_cap(None, set, capability).unwrap_or(false);
    for set in [CapSet::Bounding, CapSet::Inheritable, CapSet::Effective, CapSet::Permitted] {
        if held(set) {
            caps::drop(None, set, capability)
                .map_err(std::io::Error::other)
                .during(|| format!("drop {capability} from the {set:?} set"))?;
        }
    }
    Ok(())
}
