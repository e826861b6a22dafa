//! The values of keys: what form each has, and what is wrong with one.

use std::ops::Range;
use std::path::{Component, Path};
use std::time::Duration;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::pattern::Pattern;
use super::string::place;
use crate::durations;

/// What the value of a key is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// A text that says why.
    Reason,
    /// Any text.
    Text,
    /// A duration.
    Duration,
    /// A whole number from 1.
    Count,
    /// True or false.
    Flag,
    /// One of these words.
    Choice(&'static [&'static str]),
    /// An exit code, or several.
    ExitCodes,
    /// A regular expression.
    Pattern,
    /// A regular expression, or several.
    Patterns,
    /// Names, each with a regular expression that has one group.
    Bindings,
    /// States of objects.
    Checks,
    /// A path inside the lab's directory.
    Path,
    /// Columns of tables.
    Columns,
    /// Words.
    Words,
}

/// The value of a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// A text: of [`Form::Reason`], [`Form::Text`] and [`Form::Path`].
    Text(String),
    /// A duration, more than zero.
    Duration(Duration),
    /// A number from 1.
    Count(usize),
    /// Whether it is so.
    Flag(bool),
    /// One of the words of [`Form::Choice`].
    Choice(&'static str),
    /// The exit codes that are right.
    ExitCodes(Vec<u8>),
    /// Regular expressions, at least one; one of [`Form::Pattern`].
    Patterns(Vec<Pattern>),
    /// Variables, each with the expression whose group is its value.
    Bindings(Vec<(String, Pattern)>),
    /// Texts: of [`Form::Words`]; of [`Form::Columns`] the columns' names; of
    /// [`Form::Checks`] kind, name and state, a blank between each two.
    Texts(Vec<String>),
}

/// What is wrong with a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fault {
    /// Its place in the text that was parsed.
    pub(super) span: Range<usize>,
    pub(super) message: String,
    pub(super) help: Option<String>,
}

impl Form {
    /// What is expected, as words that follow "expected".
    pub fn words(self) -> String {
        match self {
            Self::Reason => "a text that says why".to_owned(),
            Self::Text => "a text".to_owned(),
            Self::Duration => "a duration such as \"90s\", \"5m\" or \"1m30s\"".to_owned(),
            Self::Count => "a whole number from 1".to_owned(),
            Self::Flag => "true or false".to_owned(),
            Self::Choice(words) => {
                let words: Vec<String> = words.iter().map(|word| format!("\"{word}\"")).collect();
                format!("one of {}", words.join(", "))
            }
            Self::ExitCodes => "an exit code from 0 to 255, or a list of them".to_owned(),
            Self::Pattern => "a regular expression".to_owned(),
            Self::Patterns => "a regular expression, or a list of them".to_owned(),
            Self::Bindings => "a table of variables, such as { POD = '^(web-\\S+)' }".to_owned(),
            Self::Checks => {
                "a kind, a name and a state, such as \"pvc data-web-0 Bound\", or a list of such"
                    .to_owned()
            }
            Self::Path => "a path inside the lab's directory".to_owned(),
            Self::Columns => {
                "\"column:\" and a column's name, such as \"column:AGE\", or a list of such"
                    .to_owned()
            }
            Self::Words => "a word, or a list of words".to_owned(),
        }
    }

    /// Reads a value of this form. `text` is what was parsed.
    pub(super) fn read(self, text: &str, value: &Spanned<DeValue<'_>>) -> Result<Value, Fault> {
        let item = Item { form: self, text, value };
        match self {
            Self::Reason => match item.text()?.trim() {
                "" => Err(item.unexpected()),
                reason => Ok(Value::Text(reason.to_owned())),
            },
            Self::Text => item.text().map(|text| Value::Text(text.to_owned())),
            Self::Duration => {
                let duration = durations::parse(item.text()?).filter(|time| !time.is_zero());
                duration.map(Value::Duration).ok_or_else(|| item.unexpected())
            }
            Self::Count => {
                let count = item.number().filter(|number| *number > 0);
                count.map(Value::Count).ok_or_else(|| item.unexpected())
            }
            Self::Flag => {
                value.as_ref().as_bool().map(Value::Flag).ok_or_else(|| item.unexpected())
            }
            Self::Choice(words) => {
                let text = item.text()?;
                let word = words.iter().find(|word| **word == text);
                word.map(|word| Value::Choice(word)).ok_or_else(|| item.no_choice(words, text))
            }
            Self::ExitCodes => item.each(Item::exit_code).map(Value::ExitCodes),
            Self::Pattern => item.pattern().map(|pattern| Value::Patterns(vec![pattern])),
            Self::Patterns => item.each(Item::pattern).map(Value::Patterns),
            Self::Bindings => item.bindings().map(Value::Bindings),
            Self::Checks => item.each(Item::check).map(Value::Texts),
            Self::Path => item.path().map(Value::Text),
            Self::Columns => item.each(Item::column).map(Value::Texts),
            Self::Words => item.each(Item::word).map(Value::Texts),
        }
    }
}

