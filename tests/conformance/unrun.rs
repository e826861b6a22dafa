//! What is not run, and said.

use super::Behaviour;

pub(super) const TABLE: &[Behaviour] = &[
    Behaviour {
        name: "commands of PowerShell are not run",
        page: "```powershell\nPS C:\\> Get-Process\n```\n\n```SHELL\n$ echo on\non\n```\n",
        comes: &["not-run - || powershell", r"same 0 |on\n|"],
        not: &[],
    },
    Behaviour {
        name: "commands of cmd.exe are not run",
        page: "```cmd\nC:\\> dir\n```\n\n```SHELL\n$ echo on\non\n```\n",
        comes: &["not-run - || powershell", r"same 0 |on\n|"],
        not: &[],
    },
    Behaviour {
        name: "kubectl is not run without a cluster",
        page: "```SHELL\n$ kubectl get pods\nNo resources found in default namespace.\n$ echo on\non\n```\n",
        comes: &["not-run - || no-cluster", r"same 0 |on\n|"],
        not: &[],
    },
    Behaviour {
        name: "helm is not run without a cluster, in a pipe neither",
        page: "```SHELL\n$ echo y | helm uninstall app | cat\n$ echo on\non\n```\n",
        comes: &["not-run - || no-cluster", r"same 0 |on\n|"],
        not: &[],
    },
    Behaviour {
        name: "a port is not forwarded without a cluster",
        page: "```SHELL\n$ kubectl port-forward service/web 8080:80\nForwarding from 127.0.0.1:8080 -> 80\n$ echo on\non\n```\n",
        comes: &["not-run - || no-cluster", r"same 0 |on\n|"],
        not: &[],
    },
    Behaviour {
        name: "what is to be filled in is refused before anything runs",
        page: "```SHELL\n$ echo first\nfirst\n$ curl http://<your-host>/\n$ echo on\non\n```\n",
        comes: &["refused error[placeholder]…"],
        not: &[],
    },
    Behaviour {
        name: "what the page has skipped is not run",
        page: "<!-- labbook: skip = \"it is too dear\" -->\n```SHELL\n$ touch made\n```\n\n```SHELL\n$ ls made || echo none\nls: cannot access 'made': No such file or directory\nnone\n```\n",
        comes: &[
            "not-run - || skipped",
            r"same 0 |ls: cannot access 'made': No such file or directory\nnone\n|",
        ],
        not: &[],
    },
    Behaviour {
        name: "an editor is refused before anything runs",
        page: "```SHELL\n$ echo first\nfirst\n$ vi lab.md\n```\n",
        comes: &["refused error[needs-a-person]…"],
        not: &[],
    },
];
