//! Programs that people type in labs: their names, and the commands of those
//! that have some. Data only.

use std::collections::HashSet;
use std::sync::LazyLock;

/// Programs whose names are no words of prose, and that are used with arguments.
const PROGRAMS: &str = "\
    k tree kubectx kubens kubie kubeadm helmfile kustomize skaffold stern kail kubetail k9s \
     fluxctl hubble calicoctl kubeseal kubeconform \
    kubeval kube-linter kube-score kube-bench kubescape popeye kompose kapp ytt imgpkg kbld \
    kn tkn func dapr odo oc crc rosa tanzu okteto tilt devspace telepresence vcluster clusterctl \
    talosctl k0s k0sctl k3s rke rke2 microk8s kops cmctl kwctl opa conftest kyverno kumactl glooctl \
    etcdctl etcdutl crictl ctr nerdctl podman buildah skopeo regctl oras cosign notation trivy grype \
    syft snyk hadolint docker-compose docker-machine minishift kubefed subctl \
    eksctl gcloud gsutil bq aws az azd ibmcloud doctl hcloud linode-cli scw civo oci yc aliyun openstack \
     terragrunt tflint cdk multipass limactl colima ansible \
    ansible-playbook ansible-galaxy ansible-vault ansible-inventory vboxmanage VBoxManage virsh \
     sops age-keygen gpg gpg2 openssl certbot mkcert cfssl cfssljson easyrsa \
    mongosh psql pg_dump pg_restore pg_isready createdb mysqladmin mysqldump \
    redis-cli redis-benchmark sqlite3 cqlsh kcat kafkacat rabbitmqctl rabbitmqadmin \
     mc s3cmd npm npx yarn pnpm bun tsc javac mvn mvnw gradle gradlew sbt cargo rustup \
    rustc python3 python2 pip pip3 pipx pipenv poetry conda virtualenv pytest flask uvicorn \
    gunicorn jupyter gem bundle rails composer dotnet nuget gofmt golangci-lint \
     siege vegeta ghz grpcurl grpc_cli websocat httpie locust apt apt-get apt-cache apt-key \
    apt-mark add-apt-repository dpkg rpm yum dnf microdnf zypper pacman apk snap flatpak brew choco winget \
    scoop useradd usermod userdel groupadd adduser addgroup passwd chsh chgrp setfacl getfacl visudo lsblk \
    fdisk mkfs mkfs.ext4 mkfs.xfs fsck swapoff swapon blkid lsof fuser strace ltrace perf gdb ufw \
    su firewall-cmd iptables ip6tables nft ipvsadm ipset conntrack tcpdump tshark nmap arp route ifconfig \
    brctl ethtool iperf iperf3 mtr netcat ncat nc socat ssh ssh-keygen ssh-copy-id ssh-add ssh-agent \
    ssh-keyscan sshpass scp sftp rsync telnet traceroute tracepath nslookup dig ping ping6 curl wget \
    systemctl journalctl hostnamectl timedatectl loginctl sysctl modprobe lsmod insmod rmmod dmesg ldconfig \
    update-alternatives update-ca-certificates update-grub nsenter unshare chroot mount umount losetup ss \
    netstat tar gzip gunzip bzip2 xz unzip zcat sha256sum sha1sum md5sum shasum xxd hexdump readlink \
    realpath basename dirname mktemp ls cd pwd pushd popd mkdir rmdir rm cp mv ln chmod chown cat \
    tac grep egrep fgrep zgrep rg sed awk gawk jq yq xq tr wc xargs envsubst tee seq df du ps uname \
    whoami printenv printf echo nano vi vim nvim emacs sleep export unset eval alias unalias nohup chroot \
    pkill pgrep killall htop vmstat iostat tmux byobu crontab gh hub glab pre-commit cmake gcc g++ \
    clang protoc pbcopy pbpaste xclip xdg-open ngrok cloudflared promtool amtool logcli fluent-bit \
    supervisorctl nginxctl sitectl oc machinectl parted mkfs.vfat dep bower nvme runsc lxc lxd-init lxd cryptsetup lvcreate vgcreate pvcreate \
    showmount exportfs nfsstat nvidia-smi setenforce getenforce semanage restorecon aa-status \
    apparmor_parser apparmor_status base64 base32 lsb_release locale-gen localectl arch nproc lscpu getent \
     argocd-util aws-iam-authenticator aws-vault bat exa eza fzf zoxide asdf mise direnv nvm pyenv rbenv \
    rados rbd dmsetup lvs vgs pvs lvdisplay vgdisplay pvdisplay rclone restic bpftool newgrp k3sup \
    rc-service rc-update rc-status mkvirtualenv rmvirtualenv workon php-fpm composer kubectl-argo \
    kube-apiserver kube-scheduler kube-controller-manager kube-proxy \
    sdk vlt boundaryctl kubebuilder operator-sdk controller-gen setup-envtest kaniko ctlptl kwok kwokctl \
    kubeone kubespray inspec rspec rake jekyll mkdocs webpack ng vue \
    lerna pm2 nodemon newman django-admin airflow dbt spark-submit pyspark hdfs hadoop \
    uv uvx blkdiscard wipefs sgdisk gdisk partprobe mkswap lvremove vgremove pvremove lvextend resize2fs \
    grub2-mkconfig grub-mkconfig grub-install dracut mkinitcpio chronyc udocker cfdisk sfdisk borg arch-chroot \
    rbac-lookup kube-capacity kubeaudit kubesec kubent kubelogin helm-docs terraform-docs whereis chkconfig \
    beeline flink kafka-topics kafka-topics.sh kafka-console-producer.sh kafka-console-consumer.sh \
    kafka-console-producer kafka-console-consumer kafka-broker-api-versions ksql zkCli.sh zookeeper-shell.sh nodetool pgbench \
    mongodump mongorestore mongoexport mongoimport valkey-cli \
     grafana-cli otelcol apachectl a2enmod a2ensite \
    msiexec netsh schtasks wsl bcdedit dism diskpart powercfg takeown icacls robocopy xcopy \
    tasklist taskkill netplan zpool zfs btrfs systemd-analyze jsonnet kpt ansible-lint molecule \
    sestatus blockdev";

