//! The keys of directives: one table, which the reader and the book are made from.

use super::value::Form;

/// A key of a directive.
#[derive(Debug)]
pub struct Key {
    /// The key as it is written.
    pub name: &'static str,
    /// What its value is.
    pub form: Form,
    /// What it concerns before a fence.
    pub scope: Scope,
    /// Whether it may stand in a `labbook:page` directive too.
    pub page: bool,
    /// Whether labbook does what it says. Others are checked, and a page with one
    /// is not run.
    pub carried_out: bool,
    /// What it does, as a sentence that follows the key.
    pub what: &'static str,
    /// A piece of a page in which it is of use.
    pub example: &'static str,
}

/// What a key before a fence concerns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// The fence as a whole.
    Fence,
    /// Each of its commands, or the one that `step` names.
    Each,
    /// Its last command, or the one that `step` names.
    Last,
}

/// The key of that name.
pub(super) fn key(name: &str) -> Option<&'static Key> {
    KEYS.iter().find(|key| key.name == name)
}

/// The known key that a misspelt one most resembles.
pub(super) fn nearest(name: &str) -> Option<&'static str> {
    super::nearest(name, KEYS.iter().map(|key| key.name))
}

/// All keys, in the order of the book.
pub static KEYS: &[Key] = &[
    Key {
        name: "step",
        form: Form::Count,
        scope: Scope::Fence,
        page: false,
        carried_out: true,
        what: "names the one command of the fence, counted from 1, that the directive's other \
               keys concern.",
        example: "\
<!-- labbook: step = 2, timeout = \"20m\" -->
```console
$ kubectl apply -f database.yaml
statefulset.apps/database created
$ kubectl rollout status statefulset/database
partitioned roll out complete: 3 new pods have been updated...
```
",
    },
    Key {
        name: "skip",
        form: Form::Reason,
        scope: Scope::Each,
        page: true,
        carried_out: true,
        what: "says why a command is not run. It is listed with the reason, and counts neither \
               for the page nor against it.",
        example: "\
<!-- labbook: skip = \"needs an account of the cloud\" -->
```console
$ gcloud container clusters create demo
```
",
    },
    Key {
        name: "read",
        form: Form::Choice(&["commands", "session", "output", "file", "nothing"]),
        scope: Scope::Fence,
        page: false,
        carried_out: true,
        what: "overrules what the fence was taken for (`labbook check --explain` shows it): each \
               line a command, commands after prompts with their output, what the command before \
               it printed, the content of a file, or nothing that labbook runs or compares.",
        example: "\
<!-- labbook: read = \"nothing\" -->
```console
$ kubectl delete namespace production
```
",
    },
    Key {
        name: "timeout",
        form: Form::Duration,
        scope: Scope::Each,
        page: true,
        carried_out: true,
        what: "is how long one attempt may run before it is ended.",
        example: "\
<!-- labbook: timeout = \"15m\" -->
```console
$ kubectl wait --for=condition=Ready pod/database-0 --timeout=14m
pod/database-0 condition met
```
",
    },
    Key {
        name: "wait",
        form: Form::Duration,
        scope: Scope::Each,
        page: true,
        carried_out: true,
        what: "is how long the result may take to come about: until then a command that only \
               reads is run again. Without a cluster nothing changes by itself: a command \
               is run again only where the page gives this key, or for 5 seconds where \
               something runs in the background.",
        example: "\
<!-- labbook: wait = \"3m\" -->
```console
$ kubectl get pods
NAME         READY   STATUS    RESTARTS   AGE
database-0   1/1     Running   0          2m10s
```
",
    },
    Key {
        name: "exit",
        form: Form::ExitCodes,
        scope: Scope::Last,
        page: false,
        carried_out: true,
        what: "is the exit code that is right, or a list of those that are. Without it 0 is, and \
               another where the recorded output is an error.",
        example: "\
<!-- labbook: exit = 1 -->
```console
$ kubectl get pods --no-headers | grep Pending
```
",
    },
    Key {
        name: "match",
        form: Form::Choice(&["same", "exact", "contains", "none"]),
        scope: Scope::Each,
        page: true,
        carried_out: false,
        what: "is how the output is compared: the same result (the default), byte for byte, the \
               recorded lines somewhere in the new ones and in their order, or not at all.",
        example: "\
<!-- labbook: match = \"contains\" -->
```console
$ kubectl describe pod web-0
Status:           Running
```
",
    },
    Key {
        name: "expect",
        form: Form::Patterns,
        scope: Scope::Last,
        page: false,
        carried_out: false,
        what: "is a regular expression, or a list of them, each of which must match in the output; \
               `^` and `$` match at the ends of lines.",
        example: "\
<!-- labbook: expect = '^visits: \\d+$' -->
```console
$ curl -s http://web.default/
```
",
    },
    Key {
        name: "reject",
        form: Form::Patterns,
        scope: Scope::Last,
        page: false,
        carried_out: false,
        what: "is a regular expression, or a list of them, none of which may match in the output.",
        example: "\
<!-- labbook: reject = ['(?i)error', 'panic:'] -->
```console
$ kubectl logs web-0
```
",
    },
    Key {
        name: "let",
        form: Form::Bindings,
        scope: Scope::Last,
        page: false,
        carried_out: false,
        what: "takes a part of the output into a variable of the lab's shell: the group of a \
               regular expression.",
        example: "\
<!-- labbook: let = { POD = '^(web-\\S+)' } -->
```console
$ kubectl get pods --no-headers
```
",
    },
    Key {
        name: "check",
        form: Form::Checks,
        scope: Scope::Last,
        page: false,
        carried_out: false,
        what: "names what must be so in the cluster after the command: a kind, a name and a state.",
        example: "\
<!-- labbook: check = [\"pvc data-web-0 Bound\", \"pod web-0 Ready\"] -->
```console
$ kubectl apply -f web.yaml
```
",
    },
    Key {
        name: "file",
        form: Form::Path,
        scope: Scope::Fence,
        page: false,
        carried_out: true,
        what: "is the path, from the lab's directory, to which the fence's content is written \
               before the next command.",
        example: "\
<!-- labbook: file = \"manifests/pod.yaml\" -->
```yaml
apiVersion: v1
kind: Pod
```
",
    },
    Key {
        name: "background",
        form: Form::Flag,
        scope: Scope::Each,
        page: false,
        carried_out: true,
        what: "lets a command that does not return run on, until the page ends, while the commands \
               after it run; `false` has it interrupted once it has shown what the page shows. \
               Without it labbook decides, and `labbook check --explain` says how.",
        example: "\
<!-- labbook: background = true -->
```console
$ kubectl port-forward service/web 8080:80
Forwarding from 127.0.0.1:8080 -> 80
```
",
    },
    Key {
        name: "until",
        form: Form::Pattern,
        scope: Scope::Each,
        page: false,
        carried_out: true,
        what: "is a regular expression: once it matches in what a command that does not return \
               has printed, the command is interrupted; one in the background is ready then.",
        example: "\
<!-- labbook: until = 'web-2\\s+1/1' -->
```console
$ kubectl get pods --watch
```
",
    },
    Key {
        name: "stdin",
        form: Form::Text,
        scope: Scope::Each,
        page: false,
        carried_out: true,
        what: "is what the command reads on its standard input, which is otherwise empty.",
        example: "\
<!-- labbook: stdin = \"y\\n\" -->
```console
$ ./remove-all.sh
```
",
    },
    Key {
        name: "tty",
        form: Form::Flag,
        scope: Scope::Each,
        page: true,
        carried_out: true,
        what: "says whether the command gets a terminal; without it, those get one that ask for it \
               (`kubectl exec -it`).",
        example: "\
<!-- labbook: tty = true -->
```console
$ tput cols
80
```
",
    },
    Key {
        name: "host",
        form: Form::Flag,
        scope: Scope::Each,
        page: true,
        carried_out: true,
        what: "lets the command change the machine that it runs on, also where labbook can make \
               no sandbox; without it, a command that does (`systemctl`, `apt install`, a file \
               in `/etc`) is run in a sandbox only.",
        example: "\
<!-- labbook: host = true -->
```console
$ sudo systemctl restart kubelet
```
",
    },
    Key {
        name: "shell",
        form: Form::Choice(&["bash", "sh", "dash", "zsh"]),
        scope: Scope::Each,
        page: true,
        carried_out: true,
        what: "is the shell that runs the command. Without it the fence's language says so, where \
               it is one of these, and otherwise it is bash. Each is one session from its first \
               command to its last; the directory and the variables go from one to the other.",
        example: "\
<!-- labbook: shell = \"zsh\" -->
```console
$ print -l *.yaml(N)
```
",
    },
    Key {
        name: "streams",
        form: Form::Choice(&["together", "apart"]),
        scope: Scope::Each,
        page: true,
        carried_out: true,
        what: "says whether standard output and standard error are one text in the order in which \
               they were written, as on a terminal, or standard output is compared alone.",
        example: "\
<!-- labbook: streams = \"apart\" -->
```console
$ kubectl get pods -n empty
```
",
    },
    Key {
        name: "unordered",
        form: Form::Flag,
        scope: Scope::Each,
        page: true,
        carried_out: false,
        what: "lets the lines of the output stand in any order.",
        example: "\
<!-- labbook: unordered = true -->
```console
$ kubectl logs -l app=web --prefix
```
",
    },
    Key {
        name: "ignore",
        form: Form::Columns,
        scope: Scope::Each,
        page: true,
        carried_out: false,
        what: "names columns of tables that are not compared.",
        example: "\
<!-- labbook: ignore = [\"column:NODE\"] -->
```console
$ kubectl get pods -o wide
```
",
    },
    Key {
        name: "exact",
        form: Form::Columns,
        scope: Scope::Each,
        page: true,
        carried_out: false,
        what: "names columns of tables whose cells must be as recorded, letter for letter, also \
               where their type may vary.",
        example: "\
<!-- labbook: exact = [\"column:RESTARTS\"] -->
```console
$ kubectl get pods
```
",
    },
    Key {
        name: "requires",
        form: Form::Words,
        scope: Scope::Each,
        page: true,
        carried_out: false,
        what: "names programs that must be installed where the lab runs; without one of them the \
               command is not run.",
        example: "\
<!-- labbook: requires = [\"helm\"] -->
```console
$ helm list
```
",
    },
    Key {
        name: "tags",
        form: Form::Words,
        scope: Scope::Each,
        page: true,
        carried_out: false,
        what: "gives names by which labs and commands can be chosen.",
        example: "\
<!-- labbook:page tags = [\"storage\", \"slow\"] -->
```console
$ kubectl get pv
```
",
    },
];
