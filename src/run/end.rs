//! What the runner knows of how an attempt ended, which comes before what its
//! output says.

use std::time::Duration;

use super::Captured;
use super::step::explanation;
use crate::compare::{Expectation, Judgement, Page};
use crate::lab::Step;
use crate::lab::words::Script;
use crate::record::{AttemptEnded, Ended, Explanation, KEPT, Output, Verdict};

/// The end of an attempt.
pub(super) struct End<'a> {
    pub(super) ended: &'a Ended,
    /// What it printed.
    pub(super) output: &'a str,
    /// The command that was run.
    pub(super) command: &'a str,
    /// How long it might run.
    pub(super) timeout: Duration,
    /// What is said of it where it does not end by itself, and has not shown in its time
    /// what it was run for.
    pub(super) in_vain: Option<Explanation>,
    /// The shell had to be replaced.
    pub(super) replaced: bool,
    /// Whether the lab has a cluster.
    pub(super) on_cluster: bool,
}

impl End<'_> {
    /// Puts what is known before what was judged. True if another attempt would
    /// end in the same way.
    pub(super) fn overrule(&self, judgement: &mut Judgement) -> bool {
        match self.ended {
            Ended::TimedOut => {
                let text = if self.replaced {
                    "the shell had to be ended too, and only directory and exported variables \
                     live on"
                } else {
                    "the shell lives on"
                };
                let timeout = self.timeout;
                let text = format!("the command did not end within {timeout:?}: {text}");
                fail(judgement, "time-out", text);
                true
            }
            // What it would have come to, nobody knows.
            Ended::Stopped => {
                fail(judgement, "interrupted", "the run was interrupted in this step".to_owned());
                true
            }
            Ended::Answered => false,
            Ended::ShellDied(_) => {
                let text = "the shell ended with this command; the next one has its directory \
                            and exported variables, and nothing else of it";
                let note =
                    Explanation { breaks: false, ..explanation("shell-ended", text.to_owned()) };
                judgement.explanation.push(note);
                if judgement.verdict == Verdict::Same {
                    judgement.verdict = Verdict::Drift;
                }
                true
            }
            Ended::Interrupted | Ended::Running => {
                if let Some(why) = &self.in_vain {
                    judgement.verdict = Verdict::Error;
                    judgement.explanation = vec![why.clone()];
                }
                true
            }
            Ended::Exited(code) => {
                judgement.verdict == Verdict::Different && self.lacks_something(*code, judgement)
            }
        }
    }

    /// Says what is not there, where that made the result another one.
    fn lacks_something(&self, code: i32, judgement: &mut Judgement) -> bool {
        let missing = self.missing_program(code);
        if !self.on_cluster && (missing == Some("kubectl") || seeks_cluster(self.output)) {
            let text = "the command asks a cluster, and the lab runs without one: leave out \
                        --cluster none for a fresh one, or name one of yours with --context";
            fail(judgement, "no-cluster", text.to_owned());
            return true;
        }
        let Some(program) = missing else {
            return false;
        };
        let text = format!("`{program}` is not installed where the lab runs");
        fail(judgement, "not-installed", text);
        true
    }

    /// The program that the shell did not find: the
    /// one that the whole command failed of, or one that the command names.
    fn missing_program(&self, code: i32) -> Option<&str> {
        let script = Script::new(self.command);
        let named = |program: &&str| {
            let commands = script.commands();
            commands.iter().any(|simple| simple.words.iter().any(|word| word.text == **program))
        };
        let last = self.output.trim_end().lines().next_back().filter(|_| code == 127);
        last.and_then(not_found).or_else(|| self.output.lines().filter_map(not_found).find(named))
    }
}

/// The program of `bash: NAME: command not found`, `zsh: command not found: NAME` or
/// `sh: 1: eval: NAME: not found`.
fn not_found(line: &str) -> Option<&str> {
    if let Some(program) = line.strip_prefix("zsh: command not found: ") {
        return Some(program);
    }
    let (shell, rest) = line.split_once(": ")?;
    match shell {
        "bash" => rest.strip_suffix(": command not found"),
        "sh" | "dash" => rest.strip_suffix(": not found")?.rsplit(": ").next(),
        _ => None,
    }
}

