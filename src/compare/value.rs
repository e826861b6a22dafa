//! Recognises typed values in a text: what stays as it is, what only has to be
//! of its type, and what is an identity.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::{duration, keyed, name, stamp};

/// A kind of identity. Values are bound within one space and never across two.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Space {
    /// The name of a pod with generated parts.
    Pod,
    /// The hash of a pod's template, as in a `ReplicaSet`'s name.
    TemplateHash,
    /// A UID, which a provisioned volume has in its name too.
    Uid,
    /// An IPv4 or IPv6 address.
    Address,
    /// The identifier of a container or the digest of an image.
    Container,
    /// A node's name.
    Node,
    /// A port of the nodes that the cluster chose.
    NodePort,
    /// A number that an application keeps, by the command that reads it.
    Number(String),
}

impl fmt::Display for Space {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Pod => "pod",
            Self::TemplateHash => "template hash",
            Self::Uid => "UID",
            Self::Address => "address",
            Self::Container => "container",
            Self::Node => "node",
            Self::NodePort => "node port",
            Self::Number(_) => "number",
        })
    }
}

/// What a value is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Type {
    /// A duration; any other is as good.
    Duration,
    /// A date, a time or both; any other is as good.
    Time,
    /// The version of a stored object; any other is as good.
    Revision,
    /// Stands for the same thing all over the page.
    Identity(Space),
}

/// A part of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Piece<'a> {
    /// Stable text.
    Text(&'a str),
    /// A typed value.
    Value(Type, &'a str),
}

impl<'a> Piece<'a> {
    /// The text of it.
    pub(crate) fn as_str(&self) -> &'a str {
        match self {
            Self::Text(text) | Self::Value(_, text) => text,
        }
    }
}

/// Splits a text into stable text and typed values; joined again they are the
/// text.
pub(crate) fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut found = Vec::new();
    if let Some((head, age, rest)) = stamp::event(text) {
        read_atoms(head, &mut found);
        found.push(Piece::Value(Type::Duration, age));
        read_atoms(rest, &mut found);
    } else {
        let mut from = 0;
        for date in stamp::dates(text) {
            read_atoms(&text[from..date.start], &mut found);
            found.push(Piece::Value(Type::Time, &text[date.clone()]));
            from = date.end;
        }
        read_atoms(&text[from..], &mut found);
    }
    mark_ages(&mut found);
    keyed::mark(&mut found);
    found
}

fn read_atoms<'a>(text: &'a str, found: &mut Vec<Piece<'a>>) {
    let mut rest = text;
    while !rest.is_empty() {
        let atom = rest.find(|char| !in_atom(char)).unwrap_or(rest.len());
        if atom > 0 {
            read_atom(&rest[..atom], found);
            rest = &rest[atom..];
            continue;
        }
        let gap = rest.find(in_atom).unwrap_or(rest.len());
        found.push(Piece::Text(&rest[..gap]));
        rest = &rest[gap..];
    }
}

fn in_atom(char: char) -> bool {
    char.is_ascii_alphanumeric() || matches!(char, '-' | '_' | '.' | ':' | '+')
}

fn read_atom<'a>(atom: &'a str, found: &mut Vec<Piece<'a>>) {
    let bare = atom.trim_end_matches(['.', ':', '-', '+']);
    // An IPv6 address may end in `::`.
    let (value, tail) =
        if atom.ends_with("::") && address(atom) { (atom, "") } else { atom.split_at(bare.len()) };
    if !value.is_empty() {
        read_value(value, found);
    }
    push_text(tail, found);
}

fn read_value<'a>(value: &'a str, found: &mut Vec<Piece<'a>>) {
    if read_whole(value, found) {
        return;
    }
    // `ADDRESS:PORT`, `POD.SERVICE.NAMESPACE`, `sha256:DIGEST`.
    for part in value.split_inclusive(':') {
        let (part, colon) =
            part.strip_suffix(':').map_or((part, ""), |bare| (bare, &part[bare.len()..]));
        if !read_whole(part, found) {
            for label in part.split_inclusive('.') {
                let (label, dot) = label
                    .strip_suffix('.')
                    .map_or((label, ""), |bare| (bare, &label[bare.len()..]));
                if !read_whole(label, found) {
                    push_text(label, found);
                }
                push_text(dot, found);
            }
        }
        push_text(colon, found);
    }
}

