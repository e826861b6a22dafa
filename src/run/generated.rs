//! Names that a controller made up, in commands that change something.
//!
//! Such a name on the page is that of another run's object. Where nothing has
//! shown what stands for it now, the command would change the wrong thing, or
//! nothing: it is not run.

use crate::printed::name::is_made_up;
use crate::record::Facts;

/// The first word of a command that is a generated name of which nothing is
/// known: neither the cluster nor an output of this run has it.
pub(super) fn unknown<'a>(command: &'a str, facts: &Facts, printed: &str) -> Option<&'a str> {
    let in_name = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '.');
    command.split(|letter| !in_name(letter)).find(|word| {
        is_made_up(word)
            && !printed.contains(word)
            && !facts.pods.iter().any(|pod| pod.name == *word)
            && !facts.claims.iter().any(|claim| claim.volume.as_deref() == Some(word))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::PodFact;

    #[test]
    fn only_a_name_that_a_controller_made_up_is_unknown() {
        let unknown_in = |command| unknown(command, &Facts::default(), "");
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
        assert_eq!(unknown(command, &facts, ""), None);
        assert_eq!(unknown(command, &Facts::default(), "web-5b7575787d-8k97x 1/1"), None);
        assert!(unknown(command, &Facts::default(), "").is_some());
    }
}
