//! Values that are known by the key before them.

use super::value::{Piece, Space, Type};

/// Marks what only its key tells: `resourceVersion: "512"`, `uid: …`.
pub(crate) fn mark(found: &mut [Piece<'_>]) {
    let between = |piece: &Piece<'_>| {
        piece.as_str().chars().all(|char| matches!(char, ' ' | '\t' | ':' | '"' | '=' | '\\'))
    };
    for index in 1..found.len() {
        let Piece::Text(text) = found[index] else {
            continue;
        };
        let version = text.bytes().all(|byte| byte.is_ascii_digit());
        let uid = text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        if !(version || uid) || !between(&found[index - 1]) {
            continue;
        }
        let mut before = found[..index].iter().rev().skip_while(|piece| between(piece));
        let key = before.next().map_or("", Piece::as_str);
        let long = key == "Version"
            && before.find(|piece| !between(piece)).is_some_and(|it| it.as_str() == "Resource");
        if version && (long || key == "resourceVersion") {
            found[index] = Piece::Value(Type::Revision, text);
        } else if uid && matches!(key, "uid" | "UID") {
            found[index] = Piece::Value(Type::Identity(Space::Uid), text);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compare::value::pieces;

    fn value(text: &str) -> Option<(Type, &str)> {
        pieces(text).into_iter().find_map(|piece| match piece {
            Piece::Value(type_, value) => Some((type_, value)),
            Piece::Text(_) => None,
        })
    }

    #[test]
    fn a_key_tells_what_a_value_is() {
        for text in
            ["resourceVersion: \"512\"", "\"resourceVersion\":\"512\",", "Resource Version:  512"]
        {
            assert_eq!(value(text), Some((Type::Revision, "512")), "{text}");
        }
        let uid = "0123456789abcdef0123456789abcdef";
        let text = format!("uid: {uid}");
        assert_eq!(value(&text), Some((Type::Identity(Space::Uid), uid)));
        for text in ["generation: 512", "replicas: 3", "resourceVersion of 512", "512"] {
            assert_eq!(value(text), None, "{text}");
        }
    }
}
