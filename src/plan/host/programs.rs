//! Programs that change the machine by what they are for: its services, mounts, packages,
//! users and network.

use crate::lab::is_listed;
use crate::lab::words::Word;
use crate::plan::arguments::{Arguments, Valued};

/// Programs that change the machine, whatever their arguments.
const ALWAYS: &str = "\
    add-apt-repository addgroup adduser chpasswd cryptsetup delgroup deluser depmod gpasswd groupadd \
    groupdel groupmod grub-install halt init insmod ip6tables-restore iptables-restore \
    kexec killall lvcreate lvremove mkswap modprobe newusers parted passwd \
    pivot_root pkill poweroff pvcreate reboot rmmod setcap setenforce sfdisk shutdown swapoff \
    telinit umount update-grub useradd userdel usermod vgcreate visudo \
    wipefs";

/// Programs that change the machine unless the first operand is one of these; without
/// an operand they only tell.
const UNLESS: [(&str, &str); 8] = [
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
    ("kubeadm", "completion help version"),
    ("ufw", "app show status version"),
];

/// Their commands of two words that only tell.
const UNLESS_BOTH: [(&str, &str); 7] = [
    ("kubeadm", "certs check-expiration"),
    ("kubeadm", "config images list"),
    ("kubeadm", "config print"),
    ("kubeadm", "config validate"),
    ("kubeadm", "token generate"),
    ("kubeadm", "token list"),
    ("kubeadm", "upgrade plan"),
];

/// Programs that change the machine where an operand is one of these.
const WHERE: [(&str, &str); 19] = [
    ("apt", PACKAGES),
    ("apt-get", PACKAGES),
    ("aptitude", PACKAGES),
    ("apt-mark", "auto hold manual unhold"),
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
const UNLESS_FLAGS: [(&str, &[&str]); 8] = [
    ("iptables", &["L", "list", "S", "list-rules", "C", "check", "V", "version"]),
    ("ip6tables", &["L", "list", "S", "list-rules", "C", "check", "V", "version"]),
    ("fdisk", &["l", "list", "x"]),
    ("swapon", &["s", "summary", "show"]),
    ("ipvsadm", &["L", "l", "list", "S", "save"]),
    ("losetup", &["a", "all", "l", "list", "j", "associated"]),
    ("update-alternatives", &["display", "list", "query", "get-selections", "help", "version"]),
    ("mount", &["l", "show-labels", "V", "version"]),
];

/// Whether a program changes the machine by what it is for.
pub(super) fn changes(name: &str, arguments: &[&Word]) -> bool {
    let plain = Arguments::new(arguments, Valued { short: "", long: &[] }, usize::MAX);
    let of = |table: &[(&'static str, &'static str)]| {
        table.iter().find(|(program, _)| *program == name).map(|(_, list)| *list)
    };
    let flags = |table: &[(&'static str, &'static [&'static str])]| {
        table.iter().find(|(program, _)| *program == name).map(|(_, flags)| *flags)
    };
    let operand = |list: &str| plain.operands.iter().any(|operand| is_listed(list, operand));
    let tells = || {
        let typed = plain.operands.join(" ");
        UNLESS_BOTH.iter().any(|(program, told)| *program == name && typed.starts_with(told))
    };
    // firewalld's flags are its commands.
    let sets = |flag: &str| {
        let words =
            "add change complete-reload delete lockdown new panic reload remove reset runtime set";
        words.split_whitespace().any(|word| flag.starts_with(word))
    };
    // A program may stand in two tables: crontab reads `-`, and has flags.
    is_listed(ALWAYS, name)
        || name.starts_with("mkfs")
        || of(&UNLESS).is_some_and(|reading| {
            plain.operands.first().is_some_and(|first| !is_listed(reading, first)) && !tells()
        })
        || name == "firewall-cmd" && plain.flags.iter().any(|(flag, _)| sets(flag))
        || of(&WHERE).is_some_and(operand)
        || flags(&FLAGS).is_some_and(|changing| plain.has(changing))
        || flags(&UNLESS_FLAGS).is_some_and(|telling| !arguments.is_empty() && !plain.has(telling))
        || name == "sysctl" && plain.operands.iter().any(|operand| operand.contains('='))
        // The first process, and all.
        || name == "kill" && arguments.last().is_some_and(|to| ["1", "-1"].contains(&&*to.text))
        || name == "ifconfig" && plain.operands.len() > 1
}
