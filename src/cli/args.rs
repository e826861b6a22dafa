//! What is typed. [`super::settings`] says what it means.

use std::num::NonZero;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use super::help;

/// Runs the Kubernetes labs in your Markdown, checks that they still give the
/// same result, and writes them again with real output.
#[derive(Debug, Parser)]
#[command(name = "labbook", version, after_help = help::MAIN, max_term_width = 100)]
pub(super) struct Cli {
    /// Whether to print colours: auto (on a terminal), always or never
    #[arg(
        long,
        global = true,
        value_enum,
        default_value_t,
        value_name = "WHEN",
        hide_possible_values = true,
        hide_default_value = true
    )]
    pub(super) color: Color,
    /// Draw no line of what is happening, also where standard error is a terminal
    #[arg(long, global = true)]
    pub(super) no_progress: bool,
    #[command(subcommand)]
    pub(super) command: Command,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Run labs, judge their results, and write reports
    #[command(after_help = help::RUN)]
    Run(RunArgs),
    /// Check on a fresh cluster that labs still give the same result
    #[command(after_help = help::VERIFY)]
    Verify(VerifyArgs),
    /// Write a page again from a record, without a cluster
    #[command(after_help = help::RENDER)]
    Render(RenderArgs),
    /// Show what would be run and compared; run nothing
    #[command(after_help = help::CHECK)]
    Check(CheckArgs),
    /// Keep a run's record beside its page, for the book
    #[command(after_help = help::PUBLISH)]
    Publish(PublishArgs),
    /// Build the workbook's book
    #[command(subcommand, after_help = help::BOOK)]
    Book(BookCommand),
    /// Start, look at and remove embedded clusters
    #[command(subcommand, after_help = help::CLUSTER)]
    Cluster(ClusterCommand),
}

#[derive(Debug, Args)]
pub(super) struct RunArgs {
    /// The cluster to run on: embedded (fresh), embedded:NAME, or none
    #[arg(long, value_name = "CLUSTER", conflicts_with = "context")]
    pub(super) cluster: Option<String>,
    /// Run on the cluster of this context of your kubeconfig
    #[arg(long, value_name = "NAME")]
    pub(super) context: Option<String>,
    /// Write the new outputs into the page, and publish its record
    #[arg(long)]
    pub(super) update: bool,
    /// Let labs work in their pages' own folders: what they write there stays
    #[arg(long)]
    pub(super) in_place: bool,
    /// With --update, take different results too
    #[arg(long, requires = "update")]
    pub(super) accept: bool,
    #[command(flatten)]
    pub(super) labs: LabArgs,
}

#[derive(Debug, Args)]
pub(super) struct VerifyArgs {
    /// The cluster to run on: embedded, always a fresh one
    #[arg(long, value_name = "CLUSTER")]
    pub(super) cluster: Option<String>,
    #[command(flatten)]
    pub(super) labs: LabArgs,
}

/// What `run` and `verify` share.
#[derive(Debug, Args)]
pub(super) struct LabArgs {
    /// Pages or directories; without one, the labs that labbook.toml lists
    #[arg(value_name = "PATH")]
    pub(super) paths: Vec<PathBuf>,
    /// Leave the cluster up, and say how to reach it; --keep=on-failure only
    /// where a lab did not give the same result
    #[arg(
        long, value_enum, value_name = "WHEN", num_args = 0..=1, require_equals = true,
        default_missing_value = "always", hide_possible_values = true
    )]
    pub(super) keep: Option<Keep>,
    /// Run so many labs at once, each in a place of its own; 1 where it is not given
    #[arg(
        long,
        short,
        value_name = "N",
        default_value = "1",
        value_parser = jobs,
        hide_default_value = true
    )]
    pub(super) jobs: NonZero<usize>,
    /// Install the distribution's packages that the cluster needs
    #[arg(long)]
    pub(super) install: bool,
    /// Read URLs from the network, not from the workbook's mirrors
    #[arg(long)]
    pub(super) online: bool,
    /// Give labs this variable of your environment, or with this value
    #[arg(long, value_name = "NAME[=VALUE]")]
    pub(super) env: Vec<String>,
    /// How results are printed: human or json
    #[arg(
        long,
        value_enum,
        default_value_t,
        value_name = "FORMAT",
        hide_possible_values = true,
        hide_default_value = true
    )]
    pub(super) format: Format,
}

