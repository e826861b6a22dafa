//! What `check` shows a person of one page: the steps and why each is read so,
//! and what is wrong, drawn over the page.

use std::collections::HashMap;
use std::io::{self, Write};
use std::path::Path;

use anstyle::{AnsiColor, Style};

use super::{CheckedPage, flags, has_text};
use crate::lab::{FenceReading, RecordedOutput, Role, Step};
use crate::plan::{Conduct, Effect, Interpreter, Mirrored, Plan, PlannedStep};
use crate::printed::secret;
use crate::report::diagnostic::draw_diagnostic;
use crate::report::terminal::{short, visible};
use crate::workbook::ImageSource;

const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();
const CYAN: Style = AnsiColor::Cyan.on_default();

/// How many diagnostics of one id are drawn for a page; the others are counted.
const DRAWN: usize = 50;

/// How much is said of a page beside what is wrong with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Detail {
    /// Nothing.
    Findings,
    /// Each step, and what is left alone.
    Steps,
    /// Each fence with the rule that it was read by, and all that is known of
    /// each step.
    Fences,
}

impl Detail {
    /// How many lines of one command are shown.
    fn lines(self) -> usize {
        if self == Self::Fences { 200 } else { 12 }
    }
}

/// Writes the page as `detail` asks, and then what is wrong with it, drawn for a
/// terminal of `width` columns.
pub fn check_human(
    out: &mut dyn Write,
    page: &CheckedPage<'_>,
    detail: Detail,
    width: Option<usize>,
) -> io::Result<()> {
    if detail != Detail::Findings && page.is_read() {
        writeln!(out, "{BOLD}{}{BOLD:#}", visible(page.name))?;
        before(out, page)?;
        match detail {
            Detail::Fences => fences(out, page)?,
            _ => steps(out, page)?,
        }
        after(out, page)?;
        writeln!(out)?;
    }
    let mut drawn: HashMap<&str, usize> = HashMap::new();
    for diagnostic in page.diagnostics {
        let count = drawn.entry(diagnostic.id).or_insert(0);
        *count += 1;
        if *count <= DRAWN {
            writeln!(out, "{}\n", draw_diagnostic(diagnostic, page.name, page.document, width))?;
        }
    }
    let mut more: Vec<_> = drawn.into_iter().filter(|(_, count)| *count > DRAWN).collect();
    more.sort_unstable();
    for (id, count) in more {
        let (page, left) = (visible(page.name), count - DRAWN);
        writeln!(out, "{page}: {left} more of {id}, which --format json lists\n")?;
    }
    Ok(())
}

/// What happens before the first step.
fn before(out: &mut dyn Write, page: &CheckedPage<'_>) -> io::Result<()> {
    if let Some(plan) = page.plan {
        for (name, source) in &plan.images {
            let from = match source {
                ImageSource::Archive(path) => format!("archive {}", path.display()),
                ImageSource::Recipe(path) => format!("built from {}", path.display()),
            };
            writeln!(out, "  {CYAN}image{CYAN:#}    {}: {}", visible(name), visible(&from))?;
        }
        script(out, "setup", plan.setup.as_deref(), plan)?;
    }
    hidden(out, page, |block| block == "setup")
}

/// What happens after the last step.
fn after(out: &mut dyn Write, page: &CheckedPage<'_>) -> io::Result<()> {
    hidden(out, page, |block| block != "setup")?;
    match page.plan {
        Some(plan) => script(out, "cleanup", plan.cleanup.as_deref(), plan),
        None => Ok(()),
    }
}

fn script(out: &mut dyn Write, what: &str, path: Option<&Path>, plan: &Plan) -> io::Result<()> {
    let Some(path) = path else { return Ok(()) };
    let path = path.strip_prefix(&plan.root).unwrap_or(path).display().to_string();
    writeln!(out, "  {CYAN}{what:<8}{CYAN:#} {}", visible(&path))
}

