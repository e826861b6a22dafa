//! What is typed inside other programs.

use super::Behaviour;

pub(super) const TABLE: &[Behaviour] = &[
    Behaviour {
        name: "lines typed in a shell have each their own output",
        page: "```console\n$ env PS1='/ # ' sh -i\n/ # x=3\n/ # echo $((x + 1))\n4\n/ # exit\n```\n\n\
               ```SHELL\n$ echo \"${x-outside}\"\noutside\n```\n",
        comes: &[
            "ran answered |…|",
            "ran answered ||",
            r"same answered |4…\n|",
            "…",
            r"same 0 |outside\n|",
        ],
        not: &[],
    },
    Behaviour {
        name: "lines typed in python have each their own output",
        page: "```SHELL\n$ python3 -q\n>>> 1+1\n2\n>>> for i in range(2):\n...     print(i)\n...\n0\n1\n>>> exit()\n```\n",
        comes: &["ran answered ||", "same answered |2…", "same answered |0…1…", "…"],
        not: &[],
    },
    Behaviour {
        name: "what is open at the end of its lines is left",
        page: "```console\n$ env PS1='/ # ' sh -i\n/ # echo in\nin\n```\n\n```SHELL\n$ echo out\nout\n```\n",
        comes: &["ran answered |…|", r"same answered |in…\n|", r"same 0 |out\n|"],
        not: &[],
    },
    Behaviour {
        name: "a prompt that does not come back is told",
        page: "<!-- labbook: timeout = \"1s\" -->\n```console\n$ env PS1='/ # ' sh -i\n/ # sleep 1000\n```\n\n\
               ```SHELL\n$ echo out\nout\n```\n",
        comes: &["ran answered |…|", "error interrupted |…| no-prompt", r"same 0 |out\n|"],
        not: &[],
    },
];
