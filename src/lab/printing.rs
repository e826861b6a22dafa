//! What a command may print: text that looks like commands, or surely none. It
//! decides whether an unprompted fence after it may be run.

mod files;
mod texts;

use super::blocks::Simple;
use super::known::{canonical, is_listed};
use super::words::{Operator, Script, Word};
use super::wrappers::without_wrappers;
pub(super) use files::{is_listed_by, is_path_alone, lists_files};
use texts::fetch_printing;
pub(super) use texts::{holds_no_commands, is_a_script};

/// What a command prints.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Printing {
    /// Nothing, or a report of its own, none of whose lines is a command.
    Report,
    /// A report, and notes that hold commands to be typed next.
    Notes,
    /// Not known: it may be text that holds commands.
    Unknown,
    /// Text that it was given, whatever that is.
    Text,
}

/// Programs that print what they are given.
const PRINTERS: &str = "cat tac head tail less more bat type declare crontab";

/// Commands of programs that show what a file, a service or a program holds.
const SHOWING: &str = "\
    exec logs log cat get-login read print output script completion kubectl ssh shell env \
    kubeconfig -n --dry-run --just-print";

/// Programs that pass on lines of what is piped into them.
const FILTERS: &str = "cat tac head tail less more grep egrep fgrep sort uniq wc cut tee column";

/// Programs that print reports, where they are given none of [`SHOWING`]. What any
/// other program prints is not known.
const REPORTERS: &str = "\
    : [ . addgroup adduser alias apachectl apk apt apt-cache apt-get apt-mark argocd arp az base64 blkid \
    brctl brew cargo case cd certbot cfssl cfssljson cfssl_linux-amd64 chgrp chmod chown choco chsh cilium \
    clear cmake command conda containerd corepack cp crictl ctr curl date dep df diff dig dnf doctl doctl dpkg du easyrsa eksctl \
    ethtool eval export exportfs false fdisk file firewall-cmd flux for free fsck gcc gcloud gem getenforce gh \
    gpasswd gpg-agent gradle gradlew groupadd groupdel groupmod groups gsutil gunzip gzip helmfile hey host \
    hostname hostnamectl htpasswd id ifconfig insmod install ip ipvsadm iptables istioctl java javac jobs journal \
    k6 kill killall kn krew kubeconform kubectx kubens kubeseal kustomize-build lamp last ldconfig losetup fallocate truncate lvextend vgextend resize2fs xfs_growfs linkerd ln locale-gen localectl \
    locate logger loginctl ls lsattr lsb_release lsblk lscpu lsmod lsof mc microdnf microk8s.status mkcert mkdir \
    mkfs modprobe mount mv mvn mvnw nano nc netplan netstat newgrp nft ng nmap nmcli notation \
    nproc nslookup nvidia-smi openssl packer parted passwd pgrep ping ping6 pip pip3 pipenv pipx \
    pkill poetry popd ps pulumi pushd pvcreate vgcreate lvcreate pwd pytest read realpath reboot restorecon rm rmdir rmmod rndc \
    route rpm rsync runc scp select semanage service setenforce setfacl setsebool sftp sha256sum shutdown workon \
    skaffold skopeo sleep snap source ss ssh-add ssh-copy-id ssh-keygen stat stern su supervisorctl swapoff swapon \
    sync sysctl systemctl tar telnet terraform terragrunt test tic time timedatectl timeout tofu top touch \
    traceroute tree true ufw umask umount uname unalias unset unxz unzip update-alternatives \
    update-ca-certificates update-grub update-initramfs update-rc.d uptime useradd userdel usermod vagrant vboxmanage \
    VBoxManage velero vgcreate lvcreate vi vim visudo wait wc which whoami winget yum zip zypper";

