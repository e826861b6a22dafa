//! A workbook in a temporary directory, and the binary run in it with an
//! environment of which nothing is the user's.

use std::fs;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use labbook::document::Document;
use labbook::lab;
use labbook::plan::{Plan, Sources};
use labbook::record::{
    AttemptEnded, Closing, ClusterFact, Ended, Event, FORMAT, Facts, Header, Output, OutputChunk,
    StepEnded, StepStarted, Stream, Verdict,
};
use labbook::workbook::Workbook;
use regex::Regex;

/// What a cluster takes to start on a slow machine is far less.
const PATIENCE: Duration = Duration::from_secs(300);

/// The start of every hand-written record.
const STARTED: &str = "2026-11-23T10:00:00Z";

/// The built binary, with an environment of which nothing is the user's but
/// where programs, caches and registries are found; for tests with clusters.
///
/// The first that asks for it has all built that a cluster is started from, so
/// that no test measures or interrupts a build.
pub(crate) fn labbook() -> Command {
    static BUILT: OnceLock<()> = OnceLock::new();
    BUILT.get_or_init(|| {
        let built = bare()
            .args(["cluster", "build", "--install"])
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .stdin(Stdio::null())
            .output()
            .expect("labbook can be started");
        let words = String::from_utf8_lossy(&built.stderr);
        assert!(built.status.success(), "clusters cannot be built here: {words}");
    });
    bare()
}

/// Installs the distribution's package of a shell where that is not there yet; not while
/// the packages of clusters are installed.
pub(crate) fn install_shell(shell: &str) {
    static INSTALLING: std::sync::Mutex<()> = std::sync::Mutex::new(());
    let _alone = INSTALLING.lock().expect("no installation failed");
    let is_there = || Command::new(shell).args(["-c", ":"]).status().is_ok_and(|it| it.success());
    if is_there() {
        return;
    }
    labbook();
    let apt = |arguments: &[&str]| {
        let mut command = Command::new("apt-get");
        command.args(["-o", "DPkg::Lock::Timeout=120"]).args(arguments);
        command.env("DEBIAN_FRONTEND", "noninteractive").output().expect("apt-get is there")
    };
    let mut done = apt(&["install", "-y", shell]);
    if !done.status.success() {
        apt(&["update"]);
        done = apt(&["install", "-y", shell]);
    }
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    assert!(is_there(), "{shell} is not there");
}

fn bare() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_labbook"));
    command.env_clear().env("TZ", "UTC");
    let kept = ["PATH", "HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME", "LABBOOK_CACHE", "GOPROXY"];
    command.envs(kept.iter().filter_map(|name| Some((name, std::env::var_os(name)?))));
    command
}

/// Where tests keep what a sandbox shall find at its own path: the build's
/// directory for tests, unless that is in `/tmp`, of which a sandbox has its own.
pub(crate) fn visible_directory() -> &'static Path {
    let built = Path::new(env!("CARGO_TARGET_TMPDIR"));
    if built.starts_with("/tmp") { Path::new("/var/tmp") } else { built }
}

/// Who runs labbook.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum By {
    /// The tests' own user, who is root.
    Root,
    /// A user without rights, whose the workbook is.
    User,
    /// Root of a container in which no namespace can be made.
    RootWithout,
}

/// A user without rights.
pub(crate) const USER: u32 = 65534;

/// Makes all below a directory a user's own.
fn give(path: &Path) {
    std::os::unix::fs::lchown(path, Some(USER), Some(USER)).expect("the tests are run as root");
    if path.is_dir() && !path.is_symlink() {
        for entry in fs::read_dir(path).expect("it can be read") {
            give(&entry.expect("it can be read").path());
        }
    }
}

/// A workbook, and what labbook is asked to do in it.
#[must_use]
pub(crate) struct Test {
    root: tempfile::TempDir,
    /// Where labbook is started, from the root.
    directory: PathBuf,
    arguments: Vec<String>,
}

