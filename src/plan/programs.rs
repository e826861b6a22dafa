//! The programs that are known to read only, and the flags with which they do.

use super::arguments::{Arguments, KUBECTL, Valued};
use super::effect::script_only_reads;
use crate::lab::words::Word;

/// Programs that only read, whatever their arguments.
const READERS: [&str; 41] = [
    "basename",
    "base64",
    "cat",
    "cmp",
    "column",
    "comm",
    "cut",
    "df",
    "diff",
    "dig",
    "dirname",
    "du",
    "echo",
    "egrep",
    "false",
    "fgrep",
    "fold",
    "free",
    "getent",
    "grep",
    "head",
    "host",
    "id",
    "jq",
    "ls",
    "md5sum",
    "nl",
    "nslookup",
    "paste",
    "printenv",
    "ps",
    "pwd",
    "readlink",
    "rev",
    "sha256sum",
    "stat",
    "tac",
    "test",
    "tr",
    "true",
    "uname",
];

/// Commands of a program that only read: the first operand, or the first two.
const COMMANDS: [(&str, &[&str]); 5] = [
    (
        "helm",
        &[
            "env",
            "get",
            "history",
            "inspect",
            "list",
            "ls",
            "repo list",
            "repo ls",
            "search",
            "show",
            "status",
            "version",
        ],
    ),
    (
        "docker",
        &[
            "container ls",
            "history",
            "image ls",
            "images",
            "info",
            "inspect",
            "network inspect",
            "network ls",
            "port",
            "ps",
            "version",
            "volume inspect",
            "volume ls",
        ],
    ),
    (
        "minikube",
        &[
            "addons list",
            "ip",
            "profile list",
            "service list",
            "status",
            "version",
        ],
    ),
    ("kind", &["get", "version"]),
    ("k3d", &["cluster list", "node list", "version"]),
];

/// Whether a program with these arguments only reads.
pub(super) fn only_reads(words: &[&Word], depth: usize) -> bool {
    let Some((program, arguments)) = words.split_first() else {
        return false;
    };
    if program.expands {
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
        "printf" | "[" => !arguments.first().is_some_and(|first| first.text == "-v"),
        "date" => {
            !plain("d", &["date"]).has(&["s", "set"])
                && plain("d", &["date"])
                    .operands
                    .iter()
                    .all(|o| o.starts_with('+'))
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
        _ => READERS.contains(&name) || has_reading_command(name, arguments),
    }
}

fn has_reading_command(program: &str, words: &[&Word]) -> bool {
    let Some((_, commands)) = COMMANDS.iter().find(|(name, _)| *name == program) else {
        return false;
    };
    let valued = Valued {
        short: "nop",
        long: &[
            "namespace",
            "kube-context",
            "kubeconfig",
            "output",
            "profile",
            "filter",
            "format",
        ],
    };
    let arguments = Arguments::new(words, valued, 2);
    let first = arguments.operands.first().copied().unwrap_or_default();
    let both = arguments.operands.join(" ");
    !arguments.has(&["w", "watch"])
        && (commands.contains(&first) || commands.contains(&both.as_str()))
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
        "wait" => true,
        "rollout" => matches!(operands.next(), Some("status" | "history")),
        "auth" => matches!(operands.next(), Some("can-i" | "whoami")),
        "config" => {
            matches!(
                operands.next(),
                Some("view" | "current-context" | "get-contexts" | "get-clusters" | "get-users")
            )
        }
        "exec" => arguments
            .after_dashes
            .is_some_and(|after| only_reads(&words[after..], depth + 1)),
        _ => false,
    }
}

