//! Which lines of a page stand after prompts.

use super::{diagnostics, lab, steps};

#[test]
fn which_prompt_is_second_is_decided_by_the_first() {
    let page = "```console\n$ kubectl create -f - <<EOF\n> a: 1\n>   b: 2\n> EOF\n> kubectl get pods\n```\n";
    assert_eq!(
        steps(page),
        ["2-5 kubectl create -f - <<EOF\na: 1\n  b: 2\nEOF | 6-6 > kubectl get pods"]
    );
    let page = "```bash\n> kubectl get pods \\\n  -A\nNAME\n> kubectl get svc\n```\n";
    assert_eq!(steps(page), ["2-3 kubectl get pods \\\n  -A | 4-4 NAME", "5-5 kubectl get svc"]);
}

#[test]
fn text_with_marks_is_no_prompt() {
    for page in [
        "```text\n→ deploys the pod to the node\n```\n",
        "```\n» see the manual for details\n```\n",
        "```\n❯ selected item\n```\n",
        "```\n[web] > vite build\n```\n",
        "```\n~/work % of the time spent here\n```\n",
        "```\n$ HOME is the home directory\n```\n",
        "```\nStarted by user admin\n[my-job] $ /bin/sh -xe /tmp/a.sh\n```\n",
        "```\n# systemctl restart nginx\nuser www-data;\n```\n",
        "```\ninstall cert-manager\ntest end-to-end\n```\n",
    ] {
        assert_eq!(steps(page), [""; 0], "{page}");
    }
}

#[test]
fn what_a_program_tells_to_type_is_not_run() {
    for page in [
        "```sh\n$ helm install a b\nNOTES:\nTo connect run:\n$ kubectl delete pod web-0\n```\n",
        "```sh\n$ yarn build\nyarn run v1.22.19\n$ rimraf dist\n$ rm -rf out\nDone in 1s.\n```\n",
        "```sh\nkubectl logs job/deploy\nStarting the job\nkubectl delete pod web-0\n```\n",
        "```sh\n$ ls\ninstall.sh uninstall.sh\n```\n",
        "```sh\n$ docker ps --format x\nnginx nginx:1.19\n```\n",
    ] {
        assert_eq!(steps(page).len(), 1, "{:?}", steps(page));
    }
    assert_eq!(steps("```sh\nminikube docker-env\nexport DOCKER_HOST=\"tcp://a\"\n```\n").len(), 1);
}

#[test]
fn what_the_terminal_broke_is_one_command() {
    let prompt = "me@a-long-name-of-a-host:~/a/long/directory$";
    let page = format!(
        "```sh\n{prompt} kubectl apply -f deplo\nyment.yml\ndeployment.apps/a created\n{prompt} kubectl apply -f servi\nce.yml\n```\n"
    );
    assert_eq!(
        steps(&page),
        [
            "2-3 kubectl apply -f deployment.yml | 4-4 deployment.apps/a created",
            "5-6 kubectl apply -f service.yml"
        ]
    );
    let page = "```sh\nme@a-long-name-of-a-host:~/a/long/directory$ cat /data/the-visits\nvisits.txt\n```\n";
    assert_eq!(steps(page), ["2-2 cat /data/the-visits | 3-3 visits.txt"]);
}

#[test]
fn the_key_that_interrupted_a_command_is_no_part_of_it() {
    let page = "```sh\n$ kubectl get pods -w^C\n$ ^C\n$ ls ^C\n```\n";
    assert_eq!(steps(page), ["2-2 kubectl get pods -w", "4-4 ls"]);
}

#[test]
fn blanks_after_a_backslash_are_not_seen() {
    assert_eq!(
        steps("```sh\nkubectl get pods \\ \n  -A\n```\n"),
        ["2-3 kubectl get pods \\\n  -A"]
    );
}