fn push_text<'a>(text: &'a str, found: &mut Vec<Piece<'a>>) {
    if !text.is_empty() {
        found.push(Piece::Text(text));
    }
}

/// Takes the text as one value, or as a stable beginning and a value.
fn read_whole<'a>(value: &'a str, found: &mut Vec<Piece<'a>>) -> bool {
    if let Some(type_) = whole(value) {
        found.push(Piece::Value(type_, value));
        return true;
    }
    // `pvc-UID` and its like.
    if let Some(start) = value.len().checked_sub(36)
        && value[..start].ends_with('-')
        && name::is_uuid(&value[start..])
    {
        found.push(Piece::Text(&value[..start]));
        found.push(Piece::Value(Type::Identity(Space::Uid), &value[start..]));
        return true;
    }
    if let Some((stable, hash)) = name::of_replica_set(value) {
        found.push(Piece::Text(&value[..=stable.len()]));
        found.push(Piece::Value(Type::Identity(Space::TemplateHash), hash));
        return true;
    }
    false
}

fn whole(value: &str) -> Option<Type> {
    let identity = |space| Some(Type::Identity(space));
    if name::is_uuid(value) {
        return identity(Space::Uid);
    }
    if address(value) {
        return identity(Space::Address);
    }
    if is_time(value) {
        return Some(Type::Time);
    }
    if name::of_deployment(value).is_some() {
        return identity(Space::Pod);
    }
    if name::is_lone_hash(value) {
        return identity(Space::TemplateHash);
    }
    if value.len() == 64 && value.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return identity(Space::Container);
    }
    None
}

