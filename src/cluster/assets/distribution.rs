//! A root file system of the distribution that this host runs, made with the
//! distribution's own tools from the host's own package sources: a mirror or a
//! proxy that the host uses is used here too.

use std::fs;
use std::io;
use std::process::{ChildStdout, Command};
use std::time::{SystemTime, UNIX_EPOCH};

use super::cache::Scratch;
use super::child::{self, Leaves};
use super::{AssetsError, Progress};

/// The distribution of this host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Distribution {
    /// `ID` of os-release, such as `debian`.
    pub(super) id: String,
    /// `VERSION_CODENAME` of os-release, such as `bookworm`.
    pub(super) suite: String,
}

impl Distribution {
    /// What `/etc/os-release` says.
    pub(super) fn of_this_host() -> Result<Self, AssetsError> {
        let path = std::path::Path::new("/etc/os-release");
        let text =
            fs::read_to_string(path).map_err(|error| AssetsError::io("read", path, error))?;
        Self::parse(&text).ok_or(AssetsError::UnknownDistribution)
    }

    fn parse(os_release: &str) -> Option<Self> {
        let value = |key: &str| {
            os_release
                .lines()
                .find_map(|line| line.strip_prefix(key)?.strip_prefix('='))
                .map(|value| value.trim_matches(['"', '\'']).to_owned())
                .filter(|value| !value.is_empty())
        };
        Some(Self { id: value("ID")?, suite: value("VERSION_CODENAME")? })
    }

    /// Makes a root file system with these packages, and gives the tar to
    /// `read` as it comes, with the time at which it was begun (seconds of the
    /// epoch).
    pub(super) fn root_file_system(
        &self,
        packages: &[String],
        what: &str,
        scratch: &Scratch,
        progress: &dyn Fn(Progress<'_>),
        read: impl FnOnce(ChildStdout, u64) -> io::Result<()> + Send,
    ) -> Result<(), AssetsError> {
        child::need("mmdebstrap", "mmdebstrap")?;
        child::need("setpriv", "util-linux")?;
        let temporary = scratch.path("root");
        let settings = scratch.path("apt.conf");
        fs::create_dir(&temporary).map_err(|error| AssetsError::io("make", &temporary, error))?;
        let proxies =
            child::output_of(apt("apt-config", &["dump", "Acquire"]), "reading apt's settings")?;
        fs::write(&settings, network_settings(&proxies))
            .map_err(|error| AssetsError::io("write", &settings, error))?;

        let mut command = child::contained("mmdebstrap", Leaves::ProcessesAndMounts);
        command.env("TMPDIR", &temporary).env("DEBIAN_FRONTEND", "noninteractive");
        command.env("LC_ALL", "C.UTF-8").env_remove("SOURCE_DATE_EPOCH");
        command.args(["--mode=root", "--variant=minbase", "--format=tar"]);
        command.arg(format!("--aptopt={}", settings.display()));
        if !packages.is_empty() {
            command.arg(format!("--include={}", packages.join(",")));
        }
        command.arg(&self.suite).arg("-").args(self.sources()?);
        let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_secs());
        let mut on_line = |line: &str| progress(Progress::Line(line));
        let (copied, ended) = child::run(command, what, &mut on_line, |stdout| read(stdout, now))?;
        let copied = copied.map_err(|error| AssetsError::io("write", &scratch.product(), error));
        // Where our disk is full, mmdebstrap only says that nobody reads; else
        // it has the words.
        if let Err(full @ AssetsError::DiskFull { .. }) = copied {
            return Err(full);
        }
        ended.check(what)?;
        copied
    }

    /// The host's package sources, one line each in the form of `sources.list`;
    /// none where apt has not fetched its lists yet: mmdebstrap then takes the
    /// distribution's own.
    fn sources(&self) -> Result<Vec<String>, AssetsError> {
        let format = "$(ORIGIN)|$(SITE)|$(RELEASE)|$(COMPONENT)";
        let arguments = ["indextargets", "--format", format, "Created-By: Packages"];
        let targets = child::output_of(apt("apt-get", &arguments), "reading apt's sources")?;
        Ok(self.select(&targets))
    }

