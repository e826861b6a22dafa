//! Faults of the machine under a run without a cluster: labbook killed at each step, a
//! full disk, a workbook that cannot be written, few open files, no bash. The tests are
//! run as root: `cargo test --test labbook faults::`.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use labbook::record::{self, Verdict};

use crate::support::{Test, read_record, visible_directory, wait_for_record, wait_until};

const PAGE: &str = "```bash\n$ echo hello\nhello\n```\n";

/// Steps of all sorts; each can be followed by another command on its line.
const STEPS: [&str; 6] = [
    "echo first;",
    "sleep 1000 &",
    "setsid sleep 1000 &",
    "touch made; echo changed >>lab.md;",
    "mount -t tmpfs none /mnt;",
    "exec 3>log; trap 'echo bye' EXIT;",
];

/// A page of these steps, and the one of that index never ends.
fn endless_in(step: usize) -> String {
    let fence = |(index, text): (usize, &&str)| {
        let tty = if index == 0 { "<!-- labbook: tty = true -->\n" } else { "" };
        let end = if index == step { " cat /dev/zero >/dev/null" } else { "" };
        format!("{tty}```bash\n$ {text}{end}\n```\n")
    };
    STEPS.iter().enumerate().map(fence).collect()
}

/// The cgroups of the processes that a labbook started, by their names.
fn cgroups(labbook: &Child) -> Vec<String> {
    let mut family = vec![labbook.id().to_string()];
    let mut names = Vec::new();
    let mut next = 0;
    while let Some(pid) = family.get(next) {
        let proc = PathBuf::from("/proc").join(pid);
        let cgroups = fs::read_to_string(proc.join("cgroup")).unwrap_or_default();
        let parts = cgroups.lines().flat_map(|line| line.split('/'));
        names.extend(parts.filter(|name| name.starts_with("labbook")).map(str::to_owned));
        let tasks = fs::read_dir(proc.join("task")).into_iter().flatten().flatten();
        let children =
            tasks.filter_map(|task| fs::read_to_string(task.path().join("children")).ok());
        let children: Vec<String> = children
            .flat_map(|list| list.split_whitespace().map(str::to_owned).collect::<Vec<_>>())
            .collect();
        family.extend(children);
        next += 1;
    }
    names.sort_unstable();
    names.dedup();
    names
}

/// Whether a process of a cgroup lives whose command line begins so.
fn lives(cgroup: &str, command: &str) -> bool {
    let of = |process: fs::DirEntry| {
        let read = |file| fs::read_to_string(process.path().join(file)).unwrap_or_default();
        read("cgroup").split(['/', '\n']).any(|name| name == cgroup)
            && read("cmdline").starts_with(command)
    };
    fs::read_dir("/proc").expect("there is /proc").flatten().any(of)
}

/// Whether a cgroup is there, in whichever hierarchy.
fn is_there(cgroup: &str) -> bool {
    let root = Path::new("/sys/fs/cgroup");
    let below = fs::read_dir(root).into_iter().flatten().flatten();
    root.join(cgroup).exists() || below.into_iter().any(|one| one.path().join(cgroup).exists())
}

