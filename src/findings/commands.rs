//! What a step's commands do to a cluster, as far as findings ask.

use crate::lab::words::{Script, Word};
use crate::lab::{Simple, is_listed, without_wrappers};
use crate::plan::arguments::{Arguments, KUBECTL, Valued};
use crate::plan::{Effect, PlannedStep};

/// One call of kubectl.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Kubectl {
    /// `get`, `apply`, …
    pub(super) verb: String,
    /// What is neither flag nor a flag's value, after the verb and up to `--`.
    pub(super) operands: Vec<String>,
    /// Flags by their names without dashes.
    pub(super) flags: Vec<(String, Option<String>)>,
}

/// One object that a command names, with its kind as it is written; without one
/// it is a pod's.
pub(super) type Named<'a> = (Option<&'a str>, &'a str);

impl Kubectl {
    /// The value of a flag, by any of its names; the last one counts.
    pub(super) fn value(&self, names: &[&str]) -> Option<&str> {
        let of_name = |(name, _): &&(String, _)| names.contains(&name.as_str());
        self.flags.iter().rev().find(of_name)?.1.as_deref()
    }

    /// All values of a flag, by any of its names.
    pub(super) fn values(&self, names: &[&str]) -> impl Iterator<Item = &str> {
        let of_name = |(name, _): &&(String, _)| names.contains(&name.as_str());
        self.flags.iter().filter(of_name).filter_map(|(_, value)| value.as_deref())
    }

    /// Whether a flag is given, by any of its names.
    pub(super) fn has(&self, names: &[&str]) -> bool {
        self.flags.iter().any(|(name, value)| {
            names.contains(&name.as_str()) && value.as_deref() != Some("false")
        })
    }

    /// The namespace that it asks for by a flag.
    pub(super) fn namespace(&self) -> Option<&str> {
        self.value(&["n", "namespace"])
    }

    /// Whether it goes on to print as things change.
    pub(super) fn watches(&self) -> bool {
        self.has(&["w", "watch", "watch-only"])
    }

    /// The files or URLs that it is given with `-f` or `-k`.
    pub(super) fn manifests(&self) -> impl Iterator<Item = &str> {
        let values = self.values(&["f", "filename", "k", "kustomize"]);
        values.flat_map(|value| value.split(','))
    }

    /// The objects that it names: `KIND NAME…`, `KIND/NAME…`, or the pod of
    /// `exec` and `logs`.
    pub(super) fn named(&self) -> Vec<Named<'_>> {
        let pair = |word: &'_ str| word.split_once('/').is_some();
        let mut operands = self.operands.iter().map(String::as_str);
        match self.verb.as_str() {
            "exec" | "logs" | "attach" | "port-forward" => operands
                .take(1)
                .map(|word| word.split_once('/').map_or((None, word), kinded))
                .collect(),
            "get" | "describe" | "delete" | "scale" | "edit" | "label" | "annotate" | "expose"
            | "patch" | "autoscale" | "wait" => match operands.next() {
                Some(first) if pair(first) => std::iter::once(first)
                    .chain(operands)
                    .filter_map(|word| word.split_once('/'))
                    .map(kinded)
                    .collect(),
                Some(kind) => operands
                    .filter(|word| !word.contains(['=', '/']))
                    .map(|name| (Some(kind), name))
                    .collect(),
                None => Vec::new(),
            },
            _ => Vec::new(),
        }
    }
}

fn kinded<'a>((kind, name): (&'a str, &'a str)) -> Named<'a> {
    (Some(kind), name)
}

/// Whether a kind's name, as people write it, is that of pods.
pub(super) fn is_pod(kind: &str) -> bool {
    matches!(kind, "pod" | "pods" | "po")
}

/// The calls of kubectl in a command, in order.
pub(super) fn kubectl(text: &str) -> Vec<Kubectl> {
    Script::new(text).commands().iter().filter_map(kubectl_of).collect()
}

/// The call of kubectl that a simple command is.
pub(super) fn kubectl_of(simple: &Simple<'_>) -> Option<Kubectl> {
    let (program, arguments) = without_wrappers(&simple.words).split_first()?;
    matches!(program.text.as_str(), "kubectl" | "k" | "oc").then(|| call(arguments))
}

/// What is known of the first program of a command of which something is. `known`
/// is given the program's name and its arguments.
pub(super) fn first_known<T>(text: &str, known: impl Fn(&str, &[&str]) -> Option<T>) -> Option<T> {
    Script::new(text).commands().iter().find_map(|simple| {
        let (program, arguments) = without_wrappers(&simple.words).split_first()?;
        let name = program.text.rsplit('/').next().unwrap_or_default();
        let arguments: Vec<&str> = arguments.iter().map(|word| word.text.as_str()).collect();
        known(name, &arguments)
    })
}