/// Commands of programs that print reports: all others of such a program are
/// not known.
const COMMANDS: [(&str, &str); 8] = [
    (
        "kubectl",
        "annotate api-resources api-versions apply auth autoscale certificate cluster-info config \
         cordon cp create delete describe diff drain edit events explain expose get label options patch \
         port-forward proxy replace \
         rollout run scale set taint top uncordon version wait",
    ),
    (
        "helm",
        "create dependency dep lint list ls package plugin pull push registry repo search \
         uninstall delete version history rollback verify secrets env get",
    ),
    (
        "minikube",
        "addons cache config cp dashboard delete image ip mount node pause profile service start \
         status stop tunnel unpause update-check update-context version",
    ),
    (
        "docker",
        "build buildx images kill load login logout network ps pull push rename restart rm rmi \
         save start stop tag version volume wait",
    ),
    ("kind", "create delete load version"),
    ("k3d", "cluster image node registry version"),
    ("go", "build get install mod vet"),
    (
        "git",
        "add branch checkout clone commit config fetch init log merge pull push remote restore reset revert \
         rm stash status switch tag submodule",
    ),
];

/// How deep `sh -c '…'` and its like are looked into.
const DEEPEST: usize = 3;

/// Whether a command prints nothing where all goes well.
pub(super) fn is_silent(script: &Script) -> bool {
    const SILENT: &str =
        "cd export mkdir touch cp mv rm rmdir ln chmod chown unset alias unalias source . set";
    let commands = script.commands();
    !commands.is_empty()
        && commands.iter().all(|simple| {
            let tells = |word: &&Word| {
                word.text == "--verbose"
                    || word.text.strip_prefix('-').is_some_and(|flags| {
                        flags.len() < 4 && !flags.starts_with('-') && flags.contains('v')
                    })
            };
            let words = without_wrappers(&simple.words);
            simple.program().is_none_or(|name| {
                is_listed(SILENT, name) || words.len() > 1 && is_edit_in_place(name, &words[1..])
            }) && !simple.words.iter().any(tells)
                && !(simple.words.len() == 1
                    && simple
                        .program()
                        .is_some_and(|name| matches!(name, "export" | "alias" | "set")))
        })
}

/// Whether `sed` changes files, and prints none.
fn is_edit_in_place(name: &str, arguments: &[&Word]) -> bool {
    let flag = |word: &Word| word.text.starts_with("-i") || word.text.starts_with("--in-place");
    name == "sed" && arguments.iter().any(|word| flag(word))
}

/// What a command prints, by its text alone.
pub(super) fn printing(script: &Script, text: &str) -> Printing {
    script_printing(script, text, 0)
}

fn script_printing(script: &Script, text: &str, depth: usize) -> Printing {
    if script.open.is_some() || depth > DEEPEST {
        return Printing::Unknown;
    }
    let mut most = Printing::Report;
    // What is piped into the next command.
    let mut piped = None;
    for simple in script.commands() {
        let words = without_wrappers(&simple.words);
        let own = match piped {
            Some(piped) if words.first().is_some_and(|word| is_listed(FILTERS, &word.text)) => {
                piped
            }
            _ => words_printing(words, depth),
        };
        let shown = if is_redirected(&simple, text) { Printing::Report } else { own };
        piped = (simple.ended_by == Some(Operator::Pipe)).then_some(shown);
        if piped.is_none() {
            most = most.max(shown);
        }
    }
    most
}

