//! What a page's commands may do to the lab's shell, each with what must come
//! of it.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use labbook::record::Ended;
use labbook::run::{Call, Finished, Place, Session, SessionError, Stop, stopper};
use labbook::sandbox::Kind;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

const LONG: Duration = Duration::from_secs(60);
const SHORT: Duration = Duration::from_millis(200);

/// A lab's shell in a directory of its own.
struct Lab {
    session: Session,
    directory: tempfile::TempDir,
}

/// Where a lab without a cluster stands.
fn place(workbook: &Path) -> Place<'_> {
    let exe = Path::new(env!("CARGO_BIN_EXE_labbook"));
    let sandbox = Kind::Namespaces;
    Place {
        exe,
        workbook,
        in_place: None,
        sandbox,
        programs: None,
        device_filter: None,
        access: None,
    }
}

impl Lab {
    async fn start() -> Self {
        let directory = tempfile::tempdir().expect("a temporary directory");
        let path = directory.path().canonicalize().expect("it is there");
        let place = place(&path);
        let agent = place.agent().expect("labbook starts");
        let session = Session::start(agent, path.clone(), &place.environment(), false)
            .await
            .expect("the shell starts");
        Self { session, directory }
    }

    async fn finish(&mut self, text: &str, terminal: bool, timeout: Duration) -> Finished {
        let call = Call { text, terminal, apart: false, stdin: None, timeout, watch: None };
        self.session.run(call, &mut Stop::never()).await.expect("the session lives")
    }

    /// The exit code and output of a command.
    async fn run(&mut self, text: &str) -> (i32, String) {
        let finished = self.finish(text, false, LONG).await;
        assert!(!finished.replaced, "the shell ended at {text:?}: {finished:?}");
        match finished.ended {
            Ended::Exited(code) => (code, finished.output.text().into_owned()),
            other => panic!("{text:?} ended so: {other:?}"),
        }
    }

    async fn prints(&mut self, text: &str, expected: &str) {
        assert_eq!(self.run(text).await, (0, expected.to_owned()), "{text}");
    }

    fn file(&self, name: &str, content: &str) -> PathBuf {
        let path = self.directory.path().join(name);
        std::fs::write(&path, content).expect("the directory can be written");
        path
    }
}

/// A command that is run to its end.
fn plain(text: &str, timeout: Duration) -> Call<'_> {
    Call { text, terminal: false, apart: false, stdin: None, timeout, watch: None }
}

/// An argument of `sleep` by which this test run knows its own: what runs in a
/// sandbox has another process number outside.
fn mark(seconds: u32) -> String {
    format!("{seconds}.{}", std::process::id())
}

/// Waits until no `sleep` of that mark runs on this host.
fn ends(mark: &str) -> bool {
    let command = format!("sleep\0{mark}\0");
    let since = Instant::now();
    while since.elapsed() < LONG {
        let mut processes = std::fs::read_dir("/proc").expect("there is /proc").flatten();
        let runs = |entry: std::fs::DirEntry| {
            std::fs::read(entry.path().join("cmdline")).is_ok_and(|line| line == command.as_bytes())
        };
        if !processes.any(runs) {
            return true;
        }
        std::thread::yield_now();
    }
    false
}

#[tokio::test]
async fn state_lives_from_step_to_step() {
    let mut lab = Lab::start().await;
    lab.prints("x=3; f() { echo \"f $x\"; return 4; }; mkdir d; cd d", "").await;
    assert_eq!(lab.run("f").await, (4, "f 3\n".to_owned()));
    lab.prints("echo $? ${PWD##*/}", "4 d\n").await;
    lab.prints("alias say='echo said'\nsay it", "said it\n").await;
    lab.prints("say again", "said again\n").await;
    lab.prints("exec 3>log; umask 077", "").await;
    lab.prints("echo kept >&3; cat log; umask", "kept\n0077\n").await;
    lab.prints("set -o pipefail; shopt -s nullglob", "").await;
    assert_eq!(lab.run("false | true; echo *.none").await, (0, "\n".to_owned()));
    assert_eq!(lab.run("false | true").await.0, 1);
    lab.prints("declare -A m=([a]=1); declare -i n=2+3", "").await;
    lab.prints("echo ${m[a]} $n", "1 5\n").await;
}

#[tokio::test]
async fn a_command_cannot_eat_the_page() {
    let mut lab = Lab::start().await;
    lab.prints("cat", "").await;
    lab.prints("wc -c; bash -c cat", "0\n").await;
    lab.prints("exec </dev/null", "").await;
    let close = "for fd in {0..9}; do eval \"exec $fd>&-\"; done";
    lab.prints(close, "").await;
    lab.prints("echo on", "on\n").await;
}

