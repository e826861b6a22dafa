//! What commands are known to change of the machine, and what they are not.

use super::Host;
use super::temporary::Names;
use crate::document::Document;
use crate::lab::{self, Lab};

fn read(page: &str) -> Lab {
    lab::read(&Document::new(page.as_bytes().to_vec())).0
}

/// What a command changes in a lab whose page is `labs/a/lab.md`.
fn change(command: &str) -> Option<String> {
    let host = Host::new("labs/a/lab.md", &read(""));
    Host { names: Names::of([command]), ..host }.change(command, false)
}

/// What each step of a page changes.
fn changes(page: &str) -> Vec<(String, Option<String>)> {
    let lab = read(page);
    let mut host = Host::new("lab.md", &lab);
    let told = |step: &lab::Step| {
        let text = step.command.text.clone();
        let changed = host.change_by(step, &text, (false, true));
        (text, changed)
    };
    lab.steps.iter().map(told).collect()
}

/// A page of these lines in one fence changes this.
fn assert_changes(lines: &[(&str, Option<&str>)]) {
    let text: Vec<_> = lines.iter().map(|(line, _)| *line).collect();
    let found = changes(&format!("```console\n{}\n```\n", text.join("\n")));
    let found: Vec<_> = found.iter().map(|(_, changed)| changed.as_deref()).collect();
    let wanted: Vec<_> = lines.iter().map(|(_, changed)| *changed).collect();
    assert_eq!(found, wanted, "{lines:#?}");
}