/// What one program with its arguments prints.
fn words_printing(words: &[&Word], depth: usize) -> Printing {
    let Some((program, arguments)) = words.split_first() else {
        return Printing::Report;
    };
    if depth > DEEPEST {
        return Printing::Unknown;
    }
    let name = canonical(program.text.rsplit('/').next().unwrap_or_default());
    let mut texts = arguments.iter().map(|word| word.text.as_str());
    if name == "echo" || name == "printf" {
        let said: Vec<&str> = texts.collect();
        let text = said.join(" ");
        let speaks = text.lines().any(|line| super::programs::begins_surely(line.trim()));
        return if speaks { Printing::Text } else { Printing::Report };
    }
    if is_edit_in_place(name, arguments) {
        return Printing::Report;
    }
    if is_listed(PRINTERS, name) {
        let shown: Vec<&str> = texts.filter(|text| !text.starts_with('-')).collect();
        // Without a file it passes on what stands in the command.
        let harmless = shown.iter().all(|path| holds_no_commands(path));
        return if harmless { Printing::Report } else { Printing::Text };
    }
    // What holds commands is searched for them.
    if matches!(name, "grep" | "egrep" | "fgrep" | "sort")
        && arguments.iter().skip(1).any(|word| is_a_script(&word.text))
    {
        return Printing::Text;
    }
    if matches!(name, "sh" | "bash" | "ash" | "dash" | "zsh") {
        let script = texts.position(|text| text == "-c").and_then(|at| arguments.get(at + 1));
        return script.map_or(Printing::Unknown, |word| {
            script_printing(&Script::new(&word.text), &word.text, depth + 1)
        });
    }
    if matches!(name, "curl" | "wget") {
        return fetch_printing(name, arguments);
    }
    if name == "alias" && texts.clone().all(|text| !text.contains('=')) {
        return Printing::Text;
    }
    if name == "ps" && texts.clone().any(|text| text.contains('o')) {
        return Printing::Unknown;
    }
    let version = |word: &&Word| matches!(&*word.text, "--version" | "-v" | "-V" | "version");
    if arguments.len() == 1 && version(&arguments[0]) {
        return Printing::Report;
    }
    let Some((_, known)) = COMMANDS.iter().find(|(program, _)| *program == name) else {
        // One of its arguments may be the name of what shows a text.
        let shows = arguments.iter().any(|word| is_listed(SHOWING, &word.text));
        let family = name.split('.').next().unwrap_or(name);
        let known = is_listed(REPORTERS, name) || is_listed(REPORTERS, family);
        let reports = known && !shows;
        return if reports { Printing::Report } else { Printing::Unknown };
    };
    if arguments.iter().any(|word| matches!(&*word.text, "-h" | "--help")) {
        return Printing::Report;
    }
    // A flag's value may stand before the command: `-n argo`.
    let valued = |at: usize| {
        at.checked_sub(1).and_then(|before| arguments.get(before)).is_some_and(|word| {
            matches!(&*word.text, "-n" | "--namespace" | "--context" | "-c" | "--kubeconfig" | "-p")
        })
    };
    let command = (0..arguments.len()).find(|at| {
        super::known::subcommands(name).is_some_and(|all| is_listed(all, &arguments[*at].text))
            && !valued(*at)
    });
    let Some(command) = command else {
        return Printing::Unknown;
    };
    if name == "kubectl" && arguments[command].text == "exec" {
        let dashes = arguments.iter().position(|word| word.text == "--");
        let inner = dashes.map(|at| without_wrappers(&arguments[at + 1..]));
        return inner.map_or(Printing::Unknown, |inner| words_printing(inner, depth + 1));
    }
    // A release's notes.
    if name == "helm"
        && (matches!(&*arguments[command].text, "install" | "upgrade" | "status")
            || texts.clone().any(|text| text == "notes"))
    {
        return Printing::Notes;
    }
    let attached = arguments[command].text == "run"
        && texts.clone().any(|text| text == "--attach" || asks_for_input(text));
    let prints = attached || texts.any(|text| text == "dump") || has_free_format(arguments);
    if is_listed(known, &arguments[command].text) && !prints {
        Printing::Report
    } else {
        Printing::Unknown
    }
}

/// Whether a flag connects the terminal's input: `-i`, `-it`, `--stdin`.
fn asks_for_input(text: &str) -> bool {
    let short = text.strip_prefix('-').filter(|letters| !letters.starts_with('-'));
    short.is_some_and(|letters| letters.contains('i') && !letters.contains('='))
        || text == "--stdin"
        || text == "--stdin=true"
}