#[tokio::test]
async fn a_syntax_error_stays_in_its_step() {
    let mut lab = Lab::start().await;
    let (code, output) = lab.run("echo 'open").await;
    assert_eq!(code, 2, "{output}");
    assert!(output.contains("unexpected EOF while looking for matching"), "{output}");
    assert_eq!(lab.run("for i in 1 2; do echo $i").await.0, 2);
    assert_eq!(lab.run("fi").await.0, 2);
    lab.prints("echo on # a comment", "on\n").await;
    lab.prints(
        "break; continue 2>/dev/null; echo on",
        "bash: break: only meaningful in a `for', `while', or `until' loop\non\n",
    )
    .await;
}

#[tokio::test]
async fn messages_are_those_that_a_person_sees() {
    let mut lab = Lab::start().await;
    let missing = "bash: no-such-program: command not found\n";
    assert_eq!(lab.run("no-such-program").await, (127, missing.to_owned()));
    let unset = "bash: nope: unbound variable\n";
    assert_eq!(lab.run("set -u; echo $nope; echo more").await, (1, unset.to_owned()));
    lab.prints("set +u; echo $0 on", "bash on\n").await;
}

#[tokio::test]
async fn output_is_exact() {
    let mut lab = Lab::start().await;
    lab.prints("printf 'no end'", "no end").await;
    lab.prints("echo a; echo b >&2; echo c; echo d >&2", "a\nb\nc\nd\n").await;
    lab.prints("cat <<'END'\n$x `y`\n  z\nEND", "$x `y`\n  z\n").await;
    lab.prints("cat <<<\"it's\"", "it's\n").await;
    lab.prints("yes | head -n 1; echo ${PIPESTATUS[0]}", "y\n141\n").await;
    let finished = lab.finish(r"printf '\0\377\r\n\xc3'", false, LONG).await;
    assert_eq!(finished.output.bytes(), b"\0\xff\r\n\xc3");
    let finished = lab.finish("head -c 10000000 /dev/zero | tr '\\0' x", false, LONG).await;
    assert_eq!(finished.output.length(), 10_000_000);
    assert!(finished.output.bytes().iter().all(|&byte| byte == b'x'));
    let (code, text) = lab.run(&format!("echo {}", "long ".repeat(100_000))).await;
    assert_eq!((code, text.len()), (0, 500_000));
}

#[tokio::test]
async fn a_background_job_blocks_nothing_and_prints_into_no_other_step() {
    let mut lab = Lab::start().await;
    lab.prints("mkfifo go; { read line <go; echo late; echo >done; } & job=$!; mkfifo done", "")
        .await;
    lab.prints("jobs | wc -l", "1\n").await;
    lab.prints("echo >go; read line <done; wait $job; echo $?", "0\n").await;
    lab.prints("sleep 1000 & echo started", "started\n").await;
    lab.prints("kill $!; wait $! 2>/dev/null; echo $?", "143\n").await;
    lab.prints("false & wait $!; echo $?; jobs", "1\n").await;
}

#[tokio::test]
async fn a_dead_shell_is_reported_and_replaced() {
    let mut lab = Lab::start().await;
    lab.prints("export KEPT='a b'; gone=1; mkdir d; cd d", "").await;
    for (text, code) in [
        ("echo out; exit 3", 3),
        ("set -e; echo out; false; echo not", 1),
        ("exec echo out", 0),
        ("echo out; kill -KILL $$", 137),
        ("trap 'echo out' EXIT; exit 5", 5),
    ] {
        let finished = lab.finish(text, false, LONG).await;
        assert_eq!(finished.ended, Ended::ShellDied(code), "{text}");
        assert_eq!(finished.output.text(), "out\n", "{text}");
        assert!(finished.replaced, "{text}");
        lab.prints("echo \"$? $KEPT ${gone-unset} ${PWD##*/} $-\"", "0 a b unset d hiB\n").await;
    }
}

#[tokio::test]
async fn a_terminal_is_there_where_one_is_asked_for() {
    let mut lab = Lab::start().await;
    let text = "test -t 0 && test -t 1 && test -t 2 && stty size";
    let finished = lab.finish(text, true, LONG).await;
    assert_eq!(finished.ended, Ended::Exited(0));
    assert_eq!(finished.output.text(), "24 80\r\n");
    assert_eq!(lab.run("test -t 0 || test -t 1").await.0, 1);
    let finished = lab.finish("seq 100000 | tail -n 50000", true, LONG).await;
    assert!(finished.output.text().ends_with("99999\r\n100000\r\n"));
    assert_eq!(finished.output.text().lines().count(), 50_000);
}

