//! What the command line means, in plain values.

use std::num::NonZero;
use std::path::PathBuf;
use std::sync::LazyLock;

use regex::Regex;

use super::args::{Format, Keep, LabArgs, RunArgs, VerifyArgs};
use super::error::Error;
use crate::printed::secret::masked;
use crate::workbook::{Workbook, variables};

/// What `run` or `verify` shall do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunSettings {
    /// Pages and directories; empty for the workbook's labs.
    pub paths: Vec<PathBuf>,
    /// Where the labs run.
    pub cluster: ClusterChoice,
    /// How many labs run at once.
    pub jobs: NonZero<usize>,
    /// When the cluster is left up; none for never.
    pub keep: Option<Keep>,
    /// Whether missing packages may be installed.
    pub install: bool,
    /// Whether URLs are read from the network, past the mirrors.
    pub online: bool,
    /// Whether what labs write in their folders stays.
    pub in_place: bool,
    /// Variables that labs are given, besides those that their workbook names.
    pub variables: Vec<(String, String)>,
    /// How results are printed.
    pub format: Format,
    /// Whether the pages themselves get the new outputs.
    pub update: Update,
}

/// Where labs run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ClusterChoice {
    /// On a fresh embedded cluster for each lab.
    Fresh,
    /// On an embedded cluster that is up.
    Named(String),
    /// On the cluster of a context of the user's kubeconfig.
    Context(String),
    /// Without a cluster.
    None,
}

impl ClusterChoice {
    /// What chooses it on the command line, after a space.
    pub(super) fn option(&self) -> String {
        match self {
            Self::Fresh => String::new(),
            Self::Named(name) => format!(" --cluster embedded:{name}"),
            Self::Context(name) => format!(" --context {name}"),
            Self::None => " --cluster none".to_owned(),
        }
    }
}

/// Whether a page gets its new outputs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Update {
    /// It stays as it is.
    No,
    /// Where its results are the same.
    Same,
    /// Different results too.
    Accept,
}

impl RunSettings {
    pub(super) fn of_run(args: RunArgs) -> Result<Self, Error> {
        let cluster = match (args.context, args.cluster) {
            (Some(context), _) => ClusterChoice::Context(context),
            (None, cluster) => choose(cluster.as_deref())?,
        };
        let update = match (args.update, args.accept) {
            (false, _) => Update::No,
            (true, false) => Update::Same,
            (true, true) => Update::Accept,
        };
        let settings =
            Self { in_place: args.in_place, ..Self::of_labs(args.labs, cluster, update)? };
        settings.keeps_apart()?;
        Ok(settings)
    }

    pub(super) fn of_verify(args: VerifyArgs) -> Result<Self, Error> {
        let cluster = choose(args.cluster.as_deref())?;
        let instead = match &cluster {
            ClusterChoice::Named(name) => {
                format!("for the one that is up, say labbook run --cluster embedded:{name}")
            }
            ClusterChoice::None => {
                "for a page that needs none, say labbook run --cluster none".to_owned()
            }
            ClusterChoice::Fresh | ClusterChoice::Context(_) => {
                return Self::of_labs(args.labs, cluster, Update::No);
            }
        };
        Err(Error::Usage(format!("verify always takes a fresh cluster; {instead}")))
    }

    fn of_labs(args: LabArgs, cluster: ClusterChoice, update: Update) -> Result<Self, Error> {
        let LabArgs { paths, jobs, keep, install, online, env, format } = args;
        let variables = env.iter().map(|given| variable(given)).collect::<Result<_, _>>()?;
        let in_place = false;
        Ok(Self {
            paths,
            cluster,
            jobs,
            keep,
            install,
            online,
            in_place,
            variables,
            format,
            update,
        })
    }

    /// Labs that run at once share no place: none would give the result that it gives alone.
    fn keeps_apart(&self) -> Result<(), Error> {
        let shared = match &self.cluster {
            _ if self.jobs.get() == 1 => return Ok(()),
            ClusterChoice::Context(name) => format!("the cluster of --context {name}"),
            ClusterChoice::Named(name) => format!("the cluster embedded:{name}"),
            _ if self.in_place => "their folders, with --in-place".to_owned(),
            ClusterChoice::Fresh | ClusterChoice::None => return Ok(()),
        };
        Err(Error::Usage(format!(
            "--jobs {}: labs that run at once would share {shared}; run them one after the \
             other, or leave that option away",
            self.jobs
        )))
    }
}

