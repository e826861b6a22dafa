//! The processes below the first process of a cluster.
//!
//! That process is PID 1 of its namespace: whatever loses its parent becomes
//! its child (containerd's shims do), so one thread waits for all children, and
//! nothing else here may wait for one.

use std::collections::HashMap;
use std::fs::{File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use nix::sys::wait::{WaitStatus, waitpid};
use nix::unistd::Pid;
use tokio::sync::oneshot;

use super::components::Component;

/// Starts programs, keeps their logs, and tells when they end.
#[derive(Clone)]
pub(super) struct Processes {
    logs: PathBuf,
    table: Arc<Table>,
}

#[derive(Default)]
struct Table {
    waiting: Mutex<HashMap<Pid, oneshot::Sender<String>>>,
    started: Condvar,
}

impl Table {
    fn lock(&self) -> MutexGuard<'_, HashMap<Pid, oneshot::Sender<String>>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Processes {
    /// Begins to wait for children. `logs` is a directory.
    ///
    /// # Errors
    /// The directory could not be made, or no thread started.
    pub(super) fn new(logs: PathBuf) -> io::Result<Self> {
        std::fs::create_dir_all(&logs)?;
        let table = Arc::new(Table::default());
        let reaper = Arc::clone(&table);
        std::thread::Builder::new().name("reaper".to_owned()).spawn(move || reap(&reaper))?;
        Ok(Self { logs, table })
    }

    /// Starts a component. The receiver gets a clause such as `exited with 1`
    /// when it ends.
    ///
    /// # Errors
    /// The program could not be started; the error names it.
    pub(super) fn start(&self, component: &Component) -> io::Result<oneshot::Receiver<String>> {
        let (out, errors) = self.log(component.name)?;
        let mut command = Command::new(&component.program);
        command
            .args(&component.arguments)
            .stdin(Stdio::null())
            .stdout(out)
            .stderr(errors)
            .current_dir("/");
        self.spawn(&mut command)
    }

    /// Runs a command to its end; what it prints goes to the log `name`.
    ///
    /// # Errors
    /// It could not be started, or did not exit with 0.
    pub(super) async fn run(&self, name: &str, command: &mut Command) -> io::Result<()> {
        let (out, errors) = self.log(name)?;
        command.stdin(Stdio::null()).stdout(out).stderr(errors);
        let ended = self.spawn(command)?.await.map_err(io::Error::other)?;
        if ended == "exited with 0" {
            return Ok(());
        }
        let words = tail(&self.logs.join(format!("{name}.log")), 5);
        Err(io::Error::other(format!("{} {ended}: {words}", command.get_program().display())))
    }

    fn log(&self, name: &str) -> io::Result<(File, File)> {
        let path = self.logs.join(format!("{name}.log"));
        let file = OpenOptions::new().create(true).append(true).open(path)?;
        Ok((file.try_clone()?, file))
    }

    fn spawn(&self, command: &mut Command) -> io::Result<oneshot::Receiver<String>> {
        let (sender, receiver) = oneshot::channel();
        // Held until the child is in the table: it may end at once.
        let mut waiting = self.table.lock();
        let child = command.spawn().map_err(|error| {
            io::Error::new(
                error.kind(),
                format!("start {}: {error}", command.get_program().display()),
            )
        })?;
        waiting.insert(Pid::from_raw(child.id().cast_signed()), sender);
        self.table.started.notify_one();
        Ok(receiver)
    }
}

fn reap(table: &Table) {
    loop {
        let (pid, how) = match waitpid(None, None) {
            Ok(WaitStatus::Exited(pid, code)) => (pid, format!("exited with {code}")),
            Ok(WaitStatus::Signaled(pid, signal, _)) => (pid, format!("was ended by {signal}")),
            Ok(_) | Err(nix::errno::Errno::EINTR) => continue,
            Err(_) => {
                // No child at all: wait for the next one.
                let waiting = table.lock();
                if waiting.is_empty() {
                    drop(table.started.wait(waiting));
                }
                continue;
            }
        };
        if let Some(sender) = table.lock().remove(&pid) {
            // Nobody listens any more where the cluster is on its way down.
            let _ = sender.send(how);
        }
    }
}

/// The last `lines` lines of a log, for a message.
pub(super) fn tail(log: &Path, lines: usize) -> String {
    use std::io::{Read as _, Seek as _, SeekFrom};
    const MOST: u64 = 16 * 1024;
    let read = || -> io::Result<Vec<u8>> {
        let mut file = File::open(log)?;
        let length = file.metadata()?.len();
        file.seek(SeekFrom::Start(length.saturating_sub(MOST)))?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        Ok(bytes)
    };
    let bytes = read().unwrap_or_default();
    let text = String::from_utf8_lossy(&bytes);
    let all: Vec<&str> = text.lines().collect();
    all[all.len().saturating_sub(lines)..].join("\n")
}