/// Flags of curl that change neither the server nor a file.
fn curl(words: &[&Word]) -> bool {
    const FLAGS: [&str; 42] = [
        "4",
        "6",
        "A",
        "H",
        "I",
        "L",
        "N",
        "S",
        "X",
        "f",
        "g",
        "i",
        "k",
        "m",
        "o",
        "s",
        "u",
        "v",
        "w",
        "#",
        "cacert",
        "compressed",
        "connect-timeout",
        "connect-to",
        "fail",
        "head",
        "header",
        "include",
        "insecure",
        "location",
        "max-time",
        "no-buffer",
        "no-progress-meter",
        "output",
        "request",
        "resolve",
        "retry",
        "show-error",
        "silent",
        "user",
        "verbose",
        "write-out",
    ];
    let long = [
        "cacert",
        "connect-timeout",
        "connect-to",
        "header",
        "max-time",
        "output",
        "request",
        "resolve",
        "retry",
        "user",
        "write-out",
    ];
    let arguments = Arguments::new(
        words,
        Valued {
            short: "AHXmouw",
            long: &long,
        },
        usize::MAX,
    );
    arguments.flags.iter().all(|(name, _)| FLAGS.contains(name))
        && arguments
            .values(&["X", "request"])
            .all(|method| matches!(method, "GET" | "HEAD" | "OPTIONS"))
        && arguments
            .values(&["o", "output"])
            .all(|file| matches!(file, "-" | "/dev/null"))
}

/// wget writes a file unless it is told where to.
fn wget(words: &[&Word]) -> bool {
    const FLAGS: [&str; 14] = [
        "O",
        "S",
        "T",
        "U",
        "q",
        "t",
        "header",
        "no-check-certificate",
        "output-document",
        "quiet",
        "server-response",
        "spider",
        "timeout",
        "tries",
    ];
    let long = ["header", "output-document", "timeout", "tries"];
    let arguments = Arguments::new(
        words,
        Valued {
            short: "OTUt",
            long: &long,
        },
        usize::MAX,
    );
    let mut files = arguments.values(&["O", "output-document"]).peekable();
    let told = files.peek().is_some() || arguments.has(&["spider"]);
    told && files.all(|file| matches!(file, "-" | "/dev/null"))
        && arguments.flags.iter().all(|(name, _)| FLAGS.contains(name))
}

fn redis(words: &[&Word]) -> bool {
    const READING: [&str; 18] = [
        "dbsize", "exists", "get", "hget", "hgetall", "info", "keys", "lindex", "llen", "lrange",
        "mget", "ping", "scard", "smembers", "strlen", "ttl", "type", "zrange",
    ];
    let arguments = Arguments::new(
        words,
        Valued {
            short: "hpan",
            long: &["user", "pass"],
        },
        1,
    );
    let command = arguments
        .operands
        .first()
        .map(|command| command.to_lowercase());
    command.is_some_and(|command| READING.contains(&command.as_str()))
}

/// sed reads only where its one script is known to: it can write files and run
/// programs from there.
fn sed(words: &[&Word]) -> bool {
    let arguments = Arguments::new(
        words,
        Valued {
            short: "",
            long: &[],
        },
        usize::MAX,
    );
    let flags = arguments
        .flags
        .iter()
        .all(|(name, _)| matches!(*name, "n" | "E" | "r" | "quiet" | "regexp-extended"));
    flags
        && arguments
            .operands
            .first()
            .is_some_and(|script| sed_script_only_reads(script))
}

fn sed_script_only_reads(script: &str) -> bool {
    let address = script.trim_end_matches(['p', 'd', 'q']);
    if address.len() < script.len()
        && address
            .chars()
            .all(|c| c.is_ascii_digit() || matches!(c, ',' | '$'))
    {
        return true;
    }
    let Some(rest) = script.strip_prefix('s') else {
        return false;
    };
    let Some(mark) = rest
        .chars()
        .next()
        .filter(|mark| !mark.is_alphanumeric() && *mark != '\\')
    else {
        return false;
    };
    let parts: Vec<&str> = rest[mark.len_utf8()..].split(mark).collect();
    matches!(parts[..], [_, _, flags] if flags.chars().all(|c| matches!(c, 'g' | 'I' | 'i' | 'p' | '0'..='9')))
}

/// awk can write files and run programs by `>`, `|`, `system` and `getline`.
fn awk(words: &[&Word]) -> bool {
    let arguments = Arguments::new(
        words,
        Valued {
            short: "Fv",
            long: &[],
        },
        usize::MAX,
    );
    let flags = arguments
        .flags
        .iter()
        .all(|(name, _)| matches!(*name, "F" | "v"));
    let program = arguments.operands.first();
    flags
        && program.is_some_and(|program| {
            !program.contains(['>', '|'])
                && !program.contains("system")
                && !program.contains("getline")
        })
}
