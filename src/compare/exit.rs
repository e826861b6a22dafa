//! How a command should end, by what the page shows that it printed.

use super::command;
use super::finding::Finding;
use super::normalise::Line;
use crate::record::Ended;

/// The exit codes that fit what the page shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Expected<'a> {
    /// One of those that the page says are right.
    OneOf(&'a [u8]),
    /// 0.
    Success,
    /// Anything but 0.
    Failure,
    /// The page does not tell.
    Any,
}

/// What the page lets one expect of a command.
pub(crate) fn expected(command: &str, recorded: &[Line]) -> Expected<'static> {
    let last = recorded.iter().rev().find(|line| !line.is_blank());
    if last.is_some_and(|line| line.text.ends_with("^C")) {
        return Expected::Any;
    }
    // What an application wrote may read like a failure and be none; only that
    // kubectl ended with the application's own code is said by kubectl.
    let foreign = command::relays(command);
    let is_own = |line: &Line| {
        if foreign {
            is_relayed_end(&line.text)
        } else {
            is_failure(&line.text) || is_complaint(&line.text)
        }
    };
    let end = recorded.iter().rev().find(|line| !line.is_blank() && !is_hint(&line.text));
    let fails = end.is_some_and(is_own)
        || (!foreign && recorded.iter().any(|line| is_servers_error(&line.text)));
    let complains = recorded.iter().any(|line| {
        is_servers_error(&line.text)
            || is_failure(&line.text)
            || is_complaint(&line.text)
            || is_relayed_end(&line.text)
    });
    if fails && !command::hides_exit_code(command) {
        Expected::Failure
    } else if fails || complains || command::asks(command) {
        Expected::Any
    } else {
        Expected::Success
    }
}

/// Whether a line, wherever it stands, says that the command itself failed.
fn is_servers_error(line: &str) -> bool {
    let line = line.trim_start();
    [
        "Error from server",
        "error validating ",
        "Unable to connect to the server",
        "The connection to the server ",
    ]
    .iter()
    .any(|start| line.starts_with(start))
        || (line.starts_with("The ") && line.contains(" is invalid: "))
        || is_relayed_end(line)
}

/// `error: unknown flag: --x`: as the last line it is the command's own end.
fn is_failure(line: &str) -> bool {
    ["error: ", "Error: ", "ERROR: "].iter().any(|start| line.starts_with(start))
}

/// How kubectl tells the exit code of what it ran in a container.
fn is_relayed_end(line: &str) -> bool {
    line.starts_with("command terminated with exit code ")
        || line.starts_with("command terminated with non-zero exit code")
}

/// What programs print after the error: how to get help.
fn is_hint(line: &str) -> bool {
    let line = line.trim_start();
    (line.starts_with("See '") || line.starts_with("Run '")) && line.contains(" --help")
        || line.starts_with("See 'kubectl ")
}

/// Whether a line says that something within the command failed: as the last
/// one it is the command's own end, before others it may not be.
fn is_complaint(line: &str) -> bool {
    let line = line.trim_start();
    [
        "** server can't find ",
        ";; connection timed out",
        "nslookup: can't resolve",
        "curl: (",
        "wget: ",
        "ping: ",
    ]
    .iter()
    .any(|start| line.starts_with(start))
        || is_shell_error(line)
}

/// `bash: line 1: x: command not found`, `sh: x: not found`, `cat: x: No such file or directory`,
/// `bash: x: unbound variable`, which other shells call a parameter that is not set.
fn is_shell_error(line: &str) -> bool {
    line.contains(": ")
        && [
            ": command not found",
            ": not found",
            ": No such file or directory",
            ": Permission denied",
            ": unbound variable",
            ": parameter not set",
        ]
        .iter()
        .any(|end| line.ends_with(end))
}

/// What is wrong with how an attempt ended; none where it ended as expected.
pub(crate) fn check(expected: Expected<'_>, ended: &Ended, printed: &[Line]) -> Option<Finding> {
    let code = match ended {
        Ended::TimedOut => {
            let text = format!(
                "the command did not end in its time and was stopped{}",
                first_words(printed)
            );
            return Some(Finding::different("time-out", text));
        }
        Ended::Stopped => {
            let text =
                format!("the run was interrupted before the command's end{}", first_words(printed));
            return Some(Finding::different("interrupted", text));
        }
        // It does not end by itself.
        Ended::Interrupted | Ended::Running | Ended::Answered => return None,
        Ended::Exited(code) | Ended::ShellDied(code) => *code,
    };
    let fits = match expected {
        Expected::OneOf(codes) => codes.iter().any(|right| i32::from(*right) == code),
        Expected::Success => code == 0,
        Expected::Failure => code != 0,
        Expected::Any => true,
    };
    if fits {
        return matches!(ended, Ended::ShellDied(_)).then(|| {
            Finding::drift(
                "shell-ended",
                format!("the shell ended with this command (exit code {code})"),
            )
        });
    }
    let died = if matches!(ended, Ended::ShellDied(_)) { " and ended the shell" } else { "" };
    let finding = if let Expected::OneOf(codes) = expected {
        let codes: Vec<String> = codes.iter().map(u8::to_string).collect();
        let codes = codes.join(" or ");
        let text = format!(
            "the command ended with exit code {code}{died}; `exit` says {codes}{}",
            first_words(printed)
        );
        Finding::different("exit-code", text).old(codes)
    } else if expected == Expected::Success {
        let why = match code {
            126 | 127 => ": the program cannot be run",
            129..=192 => ": a signal ended it",
            _ => "",
        };
        let text = format!(
            "the command failed with exit code {code}{why}{died}; on the page it succeeds{}",
            first_words(printed)
        );
        Finding::different("exit-code", text).old("0")
    } else {
        let text =
            format!("the command succeeded{died}; on the page it fails{}", first_words(printed));
        Finding::different("exit-code", text).old("an error")
    };
    let finding = finding.new_value(code.to_string());
    let lost = matches!(code, 126 | 127) && expected == Expected::Success;
    Some(if lost { finding.hopeless() } else { finding })
}

