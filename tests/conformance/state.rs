//! What one shell a lab keeps from step to step.

use super::{Behaviour, Kind};

pub(super) const TABLE: &[Behaviour] = &[
    Behaviour {
        name: "a variable lives on",
        page: "```SHELL\n$ x='a  b'\n$ echo \"$x\"\na  b\n```\n",
        comes: &["ran 0 ||", r"same 0 |a  b\n|"],
        not: &[],
    },
    Behaviour {
        name: "a variable that is unset is gone",
        page: "```SHELL\n$ x=1\n$ unset x\n$ echo \"${x-none}\"\nnone\n```\n",
        comes: &["ran 0 ||", "ran 0 ||", r"same 0 |none\n|"],
        not: &[],
    },
    Behaviour {
        name: "an exported variable reaches programs, another one does not",
        page: "```SHELL\n$ export a=1; b=2\n$ env | grep -E '^[ab]='\na=1\n```\n",
        comes: &["ran 0 ||", r"same 0 |a=1\n|"],
        not: &[],
    },
    Behaviour {
        name: "a variable before a command is that command's",
        page: "```SHELL\n$ x=1 sh -c 'echo \"$x\"'\n1\n$ echo \"${x-none}\"\nnone\n```\n",
        comes: &[r"same 0 |1\n|", r"same 0 |none\n|"],
        not: &[],
    },
    Behaviour {
        name: "a function of a block is there in the next",
        page: "```SHELL\n$ greet() { echo \"hello $1\"; return 4; }\n```\n\nThen\n\n```SHELL\n\
               $ greet world || echo $?\nhello world\n4\n```\n",
        comes: &["ran 0 ||", r"same 0 |hello world\n4\n|"],
        not: &[],
    },
    Behaviour {
        name: "an alias of a block is there in the next",
        page: "```SHELL\n$ alias say='echo said'\n```\n\nThen\n\n```SHELL\n$ say it\nsaid it\n```\n",
        comes: &["ran 0 ||", r"same 0 |said it\n|"],
        not: &[],
    },
    Behaviour {
        name: "an option lives on",
        page: "```SHELL\n$ set -o noglob\n$ echo *\n*\n$ set +o noglob\n$ echo lab.m*\nlab.md\n```\n",
        comes: &["ran 0 ||", r"same 0 |*\n|", "ran 0 ||", r"same 0 |lab.md\n|"],
        not: &[],
    },
    Behaviour {
        name: "an option of bash lives on",
        page: "```SHELL\n$ shopt -s nullglob\n$ echo [ *.none ]\n[ ]\n```\n",
        comes: &["ran 0 ||", r"same 0 |[ ]\n|"],
        not: &[(Kind::Dash, "it has no shopt"), (Kind::Zsh, "it has no shopt")],
    },
    Behaviour {
        name: "the directory lives on, and the way back",
        page: "```SHELL\n$ mkdir -p d/e\n$ cd d/e\n$ echo \"${PWD##*/}\"\ne\n$ cd - >/dev/null\n\
               $ ls -1d d lab.md\nd\nlab.md\n```\n",
        comes: &["ran 0 ||", "ran 0 ||", r"same 0 |e\n|", "ran 0 ||", r"same 0 |d\nlab.md\n|"],
        not: &[],
    },
    Behaviour {
        name: "a stack of directories lives on",
        page: "```SHELL\n$ mkdir d\n$ pushd d >/dev/null\n$ popd >/dev/null\n$ ls -d d\nd\n```\n",
        comes: &["ran 0 ||", "ran 0 ||", "ran 0 ||", r"same 0 |d\n|"],
        not: &[(Kind::Dash, "it has no pushd")],
    },
    Behaviour {
        name: "umask lives on",
        page: "```SHELL\n$ umask 077\n$ touch f\n$ stat -c %a f\n600\n```\n",
        comes: &["ran 0 ||", "ran 0 ||", r"same 0 |600\n|"],
        not: &[],
    },
    Behaviour {
        name: "a limit lives on",
        page: "```SHELL\n$ ulimit -S -n 77\n$ sh -c 'ulimit -n'\n77\n```\n",
        comes: &["ran 0 ||", r"same 0 |77\n|"],
        not: &[],
    },
    Behaviour {
        name: "the locale is that which the page sets",
        page: "```SHELL\n$ export LC_ALL=C\n$ printf 'b\\nB\\na\\n' | sort | tr -d '\\n'\nBab\n```\n",
        comes: &["ran 0 ||", "same 0 |Bab|"],
        not: &[],
    },
    Behaviour {
        name: "what is sourced stays",
        page: "```SHELL\n$ printf 'x=sourced\\nf() { echo \"$x\"; }\\n' >lib.sh\n$ . ./lib.sh\n$ f\n\
               sourced\n```\n",
        comes: &["ran 0 ||", "ran 0 ||", r"same 0 |sourced\n|"],
        not: &[],
    },
    Behaviour {
        name: "a descriptor stays open",
        page: "```SHELL\n$ exec 3>log\n$ echo kept >&3\n$ exec 3>&-\n$ cat log\nkept\n```\n",
        comes: &["ran 0 ||", "ran 0 ||", "ran 0 ||", r"same 0 |kept\n|"],
        not: &[],
    },
    Behaviour {
        name: "the exit code of the step before is there",
        page: "```SHELL\n$ (exit 7)\n$ echo $?\n7\n$ echo $?\n0\n```\n",
        comes: &["different 7 || exit-code", r"same 0 |7\n|", r"same 0 |0\n|"],
        not: &[],
    },
    Behaviour {
        name: "the last argument of the step before is there",
        page: "```SHELL\n$ mkdir -p 'a b/c'\n$ cd \"$_\"\n$ echo \"${PWD##*/}\"\nc\n$ (exit 3)\n\
               $ test -d x\n$ echo \"$? $_\"\n1 x\n$ cat <<END\n> 1 x\n> END\n1 x\n$ cat \\\n\
               > \"$_\" 2>/dev/null\n$ echo \"$?\"\n1\n```\n",
        comes: &[
            "ran 0 ||",
            "ran 0 ||",
            r"same 0 |c\n|",
            "different 3 || exit-code",
            "ran 1 ||",
            r"same 0 |1 x\n|",
            r"same 0 |1 x\n|",
            "different 1 || exit-code",
            r"same 0 |1\n|",
        ],
        not: &[],
    },
    Behaviour {
        name: "what the parts of a pipeline ended with is there in the next step",
        page: "```SHELL\n$ (exit 3) | (exit 4) | true\n\
               $ echo $? ${PIPESTATUS[@]} $pipestatus\n0 3 4 0\n\
               $ echo $? ${PIPESTATUS[@]} $pipestatus\n0 0\n$ set -eo pipefail\n\
               $ true | (exit 5) || true\n$ echo \"${PIPESTATUS[*]}$pipestatus\"\n0\n$ set +e\n\
               $ echo a; fi\n$ true | true\n$ echo $? ${PIPESTATUS[@]} $pipestatus\n0 0 0\n```\n",
        comes: &[
            "ran 0 ||",
            r"same 0 |0 3 4 0\n|",
            r"same 0 |0 0\n|",
            "ran 0 ||",
            "ran 0 ||",
            r"same 0 |0\n|",
            "ran 0 ||",
            "different … |…fi…| exit-code",
            "ran 0 ||",
            r"same 0 |0 0 0\n|",
        ],
        not: &[(Kind::Dash, "it does not know what the parts of a pipeline ended with")],
    },
    Behaviour {
        name: "the parameters of the shell live on",
        page: "```SHELL\n$ set -- a 'b c'\n$ echo $# \"$2\"\n2 b c\n```\n",
        comes: &["ran 0 ||", r"same 0 |2 b c\n|"],
        not: &[],
    },
    Behaviour {
        name: "arrays live on",
        page: "```SHELL\n$ all=(a 'b c' d)\n$ echo \"${#all[@]} ${all[@]:1:1}\"\n3 b c\n```\n",
        comes: &["ran 0 ||", r"same 0 |3 b c\n|"],
        not: &[(Kind::Dash, "it has no arrays")],
    },
    Behaviour {
        name: "associative arrays live on",
        page: "```SHELL\n$ declare -A m\n$ m[key]=value\n$ echo \"${m[key]}\"\nvalue\n```\n",
        comes: &["ran 0 ||", "ran 0 ||", r"same 0 |value\n|"],
        not: &[(Kind::Dash, "it has no arrays")],
    },
    Behaviour {
        name: "a shell has one number from the first step to the last",
        page: "```SHELL\n$ first=$$\n$ test \"$first\" = $$ && echo one\none\n```\n",
        comes: &["ran 0 ||", r"same 0 |one\n|"],
        not: &[],
    },
    Behaviour {
        name: "a trap of a signal lives on",
        page: "```SHELL\n$ trap 'echo heard' USR1\n$ kill -USR1 $$\nheard\n```\n",
        comes: &["ran 0 ||", r"same 0 |heard\n|"],
        not: &[],
    },
    Behaviour {
        name: "the trap of the exit prints into the step that exits",
        page: "```SHELL\n$ trap 'echo bye' EXIT\n$ echo on\non\n$ exit 0\nbye\n```\n",
        comes: &[
            "ran 0 ||",
            r"same 0 |on\n|",
            r"drift shell-died-0 |bye\n| shell-ended shell-ended",
        ],
        not: &[(Kind::Dash, "it undoes the redirections of the step before the trap")],
    },
    Behaviour {
        name: "the history has the commands of the page",
        page: "```SHELL\n$ echo first\nfirst\n$ history | grep -c 'echo fi[r]st'\n1\n```\n",
        comes: &[r"same 0 |first\n|", r"same 0 |1\n|"],
        not: &[
            (Kind::Dash, "it keeps no history"),
            (Kind::Zsh, "its history has labbook's words around the commands"),
        ],
    },
    Behaviour {
        name: "a lab has a home, a directory for temporary files and no kubeconfig of its user",
        page: "```SHELL\n$ ls -A \"$HOME\" \"$TMPDIR\" | grep -v : | tr -d '\\n'\n\
               $ test -s \"$KUBECONFIG\" || echo none\nnone\n```\n",
        comes: &["ran 0 ||", r"same 0 |none\n|"],
        not: &[],
    },
    Behaviour {
        name: "a secret of the user's environment is not passed on",
        page: "```SHELL\n$ env | grep -c -i -E 'token|secret|password|^CARGO'\n0\n```\n",
        comes: &[r"same 1 |0\n|"],
        not: &[],
    },
];