fn call(words: &[&Word]) -> Kubectl {
    let first = Arguments::new(words, KUBECTL, 1);
    let verb = first.operands.first().copied().unwrap_or_default();
    // `-f` is "follow" for logs, and a file for all others.
    let short = if verb == "logs" { "nclsv" } else { "nclsvofkpL" };
    let arguments = Arguments::new(words, Valued { short, long: KUBECTL.long }, usize::MAX);
    let owned = |text: &&str| (*text).to_owned();
    Kubectl {
        verb: verb.to_owned(),
        operands: arguments.operands.iter().skip(1).map(owned).collect(),
        flags: arguments
            .flags
            .iter()
            .map(|(name, value)| ((*name).to_owned(), value.as_ref().map(owned)))
            .collect(),
    }
}

/// What a step may not have touched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kept {
    /// Pods, and with them their addresses.
    Pods,
    /// Which pods there are.
    ListOfPods,
    /// Claims, and with them their volumes.
    Claims,
}

impl Kept {
    /// All of them, each at its own index.
    pub(super) const ALL: [Self; 3] = [Self::Pods, Self::ListOfPods, Self::Claims];
}

/// Whether a step surely leaves what there was of a kind as it was. Nothing is
/// known of programs that are not listed.
pub(super) fn leaves(step: &PlannedStep, kept: Kept) -> bool {
    /// Programs that touch no cluster.
    const ELSEWHERE: &str = "\
        cat cd chmod cp curl cut date dig echo env export false for grep head jq less ls mkdir mv \
        nslookup openssl printf pwd sed sleep sort tail tee time touch true unset watch wc wget";
    if step.effect == Effect::Reads {
        return true;
    }
    let text = &step.step.command.text;
    let script = Script::new(text);
    let known = script.commands().iter().all(|simple| {
        without_wrappers(&simple.words).first().is_none_or(|program| {
            !program.expands
                && !program.substitutes
                && (matches!(program.text.as_str(), "kubectl" | "k" | "oc")
                    || is_listed(ELSEWHERE, &program.text))
        })
    });
    known && kubectl(text).iter().all(|call| call.leaves(kept))
}

impl Kubectl {
    fn leaves(&self, kept: Kept) -> bool {
        match self.verb.as_str() {
            "annotate" | "api-resources" | "attach" | "auth" | "autoscale" | "cp" | "describe"
            | "events" | "exec" | "explain" | "expose" | "get" | "label" | "logs"
            | "port-forward" | "proxy" | "top" | "version" | "wait" => true,
            "create" => kept != Kept::ListOfPods,
            "apply" | "cordon" | "debug" | "edit" | "patch" | "rollout" | "run" | "scale"
            | "set" | "uncordon" | "drain" => kept == Kept::Claims,
            "delete" => {
                kept == Kept::Claims
                    && self.manifests().next().is_none()
                    && self.named().iter().all(|(kind, _)| kind.is_some_and(is_pod))
                    && self.operands.first().is_some_and(|first| {
                        is_pod(first.split_once('/').map_or(first.as_str(), |(kind, _)| kind))
                    })
            }
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Kubectl, kubectl};

    fn one(text: &str) -> Kubectl {
        kubectl(text).remove(0)
    }

    #[test]
    fn what_a_call_names_is_known() {
        assert_eq!(one("kubectl -n a exec -it web-0 -- cat b").named(), [(None, "web-0")]);
        assert_eq!(one("kubectl logs -f deploy/web").named(), [(Some("deploy"), "web")]);
        assert_eq!(
            one("kubectl delete pod a b --now").named(),
            [(Some("pod"), "a"), (Some("pod"), "b")]
        );
        assert_eq!(one("kubectl get po/a svc/b").named(), [(Some("po"), "a"), (Some("svc"), "b")]);
        assert_eq!(one("kubectl get po,svc -n b").named(), []);
        assert_eq!(one("kubectl get po -n b").namespace(), Some("b"));
    }

    #[test]
    fn manifests_are_those_of_all_flags() {
        let call = one("sudo kubectl apply -f a.yaml,b.yaml --filename=c.yaml -k d");
        assert_eq!(call.manifests().collect::<Vec<_>>(), ["a.yaml", "b.yaml", "c.yaml", "d"]);
        assert_eq!(one("kubectl logs -f web").manifests().next(), None);
    }
}