/// What came of it.
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    pub(crate) root: tempfile::TempDir,
}

impl Test {
    /// An empty workbook.
    pub(crate) fn new() -> Self {
        let root = tempfile::tempdir().expect("a temporary directory");
        Self { root, directory: PathBuf::new(), arguments: Vec::new() }
    }

    /// A directory of it in which labbook is started.
    pub(crate) fn at(mut self, directory: &str) -> Self {
        self.directory = directory.into();
        self
    }

    /// A file of it.
    pub(crate) fn file(self, path: &str, bytes: impl AsRef<[u8]>) -> Self {
        let path = self.root.path().join(path);
        fs::create_dir_all(path.parent().expect("it is in the workbook")).expect("its directory");
        fs::write(path, bytes).expect("the file");
        self
    }

    /// Its directory.
    pub(crate) fn root(&self) -> &Path {
        self.root.path()
    }

    /// A record of a page, as a run that printed `outputs` leaves it.
    pub(crate) fn record(
        self,
        page: &str,
        record: &str,
        verdict: Verdict,
        outputs: &[&str],
    ) -> Self {
        let text = record_of(self.root.path(), page, verdict, outputs);
        self.file(record, text)
    }

    /// The arguments, in one line.
    pub(crate) fn args(mut self, line: &str) -> Self {
        self.arguments = line.split_whitespace().map(str::to_owned).collect();
        self
    }

    /// The command, ready to be run.
    pub(crate) fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_labbook"));
        command
            .args(&self.arguments)
            .current_dir(self.root.path().join(&self.directory))
            .stdin(Stdio::null())
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", self.root.path().join(".home"))
            .env("TZ", "UTC");
        command
    }

    /// Runs it to its end.
    pub(crate) fn run(self) -> Ran {
        self.run_by(By::Root)
    }

    /// The command, ready to be run by somebody.
    pub(crate) fn command_by(&self, by: By) -> Command {
        let own = self.command();
        match by {
            By::Root => own,
            By::User => {
                give(self.root.path());
                let mut command = own;
                command.uid(USER).gid(USER);
                command
            }
            By::RootWithout => {
                let script = "echo 0 >/proc/sys/user/max_user_namespaces; exec \"$0\" \"$@\"";
                let mut command = Command::new("unshare");
                command.args(["--user", "--map-root-user", "sh", "-c", script]);
                command.arg(own.get_program()).args(own.get_args());
                command.current_dir(own.get_current_dir().expect("it is set"));
                command.stdin(Stdio::null()).env_clear();
                command.envs(own.get_envs().filter_map(|(name, value)| Some((name, value?))));
                command
            }
        }
    }

    /// Has somebody run it to its end.
    pub(crate) fn run_by(self, by: By) -> Ran {
        let output = self.command_by(by).output().expect("labbook can be started");
        Ran {
            code: output.status.code().expect("no signal ended it"),
            stdout: String::from_utf8(output.stdout).expect("text"),
            stderr: String::from_utf8(output.stderr).expect("text"),
            root: self.root,
        }
    }
}

impl Ran {
    /// Both streams and the exit code, for a snapshot of the whole.
    pub(crate) fn show(&self) -> String {
        let mut shown = format!("exit code {}\n", self.code);
        for (name, text) in [("stdout", &self.stdout), ("stderr", &self.stderr)] {
            if !text.is_empty() {
                shown.extend(["--- ", name, "\n", text.as_str()]);
            }
        }
        shown
    }

    /// A file of the workbook.
    pub(crate) fn read(&self, path: impl AsRef<Path>) -> Vec<u8> {
        let path: PathBuf = self.root.path().join(path);
        fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }

    /// A file of the workbook, as text.
    pub(crate) fn text(&self, path: impl AsRef<Path>) -> String {
        String::from_utf8(self.read(path)).expect("text")
    }