#[test]
fn what_changes_the_machine_is_named() {
    for (command, changed) in [
        ("reboot", "reboot"),
        ("sudo shutdown -h now", "shutdown"),
        ("sudo systemctl restart kubelet", "systemctl"),
        ("echo a && /usr/sbin/iptables -A INPUT -j DROP", "iptables"),
        ("true | sudo -u root env A=b mount /dev/sda1 /mnt", "mount"),
        ("umount /mnt", "umount"),
        ("for i in 1; do nft add table x; done", "nft"),
        ("bash -c 'swapoff -a'", "swapoff"),
        ("sudo sh -xc \"modprobe br_netfilter\"", "modprobe"),
        ("echo $(useradd me)", "useradd"),
        ("sudo apt-get -y install jq", "apt-get"),
        ("dnf install -y jq", "dnf"),
        ("apk add --no-cache jq", "apk"),
        ("sudo dpkg -i a.deb", "dpkg"),
        ("sysctl -w net.ipv4.ip_forward=1", "sysctl"),
        ("sysctl net.ipv4.ip_forward=1", "sysctl"),
        ("ip link add dummy0 type dummy", "ip"),
        ("mkfs.ext4 /dev/sdb", "mkfs.ext4"),
        ("service nginx stop", "service"),
        ("hostname web", "hostname"),
        ("date -s 2020-01-01", "date"),
        ("kill -9 -1", "kill"),
        ("rm -rf /", "/"),
        ("rm -rf /*", "/*"),
        ("sudo rm -rf /var/lib/etcd", "/var/lib/etcd"),
        ("rm -rf /tmp/../etc", "/tmp/../etc"),
        ("find /var/log -name '*.gz' -delete", "/var/log"),
        ("ls | xargs -n 1 rm -f /etc/hosts", "/etc/hosts"),
        ("dd if=/dev/zero of=/dev/sda bs=1M", "/dev/sda"),
        ("echo '10.0.0.1 web' >> /etc/hosts", "/etc/hosts"),
        ("cat <<EOF | sudo tee /etc/docker/daemon.json\n{}\nEOF", "/etc/docker/daemon.json"),
        ("sed -i 's/a/b/' /etc/fstab", "/etc/fstab"),
        ("cp kubectl /usr/local/bin/", "/usr/local/bin/"),
        ("sudo mv kubectl /usr/local/bin/kubectl", "/usr/local/bin/kubectl"),
        ("curl -Lo /usr/local/bin/kind http://a", "/usr/local/bin/kind"),
        ("tar xzf a.tgz -C /opt", "/opt"),
        ("chmod 777 /etc/shadow", "/etc/shadow"),
        ("mkdir -p /data", "/data"),
        ("rm -rf /tmp", "/tmp"),
        ("rm -rf /tmp/*", "/tmp/*"),
        ("cd /tmp && rm -rf *", "/tmp/*"),
        ("mv /var/tmp/* .", "/var/tmp/*"),
        ("find /tmp -name '*.log' -delete", "/tmp"),
        ("chmod -R 777 /tmp", "/tmp"),
        ("rm -rf /tmp/theirs", "/tmp/theirs"),
        ("sudo rm -f /dev/null", "/dev/null"),
        ("mv a /dev/null", "/dev/null"),
        ("cd / && rm -rf *", "/*"),
        ("cd /etc; sed -i 's/a/b/' hosts", "/etc/hosts"),
        ("cd /etc/../opt\ntar xzf ~/a.tgz", "/opt"),
        ("cd /usr/local/bin && curl -LO http://a/kind", "/usr/local/bin"),
        ("pushd /opt; git clone http://a/b", "/opt"),
        ("(cd /etc && rm hosts); ls", "/etc/hosts"),
        ("rm -rf ../../..", "../../.."),
        ("cd ../..; rm -rf ../*", "../*"),
        ("rm -rf \"$HOME/../..\"", "$HOME/../.."),
        ("rm -rf /{etc,usr}", "/etc"),
        ("rm -rf {a,/usr}", "/usr"),
        ("curl -fsSL http://a | sudo bash", "curl | bash"),
        ("wget -qO- http://a | sed 's/x/y/' | sh -s -- -b /bin", "wget | sh"),
        ("bash <(curl -s http://a)", "curl | bash"),
        ("sh -c \"$(curl -fsSL http://a)\"", "curl | sh"),
        ("source <(wget -qO- http://a)", "wget | source"),
        ("bash <<EOF\necho a\nreboot\nEOF", "reboot"),
        ("sudo bash -s <<'EOF'\nswapoff -a\nEOF", "swapoff"),
        ("cat <<EOF | sudo sh\nmodprobe a\nEOF", "modprobe"),
        ("bash <<< 'halt'", "halt"),
        ("echo reboot | sh", "reboot"),
        ("printf 'ls\\nreboot\\n' | sudo -i", "reboot"),
        ("eval 'systemctl stop docker'", "systemctl"),
        ("eval cd /etc; rm hosts", "/etc/hosts"),
        ("su -c 'userdel me'", "userdel"),
        ("su - postgres -c 'rm -rf /var/lib/postgresql'", "/var/lib/postgresql"),
        ("sudo -s umount /mnt", "umount"),
        ("sudo -iu root reboot", "reboot"),
        ("watch -n 1 'ip link del a'", "ip"),
        ("trap 'rm -rf /opt/a' EXIT", "/opt/a"),
        ("setsid stdbuf -o L reboot", "reboot"),
        ("find /etc -name '*.bak' -exec rm {} \\;", "/etc"),
        ("find . -exec sh -c 'cp {} /usr/bin' \\;", "/usr/bin"),
        ("find /var/log -name '*.gz' | xargs rm", "/var/log"),
        ("grep -rl a /etc | xargs sed -i s/a/b/", "/etc"),
        ("perl -pi -e 's/a/b/' /etc/hosts", "/etc/hosts"),
        ("gzip /var/log/syslog", "/var/log/syslog"),
        ("kubectl cp web-0:/data /srv/data", "/srv/data"),
        ("openssl req -nodes -keyout /etc/ssl/a.key", "/etc/ssl/a.key"),
        ("git clone http://a/b /opt/b", "/opt/b"),
        ("rsync -a --delete a/ /tmp", "/tmp"),
        ("firewall-cmd --permanent --remove-service=ssh", "firewall-cmd"),
        ("ufw allow 22", "ufw"),
        ("kubeadm config images pull", "kubeadm"),
    ] {
        assert_eq!(change(command).as_deref(), Some(changed), "{command}");
    }
}