#[test]
fn a_page_has_one_prompt() {
    for mark in ["%", ">"] {
        let page =
            format!("```console\n$ ls\n```\n\nText.\n\n```console\n{mark} kubectl get pods\n```\n");
        assert_eq!(steps(&page), ["2-2 ls", "8-8 kubectl get pods"]);
        assert_eq!(diagnostics(&page), ["mixed-prompts"]);
        let page = format!("```console\n$ man ls\n```\n```console\n{mark} ls\n```\n");
        assert_eq!(steps(&page), [format!("2-2 man ls | 5-5 {mark} ls")]);
    }
}

#[test]
fn a_comment_that_is_typed_ends_the_output() {
    assert_eq!(steps("```console\n$ ls\na\n$ # then\n$ ls\n```\n"), ["2-2 ls | 3-3 a", "5-5 ls"]);
    assert_eq!(steps("```\nme@a:~$ ls\na\nme@a:~$ # then\n```\n"), ["2-2 ls | 3-3 a"]);
}

#[test]
fn a_prompt_of_another_machine_is_not_the_pages() {
    let page = "```\nme@box:~$ kubectl exec -it a -- bash\nroot@a:/# rm -rf /x\n```\n```\nroot@a:/# ls\n```\n";
    assert_eq!(steps(page), ["2-2 kubectl exec -it a -- bash", "3-3 rm -rf /x", "6-6 ls"]);
    let nested = |page: &str| -> Vec<bool> {
        lab(page).steps.iter().map(|step| step.flags.nested).collect()
    };
    assert_eq!(nested(page), [false, true, true]);
    let page =
        "```sh\n$ kubectl exec -it a -- bash\n```\n```\nroot@a:/# rm x\n```\n```sh\n$ ls\n```\n";
    assert_eq!(nested(page), [false, true, false]);
    assert_eq!(diagnostics(page), [""; 0]);
    let steps = lab(page).steps;
    assert_eq!(steps[1].inside.map(|opened| (opened.step, opened.line)), Some((0, 2)));
    assert!(steps[0].opens && steps[0].inside.is_none() && steps[2].inside.is_none());
    assert_eq!(diagnostics("```console\n/ # ls\na\n```\n"), ["nested-command"]);
    assert_eq!(diagnostics("```console\n$ kubectl exec -it a -- sh\n```\n"), ["opens-a-shell"]);
}

#[test]
fn roots_prompt_is_no_comment() {
    assert_eq!(steps("```console\n# kubectl get pods\nNAME\n# kubectl get svc\n```\n").len(), 2);
    assert_eq!(
        steps("```bash\n# kubectl get pods\nkubectl get svc\n```\n"),
        ["3-3 kubectl get svc"]
    );
    assert_eq!(
        steps("```console\n# kubectl get pods\nkubectl get svc\n```\n"),
        ["3-3 kubectl get svc"]
    );
    assert_eq!(steps("```console\n# kubectl get pods\n# this lists them\nNAME\n```\n"), [""; 0]);
}

#[test]
fn one_fence_tells_that_root_types_on_a_page() {
    let page = "```sh\n# docker ps\nCONTAINER ID   IMAGE\n```\n\n```sh\n# docker stop web\n```\n";
    assert_eq!(steps(page).len(), 2);
    assert_eq!(steps("```sh\n# docker stop web\n```\n"), [""; 0]);
    assert_eq!(steps("```\n#kubectl get pods\nNAME   READY   STATUS\n```\n").len(), 1);
}

#[test]
fn what_is_pasted_after_a_prompt_is_typed() {
    let page = "```console\n$ export A=b\nexport B=$(date)\ngcloud config set project $A\n```\n";
    assert_eq!(steps(page).len(), 3);
}

#[test]
fn a_commands_like_is_typed_again() {
    let page = "```bash\nkubectl exec a-0 -- vault status\nKey   Value\nSealed   false\n\nkubectl exec a-1 -- vault status\nKey   Value\n```\n";
    assert_eq!(steps(page).len(), 2);
}

