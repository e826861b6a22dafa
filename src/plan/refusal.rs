//! Steps that are not run, though they are commands.

use crate::lab::{Step, opens_a_shell};

/// Why a step is not run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Refusal {
    /// It is no command of the lab's own shell.
    Nested,
    /// It is no command of a shell that labbook has.
    Powershell,
    /// It names nothing until somebody fills it in.
    Placeholder,
    /// Nobody is there to type.
    Interactive,
}

impl Refusal {
    /// Why a step is not run; none where it is. What it asks a person for may be `given`.
    pub fn of(step: &Step, given: bool) -> Option<Self> {
        let flags = step.flags;
        // A program that waits for what the next step types is what the page means.
        let waits = step.opens || step.inside.is_some() && opens_a_shell(&step.command.text);
        let refusals = [
            (flags.nested && step.inside.is_none(), Self::Nested),
            (flags.powershell, Self::Powershell),
            (flags.placeholder, Self::Placeholder),
            (flags.interactive && !waits && !given, Self::Interactive),
        ];
        refusals.into_iter().find_map(|(holds, refusal)| holds.then_some(refusal))
    }

    /// Its name where programs read it: that of the flag.
    pub fn id(self) -> &'static str {
        match self {
            Self::Nested => "nested",
            Self::Powershell => "powershell",
            Self::Placeholder => "placeholder",
            Self::Interactive => "interactive",
        }
    }

    /// The reason, as a clause a reader understands.
    pub fn why(self) -> &'static str {
        match self {
            Self::Nested => "it is typed inside another program, not in the lab's shell",
            Self::Powershell => "it is a command of PowerShell or cmd.exe",
            Self::Placeholder => "it holds something that is to be replaced first",
            Self::Interactive => "it needs a person who types",
        }
    }
}