/// Whether a client of Kubernetes looked for an API server where none was named
/// to it: client-go takes this address then.
fn seeks_cluster(output: &str) -> bool {
    output.lines().any(|line| {
        line.starts_with("The connection to the server localhost:8080 was refused")
            || line.contains("Get \"http://localhost:8080/") && line.contains("refused")
    })
}

/// What is to say of an output of which only the beginning is in memory: how the command
/// ended, by what it printed last, and that the rest was not compared. Another attempt would
/// not be shorter.
pub(super) fn too_much(
    page: &Page,
    expected: Expectation<'_>,
    attempt: &AttemptEnded,
    printed: &Captured,
) -> Judgement {
    let compared = !expected.step.outputs.is_empty();
    let bare = Step { outputs: Vec::new(), ..expected.step.clone() };
    let ended =
        AttemptEnded { output: Output(printed.ending().to_vec()), ..attempt.without_output() };
    let mut judgement = page.judge(Expectation { step: &bare, ..expected }, &ended);
    let (length, dropped) = (printed.length(), printed.dropped());
    let kept = match dropped {
        0 => "they are in the record".to_owned(),
        _ => format!("all but the last {dropped} are in the record"),
    };
    let text = format!(
        "the command printed {length} bytes, more than labbook compares ({KEPT}): {kept}, and \
         were not compared"
    );
    let why = Explanation { breaks: compared, ..explanation("too-much-output", text) };
    judgement.explanation.push(why);
    if compared {
        judgement.verdict = Verdict::Different;
    }
    judgement.hopeless = true;
    judgement
}

fn fail(judgement: &mut Judgement, kind: &str, text: String) {
    judgement.verdict = Verdict::Error;
    // What else differs follows from that.
    judgement.explanation = vec![explanation(kind, text)];
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The kind of what is said of a command that differed.
    fn said(command: &str, code: i32, output: &str, on_cluster: bool) -> Option<String> {
        let mut judgement = Judgement {
            verdict: Verdict::Different,
            explanation: vec![explanation("exit-code", String::new())],
            hopeless: false,
        };
        let (ended, timeout) = (Ended::Exited(code), Duration::ZERO);
        let end = End {
            ended: &ended,
            output,
            command,
            timeout,
            in_vain: None,
            replaced: false,
            on_cluster,
        };
        let last = end.overrule(&mut judgement);
        assert_eq!(last, judgement.verdict == Verdict::Error);
        last.then(|| judgement.explanation[0].kind.clone())
    }

    #[test]
    fn a_program_that_is_not_there_is_told_wherever_the_command_names_it() {
        let missing = "bash: foo: command not found\non\n";
        let of = |command, code, output| said(command, code, output, true);
        assert_eq!(of("foo", 127, missing).as_deref(), Some("not-installed"));
        assert_eq!(
            of("./script", 127, missing.trim_end_matches("on\n")).as_deref(),
            Some("not-installed")
        );
        assert_eq!(of("foo; echo on", 0, missing).as_deref(), Some("not-installed"));
        assert_eq!(of("foo | grep x", 1, missing).as_deref(), Some("not-installed"));
        assert_eq!(of("cat log", 0, missing), None);
        for missing in ["zsh: command not found: foo", "dash: 1: eval: foo: not found"] {
            assert_eq!(of("foo", 127, missing).as_deref(), Some("not-installed"), "{missing}");
        }
        assert_eq!(of("foo | grep x", 1, "foo: no x\n"), None);
    }

    #[test]
    fn without_a_cluster_a_command_that_asks_one_is_told_what_to_do() {
        let get = "The connection to the server localhost:8080 was refused - did you specify the \
                   right host or port?";
        let apply = "error: validating data: Get \"http://localhost:8080/openapi/v2?timeout=32s\": \
                     dial tcp 127.0.0.1:8080: connect: connection refused";
        for output in [get, apply, "bash: kubectl: command not found"] {
            let of = |on_cluster| said("kubectl get pods", 1, output, on_cluster);
            assert_eq!(of(false).as_deref(), Some("no-cluster"), "{output}");
            assert_ne!(of(true).as_deref(), Some("no-cluster"), "{output}");
        }
        let other = "The connection to the server 127.0.0.1:6443 was refused - did you specify the \
                     right host or port?";
        assert_eq!(said("kubectl get pods", 1, other, false), None, "a cluster of the page's own");
    }
}
