//! The shapes of the prompts that shells, themes and other programs print.

use std::sync::LazyLock;

use regex::Regex;

use super::{Kind, is_blank, is_shell_and_version};
use crate::lab::known::is_known;
use crate::lab::patterns::{LETTERS, pattern};
use crate::lab::programs::{begins_surely, is_surely_a_command};

/// What may stand before a prompt: a virtual environment, the cluster's context,
/// the time.
pub(super) const BEFORE: &str = r"(?:\([^()\s][^()]{0,60}\)\s?|\[\d\d?:\d\d(?::\d\d)?\]\s?)*";

/// What may stand between a directory and the mark: a branch, the exit code.
const AFTER: &str = r"(?:\s?\([^()]{1,60}\)|\s?\[[^\[\]]{1,60}\]|\s?git:\([^()]{1,60}\)|\|[\w./-]{1,60}|\s?[✗✘±*!⚡])*";

/// A directory as shells show it.
static DIRECTORY: LazyLock<String> = LazyLock::new(|| {
    let named = format!(r"[\w.{LETTERS}-]+");
    format!(r"(?:~|\.|/)(?:[\w.@+~{LETTERS}-]*/?)*|…/[\w./{LETTERS}-]+|{named}(?:/{named})*")
});

static HOST: LazyLock<Regex> = LazyLock::new(|| {
    let name = r"(?:[A-Za-z_][\w.+-]*|I have no name!)(?:@|㉿)[\w.-]+";
    let directory = DIRECTORY.as_str();
    pattern(&format!(
        r"^{BEFORE}(?:(?P<a>{name}):(?:{directory})?{AFTER}\s?[$#%>⇒]|(?P<b>{name})\s+(?:{directory})(?:\s[\w.(){LETTERS}-]+){{0,3}}?{AFTER}\s?[%$#>❯➜✖λ]|\[(?P<c>{name})(?:[ :][^\]]+)?\](?:\s?\([^()]+\))?\s?[$#%>]|(?P<d>{name})[$#%]|(?P<e>[A-Za-z][\w-]*(?:\.[\w-]+)*):(?:{directory}) [A-Za-z_][\w.-]*[$#])\s*"
    ))
});

static WINDOWS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(&format!(
        r"^{BEFORE}(?:P?S(?: [A-Za-z]:\\[^>]*| [A-Za-z]:| [/~][^>]*|)>|[A-Za-z]:(?:\\[^<>|]*)?>|[\w.~-]+(?:\\[\w.~-]+)+>)\s*"
    ))
});

static NAMED: LazyLock<Regex> = LazyLock::new(|| {
    let directory = DIRECTORY.as_str();
    pattern(&format!(
        r"^{BEFORE}(?::?(?P<place>[~/][\w./@+~{LETTERS}-]*){AFTER} ?(?P<m1>[$#%❯])|\[(?P<room>[\w.-]+)(?: [^\]]*)?\]{AFTER} ?(?P<m2>[$#%>])|(?P<name>[A-Za-z][\w.-]*)(?::{directory})?{AFTER} ?(?P<m3>[$#])|(?P<dir>[A-Za-z][\w.-]*):(?:{directory}){AFTER} ?(?P<m4>[$#%>])|(?P<word>[A-Za-z][\w.-]*){AFTER} ?(?P<m5>>)|(?P<host>[A-Za-z][\w.-]*){AFTER} (?P<m7>%)|(?P<at>[A-Za-z][\w.-]*) [~/][\w./@+~-]*{AFTER} (?P<m8>[✖#$])|(?P<any>[\w~./:*@{LETTERS}-]{{1,60}}(?: [\w~./:*@(){LETTERS}-]{{1,40}}){{0,5}}?){AFTER} ?(?P<m6>[❯❭➜λ»➤▶⟩]))(?:\s+|$)"
    ))
});

/// Programs that read commands of their own, by the prompts that they print.
static PROGRAM: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^(?:(?P<name>mysql|mariadb|redis(?:-cli)?|sqlite|cqlsh(?::\w+)?|vault|ksql|mongos?|rs\w*:\w+|test|admin|local|influx|hbase(?:\(main\))?(?::\w+)*|scala|irb(?:\([^)]*\))?(?::\d+)*|iex\(\d+\)|julia|ftp|sftp|lftp|nslookup|etcd|gdb|psql|clickhouse|neo4j|node|deno|jshell|spark-sql(?: \([^)]*\))?|presto|trino|telnet|nats|kcat|SQL|debugfs)>|MariaDB \[[^\]]*\]>|[A-Za-z_]\w*(?:=[#>]|-[#>]|\(#|\(>)|(?:\w+ \[[\w:. -]+\] )\w+>|\d{1,3}(?:\.\d{1,3}){3}:\d+(?:\[\d+\])?>|localhost:\d+>|>>>|\[zk: [^\]]*\][ \d]*|In \[\d+\]:|\(gdb\))(?:\s+|$)",
    )
});

