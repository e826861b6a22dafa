//! What a person sees of a run: a line a step, drawn differences, a summary.

use std::borrow::Cow;
use std::io::{self, Write};

use anstyle::{AnsiColor, Style};

use super::drawn;
use super::transcript::{StepTranscript, Transcript, first_line};
use crate::record::{Header, Script, ScriptEnded, Verdict};

const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();
const RED: Style = AnsiColor::Red.on_default().bold();

/// Where a step's command stands on its line: after its verdict, time and line.
const INDENT: usize = 28;
/// How many characters of one line are shown, whoever reads it.
const LONGEST: usize = 200;
/// How many tolerated changes of a step are listed.
const DRIFT_SHOWN: usize = 4;
/// How many lines of a failed script are shown: its last ones say why.
const SCRIPT_SHOWN: usize = 20;

/// Writes reports with styles; a writer for what is no terminal strips them.
#[derive(Debug, Clone, Copy)]
pub struct Terminal {
    width: Option<usize>,
}

impl Terminal {
    /// For a terminal of `width` columns; none for a file or a pipe, where
    /// lines are cut only where nobody would read on.
    pub fn new(width: Option<usize>) -> Self {
        Self { width }
    }

    /// The heading of a page: what it is called, and the cluster.
    pub fn heading(&self, out: &mut dyn Write, page: &str, header: &Header) -> io::Result<()> {
        let cluster = match (header.cluster.provider.as_str(), &header.cluster.version) {
            ("none", _) => "without a cluster".to_owned(),
            (provider, Some(version)) => format!("{provider}, Kubernetes {version}"),
            (provider, None) => provider.to_owned(),
        };
        writeln!(out, "{BOLD}{}{BOLD:#}  {DIM}{}{DIM:#}", visible(page), visible(&cluster))
    }

    /// The line of a step, and what it tolerated.
    pub fn step(&self, out: &mut dyn Write, step: &StepTranscript) -> io::Result<()> {
        let style = if step.is_skipped() { DIM } else { style(step.verdict) };
        let time = if step.attempts == 0 { String::new() } else { seconds(step.duration_ms) };
        writeln!(
            out,
            "  {style}{:<9}{style:#} {time:>8}  {DIM}{:>4}{DIM:#}  {}",
            step_word(step),
            step.command.first_line,
            self.cut(&one_line(&step.command.text), INDENT)
        )?;
        if step.verdict != Verdict::Drift && !step.is_skipped() {
            return Ok(());
        }
        for item in step.explanation.iter().take(DRIFT_SHOWN) {
            writeln!(out, "{:INDENT$}{DIM}{}{DIM:#}", "", self.cut(&short(&item.text), INDENT))?;
        }
        if step.explanation.len() > DRIFT_SHOWN {
            let more = step.explanation.len() - DRIFT_SHOWN;
            writeln!(out, "{:INDENT$}{DIM}and {more} more, in the record{DIM:#}", "")?;
        }
        Ok(())
    }

    /// A setup or cleanup script that failed, with the end of what it printed.
    pub fn script(&self, out: &mut dyn Write, script: &ScriptEnded) -> io::Result<()> {
        let which = match script.script {
            Script::Setup => "setup",
            Script::Cleanup => "cleanup",
        };
        let how = match script.exit_code {
            Some(code) => format!("ended with exit code {code}"),
            None => "did not end by itself".to_owned(),
        };
        writeln!(out, "\n{RED}error{RED:#}: {which} {} {how}", visible(&script.path))?;
        let text = script.output.text();
        let lines: Vec<&str> = text.lines().collect();
        let hidden = lines.len().saturating_sub(SCRIPT_SHOWN);
        if hidden > 0 {
            writeln!(out, "  {DIM}({hidden} earlier lines are in the record){DIM:#}")?;
        }
        for line in &lines[hidden..] {
            writeln!(out, "  {DIM}|{DIM:#} {}", short(line))?;
        }
        Ok(())
    }

    /// The differences of a page, drawn over its source, and failed scripts.
    pub fn differences(
        &self,
        out: &mut dyn Write,
        page: &str,
        transcript: &Transcript,
        source: &str,
    ) -> io::Result<()> {
        for (index, step) in transcript.steps.iter().enumerate() {
            if step.fails() && !not_reached(step) {
                writeln!(out)?;
                out.write_all(drawn::step(index + 1, step, page, source, self.width).as_bytes())?;
            }
        }
        for script in transcript.scripts.iter().filter(|script| script.exit_code != Some(0)) {
            self.script(out, script)?;
        }
        Ok(())
    }