/// `NAME=VALUE`, or `NAME` for the value that it has.
fn variable(given: &str) -> Result<(String, String), Error> {
    let (name, value) = match given.split_once('=') {
        Some((name, value)) => (name, Some(value.to_owned())),
        None => (given, None),
    };
    let wrong = |why: String| Error::Usage(format!("--env {name}: {why}"));
    if let Some(fault) = variables::fault(name) {
        return Err(wrong(fault));
    }
    let value = match value {
        Some(value) => value,
        None => std::env::var(name).map_err(|_| {
            wrong(format!("it is not set, or no UTF-8; give it a value with --env {name}=VALUE"))
        })?,
    };
    if is_secret(&value) {
        return Err(wrong(format!("its value looks like a secret, {}", variables::INSTEAD)));
    }
    Ok((name.to_owned(), value))
}

/// Whether a value holds what is a secret by its look, or an address with a password.
fn is_secret(value: &str) -> bool {
    masked(value) != value || ADDRESS.is_match(value)
}

/// An address with a password in it (RFC 3986, 3.2.1).
static ADDRESS: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"://[^/?#\s:@]*:[^/?#\s@]+@").expect("the pattern is a constant"));

/// Those of a workbook's variables that are set. One whose value looks like a secret is
/// an error.
pub(super) fn passed(workbook: &Workbook) -> Result<Vec<(String, String)>, Error> {
    let set = workbook.config.pass.iter().filter_map(|name| {
        let value = std::env::var(name).ok()?;
        Some((name.clone(), value))
    });
    set.map(|(name, value)| {
        if is_secret(&value) {
            let why = format!("the value of {name} looks like a secret, {}", variables::INSTEAD);
            return Err(Error::document(why));
        }
        Ok((name, value))
    })
    .collect()
}

fn choose(cluster: Option<&str>) -> Result<ClusterChoice, Error> {
    match cluster {
        None | Some("embedded") => Ok(ClusterChoice::Fresh),
        Some("none") => Ok(ClusterChoice::None),
        Some(kind @ ("kind" | "k3d" | "minikube")) => Err(Error::Usage(format!(
            "--cluster {kind} is not there yet; start the cluster with {kind} and name its \
             context with --context"
        ))),
        Some(other) => match other.strip_prefix("embedded:") {
            Some(name) if !name.is_empty() => Ok(ClusterChoice::Named(name.to_owned())),
            _ => Err(Error::Usage(format!(
                "--cluster {other}: there are embedded, embedded:NAME and none; \
                 a cluster of your own is named with --context"
            ))),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::{ClusterChoice, choose, is_secret};

    #[test]
    fn an_address_with_a_password_is_a_secret() {
        for address in ["http://me:hunter2@proxy:3128", "redis://:hunter2@db/0"] {
            assert!(is_secret(address), "{address}");
        }
        for address in
            ["http://proxy:3128", "ssh://git@host:22/a", "http://a/b:c@d", "http://me:@a"]
        {
            assert!(!is_secret(address), "{address}");
        }
    }

    #[test]
    fn a_cluster_is_fresh_unless_one_is_named() {
        let chosen = |text| choose(text).map_err(|error| error.to_string());
        assert_eq!(chosen(None), Ok(ClusterChoice::Fresh));
        assert_eq!(chosen(Some("embedded")), Ok(ClusterChoice::Fresh));
        assert_eq!(chosen(Some("embedded:dev")), Ok(ClusterChoice::Named("dev".to_owned())));
        assert_eq!(chosen(Some("none")), Ok(ClusterChoice::None));
    }

    #[test]
    fn a_cluster_that_is_not_known_is_told_with_those_that_are() {
        for unknown in ["embedded:", "docker", "kind"] {
            let message = choose(Some(unknown)).map_err(|error| error.to_string());
            let message = message.expect_err("it is not known");
            assert!(message.contains(unknown) && message.contains("--context"), "{message}");
        }
    }
}