/// A value, or one of a list of values, that is to be of a form.
struct Item<'t> {
    form: Form,
    text: &'t str,
    value: &'t Spanned<DeValue<'t>>,
}

impl<'t> Item<'t> {
    fn text(&self) -> Result<&'t str, Fault> {
        self.value.as_ref().as_str().ok_or_else(|| self.unexpected())
    }

    fn number(&self) -> Option<usize> {
        let integer = self.value.as_ref().as_integer()?;
        usize::from_str_radix(integer.as_str(), integer.radix()).ok()
    }

    /// The value, or each of a list that is not empty.
    fn each<T>(&self, read: impl Fn(&Item<'t>) -> Result<T, Fault>) -> Result<Vec<T>, Fault> {
        let Some(list) = self.value.as_ref().as_array() else {
            return Ok(vec![read(self)?]);
        };
        if list.is_empty() {
            return Err(self.fault("the list is empty"));
        }
        list.iter().map(|value| read(&Item { form: self.form, text: self.text, value })).collect()
    }

    fn exit_code(&self) -> Result<u8, Fault> {
        let code = self.number().and_then(|number| u8::try_from(number).ok());
        code.ok_or_else(|| self.unexpected())
    }

    fn pattern(&self) -> Result<Pattern, Fault> {
        let text = self.text()?;
        Pattern::new(text).map_err(|fault| {
            let whole = self.value.span();
            let written = self.text.get(whole.clone()).unwrap_or_default();
            let inside = fault.span.and_then(|span| place(written, text, &span));
            let span = inside.map_or(whole.clone(), |inside| {
                whole.start + inside.start..whole.start + inside.end
            });
            Fault { span, message: fault.message, help: None }
        })
    }

    fn bindings(&self) -> Result<Vec<(String, Pattern)>, Fault> {
        let table = self.value.as_ref().as_table().filter(|table| !table.is_empty());
        let table: &DeTable<'_> = table.ok_or_else(|| self.unexpected())?;
        let mut bindings = Vec::new();
        for (name, value) in table {
            let item = Item { form: Form::Pattern, text: self.text, value };
            let pattern = item.pattern()?;
            if !is_variable(name.as_ref()) {
                let message = "this is no name of a shell variable".to_owned();
                let help = "write letters, digits and `_`, and no digit first";
                return Err(Fault { span: name.span(), message, help: Some(help.to_owned()) });
            }
            let help = match pattern.groups() {
                1 => None,
                0 => Some("write `(…)` around what the variable is to hold"),
                _ => Some("write `(?:…)` for the groups that the variable is not to hold"),
            };
            if let Some(help) = help {
                let message = format!("expected one group, found {}", pattern.groups());
                return Err(Fault { help: Some(help.to_owned()), ..item.fault(&message) });
            }
            bindings.push((name.as_ref().to_string(), pattern));
        }
        Ok(bindings)
    }

    fn check(&self) -> Result<String, Fault> {
        let words: Vec<&str> = self.text()?.split_whitespace().collect();
        if words.len() == 3 { Ok(words.join(" ")) } else { Err(self.unexpected()) }
    }

    fn path(&self) -> Result<String, Fault> {
        let text = self.text()?;
        let mut parts = Path::new(text).components();
        let inside = parts.all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
        let named = Path::new(text).file_name().is_some() && !text.ends_with('/');
        if inside && named && !text.contains(char::is_control) {
            return Ok(text.to_owned());
        }
        Err(self.unexpected())
    }

    fn column(&self) -> Result<String, Fault> {
        let name = self.text()?.strip_prefix("column:").map(str::trim);
        name.filter(|name| !name.is_empty()).map(str::to_owned).ok_or_else(|| self.unexpected())
    }

    fn word(&self) -> Result<String, Fault> {
        let text = self.text()?;
        if text.is_empty() || text.contains(char::is_whitespace) {
            return Err(self.unexpected());
        }
        Ok(text.to_owned())
    }

    fn no_choice(&self, words: &[&'static str], text: &str) -> Fault {
        let near = super::nearest(text, words.iter().copied());
        let help = near.map(|word| format!("did you mean \"{word}\"?"));
        Fault { help, ..self.unexpected() }
    }

    fn unexpected(&self) -> Fault {
        let found = match self.value.as_ref() {
            DeValue::String(text) if text.trim().is_empty() => "an empty text".to_owned(),
            DeValue::String(_) | DeValue::Integer(_) | DeValue::Float(_) => {
                let written = self.text.get(self.value.span()).unwrap_or_default();
                shortened(written)
            }
            DeValue::Boolean(value) => value.to_string(),
            DeValue::Datetime(_) => "a date".to_owned(),
            DeValue::Array(_) => "a list".to_owned(),
            DeValue::Table(_) => "a table".to_owned(),
        };
        self.fault(&format!("expected {}, found {found}", self.form.words()))
    }

    fn fault(&self, message: &str) -> Fault {
        Fault { span: self.value.span(), message: message.to_owned(), help: None }
    }
}

/// A value as it is written, in one line that is not too long.
fn shortened(written: &str) -> String {
    const LONGEST: usize = 40;
    let line = written.replace(char::is_control, " ");
    match line.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

fn is_variable(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}
