//! Commands that do not end by themselves.

use super::Behaviour;

pub(super) const TABLE: &[Behaviour] = &[
    Behaviour {
        name: "what follows is interrupted once it has shown what the page shows",
        page: "```SHELL\n$ printf 'one\\ntwo\\n' >log\n$ tail -f log\none\ntwo\n$ echo on\non\n```\n",
        comes: &["ran 0 ||", r"same interrupted |one\ntwo\n|", r"same 0 |on\n|"],
        not: &[],
    },
    Behaviour {
        name: "what follows shows what comes later, too",
        page: "```SHELL\n$ echo one >log\n$ (until grep -qs follow /proc/[0-9]*/cmdline; do :; done; echo two >>log) & \n\
               $ tail --follow log\none\ntwo\n```\n",
        comes: &["ran 0 ||", "ran 0 ||", r"same interrupted |one\ntwo\n|"],
        not: &[],
    },
    Behaviour {
        name: "what follows and shows another thing is another result",
        page: "```SHELL\n$ echo one >log\n```\n\n<!-- labbook: wait = \"300ms\" -->\n```SHELL\n$ tail -f log\nother\n```\n",
        comes: &["ran 0 ||", r"different interrupted |one\n| line"],
        not: &[],
    },
    Behaviour {
        name: "a command is interrupted once its pattern was printed",
        page: "<!-- labbook: until = '^3$' -->\n```SHELL\n$ sh -c 'seq 3; exec sleep 1000'\n```\n\n```SHELL\n$ echo on\non\n```\n",
        comes: &[r"ran interrupted |1\n2\n3\n|", r"same 0 |on\n|"],
        not: &[],
    },
    Behaviour {
        name: "a pattern that is not printed in its time is told",
        page: "<!-- labbook: until = 'never', wait = \"300ms\" -->\n```SHELL\n$ sh -c 'echo one; exec sleep 1000'\n```\n",
        comes: &[r"error interrupted |one\n| until"],
        not: &[],
    },
    Behaviour {
        name: "a server runs in the background while the page goes on",
        page: "```SHELL\n$ python3 -m http.server PORT --bind 127.0.0.1\n$ curl -s http://127.0.0.1:PORT/ | grep -o lab.md | head -n 1\nlab.md\n```\n",
        comes: &["ran running |…|", r"same 0 |lab.md\n|", "late 0 |…GET…|"],
        not: &[],
    },
    Behaviour {
        name: "a port is forwarded in the background while the page goes on",
        page: "<!-- labbook: file = \"forward.pl\" -->\n```perl\n\
               use IO::Socket::INET;\n$| = 1;\n\
               my $from = IO::Socket::INET->new(Listen => 5, LocalAddr => '127.0.0.1', LocalPort => shift, ReuseAddr => 1);\n\
               print \"Forwarding from 127.0.0.1\\n\";\n\
               while (my $one = $from->accept) { print \"Handling connection\\n\"; my $line = <$one>; print $one \"forwarded $line\"; close $one }\n\
               ```\n\n<!-- labbook: background = true, until = 'Forwarding' -->\n```SHELL\n$ perl forward.pl PORT\nForwarding from 127.0.0.1\n```\n\n\
               ```SHELL\n$ perl -MIO::Socket::INET -e '$s = IO::Socket::INET->new(\"127.0.0.1:PORT\"); print $s \"bytes\\n\"; print <$s>'\nforwarded bytes\n```\n",
        comes: &[
            r"same running |Forwarding from 127.0.0.1\n|",
            r"same 0 |forwarded bytes\n|",
            r"late 0 |Handling connection\n|",
        ],
        not: &[],
    },
    Behaviour {
        name: "a command in the background that ends at once is told",
        page: "<!-- labbook: background = true, until = 'ready' -->\n```SHELL\n$ sh -c 'echo broken; exit 4'\n```\n\n```SHELL\n$ echo on\non\n```\n",
        comes: &[r"different 4 |broken\n| exit-code", r"same 0 |on\n|"],
        not: &[],
    },
    Behaviour {
        name: "what watches is interrupted once it has shown something",
        page: "<!-- labbook: tty = true, until = 'seen' -->\n```SHELL\n$ watch -n 1 echo seen\n```\n\n```SHELL\n$ echo on\non\n```\n",
        comes: &["ran interrupted |…seen…|", r"same 0 |on\n|", "late 0 |…|"],
        not: &[],
    },
];
