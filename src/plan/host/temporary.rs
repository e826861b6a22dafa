//! The names that a page gives to what it makes: a file of such a name in `/tmp` is its own.

use std::collections::BTreeSet;

use super::files::removes;
use crate::lab::without_wrappers;
use crate::lab::words::Script;

/// The words of a page's commands and outputs, but for those of commands that remove.
#[derive(Debug, Default)]
pub(super) struct Names(BTreeSet<String>);

impl Names {
    /// Those of these commands and outputs.
    pub(super) fn of<'a>(texts: impl IntoIterator<Item = &'a str>) -> Self {
        let mut names = BTreeSet::new();
        for text in texts {
            names.extend(words(&kept(text)).map(str::to_owned));
        }
        Self(names)
    }

    /// Whether the page has the name, or one that begins so.
    pub(super) fn has(&self, name: &str, begins: bool) -> bool {
        // What a variable holds is not known.
        if name.contains(['$', '`']) {
            return true;
        }
        let mut parts = words(name).peekable();
        while let Some(part) = parts.next() {
            let known = if begins && parts.peek().is_none() {
                let from = self.0.range(part.to_owned()..).next();
                from.is_some_and(|first| first.starts_with(part))
            } else {
                self.0.contains(part)
            };
            if !known {
                return false;
            }
        }
        true
    }
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    let parts = text.split(|c: char| !c.is_alphanumeric() && !matches!(c, '.' | '-' | '_'));
    parts.filter(|part| !part.is_empty())
}

/// A text without the words of its commands that remove.
fn kept(text: &str) -> String {
    let script = Script::new(text);
    let mut kept = String::new();
    let mut from = 0;
    for command in script.commands() {
        let name = without_wrappers(&command.words).first();
        if !name.is_some_and(|name| removes(&name.text)) {
            continue;
        }
        for word in &command.words {
            kept.push_str(text.get(from..word.span.start).unwrap_or_default());
            from = word.span.end;
        }
    }
    kept.push_str(text.get(from..).unwrap_or_default());
    kept
}

#[cfg(test)]
mod tests {
    use super::Names;

    #[test]
    fn what_is_only_removed_is_not_named() {
        let names = Names::of([
            "sudo rm -rf /tmp/gone && cp a /tmp/made; rmdir /tmp/other",
            "cat <<EOF >run.sh\ntouch /tmp/inside\nEOF",
            "/tmp/tmp.X1",
        ]);
        for name in ["made", "inside", "tmp.X1", "$NAME"] {
            assert!(names.has(name, false), "{name}");
        }
        for name in ["gone", "other", "mad", "rm"] {
            assert!(!names.has(name, false), "{name}");
        }
        assert!(names.has("tmp.", true) && !names.has("tmp.Y", true));
    }
}
