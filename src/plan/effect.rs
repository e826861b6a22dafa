//! Whether a command only reads, so that it may be run again.
//!
//! What is not known to read is taken to change: a step that changes something
//! runs exactly once.

use super::Effect;
use super::programs::only_reads;
use super::terminal::without_runner;
use crate::lab::Simple;
use crate::lab::words::{Operator, Script, Word};

/// How deep `sh -c '…'` is looked into.
pub(super) const DEEPEST: usize = 3;

/// What a command does.
pub(super) fn effect(command: &str) -> Effect {
    if script_only_reads(command, 0) { Effect::Reads } else { Effect::Changes }
}

/// Whether each simple command of a script is one that only reads. Blocks,
/// background commands, substitutions and files that are written are not looked
/// into: they may change something.
pub(super) fn script_only_reads(text: &str, depth: usize) -> bool {
    let script = Script::new(text);
    let whole = script.open.is_none() && !script.stray_backslash && depth < DEEPEST;
    let commands = script.commands();
    whole
        && !commands.is_empty()
        && !script.words().any(|word| word.substitutes)
        && commands.iter().all(|simple| simple_only_reads(simple, depth))
}

fn simple_only_reads(simple: &Simple<'_>, depth: usize) -> bool {
    let ends =
        !matches!(simple.ended_by, Some(Operator::Background | Operator::Open | Operator::Close));
    ends && !simple.block
        && simple.assignments.is_empty()
        && simple.redirects.iter().all(|(operator, target)| redirect_only_reads(*operator, *target))
        && only_reads(without_runner(&simple.words), depth)
}

fn redirect_only_reads(operator: Operator, target: Option<&Word>) -> bool {
    let target = target.map_or("", |word| word.text.as_str());
    match operator {
        Operator::Write => target == "/dev/null",
        Operator::Duplicate => {
            target == "-"
                || (!target.is_empty() && target.bytes().all(|byte| byte.is_ascii_digit()))
        }
        Operator::Read | Operator::Herestring => true,
        // Its text may hold substitutions.
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::{Effect, effect};

    #[test]
    fn reading_commands_read() {
        for command in [
            "kubectl get po,sts,svc,pvc",
            "kubectl -n kube-system get pods -o wide --show-labels",
            "kubectl exec pod/app-python-0 -- cat visits/visits.txt",
            "kubectl exec -i -t dnsutils -- nslookup app-python-0.app-python",
            "kubectl exec web-0 -c app -- sh -c 'cat a | wc -l'",
            "kubectl exec web-0 -- /usr/bin/env",
            "kubectl logs web-0 -c app --tail 5",
            "kubectl logs web-0 -p",
            "kubectl rollout status deployment web",
            "kubectl auth can-i get pods",
            "kubectl get pods -f pod.yaml",
            "kubectl get svc 2>/dev/null | grep -v x | awk '{print $2}' | sort -u | head -n 3",
            "kubectl get secret a -o jsonpath='{.data}' 2>&1 | base64 -d; echo",
            "kubectl get pods && kubectl get svc",
            "kubectl config view --minify",
            "curl -sS -m 5 http://10.0.0.1/",
            "curl -X GET -H 'A: b' http://a",
            "curl -so /dev/null -w '%{http_code}' http://a",
            "wget -qO- http://a",
            "wget -q -O - http://a",
            "sed -n '1,5p' file",
            "sed 's/a/b/g' file",
            "kubectl exec redis-0 -- redis-cli -h a get key",
            "helm list -A",
            "sudo cat /etc/hosts",
            "wc -l < file",
            "date +%s",
        ] {
            assert_eq!(effect(command), Effect::Reads, "{command}");
        }
    }

    #[test]
    fn everything_else_changes() {
        for command in [
            "",
            "kubectl",
            "kubectl delete pod app-python-0",
            "kubectl apply -f a.yaml",
            "kubectl get pods -w",
            "kubectl get pods -Aw",
            "kubectl get pods --watch",
            "kubectl logs -f web-0",
            "kubectl rollout restart deployment web",
            "kubectl exec web-0 -- rm x",
            &"kubectl exec web-0 -- ".repeat(20_000),
            "kubectl exec web-0 -- sh -c 'echo a > b'",
            "kubectl exec web-0 -- sh",
            "kubectl exec web-0 cat x",
            "kubectl run a --image=b --rm -it -- nslookup c",
            "kubectl config use-context a",
            "kubectl get pods > pods.txt",
            "kubectl get pods | tee a",
            "kubectl get pods | xargs kubectl delete pod",
            "kubectl get pods; kubectl delete pod a",
            "kubectl get pods && rm a",
            "kubectl get pod $(cat a)",
            "echo `reboot`",
            "kubectl get pods &",
            "for i in 1 2; do cat a; done",
            "(cat a)",
            "A=1",
            "A=1 kubectl get pods",
            "curl -d a=b http://a",
            "curl -sXPOST http://a",
            "curl -O http://a/b",
            "curl -o b http://a",
            "curl -F a=b http://a",
            "wget http://a",
            "wget -qO b http://a",
            "wget -qO- --post-data a http://a",
            "sed -i s/a/b/ file",
            "sed 'w out' file",
            "sort -o a a",
            "awk '{print > \"a\"}' b",
            "find . -delete",
            "tail -f a",
            "hostname web",
            "date -s 2020-01-01",
            "env FOO=1 rm a",
            "cd a",
            "$RUN a",
            "'kubectl get'",
            "cat <<EOF\n$(rm a)\nEOF",
            "uniq a b",
            "redis-cli set a b",
            "kubectl get pods \\",
        ] {
            assert_eq!(effect(command), Effect::Changes, "{command}");
        }
    }
}
