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

/// Whether some version of kubectl prints this duration for an age.
///
/// Since 1.12 it is `HumanDuration`: two units below a bound, one above, and
/// the second one left out where it is zero; only years without days were once
/// printed with theirs (`2y0d`). Before, one unit alone, of which
/// each amount is also one of today's.
pub(crate) fn is_by_kubectl(text: &str) -> bool {
    let mut parts = text.split_inclusive(|char: char| !char.is_ascii_digit()).map(|part| {
        let (amount, unit) = part.split_at_checked(part.len().checked_sub(1)?)?;
        let plain = amount == "0" || !amount.starts_with('0');
        Some((amount.parse::<u64>().ok().filter(|_| plain)?, unit))
    });
    match (parts.next(), parts.next(), parts.next()) {
        (Some(Some((amount, unit))), None, None) => match unit {
            "s" => amount < 120,
            "m" => (1..180).contains(&amount),
            "h" => (1..48).contains(&amount),
            "d" => (1..730).contains(&amount),
            "y" => amount > 0,
            _ => false,
        },
        (Some(Some((amount, unit))), Some(Some((rest, smaller))), None) => {
            let (bounds, rests) = match (unit, smaller) {
                ("m", "s") => (2..10, 1..60),
                ("h", "m") => (3..8, 1..60),
                ("d", "h") => (2..8, 1..24),
                ("y", "d") => (2..8, 0..365),
                _ => return false,
            };
            bounds.contains(&amount) && rests.contains(&rest)
        }
        _ => false,
    }
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
    fn kubectl_prints_few_durations() {
        for text in [
            "0s", "119s", "2m", "9m59s", "10m", "179m", "3h", "7h59m", "8h", "47h", "2d", "7d23h",
            "8d", "729d", "2y", "2y0d", "2y11d", "7y364d", "8y", "1m", "1h", "1d", "1y",
        ] {
            assert!(is_by_kubectl(text), "{text}");
        }
        for text in [
            "",
            "5",
            "120s",
            "0m5s",
            "1m5s",
            "10m5s",
            "5m60s",
            "180m",
            "0h",
            "1h5m",
            "8h3m",
            "48h",
            "1d2h",
            "2m0s",
            "3h0m",
            "1d0h",
            "2d0h",
            "8d1h",
            "730d",
            "90s30m",
            "25h70m",
            "5 min",
            "05s",
            "5m 3s",
            "1h0m5s",
            "s",
            "5é",
            "99999999999999999999s",
        ] {
            assert!(!is_by_kubectl(text), "{text}");
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