#[test]
fn a_host_before_roots_mark_is_a_prompt() {
    let page = "```\nroot@master # kubectl get svc\nNAME\n```\n";
    assert_eq!(steps(page), ["2-2 kubectl get svc | 3-3 NAME"]);
    let page = "```\nnode1 # kubectl get nodes\nNAME   STATUS   ROLES\n```\n";
    assert_eq!(steps(page).len(), 1);
}

#[test]
fn roots_mark_beside_a_fuller_prompt_is_told() {
    for page in [
        "```bash\n# kubectl get nodes\n[root@node1 ~]# hostname\nnode1\n```\n",
        "```bash\n[root@node1 ~]# hostname\nnode1\n# kubectl get nodes\nNAME    STATUS\n# uptime\n```\n",
    ] {
        assert_eq!(steps(page).len(), 1, "{page}");
        assert_eq!(diagnostics(page), ["mixed-prompts"], "{page}");
    }
    let page = "```bash\nme@box:~$ hostname\nnode1\n# kubectl get nodes\nme@box:~$ ls\n```\n";
    assert_eq!(diagnostics(page), [""; 0]);
}

#[test]
fn a_prompt_of_the_pages_own_is_told_by_what_follows() {
    for prompt in
        ["?  labs (main) ?", "❱❱❱", "me in ~/labs on main λ", ".venv➜  labs git:(main) ✗", ":~$"]
    {
        let page = format!("```bash\n{prompt} kubectl get po\nNAME\n{prompt} ls\na\n```\n");
        let read = steps(&page);
        assert_eq!(read, ["2-2 kubectl get po | 3-3 NAME", "4-4 ls | 5-5 a"], "{prompt}");
    }
    assert_eq!(
        steps("```text\nCOMMAND: kubectl get po\nNAME\n```\n"),
        ["2-2 kubectl get po | 3-3 NAME"]
    );
}

#[test]
fn what_a_theme_draws_is_no_output() {
    let page = "```bash\n(base) ┌─[me@box] - [~/labs]\n└─[$] <git:(main)> kubectl get po\nNAME\n(base) ┌─[me@box] - [~/labs]\n└─[$] <git:(main)> ls\na\n```\n";
    assert_eq!(steps(page), ["3-3 kubectl get po | 4-4 NAME", "6-6 ls | 7-7 a"]);
    let page = "```\n~/.aws\n❯ cat config\n[profile]\n```\n";
    assert_eq!(steps(page), ["3-3 cat config | 4-4 [profile]"]);
}

#[test]
fn the_blank_after_a_prompt_may_be_left_out() {
    assert_eq!(
        steps("```sh\nroot@web-0:/#apt-get update\nHit:1\n```\n"),
        ["2-2 apt-get update | 3-3 Hit:1"]
    );
}

#[test]
fn another_machines_prompt_is_told() {
    let page = |other: &str| {
        format!(
            "```console\nme@master:~$ kubectl get nodes\n```\n\nText.\n\n```console\n{other} ls\n```\n"
        )
    };
    assert_eq!(diagnostics(&page("root@w1:~#")), ["mixed-prompts"]);
    assert_eq!(diagnostics(&page("root@master:~#")), [""; 0]);
    assert_eq!(diagnostics(&page("me@master:/tmp$")), [""; 0]);
}

#[test]
fn a_containers_prompt_may_stand_below_other_lines() {
    let page =
        "```\n<pod>.<service>.svc.cluster.local\n\n/ # nslookup web\nServer:  10.96.0.10\n```\n";
    assert_eq!(steps(page), ["4-4 nslookup web | 5-5 Server:  10.96.0.10"]);
    assert_eq!(steps("```yaml\n~/bin/x # kubectl get pods\n```\n"), [""; 0]);
    assert_eq!(steps("```\nready\n~/bin/x # kubectl get pods\n```\n"), [""; 0]);
}

