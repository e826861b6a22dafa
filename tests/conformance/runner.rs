//! Runs pages with the built binary, and says what their records hold.

use std::net::TcpListener;
use std::num::NonZero;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use labbook::record::{self, Ended, Event, Output, Record, Verdict};

use super::{Behaviour, Kind};
use crate::support::Test;

/// What came of a behaviour's page.
pub(super) struct Tried {
    behaviour: &'static Behaviour,
    came: Vec<String>,
    said: String,
}

impl Tried {
    /// What is to be said of it where it is not what must come.
    pub(super) fn failure(&self) -> Option<String> {
        let Behaviour { name, comes, .. } = self.behaviour;
        let same = self.came.len() == comes.len()
            && self.came.iter().zip(*comes).all(|(came, expected)| fits(expected, came));
        let list = |lines: &[&str]| lines.join("\n    ");
        let came: Vec<&str> = self.came.iter().map(String::as_str).collect();
        let (expected, came, said) = (list(comes), list(&came), &self.said);
        (!same).then(|| format!("{name}\n  expected\n    {expected}\n  came\n    {came}\n{said}"))
    }
}

/// Whether a line is as expected, where `…` stands for anything.
fn fits(expected: &str, line: &str) -> bool {
    let Some((start, rest)) = expected.split_once('…') else {
        return line == expected;
    };
    let Some(mut line) = line.strip_prefix(start) else {
        return false;
    };
    let mut parts: Vec<&str> = rest.split('…').collect();
    let end = parts.pop().unwrap_or_default();
    for part in parts {
        let Some(at) = line.find(part) else {
            return false;
        };
        line = &line[at + part.len()..];
    }
    line.ends_with(end)
}

/// Tries behaviours in sessions of one kind, several at a time: most of them wait.
pub(super) fn try_all(kind: Kind, behaviours: &[&'static Behaviour]) -> Vec<Tried> {
    let next = AtomicUsize::new(0);
    let workers = 2 * thread::available_parallelism().map_or(1, NonZero::get);
    let work = || {
        let mut tried = Vec::new();
        while let Some(behaviour) = behaviours.get(next.fetch_add(1, Ordering::Relaxed)) {
            tried.push(try_one(kind, behaviour));
        }
        tried
    };
    thread::scope(|scope| {
        let threads: Vec<_> = (0..workers).map(|_| scope.spawn(work)).collect();
        threads.into_iter().flat_map(|thread| thread.join().expect("no panic")).collect()
    })
}

fn try_one(kind: Kind, behaviour: &'static Behaviour) -> Tried {
    let socket = TcpListener::bind("127.0.0.1:0").expect("there is a free port");
    let port = socket.local_addr().expect("it is bound").port();
    // The kernel gives the next ones before it gives this one again.
    drop(socket);
    let page = behaviour.page.replace("```SHELL", &format!("```{}", kind.language()));
    let page = page.replace("PORT", &port.to_string());
    let ran = Test::new()
        .file("lab.md", kind.preamble().to_owned() + &page)
        .args("run lab.md --cluster none")
        .run();
    let record = ran.root.path().join("labbook-out/latest/lab.record.jsonl");
    let came = if record.is_file() {
        told(kind, &record::read(&record).expect("it can be read"))
    } else {
        let errors = ran.stderr.lines().filter(|line| line.starts_with("error"));
        errors.map(|line| format!("refused {line}")).collect()
    };
    Tried { behaviour, came, said: ran.stderr }
}

/// A line a step: its verdict, how it ended (an exit code, or a word), its output between
/// bars, and the kinds of what explains the verdict. A line each follows for what was
/// printed late.
pub(super) fn told(kind: Kind, record: &Record) -> Vec<String> {
    let mut lines = Vec::new();
    for step in record.steps() {
        let (end, output) = step.kept.map_or_else(
            || ("-".to_owned(), String::new()),
            |attempt| (end(&attempt.ended), shown(kind, attempt.terminal, &attempt.output)),
        );
        let ended = step.ended.expect("each step was decided");
        let kinds = ended.explanation.iter().map(|each| format!(" {}", each.kind));
        let kinds: String = kinds.collect();
        lines.push(format!("{} {end} |{output}|{kinds}", word(ended.verdict)));
    }
    let mut late: Vec<(usize, Vec<u8>)> = Vec::new();
    for event in &record.events {
        let Event::LateOutput(more) = event else { continue };
        match late.iter_mut().find(|(step, _)| *step == more.step) {
            Some((_, bytes)) => bytes.extend(&more.output.0),
            None => late.push((more.step, more.output.0.clone())),
        }
    }
    late.sort_unstable();
    let late = late.into_iter().map(|(step, bytes)| (step, Output(bytes)));
    lines.extend(late.map(|(step, bytes)| format!("late {step} |{}|", shown(kind, true, &bytes))));
    lines
}

fn word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Ran => "ran",
        Verdict::Same => "same",
        Verdict::Drift => "drift",
        Verdict::NotRun => "not-run",
        Verdict::Different => "different",
        Verdict::Error => "error",
    }
}

fn end(ended: &Ended) -> String {
    match ended {
        Ended::Exited(code) => code.to_string(),
        Ended::TimedOut => "timed-out".to_owned(),
        Ended::Stopped => "stopped".to_owned(),
        Ended::ShellDied(code) => format!("shell-died-{code}"),
        Ended::Interrupted => "interrupted".to_owned(),
        Ended::Running => "running".to_owned(),
        Ended::Answered => "answered".to_owned(),
    }
}

/// An output on one line. The record has the line ends of a terminal, where the
/// behaviour is not about them.
fn shown(kind: Kind, terminal: bool, output: &Output) -> String {
    let bytes = output.0.iter().flat_map(|byte| match byte {
        b'\n' => "\\n".chars().collect::<Vec<_>>(),
        b'\r' => "\\r".chars().collect(),
        32..127 => vec![char::from(*byte)],
        byte => format!("\\x{byte:02x}").chars().collect(),
    });
    let text: String = bytes.collect();
    let ends = kind == Kind::Terminal && terminal;
    if ends { text.replace("\\r\\n", "\\n") } else { text }
}
