//! What a call of labbook gave: its exit code, and what it printed.

use std::fmt;
use std::path::PathBuf;
use std::process::{Command, Output};

use labbook::record::{Explanation, Verdict};
use serde::Deserialize;

/// A call of labbook that has ended.
pub(crate) struct Outcome {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

#[derive(Deserialize)]
struct Run {
    schema: u32,
    labs: Vec<Lab>,
}

/// A lab in `--format json`.
#[derive(Debug, Deserialize)]
pub(crate) struct Lab {
    pub(crate) page: String,
    pub(crate) verdict: Verdict,
    pub(crate) cluster: Cluster,
    pub(crate) steps: Vec<Step>,
    pub(crate) report: PathBuf,
    pub(crate) record: PathBuf,
}

/// The cluster of a lab in `--format json`.
#[derive(Debug, Deserialize)]
pub(crate) struct Cluster {
    pub(crate) provider: String,
    pub(crate) version: Option<String>,
}

/// A step in `--format json`.
#[derive(Debug, Deserialize)]
pub(crate) struct Step {
    pub(crate) command: Line,
    pub(crate) verdict: Verdict,
    pub(crate) exit_code: Option<i32>,
    pub(crate) explanation: Vec<Explanation>,
}

/// A command's place in `--format json`.
#[derive(Debug, Deserialize)]
pub(crate) struct Line {
    pub(crate) first_line: usize,
    pub(crate) text: String,
}

impl Outcome {
    /// Runs a command to its end.
    pub(crate) fn of(command: &mut Command) -> Self {
        command.output().expect("labbook can be started").into()
    }

    /// Holds that it ended with this exit code.
    #[track_caller]
    pub(crate) fn ends_with(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "{self}");
        self
    }

    /// The one lab of `--format json`.
    #[track_caller]
    pub(crate) fn lab(&self) -> Lab {
        let [lab] = self.labs();
        lab
    }

    /// The labs of the run, so many.
    #[track_caller]
    pub(crate) fn labs<const N: usize>(&self) -> [Lab; N] {
        let run: Run = serde_json::from_str(&self.stdout)
            .unwrap_or_else(|error| panic!("standard output is no result ({error})\n{self}"));
        assert_eq!(run.schema, 1, "{self}");
        <[Lab; N]>::try_from(run.labs)
            .unwrap_or_else(|labs| panic!("{} labs instead of {N}\n{self}", labs.len()))
    }

    /// The lab of a run that differed in `step`, counted from 0, for the first
    /// time.
    #[track_caller]
    pub(crate) fn differs_first_in(self, step: usize) -> Lab {
        let outcome = self.ends_with(10);
        let lab = outcome.lab();
        assert_eq!(lab.verdict, Verdict::Different, "{outcome}");
        for (index, before) in lab.steps[..step].iter().enumerate() {
            assert!(before.passed(), "step {index} did not pass\n{outcome}");
        }
        assert_eq!(lab.steps[step].verdict, Verdict::Different, "{outcome}");
        lab
    }
}

impl Lab {
    /// Holds that every step gave the same result.
    #[track_caller]
    pub(crate) fn passes(&self) {
        for step in &self.steps {
            assert!(step.passed(), "{step:#?}");
        }
    }
}

impl Step {
    /// Whether it was compared and gave the same result.
    pub(crate) fn passed(&self) -> bool {
        matches!(self.verdict, Verdict::Same | Verdict::Drift)
    }

    /// Holds that a cause of the step's being different is what `is_it` says.
    #[track_caller]
    pub(crate) fn differs_by(&self, what: &str, is_it: impl Fn(&Explanation) -> bool) {
        let told = self.explanation.iter().any(|cause| cause.breaks && is_it(cause));
        assert!(told, "no cause tells of {what}\n{self:#?}");
    }
}

impl From<Output> for Outcome {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code(),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { stdout, stderr, .. } = self;
        let code = self.code.map_or("none".to_owned(), |code| code.to_string());
        write!(f, "exit code {code}\n-- standard output\n{stdout}\n-- standard error\n{stderr}")
    }
}
