//! Durations as people write them: `60s`, `5m`, `1m30s`, `500ms`.

use std::time::Duration;

/// Units in their order, from the greatest, with their milliseconds.
const UNITS: [(&str, u64); 4] = [("h", 3_600_000), ("m", 60_000), ("s", 1000), ("ms", 1)];

/// Reads a duration: whole numbers with units, the greater unit first.
pub(crate) fn parse(text: &str) -> Option<Duration> {
    let mut rest = text;
    let mut milliseconds = 0_u64;
    let mut units = UNITS.as_slice();
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit())?;
        let (number, after) = rest.split_at(digits);
        let length = after.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(after.len());
        let (unit, after) = after.split_at(length);
        let place = units.iter().position(|(name, _)| *name == unit)?;
        let part = number.parse::<u64>().ok()?.checked_mul(units[place].1)?;
        milliseconds = milliseconds.checked_add(part)?;
        units = &units[place + 1..];
        rest = after;
    }
    (!text.is_empty()).then_some(Duration::from_millis(milliseconds))
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn durations_are_numbers_with_units() {
        let seen = ["60s", "5m", "1m30s", "500ms", "1h", "0s"]
            .map(|text| parse(text).map(|d| d.as_millis()));
        assert_eq!(seen, [60_000, 300_000, 90_000, 500, 3_600_000, 0].map(Some));
    }

    #[test]
    fn anything_else_is_none() {
        for text in [
            "",
            "60",
            "s",
            "1.5m",
            "-5s",
            "5 m",
            "30s1m",
            "5m5m",
            "99999999999999999999s",
            "18446744073709551615h",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