#[test]
fn a_directory_may_stand_before_the_mark() {
    let page =
        "```\n$ kubectl get po\nNAME\na\nsrc/app$ kubectl delete po a\npod \"a\" deleted\n```\n";
    assert_eq!(
        steps(page),
        ["2-2 kubectl get po | 3-4 NAME\na", "5-5 kubectl delete po a | 6-6 pod \"a\" deleted"]
    );
}

#[test]
fn roots_commands_are_known_by_what_they_say() {
    let page = "```bash\n# velero backup create a --include-namespaces b\nBackup request \"a\" submitted successfully.\n```\n";
    assert_eq!(
        steps(page),
        [
            "2-2 velero backup create a --include-namespaces b | 3-3 Backup request \"a\" submitted successfully."
        ]
    );
    for below in ["mytool deploy app", "x/run.sh", "kubectl get pods", "Then the chart is here"] {
        let page = format!("```bash\n# helm pull x --untar\n{below}\n```\n");
        assert!(!steps(&page).iter().any(|step| step.contains("helm")), "{below}");
    }
}

#[test]
fn what_is_typed_on_another_machine_is_no_output() {
    let page = "```\ngcloud compute ssh node-0\n```\n\n```\nsudo mkdir -p /opt/bin\nsudo chmod +x /opt/bin/a\n```\n";
    assert_eq!(steps(page).len(), 3);
    let page = "1. Get the token:\n   ```bash\n   cat /var/lib/a/token\n   ```\n2. Join with it\n   ```bash\n   kubeadm join --token <token>\n   ```\n";
    assert_eq!(steps(page).len(), 2);
    let page =
        "```bash\ncat /var/lib/a/token\n```\n\nIt holds:\n```bash\nkubeadm join --token a\n```\n";
    assert_eq!(steps(page).len(), 1);
}

#[test]
fn what_is_indented_more_than_a_prompt_was_printed() {
    let page = "```\n$ kubectl get pods\n kubectl delete ns prod\n```\n";
    assert_eq!(steps(page), ["2-2 kubectl get pods | 3-3  kubectl delete ns prod"]);
    let page =
        "```\n kubectl create ns a\nnamespace/a created\n\nkubectl get ns\nNAME  STATUS\n```\n";
    assert_eq!(steps(page).len(), 2);
}

#[test]
fn a_prompt_may_stand_below_commands_without_one() {
    let page =
        "```sh\nID=$(az network list --query id -o tsv)\n\n$ az network show --id $ID\n```\n";
    assert_eq!(steps(page).len(), 2);
    let page =
        "```\nkubectl get pods\nNAME    READY\nnginx   1/1\n$ kubectl delete pod nginx\n```\n";
    assert_eq!(
        steps(page),
        ["2-2 kubectl get pods | 3-4 NAME    READY\nnginx   1/1", "5-5 kubectl delete pod nginx"]
    );
    assert_eq!(steps("```\ncat run.log\nstarted\n$ kubectl delete pod nginx\n```\n").len(), 1);
}

#[test]
fn what_is_taken_from_an_answer_is_typed() {
    let page = "```sh\n$ kubectl get svc\nNAME  TYPE\na     b\n\nexport IP=$(kubectl get svc a -o name)\n$ curl http://$IP\n```\n";
    assert_eq!(steps(page).len(), 3);
    let page = "```sh\n$ k3d cluster create a\nYou can now use it like this:\nexport KUBECONFIG=\"$(k3d kubeconfig write a)\"\nkubectl cluster-info\n```\n";
    assert_eq!(steps(page).len(), 1);
}

#[test]
fn an_editors_label_is_no_language() {
    let page = "```c\n# kubectl get services\nNAME   TYPE\na      b\n```\n";
    assert_eq!(steps(page), ["2-2 kubectl get services | 3-4 NAME   TYPE\na      b"]);
    assert_eq!(steps("```c\n#include <stdio.h>\n# define A\nint main() {}\n```\n"), [""; 0]);
    assert_eq!(steps("```python\n# kubectl get services\nprint(1)\n```\n"), [""; 0]);
}