static THEME: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^(?P<mark>[➜❯❭λ»→▶➤⇒⟩›])(?P<gap>\s+)(?:(?P<dir>\S+)\s+git:\([^)]*\)(?:\s*[✗✘±*!⚡])?\s*)?",
    )
});

pub(super) fn windows(rest: &str) -> Option<(Kind, usize)> {
    // All of them hold a path, or are PowerShell's own.
    if !rest.contains('\\') && !rest.contains("PS") && !rest.contains(":>") {
        return None;
    }
    WINDOWS.find(rest).map(|found| (Kind::Windows, found.end()))
}

pub(super) fn host(rest: &str) -> Option<(Kind, usize)> {
    // `Mac:~ me$ ` is a host's too.
    let named = rest.contains(['@', '㉿']);
    if !named && rest.split_once(':').is_none_or(|(host, _)| host.contains(char::is_whitespace)) {
        return None;
    }
    let captures = Some(&*HOST).filter(|host| host.is_match(rest))?.captures(rest)?;
    let name = ["a", "b", "c", "d", "e"].iter().find_map(|group| captures.name(group))?;
    let shown = &captures[0];
    // Where the blank was left out, what follows tells.
    let parted = shown.ends_with(is_blank) || shown.len() == rest.len();
    (parted || begins_surely(&rest[shown.len()..]))
        .then(|| (Kind::Host(name.as_str().to_owned()), shown.len()))
}

pub(super) fn program(rest: &str) -> Option<(Kind, usize)> {
    let captures = Some(&*PROGRAM).filter(|program| program.is_match(rest))?.captures(rest)?;
    let shown = captures.name("name").map_or_else(
        || captures[0].trim_end().trim_matches(|c: char| c.is_alphanumeric()),
        |name| name.as_str(),
    );
    // Tools tell their work so, too.
    if shown == ">>>" && !may_be_pythons(rest[captures[0].len()..].trim()) {
        return None;
    }
    Some((Kind::Program(shown.to_owned()), captures[0].len()))
}

/// Whether a text may be a statement of Python: a call, an assignment, a name, a value.
fn may_be_pythons(text: &str) -> bool {
    static STATEMENT: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r#"^(?:$|[\w.]+\s*(?:[(=\[+*/<>-].*)?$|[\w.]+(?:, [\w.]+)+ = |(?:import|from|print|def|class|for|if|while|with|try|del|return|assert|raise|lambda|not|await|async|global)\b|[@#"'\[({\d-])"#,
        )
    });
    STATEMENT.is_match(text)
}

pub(super) fn named(rest: &str) -> Option<(Kind, usize)> {
    let captures = Some(&*NAMED).filter(|named| named.is_match(rest))?.captures(rest)?;
    let after = &rest[captures[0].len()..];
    let group = |names: &[&str]| names.iter().find_map(|name| captures.name(name));
    let mark = group(&["m1", "m2", "m3", "m4", "m5", "m6", "m7", "m8"])?.as_str();
    if captures.name("place").is_some() {
        return Some((Kind::Named(format!("/{mark}")), captures[0].len()));
    }
    let name = group(&["room", "name", "dir", "word", "host", "at", "any"])?.as_str();
    let name = if captures.name("any").is_some() { "" } else { name };
    // `ls ~ # all of them` is a command with a note.
    if captures.name("at").is_some() && is_known(name) {
        return None;
    }
    // A word before a mark is a prompt only before what is surely a command.
    let bare = captures.name("dir").is_none() && captures.name("room").is_none();
    if bare && !begins_surely(after) && !is_shell_and_version(name) {
        return None;
    }
    Some((Kind::Named(format!("{name}{mark}")), captures[0].len()))
}

/// A theme's mark, and the directory and branch that it may show after it.
pub(super) fn theme(rest: &str) -> Option<(Kind, usize)> {
    if rest.is_empty() || rest.as_bytes()[0].is_ascii() {
        return None;
    }
    let captures = THEME.captures(rest)?;
    let mark = captures["mark"].chars().next()?;
    let length = captures[0].len();
    let kind = Kind::Theme(mark);
    if captures.name("dir").is_some() {
        return Some((kind, length));
    }
    let after = &rest[length..];
    let Some((first, command)) = after.split_once(is_blank) else {
        // `➜  ~` waits for a command.
        let place = after.starts_with(['~', '/']);
        return Some((kind, if place { rest.len() } else { length }));
    };
    let place = first.starts_with(['~', '/']) && first.strip_suffix(".sh").is_none();
    let command = command.trim_start_matches(is_blank);
    let shows_place = place
        || (captures["gap"].chars().count() > 1 || !is_surely_a_command(after))
            && begins_surely(command)
            && !begins_surely(after);
    Some((kind, if shows_place { rest.len() - command.len() } else { length }))
}
