//! Clusters that outlive the command that started them: each has a small
//! keeper, a process that owns it until it is told to end.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::process::{ExitCode, Stdio};
use std::time::Duration;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::signal::unix::{SignalKind, signal};

use super::layout::Home;
use super::owner::{Embedded, Request, context, network_of};
use super::protocol::Progress;
use super::state::{Machine, State, check_name};
use super::{EmbeddedError, supervisor};
use crate::process::Handle;

/// A cluster that is there, whoever owns it.
#[derive(Debug, Clone)]
pub struct Running {
    /// Its name.
    pub name: String,
    /// Whether it became ready.
    pub ready: bool,
    /// Whether it is kept up, and does not end with the run of a lab.
    pub kept: bool,
    /// What died in it since, with the end of its log.
    pub trouble: Option<String>,
    /// When it was claimed.
    pub started: jiff::Timestamp,
    /// The node's address on the host.
    pub address: std::net::Ipv4Addr,
    /// The administrator's kubeconfig.
    pub kubeconfig: PathBuf,
    /// The context's name in it.
    pub context: String,
    /// One file a component, named `COMPONENT.log`.
    pub logs: PathBuf,
    /// Where names are resolved in its network.
    pub name_server: std::net::Ipv4Addr,
    /// The first process inside, once it runs.
    pub first_process: Option<u32>,
}

impl Running {
    fn new(name: &str, home: &Home, state: &State) -> Self {
        Self {
            name: name.to_owned(),
            ready: state.ready,
            kept: state.kept,
            trouble: state.trouble.clone(),
            started: state.started,
            address: state.address,
            kubeconfig: home.kubeconfig(),
            context: context(name),
            logs: home.logs(),
            name_server: state.name_server,
            first_process: state.first_process,
        }
    }

    /// The cluster's network namespace, once there is one.
    pub fn network(&self) -> Option<PathBuf> {
        self.first_process.map(network_of)
    }
}

/// The clusters of this user that live, by name.
///
/// # Errors
/// The state directory cannot be used.
pub fn list() -> Result<Vec<Running>, EmbeddedError> {
    let machine = Machine::open()?;
    let living = machine.names().into_iter().filter_map(|name| {
        let home = machine.home(&name);
        let state = Machine::is_owned(&home).then(|| State::read(&home)).flatten()?;
        Some(Running::new(&name, &home, &state))
    });
    Ok(living.collect())
}

/// The living cluster called `name`.
///
/// # Errors
/// There is none, or the state directory cannot be used.
pub fn find(name: &str) -> Result<Running, EmbeddedError> {
    list()?
        .into_iter()
        .find(|running| running.name == name)
        .ok_or_else(|| EmbeddedError::Unknown { name: name.to_owned() })
}

/// Removes what killed owners left, and returns the names of their clusters.
///
/// # Errors
/// Something could not be removed.
pub fn sweep() -> Result<Vec<String>, EmbeddedError> {
    Machine::open()?.sweep()
}

/// Starts a cluster under a keeper of its own, and returns once it is ready.
/// Cancelling the future ends the keeper and the cluster.
///
/// # Errors
/// As [`Embedded::start`].
pub async fn up(
    request: &Request,
    progress: &mut dyn FnMut(&Progress),
) -> Result<Running, EmbeddedError> {
    // Said here, these are faults of whoever asks; the keeper's are the cluster's.
    check_name(&request.name)?;
    if Machine::is_owned(&Machine::open()?.home(&request.name)) {
        return Err(EmbeddedError::Taken { name: request.name.clone() });
    }
    let request = &Request { kept: true, ..request.clone() };
    let text = serde_json::to_string(request)
        .map_err(|error| EmbeddedError::io("describe", Path::new("the cluster"), error.into()))?;
    let failed = |error| EmbeddedError::io("start", &request.exe, error);
    let mut keeper = tokio::process::Command::new(&request.exe)
        .args(["__keep", &text])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(failed)?;
    let pid = keeper.id();
    let mut guard = EndOnDrop { pid };
    // The end of it, however this process ends, tells the keeper to give up.
    let _lifeline = keeper.stdin.take();
    let words = keeper.stdout.take().ok_or_else(|| failed(io::Error::other("no output")))?;
    let mut words = BufReader::new(words).lines();
    loop {
        let line = words.next_line().await.map_err(failed)?;
        let Some(line) = line else {
            return Err(EmbeddedError::Start { why: "its keeper was ended".to_owned() });
        };
        match serde_json::from_str(&line) {
            Ok(Progress::Failed { why }) => {
                guard.pid = None;
                let _ = keeper.wait().await;
                return Err(EmbeddedError::Kept { why });
            }
            Ok(Progress::Ready) => {
                guard.pid = None;
                progress(&Progress::Ready);
                return find(&request.name);
            }
            Ok(other) => progress(&other),
            Err(error) => return Err(failed(error.into())),
        }
    }
}

/// Tells a keeper to end unless it was disarmed, and waits for it.
struct EndOnDrop {
    pid: Option<u32>,
}

impl Drop for EndOnDrop {
    fn drop(&mut self) {
        if let Some(pid) = self.pid.and_then(|pid| i32::try_from(pid).ok()) {
            let _ = kill(Pid::from_raw(pid), Signal::SIGTERM);
            let _ = nix::sys::wait::waitpid(Pid::from_raw(pid), None);
        }
    }
}

