//! What will be run: the steps of a lab with all that a workbook decides about
//! them. `labbook check` prints a plan; the runner carries it out.
//!
//! This module reads the files that a plan names. It runs nothing.

pub(crate) mod arguments;
mod conduct;
mod directives;
mod effect;
mod fetch;
mod filters;
mod host;
mod inputs;
mod interpreter;
mod mirrors;
mod parameters;
mod programs;
mod refusal;
mod terminal;
#[cfg(test)]
mod tests;

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

pub use conduct::Conduct;
pub use directives::NOT_CARRIED_OUT;
pub use interpreter::Interpreter;
pub use refusal::Refusal;

use crate::compare::Expectation;
use crate::document::Document;
use crate::lab::directives::{Purpose, Settings};
use crate::lab::{Command, Diagnostic, Lab, Step};
use crate::workbook::{Workbook, WorkbookError};

/// A lab, ready to be run.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The page's path from the workbook's root, with `/`.
    pub page: String,
    /// The page on disk.
    pub path: PathBuf,
    /// The workbook's root.
    pub root: PathBuf,
    /// The steps in order.
    pub steps: Vec<PlannedStep>,
    /// The fences that are written to files, in order.
    pub files: Vec<PlannedFile>,
    /// The setup script, if the workbook names one.
    pub setup: Option<PathBuf>,
    /// The cleanup script, if the workbook names one.
    pub cleanup: Option<PathBuf>,
    /// The page's hidden commands that run after the setup script.
    pub hidden_setup: Vec<HiddenCommand>,
    /// The page's hidden commands that run before the cleanup script.
    pub hidden_cleanup: Vec<HiddenCommand>,
    /// What the page's directives ask for that is not carried out. A plan with
    /// any of it is not to be run.
    pub not_carried_out: Vec<Diagnostic>,
    /// Images that the workbook adds.
    pub images: Vec<(String, crate::workbook::ImageSource)>,
    /// SHA-256 of the page's bytes, in hex.
    pub sha256: String,
    /// SHA-256 of all that decides what the run does, in hex.
    pub inputs: String,
}

/// A step and how it will be run.
#[derive(Debug, Clone)]
pub struct PlannedStep {
    /// The step as the page has it.
    pub step: Step,
    /// The command with mirrored URLs replaced by files; the same as the
    /// page's where there are none.
    pub command: String,
    /// The same for a record, which is read on other machines: files are named
    /// from the workbook's root.
    pub portable: String,
    /// Which mirror stands for which URL in it.
    pub mirrored: Vec<Mirrored>,
    /// Whether it is run again until it gives the recorded result.
    pub effect: Effect,
    /// Whether it runs to its end, or how it is brought to one.
    pub conduct: Conduct,
    /// What of the machine it changes, a program or a file, where the page does not
    /// say that it may: it is then run in a sandbox only.
    pub changes_host: Option<String>,
    /// The shell that runs it.
    pub interpreter: Interpreter,
    /// Whether it gets a terminal.
    pub terminal: bool,
    /// Whether its standard error is told apart from its standard output, which alone is
    /// compared then.
    pub apart: bool,
    /// What it reads on its standard input, where the page gives that.
    pub stdin: Option<String>,
    /// The exit codes that are right, where the page says so.
    pub exit: Option<Vec<u8>>,
    /// Why it is not run, where the page says that it is not to be.
    pub skip: Option<String>,
    /// How long one attempt may run.
    pub timeout: Duration,
    /// How long the result may take to come about.
    pub wait: Duration,
    /// Whether the page itself says so.
    pub wait_is_given: bool,
}

impl PlannedStep {
    /// What its result is held to.
    pub(crate) fn expectation(&self) -> Expectation<'_> {
        Expectation { step: &self.step, exit: self.exit.as_deref() }
    }
}

/// A fence whose content is written to a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedFile {
    /// The index of the step before which it is written; the number of the steps where
    /// none comes after it.
    pub before: usize,
    /// The path from the lab's directory, inside it.
    pub path: String,
    /// The content.
    pub content: String,
}

impl PlannedFile {
    /// Those of a page.
    fn all(document: &Document, lab: &Lab) -> Vec<Self> {
        let fences = document.fences().iter().enumerate();
        let written = fences.filter_map(|(index, fence)| {
            let path = lab.directives.of_fence(index)?.all.text("file")?.to_owned();
            let before = lab.steps.iter().position(|step| step.fence > index);
            let mut content = String::new();
            for line in &fence.lines {
                content.push_str(&document.fence_line_text(line));
                content.push('\n');
            }
            Some(Self { before: before.unwrap_or(lab.steps.len()), path, content })
        });
        written.collect()
    }
}

/// A command that readers of the page do not see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HiddenCommand {
    /// The command as the page has it.
    pub written: Command,
    /// The command with mirrored URLs replaced by files.
    pub command: String,
    /// Which mirror stands for which URL in it.
    pub mirrored: Vec<Mirrored>,
    /// What of the machine it changes, as of a step.
    pub changes_host: Option<String>,
}

/// A URL that is read from a file of the workbook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mirrored {
    /// The URL on the page.
    pub url: String,
    /// The file that is read instead, absolute.
    pub file: PathBuf,
}

