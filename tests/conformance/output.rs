//! What commands print, byte by byte.

use super::{Behaviour, Kind};

const TERMINAL_ADDS: (Kind, &str) = (Kind::Terminal, "a terminal adds a return to each line end");

pub(super) const TABLE: &[Behaviour] = &[
    Behaviour {
        name: "both streams arrive in the order in which they were written",
        page: "```SHELL\n$ echo a; echo b >&2; sh -c 'echo c >&2; echo d'; echo e >&2\na\nb\nc\nd\ne\n```\n",
        comes: &[r"same 0 |a\nb\nc\nd\ne\n|"],
        not: &[],
    },
    Behaviour {
        name: "bytes survive that are no text",
        page: "```SHELL\n$ printf '\\000\\377\\303\\r\\n'\n```\n",
        comes: &[r"ran 0 |\x00\xff\xc3\r\n|"],
        not: &[TERMINAL_ADDS],
    },
    Behaviour {
        name: "an end without a line end is no line end",
        page: "```SHELL\n$ printf 'no end'\nno end\n$ echo on\non\n```\n",
        comes: &["same 0 |no end|", r"same 0 |on\n|"],
        not: &[],
    },
    Behaviour {
        name: "nothing printed is nothing",
        page: "```SHELL\n$ true\n$ echo\n$ echo on\non\n```\n",
        comes: &["ran 0 ||", r"ran 0 |\n|", r"same 0 |on\n|"],
        not: &[],
    },
    Behaviour {
        name: "line ends of another system are line ends",
        page: "```SHELL\n$ printf 'x\\r\\ny\\r\\n'\nx\ny\n```\n",
        comes: &[r"same 0 |x\r\ny\r\n|"],
        not: &[TERMINAL_ADDS],
    },
    Behaviour {
        name: "colours are no difference, and stay in the record",
        page: "```SHELL\n$ printf '\\033[31mred\\033[0m\\n'\nred\n```\n",
        comes: &[r"same 0 |\x1b[31mred\x1b[0m\n|"],
        not: &[],
    },
    Behaviour {
        name: "a line that is drawn over is what is seen at last",
        page: "```SHELL\n$ printf '10%%\\r90%%\\r100%%\\n'\n100%\n```\n",
        comes: &[r"same 0 |10%\r90%\r100%\n|"],
        not: &[],
    },
    Behaviour {
        name: "a long line is whole",
        page: "```SHELL\n$ head -c 200000 /dev/zero | tr '\\0' x | wc -c\n200000\n\
               $ x=$(head -c 200000 /dev/zero | tr '\\0' x); echo \"$x\" | tail -c 3\nxx\n```\n",
        comes: &[r"same 0 |200000\n|", r"same 0 |xx\n|"],
        not: &[],
    },
    Behaviour {
        name: "what was printed before a failure is kept",
        page: "```SHELL\n$ echo one; false\none\n```\n",
        comes: &[r"different 1 |one\n| exit-code"],
        not: &[],
    },
    Behaviour {
        name: "another output is another result",
        page: "```SHELL\n$ echo new\nold\n```\n",
        comes: &[r"different 0 |new\n| line"],
        not: &[],
    },
    Behaviour {
        name: "what a job prints after its step is late, and its step's",
        page: "```SHELL\n$ mkfifo go; { cat go; echo late; echo >done; } & mkfifo done\n\
               $ echo >go; cat done >/dev/null; echo second\nsecond\n```\n",
        comes: &["ran 0 ||", r"same 0 |second\n|", r"late 0 |\nlate\n|"],
        not: &[],
    },
    Behaviour {
        name: "a pipe that is closed early is no error of the step",
        page: "```SHELL\n$ yes | head -n 1\ny\n```\n",
        comes: &[r"same 0 |y\n|"],
        not: &[],
    },
];
