//! Commands that change the machine on which they run: its services, mounts,
//! packages, users, network, and files outside of the lab's own directories.
//!
//! In a sandbox they do no harm. Where there is none they are not run, unless the
//! page says that they may. This is a fence against accidents, and no wall: what a
//! variable holds, or a program does inside, is not seen.

use std::path::Path;

use super::arguments::{Arguments, Valued};
use super::effect::DEEPEST;
use crate::lab::words::{Operator, Script, Word};
use crate::lab::{Simple, is_listed, without_wrappers};

/// Programs that change the machine, whatever their arguments.
const ALWAYS: &str = "\
    addgroup adduser chpasswd cryptsetup delgroup deluser depmod firewall-cmd gpasswd groupadd \
    groupdel groupmod grub-install halt init insmod ip6tables-restore iptables-restore ipvsadm \
    kexec killall kubeadm losetup lvcreate lvremove mkswap modprobe newusers parted passwd \
    pivot_root pkill poweroff pvcreate reboot rmmod setcap setenforce sfdisk shutdown swapoff \
    telinit ufw umount update-alternatives update-grub useradd userdel usermod vgcreate visudo \
    wipefs";

/// Programs that change the machine unless the first operand is one of these; without
/// an operand they only tell.
const UNLESS: [(&str, &str); 6] = [
    (
        "systemctl",
        "cat get-default is-active is-enabled is-failed is-system-running list-dependencies \
         list-sockets list-timers list-unit-files list-units show show-environment status",
    ),
    ("hostnamectl", "show status"),
    ("timedatectl", "list-timezones show show-timesync status timesync-status"),
    ("localectl", "list-keymaps list-locales status"),
    ("nft", "describe list"),
    ("hostname", ""),
];

/// Programs that change the machine where an operand is one of these.
const WHERE: [(&str, &str); 18] = [
    ("apt", PACKAGES),
    ("apt-get", PACKAGES),
    ("aptitude", PACKAGES),
    ("yum", PACKAGES),
    ("dnf", PACKAGES),
    ("microdnf", PACKAGES),
    ("zypper", PACKAGES),
    ("apk", "add del fix update upgrade"),
    ("snap", "disable enable install refresh remove revert"),
    ("brew", "install reinstall services uninstall upgrade"),
    ("ip", NETWORK),
    ("bridge", NETWORK),
    ("tc", NETWORK),
    ("route", NETWORK),
    ("service", "force-reload reload restart start stop"),
    ("rc-service", "reload restart start stop"),
    ("rc-update", "add del delete"),
    ("crontab", "-"),
];
const PACKAGES: &str = "\
    autoremove build-dep dist-upgrade downgrade erase full-upgrade in install localinstall \
    purge reinstall remove rm up update upgrade";
const NETWORK: &str = "add append change del delete flush prepend replace set";

/// Programs that change the machine with one of these flags.
const FLAGS: [(&str, &[&str]); 6] = [
    ("dpkg", &["i", "install", "r", "remove", "P", "purge", "unpack", "configure"]),
    ("rpm", &["i", "install", "U", "upgrade", "F", "freshen", "e", "erase"]),
    ("pacman", &["S", "R", "U", "sync", "remove", "upgrade"]),
    ("sysctl", &["w", "write", "p", "load", "system"]),
    ("crontab", &["r", "remove", "e"]),
    ("date", &["s", "set"]),
];

/// Programs that change the machine unless they have one of these flags, with which
/// they only tell.
const UNLESS_FLAGS: [(&str, &[&str]); 5] = [
    ("iptables", &["L", "list", "S", "list-rules", "C", "check", "V", "version"]),
    ("ip6tables", &["L", "list", "S", "list-rules", "C", "check", "V", "version"]),
    ("fdisk", &["l", "list", "x"]),
    ("swapon", &["s", "summary", "show"]),
    ("mount", &["l", "show-labels", "V", "version"]),
];

/// Programs that write to each file that they are given.
const WRITERS: &str = "\
    chattr chgrp chmod chown mkdir mkfifo mknod mv rm rmdir shred tee touch truncate unlink";
/// Programs that write to the last file that they are given.
const LAST_WRITERS: &str = "cp install ln rsync";
/// Flags that name a file or directory that is written, by program.
const WRITTEN: [(&str, &[&str]); 6] = [
    ("curl", &["o", "output", "output-dir"]),
    ("wget", &["O", "output-document", "P", "directory-prefix"]),
    ("tar", &["C", "directory"]),
    ("unzip", &["d"]),
    ("cp", &["t", "target-directory"]),
    ("install", &["t", "target-directory", "d", "directory"]),
];

/// Directories whose files are the lab's own, or no files.
const FREE: [&str; 8] = [
    "/tmp",
    "/var/tmp",
    "/dev/null",
    "/dev/fd",
    "/dev/shm",
    "/dev/stdout",
    "/dev/stderr",
    "/dev/tty",
];

/// What of the machine a command changes: the program, or the file that it writes.
/// None where nothing is known.
pub(super) fn change(command: &str) -> Option<String> {
    script(&Script::new(command), 0)
}

fn script(found: &Script, depth: usize) -> Option<String> {
    if depth >= DEEPEST {
        return None;
    }
    let own = found.commands().iter().find_map(|command| simple(command, depth));
    own.or_else(|| found.substituted.iter().find_map(|inner| script(inner, depth + 1)))
}

fn simple(command: &Simple<'_>, depth: usize) -> Option<String> {
    let redirected = command.redirects.iter().find_map(|(operator, target)| {
        let target = target.filter(|_| matches!(operator, Operator::Write | Operator::Duplicate));
        target.and_then(|target| of_machine(target)).map(str::to_owned)
    });
    redirected.or_else(|| program(without_wrappers(&command.words), depth))
}

