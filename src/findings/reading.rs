//! What the reader of a page says of it: described here, found in
//! [`lab`](crate::lab).

use super::Finding;
use crate::lab::Severity::{Error, Warning};

pub(super) static PLACEHOLDER: Finding = Finding {
    id: "placeholder",
    severity: Error,
    summary: "\
A command holds something to be filled in first, such as `<name>`. To a shell that is two \
redirections.",
    example: "\
```console
$ kubectl describe pod <pod-name>
```
",
    instead: "\
```console
$ kubectl describe pod web
Name:             web
```
",
    find: None,
};

pub(super) static OPENS_A_SHELL: Finding = Finding {
    id: "opens-a-shell",
    severity: Error,
    summary: "\
A command opens a shell or another program that reads what is typed next, and the page shows nothing \
that is typed in it.",
    example: "\
```console
$ kubectl exec -it web -- sh
```
",
    instead: "\
```console
$ kubectl exec web -- cat /etc/hostname
web
```
",
    find: None,
};

pub(super) static NESTED_COMMAND: Finding = Finding {
    id: "nested-command",
    severity: Error,
    summary: "\
A command is typed inside another program, such as the shell of a pod or the prompt of a database, and \
no command right before it opens that program. Show that command, or give it this one as an argument.",
    example: "\
```console
/ # cat /etc/hostname
web
```
",
    instead: "\
```console
$ kubectl exec web -- cat /etc/hostname
web
```
",
    find: None,
};

pub(super) static UNFINISHED_COMMAND: Finding = Finding {
    id: "unfinished-command",
    severity: Error,
    summary: "\
A command is not whole: a quote, a here-document, a loop or a line after a backslash has no end. \
Nothing of it is run.",
    example: "\
```console
$ kubectl create configmap motd --from-literal='text=hello
```
",
    instead: "\
```console
$ kubectl create configmap motd --from-literal='text=hello'
configmap/motd created
```
",
    find: None,
};

pub(super) static UNREADABLE_COMMAND: Finding = Finding {
    id: "unreadable-command",
    severity: Error,
    summary: "\
A command holds bytes that are no text, so that no shell can be given it: bytes that are not UTF-8, \
or a NUL.",
    example: "\
```console
$ echo caf\u{0}
```
",
    instead: "\
```console
$ echo café
café
```
",
    find: None,
};

pub(super) static UNSURE_COMMAND: Finding = Finding {
    id: "unsure-command",
    severity: Warning,
    summary: "\
A line stands after `>`, `#` or `%`, or without a prompt where a command may stand, and is not \
surely one: programs print such lines too. It is not run.",
    example: "\
```console
> kubectl get nodes
> kubectl get pods \\
  the pods are ready now
```
",
    instead: "\
```console
$ kubectl get nodes
$ kubectl get pods
```
",
    find: None,
};

pub(super) static UNSURE_FENCE: Finding = Finding {
    id: "unsure-fence",
    severity: Warning,
    summary: "\
A fence without prompts could be commands, or what the command before it printed: a program may \
print commands. Nothing of it is run.",
    example: "\
```bash
kubectl logs job/setup
```

```bash
kubectl apply -f web.yaml
```
",
    instead: "\
```console
$ kubectl logs job/setup
kubectl apply -f web.yaml
```
",
    find: None,
};

pub(super) static UNREAD_FENCE: Finding = Finding {
    id: "unread-fence",
    severity: Warning,
    summary: "\
A fence has a shell's language, and no line of it is surely a command, or it begins with one that is \
not; or the page says not to run it (\u{201c}Never do this:\u{201d}). Nothing of it is run.",
    example: "\
```bash
See that all pods are ready:
kubectl get pods
```
",
    instead: "\
See that all pods are ready:

```bash
kubectl get pods
```
",
    find: None,
};

pub(super) static UNFENCED_COMMAND: Finding = Finding {
    id: "unfenced-command",
    severity: Warning,
    summary: "\
A command stands in a block that is only indented, in `<pre>`, or in a line with a button that \
runs it (`{{execute}}`). labbook reads commands from fences alone; the others are not run. It is \
said once a page.",
    example: "\
List the pods:

    $ kubectl get pods
",
    instead: "\
List the pods:

```console
$ kubectl get pods
```
",
    find: None,
};

pub(super) static MIXED_PROMPTS: Finding = Finding {
    id: "mixed-prompts",
    severity: Warning,
    summary: "\
A fence has another prompt than the page's first commands, so that its lines may as well be what a \
program printed: the reading is a guess. So it is where `# ` stands before a command beside a \
fuller prompt of root's (`[root@node ~]# `): it is read as a comment's mark. A fence whose prompt is \
another machine's is told, too: its commands are run where all others are.",
    example: "\
```console
$ kubectl get pods
```

Then, in the second terminal:

```console
% kubectl get services
```
",
    instead: "\
```console
$ kubectl get pods
```

Then, in the second terminal:

```console
$ kubectl get services
```
",
    find: None,
};

pub(super) static UNTERMINATED_FENCE: Finding = Finding {
    id: "unterminated-fence",
    severity: Error,
    summary: "\
A fence is never closed, so that all that follows belongs to it. It is an error where commands are \
read from the fence, and a warning otherwise.",
    example: "\
```console
$ kubectl get pods

## The next exercise
",
    instead: "\
```console
$ kubectl get pods
```

## The next exercise
",
    find: None,
};

pub(super) static NO_STEPS: Finding = Finding {
    id: "no-steps",
    severity: Warning,
    summary: "The page has no command that labbook would run.",
    example: "\
List the pods with `kubectl get pods`.
",
    instead: "\
List the pods:

```console
$ kubectl get pods
```
",
    find: None,
};
