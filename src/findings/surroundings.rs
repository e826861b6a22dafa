//! What is around a page: the programs and files that its commands ask for.

use std::collections::BTreeSet;

use super::files;
use super::shown::hidden;
use crate::lab::Lab;
use crate::plan::Plan;

/// What a page's commands ask of the machine and of the page's directory.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Questions {
    /// Programs, by the names under which commands call them.
    pub programs: BTreeSet<String>,
    /// Files and directories that commands read, relative to the page's directory.
    pub files: BTreeSet<String>,
}

/// The answers. By default everything is there.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Surroundings {
    /// The programs that are not installed.
    pub missing_programs: BTreeSet<String>,
    /// The files that do not exist.
    pub missing_files: BTreeSet<String>,
    /// Whether URLs are to be read where the page says, mirrors or not.
    pub online: bool,
}

impl Questions {
    /// What a lab's commands ask for, and the shells that run them.
    pub fn of(lab: &Lab, plan: &Plan) -> Self {
        let (setup, after) = hidden(lab);
        let steps = || lab.steps.iter().chain(&setup).chain(&after);
        Self {
            programs: steps()
                .flat_map(|step| step.needs.iter().cloned())
                .chain(plan.steps.iter().map(|step| step.interpreter.program().to_owned()))
                .collect(),
            files: steps()
                .flat_map(|step| files::touched(&step.command.text))
                .flat_map(|touched| touched.reads)
                .collect(),
        }
    }
}
