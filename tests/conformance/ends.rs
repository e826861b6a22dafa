//! How commands end, and what of the session is left.

use super::{Behaviour, Kind};

pub(super) const TABLE: &[Behaviour] = &[
    Behaviour {
        name: "a step's exit code is that of its last command",
        page: "```SHELL\n$ false; true\n$ true; false\n$ echo on\non\n```\n",
        comes: &["ran 0 ||", "different 1 || exit-code", r"same 0 |on\n|"],
        not: &[],
    },
    Behaviour {
        name: "exit ends the shell and loses no result",
        page: "```SHELL\n$ echo first\nfirst\n$ export E=kept; mkdir d; cd d\n$ echo out; exit 3\nout\n\
               $ echo \"$E ${PWD##*/}\"\nkept d\n```\n",
        comes: &[
            r"same 0 |first\n|",
            "ran 0 ||",
            r"different shell-died-3 |out\n| exit-code shell-ended",
            r"same 0 |kept d\n|",
        ],
        not: &[],
    },
    Behaviour {
        name: "set -e ends the shell at the failure and loses no result",
        page: "```SHELL\n$ set -e\n$ echo before; false; echo after\nbefore\n$ echo on\non\n```\n",
        comes: &[
            "ran 0 ||",
            r"different shell-died-1 |before\n| exit-code shell-ended",
            r"same 0 |on\n|",
        ],
        not: &[],
    },
    Behaviour {
        name: "set -e lets pass what a condition asks",
        page: "```SHELL\n$ set -e\n$ false || echo caught\ncaught\n$ if false; then :; fi; echo on\non\n```\n",
        comes: &["ran 0 ||", r"same 0 |caught\n|", r"same 0 |on\n|"],
        not: &[],
    },
    Behaviour {
        name: "set -u tells of an unset variable and the shell lives",
        page: "```SHELL\n$ set -u; x=1\n$ echo $nope\n$ echo $x\n1\n```\n",
        comes: &["ran 0 ||", "different … |…nope: …| exit-code", r"same 0 |1\n|"],
        not: &[],
    },
    Behaviour {
        name: "pipefail lives on",
        page: "```SHELL\n$ false | true\n$ set -o pipefail\n$ false | true\n```\n",
        comes: &["ran 0 ||", "ran 0 ||", "different 1 || exit-code"],
        not: &[(Kind::Dash, "it has no pipefail")],
    },
    Behaviour {
        name: "exec replaces the shell, and the next step has another",
        page: "```SHELL\n$ export E=kept\n$ exec echo out\nout\n$ echo $E\nkept\n```\n",
        comes: &[
            "ran 0 ||",
            r"drift shell-died-0 |out\n| shell-ended shell-ended",
            r"same 0 |kept\n|",
        ],
        not: &[],
    },
    Behaviour {
        name: "a shell that kills itself is replaced",
        page: "```SHELL\n$ export E=kept\n$ kill -KILL $$\n$ echo $E\nkept\n```\n",
        comes: &[
            "ran 0 ||",
            "different shell-died-137 || exit-code shell-ended",
            r"same 0 |kept\n|",
        ],
        not: &[],
    },
    Behaviour {
        name: "a shell that ends its process group is replaced",
        page: "```SHELL\n$ kill -KILL 0\n$ echo on\non\n```\n",
        comes: &["…shell-died-137…", r"same 0 |on\n|"],
        not: &[],
    },
    Behaviour {
        name: "a syntax error stays in its step",
        page: "```SHELL\n$ x=1\n$ echo a; fi\n$ echo $x\n1\n```\n",
        comes: &["ran 0 ||", "different … |…fi…| exit-code", r"same 0 |1\n|"],
        not: &[],
    },
    Behaviour {
        name: "a quote that is not closed is told before anything runs",
        page: "```SHELL\n$ echo first\nfirst\n```\n\n```SHELL\n$ echo 'open\n```\n",
        comes: &["refused error[unfinished-command]…"],
        not: &[],
    },
    Behaviour {
        name: "a quote that is not closed in a string stays in its step",
        page: "```SHELL\n$ eval \"echo 'open\"\n$ echo on\non\n```\n",
        comes: &["different … |…| exit-code", r"same 0 |on\n|"],
        not: &[],
    },
    Behaviour {
        name: "an expected exit code is right",
        page: "<!-- labbook: exit = 3 -->\n```SHELL\n$ sh -c 'echo out; exit 3'\nout\n```\n\n\
               <!-- labbook: exit = 3 -->\n```SHELL\n$ true\n```\n",
        comes: &[r"same 3 |out\n|", "different 0 || exit-code"],
        not: &[],
    },
    Behaviour {
        name: "a failure is right where the page shows an error",
        page: "```SHELL\n$ ls none\nls: cannot access 'none': No such file or directory\n```\n",
        comes: &[r"same 2 |ls: cannot access 'none': No such file or directory\n|"],
        not: &[],
    },
    Behaviour {
        name: "a success is wrong where the page shows an error",
        page: "```SHELL\n$ ls lab.md\nls: cannot access 'lab.md': No such file or directory\n```\n",
        comes: &[r"different 0 |lab.md\n| exit-code…"],
        not: &[],
    },
    Behaviour {
        name: "a program that a signal ended has its number",
        page: "```SHELL\n$ sh -c 'kill -TERM $$'\n$ { sh -c 'kill -TERM $$'; } 2>/dev/null; echo $?\n143\n```\n",
        comes: &["different 143 |…| exit-code", r"same 0 |143\n|"],
        not: &[],
    },
    Behaviour {
        name: "a program that is not there is no difference but an error",
        page: "```SHELL\n$ no-such-program --version\n1.0\n```\n",
        comes: &["error 127 |…not found…| not-installed"],
        not: &[],
    },
    Behaviour {
        name: "what ends a loop ends nothing outside of one",
        page: "```SHELL\n$ break 2>/dev/null; echo on\non\n```\n",
        comes: &[r"same 0 |on\n|"],
        not: &[(Kind::Zsh, "a break outside of a loop ends its line")],
    },
    Behaviour {
        name: "a step that closes every descriptor loses nothing",
        page: "```SHELL\n$ for fd in 0 1 2 3 4 5 6 7 8 9; do eval \"exec $fd>&-\"; done\n$ echo on\non\n```\n",
        comes: &["ran 0 ||", r"same 0 |on\n|"],
        not: &[],
    },
    Behaviour {
        name: "functions that are called like the shell's own words change nothing",
        page: "```SHELL\n$ printf() { echo fake; }; export() { :; }; jobs() { :; }\n$ echo on\non\n```\n",
        comes: &["ran 0 ||", r"same 0 |on\n|"],
        not: &[(Kind::Dash, "no function may be called export")],
    },
    Behaviour {
        name: "a forged end is none",
        page: "```SHELL\n$ for fd in 3 4 5 6 7 8 9; do (echo 'ended 1 0' >/proc/$PPID/fd/$fd) 2>/dev/null; done; \
               (exit 5)\n$ echo on\non\n```\n",
        comes: &["different 5 |…| exit-code", r"same 0 |on\n|"],
        not: &[],
    },
];