    /// The last line of a page: its verdict and how many steps have which.
    pub fn summary(&self, out: &mut dyn Write, transcript: &Transcript) -> io::Result<()> {
        let verdict = transcript.verdict();
        let style = style(verdict);
        let skipped = transcript.steps.iter().filter(|step| step.is_skipped()).count();
        let counts = [
            Verdict::Same,
            Verdict::Drift,
            Verdict::Ran,
            Verdict::Different,
            Verdict::NotRun,
            Verdict::Error,
        ]
        .into_iter()
        .filter(|verdict| transcript.count(*verdict) > 0)
        .map(|verdict| format!("{} {}", transcript.count(verdict), word(verdict)))
        .chain((skipped > 0).then(|| format!("{skipped} skipped")))
        .collect::<Vec<_>>();
        let steps = counted(transcript.steps.len());
        let took = transcript.took_ms().map(|took| format!(" in {}", seconds(took)));
        writeln!(
            out,
            "\n{style}{}{style:#}: {steps}{}: {}",
            sentence(transcript),
            took.unwrap_or_default(),
            if counts.is_empty() { "nothing to run".to_owned() } else { counts.join(", ") }
        )?;
        if let Some(reason) = transcript.closing.as_ref().and_then(|end| end.reason.as_deref()) {
            writeln!(out, "the run ended early: {}", short(first_line(reason)))?;
        }
        for image in transcript.stand_ins() {
            let line = format!("stand-in: {} is {}", image.image, image.note);
            writeln!(out, "{DIM}{}{DIM:#}", self.cut(&visible(&line), 0))?;
        }
        Ok(())
    }

    fn cut<'a>(&self, text: &'a str, indent: usize) -> Cow<'a, str> {
        let Some(width) = self.width else {
            return Cow::Borrowed(text);
        };
        let room = width.saturating_sub(indent).max(20);
        if text.chars().count() <= room {
            return Cow::Borrowed(text);
        }
        Cow::Owned(text.chars().take(room - 1).chain(['…']).collect())
    }
}

fn sentence(transcript: &Transcript) -> &'static str {
    match transcript.verdict() {
        _ if transcript.setup_failed() => "setup failed",
        _ if transcript.is_skipped() => "nothing was to be run",
        Verdict::Same | Verdict::Drift => "the same result",
        Verdict::Ran => "nothing was checked",
        Verdict::NotRun => "not all steps were run",
        Verdict::Different => "a different result",
        Verdict::Error => "could not be run to the end",
    }
}

fn not_reached(step: &StepTranscript) -> bool {
    step.explanation.iter().any(|reason| reason.kind == "not-reached")
}

/// The word for a verdict in every rendering.
pub(super) fn word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Ran => "ran",
        Verdict::Same => "same",
        Verdict::Drift => "drift",
        Verdict::NotRun => "not run",
        Verdict::Different => "different",
        Verdict::Error => "error",
    }
}

/// The word for what came of a step in every rendering.
pub(super) fn step_word(step: &StepTranscript) -> &'static str {
    if step.is_skipped() { "skipped" } else { word(step.verdict) }
}

fn style(verdict: Verdict) -> Style {
    match verdict {
        Verdict::Ran => Style::new().dimmed(),
        Verdict::Same => AnsiColor::Green.on_default(),
        Verdict::Drift => AnsiColor::Cyan.on_default(),
        Verdict::NotRun => AnsiColor::Yellow.on_default().bold(),
        Verdict::Different | Verdict::Error => RED,
    }
}

/// A number of steps.
pub(super) fn counted(steps: usize) -> String {
    if steps == 1 { "1 step".to_owned() } else { format!("{steps} steps") }
}

/// A duration as a person reads it.
pub(super) fn seconds(milliseconds: u64) -> String {
    let (whole, rest) = (milliseconds / 1000, milliseconds % 1000);
    match whole {
        0..60 => format!("{whole}.{:02} s", rest / 10),
        _ => format!("{} m {:02} s", whole / 60, whole % 60),
    }
}

/// The first line of a command, with a sign that there is more.
pub(super) fn one_line(command: &str) -> String {
    let mut lines = command.lines();
    let first = short(lines.next().unwrap_or_default()).into_owned();
    if lines.next().is_some() { format!("{first} …") } else { first }
}

/// A line, label or first words for a person: no longer than can be read.
pub(super) fn short(text: &str) -> Cow<'_, str> {
    let Some((end, _)) = text.char_indices().nth(LONGEST) else { return visible(text) };
    Cow::Owned(format!("{}… ({} characters)", visible(&text[..end]), text.chars().count()))
}

/// Text of a page or a cluster without what a terminal would act on.
pub(super) fn visible(text: &str) -> Cow<'_, str> {
    if !text.contains(char::is_control) {
        return Cow::Borrowed(text);
    }
    let plain = anstream::adapter::strip_str(text).to_string();
    Cow::Owned(plain.chars().map(|c| if c.is_control() { ' ' } else { c }).collect())
}