fn hidden(
    out: &mut dyn Write,
    page: &CheckedPage<'_>,
    is_meant: impl Fn(&str) -> bool,
) -> io::Result<()> {
    for hidden in page.hidden.iter().filter(|hidden| is_meant(hidden.block)) {
        let command = hidden.command;
        let place = lines(command.first_line, command.last_line);
        writeln!(out, "  {CYAN}{:<8}{CYAN:#} hidden on {place} of the page", hidden.block)?;
        text(out, command.first_line, &command.text, Detail::Steps)?;
        if let Some(plan) = page.plan {
            mirrors(out, hidden.mirrored, plan)?;
        }
    }
    Ok(())
}

fn mirrors(out: &mut dyn Write, mirrored: &[Mirrored], plan: &Plan) -> io::Result<()> {
    for mirrored in mirrored {
        let file = mirrored.file.strip_prefix(&plan.root).unwrap_or(&mirrored.file);
        let file = file.display().to_string();
        let url = visible(&mirrored.url);
        writeln!(out, "       {CYAN}mirror{CYAN:#} {url} is read from {}", visible(&file))?;
    }
    Ok(())
}

/// Each step, and each fence that holds none and is no output.
fn steps(out: &mut dyn Write, page: &CheckedPage<'_>) -> io::Result<()> {
    let mut steps = page.lab.steps.iter().enumerate().peekable();
    for (index, fence) in page.lab.fences.iter().enumerate() {
        while let Some((number, it)) = steps.next_if(|(_, step)| step.fence <= index) {
            step(out, page, number, it, Detail::Steps)?;
        }
        if matches!(fence.role, Role::File | Role::Other) {
            let place = lines(fence.open, fence.close);
            let what = if fence.role == Role::File { " (a file)" } else { "" };
            let why = short(&fence.why);
            writeln!(out, "       {DIM}{place} left alone{what}: {why}{DIM:#}")?;
        }
    }
    Ok(())
}

/// Each fence, and the steps in it.
fn fences(out: &mut dyn Write, page: &CheckedPage<'_>) -> io::Result<()> {
    let mut steps = page.lab.steps.iter().enumerate().peekable();
    for (index, fence) in page.lab.fences.iter().enumerate() {
        heading(out, fence)?;
        while let Some((number, it)) = steps.next_if(|(_, step)| step.fence <= index) {
            step(out, page, number, it, Detail::Fences)?;
        }
    }
    Ok(())
}

fn heading(out: &mut dyn Write, fence: &FenceReading) -> io::Result<()> {
    let role = match fence.role {
        Role::Command => "commands",
        Role::Session => "commands and output",
        Role::Output => "output",
        Role::File => "a file, left alone",
        Role::Other => "left alone",
    };
    let place = lines(fence.open, fence.close);
    writeln!(out, "  {CYAN}{place}{CYAN:#} {role}: {}", short(&fence.why))
}

fn step(
    out: &mut dyn Write,
    page: &CheckedPage<'_>,
    number: usize,
    step: &Step,
    detail: Detail,
) -> io::Result<()> {
    text(out, step.command.first_line, &step.command.text, detail)?;
    writeln!(out, "       {DIM}{}{DIM:#}", how(page, number).join("; "))?;
    if detail == Detail::Fences {
        let flags = flags(step);
        if !flags.is_empty() {
            writeln!(out, "       {DIM}flags: {}{DIM:#}", flags.join(", "))?;
        }
        if !step.needs.is_empty() {
            let needs = visible(&step.needs.join(", ")).into_owned();
            writeln!(out, "       {DIM}needs {needs}{DIM:#}")?;
        }
    }
    if page.skip(number).is_some() {
        return Ok(());
    }
    let Some(plan) = page.plan else { return Ok(()) };
    let Some(planned) = plan.steps.get(number) else { return Ok(()) };
    mirrors(out, &planned.mirrored, plan)?;
    if detail == Detail::Fences && planned.command != step.command.text {
        writeln!(out, "       {CYAN}run as{CYAN:#}")?;
        for line in secret::masked(&planned.command).lines().take(detail.lines()) {
            writeln!(out, "         {}", short(line))?;
        }
    }
    Ok(())
}