/// The first lines that the command printed, as the end of a sentence.
fn first_words(printed: &[Line]) -> String {
    let lines: Vec<&str> = printed
        .iter()
        .map(|line| line.text.as_str())
        .filter(|line| !line.is_empty())
        .take(3)
        .collect();
    if lines.is_empty() {
        "; it printed nothing".to_owned()
    } else {
        format!("; it printed: {}", lines.join(" / "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::printed::normalise::lines;

    fn of(command: &str, recorded: &str) -> Expected<'static> {
        expected(command, &lines(recorded, 1))
    }

    #[test]
    fn a_recorded_error_lets_one_expect_a_failure() {
        assert_eq!(of("kubectl get pods", "NAME   AGE\na      3s"), Expected::Success);
        assert_eq!(
            of("kubectl get x", "Error from server (NotFound): pods \"x\" not found"),
            Expected::Failure
        );
        assert_eq!(
            of(
                "nslookup x",
                "** server can't find x: NXDOMAIN\n\ncommand terminated with exit code 1"
            ),
            Expected::Failure
        );
        assert_eq!(of("foo", "bash: foo: command not found"), Expected::Failure);
        assert_eq!(of("echo $x", "bash: x: unbound variable"), Expected::Any);
        assert_eq!(of("kubectl get x | cat", "error: no"), Expected::Any);
        assert_eq!(
            of("sh -c 'cat x; ls'", "cat: x: No such file or directory\nbin"),
            Expected::Any
        );
        assert_eq!(of("kubectl get pods | grep x", ""), Expected::Any);
        assert_eq!(of("kubectl logs -f x", "a\n^C"), Expected::Any);
        assert_eq!(
            of("kubectl x", "error: unknown\nSee 'kubectl --help' for usage."),
            Expected::Failure
        );
    }

    #[test]
    fn what_an_application_wrote_is_no_end_of_the_command() {
        for (command, recorded) in [
            ("kubectl logs a", "Error: cannot connect"),
            ("kubectl logs a", "started\nx: Permission denied"),
            ("kubectl logs a", "Error from server: retrying"),
            ("kubectl exec a -- cat log", "curl: (7) Failed to connect"),
            ("curl -s http://a/", "ERROR: no such page"),
            ("cat run.log", "error: a"),
            ("docker run hello", "Error: a"),
        ] {
            assert_eq!(of(command, recorded), Expected::Any, "{command}: {recorded}");
        }
        let ended = "cat: x: No such file or directory\ncommand terminated with exit code 1";
        assert_eq!(of("kubectl exec a -- cat x", ended), Expected::Failure);
        assert_eq!(of("kubectl logs a", "started"), Expected::Success);
    }

    #[test]
    fn an_error_before_other_lines_may_not_be_the_commands() {
        assert_eq!(of("make x", "Error: retrying\ndone"), Expected::Any);
        assert_eq!(of("make x", "building\nError: no"), Expected::Failure);
    }

    #[test]
    fn a_wrong_end_is_told_with_what_was_printed() {
        let printed = lines("boom\n", 1);
        let finding = check(Expected::Success, &Ended::Exited(1), &printed).expect("wrong");
        assert_eq!(
            finding.explanation.text,
            "the command failed with exit code 1; on the page it succeeds; it printed: boom"
        );
        assert!(!finding.hopeless);
        assert!(check(Expected::Success, &Ended::Exited(127), &printed).expect("wrong").hopeless);
        assert_eq!(check(Expected::Failure, &Ended::Exited(2), &printed), None);
        assert_eq!(
            check(Expected::Failure, &Ended::Exited(0), &[]).expect("wrong").explanation.kind,
            "exit-code"
        );
        assert_eq!(
            check(Expected::Any, &Ended::TimedOut, &[]).expect("wrong").explanation.kind,
            "time-out"
        );
        let died = check(Expected::Success, &Ended::ShellDied(0), &[]).expect("told");
        assert!(!died.explanation.breaks);
    }
}