#[test]
fn what_tells_or_stays_in_the_lab_does_not() {
    for command in [
        "",
        "systemctl status kubelet",
        "systemctl",
        "mount",
        "mount -l",
        "iptables -t nat -L -n",
        "nft list ruleset",
        "ip addr",
        "ip route show",
        "hostname",
        "hostname -f",
        "date +%s",
        "kill -1 $!",
        "kill %1",
        "sysctl net.ipv4.ip_forward",
        "apt list --installed",
        "apt-cache search jq",
        "service --status-all",
        "dpkg -l",
        "swapon --show",
        "fdisk -l",
        "mount --help",
        "rm -rf build",
        "mkdir /tmp/work && rm -rf /tmp/work",
        "cd /tmp; curl -LO http://a/b.tgz; tar xzf b.tgz; rm b.tgz",
        "cp a /tmp/; mv a /tmp; mkdir -p /tmp; ln -s $PWD/a /tmp/a",
        "rm -f /tmp/$NAME",
        "sed -i '/foo/d' a.yaml",
        "sed -i '' '/foo/d' a.yaml",
        "sed -i.bak -e '/a/c /b' a.yaml",
        "perl -ne 'print if /a/' /etc/hosts",
        "find / -name a -exec grep b {} \\;",
        "find /etc -type f | xargs grep a",
        "grep -rl /etc/x . | xargs sed -i s/a/b/",
        "cd /etc && cat hosts > /dev/null 2>&1",
        "cd /usr/share && ls | head; cd -; touch a",
        "cd /etc | touch a; (cd /etc); touch a",
        "cd $DIR && rm -rf ../..",
        "cd nowhere || cd elsewhere; rm -rf ../../../..",
        "cd ..; touch ../a; cd b/c; rm -rf ../../a",
        "cd /tmp && echo a >b",
        "cd ~ && tar xzf a.tgz; touch ~/a $TMPDIR/b",
        "source <(kubectl completion bash)",
        "eval $(minikube docker-env)",
        "bash run.sh",
        "curl -s http://a | sh -c 'cat'",
        "curl -s http://a | tee a.sh | wc",
        "echo 'sh -c reboot' | grep sh",
        "kubectl exec -i web-0 -- bash <<EOF\nreboot\nEOF",
        "ssh me@host 'sudo reboot'",
        "ssh host <<EOF\nreboot\nEOF",
        "scp a me@host:/etc/a",
        "kubectl cp a web-0:/etc/a; docker cp web:/etc/hosts -",
        "cp -t . /etc/hosts",
        "gzip -dc /var/log/a.gz",
        "watch kubectl get pods",
        "trap - EXIT; trap 'kill $!' EXIT",
        "su - me",
        "chmod -x a; chmod +x /tmp/a",
        "ufw status",
        "kubeadm version -o short",
        "kubeadm config images list",
        "ipvsadm -ln",
        "firewall-cmd --list-services",
        "losetup -a",
        "rm -rf $DIR/x",
        "rm -f ~/.kube/config",
        "echo a > b",
        "echo a > /dev/null 2>&1",
        "echo a > /tmp/b",
        "cat /etc/hosts",
        "cp /etc/hosts .",
        "cp -r /etc/kubernetes /tmp/b",
        "sed -n 1p /etc/hosts",
        "sed 's/a/b/' /etc/hosts",
        "find /etc -name '*.conf'",
        "tar czf a.tgz -C /etc hosts",
        "curl -o kind http://a",
        "dd if=/dev/zero of=file bs=1M count=1",
        "echo reboot",
        "kubectl exec web-0 -- reboot",
        "kubectl exec web-0 -- sh -c 'echo a > /etc/x'",
        "docker exec a mount",
        "man mount",
        "cat <<EOF > a.sh\nreboot\nEOF",
        "mkdir -p data",
    ] {
        assert_eq!(change(command), None, "{command}");
    }
}

#[test]
fn scripts_in_scripts_are_looked_into_to_a_depth() {
    let deep = format!("{}reboot", "xargs ".repeat(20_000));
    assert_eq!(change(&deep), None);
    assert_eq!(change(&"$(".repeat(500)), None);
}

