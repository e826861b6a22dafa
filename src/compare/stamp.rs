//! When something happened, in the spellings that take several words: dates, and
//! the ages of a description's events.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::duration;

/// Dates with a time of day: RFC 1123 and 850, `date` and Go's ANSIC and Unix
/// layouts, the logs of Apache and nginx, and Go's own with its zone. The
/// names of zones are listed: a log's `INFO` and `POST` stand there too.
static DATE: LazyLock<Regex> = LazyLock::new(|| {
    let day = "(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)";
    let month = "(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)";
    let clock = r"\d\d:\d\d:\d\d(?:[.,]\d+)?(?: [AP]M)?";
    let name = "(?:UTC|GMT|CES?T|EES?T|WES?T|[ECMP][SD]T|BST|IST|JST|KST|MSK|AE[SD]T|SGT)";
    let offset = r"[+-]\d\d:?\d\d";
    let zone = format!(r"(?: (?:{name}\b|{offset}(?: (?:{name}|[+-]\d\d(?:\d\d)?)\b)?))");
    let spellings = [
        format!(r"{day}[a-z]*,? \d{{1,2}}[ -]{month}[ -]\d{{2,4}} {clock}{zone}?"),
        format!(r"{day} {month} {{1,2}}\d{{1,2}} {clock}{zone}? \d{{4}}"),
        format!(r"\d{{1,2}}/{month}/\d{{4}}:{clock}{zone}?"),
        format!(r"\d{{4}}/\d\d/\d\d {clock}"),
        format!(r"\d{{4}}-\d\d-\d\d {clock}{zone}"),
    ];
    Regex::new(&format!(r"\b(?:{})", spellings.join("|"))).expect("the pattern is a constant")
});

/// Where dates stand in a text.
pub(crate) fn dates(text: &str) -> Vec<Range<usize>> {
    // Most lines hold no time of day, and are not searched.
    let minutes = |part: &str| part.starts_with(|char: char| char.is_ascii_digit());
    if !text.split(':').skip(1).any(minutes) {
        return Vec::new();
    }
    DATE.find_iter(text).map(|found| found.range()).collect()
}

/// A description's event: what stands before its age, the age with how often it
/// came (`3s (x2 over 10s)`), and the rest. None where the text is no event.
pub(crate) fn event(text: &str) -> Option<(&str, &str, &str)> {
    let indented = text.trim_start();
    let kind = ["Normal ", "Warning "].iter().find(|kind| indented.starts_with(**kind))?;
    let reason = indented[kind.len()..].trim_start();
    let age = reason[reason.find(' ')?..].trim_start();
    let mut end = age.find(' ')?;
    if !duration::is_duration(&age[..end]) {
        return None;
    }
    if let Some(inside) = age[end..].strip_prefix(" (x")
        && let Some(close) = inside.find(')')
        && let Some((count, over)) = inside[..close].split_once(" over ")
        && count.bytes().all(|byte| byte.is_ascii_digit())
        && duration::is_duration(over)
    {
        end += " (x".len() + close + 1;
    }
    let start = text.len() - age.len();
    Some((&text[..start], &age[..end], &age[end..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_found_whole() {
        for date in [
            "Thu, 28 Nov 2024 10:00:00 +0000",
            "Thu, 28 Nov 2024 10:00:00 GMT",
            "Thu Nov 28 10:00:00 2024",
            "Thu Nov  8 10:00:00 UTC 2024",
            "Thu 28 Nov 2024 10:00:00 AM UTC",
            "28/Nov/2024:10:00:00 +0000",
            "2024/11/28 10:00:00",
            "2024-11-28 10:00:00.123456789 +0300 MSK",
            "2024-11-28 10:00:00 +0000 UTC",
        ] {
            let text = format!("at {date} GET /");
            let found: Vec<&str> = dates(&text).into_iter().map(|range| &text[range]).collect();
            assert_eq!(found, [date]);
        }
        for text in ["10:00", "Nov 28", "on Thu Nov 28", "a 28/Nov/2024", "x:1"] {
            assert!(dates(text).is_empty(), "{text}");
        }
    }

    #[test]
    fn an_event_is_taken_apart() {
        assert_eq!(
            event("  Normal   Pulled  3s (x2 over 10s)  kubelet  Image is there"),
            Some(("  Normal   Pulled  ", "3s (x2 over 10s)", "  kubelet  Image is there"))
        );
        assert_eq!(event("Warning  Failed  5m  kubelet  no").map(|event| event.1), Some("5m"));
        for text in
            ["Normal day", "Normal  is what  kubelet does", "Type  Reason  3s  x", "Normal  "]
        {
            assert_eq!(event(text), None, "{text}");
        }
    }
}
