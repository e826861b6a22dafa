//! Values of each form, right and wrong.

use super::{before, drawn};
use crate::document::Document;
use crate::lab::read;

/// A directive before the second fence of a page.
fn after_a_command(directive: &str) -> String {
    format!("```console\n$ kubectl get po\n```\n\nText.\n\n{}", before(directive))
}

#[test]
fn values_of_the_right_form_are_right() {
    for value in [
        "skip = 'why'",
        "exit = 0",
        "exit = [0, 0xff]",
        "match = 'exact'",
        "expect = 'a+'",
        r#"reject = ["\\d", '^x$']"#,
        "let = { A = '(a)', _b1 = '(?:x)(?P<n>y)' }",
        "let.A = '(a)'",
        "check = 'pvc data  Bound'",
        "file = './a/b.yaml'",
        "background = false",
        "until = 'x'",
        "stdin = ''",
        "tty = true",
        "streams = 'apart'",
        "ignore = 'column:AGE'",
        "exact = ['column:CPU(cores)', 'column: LAST SEEN']",
        "requires = 'helm'",
        "tags = ['a', 'b']",
    ] {
        assert_eq!(drawn(&after_a_command(value)), "", "{value}");
    }
}

#[test]
fn values_of_another_form_are_wrong() {
    for (value, message) in [
        ("skip = true", "expected a text that says why, found true"),
        ("skip = ' '", "expected a text that says why, found an empty text"),
        ("timeout = 60", "expected a duration such as \"90s\", \"5m\" or \"1m30s\", found 60"),
        ("wait = '0s'", "expected a duration such as \"90s\", \"5m\" or \"1m30s\", found '0s'"),
        ("exit = 256", "expected an exit code from 0 to 255, or a list of them, found 256"),
        ("exit = [0, '1']", "expected an exit code from 0 to 255, or a list of them, found '1'"),
        ("exit = []", "the list is empty"),
        ("step = 0", "expected a whole number from 1, found 0"),
        ("step = -1", "expected a whole number from 1, found -1"),
        ("tty = 'yes'", "expected true or false, found 'yes'"),
        ("stdin = 1979-05-27", "expected a text, found a date"),
        ("expect = ''", "an empty regular expression matches everything"),
        ("until = ['a']", "expected a regular expression, found a list"),
        (
            "let = {}",
            "expected a table of variables, such as { POD = '^(web-\\S+)' }, found a table",
        ),
        ("let = { A = 'a' }", "expected one group, found 0"),
        ("let = { A = '(a)(b)' }", "expected one group, found 2"),
        ("let = { 1a = '(a)' }", "this is no name of a shell variable"),
        (
            "check = 'pod web'",
            "expected a kind, a name and a state, such as \"pvc data-web-0 Bound\", or a list of such, found 'pod web'",
        ),
        ("file = '../a'", "expected a path inside the lab's directory, found '../a'"),
        ("file = '/a'", "expected a path inside the lab's directory, found '/a'"),
        ("file = 'a/'", "expected a path inside the lab's directory, found 'a/'"),
        ("file = ''", "expected a path inside the lab's directory, found an empty text"),
        (
            "ignore = 'AGE'",
            "expected \"column:\" and a column's name, such as \"column:AGE\", or a list of such, found 'AGE'",
        ),
        ("tags = ['a b']", "expected a word, or a list of words, found 'a b'"),
        (
            "read = 'code'",
            "expected one of \"commands\", \"session\", \"output\", \"file\", \"nothing\", found 'code'",
        ),
        ("file = 'a', read = 'output'", "a fence with `file` is the content of a file"),
    ] {
        let document = Document::new(after_a_command(value).into_bytes());
        let found = read(&document).1;
        let wrong: Vec<_> =
            found.iter().filter(|found| found.id == "bad-directive-value").collect();
        assert_eq!(wrong.len(), 1, "{value}: {found:?}");
        let said = wrong[0].message.split_once(": ").expect("the key is named").1;
        assert_eq!(said, message, "{value}");
    }
}
