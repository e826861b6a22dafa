//! Steps that are not run, though they are commands.

use crate::lab::Flags;

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
    /// Why a command with these flags is not run; none where it is.
    pub fn of(flags: Flags) -> Option<Self> {
        let refusals = [
            (flags.nested, Self::Nested),
            (flags.powershell, Self::Powershell),
            (flags.placeholder, Self::Placeholder),
            (flags.interactive, Self::Interactive),
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
