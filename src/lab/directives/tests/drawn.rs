//! What is said about wrong directives, drawn over the page.

use insta::assert_snapshot;

use super::{before, drawn};
use crate::document::Document;
use crate::lab::read;

#[test]
fn what_is_wrong_is_shown_at_its_place() {
    assert_snapshot!(drawn(&before("wiat = '2m', timeuot = '1m', colour = 'red'")), @r"
    error[unknown-directive-key]: there is no key `wiat`
     --> lab.md:1:15
      |
    1 | <!-- labbook: wiat = '2m', timeuot = '1m', colour = 'red' -->
      |               ^^^^
      |
      = help: did you mean `wait`?

    error[unknown-directive-key]: there is no key `timeuot`
     --> lab.md:1:28
      |
    1 | <!-- labbook: wiat = '2m', timeuot = '1m', colour = 'red' -->
      |                            ^^^^^^^
      |
      = help: did you mean `timeout`?

    error[unknown-directive-key]: there is no key `colour`
     --> lab.md:1:44
      |
    1 | <!-- labbook: wiat = '2m', timeuot = '1m', colour = 'red' -->
      |                                            ^^^^^^
      |
      = help: the keys are step, skip, read, timeout, wait, exit, match, expect, reject, let, check, file, background, until, stdin, tty, host, shell, streams, unordered, ignore, exact, requires, tags
    ");
    assert_snapshot!(drawn(&before("timeout = '1 minute'")), @r#"
    error[bad-directive-value]: `timeout`: expected a duration such as "90s", "5m" or "1m30s", found '1 minute'
     --> lab.md:1:25
      |
    1 | <!-- labbook: timeout = '1 minute' -->
      |                         ^^^^^^^^^^
    "#);
    assert_snapshot!(drawn("> <!-- labbook:\n> skip = 'é',\n>   match = \"exakt\" -->\n> ```sh\n> $ ls\n> ```\n"), @r#"
    error[bad-directive-value]: `match`: expected one of "same", "exact", "contains", "none", found "exakt"
     --> lab.md:3:13
      |
    3 | >   match = "exakt" -->
      |             ^^^^^^^
      |
      = help: did you mean "exact"?
    "#);
    assert_snapshot!(drawn(&before("wait = '1s', timeout = '1m', wait = '2s'")), @r"
    error[duplicate-directive-key]: `wait` is given twice
     --> lab.md:1:44
      |
    1 | <!-- labbook: wait = '1s', timeout = '1m', wait = '2s' -->
      |               ---- here first              ^^^^
      |
      = help: take one of them away
    ");
    assert_snapshot!(drawn(&format!("<!-- labbook: wait = '1s' -->\n{}", before("wait = '2s'"))), @r"
    error[duplicate-directive-key]: `wait` is given twice
     --> lab.md:2:15
      |
    1 | <!-- labbook: wait = '1s' -->
      |               ---- here first
    2 | <!-- labbook: wait = '2s' -->
      |               ^^^^
      |
      = help: take one of them away
    ");
}

#[test]
fn a_bad_pattern_is_shown_inside_its_text() {
    assert_snapshot!(drawn(&before(r"expect = 'visits: (\d+'")), @r"
    error[bad-directive-value]: `expect`: unclosed group
     --> lab.md:1:33
      |
    1 | <!-- labbook: expect = 'visits: (\d+' -->
      |                                 ^
    ");
    assert_snapshot!(drawn(&before(r#"reject = ["\\d+", "é\\p{Foo}"]"#)), @r#"
    error[bad-directive-value]: `reject`: Unicode property not found
     --> lab.md:1:35
      |
    1 | <!-- labbook: reject = ["\\d+", "é\\p{Foo}"] -->
      |                                   ^^^^^^^^
    "#);
    assert_snapshot!(drawn(&before("let = { POD = 'web-.*' }")), @r"
    error[bad-directive-value]: `let`: expected one group, found 0
     --> lab.md:1:29
      |
    1 | <!-- labbook: let = { POD = 'web-.*' } -->
      |                             ^^^^^^^^
      |
      = help: write `(…)` around what the variable is to hold
    ");
}

#[test]
fn what_is_no_toml_is_shown_at_its_place() {
    assert_snapshot!(drawn(&before("timeout 60s")), @r#"
    error[directive-syntax]: `timeout` needs `=` and a value
     --> lab.md:1:15
      |
    1 | <!-- labbook: timeout 60s -->
      |               ^^^^^^^
      |
      = help: write `timeout = VALUE`, a text in '…'
    "#);
    assert_snapshot!(drawn(&before("timeout = 60s")), @r#"
    error[directive-syntax]: the directive is no TOML: string values must be quoted, expected literal string
     --> lab.md:1:25
      |
    1 | <!-- labbook: timeout = 60s -->
      |                         ^^^
      |
      = help: write `KEY = VALUE, …`, a text in '…' or, with each `\` twice, in "…"; the comment ends at its first `-->`
    "#);
    assert_snapshot!(drawn(&before("expect = 'a")), @r#"
    error[directive-syntax]: the directive is no TOML: invalid literal string, expected `'`
     --> lab.md:1:27
      |
    1 | <!-- labbook: expect = 'a -->
      |                           ^
      |
      = help: write `KEY = VALUE, …`, a text in '…' or, with each `\` twice, in "…"; the comment ends at its first `-->`
    "#);
    assert_snapshot!(drawn(&before("wait = '1s' } timeout = { ")), @r#"
    error[directive-syntax]: the directive is no TOML: unexpected content, expected nothing
     --> lab.md:1:28
      |
    1 | <!-- labbook: wait = '1s' } timeout = {  -->
      |                            ^
      |
      = help: write `KEY = VALUE, …`, a text in '…' or, with each `\` twice, in "…"; the comment ends at its first `-->`
    "#);
    assert_snapshot!(drawn(&before("")), @r"
    error[empty-directive]: the directive holds no key
     --> lab.md:1:1
      |
    1 | <!-- labbook:  -->
      | ^^^^^^^^^^^^^^^^^^
      |
      = help: take it away, or write what it is to say
    ");
}

#[test]
fn directives_in_the_wrong_place_are_told() {
    assert_snapshot!(drawn("<!-- labook: wait = '1s' -->\n```sh\n$ ls\n```\n<!-- labbook:setpu\nls\n-->\n"), @r"
    error[misspelt-directive]: the comment looks like a directive, and is none
     --> lab.md:1:6
      |
    1 | <!-- labook: wait = '1s' -->
      |      ^^^^^^^
      |
      = help: did you mean `<!-- labbook:`?

    error[misspelt-directive]: the comment looks like a directive, and is none
     --> lab.md:5:6
      |
    5 | <!-- labbook:setpu
      |      ^^^^^^^^^^^^^
      |
      = help: did you mean `<!-- labbook:setup`?
    ");
    assert_snapshot!(drawn("<!-- labbook: wait = '1s' -->\nText.\n\n```sh\n$ ls\n```\n"), @r"
    error[lost-directive]: the directive stands before no fence
     --> lab.md:1:1
      |
    1 | <!-- labbook: wait = '1s' -->
      | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: only blank lines and comments may stand between it and its fence; for the whole page, write `labbook:page`
    ");
    assert_snapshot!(drawn("<!-- labbook:page exit = 1 -->\n\n```sh\n$ ls\n```\n"), @r"
    error[misplaced-directive-key]: `exit` concerns a fence, not the page
     --> lab.md:1:19
      |
    1 | <!-- labbook:page exit = 1 -->
      |                   ^^^^
      |
      = help: write it in a `labbook:` comment right before the fence
    ");
    assert_snapshot!(drawn(&before("step = 3, wait = '1s'")), @r"
    error[no-such-step]: the fence has 2 commands
     --> lab.md:1:22
      |
    1 | <!-- labbook: step = 3, wait = '1s' -->
      |                      ^
      |
      = help: count the fence's commands from 1
    ");
    assert_snapshot!(drawn(&before("step = 1, read = 'nothing'")), @r"
    error[misplaced-directive-key]: `read` concerns the whole fence, not one step
     --> lab.md:1:25
      |
    1 | <!-- labbook: step = 1, read = 'nothing' -->
      |                         ^^^^
      |
      = help: write it in a comment of its own, without `step`
    ");
    assert_snapshot!(drawn("```sh\n$ ls\n```\n\nText.\n\n<!-- labbook: wait = '1s' -->\n```yaml\na: 1\n```\n"), @r#"
    error[no-such-step]: nothing of this fence is run: `wait` has no command
     --> lab.md:7:15
      |
    7 | <!-- labbook: wait = '1s' -->
      |               ^^^^
      |
      = help: take it away, or say what the fence is, as in `read = "commands"`
    "#);
    assert_snapshot!(drawn("```sh\n$ ls\n<!-- labbook: wait = '1s' -->\n```\n\n```sh\n<!-- labbook: wait = '1s' -->\n$ ls\n```\n"), @r"
    warning[directive-in-fence]: inside a fence a directive is text
     --> lab.md:7:1
      |
    7 | <!-- labbook: wait = '1s' -->
      | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: write it before the fence
    ");
}

#[test]
fn what_makes_a_comment_useless_is_told() {
    assert_snapshot!(drawn("```sh\n$ ls\n```\n<!-- labbook:cleanup\nls\n\n```sh\n$ ls\n```\n"), @r"
    error[unclosed-directive]: the comment is never closed: what follows it is not on the page
     --> lab.md:4:1
      |
    4 | <!-- labbook:cleanup
      | ^^^^^^^^^^^^^^^^^^^^
      |
      = help: end it with `-->`
    ");
    assert_snapshot!(drawn("<!-- labbook:setup\n# nothing\n-->\n```sh\n$ ls\n```\n"), @r"
    error[empty-directive]: the directive holds no command
     --> lab.md:1:1
      |
    1 | / <!-- labbook:setup
    2 | | # nothing
    3 | | -->
      | |___^
      |
      = help: take it away, or write what it is to say
    ");
    assert_snapshot!(drawn("<!-- labbook:setup\n$ ls\necho 'a\n-->\n```sh\n$ ls\n```\n"), @r"
    error[hidden-prompt]: a hidden command has no prompt
     --> lab.md:2:1
      |
    2 | $ ls
      | ^^^^
      |
      = help: write the command alone

    error[unfinished-command]: the command's ' is never closed
     --> lab.md:3:1
      |
    3 | echo 'a
      | ^^^^^^^
      |
      = help: write the whole command before the comment's `-->`
    ");
    let document = Document::new(b"<!-- labbook: skip = '\xff' -->\n```sh\n$ ls\n```\n".to_vec());
    assert_eq!(read(&document).1[0].id, "unreadable-directive");
}
