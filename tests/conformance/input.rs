//! What commands read.

use super::{Behaviour, Kind};

const WAITS: (Kind, &str) = (Kind::Terminal, "at a terminal it waits for a person");
const HAS_ONE: (Kind, &str) = (Kind::Terminal, "its commands have a terminal");

pub(super) const TABLE: &[Behaviour] = &[
    Behaviour {
        name: "standard input is empty",
        page: "```SHELL\n$ cat\n$ wc -c\n0\n```\n",
        comes: &["ran 0 ||", r"same 0 |0\n|"],
        not: &[WAITS],
    },
    Behaviour {
        name: "a command that reads all it can eats nothing of the page",
        page: "```SHELL\n$ echo first; cat >/dev/null\nfirst\n$ sh -c 'while read -r line; do echo \"ate $line\"; done'\n\
               $ echo third\nthird\n```\n",
        comes: &[r"same 0 |first\n|", "ran …||", r"same 0 |third\n|"],
        not: &[WAITS],
    },
    Behaviour {
        name: "a command reads what the page gives it",
        page: "<!-- labbook: stdin = \"one\\ntwo\\n\" -->\n```SHELL\n$ read -r x; cat; echo \"<$x>\"\ntwo\n<one>\n```\n",
        comes: &[r"same 0 |two\n<one>\n|"],
        not: &[],
    },
    Behaviour {
        name: "what one step reads is not there for the next",
        page: "<!-- labbook: stdin = \"one\\ntwo\\n\" -->\n```SHELL\n$ head -c 4\none\n```\n\n```SHELL\n$ cat\n```\n",
        comes: &[r"same 0 |one\n|", "ran 0 ||"],
        not: &[WAITS],
    },
    Behaviour {
        name: "a terminal has 24 lines of 80 columns",
        page: "<!-- labbook: tty = true -->\n```SHELL\n$ stty size\n24 80\n$ test -t 0 && test -t 1 && test -t 2 && echo all\nall\n```\n",
        comes: &["same 0 |24 80…", "same 0 |all…"],
        not: &[],
    },
    Behaviour {
        name: "a terminal is only there where one is asked for",
        page: "```SHELL\n$ test -t 0 || test -t 1 || echo none\nnone\n```\n",
        comes: &[r"same 0 |none\n|"],
        not: &[HAS_ONE],
    },
    Behaviour {
        name: "a terminal's line ends are no difference, and stay in the record",
        page: "<!-- labbook: tty = true -->\n```SHELL\n$ printf 'a\\nb\\n'\na\nb\n```\n",
        comes: &[r"same 0 |a\r\nb\r\n|"],
        not: &[(Kind::Terminal, "the suite leaves the returns out there")],
    },
    Behaviour {
        name: "a fence that is a file is written before its step",
        page: "<!-- labbook: file = \"conf/app.yaml\" -->\n```yaml\na: $x\n```\n\n```SHELL\n$ cat conf/app.yaml\na: $x\n```\n",
        comes: &[r"same 0 |a: $x\n|"],
        not: &[],
    },
];