#[tokio::test]
async fn a_time_out_ends_all_that_the_step_started_and_nothing_else() {
    let mut lab = Lab::start().await;
    lab.prints("x=kept; sleep 1000 & before=$!", "").await;
    let (apart, deaf) = (mark(1001), mark(1002));
    let text = format!(
        "setsid sleep {apart} & (trap '' INT TERM; sleep {deaf} & echo begun; wait); \
         cat /dev/zero >/dev/null"
    );
    let finished = lab.finish(&text, false, SHORT).await;
    assert_eq!(finished.ended, Ended::TimedOut);
    assert!(!finished.interrupted);
    assert_eq!(finished.output.text().lines().next(), Some("begun"));
    assert!(ends(&apart) && ends(&deaf));
    if !finished.replaced {
        lab.prints("echo $x; kill -0 $before && echo alive", "kept\nalive\n").await;
    }
}

#[tokio::test]
async fn what_can_be_interrupted_leaves_the_shell_alive() {
    let mut lab = Lab::start().await;
    lab.prints("x=kept; sleep 1000 & before=$!", "").await;
    for text in [
        "sleep 1001",
        "sleep 1001; sleep 1002",
        "sleep 1001 && echo no",
        "for n in 1 2; do sleep 1001; done",
        "sleep 1001 | cat",
        "echo $(sleep 1001)",
    ] {
        let finished = lab.finish(text, false, SHORT).await;
        assert_eq!((finished.ended, finished.replaced), (Ended::TimedOut, false), "{text}");
        lab.prints("echo $x; kill -0 $before && echo alive", "kept\nalive\n").await;
    }
}

#[tokio::test]
async fn a_loop_in_the_shell_itself_is_stopped_too() {
    let mut lab = Lab::start().await;
    lab.prints("export KEPT=1", "").await;
    for text in ["while :; do :; done", "trap '' INT; while :; do sleep 0.01; done"] {
        let finished = lab.finish(text, false, SHORT).await;
        assert_eq!((finished.ended, finished.replaced), (Ended::TimedOut, true), "{text}");
        lab.prints("echo $KEPT", "1\n").await;
    }
}

#[tokio::test]
async fn a_script_leaves_what_it_defines_and_not_its_options() {
    let mut lab = Lab::start().await;
    let script = lab.file(
        "it's setup.sh",
        "set -euo pipefail\nshopt -s nullglob\nmade=1; export OUT=2\nhelp() { echo helped; }\necho done\n",
    );
    let finished = lab.session.source(&script, LONG, &mut Stop::never()).await.expect("it runs");
    assert_eq!(finished.ended, Ended::Exited(0));
    assert_eq!(finished.output.text(), "done\n");
    lab.prints("echo $made $OUT; help; echo $-; false | true", "1 2\nhelped\nhiB\n").await;
    lab.prints("echo $nope *.none ${__labbook_options-clean}", "*.none clean\n").await;

    let failing = lab.file("failing.sh", "set -e\necho before\nfalse\necho after\n");
    let finished = lab.session.source(&failing, LONG, &mut Stop::never()).await.expect("it runs");
    assert_eq!(finished.ended, Ended::ShellDied(1));
    assert_eq!(finished.output.text(), "before\n");

    lab.prints("set -e; set -u", "").await;
    let loose = lab.file("loose.sh", "false; echo \"on $nope\"\n");
    let finished = lab.session.source(&loose, LONG, &mut Stop::never()).await.expect("it runs");
    assert_eq!((finished.ended, finished.output.text().as_ref()), (Ended::Exited(0), "on \n"));
    lab.prints("echo $-", "ehiuB\n").await;
}

#[tokio::test]
async fn a_run_that_is_stopped_interrupts_its_command() {
    let mut lab = Lab::start().await;
    let (stopper, mut stop) = stopper();
    stopper.stop();
    let finished =
        lab.session.run(plain("sleep 1000", LONG), &mut stop).await.expect("the session lives");
    assert!(finished.interrupted);
    assert!(finished.duration < LONG);
}

#[tokio::test]
async fn nothing_outlives_the_session() {
    for dropped in [false, true] {
        let mut lab = Lab::start().await;
        let (apart, orphan) = (mark(1003), mark(1004));
        let text = format!("setsid sleep {apart} & (setsid sleep {orphan} &); echo begun");
        assert_eq!(lab.run(&text).await.1, "begun\n");
        if dropped {
            drop(lab);
        } else {
            lab.session.end().await.expect("it ends");
        }
        assert!(ends(&apart) && ends(&orphan));
    }
}

