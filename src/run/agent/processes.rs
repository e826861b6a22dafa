//! The processes that a lab started, as `/proc` shows them.
//!
//! The agent adopts orphans (it is the first process of its namespace, or a
//! subreaper), so whatever the lab started is a descendant of the agent, also
//! what left its process group or session.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::time::Duration;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use crate::process::{self, Handle};

/// Process identifiers.
pub(super) type Pids = BTreeSet<i32>;

/// The descendants of `root`, except those of the processes in `spared`, and
/// except these themselves.
pub(super) fn descendants(root: i32, spared: &Pids) -> Pids {
    let mut children: BTreeMap<i32, Vec<i32>> = BTreeMap::new();
    for (pid, parent) in all() {
        children.entry(parent).or_default().push(pid);
    }
    let mut found = Pids::new();
    let mut open = vec![root];
    while let Some(pid) = open.pop() {
        for &child in children.get(&pid).into_iter().flatten() {
            if !spared.contains(&child) && found.insert(child) {
                open.push(child);
            }
        }
    }
    found
}

/// The direct children of a process.
pub(super) fn children(pid: i32) -> Pids {
    // The kernel lists them in one file where it was built to do so.
    fs::read_to_string(format!("/proc/{pid}/task/{pid}/children")).map_or_else(
        |_| all().filter(|&(_, parent)| parent == pid).map(|(child, _)| child).collect(),
        |list| list.split_ascii_whitespace().filter_map(|word| word.parse().ok()).collect(),
    )
}

/// Whether one of these processes listens on a TCP port.
pub(super) fn listens(pids: &Pids) -> bool {
    pids.iter().any(|pid| {
        let sockets: Vec<String> = fs::read_dir(format!("/proc/{pid}/fd"))
            .into_iter()
            .flatten()
            .flatten()
            .filter_map(|entry| {
                fs::read_link(entry.path()).ok()?.into_os_string().into_string().ok()
            })
            .filter_map(|link| Some(link.strip_prefix("socket:[")?.strip_suffix(']')?.to_owned()))
            .collect();
        !sockets.is_empty()
            && ["tcp", "tcp6"].iter().any(|table| {
                let table = fs::read_to_string(format!("/proc/{pid}/net/{table}"));
                table.is_ok_and(|table| {
                    table
                        .lines()
                        .filter_map(listener)
                        .any(|inode| sockets.iter().any(|socket| socket == inode))
                })
            })
    })
}

/// The inode of the socket in a line of `/proc/net/tcp` (proc(5)), where it listens.
fn listener(line: &str) -> Option<&str> {
    const LISTENS: &str = "0A";
    let mut fields = line.split_ascii_whitespace().skip(3);
    (fields.next()? == LISTENS).then_some(())?;
    fields.nth(5)
}

/// Sends a signal to each; one that is gone by now is no error.
pub(super) fn signal(pids: &Pids, signal: Signal) {
    for &pid in pids {
        // The only other failure is a process of another user, which a page
        // may start through sudo where there is no sandbox.
        let _ = kill(Pid::from_raw(pid), signal);
    }
}

/// Kills each, and waits for so long until they are gone: a process that was told to end
/// can be seen until it does.
pub(super) fn kill_all(pids: &Pids, patience: Duration) {
    let living = pids.iter().filter_map(|&pid| Handle::of(pid)).collect();
    signal(pids, Signal::SIGKILL);
    process::wait_all(living, patience);
}

/// Each process and its parent.
fn all() -> impl Iterator<Item = (i32, i32)> {
    fs::read_dir("/proc").into_iter().flatten().flatten().filter_map(|entry| {
        let pid: i32 = entry.file_name().to_str()?.parse().ok()?;
        let stat = fs::read(entry.path().join("stat")).ok()?;
        Some((pid, parent(&stat)?))
    })
}

/// The parent in a line of `/proc/PID/stat` (proc(5)): the second field after
/// the name, which stands in parentheses and may hold any byte.
fn parent(stat: &[u8]) -> Option<i32> {
    let end = stat.iter().rposition(|&byte| byte == b')')?;
    let rest = std::str::from_utf8(stat.get(end + 1..)?).ok()?;
    let mut fields = rest.split_ascii_whitespace();
    // A zombie is dead already: no signal reaches it.
    if fields.next()? == "Z" {
        return None;
    }
    fields.next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parent_is_found_behind_any_name() {
        assert_eq!(parent(b"42 (a) b) 1 (c) S 7 42 42 0"), Some(7));
        assert_eq!(parent(b"42 (sh) Z 7 42 42 0"), None);
        assert_eq!(parent(b"42 (sh"), None);
    }

    #[test]
    fn a_spared_process_spares_its_descendants() {
        let own = i32::try_from(std::process::id()).expect("process identifiers fit");
        let mut child = std::process::Command::new("sh")
            .args(["-c", "sleep 100 & echo; wait"])
            .stdout(std::process::Stdio::piped())
            .spawn()
            .expect("sh is there");
        let mut line = [0];
        let stdout = child.stdout.as_mut().expect("it is piped");
        std::io::Read::read_exact(stdout, &mut line).expect("sh prints a line");
        let shell = i32::try_from(child.id()).expect("process identifiers fit");

        let sleep = children(shell);
        assert_eq!(sleep.len(), 1);
        let found = descendants(own, &Pids::new());
        assert!(found.contains(&shell) && found.is_superset(&sleep));
        let rest = descendants(own, &Pids::from([shell]));
        assert!(!rest.contains(&shell) && rest.is_disjoint(&sleep));

        kill_all(&sleep, Duration::from_secs(100));
        assert!(descendants(shell, &Pids::new()).is_empty());
        assert!(child.wait().expect("it is our child").success());
        signal(&sleep, Signal::SIGKILL);
    }
}
