//! Why a command ends without doing what it was asked, and the exit code of it.

use std::error::Error as _;

use super::exit::ExitCode;

type Cause = Box<dyn std::error::Error + Send + Sync>;

/// An error of a command, by whose fault it is.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The command line cannot be carried out.
    #[error("{0}")]
    Usage(String),
    /// A page, its `labbook.toml` or a record is at fault.
    #[error(transparent)]
    Document(Cause),
    /// The cluster, the setup or a tool is not there.
    #[error(transparent)]
    Setup(Cause),
    /// labbook or the machine is at fault.
    #[error(transparent)]
    Internal(Cause),
    /// The user asked for the end before there was anything to clean up.
    #[error("interrupted")]
    Interrupted,
}

impl Error {
    pub(super) fn document(cause: impl Into<Cause>) -> Self {
        Self::Document(cause.into())
    }

    pub(super) fn setup(cause: impl Into<Cause>) -> Self {
        Self::Setup(cause.into())
    }

    pub(super) fn internal(cause: impl Into<Cause>) -> Self {
        Self::Internal(cause.into())
    }

    /// The exit code that tells of it.
    pub fn exit_code(&self) -> ExitCode {
        match self {
            Self::Usage(_) => ExitCode::Usage,
            Self::Document(_) => ExitCode::Document,
            Self::Setup(_) => ExitCode::Setup,
            Self::Internal(_) => ExitCode::Internal,
            Self::Interrupted => ExitCode::Interrupted,
        }
    }

    /// The message with those of its causes that it does not repeat.
    pub(super) fn sentence(&self) -> String {
        let mut sentence = self.to_string();
        let mut cause = self.source();
        while let Some(error) = cause {
            let text = error.to_string();
            if !sentence.contains(&text) {
                sentence.push_str(": ");
                sentence.push_str(&text);
            }
            cause = error.source();
        }
        without_numbers(&sentence)
    }
}

/// The system's words without its numbers: `(os error 2)` tells a student nothing.
pub(super) fn without_numbers(text: &str) -> String {
    let mut parts = text.split(" (os error ");
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        match part.split_once(')') {
            Some((number, rest)) if number.chars().all(|c| c.is_ascii_digit()) => {
                plain.push_str(rest);
            }
            _ => {
                plain.push_str(" (os error ");
                plain.push_str(part);
            }
        }
    }
    plain
}

/// Writing to standard output failed for a reason other than a closed pipe.
impl From<std::io::Error> for Error {
    fn from(error: std::io::Error) -> Self {
        Self::internal(error)
    }
}

#[cfg(test)]
mod tests {
    use super::Error;

    #[test]
    fn a_sentence_has_each_cause_once_and_no_number_of_the_system() {
        let missing = || std::io::Error::from_raw_os_error(2);
        let error = Error::document(format!("cannot read a.md: {}; try b.md", missing()));
        assert_eq!(error.sentence(), "cannot read a.md: No such file or directory; try b.md");
        assert_eq!(Error::Usage("odd (os error x)".to_owned()).sentence(), "odd (os error x)");
    }
}