/// The process that runs `sleep` with that mark, and its parent and the parent
/// of that, as this host numbers them.
fn ancestry(mark: &str) -> [i32; 3] {
    let command = format!("sleep\0{mark}\0");
    let process = std::fs::read_dir("/proc")
        .expect("there is /proc")
        .flatten()
        .find(|entry| {
            std::fs::read(entry.path().join("cmdline")).is_ok_and(|line| line == command.as_bytes())
        })
        .expect("it runs");
    let parent = |pid: i32| -> i32 {
        let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).expect("it runs");
        let (_, fields) = stat.rsplit_once(')').expect("a name in parentheses");
        fields.split_whitespace().nth(1).and_then(|field| field.parse().ok()).expect("a number")
    };
    let own: i32 = process.file_name().to_string_lossy().parse().expect("a number");
    [own, parent(own), parent(parent(own))]
}

#[tokio::test]
async fn an_agent_that_is_frozen_is_given_up() {
    for interrupted in [false, true] {
        let mut lab = Lab::start().await;
        let mark = mark(1005 + u32::from(interrupted));
        let text = format!("sleep {mark} & until grep -q {mark} /proc/$!/cmdline; do :; done");
        lab.prints(&text, "").await;
        let [_, _, agent] = ancestry(&mark);
        kill(Pid::from_raw(agent), Signal::SIGSTOP).expect("it is there");
        let (stopper, mut stop) = stopper();
        let limit = if interrupted { LONG } else { SHORT };
        if interrupted {
            stopper.stop();
        }
        let begun = Instant::now();
        let lost = lab.session.run(plain("echo on", limit), &mut stop).await;
        assert!(matches!(lost, Err(SessionError::Lost { .. })), "{lost:?}");
        assert!(begun.elapsed() < LONG);
        drop(lab);
        assert!(ends(&mark));
    }
}

#[tokio::test]
async fn the_environment_is_only_what_was_given() {
    let mut lab = Lab::start().await;
    lab.prints(
        "env | cut -d= -f1 | sort | tr '\\n' ' '",
        "HOME KUBECONFIG LANG LOGNAME PATH PWD SHELL SHLVL TERM TMPDIR USER _ ",
    )
    .await;
    lab.prints("ls /proc/self/fd | wc -l", "4\n").await;
}

#[tokio::test]
async fn a_shell_that_cannot_start_says_why() {
    let start = |directory: &'static str| {
        let place = place(Path::new("/usr"));
        let agent = place.agent().expect("labbook starts");
        async move { Session::start(agent, directory.into(), &place.environment(), false).await }
    };
    let error = start("/nonexistent").await.expect_err("no directory");
    let text = "serve the lab's shell: start bash in /nonexistent: No such file or directory";
    assert!(error.to_string().starts_with(text), "{error}");
}

#[tokio::test]
async fn a_page_cannot_say_that_its_command_ended() {
    let mut lab = Lab::start().await;
    // Whatever it writes to, also where the shell tells of ends.
    let forge = "for fd in /proc/$PPID/fd/{3..20}; do for said in '1 99' 'ended 1 99'; do \
                 timeout 0.2 bash -c \"echo $said >$fd\" 2>/dev/null; done; done; echo after";
    let (code, output) = lab.run(forge).await;
    // One of them is where its own output goes.
    assert!(code == 0 && output.ends_with("after\n"), "{code} {output}");
    lab.prints("echo on", "on\n").await;
}

#[tokio::test]
async fn what_a_lab_takes_of_the_machine_is_bounded() {
    // It is bounded by a cgroup, and those are root's.
    assert!(labbook::sandbox::available(), "the tests are run as root");
    let mut lab = Lab::start().await;
    let bomb = "perl -e 'for (1..9000) { my $pid = fork; if (!defined $pid) { print \"stopped\\n\"; last } \
                if (!$pid) { sleep 1000; exit } push @all, $pid } kill 9, @all'";
    lab.prints(bomb, "stopped\n").await;
    lab.prints("echo on", "on\n").await;
    let limit =
        "cat /sys/fs/cgroup/memory.max /sys/fs/cgroup/memory/memory.limit_in_bytes 2>/dev/null";
    let (_, limit) = lab.run(limit).await;
    let memory: u64 = limit.trim().parse().expect("there is a limit of memory");
    assert!(memory < 1 << 50, "{memory}");
}

#[tokio::test]
async fn a_long_request_beside_a_job_that_prints_on_and_on_is_taken() {
    let mut lab = Lab::start().await;
    lab.run("yes >&2 & noisy=$!").await;
    let long = "x".repeat(400_000);
    let text = format!(": {long}; echo taken; kill $noisy");
    assert_eq!(lab.run(&text).await, (0, "taken\n".to_owned()));
}