/// What a program with these arguments changes.
fn program(words: &[&Word], depth: usize) -> Option<String> {
    let (first, arguments) = words.split_first().filter(|_| depth < DEEPEST)?;
    let name = first.text.rsplit('/').next().unwrap_or_default();
    if matches!(name, "sh" | "bash" | "dash" | "zsh" | "ash") {
        let given = arguments.iter().position(|word| word.text.ends_with('c') && is_flag(word))?;
        return script(&Script::new(&arguments.get(given + 1)?.text), depth + 1);
    }
    if name == "xargs" {
        // The value of a flag of its own may stand before the program.
        let mut starts = (0..arguments.len()).filter(|&at| !is_flag(arguments[at])).take(2);
        return starts.find_map(|start| program(&arguments[start..], depth + 1));
    }
    if arguments.iter().any(|word| matches!(word.text.as_str(), "--help" | "--version")) {
        return None;
    }
    if changes(name, arguments) {
        return Some(name.to_owned());
    }
    written(name, arguments).map(str::to_owned)
}

/// Whether a program changes the machine by what it is for.
fn changes(name: &str, arguments: &[&Word]) -> bool {
    let plain = Arguments::new(arguments, Valued { short: "", long: &[] }, usize::MAX);
    let of = |table: &[(&'static str, &'static str)]| {
        table.iter().find(|(program, _)| *program == name).map(|(_, list)| *list)
    };
    let flags = |table: &[(&'static str, &'static [&'static str])]| {
        table.iter().find(|(program, _)| *program == name).map(|(_, flags)| *flags)
    };
    let operand = |list: &str| plain.operands.iter().any(|operand| is_listed(list, operand));
    // A program may stand in two tables: crontab reads `-`, and has flags.
    is_listed(ALWAYS, name)
        || name.starts_with("mkfs")
        || of(&UNLESS).is_some_and(|reading| {
            plain.operands.first().is_some_and(|first| !is_listed(reading, first))
        })
        || of(&WHERE).is_some_and(operand)
        || flags(&FLAGS).is_some_and(|changing| plain.has(changing))
        || flags(&UNLESS_FLAGS).is_some_and(|telling| !arguments.is_empty() && !plain.has(telling))
        || name == "sysctl" && plain.operands.iter().any(|operand| operand.contains('='))
        // The first process, and all.
        || name == "kill" && arguments.last().is_some_and(|to| ["1", "-1"].contains(&&*to.text))
        || name == "ifconfig" && plain.operands.len() > 1
}

/// The file of the machine that a program writes.
fn written<'a>(name: &str, arguments: &[&'a Word]) -> Option<&'a str> {
    let operands = || arguments.iter().copied().filter(|word| !is_flag(word));
    let named = WRITTEN.iter().find(|(program, _)| *program == name);
    if let Some((_, flags)) = named
        && let Some(target) = valued(flags, arguments)
        && (name != "tar" || !lists(arguments))
    {
        return Some(target);
    }
    match name {
        "dd" => operands().find_map(|word| {
            let target = word.text.strip_prefix("of=")?;
            is_of_machine(target).then_some(target)
        }),
        "sed" => {
            let in_place = |word: &&Word| {
                word.text.starts_with("--in-place")
                    || word.text.starts_with("-i")
                    || word.text.starts_with("-ni")
            };
            arguments.iter().any(in_place).then(|| operands().find_map(of_machine))?
        }
        "find" => {
            let acts =
                |word: &&Word| matches!(word.text.as_str(), "-delete" | "-exec" | "-execdir");
            arguments.iter().any(acts).then(|| operands().find_map(of_machine))?
        }
        _ if is_listed(WRITERS, name) => operands().find_map(of_machine),
        _ if is_listed(LAST_WRITERS, name) => operands().next_back().and_then(of_machine),
        _ => None,
    }
}

/// The file of the machine that is the value of one of these flags.
fn valued<'a>(flags: &[&str], arguments: &[&'a Word]) -> Option<&'a str> {
    let short: String = flags.iter().filter(|flag| flag.len() == 1).copied().collect();
    let long: Vec<&str> = flags.iter().filter(|flag| flag.len() > 1).copied().collect();
    let arguments = Arguments::new(arguments, Valued { short: &short, long: &long }, usize::MAX);
    arguments.values(flags).find(|target| is_of_machine(target))
}

/// Whether tar lists or makes an archive: its directory is then read.
fn lists(arguments: &[&Word]) -> bool {
    arguments.first().is_some_and(|first| {
        let letters = first.text.trim_start_matches('-');
        !first.text.starts_with("--") && letters.contains(['t', 'c'])
    })
}

fn is_flag(word: &Word) -> bool {
    word.text.len() > 1 && word.text.starts_with('-')
}

/// The word as a file of the machine that is not the lab's own.
fn of_machine(word: &Word) -> Option<&str> {
    is_of_machine(&word.text).then_some(word.text.as_str())
}

/// Whether a path leads to files of the machine that are not the lab's own. What begins
/// with a variable or `~` is not known, or is the lab's home.
fn is_of_machine(path: &str) -> bool {
    if !path.starts_with('/') {
        return false;
    }
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/').filter(|part| !matches!(*part, "" | ".")) {
        if part == ".." {
            parts.pop();
        } else {
            parts.push(part);
        }
    }
    let path = format!("/{}", parts.join("/"));
    !FREE.iter().any(|free| Path::new(&path).starts_with(free))
}

#[cfg(test)]
mod tests {
    use super::change;

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
            "rm -rf /tmp/work",
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
}
