//! The programs that are known to read only, and the flags with which they do.

use super::arguments::{Arguments, KUBECTL, Valued};
use super::effect::{DEEPEST, script_only_reads};
use super::fetch::{curl, wget};
use super::filters::{awk, sed};
use crate::lab::is_listed;
use crate::lab::words::Word;

/// Programs that only read, whatever their arguments.
const READERS: &str = "\
    basename base64 cat cmp column comm cut df diff dig dirname du echo egrep false fgrep fold \
    free getent grep head host id jq ls md5sum nl nslookup paste printenv ps pwd readlink rev \
    sha256sum stat tac test tr true uname";

/// Commands of a program that only read: the first operand, or the first two.
const COMMANDS: [(&str, &str); 5] = [
    (
        "helm",
        "env, get, history, inspect, list, ls, repo list, repo ls, search, show, status, version",
    ),
    (
        "docker",
        "container ls, history, image ls, images, info, inspect, network inspect, network ls, port, ps, version, volume inspect, volume ls",
    ),
    ("minikube", "addons list, ip, profile list, service list, status, version"),
    ("kind", "get, version"),
    ("k3d", "cluster list, node list, version"),
];

/// Whether a program with these arguments only reads.
pub(super) fn only_reads(words: &[&Word], depth: usize) -> bool {
    let Some((program, arguments)) = words.split_first() else {
        return false;
    };
    if program.expands || depth >= DEEPEST {
        return false;
    }
    let name = ["/bin/", "/usr/bin/", "/usr/local/bin/"]
        .iter()
        .find_map(|path| program.text.strip_prefix(path));
    let name = name.unwrap_or(&program.text);
    let plain = |short, long| Arguments::new(arguments, Valued { short, long }, usize::MAX);
    match name {
        "kubectl" | "k" | "oc" => kubectl(arguments, depth),
        "sh" | "bash" | "ash" | "dash" => match arguments {
            [flag, script, ..] => flag.text == "-c" && script_only_reads(&script.text, depth + 1),
            _ => false,
        },
        "curl" => curl(arguments),
        "wget" => wget(arguments),
        "redis-cli" => redis(arguments),
        "sed" => sed(arguments),
        "awk" => awk(arguments),
        "env" => arguments.is_empty(),
        "wc" | "whoami" | "uptime" => true,
        "printf" | "[" => arguments.first().is_none_or(|first| first.text != "-v"),
        "date" => {
            !plain("d", &["date"]).has(&["s", "set"])
                && plain("d", &["date"]).operands.iter().all(|o| o.starts_with('+'))
        }
        "hostname" => {
            plain("", &[]).operands.is_empty() && !plain("", &[]).has(&["F", "file", "b", "boot"])
        }
        "tail" => !plain("nc", &["lines", "bytes"]).has(&["f", "F", "follow", "retry"]),
        "sort" => !plain("kt", &["key"]).has(&["o", "output"]),
        "uniq" => plain("fsw", &[]).operands.len() < 2,
        "ping" => plain("ciWws", &[]).has(&["c"]),
        "find" => !arguments.iter().any(|word| {
            ["-delete", "-exec", "-ok", "-fprint", "-fls"]
                .iter()
                .any(|action| word.text.starts_with(action))
        }),
        _ => is_listed(READERS, name) || has_reading_command(name, arguments),
    }
}

fn has_reading_command(program: &str, words: &[&Word]) -> bool {
    let Some((_, commands)) = COMMANDS.iter().find(|(name, _)| *name == program) else {
        return false;
    };
    let valued = Valued {
        short: "nop",
        long: &["namespace", "kube-context", "kubeconfig", "output", "profile", "filter", "format"],
    };
    let arguments = Arguments::new(words, valued, 2);
    let first = arguments.operands.first().copied().unwrap_or_default();
    let both = arguments.operands.join(" ");
    !arguments.has(&["w", "watch"])
        && commands.split(", ").any(|command| command == first || command == both)
}

fn kubectl(words: &[&Word], depth: usize) -> bool {
    let arguments = Arguments::new(words, KUBECTL, usize::MAX);
    let mut operands = arguments.operands.iter().copied();
    let watches = arguments.has(&["w", "watch", "watch-only"]);
    match operands.next().unwrap_or_default() {
        "get" | "describe" | "top" | "explain" | "api-resources" | "api-versions" | "version"
        | "diff" | "events" => !watches,
        "cluster-info" => operands.next().is_none(),
        "logs" => !arguments.has(&["f", "follow"]),
        // A forward changes nothing; one that fails may be tried again.
        "wait" | "port-forward" | "proxy" => true,
        "rollout" => matches!(operands.next(), Some("status" | "history")),
        "auth" => matches!(operands.next(), Some("can-i" | "whoami")),
        "config" => {
            matches!(
                operands.next(),
                Some("view" | "current-context" | "get-contexts" | "get-clusters" | "get-users")
            )
        }
        "exec" => {
            arguments.after_dashes.is_some_and(|after| only_reads(&words[after..], depth + 1))
        }
        _ => false,
    }
}

fn redis(words: &[&Word]) -> bool {
    const READING: &str = "\
        dbsize exists get hget hgetall info keys lindex llen lrange mget ping scard smembers \
        strlen ttl type zrange";
    let arguments = Arguments::new(words, Valued { short: "hpan", long: &["user", "pass"] }, 1);
    let command = arguments.operands.first().map(|command| command.to_lowercase());
    command.is_some_and(|command| is_listed(READING, &command))
}