    /// The distribution's own repositories among apt's: others would need keys
    /// and may replace packages.
    fn select(&self, targets: &str) -> Vec<String> {
        let mut sources: Vec<String> = targets
            .lines()
            .filter_map(|line| {
                let [origin, site, release, component] =
                    line.split('|').collect::<Vec<_>>().try_into().ok()?;
                let pocket = release.strip_prefix(&self.suite)?;
                let own = origin.eq_ignore_ascii_case(&self.id)
                    && matches!(pocket, "" | "-updates" | "-security");
                own.then(|| format!("deb {site} {release} {component}"))
            })
            .collect();
        sources.sort_unstable();
        sources.dedup();
        // An update without what it updates is no source.
        let whole = format!(" {} ", self.suite);
        if sources.iter().any(|source| source.contains(&whole)) { sources } else { Vec::new() }
    }
}

fn apt(program: &str, arguments: &[&str]) -> Command {
    let mut command = child::plain(program);
    command.args(arguments).env("LC_ALL", "C.UTF-8");
    command
}

/// How the host's apt reaches its sources, out of `apt-config dump`.
fn network_settings(dump: &str) -> String {
    dump.lines()
        .filter(|line| {
            let key = line.split(' ').next().unwrap_or_default().to_ascii_lowercase();
            !line.ends_with("\"\";")
                && ["::proxy", "::cainfo", "::capath", "::verify-"]
                    .iter()
                    .any(|part| key.contains(part))
        })
        .fold(String::new(), |text, line| text + line + "\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bookworm() -> Distribution {
        Distribution { id: "debian".to_owned(), suite: "bookworm".to_owned() }
    }

    #[test]
    fn os_release_names_the_suite() {
        let text = "PRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\nVERSION_ID=\"12\"\nVERSION_CODENAME=bookworm\nID=debian\n";
        assert_eq!(Distribution::parse(text), Some(bookworm()));
        assert_eq!(Distribution::parse("ID=alpine\n"), None);
    }

    #[test]
    fn only_the_distributions_own_sources_are_taken() {
        let targets = "Debian|http://mirror.test/debian|bookworm|main\n\
                       Debian|http://mirror.test/debian|bookworm|main\n\
                       Debian|http://mirror.test/debian|bookworm-updates|main\n\
                       Debian Backports|http://mirror.test/debian|bookworm-backports|main\n\
                       Docker|https://vendor.test/debian|bookworm|stable\n\
                       Debian|http://mirror.test/debian|trixie|main\n";
        assert_eq!(
            bookworm().select(targets),
            [
                "deb http://mirror.test/debian bookworm main",
                "deb http://mirror.test/debian bookworm-updates main"
            ]
        );
    }

    #[test]
    fn without_the_lists_nothing_is_taken() {
        assert_eq!(
            bookworm().select("|http://mirror.test/debian|bookworm|main\n"),
            Vec::<String>::new()
        );
        assert_eq!(
            bookworm().select("Debian|http://m.test|bookworm-security|main\n"),
            Vec::<String>::new()
        );
    }

    #[test]
    fn proxies_are_kept_and_nothing_else() {
        let dump = "Acquire \"\";\nAcquire::cdrom::mount \"/media\";\nAcquire::http::Proxy \"http://p.test:3128\";\n\
                    Acquire::https::Proxy \"\";\nAcquire::https::CaInfo \"/etc/ca.pem\";\n";
        assert_eq!(
            network_settings(dump),
            "Acquire::http::Proxy \"http://p.test:3128\";\nAcquire::https::CaInfo \"/etc/ca.pem\";\n"
        );
    }
}
