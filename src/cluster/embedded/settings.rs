//! The settings of the kernel that a kubelet demands.
//!
//! They are the whole machine's, so a cluster may not write them: a kubelet that finds them
//! otherwise would try, and end. It is shown files in their place, in the cluster's mounts
//! alone; the kernel's own stay as they are, and so does what pods see.

use std::fs;
use std::io;
use std::path::Path;

use nix::mount::{MsFlags, mount};

use super::layout::data;

/// By their place below `/proc/sys`: `setupKernelTunables` of the kubelet's
/// `cm/container_manager_linux.go`, with the values of
/// `k8s.io/component-helpers/node/util/sysctl`.
const DEMANDED: [(&str, &str); 6] = [
    ("vm/overcommit_memory", "1"),
    ("vm/panic_on_oom", "0"),
    ("kernel/panic", "10"),
    ("kernel/panic_on_oops", "1"),
    ("kernel/keys/root_maxkeys", "1000000"),
    ("kernel/keys/root_maxbytes", "25000000"),
];

/// Shows the processes of this mount namespace the demanded settings, where the kernel's own
/// are others.
pub(super) fn show_demanded() -> io::Result<()> {
    let shown = data("settings");
    fs::create_dir_all(&shown)?;
    for (name, value) in DEMANDED {
        let setting = Path::new("/proc/sys").join(name);
        // Not every kernel has every one; the kubelet says which it lacks.
        match fs::read_to_string(&setting) {
            Ok(own) if own.trim() != value => {}
            _ => continue,
        }
        let file = shown.join(name.replace('/', "."));
        fs::write(&file, format!("{value}\n"))?;
        mount(Some(&file), &setting, None::<&str>, MsFlags::MS_BIND, None::<&str>)?;
    }
    Ok(())
}