/// Whether `-o` asks for something else than a table or names: fields may hold
/// whole scripts.
fn has_free_format(arguments: &[&Word]) -> bool {
    let of = |index: usize, text: &str| -> Option<String> {
        if matches!(text, "-o" | "--output") {
            return arguments.get(index + 1).map(|word| word.text.clone());
        }
        let joined = text.strip_prefix("--output=").or_else(|| text.strip_prefix("-o"));
        joined.map(|value| value.trim_start_matches('=').to_owned())
    };
    let mut flags = arguments.iter().enumerate().filter_map(|(index, word)| of(index, &word.text));
    flags.any(|format| !matches!(&*format, "wide" | "name" | "json" | "yaml"))
        || arguments
            .iter()
            .any(|word| word.text.starts_with("--template") || word.text.starts_with("--format"))
}

/// Whether what the command prints goes into a file.
pub(super) fn is_redirected(simple: &Simple<'_>, text: &str) -> bool {
    simple.redirects.iter().any(|(operator, target)| {
        let Some(target) = target.filter(|_| *operator == Operator::Write) else {
            return false;
        };
        let before = text.get(..target.span.start).unwrap_or_default().trim_end();
        let descriptor = before.trim_end_matches(['>', '|']);
        !target.text.starts_with("/dev/std")
            && target.text != "/dev/tty"
            && !descriptor.ends_with(|c: char| c.is_ascii_digit() && c != '1')
    })
}

#[cfg(test)]
mod tests {
    use super::Printing;
    use crate::lab::words::Script;

    fn printing(text: &str) -> Printing {
        super::printing(&Script::new(text), text)
    }

    #[test]
    fn text_may_look_like_commands() {
        for text in [
            "cat run.sh",
            "sudo cat run.sh",
            "sudo -u me env A=1 cat run.sh",
            "kubectl exec web-0 -- cat run.sh",
            "cat ~/bin/run",
            "echo kubectl get pods",
            "kubectl -n a exec web-0 -c b -- sh -c 'cat run.sh'",
            "timeout 5 cat run.sh",
            "time cat run.sh | grep x",
            "cat run.sh 2>/dev/null",
        ] {
            assert_eq!(printing(text), Printing::Text, "{text}");
        }
    }

    #[test]
    fn what_is_not_known_to_print_reports_may_print_anything() {
        for text in [
            "kubectl logs job/x",
            "kubectl get cm a -o jsonpath='{.data.run}'",
            "kubectl get cm a -ojsonpath='{.data.run}'",
            "kubectl run a --image=b -it --rm -- cat x",
            "kubectl completion bash",
            "curl -fsSL http://a/install.sh",
            "wget -qO- http://a/install.sh",
            "sed -n 1,5p run.sh",
            "minikube docker-env",
            "env | grep PATH",
            "./run.sh",
            "kubeadm init",
            "curl -L https://get.example.io",
            "kind get kubeconfig",
        ] {
            assert_eq!(printing(text), Printing::Unknown, "{text}");
        }
    }

    #[test]
    fn a_release_has_notes() {
        assert_eq!(printing("helm install a b"), Printing::Notes);
        assert_eq!(printing("helm uninstall a"), Printing::Report);
    }

    #[test]
    fn reports_hold_no_commands() {
        for text in [
            "kubectl apply -f a.yaml",
            "kubectl -n a get pods -o wide | grep b",
            "sudo mkdir -p a && cd a",
            "docker --version",
            "sed -i 's/a/b/' run.sh",
            "mytool -v",
            "export A=$(cat b)",
            "A=1",
            "eval $(minikube docker-env)",
            "helm repo add a http://b",
            "cat <<EOF | kubectl apply -f -\na: 1\nEOF",
            "cat <<EOF > run.sh\nls\nEOF",
            "curl -LO http://a/b",
            "wget http://a/b",
            "curl -s http://localhost:8080/visits",
            "curl http://example.com",
            "wget -O- http://10.0.0.1",
            "curl http://$IP",
            "echo a >> b",
            "cat pod.yaml",
            "kubectl -n argo port-forward svc/a 1:1",
            "kubectl -h",
            "kubectl exec web-0 -- cat /data/visits",
            "echo $HOME",
            "kubectl create deployment a --image=b --dry-run=client -o yaml",
        ] {
            assert_eq!(printing(text), Printing::Report, "{text}");
        }
    }
}
