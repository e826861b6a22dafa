//! What labbook's exit code tells.

/// The exit codes of every command. Over several labs, the first that applies
/// in the order of this list is the one that is given; an interrupt is told
/// before all others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ExitCode {
    /// 130: it was interrupted; what had begun was stopped and cleaned up.
    Interrupted,
    /// 1: an error of labbook itself, or of the machine: a full disk, a file
    /// that cannot be written.
    Internal,
    /// 2: the command line cannot be carried out as it was typed.
    Usage,
    /// 3: a page, its `labbook.toml` or a record is at fault.
    Document,
    /// 5: the cluster, the lab's setup or a tool is not there, or a step could
    /// not be run to its end.
    Setup,
    /// 10: a lab gave another result, or not all of its steps were run.
    Differs,
    /// 4: there was nothing to run, or nothing that ran was checked.
    Unchecked,
    /// 0: every lab gave the same result.
    Success,
}

impl ExitCode {
    /// The first that applies; success where there is none.
    pub fn first(codes: impl IntoIterator<Item = Self>) -> Self {
        codes.into_iter().min().unwrap_or(Self::Success)
    }

    /// The number that the process ends with.
    pub fn code(self) -> u8 {
        match self {
            Self::Success => 0,
            Self::Internal => 1,
            Self::Usage => 2,
            Self::Document => 3,
            Self::Unchecked => 4,
            Self::Setup => 5,
            Self::Differs => 10,
            Self::Interrupted => 130,
        }
    }
}

impl From<ExitCode> for std::process::ExitCode {
    fn from(code: ExitCode) -> Self {
        Self::from(code.code())
    }
}

#[cfg(test)]
mod tests {
    use super::ExitCode;

    #[test]
    fn over_several_labs_the_worst_is_told() {
        let labs = [ExitCode::Success, ExitCode::Unchecked, ExitCode::Differs];
        assert_eq!(ExitCode::first(labs), ExitCode::Differs);
        assert_eq!(ExitCode::Differs.code(), 10);
        assert_eq!(ExitCode::first([]), ExitCode::Success);
    }
}
