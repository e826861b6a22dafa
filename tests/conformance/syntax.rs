//! What a command may look like.

use super::{Behaviour, Kind};

pub(super) const TABLE: &[Behaviour] = &[
    Behaviour {
        name: "a here-document is read with its variables",
        page: "```SHELL\n$ x=1\n$ cat <<END\nx is $x\n  indented\nEND\nx is 1\n  indented\n```\n",
        comes: &["ran 0 ||", r"same 0 |x is 1\n  indented\n|"],
        not: &[],
    },
    Behaviour {
        name: "a here-document in quotes is read as it stands",
        page: "```SHELL\n$ cat <<'END'\n$x `y` \\\nEND\n$x `y` \\\n```\n",
        comes: &[r"same 0 |$x `y` \\n|"],
        not: &[],
    },
    Behaviour {
        name: "a here-document loses its tabs where it says so",
        page: "```SHELL\n$ cat <<-END\n\tone\n\tEND\none\n```\n",
        comes: &[r"same 0 |one\n|"],
        not: &[],
    },
    Behaviour {
        name: "a here-document writes a file that the next step reads",
        page: "```SHELL\n$ cat >conf <<EOF\na: 1\nEOF\n$ cat conf\na: 1\n```\n",
        comes: &["ran 0 ||", r"same 0 |a: 1\n|"],
        not: &[],
    },
    Behaviour {
        name: "a here-string is read",
        page: "```SHELL\n$ tr a-z A-Z <<<\"it's\"\nIT'S\n```\n",
        comes: &[r"same 0 |IT'S\n|"],
        not: &[(Kind::Dash, "it has no here-strings")],
    },
    Behaviour {
        name: "a loop of several lines is one command",
        page: "```SHELL\n$ for i in 1 2; do\n>   echo \"n $i\"\n> done\nn 1\nn 2\n```\n",
        comes: &[r"same 0 |n 1\nn 2\n|"],
        not: &[],
    },
    Behaviour {
        name: "a condition of several lines is one command",
        page: "```SHELL\nif test -f lab.md\nthen\n  echo there\nelse\n  echo not\nfi\n```\n\nOutput:\n\n\
               ```\nthere\n```\n",
        comes: &[r"same 0 |there\n|"],
        not: &[],
    },
    Behaviour {
        name: "a case of several lines is one command",
        page: "```SHELL\n$ case abc in\n>   a*) echo a ;;\n>   *) echo other ;;\n> esac\na\n```\n",
        comes: &[r"same 0 |a\n|"],
        not: &[],
    },
    Behaviour {
        name: "a function of several lines is one command",
        page: "```SHELL\n$ f() {\n>   echo one\n>   echo two\n> }\n$ f\none\ntwo\n```\n",
        comes: &["ran 0 ||", r"same 0 |one\ntwo\n|"],
        not: &[],
    },
    Behaviour {
        name: "a backslash at its end continues a line",
        page: "```SHELL\n$ echo one \\\n>   two\none two\n```\n",
        comes: &[r"same 0 |one two\n|"],
        not: &[],
    },
    Behaviour {
        name: "quotes hold line ends",
        page: "```SHELL\n$ echo 'one\n> two'\none\ntwo\n```\n",
        comes: &[r"same 0 |one\ntwo\n|"],
        not: &[],
    },
    Behaviour {
        name: "a comment is none of a command",
        page: "```SHELL\n$ echo on # not this\non\n```\n",
        comes: &[r"same 0 |on\n|"],
        not: &[],
    },
    Behaviour {
        name: "an exclamation mark is no history",
        page: "```SHELL\n$ echo \"on!on\" !x\non!on !x\n```\n",
        comes: &[r"same 0 |on!on !x\n|"],
        not: &[],
    },
    Behaviour {
        name: "a subshell changes nothing outside",
        page: "```SHELL\n$ x=1; (x=2; cd /; echo $x); echo $x \"$(ls lab.md)\"\n2\n1 lab.md\n```\n",
        comes: &[r"same 0 |2\n1 lab.md\n|"],
        not: &[],
    },
    Behaviour {
        name: "a process substitution is a file",
        page: "```SHELL\n$ cat <(echo one) <(echo two)\none\ntwo\n```\n",
        comes: &[r"same 0 |one\ntwo\n|"],
        not: &[(Kind::Dash, "it has no process substitutions")],
    },
    Behaviour {
        name: "text is UTF-8",
        page: "```SHELL\n$ x=žluť; echo \"${#x} $x\"\n4 žluť\n```\n",
        comes: &[r"same 0 |4 \xc5\xbelu\xc5\xa5\n|"],
        not: &[(Kind::Dash, "it counts bytes, no characters")],
    },
    Behaviour {
        name: "a listing without prompts is run line by line",
        page: "```SHELL\nx=1\necho $x\n```\n\nOutput:\n\n```\n1\n```\n",
        comes: &["ran 0 ||", r"same 0 |1\n|"],
        not: &[],
    },
];