/// Durations are volatile only where the text says that they are an age: a
/// period in a configuration is a literal.
fn mark_ages(found: &mut [Piece<'_>]) {
    for index in 0..found.len() {
        let Piece::Text(text) = found[index] else {
            continue;
        };
        if !duration::is_duration(text) {
            continue;
        }
        let next =
            found[index + 1..].iter().map(Piece::as_str).find(|word| !word.trim().is_empty());
        let before =
            found[..index].iter().rev().map(Piece::as_str).find(|word| !word.trim().is_empty());
        let is_age = next.is_some_and(|word| matches!(word, "ago" | "old"))
            || before.is_some_and(|word| matches!(word, "age" | "Age" | "AGE"));
        if is_age {
            found[index] = Piece::Value(Type::Duration, text);
        }
    }
}

/// Whether the text is an address that a cluster or a network gave; loopback and
/// unspecified addresses are written by authors.
pub(crate) fn address(text: &str) -> bool {
    let candidate = match text.parse::<Ipv4Addr>() {
        Ok(address) => IpAddr::V4(address),
        Err(_) if text.len() >= 5 && text.contains(|char: char| char.is_ascii_digit()) => {
            match text.parse::<Ipv6Addr>() {
                Ok(address) => IpAddr::V6(address),
                Err(_) => return false,
            }
        }
        Err(_) => return false,
    };
    !candidate.is_loopback() && !candidate.is_unspecified()
}

/// `2024-11-28`, `15:04:05`, `15:04:05.123456` or RFC 3339.
fn is_time(text: &str) -> bool {
    let (date, time) = match text.split_once('T') {
        Some((date, time)) => (Some(date), Some(time)),
        None if text.contains(':') => (None, Some(text)),
        None => (Some(text), None),
    };
    date.is_none_or(is_date) && time.is_none_or(is_clock)
}

fn is_date(text: &str) -> bool {
    matches_mask(text, "dddd-dd-dd")
}

fn is_clock(text: &str) -> bool {
    let Some((clock, rest)) = text.split_at_checked(8) else {
        return false;
    };
    let rest = rest.trim_end_matches('Z');
    let (fraction, zone) = rest.find(['+', '-']).map_or((rest, ""), |at| rest.split_at(at));
    let fraction = fraction.strip_prefix('.').map_or(fraction.is_empty(), |digits| {
        !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
    });
    matches_mask(clock, "dd:dd:dd")
        && fraction
        && (zone.is_empty() || matches_mask(&zone[1..], "dd:dd"))
}

fn matches_mask(text: &str, mask: &str) -> bool {
    text.len() == mask.len()
        && text.bytes().zip(mask.bytes()).all(|(byte, mask)| match mask {
            b'd' => byte.is_ascii_digit(),
            _ => byte == mask,
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(text: &str) -> Vec<(Type, &str)> {
        let found = pieces(text);
        assert_eq!(
            found.iter().map(Piece::as_str).collect::<String>(),
            text,
            "pieces join to the text"
        );
        found
            .into_iter()
            .filter_map(|piece| match piece {
                Piece::Value(type_, value) => Some((type_, value)),
                Piece::Text(_) => None,
            })
            .collect()
    }

    fn identity(text: &str) -> (Space, &str) {
        match values(text).as_slice() {
            [(Type::Identity(space), value)] => (space.clone(), value),
            other => panic!("{text}: {other:?}"),
        }
    }

    #[test]
    fn identities_are_found_inside_a_text() {
        let uid = "ef4064c4-3d80-4a72-9f5c-28e597a8ffa1";
        assert_eq!(identity(uid), (Space::Uid, uid));
        assert_eq!(identity(&format!("pv/pvc-{uid}")), (Space::Uid, uid));
        assert_eq!(identity("10.96.0.10#53"), (Space::Address, "10.96.0.10"));
        assert_eq!(identity("http://10.96.0.10:80/x"), (Space::Address, "10.96.0.10"));
        assert_eq!(identity("fd00:10:244::5"), (Space::Address, "fd00:10:244::5"));
        assert_eq!(identity("\"app-67f77f58f8-hj279\"."), (Space::Pod, "app-67f77f58f8-hj279"));
        assert_eq!(
            identity("app-67f77f58f8-hj279.app.default.svc"),
            (Space::Pod, "app-67f77f58f8-hj279")
        );
        assert_eq!(identity("rs/app-67f77f58f8"), (Space::TemplateHash, "67f77f58f8"));
        assert_eq!(
            identity("pod-template-hash=67f77f58f8,app=x"),
            (Space::TemplateHash, "67f77f58f8")
        );
        let digest = "0123456789abcdef".repeat(4);
        assert_eq!(identity(&format!("sha256:{digest}")), (Space::Container, digest.as_str()));
    }

    #[test]
    fn what_authors_write_is_text() {
        for text in [
            "nginx:1.14.2",
            "127.0.0.1:8080",
            "0.0.0.0/0",
            "app-python-0",
            "visits/visits.txt",
            "Hello, world!",
            "16",
            "v1.36.3",
            "a::b",
            "std::fmt",
            "period=10s",
            "...",
            "--",
            "5000/TCP",
            "é ➜ x",
        ] {
            assert_eq!(values(text), [], "{text}");
        }
    }

    #[test]
    fn times_and_ages_are_volatile() {
        assert_eq!(values("2024-11-28T10:00:00.5Z")[0].0, Type::Time);
        assert_eq!(values("2024-11-28T10:00:00+02:00")[0].0, Type::Time);
        assert_eq!(values("2024-11-28 10:00:00").len(), 2);
        assert_eq!(values("2 (3m3s ago)"), [(Type::Duration, "3m3s")]);
        assert_eq!(values("age 5s, 3h old").len(), 2);
        for text in ["retried after 30s", "restart in 10s", "took 3s"] {
            assert_eq!(values(text), [], "{text}: what an author set");
        }
    }
}
