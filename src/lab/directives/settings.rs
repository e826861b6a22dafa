//! The keys of one directive with their values: the inside of a TOML inline
//! table, each place in it brought back to the page.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

use toml::Spanned;
use toml::de::{DeString, DeValue};

use super::comment::Source;
use super::keys::{KEYS, Key, Scope, key, nearest};
use super::pattern::Pattern;
use super::value::Value;
use crate::lab::Diagnostic;

/// Keys with their values, each key once. Settings are shared: one of the page
/// may hold for any number of steps.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Settings(BTreeMap<&'static str, Arc<Setting>>);

/// A value that a directive gives, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting {
    /// The key.
    pub key: &'static str,
    /// Its value.
    pub value: Value,
    /// The bytes of the page that hold the key.
    pub key_span: Range<usize>,
    /// The bytes of the page that hold the value.
    pub value_span: Range<usize>,
}

impl Setting {
    /// The number that it gives.
    pub(super) fn count(&self) -> Option<usize> {
        match self.value {
            Value::Count(count) => Some(count),
            _ => None,
        }
    }
}

impl Settings {
    /// What a key is set to.
    pub fn get(&self, key: &str) -> Option<&Setting> {
        self.0.get(key).map(AsRef::as_ref)
    }

    /// Each key that is set, by name.
    pub fn iter(&self) -> impl Iterator<Item = &Setting> {
        self.shared().map(AsRef::as_ref)
    }

    pub(super) fn shared(&self) -> impl Iterator<Item = &Arc<Setting>> {
        self.0.values()
    }

    /// Why the command is not to be run, where it is not.
    pub fn skip(&self) -> Option<&str> {
        self.text("skip")
    }

    /// How long an attempt may run.
    pub fn timeout(&self) -> Option<Duration> {
        self.duration("timeout")
    }

    /// How long the result may take to come about.
    pub fn wait(&self) -> Option<Duration> {
        self.duration("wait")
    }

    /// The word that a key of a few words is set to.
    pub fn choice(&self, key: &str) -> Option<&'static str> {
        match self.get(key)?.value {
            Value::Choice(word) => Some(word),
            _ => None,
        }
    }

    /// The text that a key is set to.
    pub fn text(&self, key: &str) -> Option<&str> {
        match &self.get(key)?.value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Whether a key that is true or false is set, and to which.
    pub fn flag(&self, key: &str) -> Option<bool> {
        match self.get(key)?.value {
            Value::Flag(flag) => Some(flag),
            _ => None,
        }
    }

    /// The exit codes that are right.
    pub fn exit(&self) -> Option<&[u8]> {
        match &self.get("exit")?.value {
            Value::ExitCodes(codes) => Some(codes),
            _ => None,
        }
    }

    /// The regular expression that a key is set to.
    pub fn pattern(&self, key: &str) -> Option<&Pattern> {
        match &self.get(key)?.value {
            Value::Patterns(patterns) => patterns.first(),
            _ => None,
        }
    }

    fn duration(&self, key: &str) -> Option<Duration> {
        match self.get(key)?.value {
            Value::Duration(duration) => Some(duration),
            _ => None,
        }
    }

    /// Adds a setting; what is wrong where its key is set already.
    pub(super) fn add(&mut self, setting: Arc<Setting>) -> Option<Diagnostic> {
        let Some(first) = self.0.get(setting.key) else {
            self.0.insert(setting.key, setting);
            return None;
        };
        Some(twice(setting.key, setting.key_span.clone(), first.key_span.clone()))
    }

    /// Sets what `other` sets, in place of what was set.
    pub(super) fn overlay(&mut self, other: &Self) {
        self.0.extend(other.0.iter().map(|(key, setting)| (*key, Arc::clone(setting))));
    }

    /// Takes a key away.
    pub(super) fn take(&mut self, key: &str) -> Option<Arc<Setting>> {
        self.0.remove(key)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl IntoIterator for Settings {
    type Item = Arc<Setting>;
    type IntoIter = std::collections::btree_map::IntoValues<&'static str, Arc<Setting>>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_values()
    }
}

/// Reads the keys of a comment from byte `at` of its text.
pub(super) fn read(source: &Source<'_>, at: usize, on_page: bool) -> (Settings, Vec<Diagnostic>) {
    // On a line of its own, as a comment of TOML may end the text.
    let table = format!("{{{}\n}}", &source.text[at..]);
    let mut reader = Reader { source, at, table: &table, on_page, faults: Vec::new() };
    let mut settings = Settings::default();
    match DeValue::parse(&table) {
        Err(error) => reader.syntax(&error),
        Ok(value) => {
            // In the order of the page; the parser has them in that of their names.
            let entries = value.as_ref().as_table().into_iter().flatten();
            let mut entries: Vec<_> = entries.collect();
            entries.sort_by_key(|(key, _)| key.span().start);
            for (key, value) in entries {
                if let Some(setting) = reader.entry(key, value) {
                    reader.faults.extend(settings.add(Arc::new(setting)));
                }
            }
            if reader.faults.is_empty() && settings.is_empty() {
                reader.faults.push(super::empty(source, "no key"));
            }
        }
    }
    (settings, reader.faults)
}

struct Reader<'t> {
    source: &'t Source<'t>,
    /// Where the table begins in the comment's text.
    at: usize,
    /// The table, as it was parsed.
    table: &'t str,
    on_page: bool,
    faults: Vec<Diagnostic>,
}

