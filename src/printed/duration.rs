//! Durations as kubectl prints them (AGE, `3m3s ago`, DURATION).
//!
//! `HumanDuration` of k8s.io/apimachinery prints one or two neighbouring units
//! (`119s`, `9m59s`, `179m`, `7h51m`, `47h`, `2d22h`, `8d`, `2y11d`, `9y`); old
//! clients print one, and Go's own `Duration` up to three.

/// The units from long to short: seconds in one, and how many of it make one of
/// the unit before.
const UNITS: [(char, u64, u64); 5] = [
    ('y', 31_536_000, u64::MAX),
    ('d', 86_400, 365),
    ('h', 3_600, 24),
    ('m', 60, 60),
    ('s', 1, 60),
];

/// The seconds of a duration; none where the text is no duration, such as
/// `<invalid>`, `<unknown>` or `1m75s`.
pub(crate) fn seconds(text: &str) -> Option<u64> {
    let mut rest = text;
    let mut total = 0_u64;
    let mut before: Option<usize> = None;
    while !rest.is_empty() {
        let digits = rest.find(|char: char| !char.is_ascii_digit())?;
        if digits == 0 || digits > 9 {
            return None;
        }
        let amount: u64 = rest[..digits].parse().ok()?;
        let letter = rest[digits..].chars().next()?;
        let unit = UNITS.iter().position(|(name, ..)| *name == letter)?;
        if let Some(before) = before
            && (unit != before + 1 || amount >= UNITS[unit].2)
        {
            return None;
        }
        total += amount * UNITS[unit].1;
        before = Some(unit);
        rest = &rest[digits + 1..];
    }
    before.map(|_| total)
}

/// Whether the text is a duration.
pub(crate) fn is_duration(text: &str) -> bool {
    seconds(text).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_of_kubectl_is_a_duration() {
        for text in [
            "0s", "119s", "2m", "9m59s", "10m", "179m", "3h", "7h59m", "8h", "47h", "2d", "7d23h",
            "8d", "729d", "2y", "2y11d", "7y364d", "8y", "1h", "1d", "1h0m5s",
        ] {
            assert!(is_duration(text), "{text}");
        }
    }

    #[test]
    fn other_texts_are_none() {
        for text in [
            "",
            "<invalid>",
            "<unknown>",
            "-5s",
            "5",
            "s",
            "1m75s",
            "1d30m",
            "5s2m",
            "5x",
            "12345678901s",
        ] {
            assert!(!is_duration(text), "{text}");
        }
    }

    #[test]
    fn seconds_add_up() {
        assert_eq!(seconds("3m3s"), Some(183));
        assert_eq!(seconds("2d22h"), Some(252_000));
    }
}