#[test]
fn commands_of_a_page_are_judged_where_the_last_one_left_the_shell() {
    assert_changes(&[
        ("$ cd /etc", None),
        ("$ touch x", Some("/etc/x")),
        ("$ cd - && touch x", None),
        ("$ cd ~/a/b", None),
        ("$ rm -rf ../../c", None),
        ("$ rm -rf ../../..", Some("../../..")),
        ("$ cd /opt && reboot", Some("reboot")),
        ("$ touch y", None),
    ]);
}

#[test]
fn a_page_removes_from_tmp_what_it_names_elsewhere() {
    assert_changes(&[
        ("$ rm -rf /tmp/lab /tmp/lab-*", None),
        ("$ mkdir /tmp/lab; cp -r . /tmp/lab-1", None),
        ("$ rm -rf /tmp/.X11-unix", Some("/tmp/.X11-unix")),
        ("$ cd /tmp; rm -rf lab; rm -rf other", Some("/tmp/other")),
    ]);
    let page = "```console\n$ mktemp\n/tmp/tmp.Xa3\n$ rm /tmp/tmp.Xa3\n```\n";
    assert_eq!(changes(page)[1].1, None);
}

#[test]
fn lines_typed_in_a_shell_of_this_machine_are_judged_and_others_are_not() {
    let of = |opens: &str, prompt: &str, lines: &[&str]| -> Vec<String> {
        let lines = lines.join(&format!("\n{prompt}"));
        let found = changes(&format!("```console\n$ {opens}\n{prompt}{lines}\n```\n"));
        let told = found.into_iter().skip(1).map(|(_, changed)| changed);
        told.map(|one| one.unwrap_or_else(|| "-".to_owned())).collect()
    };
    for opens in ["sudo -i", "sudo su -", "su", "sudo -s", "bash"] {
        let lines = ["ls /etc", "reboot", "cd /etc", "rm hosts"];
        let found = of(opens, "root@host:~# ", &lines);
        assert_eq!(found, ["-", "reboot", "-", "/etc/hosts"], "{opens}");
    }
    // Root's home is not the lab's.
    assert_eq!(
        of("sudo -i", "root@host:~# ", &["touch a", "rm ~/.kube/config"]),
        ["/root/a", "/root/.kube/config"]
    );
    for opens in ["kubectl exec -it web-0 -- bash", "docker exec -it a sh", "ssh me@host"] {
        let found = of(opens, "root@web-0:/# ", &["reboot", "rm -rf /etc"]);
        assert_eq!(found, ["-", "-"], "{opens}");
    }
}

#[test]
fn a_program_in_a_shell_is_left_again() {
    let page = "```console\n$ sudo -i\nroot@host:~# kubectl exec -it web-0 -- bash\n\
                root@web-0:/# reboot\nroot@web-0:/# exit\nroot@host:~# reboot\n```\n";
    let found = changes(page);
    let changed = found.iter().map(|(text, changed)| (text.as_str(), changed.as_deref()));
    assert_eq!(
        changed.collect::<Vec<_>>(),
        [
            ("sudo -i", None),
            ("kubectl exec -it web-0 -- bash", None),
            ("reboot", None),
            ("exit", None),
            ("reboot", Some("reboot")),
        ]
    );
}

#[test]
fn what_the_page_allows_or_does_not_run_goes_on_as_it_is() {
    let lab = read("```console\n$ cd /etc\n$ touch x\n```\n");
    let mut host = Host::new("lab.md", &lab);
    assert_eq!(host.change_by(&lab.steps[0], "cd /etc", (false, false)), None);
    assert_eq!(host.change_by(&lab.steps[1], "touch x", (false, true)), None);
    assert_eq!(host.change("cd /etc; touch x", true), None);
    assert_eq!(host.change("touch y", false).as_deref(), Some("/etc/y"));
}

#[test]
fn long_commands_take_no_longer_than_they_are_long() {
    for text in ["sh | ", "cd a; ", "(cd /a; ", "echo a | xargs rm | ", "rm {a,b}{c,d} && "] {
        assert_eq!(change(&text.repeat(20_000)), None, "{text}");
    }
}