impl Reader<'_> {
    fn entry(
        &mut self,
        name: &Spanned<DeString<'_>>,
        value: &Spanned<DeValue<'_>>,
    ) -> Option<Setting> {
        let key_span = self.place(name.span());
        let Some(key) = key(name.as_ref()) else {
            self.faults.push(unknown(name.as_ref(), key_span));
            return None;
        };
        if self.on_page && !key.page {
            let message = format!("`{}` concerns a fence, not the page", key.name);
            self.faults.push(
                Diagnostic::error("misplaced-directive-key", key_span, message)
                    .help("write it in a `labbook:` comment right before the fence"),
            );
            return None;
        }
        match key.form.read(self.table, value) {
            Ok(value_read) => Some(Setting {
                key: key.name,
                value: value_read,
                key_span,
                value_span: self.place(value.span()),
            }),
            Err(fault) => {
                let message = format!("`{}`: {}", key.name, fault.message);
                let mut found =
                    Diagnostic::error("bad-directive-value", self.place(fault.span), message);
                found.help = fault.help;
                self.faults.push(found);
                None
            }
        }
    }

    fn syntax(&mut self, error: &toml::de::Error) {
        let span = error.span().unwrap_or(0..0);
        let written = self.table.get(span.clone()).unwrap_or_default().to_owned();
        let place = self.place(span);
        if error.message().starts_with("duplicate key") {
            let first = self.first(&written, place.start);
            let related = first.unwrap_or_else(|| self.source.span.clone());
            self.faults.push(twice(written.trim(), place, related));
            return;
        }
        if let Some((name, span)) = self.without_value() {
            let message = format!("`{name}` needs `=` and a value");
            let help = format!("write `{name} = VALUE`, a text in '…'");
            let place = self.place(span);
            self.faults.push(Diagnostic::error("directive-syntax", place, message).help(help));
            return;
        }
        let message = format!("the directive is no TOML: {}", error.message().trim_end());
        self.faults.push(Diagnostic::error("directive-syntax", place, message).help(
            "write `KEY = VALUE, …`, a text in '…' or, with each `\\` twice, in \"…\"; the \
                 comment ends at its first `-->`",
        ));
    }

    /// The directive's first word, where it is a key without a value, and its place in
    /// what was parsed.
    fn without_value(&self) -> Option<(&'static str, Range<usize>)> {
        let start = self.table.find(|c: char| c.is_ascii_lowercase())?;
        let word =
            self.table[start..].split(|c: char| !c.is_ascii_lowercase() && c != '-').next()?;
        let end = start + word.len();
        let given = self.table[end..].trim_start().starts_with(['=', '.']);
        key(word).filter(|_| !given).map(|key| (key.name, start..end))
    }

    /// Where the key that stands at `second` on the page stands first.
    fn first(&self, key: &str, second: usize) -> Option<Range<usize>> {
        let at = self.table.find(key.trim()).filter(|_| !key.trim().is_empty())?;
        let first = self.place(at..at + key.trim().len());
        (first.start < second).then_some(first)
    }

    /// A place in what was parsed as a place on the page.
    fn place(&self, span: Range<usize>) -> Range<usize> {
        let text = |offset: usize| {
            (self.at + offset.saturating_sub("{".len())).min(self.source.text.len())
        };
        self.source.place(&(text(span.start)..text(span.end).max(text(span.start))))
    }
}

fn unknown(name: &str, span: Range<usize>) -> Diagnostic {
    let message = format!("there is no key `{name}`");
    let all = || {
        let names: Vec<&str> = KEYS.iter().map(|key| key.name).collect();
        format!("the keys are {}", names.join(", "))
    };
    let help = nearest(name).map_or_else(all, |near| format!("did you mean `{near}`?"));
    Diagnostic::error("unknown-directive-key", span, message).help(help)
}

fn twice(key: &str, second: Range<usize>, first: Range<usize>) -> Diagnostic {
    Diagnostic::error("duplicate-directive-key", second, format!("`{key}` is given twice"))
        .related(first, "here first")
        .help("take one of them away")
}

/// The key of a setting, which is one of the table.
pub(super) fn scope(setting: &Setting) -> Scope {
    key(setting.key).map_or(Scope::Each, |key: &Key| key.scope)
}