/// The lines of a command, the first with its number on the page.
fn text(out: &mut dyn Write, first_line: usize, text: &str, detail: Detail) -> io::Result<()> {
    let most = detail.lines();
    // What may be a credential is not shown, here as little as in a drawing.
    let masked = secret::masked(text);
    for (index, line) in masked.lines().take(most).enumerate() {
        let number = if index == 0 { format!("{first_line:>5}") } else { " ".repeat(5) };
        writeln!(out, "{DIM}{number}{DIM:#}  {}", short(line))?;
    }
    let more = text.lines().count().saturating_sub(most);
    if more > 0 {
        writeln!(out, "       {DIM}and {more} more lines of it{DIM:#}")?;
    }
    Ok(())
}

/// What happens to a step, in clauses.
fn how(page: &CheckedPage<'_>, index: usize) -> Vec<String> {
    let step = &page.lab.steps[index];
    let planned = page.plan.and_then(|plan| plan.steps.get(index));
    if let Some(reason) = page.skip(index) {
        return vec![format!("skipped: {}", short(&secret::masked(reason)))];
    }
    if let Some(refusal) = page.refusal(index) {
        return vec![format!("not run: {}", refusal.why())];
    }
    let (texts, left_out): (Vec<_>, Vec<_>) =
        step.outputs.iter().partition(|output| has_text(output));
    let places = |outputs: &[&RecordedOutput]| {
        let places = outputs.iter().map(|output| lines(output.first_line, output.last_line));
        places.collect::<Vec<_>>().join(" and ")
    };
    let mut how = vec![match (texts.is_empty(), left_out.is_empty()) {
        (true, true) => "not compared: the page shows no output".to_owned(),
        (true, false) => {
            format!("not compared: the page leaves the output out on {}", places(&left_out))
        }
        _ => format!("compared with {}", places(&texts)),
    }];
    let of = |told: fn(&RecordedOutput) -> &Vec<usize>| {
        let places =
            texts.iter().flat_map(|output| told(output)).map(|line| format!("line {line}"));
        Some(places.collect::<Vec<_>>().join(", ")).filter(|places| !places.is_empty())
    };
    how.extend(
        of(|output| &output.elisions).map(|places| format!("any lines may stand for {places}")),
    );
    how.extend(of(|output| &output.cut).map(|places| format!("a part is cut off on {places}")));
    if planned.is_some_and(|planned| planned.effect == Effect::Changes) {
        how.push("may change something: runs once".to_owned());
    }
    if let Some(changed) = planned.and_then(|planned| planned.changes_host.as_deref()) {
        how.push(format!(
            "changes the machine (`{}`): not run without a sandbox",
            short(&secret::masked(changed))
        ));
    }
    if let Some(shell) = planned.and_then(told_shell) {
        how.push(format!("is run by {shell}"));
    }
    if planned.is_some_and(|planned| planned.terminal) {
        how.push("gets a terminal".to_owned());
    }
    match planned.and_then(|planned| planned.conduct.told()) {
        Some(told) => how.push(told),
        None if step.flags.blocking => how.push("does not return by itself".to_owned()),
        None => {}
    }
    how
}

/// The shell of a step, where that is not the usual one.
fn told_shell(planned: &PlannedStep) -> Option<Interpreter> {
    let typed = matches!(planned.conduct, Conduct::Typed { .. });
    Some(planned.interpreter).filter(|shell| *shell != Interpreter::Bash && !typed)
}

fn lines(first: usize, last: usize) -> String {
    if first == last { format!("line {first}") } else { format!("lines {first}–{last}") }
}