/// Programs whose name is also a word: what follows must look like an argument.
const WORDS: &str = "\
    find test sort head tail cut time date host watch kill touch id env source set read \
    exec exit clear history open code timeout wait true bash sh zsh hostname which type less \
    more uniq free top command trap logout go-task task just patch split join paste file stat diff cmp \
    service screen install act step crane draft pack copilot garden vector age boundary bridge at w who last \
    fg bg jobs disown column fold rev shuf bc expr yes local declare dd strings od nice time ulimit \
    ll umask getopts shift return start stop say sum ed ex man info help apropos sync reboot shutdown halt \
    poweroff login su http https ftp lynx links screen script expect parallel uptime groups users \
    perl R julia swift ghc lua tmate cd.. sam serverless eb dir del copy move ren cls setx ipconfig nvcc lspci lsusb \
    kubelet etcd containerd coredns prometheus nginx httpd haproxy caddy traefik envoy memcached mongod redis-server runc pilot-agent \
    istio-proxy jaeger minio hive dive celery weave pluto act ko buf influx nats vendir k6 wrk ab hey fortio gulp grunt vite nx crane \
    busybox node java mysql mariadb mongo ruby php python deno ipython iex mix elixir erl dart flutter pub zig nim crystal kotlinc scala sbtn nmcli locate";

/// Words that are commands by themselves, with nothing after them.
const ALONE: &str = "\
    cd ls ll pwd date history exit clear whoami hostname id env printenv uptime df mount top htop jobs logout bash \
    zsh k9s cls dir ipconfig ifconfig arch nproc lscpu lsblk dmesg reboot kubectx kubens make tmux byobu \
    fish pwsh python3 python ssh-keygen make tree wait echo sync nvidia-smi lsmod pvs vgs lvs getenforce \
    sestatus blkid hostnamectl timedatectl lspci lsusb hostid";

/// Programs that take a number as it stands.
const NUMBERED: &str =
    "kill exit wait sleep seq fg bg head tail watch timeout nice shift return umask";

