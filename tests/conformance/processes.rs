//! What commands start, and how it ends.

use super::{Behaviour, Kind};

pub(super) const TABLE: &[Behaviour] = &[
    Behaviour {
        name: "a job in the background blocks nothing",
        page: "```SHELL\n$ sleep 1000 & echo started\nstarted\n```\n",
        comes: &[r"same 0 |started\n|"],
        not: &[],
    },
    Behaviour {
        name: "a job of a block is there in the next",
        // A SIGTERM is lost on a job that an interactive dash has only just forked.
        page: "```SHELL\n$ sleep 1000 &\n```\n\nThen\n\n```SHELL\n$ kill -KILL $!\n$ wait $! 2>/dev/null; echo $?\n137\n```\n",
        comes: &["ran 0 ||", "ran 0 ||", r"same 0 |137\n|"],
        not: &[],
    },
    Behaviour {
        name: "the list of jobs lives on",
        page: "```SHELL\n$ sleep 1000 &\n```\n\nThen\n\n```SHELL\n$ jobs | wc -l\n1\n$ kill %1\n\
               $ wait %1; echo $?\n143\n```\n",
        comes: &["ran 0 ||", r"same 0 |1\n|", "ran 0 ||", r"same 0 |143\n|"],
        not: &[
            (Kind::Dash, "a pipe has none of its jobs, and a job no number without job control"),
            (Kind::Zsh, "a pipe has none of its jobs, and a job that ended no number"),
        ],
    },
    Behaviour {
        name: "the number of the last job is there in the next block",
        page: "```SHELL\n$ (exit 5) &\n```\n\nThen\n\n```SHELL\n$ wait $!; echo $?\n5\n```\n",
        comes: &["ran 0 ||", r"same 0 |5\n|"],
        not: &[],
    },
    Behaviour {
        name: "a hang is ended, and the shell lives on",
        page: "```SHELL\n$ x=kept\n```\n\n<!-- labbook: timeout = \"300ms\" -->\n```SHELL\n\
               $ echo begun; sleep 1000; echo not\nbegun\n```\n\n```SHELL\n$ echo $x\nkept\n```\n",
        comes: &["ran 0 ||", r"error timed-out |begun\n…| time-out", r"same 0 |kept\n|"],
        not: &[],
    },
    Behaviour {
        name: "a loop of the shell itself is ended, and the next step has another shell",
        page: "```SHELL\n$ export E=kept\n```\n\n<!-- labbook: timeout = \"300ms\" -->\n```SHELL\n\
               $ trap '' INT; while :; do :; done\n```\n\n```SHELL\n$ echo $E\nkept\n```\n",
        comes: &["ran 0 ||", "error timed-out |…| time-out", r"same 0 |kept\n|"],
        not: &[],
    },
    Behaviour {
        name: "what heeds no signal is ended",
        page: "<!-- labbook: timeout = \"300ms\" -->\n```SHELL\n\
               $ sh -c 'trap \"\" INT TERM HUP; while :; do sleep 1003; done'\n```\n\n```SHELL\n\
               $ cat /proc/[0-9]*/cmdline 2>/dev/null | tr '\\0' ' ' | grep -o '[s]leep 1003' || echo gone\ngone\n```\n",
        comes: &["error timed-out |…| time-out", r"same 0 |gone\n|"],
        not: &[],
    },
    Behaviour {
        name: "what left its session is ended with its step",
        page: "<!-- labbook: timeout = \"300ms\" -->\n```SHELL\n$ setsid sleep 1004 & sleep 1000\n```\n\n\
               ```SHELL\n\
               $ cat /proc/[0-9]*/cmdline 2>/dev/null | tr '\\0' ' ' | grep -o '[s]leep 1004' || echo gone\ngone\n```\n",
        comes: &["error timed-out |…| time-out", r"same 0 |gone\n|"],
        not: &[],
    },
    Behaviour {
        name: "what forked twice is ended with its step",
        page: "<!-- labbook: timeout = \"300ms\" -->\n```SHELL\n$ (setsid sleep 1005 &); sleep 1000\n```\n\n\
               ```SHELL\n\
               $ cat /proc/[0-9]*/cmdline 2>/dev/null | tr '\\0' ' ' | grep -o '[s]leep 1005' || echo gone\ngone\n```\n",
        comes: &["error timed-out |…| time-out", r"same 0 |gone\n|"],
        not: &[],
    },
    Behaviour {
        name: "a hang ends no job of an earlier step",
        page: "```SHELL\n$ sleep 1000 & job=$!\n```\n\n<!-- labbook: timeout = \"300ms\" -->\n```SHELL\n\
               $ sleep 1001\n```\n\n```SHELL\n$ kill -0 $job && echo alive\nalive\n```\n",
        comes: &["ran 0 ||", "error timed-out |…| time-out", r"same 0 |alive\n|"],
        not: &[],
    },
    Behaviour {
        name: "a step that stopped itself is ended",
        page: "<!-- labbook: timeout = \"300ms\" -->\n```SHELL\n$ sh -c 'kill -STOP $$'\n```\n\n```SHELL\n$ echo on\non\n```\n",
        comes: &["… |…| …", r"same 0 |on\n|"],
        not: &[],
    },
    Behaviour {
        name: "a trap of the interrupt is heard before the end",
        page: "<!-- labbook: timeout = \"300ms\" -->\n```SHELL\n\
               $ sh -c 'trap \"echo heard; exit 1\" INT; while :; do sleep 0.01; done'\n```\n",
        comes: &[r"error timed-out |heard\n…| time-out"],
        not: &[],
    },
    Behaviour {
        name: "what damages the machine damages nothing outside",
        page: "```SHELL\n$ rm -rf /usr/share/doc; ls /usr/share/doc 2>/dev/null | wc -l\n0\n```\n",
        comes: &[r"same 0 |0\n|"],
        not: &[],
    },
];
