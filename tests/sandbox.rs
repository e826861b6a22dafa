//! What holds a lab, by who runs it: root, a user, or somebody who can make no
//! sandbox.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use insta::assert_snapshot;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use serde_json::Value;

use crate::support::{By, Ran, Test};

const EACH: [(By, &str); 3] =
    [(By::Root, "namespaces"), (By::User, "user_namespaces"), (By::RootWithout, "none")];

/// A page of these commands, each with what it prints.
fn page(steps: &[(&str, &str)]) -> String {
    let steps = steps.iter().map(|(command, output)| format!("$ {command}\n{output}"));
    format!("```console\n{}```\n", steps.collect::<String>())
}

fn run(test: Test, by: By) -> Ran {
    test.args("run lab.md --cluster none").run_by(by)
}

/// The record's lines of this event.
fn events(ran: &Ran, name: &str) -> Vec<Value> {
    let record = ran.text("labbook-out/latest/lab.record.jsonl");
    let lines = record.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON"));
    lines.filter(|event| event["event"] == name).collect()
}

/// What is in the workbook, labbook's own output apart.
fn files(root: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(root)
        .expect("the workbook is there")
        .map(|entry| entry.expect("it can be read").file_name().into_string().expect("text"))
        .filter(|name| name != "labbook-out")
        .collect();
    names.sort();
    names
}

/// An argument of `sleep` by which a test knows its own.
fn mark(seconds: u32) -> String {
    format!("{seconds}.{}", std::process::id())
}

/// Waits until a `sleep` of that mark runs on this host, or until none does.
fn sleeps(mark: &str, wanted: bool) -> bool {
    let command = format!("sleep\0{mark}\0");
    let since = Instant::now();
    while since.elapsed() < Duration::from_secs(60) {
        let mut processes = fs::read_dir("/proc").expect("there is /proc").flatten();
        let runs = processes.any(|entry| {
            fs::read(entry.path().join("cmdline")).is_ok_and(|line| line == command.as_bytes())
        });
        if runs == wanted {
            return true;
        }
        std::thread::yield_now();
    }
    false
}

#[test]
fn a_run_leaves_the_workbook_as_it_was_and_its_record_says_what_held_it() {
    for (by, sandbox) in EACH {
        let lab = page(&[
            ("echo new >made; cat made ../shared.txt", "new\nshared\n"),
            ("echo changed >../shared.txt; rm old; ls", "lab.md\nmade\n"),
        ]);
        let test = Test::new()
            .file("labbook.toml", "")
            .file("shared.txt", "shared\n")
            .file("a/old", "")
            .file("a/lab.md", lab);
        let ran = test.args("run a/lab.md --cluster none").run_by(by);
        assert_eq!(ran.code, 0, "{by:?}: {}", ran.show());
        assert_eq!(files(&ran.root.path().join("a")), ["lab.md", "old"], "{by:?}");
        assert_eq!(ran.text("shared.txt"), "shared\n");
        let record = ran.text("labbook-out/latest/a/lab.record.jsonl");
        let header: Value =
            serde_json::from_str(record.lines().next().expect("a header")).expect("JSON");
        assert_eq!(header["sandbox"], sandbox, "{by:?}");
    }
}

#[test]
fn in_place_what_a_lab_writes_in_its_folder_stays_and_elsewhere_does_not() {
    for (by, sandbox) in EACH {
        let lab = page(&[("echo new >made; rm old; cat ../shared.txt", "shared\n")]);
        let other = page(&[("cd ..; echo changed >shared.txt; cat shared.txt", "changed\n")]);
        let test = Test::new()
            .file("labbook.toml", "")
            .file("shared.txt", "shared\n")
            .file("a/old", "")
            .file("a/lab.md", lab)
            .file("b/lab.md", other);
        let ran = test.args("run a/lab.md b/lab.md --cluster none --in-place").run_by(by);
        assert_eq!(ran.code, 0, "{by:?}: {}", ran.show());
        assert_eq!(files(&ran.root.path().join("a")), ["lab.md", "made"], "{by:?}");
        // Without a sandbox nothing keeps a lab in its folder.
        let shared = if sandbox == "none" { "changed\n" } else { "shared\n" };
        assert_eq!(ran.text("shared.txt"), shared, "{by:?}");
        assert!(!ran.stderr.contains("copies"), "{}", ran.stderr);
    }
}

