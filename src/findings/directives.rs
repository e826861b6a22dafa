//! What is wrong with directives: described here, found in
//! [`lab`](crate::lab::directives) and [`plan`](crate::plan).

use super::Finding;
use crate::lab::Severity::{Error, Warning};
use crate::plan;

pub(super) static MISSPELT_DIRECTIVE: Finding = Finding {
    id: "misspelt-directive",
    severity: Error,
    summary: "\
A comment looks like a directive, and its beginning is another than `<!-- labbook:` and what may \
follow that: it would do nothing.",
    example: "\
<!-- labook: wait = '1m' -->
```console
$ kubectl get pods
```
",
    instead: "\
<!-- labbook: wait = '1m' -->
```console
$ kubectl get pods
```
",
    find: None,
};

pub(super) static LOST_DIRECTIVE: Finding = Finding {
    id: "lost-directive",
    severity: Error,
    summary: "\
A directive stands before no fence: there is text between. Only blank lines and other comments \
may stand there.",
    example: "\
<!-- labbook: wait = '1m' -->
Wait until the pods are ready.

```console
$ kubectl get pods
```
",
    instead: "\
Wait until the pods are ready.

<!-- labbook: wait = '1m' -->
```console
$ kubectl get pods
```
",
    find: None,
};

pub(super) static DIRECTIVE_IN_FENCE: Finding = Finding {
    id: "directive-in-fence",
    severity: Warning,
    summary: "\
A directive stands inside a fence, where it is text like any other.",
    example: "\
```console
<!-- labbook: wait = '1m' -->
$ kubectl get pods
```
",
    instead: "\
<!-- labbook: wait = '1m' -->
```console
$ kubectl get pods
```
",
    find: None,
};

pub(super) static DIRECTIVE_SYNTAX: Finding = Finding {
    id: "directive-syntax",
    severity: Error,
    summary: "\
A directive is not the inside of a TOML inline table: `KEY = VALUE`, with commas between, texts \
in quotes.",
    example: "\
<!-- labbook: wait = 1m -->
```console
$ kubectl get pods
```
",
    instead: "\
<!-- labbook: wait = '1m' -->
```console
$ kubectl get pods
```
",
    find: None,
};

pub(super) static UNKNOWN_DIRECTIVE_KEY: Finding = Finding {
    id: "unknown-directive-key",
    severity: Error,
    summary: "\
A directive has a key that there is not. [Directives](directives.md) has all of them.",
    example: "\
<!-- labbook: timeot = '1m' -->
```console
$ kubectl get pods
```
",
    instead: "\
<!-- labbook: timeout = '1m' -->
```console
$ kubectl get pods
```
",
    find: None,
};

pub(super) static BAD_DIRECTIVE_VALUE: Finding = Finding {
    id: "bad-directive-value",
    severity: Error,
    summary: "\
The value of a directive is not of the form that its key takes: a number without a unit for a \
time, a regular expression that is none, or a fence that holds nothing of what `read` says that \
it is.",
    example: "\
<!-- labbook: timeout = 60 -->
```console
$ kubectl get pods
```
",
    instead: "\
<!-- labbook: timeout = '60s' -->
```console
$ kubectl get pods
```
",
    find: None,
};

pub(super) static DUPLICATE_DIRECTIVE_KEY: Finding = Finding {
    id: "duplicate-directive-key",
    severity: Error,
    summary: "\
A key is given twice for the same command, so that one of the values would be left out.",
    example: "\
<!-- labbook: wait = '1m' -->
<!-- labbook: wait = '2m' -->
```console
$ kubectl get pods
```
",
    instead: "\
<!-- labbook: wait = '2m' -->
```console
$ kubectl get pods
```
",
    find: None,
};

pub(super) static MISPLACED_DIRECTIVE_KEY: Finding = Finding {
    id: "misplaced-directive-key",
    severity: Error,
    summary: "\
A key stands where it can mean nothing: one that concerns a fence in a directive for the page, \
or one that concerns a whole fence beside `step`.",
    example: "\
<!-- labbook:page read = 'commands' -->

```text
kubectl get pods
```
",
    instead: "\
<!-- labbook: read = 'commands' -->
```text
kubectl get pods
```
",
    find: None,
};

pub(super) static NO_SUCH_STEP: Finding = Finding {
    id: "no-such-step",
    severity: Error,
    summary: "\
A directive concerns a command that its fence does not have: the number of `step` is greater \
than that of its commands, or nothing of the fence is run.",
    example: "\
<!-- labbook: step = 2, wait = '1m' -->
```console
$ kubectl get pods
```
",
    instead: "\
<!-- labbook: step = 1, wait = '1m' -->
```console
$ kubectl get pods
```
",
    find: None,
};

pub(super) static EMPTY_DIRECTIVE: Finding = Finding {
    id: "empty-directive",
    severity: Error,
    summary: "\
A directive holds no key, or a block of hidden commands no command.",
    example: "\
<!-- labbook:setup
# Make the namespace.
-->

```console
$ kubectl get pods
```
",
    instead: "\
<!-- labbook:setup
kubectl create namespace shop
-->

```console
$ kubectl get pods
```
",
    find: None,
};

pub(super) static HIDDEN_PROMPT: Finding = Finding {
    id: "hidden-prompt",
    severity: Error,
    summary: "\
A hidden command stands after a prompt. Hidden commands have none: each line is one.",
    example: "\
<!-- labbook:setup
$ kubectl create namespace shop
-->

```console
$ kubectl get pods
```
",
    instead: "\
<!-- labbook:setup
kubectl create namespace shop
-->

```console
$ kubectl get pods
```
",
    find: None,
};

pub(super) static UNCLOSED_DIRECTIVE: Finding = Finding {
    id: "unclosed-directive",
    severity: Error,
    summary: "\
The comment of a directive is never closed, so that all that follows it is part of the comment \
and not of the page.",
    example: "\
```console
$ kubectl get pods
```

<!-- labbook:cleanup
kubectl delete namespace shop
",
    instead: "\
```console
$ kubectl get pods
```

<!-- labbook:cleanup
kubectl delete namespace shop
-->
",
    find: None,
};

pub(super) static UNREADABLE_DIRECTIVE: Finding = Finding {
    id: "unreadable-directive",
    severity: Error,
    summary: "\
A directive holds bytes that are no text: bytes that are not UTF-8, or a NUL.",
    example: "\
<!-- labbook: skip = 'too dear\u{0}' -->
```console
$ kubectl get pods
```
",
    instead: "\
<!-- labbook: skip = 'too dear' -->
```console
$ kubectl get pods
```
",
    find: None,
};

pub(super) static NOT_CARRIED_OUT: Finding = Finding {
    id: plan::NOT_CARRIED_OUT,
    severity: Warning,
    summary: "\
A directive asks for what this version of labbook reads and does not carry out yet. For `run` \
and `verify` it is an error: nothing that a page asks for is left out in silence.",
    example: "\
<!-- labbook: expect = 'web-2' -->
```console
$ kubectl get pods
```
",
    instead: "\
<!-- labbook: wait = '1m' -->
```console
$ kubectl get pods
```
",
    find: None,
};
