//! Names that a controller made up, in commands that change something.
//!
//! Such a name on the page is that of another run's object. Where nothing has
//! shown what stands for it now, the command would change the wrong thing, or
//! nothing: it is not run.

use std::collections::BTreeSet;

use crate::printed::name::is_made_up;
use crate::record::Facts;

/// The longest name that Kubernetes gives an object, with some that follow it in the domain
/// names of a cluster.
const LONGEST: usize = 512;
/// More names than this no page shows.
const MOST: usize = 50_000;

/// The first word of a command that is a generated name of which nothing is
/// known: neither the cluster nor an output of this run has it.
pub(super) fn unknown<'a>(command: &'a str, facts: &Facts, printed: &Names) -> Option<&'a str> {
    words(command).find(|word| {
        is_made_up(word)
            && !printed.have(word)
            && !facts.pods.iter().any(|pod| pod.name == *word)
            && !facts.claims.iter().any(|claim| claim.volume.as_deref() == Some(word))
    })
}

/// The words of outputs that may be or hold names that a controller made up. The outputs
/// themselves are not kept: they may be long, and many.
#[derive(Debug, Default)]
pub(super) struct Names(BTreeSet<String>);

impl Names {
    /// Adds those of an output.
    pub(super) fn add(&mut self, output: &str) {
        for word in words(output).filter(|word| word.len() <= LONGEST && word.contains('-')) {
            if self.0.len() < MOST && !self.0.contains(word) {
                self.0.insert(word.to_owned());
            }
        }
    }

    fn have(&self, name: &str) -> bool {
        self.0.contains(name) || self.0.iter().any(|word| word.contains(name))
    }
}

/// What may be names in a text.
fn words(text: &str) -> impl Iterator<Item = &str> {
    let in_name = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '.');
    text.split(move |letter| !in_name(letter))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::PodFact;

    #[test]
    fn only_a_name_that_a_controller_made_up_is_unknown() {
        let unknown_in = |command| unknown(command, &Facts::default(), &Names::default());
        assert_eq!(
            unknown_in("kubectl delete pod/web-5b7575787d-8k97x --now"),
            Some("web-5b7575787d-8k97x")
        );
        assert_eq!(
            unknown_in("kubectl delete pv pvc-ef4064c4-3d80-4a72-9f5c-28e597a8ffa1"),
            Some("pvc-ef4064c4-3d80-4a72-9f5c-28e597a8ffa1")
        );
        // The file of an object is not the object.
        assert_eq!(unknown_in("rm web-5b7575787d-8k97x.yaml"), None);
        for named in ["app-python-0", "my-web-server", "nginx-deployment", "redis-leader-v2"] {
            assert_eq!(unknown_in(named), None);
        }
    }

    #[test]
    fn a_name_of_this_run_is_known() {
        let command = "kubectl delete pod web-5b7575787d-8k97x";
        let pod = PodFact { name: "web-5b7575787d-8k97x".to_owned(), ..PodFact::default() };
        let facts = Facts { pods: vec![pod], ..Facts::default() };
        assert_eq!(unknown(command, &facts, &Names::default()), None);
        for printed in ["pod/web-5b7575787d-8k97x 1/1", "web-5b7575787d-8k97x.web.default.svc"] {
            let mut names = Names::default();
            names.add(printed);
            assert_eq!(unknown(command, &Facts::default(), &names), None);
        }
        assert!(unknown(command, &Facts::default(), &Names::default()).is_some());
    }
}
