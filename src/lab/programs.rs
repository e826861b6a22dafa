//! Which text is surely a command: it begins with a program that is known, used
//! as that program is used.

use super::words::{Script, Word};

/// Programs whose names are no words of prose or of other programs' output.
const PROGRAMS: &str = "\
    k kubectx kubens kubeadm helmfile kustomize skaffold stern k9s argocd flux istioctl linkerd \
    cilium hubble calicoctl velero kubeseal etcdctl oc eksctl gcloud aws az doctl terraform tofu \
    ansible ansible-playbook vault sops age-keygen gpg cosign trivy docker-compose podman \
    nerdctl crictl ctr buildah skopeo apt apt-get yum dnf apk brew pip pip3 npm npx yarn python \
    python3 mvn gradle cargo git ssh scp rsync curl wget nslookup dig ping nc telnet traceroute \
    ss netstat ifconfig iptables hey ab wrk openssl base64 redis-cli psql mysql mongosh \
    systemctl journalctl mount modprobe sysctl chroot nsenter unshare cat ls cd pwd mkdir rmdir \
    rm cp mv ln chmod chown tar gzip gunzip unzip grep egrep sed awk jq yq tr wc xargs envsubst \
    tee seq df du ps uname whoami printenv printf echo nano vi vim sleep export unset eval alias \
    nohup minikube kubectl helm docker kind k3d go";

/// Programs whose name is also a word: what follows must look like an argument.
const WORDS: &str = "\
    make find test sort head tail cut time date host watch kill touch id env source set read \
    exec exit clear history tree open code timeout wait true bash sh hostname ip which type less \
    more uniq free top";

/// Programs with commands of their own. Their names begin lines of output too
/// (`minikube is running`), so the command must be one that they have.
const COMMANDS: [(&str, &str); 7] = [
    (
        "kubectl",
        "annotate api-resources api-versions apply attach auth autoscale certificate \
         cluster-info completion config cordon cp create debug delete describe diff drain edit \
         events exec explain expose get kustomize label logs options patch plugin port-forward \
         proxy replace rollout run scale set taint top uncordon version wait",
    ),
    (
        "helm",
        "completion create dependency dep diff env get help history install lint list ls \
         package plugin pull fetch push registry repo rollback search secrets show inspect \
         status template test uninstall delete upgrade verify version",
    ),
    (
        "minikube",
        "addons cache config cp dashboard delete docker-env image ip kubectl logs mount node \
         pause podman-env profile service ssh ssh-key start status stop tunnel unpause \
         update-check update-context version",
    ),
    (
        "docker",
        "attach build builder buildx commit compose container context cp create diff events \
         exec export history image images import info inspect kill load login logout logs \
         manifest network node pause plugin port ps pull push rename restart rm rmi run save \
         scout search secret service stack start stats stop swarm system tag top trust unpause \
         update version volume wait",
    ),
    ("kind", "build completion create delete export get load version"),
    ("k3d", "cluster completion config image kubeconfig node registry version"),
    ("go", "build env fmt generate get install mod run test tool version vet work"),
];

/// git's commands, some of which print reports only.
const GIT: &str = "\
    add blame branch cat-file checkout clone commit config diff fetch grep init log merge pull \
    push remote show status switch tag";

/// Words that stand before a program and run it.
const RUNNERS: [&str; 5] = ["sudo", "time", "nohup", "command", "exec"];

/// Whether a text is surely a command: whole, and each rule of this module says
/// so. What is not sure is not run.
pub(super) fn is_surely_a_command(text: &str) -> bool {
    let script = Script::new(text);
    if script.open.is_some() || script.stray_backslash || !is_shaped_like_a_command(text) {
        return false;
    }
    let commands = script.commands();
    let Some(first) = commands.first() else {
        return false;
    };
    if first.words.is_empty() {
        let names =
            first.assignments.iter().filter_map(|word| super::blocks::assigned_name(&word.text));
        return first.block
            || (first.assignments.len() == 1 && names.into_iter().all(is_variable_name));
    }
    let mut words = first.words.as_slice();
    while let [runner, rest @ ..] = words {
        if !RUNNERS.contains(&runner.text.as_str()) || rest.is_empty() {
            break;
        }
        words = rest;
    }
    words.split_first().is_some_and(|(program, arguments)| {
        first.block
            && commands.len() > 1
            && matches!(program.text.as_str(), "for" | "case" | "select")
            || is_used_as_known(program, arguments)
    })
}

/// The commands of a program that has some.
pub(super) fn subcommands(program: &str) -> Option<&'static str> {
    if program == "git" {
        return Some(GIT);
    }
    COMMANDS.iter().find(|(name, _)| *name == program).map(|(_, known)| *known)
}

/// Whether a command's text has the shape of one: after a prompt that is enough.
pub(super) fn is_shaped_like_a_command(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphanumeric() || "._/~$\"'({[!:\\".contains(c))
}

fn is_used_as_known(program: &Word, arguments: &[&Word]) -> bool {
    let name = program.text.as_str();
    if let Some((_, known)) = COMMANDS.iter().find(|(program, _)| *program == name) {
        return arguments.first().is_some_and(|first| {
            is_listed(known, &first.text)
                || first.text.starts_with('-')
                || first.expands
                || first.substitutes
        });
    }
    if is_listed(PROGRAMS, name) {
        return true;
    }
    if is_listed(WORDS, name) {
        return arguments.first().is_none_or(|first| is_no_prose(first));
    }
    let path = name
        .strip_prefix("./")
        .or_else(|| name.strip_prefix("../"))
        .or_else(|| name.strip_prefix("~/"));
    path.is_some_and(|path| !path.is_empty() && !name.ends_with(':'))
}

fn is_listed(list: &str, name: &str) -> bool {
    list.split_ascii_whitespace().any(|listed| listed == name)
}

fn is_no_prose(word: &Word) -> bool {
    word.quoted
        || word.expands
        || word.substitutes
        || word.text.contains(|c: char| !c.is_ascii_alphabetic() && c != ':')
}

/// Names of variables as people write them at a shell: programs' logs have
/// `time="…"` and `level=info`, which are none.
fn is_variable_name(name: &str) -> bool {
    name.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_')
}

#[cfg(test)]
mod tests {
    use super::is_surely_a_command;

    #[test]
    fn commands_are_known() {
        for text in [
            "kubectl get pods",
            "kubectl -n x get pods | grep y",
            "sudo apt-get install -y jq",
            "for i in 1 2; do echo $i; done",
            "while true; do curl http://a; done",
            "NS=default kubectl get pods",
            "POD=$(kubectl get pods -o name)",
            "./deploy.sh",
            "cat <<EOF\nx\nEOF",
            "(cd app && ls)",
            "source .env",
        ] {
            assert!(is_surely_a_command(text), "{text}");
        }
    }

    #[test]
    fn output_and_prose_are_not() {
        for text in [
            "",
            "NAME   READY   STATUS",
            "pod/dnsutils created",
            "pod \"app-python-0\" deleted",
            "minikube is running",
            "kubectl controls the Kubernetes cluster manager.",
            "node \"worker\" cordoned",
            "time=\"2024-01-01\" level=info msg=\"ready\"",
            "kind: Pod",
            "make sure that it runs",
            "for example",
            "if you see this",
            "kubectl get pods \\",
            "echo 'open",
            "16",
            "Server:         10.96.0.10",
            "... more",
            "-rw-r--r-- 1 root root 0 file",
        ] {
            assert!(!is_surely_a_command(text), "{text}");
        }
    }
}