#[test]
fn where_there_is_no_sandbox_this_is_said() {
    let lab = page(&[("echo one", "one\n")]);
    for by in [By::Root, By::User] {
        let ran = run(Test::new().file("lab.md", &lab), by);
        assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{by:?}");
    }
    let ran = run(Test::new().file("lab.md", &lab), By::RootWithout);
    assert_snapshot!(ran.stderr, @"warning: no sandbox can be made here (failed to make a user namespace: No space left on device): labs work on copies of their workbooks, and commands that are known to change this machine are not run");
}

#[test]
fn a_command_that_changes_the_machine_is_run_in_a_sandbox_or_where_the_page_says_so() {
    let missing = "/nonexistent-labbook";
    let plain = page(&[(&format!("rm -rf {missing}; echo on"), "on\n")]);
    let allowed = format!("<!-- labbook: host = true -->\n{plain}");
    for (by, sandbox) in EACH {
        let ran = run(Test::new().file("lab.md", &plain), by);
        let ended = events(&ran, "step_ended").remove(0);
        if sandbox == "none" {
            assert_eq!((ran.code, &ended["verdict"]), (10, &"not_run".into()));
            assert_eq!(ended["explanation"][0]["kind"], "changes-host");
            assert_snapshot!(ended["explanation"][0]["text"].as_str().expect("text"), @"it changes this machine (`/nonexistent-labbook`), and the lab runs without a sandbox: to let it, write `host = true` in a directive");
        } else {
            assert_eq!((ran.code, &ended["verdict"]), (0, &"same".into()), "{by:?}");
        }
        let ran = run(Test::new().file("lab.md", &allowed), by);
        assert_eq!(ran.code, 0, "{by:?}: {}", ran.show());
    }
}

#[test]
fn lines_typed_in_a_shell_of_the_machine_are_refused_one_by_one() {
    let lab = "```console\n$ bash\nbash-5.2$ cd /\nbash-5.2$ rm -rf nonexistent-labbook\n\
               bash-5.2$ echo on\non\n```\n";
    let ran = run(Test::new().file("lab.md", lab), By::RootWithout);
    let ended = events(&ran, "step_ended");
    let verdicts: Vec<_> = ended.iter().filter_map(|ended| ended["verdict"].as_str()).collect();
    assert_eq!(verdicts, ["ran", "ran", "not_run", "same"], "{}", ran.show());
    assert_eq!(ended[2]["explanation"][0]["kind"], "changes-host");
    let told = ended[2]["explanation"][0]["text"].as_str().expect("text");
    assert!(told.contains("`/nonexistent-labbook`"), "{told}");
}

#[test]
fn hidden_commands_that_change_the_machine_are_refused_too() {
    let lab = page(&[("echo one", "one\n")]);
    let hidden = format!("<!-- labbook:setup\nreboot\n-->\n{lab}");
    let ran = run(Test::new().file("lab.md", &hidden), By::RootWithout);
    assert_eq!(ran.code, 5, "{}", ran.show());
    let ended = events(&ran, "script_ended").remove(0);
    assert_eq!(ended["exit_code"], 126);
    assert_snapshot!(ended["output"].as_str().expect("text"), @"labbook: not run: it changes this machine (`reboot`), and the lab runs without a sandbox: to let it, write `host = true` in a directive");
    assert!(events(&ran, "step_started").is_empty());
}