#[test]
fn killed_at_any_step_it_leaves_a_record_and_after_the_next_start_nothing_else() {
    for step in 0..STEPS.len() {
        let page = endless_in(step);
        let test = Test::new().file("lab.md", &page).args("run lab.md --cluster none");
        let temporary = tempfile::tempdir().expect("a temporary directory");
        let mut command = test.command();
        command.env("TMPDIR", temporary.path()).stdout(Stdio::null()).stderr(Stdio::null());
        let mut labbook = command.spawn().expect("labbook can be started");
        wait_for_record(test.root(), &format!(r#""event":"step_started","step":{step},"#));
        let cgroups = cgroups(&labbook);
        assert!(!cgroups.is_empty(), "step {step} runs in no sandbox");
        let endless = || cgroups.iter().any(|name| lives(name, "cat\0/dev/zero\0"));
        wait_until("the step's command runs", endless);
        labbook.kill().expect("it is a child that was not waited for");
        assert_eq!(labbook.wait().expect("it is a child").code(), None, "step {step}");

        let gone = || !cgroups.iter().any(|name| lives(name, ""));
        wait_until(&format!("the processes of step {step} in {cgroups:?} are gone"), gone);
        let runs = fs::read_dir(test.root().join("labbook-out")).expect("it ran").flatten();
        let record =
            runs.map(|run| run.path().join("lab.record.jsonl")).find(|path| path.is_file());
        let record = record::read(&record.expect("it was begun")).expect("it can be read");
        let decided: Vec<_> = record.steps().filter(|one| one.ended.is_some()).collect();
        assert_eq!((decided.len(), record.closing()), (step, None));
        assert_eq!(fs::read_to_string(test.root().join("lab.md")).expect("it is there"), page);
        assert!(!test.root().join("made").exists());

        let next = Test::new().file("lab.md", PAGE).args("run lab.md --cluster none").run();
        assert_eq!(next.code, 0, "{}", next.stderr);
        let left: Vec<_> = cgroups.iter().filter(|name| is_there(name)).collect();
        assert!(left.is_empty(), "step {step}: {left:?}");
        let mounts = fs::read_to_string("/proc/self/mountinfo").expect("there is /proc");
        let workbook = test.root().to_string_lossy().into_owned();
        assert!(!mounts.contains(&workbook), "step {step}: {mounts}");
        assert_eq!(fs::read_dir(temporary.path()).expect("it is there").count(), 0, "step {step}");
    }
}

/// Runs a script in a mount namespace of its own, in a workbook: `$labbook` is labbook.
fn in_own_mounts(test: &Test, script: &str) -> Output {
    let mut command = Command::new("unshare");
    command
        .args(["--mount", "sh", "-ec", script])
        .current_dir(test.root())
        .env("labbook", env!("CARGO_BIN_EXE_labbook"))
        .stdin(Stdio::null());
    command.output().expect("unshare is there")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn a_full_disk_ends_the_run_in_its_step_and_is_said_once() {
    let page = "```bash\n$ echo first\nfirst\n$ head -c 500000 /dev/zero | tr '\\0' x\n\
                $ echo third\nthird\n```\n";
    let test = Test::new().file("lab.md", page).file("labbook-out/.keep", "");
    let ended = in_own_mounts(
        &test,
        "mount -t tmpfs -o size=256k tmpfs labbook-out\n\
         code=0; $labbook run lab.md --cluster none || code=$?\n\
         cat labbook-out/latest/lab.record.jsonl >record.jsonl; exit $code",
    );
    let (out, err) = (text(&ended.stdout), text(&ended.stderr));
    assert_eq!(ended.status.code(), Some(1), "{out}{err}");
    let [line] = err.lines().collect::<Vec<_>>()[..] else { panic!("{err}") };
    assert!(line.starts_with("error: write the record labbook-out/"), "{err}");
    assert!(line.ends_with("/lab.record.jsonl: No space left on device"), "{err}");
    assert!(!out.contains("third"), "{out}");
    assert_eq!(fs::read_to_string(test.root().join("lab.md")).expect("it is there"), page);
    let record = record::read(&test.root().join("record.jsonl")).expect("it can be read");
    let first = record.step(0).and_then(|step| step.ended).map(|ended| ended.verdict);
    assert_eq!((first, record.closing()), (Some(Verdict::Same), None));
    assert_eq!(record.step(2), None);
}

#[test]
fn a_workbook_that_cannot_be_written_is_run_from_elsewhere() {
    let test = Test::new().file("book/lab.md", PAGE).file("elsewhere/.keep", "");
    let read_only = "mount --bind book book; mount -o remount,bind,ro book\n";
    let inside = format!("{read_only}cd book; exec $labbook run lab.md --cluster none");
    let ended = in_own_mounts(&test, &inside);
    assert_eq!(ended.status.code(), Some(1), "{}", text(&ended.stderr));
    assert_eq!(
        text(&ended.stderr),
        "error: cannot make labbook-out: Read-only file system; run labbook from a directory that \
         can be written, which need not be the page's\n"
    );
    let outside =
        format!("{read_only}cd elsewhere; exec $labbook run ../book/lab.md --cluster none");
    let ended = in_own_mounts(&test, &outside);
    assert_eq!(ended.status.code(), Some(0), "{}", text(&ended.stderr));
    assert!(test.root().join("elsewhere/labbook-out/latest/lab.md").is_file());
}

#[test]
fn few_open_files_are_enough() {
    let jobs = "$ sleep 1000 &\n".repeat(100);
    let page = format!("```bash\n{jobs}$ echo on\non\n```\n");
    let test = Test::new().file("lab.md", page);
    let ended = in_own_mounts(&test, "ulimit -n 500; exec $labbook run lab.md --cluster none");
    assert_eq!(ended.status.code(), Some(0), "{}{}", text(&ended.stdout), text(&ended.stderr));
    assert!(read_record(test.root()).contains(r#""event":"closing","verdict":"same""#));
}

#[test]
fn without_bash_the_lab_says_so() {
    let test = Test::new().file("lab.md", PAGE);
    // What a sandbox finds at its own path, which a file in /tmp is not.
    let mask = tempfile::NamedTempFile::new_in(visible_directory()).expect("a file");
    fs::set_permissions(mask.path(), fs::Permissions::from_mode(0o644)).expect("it is ours");
    let script = format!(
        "mount --bind {} \"$(readlink -f /bin/bash)\"\nexec $labbook run lab.md --cluster none",
        mask.path().display()
    );
    let ended = in_own_mounts(&test, &script);
    assert_eq!(ended.status.code(), Some(5), "{}{}", text(&ended.stdout), text(&ended.stderr));
    let err = text(&ended.stderr);
    assert!(err.starts_with("error: serve the lab's shell: start bash in "), "{err}");
    assert!(err.ends_with(": Permission denied\n"), "{err}");
    assert!(read_record(test.root()).contains(r#""event":"closing","verdict":"error""#));
}
