//! Ages that no version of kubectl prints.

use super::shown::Shown;
use super::{Finding, place};
use crate::lab::{Diagnostic, Severity};
use crate::printed::duration::is_by_kubectl;

pub(super) static FINDING: Finding = Finding {
    id: "impossible-age",
    severity: Severity::Warning,
    summary: "\
An age is none that kubectl prints, so that the output was typed or changed by hand. kubectl \
rounds ages: `0s` to `119s`, `2m` to `9m59s`, `10m` to `179m`, `3h` to `7h59m`, `8h` to `47h`, \
`2d` to `7d23h`, `8d` to `729d`, then years and days, and leaves out what is zero: `2m`, never `2m0s`. Whole units such as `1h` and `1d`, which it \
printed before 1.12, are not meant.",
    example: "\
```console
$ kubectl get pods
NAME   READY   STATUS    RESTARTS       AGE
web    1/1     Running   2 (1m5s ago)   25h70m
```
",
    instead: "\
```console
$ kubectl get pods
NAME   READY   STATUS    RESTARTS      AGE
web    1/1     Running   2 (65s ago)   26h
```
",
    find: Some(find),
};

fn find(shown: &Shown<'_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for at in &shown.tables {
        let table = &at.table;
        for (column, name) in table.columns.iter().enumerate() {
            for row in &table.rows {
                let cell = row.cells[column].as_str();
                let age = match name.as_str() {
                    "AGE" => cell,
                    "RESTARTS" => ago(cell).unwrap_or_default(),
                    _ => continue,
                };
                if !is_like_an_age(age) || is_by_kubectl(age) {
                    continue;
                }
                let mut span = place::cell(shown.document, row, column);
                if let Some(at) = shown.document.text()[span.clone()].find(age) {
                    span = span.start + at..span.start + at + age.len();
                }
                found.push(
                    FINDING
                        .at(span, format!("kubectl prints no age `{age}`"))
                        .help("show what the command printed, as it printed it"),
                );
            }
        }
    }
    found
}

/// The age in `4 (3m3s ago)`.
fn ago(restarts: &str) -> Option<&str> {
    restarts.split_once('(')?.1.strip_suffix(" ago)")
}

/// Whether it is meant as an age: a number and words of units. `<invalid>`, `...`
/// and what stands in the place of a row's other cells is not.
fn is_like_an_age(text: &str) -> bool {
    let unit = |word: &str| {
        let word = word.trim_start_matches(|char: char| char.is_ascii_digit());
        matches!(
            word,
            "" | "s"
                | "sec"
                | "secs"
                | "second"
                | "seconds"
                | "m"
                | "min"
                | "mins"
                | "minute"
                | "minutes"
                | "h"
                | "hr"
                | "hrs"
                | "hour"
                | "hours"
                | "d"
                | "day"
                | "days"
                | "w"
                | "y"
                | "year"
                | "years"
        )
    };
    let mut from = 0;
    let mut parts = Vec::new();
    for (at, pair) in text.as_bytes().windows(2).enumerate() {
        // A word ends where a blank or, after letters, a number begins.
        if pair[1] == b' ' || (pair[1].is_ascii_digit() && pair[0].is_ascii_alphabetic()) {
            parts.push(&text[from..=at]);
            from = at + 1;
        }
    }
    parts.push(&text[from..]);
    text.is_ascii()
        && text.starts_with(|char: char| char.is_ascii_digit())
        && text.contains(|char: char| char.is_ascii_alphabetic())
        && parts.iter().all(|part| unit(part.trim_start()))
}

#[cfg(test)]
mod tests {
    use super::FINDING;
    use crate::findings::tests::{drawn, ids_of};

    #[test]
    fn it_is_drawn() {
        insta::assert_snapshot!(drawn(FINDING.id, FINDING.example), @r"
        warning[impossible-age]: kubectl prints no age `1m5s`
         --> lab.md:4:29
          |
        4 | web    1/1     Running   2 (1m5s ago)   25h70m
          |                             ^^^^
          |
          = help: show what the command printed, as it printed it

        warning[impossible-age]: kubectl prints no age `25h70m`
         --> lab.md:4:41
          |
        4 | web    1/1     Running   2 (1m5s ago)   25h70m
          |                                         ^^^^^^
          |
          = help: show what the command printed, as it printed it
        ");
    }

    #[test]
    fn what_is_zero_is_left_out() {
        for age in ["2m0s", "3h0m", "1d0h", "2d0h", "1h0m"] {
            let session = format!("$ kubectl get ns\nNAME   STATUS   AGE\na      Active   {age}\n");
            assert!(ids_of(&session).contains(&FINDING.id), "{age}");
        }
    }

    #[test]
    fn ages_of_any_kubectl_are_none() {
        for session in [
            "\
$ kubectl get pods
NAME   READY   STATUS    RESTARTS        AGE
a      1/1     Running   4 (3m3s ago)    2d22h
b      1/1     Running   0               1h
c      1/1     Running   0               <invalid>
d      1/1     Running   0               1d
e      1/1     Running   0               ...
f      1/1     Running   0               xxm
",
            "\
$ docker ps
NAME   STATUS   AGE
a      Up       5 minutes
",
        ] {
            assert!(!ids_of(session).contains(&FINDING.id), "{session}");
        }
    }
}
