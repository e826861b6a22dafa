//! The names of sandboxes' cgroups, and their end: with the sandbox, or at the
//! next start where its owner was killed.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::Hierarchy;
use crate::sandbox::unique_id;

/// The prefix of every sandbox's cgroup name.
const PREFIX: &str = "labbook-";

/// Removes the cgroups `name` of a sandbox whose first process was ended.
/// Processes inside may still be on their way out; those that are not gone
/// within `patience` are killed, and as long again is waited for those that
/// cannot be: all hierarchies hold the same processes, so the time is theirs
/// together. What is left then, the next start finds.
pub fn remove(name: &str, patience: Duration) {
    let begun = Instant::now();
    let cgroups: Vec<PathBuf> =
        Hierarchy::all().iter().map(|hierarchy| hierarchy.directory.join(name)).collect();
    // A frozen process does not even die.
    for cgroup in &cgroups {
        for_each_below(cgroup, &thaw);
    }
    loop {
        for cgroup in &cgroups {
            remove_tree(cgroup);
        }
        let left: Vec<&PathBuf> = cgroups.iter().filter(|cgroup| cgroup.exists()).collect();
        if left.is_empty() || begun.elapsed() >= 2 * patience {
            return;
        }
        if begun.elapsed() >= patience {
            for cgroup in left {
                for_each_below(cgroup, &kill_members);
            }
        }
        // The kernel tells nobody when the last member of a v1 cgroup left.
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// A name for a sandbox's cgroups that no other has. It tells the process that
/// owns the sandbox: this one.
pub fn unique_name() -> String {
    format!("{PREFIX}{}-{}", std::process::id(), unique_id())
}

/// How long the processes of a sandbox whose owner is gone may take to end:
/// they were killed with it, and a start waits for this.
const ORPHANS: Duration = Duration::from_secs(3);

/// Removes the cgroups of sandboxes whose owner is gone.
pub fn sweep() {
    let mut stale = BTreeSet::new();
    for hierarchy in Hierarchy::all() {
        let Ok(entries) = fs::read_dir(&hierarchy.directory) else { continue };
        for entry in entries.flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            if owner(&name).is_some_and(|pid| !Path::new("/proc").join(pid.to_string()).exists()) {
                stale.insert(name);
            }
        }
    }
    for name in stale {
        remove(&name, ORPHANS);
    }
}

/// The owner's process in a name made by [`unique_name`].
fn owner(name: &str) -> Option<u32> {
    name.strip_prefix(PREFIX)?.split_once('-')?.0.parse().ok()
}

fn remove_tree(directory: &Path) {
    // Fails while a member lives; the caller tries again.
    for_each_below(directory, &|cgroup| drop(fs::remove_dir(cgroup)));
}

/// Calls `act` on a cgroup and all below it, the lowest first.
fn for_each_below(cgroup: &Path, act: &dyn Fn(&Path)) {
    for entry in fs::read_dir(cgroup).into_iter().flatten().flatten() {
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            for_each_below(&entry.path(), act);
        }
    }
    act(cgroup);
}

fn thaw(cgroup: &Path) {
    for (file, value) in [("freezer.state", "THAWED"), ("cgroup.freeze", "0")] {
        let file = cgroup.join(file);
        if file.exists() {
            let _ = fs::write(file, value);
        }
    }
}

fn kill_members(cgroup: &Path) {
    use nix::sys::signal::{Signal, kill};
    use nix::unistd::Pid;
    let members = fs::read_to_string(cgroup.join("cgroup.procs")).unwrap_or_default();
    // A process of a PID namespace that this one does not see is given as 0,
    // which kill(2) takes for the caller's own group.
    for pid in members.lines().filter_map(|line| line.parse().ok()).filter(|&pid: &i32| pid > 0) {
        let _ = kill(Pid::from_raw(pid), Signal::SIGKILL);
    }
}