/// Programs with commands of their own. Their names begin lines of output too
/// (`minikube is running`), so the command must be one that they have.
const COMMANDS: [(&str, &str); 27] = [
    (
        "kubectl",
        "annotate api-resources api-versions apply attach auth autoscale certificate \
         cluster-info completion config cordon cp create debug delete describe diff drain edit \
         events exec explain expose get kustomize label logs log options patch plugin port-forward \
         proxy replace rollout run scale set taint top uncordon version wait alpha argo krew neat ctx ns \
         view-secret cnpg minio gadget trace sniff node-shell rook-ceph oidc-login \
         cert-manager who-can hns kuttl konfig stern ko score df-pv ktop resource-capacity \
         rolling-update convert clusterinfo cilium linkerd kudo testkube preflight kots directpv \
         support-bundle hlf slice grep tap graph lineage whoami access-matrix images outdated",
    ),
    (
        "helm",
        "completion create dependency dep diff env get help history hist install lint list ls \
         package plugin pull fetch push registry repo rollback search secrets show inspect init \
         status template test uninstall delete del upgrade verify version unittest mapkubeapis s3 cm-push \
         git chart serve home reset dashboard values docs",
    ),
    (
        "minikube",
        "addons cache config cp dashboard delete docker-env image ip kubectl logs mount node \
         options pause podman-env profile service ssh ssh-host ssh-key start status stop tunnel unpause \
         update-check update-context version completion",
    ),
    (
        "docker",
        "attach app build builder buildx commit compose container context cp create diff events \
         exec export history image images import info inspect kill load login logout logs \
         manifest model network node pause plugin port ps pull push rename restart rm rmi run save \
         scout scan sbom search secret service stack start stats stop swarm system tag top trust unpause \
         update version volume wait desktop init config checkpoint",
    ),
    (
        "terraform",
        "init plan apply destroy output show state fmt validate import workspace refresh taint untaint \
         providers console graph get login force-unlock version",
    ),
    (
        "tofu",
        "init plan apply destroy output show state fmt validate import workspace refresh taint untaint \
         providers console graph get version",
    ),
    (
        "vault",
        "agent audit auth debug delete kv lease list login namespace operator patch path-help pki plugin policy \
         print proxy read secrets server ssh status token transit unwrap version write",
    ),
    (
        "consul",
        "acl agent catalog config connect debug event exec force-leave info intention join keygen kv leave \
         lock members monitor operator peering reload services snapshot tls validate version watch",
    ),
    (
        "nomad",
        "agent alloc deployment eval job namespace node operator plan run server status stop var version",
    ),
    (
        "pulumi",
        "cancel config destroy import init login logout new preview refresh stack state up version",
    ),
    ("packer", "build console fix fmt init inspect plugins validate version"),
    (
        "vagrant",
        "box destroy global-status halt init plugin port provision reload resume rsync snapshot ssh ssh-config \
         status suspend up upload version",
    ),
    ("hugo", "build config convert deploy env gen import list mod new server version"),
    (
        "argocd",
        "account admin app appset cert cluster completion context gpg login logout proj relogin repo repocreds \
         version",
    ),
    (
        "argo",
        "archive auth cluster-template cp cron delete executor-plugin get lint list logs node resubmit resume \
         retry server stop submit suspend template terminate version wait watch",
    ),
    (
        "flux",
        "bootstrap build check completion create debug delete diff envsubst events export get install list logs \
         migrate pull push reconcile resume stats suspend tag trace tree uninstall version",
    ),
    (
        "istioctl",
        "admin analyze authz bug-report completion create-remote-secret dashboard experimental x install kube-inject \
         manifest operator profile proxy-config pc proxy-status ps remote-clusters tag uninstall upgrade validate \
         verify-install version waypoint ztunnel-config",
    ),
    (
        "linkerd",
        "authz check completion diagnostics identity inject install install-cni jaeger multicluster mc profile smi buoyant \
         prune uninject uninstall upgrade version viz",
    ),
    (
        "cilium",
        "bgp bpf clustermesh completion config connectivity context encrypt encryption endpoint features hubble \
         identity install policy service status sysdump uninstall upgrade version",
    ),
    (
        "velero",
        "backup backup-location client completion create debug delete describe get install plugin repo restore \
         schedule snapshot-location uninstall version",
    ),
    (
        "make",
        "all apply bootstrap build clean deploy destroy dev docker docker-build docker-push down fmt generate \
         help image images init install kind-up lint load manifests package publish push redeploy release run \
         serve setup start stop test undeploy uninstall up",
    ),
    (
        "ip",
        "a addr address link l route r netns neigh n neighbor neighbour rule tunnel maddr xfrm monitor vrf",
    ),
    (
        "ceph",
        "auth balancer config crash daemon device df features fs health log mds mgr mon orch osd pg status \
         tell time-sync-status version versions quorum_status -s -w",
    ),
    ("kind", "build completion create delete export get load version"),
    ("k3d", "cluster completion config image kubeconfig node registry version"),
    ("go", "build clean doc env fmt generate get install list mod run test tool version vet work"),
    (
        "git",
        "add am apply archive blame branch cat-file checkout cherry-pick clean clone commit config describe diff \
         fetch format-patch grep init log ls-files ls-remote merge mv pull push rebase reflog remote reset \
         restore revert rev-parse rm show stash status submodule switch tag worktree sparse-checkout lfs \
         flow bisect shortlog",
    ),
];