#[test]
fn check_tells_what_is_not_run_without_a_sandbox() {
    let lab = page(&[("rm -rf /var/lib/x", ""), ("ls /var/lib/x", "")]);
    let ran = Test::new().file("lab.md", lab).args("check lab.md").run();
    assert_snapshot!(ran.stdout, @r"
    lab.md
        2  rm -rf /var/lib/x
           not compared: the page shows no output; may change something: runs once; changes the machine (`/var/lib/x`): not run without a sandbox
        3  ls /var/lib/x
           not compared: the page shows no output

    lab.md  2 steps: 0 compared, 2 run only
    ");
}

#[test]
fn a_setup_script_works_on_the_copy_and_no_path_of_it_is_in_the_record() {
    let settings = "[lab.\"lab.md\"]\nsetup = \"scripts/setup.sh\"\n";
    let setup = "echo made >\"$(dirname \"${BASH_SOURCE[0]}\")/made\"\n\
                 echo \"by ${BASH_SOURCE[0]}\"\nno-such-program\ntrue\n";
    let test = || {
        Test::new()
            .file("labbook.toml", settings)
            .file("scripts/setup.sh", setup)
            .file("lab.md", page(&[("cat scripts/made", "made\n")]))
    };
    for (by, _) in EACH {
        let ran = run(test(), by);
        assert_eq!(ran.code, 0, "{by:?}: {}", ran.show());
        assert_eq!(files(&ran.root.path().join("scripts")), ["setup.sh"], "{by:?}");
        let ended = events(&ran, "script_ended").remove(0);
        let told = "by scripts/setup.sh\nbash: no-such-program: command not found\n";
        assert_eq!(ended["output"].as_str(), Some(told), "{by:?}");
    }
}

#[test]
fn a_workbook_that_is_too_large_to_be_copied_is_not_run() {
    let test = Test::new().file("lab.md", page(&[("echo one", "one\n")]));
    let image = fs::File::create(test.root().join("disk.img")).expect("the file");
    image.set_len(257 << 20).expect("a sparse file");
    let ran = run(test, By::RootWithout);
    assert_eq!(ran.code, 5, "{}", ran.show());
    let closing = events(&ran, "closing").remove(0);
    assert_snapshot!(closing["reason"].as_str().expect("text"), @"serve the lab's shell: copy . for the lab: it holds more than 256 MiB or 20000 files: give the page a folder of its own with a labbook.toml, or have it run where it is with --in-place");
}

#[test]
fn a_user_is_himself_and_can_do_no_harm() {
    let uid = crate::support::USER;
    let lab = page(&[
        ("id -u; id -g", &format!("{uid}\n{uid}\n")),
        (
            "grep -h CapEff /proc/self/status /proc/1/status | sort -u",
            "CapEff:\t0000000000000000\n",
        ),
        ("touch /etc/x 2>/dev/null || echo refused", "refused\n"),
        (
            "touch /tmp/x /var/tmp/x /dev/shm/x; ls /var/tmp /dev/shm",
            "/dev/shm:\nx\n\n/var/tmp:\nx\n",
        ),
        ("echo /proc/[0-9]* | wc -w | awk '{ print ($1 < 8) }'", "1\n"),
        ("umount /proc 2>/dev/null || echo refused", "refused\n"),
        ("echo hidden >/dev/null; head -c 2 /dev/zero | wc -c; ls /dev/vda 2>&1 | wc -l", "2\n1\n"),
        ("hostname; ulimit -u", "lab\n4096\n"),
        ("mkdir -p d/e; rm -r d; mkdir d; rmdir d; echo *.md", "lab.md\n"),
    ]);
    let ran = run(Test::new().file("lab.md", lab), By::User);
    assert_eq!(ran.code, 0, "{}", ran.show());
    for left in ["/tmp/x", "/var/tmp/x", "/dev/shm/x", "/etc/x"] {
        assert!(!Path::new(left).exists(), "{left}");
    }
}

#[test]
fn a_user_gets_terminals_and_a_home() {
    let lab = "<!-- labbook: tty = true -->\n```console\n$ tty; stty size\n/dev/pts/0\n24 80\n```\n\
               ```console\n$ touch ~/a $TMPDIR/b; ls ~ $TMPDIR | grep '^.$'\na\nb\n```\n";
    let ran = run(Test::new().file("lab.md", lab), By::User);
    assert_eq!(ran.code, 0, "{}", ran.show());
}

#[test]
fn nothing_that_a_lab_started_outlives_it() {
    for (index, (by, _)) in (0..).zip(EACH) {
        let mark = mark(2000 + index);
        let lab = page(&[(&format!("setsid sleep {mark} & echo begun"), "begun\n")]);
        let ran = run(Test::new().file("lab.md", lab), by);
        assert_eq!(ran.code, 0, "{by:?}: {}", ran.show());
        assert!(sleeps(&mark, false), "{by:?}");
    }
}

#[test]
fn nothing_that_a_lab_started_outlives_a_labbook_that_is_killed() {
    for (index, (by, _)) in (0..).zip(EACH) {
        let mark = mark(2010 + index);
        let lab = page(&[(&format!("setsid sleep {mark} & sleep {mark}"), "")]);
        let test = Test::new().file("lab.md", lab).args("run lab.md --cluster none");
        let mut labbook = test.command_by(by).spawn().expect("labbook can be started");
        assert!(sleeps(&mark, true), "{by:?}: it begins");
        // `unshare` and the shell became labbook.
        let pid = Pid::from_raw(i32::try_from(labbook.id()).expect("process numbers fit"));
        kill(pid, Signal::SIGKILL).expect("it runs");
        labbook.wait().expect("it is our child");
        assert!(sleeps(&mark, false), "{by:?}");
    }
}

#[test]
fn a_lab_is_given_the_variables_that_are_named_and_knows_its_user() {
    let variables = "echo $NAMED ${UNNAMED-unset} $GIVEN ${UNSET-unset} $LANG";
    for (by, name) in [(By::Root, "root"), (By::User, "nobody"), (By::RootWithout, "root")] {
        let lab = page(&[
            (variables, "from here unset a=b unset C\n"),
            ("echo $USER $LOGNAME", &format!("{name} {name}\n")),
        ]);
        let settings = "[environment]\npass = [\"NAMED\", \"UNSET\"]\n";
        let test = Test::new().file("labbook.toml", settings).file("lab.md", lab);
        let test = test.args("run lab.md --cluster none --env GIVEN=a=b --env LANG");
        let mut labbook = test.command_by(by);
        labbook.env("NAMED", "from here").env("UNNAMED", "no").env("LANG", "C");
        let output = labbook.output().expect("labbook can be started");
        let told = String::from_utf8_lossy(&output.stdout);
        assert_eq!(output.status.code(), Some(0), "{by:?}: {told}");
    }
}

#[test]
fn no_lab_is_given_a_secret() {
    let run = |arguments: &str, settings: &str| {
        let lab = page(&[("echo one", "one\n")]);
        let test = Test::new().file("labbook.toml", settings).file("lab.md", lab);
        let test = test.args(&format!("run lab.md --cluster none {arguments}"));
        let output = test
            .command()
            .env("NAMED", "ghp_16C7e42F292c6912E7710c838347Ae178B4a")
            .output()
            .expect("labbook can be started");
        let told = String::from_utf8(output.stderr).expect("text");
        format!("exit code {}\n{told}", output.status.code().expect("no signal ended it"))
    };
    assert_snapshot!(run("--env GITHUB_TOKEN=a", ""), @r"
    exit code 2
    error: --env GITHUB_TOKEN: GITHUB_TOKEN looks like a secret, and no lab is given one from the environment: have the lab's setup script read it from a file, or put it into the cluster
    ");
    assert_snapshot!(run("--env NAMED", ""), @r"
    exit code 2
    error: --env NAMED: its value looks like a secret, and no lab is given one from the environment: have the lab's setup script read it from a file, or put it into the cluster
    ");
    assert_snapshot!(run("--env NOT_SET", ""), @r"
    exit code 2
    error: --env NOT_SET: it is not set, or no UTF-8; give it a value with --env NOT_SET=VALUE
    ");
    assert_snapshot!(run("--env HOME=/root", ""), @r"
    exit code 2
    error: --env HOME: the lab has a HOME of its own
    ");
    assert_snapshot!(run("", "[environment]\npass = [\"NAMED\"]\n"), @r"
    exit code 3
    error: the value of NAMED looks like a secret, and no lab is given one from the environment: have the lab's setup script read it from a file, or put it into the cluster
    ");
}