#[derive(Debug, Args)]
pub(super) struct RenderArgs {
    /// A record.jsonl of a run
    pub(super) record: PathBuf,
    /// The page, where it is not in this workbook or the record's
    #[arg(long, value_name = "FILE")]
    pub(super) page: Option<PathBuf>,
    /// Write the page to this file, not to standard output
    #[arg(long, short, value_name = "FILE")]
    pub(super) output: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct CheckArgs {
    /// Pages or directories, - for standard input; without one, the labs that
    /// labbook.toml lists
    #[arg(value_name = "PATH")]
    pub(super) paths: Vec<PathBuf>,
    /// Say what each fence was taken for and why, and all about each step
    #[arg(long)]
    pub(super) explain: bool,
    /// Show URLs as read from the network, not from the workbook's mirrors
    #[arg(long)]
    pub(super) online: bool,
    /// How results are printed: human, json or github (annotations of a workflow)
    #[arg(
        long,
        value_enum,
        default_value_t,
        value_name = "FORMAT",
        hide_possible_values = true,
        hide_default_value = true
    )]
    pub(super) format: CheckFormat,
    /// End with exit code 3 for these too: warnings
    #[arg(long, value_enum, value_name = "WHAT", hide_possible_values = true)]
    pub(super) deny: Option<Deny>,
}

#[derive(Debug, Args)]
pub(super) struct PublishArgs {
    /// A record, or the folder of a run (labbook-out/latest)
    #[arg(required = true)]
    pub(super) records: Vec<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub(super) enum BookCommand {
    /// Build the book from the manual and the labs' published records
    #[command(after_help = help::BOOK)]
    Build {
        /// The directory to build into; book/book where it is not given
        #[arg(long, short, value_name = "DIR")]
        dest: Option<PathBuf>,
    },
}

#[derive(Debug, Subcommand)]
pub(super) enum ClusterCommand {
    /// Start a cluster that stays up
    #[command(after_help = help::UP)]
    Up {
        /// Its name
        #[arg(default_value = "default")]
        name: String,
        /// Say how long each phase of the start took
        #[arg(long)]
        timings: bool,
        /// Install the distribution's packages that the cluster needs
        #[arg(long)]
        install: bool,
    },
    /// Stop a cluster, and remove all that it left
    #[command(after_help = help::DOWN)]
    Down {
        /// Its name
        #[arg(default_value = "default", conflicts_with = "all")]
        name: String,
        /// Stop every cluster
        #[arg(long)]
        all: bool,
    },
    /// List the clusters that are up
    #[command(after_help = help::LIST)]
    List,
    /// Print the kubeconfig of a cluster
    #[command(after_help = help::KUBECONFIG)]
    Kubeconfig {
        /// Its name
        #[arg(default_value = "default")]
        name: String,
    },
    /// Import an image archive into a cluster
    #[command(after_help = help::LOAD)]
    Load {
        /// The cluster's name
        name: String,
        /// A docker-archive or OCI archive
        archive: PathBuf,
    },
    /// Print the log of a cluster's component
    #[command(after_help = help::LOGS)]
    Logs {
        /// The cluster's name
        name: String,
        /// Which component; without one, those that there are
        component: Option<String>,
    },
    /// Build the components and images, as the first start would
    #[command(after_help = help::BUILD)]
    Build {
        /// Install the distribution's packages that the build needs
        #[arg(long)]
        install: bool,
        /// Whether public images are pulled; what labbook.toml says where it is
        /// not given
        #[arg(long, value_enum, value_name = "WHEN")]
        pull: Option<Pull>,
        /// Build all images again, with the distribution's packages of today,
        /// and pull those that are pulled again
        #[arg(long)]
        refresh: bool,
    },
    /// List the images that a cluster starts with, and where they come from
    #[command(after_help = help::IMAGES)]
    Images,
    /// Say what this machine lacks for a cluster, and what mends it
    #[command(after_help = help::DOCTOR)]
    Doctor {
        /// Install the distribution's packages that are missing
        #[arg(long)]
        install: bool,
    },
}

/// When a cluster is left up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Keep {
    /// Always.
    Always,
    /// When a lab did not give the same result.
    OnFailure,
}

/// Whether public images are pulled where labbook has stand-ins for them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Pull {
    /// Those whose registry answers
    Auto,
    /// None: all are stand-ins
    Never,
    /// All: one that cannot be pulled is an error
    Always,
}

/// How results are printed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For a person.
    #[default]
    Human,
    /// One JSON object on standard output.
    Json,
}

/// How `check` prints its results.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum CheckFormat {
    /// For a person.
    #[default]
    Human,
    /// One JSON object on standard output.
    Json,
    /// Workflow commands, which GitHub shows as annotations.
    Github,
}

/// What counts as an error beside errors.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Deny {
    /// Warnings.
    Warnings,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum Color {
    /// On a terminal, unless `NO_COLOR` is set.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

fn jobs(text: &str) -> Result<NonZero<usize>, &'static str> {
    text.parse().map_err(|_| "it is a number of labs, from 1 on")
}
