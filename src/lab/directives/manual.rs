//! The part of the book that is made from the table of keys.

use std::fmt::Write as _;
use std::path::Path;

use super::{Form, KEYS, Key, Scope};
use crate::document::Document;
use crate::lab::{Severity, read};

/// What stands before and after that part.
const BEGIN: &str = "<!-- keys: written from src/lab/directives/keys.rs -->\n";
const END: &str = "<!-- end of keys -->\n";
/// The environment variable with which the test writes it.
const WRITE: &str = "LABBOOK_WRITE_MANUAL";

fn manual() -> String {
    let mut text = "| key | value | concerns | |\n| --- | --- | --- | --- |\n".to_owned();
    for key in KEYS {
        // Writing to a string cannot fail.
        let _ = writeln!(
            text,
            "| [`{name}`](#{name}) | {form} | {scope} | {how} |",
            name = key.name,
            form = form(key.form),
            scope = scope(key),
            how = if key.carried_out { "carried out" } else { "only checked yet" },
        );
    }
    for key in KEYS {
        let _ = write!(
            text,
            "\n### `{name}`\n\n{yet}`{name}` {what}\n\n````markdown\n{example}````\n",
            name = key.name,
            yet = if key.carried_out { "" } else { "*Only checked yet.* " },
            what = key.what,
            example = key.example,
        );
    }
    text
}

fn form(form: Form) -> String {
    match form {
        // The braces and bars of the others are no table's.
        Form::Bindings => "a table of variables, each with a regular expression".to_owned(),
        form => form.words(),
    }
}

fn scope(key: &Key) -> String {
    let fence = match key.scope {
        Scope::Fence => "the fence",
        Scope::Each => "each command",
        Scope::Last => "the last command",
    };
    if key.page { format!("{fence}, or the page") } else { fence.to_owned() }
}

#[test]
fn the_book_has_what_the_table_has() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("book/src/directives.md");
    let page = std::fs::read_to_string(&path).expect("the book has the page");
    let begin = page.find(BEGIN).expect("its mark is there") + BEGIN.len();
    let end = page.find(END).expect("its mark is there");
    let right = format!("\n{}\n", manual());
    if std::env::var_os(WRITE).is_some() {
        let page = format!("{}{right}{}", &page[..begin], &page[end..]);
        std::fs::write(&path, page).expect("the page can be written");
    } else {
        assert!(page[begin..end] == right, "run `{WRITE}=1 cargo test --lib directives`");
    }
}

#[test]
fn each_example_is_right_and_sets_its_key() {
    for key in KEYS {
        let document = Document::new(key.example.as_bytes().to_vec());
        let (lab, found) = read(&document);
        let directives = &lab.directives;
        let errors = found.iter().filter(|found| found.severity == Severity::Error);
        let drawn: Vec<String> = errors.map(|error| error.draw("lab.md", &document)).collect();
        assert!(drawn.is_empty(), "{}", drawn.join("\n"));
        let is_set = match key.name {
            "step" => directives.of_fence(0).is_some_and(|fence| !fence.steps.is_empty()),
            name if key.scope == Scope::Fence => {
                directives.of_fence(0).is_some_and(|fence| fence.all.get(name).is_some())
            }
            name => directives.of_step(0).is_some_and(|settings| settings.get(name).is_some()),
        };
        assert!(is_set, "{}", key.example);
    }
}