/// Whether a command may be run again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// It only reads: it may be run again until its result has come about.
    Reads,
    /// It may change something: it runs exactly once.
    Changes,
}

/// Where URLs that a mirror stands for are read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Sources {
    /// In the workbook's mirrors.
    #[default]
    Mirrors,
    /// Where the page says (`--online`).
    Online,
}

/// Why a page cannot be planned.
#[derive(Debug, thiserror::Error)]
pub enum PlanError {
    /// The page does not belong to the workbook.
    #[error(transparent)]
    Page(#[from] WorkbookError),
    /// A mirror does not hold the file for a URL.
    #[error("{page}:{line}: the mirror of {url} has no file {file}: add it, or run with --online")]
    MirrorMissing {
        /// The page's name.
        page: String,
        /// The line of the command, counted from 1.
        line: usize,
        /// The URL on the page.
        url: String,
        /// The file that was looked for.
        file: PathBuf,
    },
    /// A URL leads out of its mirror.
    #[error(
        "{page}:{line}: {url} leads out of its mirror: write it without `..`, and the file without links"
    )]
    MirrorOutside {
        /// The page's name.
        page: String,
        /// The line of the command, counted from 1.
        line: usize,
        /// The URL on the page.
        url: String,
    },
    /// A file that belongs to the lab cannot be read.
    #[error("cannot read {path}: {source}")]
    Unreadable {
        /// Which.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
}

/// Whether the page says that a command may change the machine.
fn allowed(set: Option<&Settings>) -> bool {
    set.and_then(|set| set.flag("host")).unwrap_or(false)
}

impl Plan {
    /// Plans a page of a workbook. `path` is the page on disk, absolute, as
    /// [`Workbook::pages`] gives it.
    pub fn new(
        workbook: &Workbook,
        path: &Path,
        document: &Document,
        lab: &Lab,
        sources: Sources,
    ) -> Result<Self, PlanError> {
        let page = workbook.name_of(path)?;
        let settings = workbook.lab(&page);
        let mirrors = mirrors::Mirrors::new(workbook, sources);
        let interpreters = interpreter::Interpreters::new(document, lab);
        let mut host = host::Host::new(&page, lab);
        let hidden = |purpose: Purpose, host: &mut host::Host| {
            directives::hidden(&lab.directives, purpose, &mirrors, host)
                .map_err(|(fault, line)| fault.error(&page, line))
        };
        let hidden_setup = hidden(Purpose::Setup, &mut host)?;
        let steps = lab.steps.iter().enumerate().map(|(index, step)| {
            let set = lab.directives.of_step(index);
            // What is typed in a pod sees none of the workbook's files.
            let applied = match step.inside {
                Some(_) => Ok(mirrors::Applied::none(&step.command.text)),
                None => mirrors.apply(&step.command.text),
            };
            let mirrors::Applied { command, portable, mirrored } =
                applied.map_err(|fault| fault.error(&page, step.command.first_line))?;
            let terminal = step.opens
                || step.inside.is_some()
                || set
                    .and_then(|set| set.flag("tty"))
                    .unwrap_or_else(|| terminal::asks_for_terminal(&command));
            let stdin = set.and_then(|set| set.text("stdin")).map(str::to_owned);
            let skip = set.and_then(Settings::skip).map(str::to_owned);
            let is_run = skip.is_none() && Refusal::of(step, stdin.is_some()).is_none();
            Ok(PlannedStep {
                effect: effect::effect(&command),
                conduct: Conduct::of(&command, step, set),
                changes_host: host.change_by(step, &command, (allowed(set), is_run)),
                interpreter: interpreters.of(step, set),
                terminal,
                // Of a page that has them apart, what has a terminal has only one.
                apart: set.and_then(|set| set.choice("streams")) == Some("apart") && !terminal,
                stdin,
                exit: set.and_then(Settings::exit).map(<[u8]>::to_vec),
                step: step.clone(),
                command,
                portable,
                mirrored,
                skip,
                timeout: set.and_then(Settings::timeout).unwrap_or(workbook.config.timeout),
                wait: set.and_then(Settings::wait).unwrap_or(workbook.config.wait),
                wait_is_given: set.and_then(Settings::wait).is_some(),
            })
        });
        let steps = steps.collect::<Result<Vec<_>, PlanError>>()?;
        let hidden_cleanup = hidden(Purpose::Cleanup, &mut host)?;
        let setup = settings.setup.map(|script| workbook.root.join(script));
        let cleanup = settings.cleanup.map(|script| workbook.root.join(script));
        let files = inputs::Files {
            root: &workbook.root,
            setup: setup.as_deref(),
            cleanup: cleanup.as_deref(),
            steps: &steps,
            hidden: [&hidden_setup, &hidden_cleanup],
        };
        Ok(Self {
            sha256: inputs::sha256(document.bytes()),
            inputs: inputs::inputs(document, lab, &files)?,
            files: PlannedFile::all(document, lab),
            not_carried_out: directives::not_carried_out(document, &lab.directives, &steps),
            page,
            path: path.to_owned(),
            root: workbook.root.clone(),
            images: workbook.config.images.clone().into_iter().collect(),
            steps,
            setup,
            cleanup,
            hidden_setup,
            hidden_cleanup,
        })
    }
}
