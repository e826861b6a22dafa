//! What this machine lacks for an embedded cluster, and how to mend it.
//!
//! It looks and reports; only [`install`] changes anything.

mod checks;
mod packages;

use std::path::Path;

pub use packages::{InstallError, cni_directory, install};

/// One thing that a cluster needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What was looked at, such as `containerd`.
    pub what: String,
    /// Whether it is as it must be.
    pub status: Status,
    /// What was seen.
    pub detail: String,
    /// The command that mends it.
    pub mend: Option<String>,
}

/// Whether something is as it must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// It is.
    Ok,
    /// A cluster works without it, with less.
    Warning,
    /// No cluster can be started.
    Missing,
}

/// Looks at everything. `cache` and `state` are where labbook keeps what it
/// builds and what its clusters write; they need not exist yet.
pub fn examine(cache: &Path, state: &Path) -> Vec<Finding> {
    let mut findings = checks::host();
    findings.push(checks::go());
    findings.extend(packages::examine());
    findings.extend(checks::kernel());
    findings.extend(checks::room(cache, state));
    findings
}

impl Finding {
    fn ok(what: impl Into<String>, detail: impl Into<String>) -> Self {
        Self { what: what.into(), status: Status::Ok, detail: detail.into(), mend: None }
    }

    fn missing(what: impl Into<String>, detail: impl Into<String>) -> Self {
        Self { status: Status::Missing, ..Self::ok(what, detail) }
    }

    fn warning(what: impl Into<String>, detail: impl Into<String>) -> Self {
        Self { status: Status::Warning, ..Self::ok(what, detail) }
    }

    fn mended_by(self, command: impl Into<String>) -> Self {
        Self { mend: Some(command.into()), ..self }
    }
}