/// The names of a list, each asked for on most lines of a page.
type Names = LazyLock<HashSet<&'static str>>;

static PROGRAM_NAMES: Names = LazyLock::new(|| PROGRAMS.split_ascii_whitespace().collect());
static WORD_NAMES: Names = LazyLock::new(|| WORDS.split_ascii_whitespace().collect());

/// Whether a program of this name is used with arguments, and only so.
pub(super) fn is_program(name: &str) -> bool {
    // kubectl's plug-ins are called so, and clients of services.
    let is_named = || {
        let begins = name.strip_prefix("kubectl-").is_some_and(|plugin| !plugin.is_empty());
        let ends =
            ["ctl", "-cli"].iter().any(|end| name.len() > end.len() + 2 && name.ends_with(end));
        (begins || ends)
            && name.starts_with(|c: char| c.is_ascii_lowercase())
            && name.bytes().all(|byte| {
                byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-_".contains(&byte)
            })
    };
    PROGRAM_NAMES.contains(name) || is_named()
}

/// Whether a program's name is a word of English too.
pub(super) fn is_word(name: &str) -> bool {
    WORD_NAMES.contains(name)
}

/// Whether a name is a whole command.
pub(super) fn stands_alone(name: &str) -> bool {
    is_listed(ALONE, name)
}

/// Whether a number is what the program is given.
pub(super) fn takes_a_number(name: &str) -> bool {
    is_listed(NUMBERED, name)
}

/// Whether a name is that of any program known here.
pub(super) fn is_known(name: &str) -> bool {
    is_program(name) || is_word(name) || subcommands(name).is_some()
}

/// The name under which a program is known here: others take its place.
pub(super) fn canonical(name: &str) -> &str {
    match name {
        "k" | "oc" | "kubecolor" | "kubectl.exe" | "microk8s.kubectl" => "kubectl",
        "podman" | "nerdctl" | "docker.exe" => "docker",
        "minikube.exe" => "minikube",
        "helm.exe" => "helm",
        name => name,
    }
}

/// The commands of a program that has some.
pub(super) fn subcommands(program: &str) -> Option<&'static str> {
    let program = match program {
        // `k` is a word, and these have commands of their own.
        "k" | "oc" | "podman" | "nerdctl" => program,
        _ => canonical(program),
    };
    COMMANDS.iter().find(|(name, _)| *name == program).map(|(_, known)| *known)
}

/// Whether a name is one of those in a list, which blanks part.
pub(crate) fn is_listed(list: &str, name: &str) -> bool {
    let (list, name) = (list.as_bytes(), name.as_bytes());
    let Some(first) = name.first().filter(|_| !name.iter().any(u8::is_ascii_whitespace)) else {
        return false;
    };
    let ends = |byte: Option<&u8>| byte.is_none_or(u8::is_ascii_whitespace);
    memchr::memchr_iter(*first, list).any(|at| {
        list[at..].starts_with(name)
            && ends(list.get(at + name.len()))
            && ends(at.checked_sub(1).and_then(|before| list.get(before)))
    })
}

#[cfg(test)]
mod tests {
    use super::{ALONE, is_known, is_listed, subcommands};

    #[test]
    fn a_program_is_known_by_its_whole_name() {
        assert!(is_known("kubectl") && is_known("curl") && is_known("make"));
        assert!(!is_known("kube") && !is_known("") && !is_known("NAME"));
        assert!(is_listed(ALONE, "pwd") && !is_listed(ALONE, "pw"));
        assert!(subcommands("git").is_some_and(|all| is_listed(all, "clone")));
    }
}
