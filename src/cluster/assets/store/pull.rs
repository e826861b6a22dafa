//! Pulling public images with `ctr`, which knows the user's proxies and
//! certificates as containerd does.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::thread;
use std::time::Duration;

use super::import::{Client, KUBELETS};
use crate::cluster::assets::archive::architecture;
use crate::cluster::assets::names::{full_name, registry};
use crate::cluster::assets::{AssetsError, child};

/// How long a registry may take to say what an image is.
const ANSWER: Duration = Duration::from_secs(5);

/// How long an image may take.
const TRANSFER: Duration = Duration::from_secs(15 * 60);

/// Where registries are asked: nothing of it is kept.
const ASKING: &str = "labbook-ask";

/// What of an error says that the registry could not be reached, or not now.
/// The first is how containerd begins every fault of the transport; the others
/// are the reasons of HTTP.
const NO_ANSWER: [&str; 7] = [
    "failed to do request",
    "failed to resolve host",
    "Too Many Requests",
    "Internal Server Error",
    "Bad Gateway",
    "Service Unavailable",
    "Gateway Timeout",
];

/// Which registries may be asked for images.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Reach {
    /// None.
    Nothing,
    /// These; what they do not give is left to stand-ins.
    Registries(BTreeSet<String>),
    /// All, and what one does not give is an error.
    Everything,
}

/// Why an image was not pulled.
#[derive(Debug)]
pub(super) enum Failure {
    /// The registry was not reached, or has no time.
    NoAnswer(AssetsError),
    /// The registry answered without the image.
    Refused(AssetsError),
    /// It is no matter of the registry.
    Own(AssetsError),
}

/// The registries of these images that answer, each asked once, all at a time,
/// through the containerd that listens on `socket`.
pub(super) fn answering(socket: &Path, images: &[String]) -> BTreeSet<String> {
    let mut first = BTreeMap::new();
    for image in images {
        first.entry(registry(image)).or_insert(image);
    }
    thread::scope(|scope| {
        let asked: Vec<_> = first
            .into_iter()
            .map(|(registry, image)| (registry, scope.spawn(|| answers(socket, image))))
            .collect();
        let answers = asked.into_iter().filter_map(|(registry, answer)| {
            answer.join().unwrap_or(false).then(|| registry.to_owned())
        });
        answers.collect()
    })
}

fn answers(socket: &Path, image: &str) -> bool {
    let what = format!("asking for the image {image}");
    let client = Client { socket, what: &what };
    let platform = platform();
    let name = full_name(image);
    let fetch = ["content", "fetch", "--metadata-only", "--platform", &platform, &name];
    let asked = child::output_within(client.command(ASKING, &fetch), &what, ANSWER);
    !matches!(asked.map_err(classify), Err(Failure::NoAnswer(_) | Failure::Own(_)))
}

/// Pulls an image for this machine into the containerd that listens on
/// `socket`, and unpacks it.
pub(super) fn pull(socket: &Path, image: &str) -> Result<(), Failure> {
    let what = format!("pulling the image {image}");
    let client = Client { socket, what: &what };
    let (platform, name) = (platform(), full_name(image));
    let arguments =
        ["images", "pull", "--snapshotter", "overlayfs", "--platform", &platform, &name];
    child::output_within(client.command(KUBELETS, &arguments), &what, TRANSFER)
        .map_err(classify)?;
    client.pin(&name).map_err(Failure::Own)
}

fn classify(error: AssetsError) -> Failure {
    match &error {
        AssetsError::Failed { status, words, .. } => {
            // `ctr` ends with 1 by itself; whatever else ended it, nobody had
            // answered.
            let unanswered = NO_ANSWER.iter().any(|sign| words.contains(sign))
                || !status.starts_with("exit status");
            if unanswered { Failure::NoAnswer(error) } else { Failure::Refused(error) }
        }
        _ => Failure::Own(error),
    }
}

fn platform() -> String {
    format!("linux/{}", architecture())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_answer_is_told_from_an_answer_without_the_image() {
        let failed = |status: &str, words: &str| {
            classify(AssetsError::Failed {
                what: "pull".to_owned(),
                status: status.to_owned(),
                words: words.to_owned(),
            })
        };
        for words in [
            "ctr: failed to resolve reference \"docker.io/library/a:1\": failed to do request: Head \
             \"https://registry-1.docker.io/v2/library/a/manifests/1\": dial tcp: lookup \
             registry-1.docker.io: no such host",
            "ctr: failed to copy: httpReadSeeker: failed open: unexpected status code \
             https://r.test/v2/a/blobs/sha256:0: 503 Service Unavailable",
        ] {
            assert!(matches!(failed("exit status: 1", words), Failure::NoAnswer(_)), "{words}");
        }
        assert!(matches!(failed("no end within 5 s", ""), Failure::NoAnswer(_)));
        for words in [
            "ctr: failed to resolve reference \"r.test/a:1\": r.test/a:1: not found",
            "ctr: failed to resolve reference \"docker.io/me/a:1\": pull access denied, repository \
             does not exist or may require authorization: server message: insufficient_scope: \
             authorization failed",
        ] {
            assert!(matches!(failed("exit status: 1", words), Failure::Refused(_)), "{words}");
        }
        let full = AssetsError::DiskFull { what: "pull".to_owned() };
        assert!(matches!(classify(full), Failure::Own(_)));
    }
}
