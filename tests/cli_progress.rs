//! The line of what is happening: on a terminal, and nowhere else.

use std::fs::File;
use std::io::{ErrorKind, Read as _};
use std::process::{Child, Stdio};

use nix::pty::{Winsize, openpty};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use crate::support::{Test, wait_for_record};

const PAGE: &str = "```bash\n$ echo hello\nhello\n$ cat /dev/zero >/dev/null\n```\n";
const ENDLESS: &str = r#""event":"step_started","step":1"#;

/// Starts labbook with a terminal as its standard error; both its ends.
fn on_terminal(test: &Test) -> (Child, File) {
    let size = Winsize { ws_row: 24, ws_col: 100, ws_xpixel: 0, ws_ypixel: 0 };
    let ends = openpty(&size, None).expect("a terminal");
    let mut command = test.command();
    command.env("TERM", "xterm").stdout(Stdio::null()).stderr(Stdio::from(ends.slave));
    (command.spawn().expect("labbook can be started"), File::from(ends.master))
}

fn interrupt(child: &Child) {
    let pid = i32::try_from(child.id()).expect("process numbers are small");
    kill(Pid::from_raw(pid), Signal::SIGINT).expect("it is a child that was not waited for");
}

/// Reads what a terminal is shown until that holds a text, or until its other end is closed.
fn read_until(terminal: &mut File, text: &str) -> String {
    let (mut shown, mut buffer) = (Vec::new(), [0; 4096]);
    loop {
        let plain = anstream::adapter::strip_bytes(&shown).into_vec();
        let plain = String::from_utf8_lossy(&plain).into_owned();
        if !text.is_empty() && plain.contains(text) {
            return plain;
        }
        match terminal.read(&mut buffer) {
            Ok(0) => return plain,
            Ok(count) => shown.extend_from_slice(&buffer[..count]),
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            // EIO: nobody has its other end open any more (pts(4)).
            Err(_) => return plain,
        }
    }
}

#[test]
fn a_terminal_shows_what_is_waited_for_and_for_how_long() {
    let test = Test::new().file("lab.md", PAGE).args("run lab.md --cluster none");
    let (mut child, mut terminal) = on_terminal(&test);
    let awaited = "step 2 of 2: cat /dev/zero >/dev/null: waiting for its end";
    let shown = read_until(&mut terminal, awaited);
    let line = shown.lines().flat_map(|line| line.split('\r')).rfind(|line| line.contains(awaited));
    let line = line.unwrap_or_else(|| panic!("{shown}"));
    let seconds = line.split_whitespace().nth(1).and_then(|word| word.strip_suffix('s'));
    assert!(seconds.is_some_and(|number| number.parse::<u32>().is_ok()), "{line}");
    interrupt(&child);
    read_until(&mut terminal, "");
    assert_eq!(child.wait().expect("it ends").code(), Some(130));
}

#[test]
fn each_of_the_labs_that_run_at_once_has_a_line_with_its_name() {
    let endless = "```bash\n$ cat /dev/zero >/dev/null\n```\n";
    let test = Test::new().file("first.md", endless).file("lab.md", endless);
    let test = test.args("run --cluster none -j2 first.md lab.md");
    let (mut child, mut terminal) = on_terminal(&test);
    let step = "step 1 of 1: cat /dev/zero >/dev/null: waiting for its end";
    // The lines are drawn one under the other, in the order in which the labs come to it.
    let (one, other) = (format!("first.md: {step}"), format!("lab.md: {step}"));
    let mut shown = read_until(&mut terminal, &one);
    if !shown.contains(&other) {
        shown += &read_until(&mut terminal, &other);
    }
    assert!(shown.contains(&one) && shown.contains(&other), "{shown}");
    interrupt(&child);
    read_until(&mut terminal, "");
    assert_eq!(child.wait().expect("it ends").code(), Some(130));
}

#[test]
fn a_terminal_shows_nothing_where_that_is_asked_for() {
    let test = Test::new().file("lab.md", PAGE).args("run lab.md --cluster none --no-progress");
    let (mut child, mut terminal) = on_terminal(&test);
    wait_for_record(test.root(), ENDLESS);
    interrupt(&child);
    let shown = read_until(&mut terminal, "");
    assert_eq!(child.wait().expect("it ends").code(), Some(130));
    assert_eq!(shown, "");
}

#[test]
fn a_file_is_told_nothing_of_what_is_happening() {
    let page = "```bash\n$ echo hello\nhello\n```\n";
    let ran = Test::new().file("lab.md", page).args("run lab.md --cluster none").run();
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{}", ran.stdout);
}