/// The hidden entry `labbook __keep REQUEST`: owns a cluster until SIGTERM.
pub fn keep(request: &str) -> ExitCode {
    // The terminal's session, and what it sends to its processes, is left.
    let _ = nix::unistd::setsid();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let kept = runtime.map_err(|error| error.to_string()).and_then(|runtime| {
        let request: Request = serde_json::from_str(request).map_err(|error| error.to_string())?;
        runtime.block_on(own(&request)).map_err(|error| error.to_string())
    });
    match kept {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            supervisor::say(&Progress::Failed { why });
            ExitCode::FAILURE
        }
    }
}

async fn own(request: &Request) -> Result<(), EmbeddedError> {
    let failed = |error| EmbeddedError::io("wait for", Path::new("signals"), error);
    let mut terminate = signal(SignalKind::terminate()).map_err(failed)?;
    let mut say = supervisor::say_phases;
    let cluster = tokio::select! {
        started = Embedded::start(request, &mut say) => started?,
        _ = terminate.recv() => return Ok(()),
        () = starter_gone() => return Ok(()),
    };
    supervisor::say(&Progress::Ready);
    // `up` goes, and what it gave us to speak with goes with it.
    let null = File::options().write(true).open("/dev/null").map_err(failed)?;
    nix::unistd::dup2_stdout(&null).map_err(|error| failed(error.into()))?;
    tokio::select! {
        _ = terminate.recv() => {}
        words = cluster.died() => {
            // A cluster with a dead component is left as it is, to be looked at;
            // one without its first process is no cluster any more.
            cluster.tell(&words)?;
            tokio::select! {
                _ = terminate.recv() => {}
                () = cluster.ended() => {}
            }
        }
    }
    cluster.stop()
}

/// Returns when the process that started this keeper has ended.
async fn starter_gone() {
    use std::os::fd::AsFd as _;
    use tokio::io::AsyncReadExt as _;
    let input = io::stdin().as_fd().try_clone_to_owned();
    let pipe = input.and_then(tokio::net::unix::pipe::Receiver::from_owned_fd);
    match pipe {
        Ok(mut pipe) => {
            let mut byte = [0];
            let _ = pipe.read(&mut byte).await;
        }
        // Started with another input than a pipe: by hand, so nobody waits.
        Err(_) => std::future::pending().await,
    }
}

/// How long a keeper may take to end its cluster.
const PATIENCE: Duration = Duration::from_secs(20);

/// Ends the cluster called `name` and removes all of it.
///
/// # Errors
/// There is none of that name, or something could not be removed.
pub fn down(name: &str) -> Result<(), EmbeddedError> {
    let machine = Machine::open()?;
    // What is no cluster's name could be any path.
    let unknown = || EmbeddedError::Unknown { name: name.to_owned() };
    check_name(name).map_err(|_| unknown())?;
    let home = machine.home(name);
    if !home.0.exists() {
        return Err(unknown());
    }
    if let Some(state) = State::read(&home).filter(|_| Machine::is_owned(&home)) {
        let owner = Pid::from_raw(i32::try_from(state.owner).unwrap_or_default());
        // A lab's run goes on after its cluster; of a keeper nothing is to be seen then.
        let keeper = if state.kept { Handle::of(owner.as_raw()) } else { None };
        // Gone in between is as good.
        let _ = kill(owner, Signal::SIGTERM);
        if !wait_unowned(&home) {
            let _ = kill(owner, Signal::SIGKILL);
            wait_unowned(&home);
        }
        keeper.map(|keeper| keeper.wait(PATIENCE));
    }
    if Machine::is_owned(&home) {
        return Err(EmbeddedError::Owned { name: name.to_owned() });
    }
    machine.sweep()?;
    Ok(())
}

/// Waits until the owner has let go of its lock.
fn wait_unowned(home: &Home) -> bool {
    let deadline = std::time::Instant::now() + PATIENCE;
    while Machine::is_owned(home) {
        if std::time::Instant::now() > deadline {
            return false;
        }
        // A lock that is waited for would be taken; this one is only looked at.
        std::thread::sleep(Duration::from_millis(10));
    }
    true
}

/// The end of a component's log, or all of them, written to `out`.
///
/// # Errors
/// The cluster or the component is not there.
pub fn logs(
    name: &str,
    component: Option<&str>,
    out: &mut dyn io::Write,
) -> Result<(), EmbeddedError> {
    let running = find(name)?;
    let failed = |error| EmbeddedError::io("read", &running.logs, error);
    let mut files: Vec<PathBuf> =
        fs::read_dir(&running.logs).map_err(failed)?.flatten().map(|entry| entry.path()).collect();
    files.sort();
    for file in &files {
        let this = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        if component.is_some_and(|wanted| wanted != this) {
            continue;
        }
        if component.is_none() {
            writeln!(out, "==> {this} <==").map_err(failed)?;
        }
        io::copy(&mut File::open(file).map_err(failed)?, out).map_err(failed)?;
        if component.is_some() {
            return Ok(());
        }
    }
    match component {
        None => Ok(()),
        Some(component) => Err(EmbeddedError::NoLog {
            name: name.to_owned(),
            component: component.to_owned(),
            there: files
                .iter()
                .filter_map(|file| Some(file.file_stem()?.to_string_lossy().into_owned()))
                .collect::<Vec<_>>()
                .join(", "),
        }),
    }
}