    /// Another command in the same workbook.
    pub(crate) fn then(self, line: &str) -> Ran {
        Test { root: self.root, directory: PathBuf::new(), arguments: Vec::new() }.args(line).run()
    }
}

/// What was said, without times.
pub(crate) fn timeless(text: &str) -> String {
    let time = Regex::new(r" *\d+\.\d\d s|\d{8}T\d{6}Z").expect("it is one");
    time.replace_all(text, " TIME").into_owned()
}

/// Waits until something is so, which other processes bring about: no event tells of it. A
/// test whose labbook ended before that fails, and does not hang.
#[track_caller]
pub(crate) fn wait_until(what: &str, mut so: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !so() {
        assert!(begun.elapsed() < PATIENCE, "after {PATIENCE:?} it is not so that {what}");
        std::thread::yield_now();
    }
}

/// Waits until a run of `lab.md` in this workbook has a record with such a line in it.
#[track_caller]
pub(crate) fn wait_for_record(root: &Path, text: &str) {
    wait_until(&format!("the record has {text}"), || {
        read_record(root).lines().any(|line| line.contains(text))
    });
}

/// The record of the first run of `lab.md` in this workbook, as far as it was written.
pub(crate) fn read_record(root: &Path) -> String {
    let runs = fs::read_dir(root.join("labbook-out")).into_iter().flatten().flatten();
    let mut records = runs.map(|run| run.path().join("lab.record.jsonl"));
    records.find_map(|record| fs::read_to_string(record).ok()).unwrap_or_default()
}

/// The lines of a record of `page`: each step was run once and printed one of
/// `outputs`.
fn record_of(root: &Path, page: &str, verdict: Verdict, outputs: &[&str]) -> String {
    let workbook = Workbook::find(root).expect("a workbook");
    let path = fs::canonicalize(root.join(page)).expect("the page is there");
    let document = Document::new(fs::read(&path).expect("the page can be read"));
    let (lab, _) = lab::read(&document);
    let plan = Plan::new(&workbook, &path, &document, &lab, Sources::Mirrors).expect("a plan");
    assert_eq!(lab.steps.len(), outputs.len(), "an output for each step");
    let mut events = vec![Event::Header(Header {
        schema: FORMAT,
        labbook: "0.1.0".to_owned(),
        page: plan.page,
        sha256: plan.sha256,
        inputs: plan.inputs,
        cluster: ClusterFact {
            provider: "embedded".to_owned(),
            version: Some("v1.36.3".to_owned()),
        },
        sandbox: None,
        started: STARTED.parse().expect("a time"),
    })];
    for (index, (step, output)) in lab.steps.iter().zip(outputs).enumerate() {
        events.push(Event::StepStarted(StepStarted {
            step: index,
            first_line: step.command.first_line,
            last_line: step.command.last_line,
            text: step.command.text.clone(),
            executed: None,
        }));
        events.push(Event::Output(OutputChunk {
            step: index,
            attempt: 1,
            stream: Stream::Both,
            at_ms: 2,
            output: Output(output.as_bytes().to_vec()),
        }));
        events.push(Event::AttemptEnded(AttemptEnded {
            step: index,
            attempt: 1,
            ended: Ended::Exited(0),
            output: Output(output.as_bytes().to_vec()),
            stderr: Output::default(),
            left_out: 0,
            bytes: output.len() as u64,
            dropped: 0,
            terminal: false,
            duration_ms: 40,
            facts: Facts::default(),
        }));
        events.push(Event::StepEnded(StepEnded {
            step: index,
            verdict,
            kept: Some(1),
            attempts: 1,
            took_ms: 40,
            explanation: Vec::new(),
        }));
    }
    events.push(Event::Closing(Closing {
        verdict,
        ended: STARTED.parse().expect("a time"),
        reason: None,
        stand_ins: Vec::new(),
    }));
    let line = |event| serde_json::to_string(&event).expect("JSON") + "\n";
    events.into_iter().map(line).collect()
}
