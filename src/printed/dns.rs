//! What `nslookup` prints, in its three formats: bind's, and those of the old
//! and the new busybox.

use super::normalise::Line;

/// What a name server was asked and said.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Lookup {
    /// The server's address, and its line.
    pub(crate) server: Option<(String, usize)>,
    /// The answers, in the order of the output.
    pub(crate) answers: Vec<Answer>,
    /// What was asked in vain.
    pub(crate) failures: Vec<Failure>,
}

/// A name and one address of it, or the name that it stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Answer {
    /// The name, in small letters, without a final dot.
    pub(crate) name: String,
    /// The address; the other name for an alias.
    pub(crate) value: String,
    /// Its line.
    pub(crate) line: usize,
}

/// A name without an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Failure {
    /// The name; empty where the output does not repeat it.
    pub(crate) name: String,
    /// `NXDOMAIN`, `SERVFAIL`, `no answer`, `timed out`, or `unresolved` where
    /// the format does not tell.
    pub(crate) reason: String,
    /// Its line.
    pub(crate) line: usize,
}

/// Reads an output as that of `nslookup`; none where a line of it is not.
pub(crate) fn read(lines: &[Line]) -> Option<Lookup> {
    let mut lookup = Lookup::default();
    let mut name: Option<String> = None;
    for line in lines.iter().filter(|line| !line.is_blank()) {
        let text = line.text.trim();
        if let Some(failure) = failure(text) {
            lookup.failures.push(Failure { line: line.number, ..failure });
        } else if let Some(server) = value_of(text, "Server") {
            lookup.server.get_or_insert((server.to_owned(), line.number));
        } else if let Some(found) = value_of(text, "Name") {
            name = Some(plain(found));
        } else if let Some(address) = address(text) {
            match &name {
                Some(name) => lookup.answers.push(Answer {
                    name: name.clone(),
                    value: address.to_owned(),
                    line: line.number,
                }),
                None => lookup.server = Some((address.to_owned(), line.number)),
            }
        } else if let Some((alias, target)) = text.split_once("canonical name = ") {
            let (name, value) = (plain(alias.trim()), plain(target));
            lookup.answers.push(Answer { name, value, line: line.number });
        } else if !is_frame(text) {
            return None;
        }
    }
    let asked = lookup.server.is_some() || !lookup.failures.is_empty();
    (asked && (!lookup.answers.is_empty() || !lookup.failures.is_empty())).then_some(lookup)
}

/// Lines around an answer that say nothing of it.
fn is_frame(text: &str) -> bool {
    text.starts_with("Non-authoritative answer")
        || text.starts_with("command terminated with exit code ")
        || text.starts_with("command terminated with non-zero exit code")
        || text.starts_with("pod \"") && text.ends_with(" deleted")
}

fn failure(text: &str) -> Option<Failure> {
    let made = |name: &str, reason: &str| {
        Some(Failure { name: plain(name), reason: reason.to_owned(), line: 0 })
    };
    if text.starts_with(";; connection timed out") || text.starts_with(";; communications error") {
        return made("", "timed out");
    }
    if let Some(rest) = text.strip_prefix("** server can't find ") {
        let (name, reason) = rest.rsplit_once(": ")?;
        return made(name, reason);
    }
    if let Some(rest) = text.strip_prefix("*** Can't find ") {
        let (name, reason) = rest.rsplit_once(": ")?;
        return made(name, &reason.to_ascii_lowercase());
    }
    let rest = text.strip_prefix("nslookup: can't resolve ")?;
    let name = rest.split('\'').nth(1).unwrap_or(rest);
    // busybox writes this line for the server's own name too.
    (name != "(null)").then_some(())?;
    made(name, "unresolved")
}

/// The value of `KEY:   value`.
fn value_of<'a>(text: &'a str, key: &str) -> Option<&'a str> {
    text.strip_prefix(key)?.strip_prefix(':').map(str::trim).filter(|value| !value.is_empty())
}

/// The address of `Address: 10.0.0.1#53`, `Address:\t10.0.0.1:53` or
/// `Address 1: 10.0.0.1 name`.
fn address(text: &str) -> Option<&str> {
    let rest = text.strip_prefix("Address")?;
    let rest = rest.trim_start_matches(|char: char| char == ' ' || char.is_ascii_digit());
    let value = rest.strip_prefix(':')?.split_whitespace().next()?;
    let value = value.split('#').next()?;
    let bare = value.strip_prefix('[').and_then(|rest| rest.split(']').next());
    Some(bare.unwrap_or_else(|| match value.split_once(':') {
        Some((address, port)) if !port.contains(':') => address,
        _ => value,
    }))
}

fn plain(name: &str) -> String {
    name.trim_end_matches('.').to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::printed::normalise::lines;

    fn lookup(text: &str) -> Lookup {
        read(&lines(text, 1)).expect("an answer")
    }

    #[test]
    fn the_three_formats_say_the_same() {
        let bind = lookup(
            "Server:\t\t10.96.0.10\nAddress:\t10.96.0.10#53\n\nName:\ta.b.svc\nAddress: 10.244.0.5\n",
        );
        let old = lookup(
            "Server:    10.96.0.10\nAddress 1: 10.96.0.10 kube-dns.kube-system\n\nName:      a.b.svc\n\
             Address 1: 10.244.0.5 a.b.svc\n",
        );
        let new = lookup(
            "Server:\t\t10.96.0.10\nAddress:\t10.96.0.10:53\n\nName:\ta.b.svc\nAddress: 10.244.0.5\n\n",
        );
        for found in [&bind, &old, &new] {
            assert_eq!(
                found.server.as_ref().map(|(server, _)| server.as_str()),
                Some("10.96.0.10")
            );
            assert_eq!(found.answers[0].name, "a.b.svc");
            assert_eq!(found.answers[0].value, "10.244.0.5");
            assert_eq!(found.answers[0].line, 5);
        }
    }

    #[test]
    fn failures_are_read_with_their_reason() {
        let found = lookup(
            "Server:\t\t10.96.0.10\nAddress:\t10.96.0.10#53\n\n** server can't find a.b: NXDOMAIN\n",
        );
        assert_eq!(
            (found.failures[0].name.as_str(), found.failures[0].reason.as_str()),
            ("a.b", "NXDOMAIN")
        );
        let found = lookup(";; connection timed out; no servers could be reached\n");
        assert_eq!(found.failures[0].reason, "timed out");
        let found =
            lookup("Server:    10.0.0.10\nAddress 1: 10.0.0.10\n\nnslookup: can't resolve 'a'\n");
        assert_eq!(
            (found.failures[0].name.as_str(), found.failures[0].reason.as_str()),
            ("a", "unresolved")
        );
    }

    #[test]
    fn an_alias_and_addresses_of_version_6() {
        let found = lookup(
            "Server:\t\tfd00::a\nAddress:\tfd00::a#53\n\nwww.x.\tcanonical name = y.x.\nName:\ty.x\nAddress: fd00::5\n",
        );
        assert_eq!(
            (found.answers[0].name.as_str(), found.answers[0].value.as_str()),
            ("www.x", "y.x")
        );
        assert_eq!(found.answers[1].value, "fd00::5");
        assert_eq!(address("Address:\t[fd00::a]:53"), Some("fd00::a"));
    }

    #[test]
    fn other_outputs_are_none() {
        assert_eq!(read(&lines("Name:   web\nNamespace:  default", 1)), None);
        assert_eq!(read(&lines("", 1)), None);
        assert_eq!(read(&lines("16", 1)), None);
    }
}
