//! One line a page: how many steps, what is compared, what is left alone.

use std::collections::BTreeMap;
use std::io::{self, Write};

use anstyle::{AnsiColor, Style};

use super::CheckedPage;
use crate::lab::{Role, Severity};
use crate::plan::Refusal;
use crate::report::terminal::{counted, visible};

const BOLD: Style = Style::new().bold();
const RED: Style = AnsiColor::Red.on_default().bold();
const YELLOW: Style = AnsiColor::Yellow.on_default().bold();

/// Names that are longer do not move the columns of the others.
const WIDEST: usize = 60;

/// What was found on a page, counted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CheckSummary {
    /// How the page is called.
    pub page: String,
    /// Whether anything was read of it.
    pub read: bool,
    /// All steps, those that are not run included.
    pub steps: usize,
    /// The steps that are run and have an output to be compared with.
    pub compared: usize,
    /// The steps that the page has skipped.
    pub skipped: usize,
    /// The other steps that are not run.
    pub refused: BTreeMap<Refusal, usize>,
    /// The fences that hold a file.
    pub files: usize,
    /// The other fences that are neither run nor compared.
    pub others: usize,
    /// The diagnostics that are errors.
    pub errors: usize,
    /// The diagnostics that are warnings.
    pub warnings: usize,
}

impl CheckSummary {
    /// Counts what was found on a page.
    pub fn new(page: &CheckedPage<'_>) -> Self {
        let mut refused = BTreeMap::new();
        let steps = 0..page.lab.steps.len();
        for refusal in steps.clone().filter_map(|index| page.refusal(index)) {
            *refused.entry(refusal).or_insert(0) += 1;
        }
        let fences = |role| page.lab.fences.iter().filter(|fence| fence.role == role).count();
        let of = |severity| page.diagnostics.iter().filter(|it| it.severity == severity).count();
        Self {
            page: page.name.to_owned(),
            read: page.is_read(),
            steps: steps.len(),
            compared: steps.clone().filter(|index| page.is_compared(*index)).count(),
            skipped: steps.filter(|index| page.skip(*index).is_some()).count(),
            refused,
            files: fences(Role::File),
            others: fences(Role::Other),
            errors: of(Severity::Error),
            warnings: of(Severity::Warning),
        }
    }

    /// Whether the page has all of its steps skipped, so that there is nothing to
    /// check.
    pub fn is_skipped(&self) -> bool {
        self.steps > 0 && self.skipped == self.steps
    }

    fn add(&mut self, page: &Self) {
        self.steps += page.steps;
        self.compared += page.compared;
        self.skipped += page.skipped;
        for (refusal, count) in &page.refused {
            *self.refused.entry(*refusal).or_insert(0) += count;
        }
        self.files += page.files;
        self.others += page.others;
        self.errors += page.errors;
        self.warnings += page.warnings;
    }

    /// All but the name, in one line.
    fn line(&self) -> String {
        let mut parts = vec![self.of_steps()];
        let fences =
            listed([(self.files, "file", "files"), (self.others, "other fence", "other fences")]);
        if !fences.is_empty() {
            parts.push(format!("left alone: {fences}"));
        }
        let errors = listed([(self.errors, "error", "errors")]);
        let warnings = listed([(self.warnings, "warning", "warnings")]);
        let mut found = Vec::new();
        if !errors.is_empty() {
            found.push(format!("{RED}{errors}{RED:#}"));
        }
        if !warnings.is_empty() {
            found.push(format!("{YELLOW}{warnings}{YELLOW:#}"));
        }
        if !found.is_empty() {
            parts.push(found.join(", "));
        }
        parts.join("; ")
    }

    fn of_steps(&self) -> String {
        if !self.read {
            return "not read".to_owned();
        }
        if self.steps == 0 {
            return "no steps".to_owned();
        }
        let refused: usize = self.refused.values().sum();
        let run_only = self.steps - self.compared - self.skipped - refused;
        let mut parts = vec![format!("{} compared", self.compared)];
        if run_only > 0 {
            parts.push(format!("{run_only} run only"));
        }
        if refused > 0 {
            let whys: Vec<_> =
                self.refused.iter().map(|(why, count)| format!("{count} {}", why.id())).collect();
            parts.push(format!("{refused} not run ({})", whys.join(", ")));
        }
        if self.skipped > 0 {
            parts.push(format!("{} skipped", self.skipped));
        }
        format!("{}: {}", counted(self.steps), parts.join(", "))
    }
}

/// Numbers with their nouns, without those that are nothing.
fn listed<const N: usize>(counts: [(usize, &str, &str); N]) -> String {
    let some = counts.into_iter().filter(|(count, ..)| *count > 0);
    let words = some.map(|(count, one, many)| match count {
        1 => format!("1 {one}"),
        _ => format!("{count} {many}"),
    });
    words.collect::<Vec<_>>().join(", ")
}

/// Writes a line a page, and one of all where there are several.
pub fn write_summaries(out: &mut dyn Write, pages: &[CheckSummary]) -> io::Result<()> {
    let names: Vec<_> = pages.iter().map(|page| visible(&page.page)).collect();
    let long = |name: &&str| name.chars().count() <= WIDEST;
    let names_shown = names.iter().map(|name| &**name).filter(long);
    let width = names_shown.map(|name| name.chars().count()).max().unwrap_or(0);
    for (page, name) in pages.iter().zip(&names) {
        let padding = width.saturating_sub(name.chars().count());
        writeln!(out, "{BOLD}{name}{BOLD:#}{:padding$}  {}", "", page.line())?;
    }
    if pages.len() > 1 {
        let mut all = CheckSummary { read: true, ..CheckSummary::default() };
        for page in pages {
            all.add(page);
        }
        writeln!(out, "{} pages, {}", pages.len(), all.line())?;
    }
    if pages.iter().any(|page| page.errors > 0 && page.steps > 0) {
        writeln!(out, "nothing of a page is run while there are errors on it")?;
    }
    Ok(())
}
