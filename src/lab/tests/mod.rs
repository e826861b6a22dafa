//! Whole pages: their steps and what is said about them.

mod authors;
mod fences;
mod never;
mod outputs;
mod prompts;

use super::{Lab, Role, read};
use crate::document::Document;

fn lab(page: &str) -> Lab {
    read(&Document::new(page.as_bytes().to_vec())).0
}

/// Each step as `first-last command | first-last output`.
fn steps(page: &str) -> Vec<String> {
    let steps = lab(page).steps.into_iter().map(|step| {
        let command = &step.command;
        let outputs =
            step.outputs.iter().map(|output| (output.first_line, output.last_line, &output.text));
        let lines =
            std::iter::once((command.first_line, command.last_line, &command.text)).chain(outputs);
        let shown: Vec<String> =
            lines.map(|(first, last, text)| format!("{first}-{last} {text}")).collect();
        shown.join(" | ")
    });
    steps.collect()
}

fn diagnostics(page: &str) -> Vec<&'static str> {
    let found = read(&Document::new(page.as_bytes().to_vec())).1;
    found.iter().map(|diagnostic| diagnostic.id).collect()
}

#[test]
fn a_page_without_prompts_has_fences_that_are_all_commands() {
    let page =
        "```bash\n# first\nkubectl get pods\n\nkubectl get svc \\\n  -A\n```\n\n```\nNAME\n```\n";
    assert_eq!(steps(page), ["3-3 kubectl get pods", "5-6 kubectl get svc \\\n  -A | 10-10 NAME"]);
    assert_eq!(
        steps("```bash\nkubectl get pods\nNAME   READY\n```\n"),
        ["2-2 kubectl get pods | 3-3 NAME   READY"]
    );
    assert_eq!(steps("```bash\nA=1\nB=2\n```\n"), [""; 0]);
    assert_eq!(steps("```bash\n#!/bin/bash\nkubectl get pods\n```\n"), [""; 0]);
}

#[test]
fn what_stands_in_an_output_is_never_run() {
    let notes = "```bash\n$ helm install a b\nNOTES:\n  $ kubectl get pods\n  export A=$(kubectl get svc)\n> kubectl get svc\n```\n";
    assert_eq!(steps(notes).len(), 1);
    let npm =
        "```bash\n> npm start\n\n> app@1.0.0 start\n> node server.js\n\n> kubectl get pods\n```\n";
    assert_eq!(
        steps(npm),
        ["2-2 npm start | 4-5 > app@1.0.0 start\n> node server.js", "7-7 kubectl get pods"]
    );
    let printed = "```bash\ncat run.sh\n```\n```bash\nkubectl delete pod a\n```\n";
    assert_eq!(steps(printed), ["2-2 cat run.sh | 5-5 kubectl delete pod a"]);
    let unprompted = "```bash\n$ helm status a\n```\n```bash\nkubectl delete pod a\n```\n";
    assert_eq!(steps(unprompted), ["2-2 helm status a | 5-5 kubectl delete pod a"]);
    assert_eq!(steps("```python\n$ ls\n```\n"), [""; 0]);
    assert_eq!(steps("```yaml\n$ x: 1\n```\n"), [""; 0]);
    assert_eq!(steps("```\n$ 5.00 a month\n```\n"), [""; 0]);
    let curl = "```bash\n$ curl -O http://a\n```\n```bash\n  % Total    % Received\n100  1\n```\n";
    assert_eq!(steps(curl), ["2-2 curl -O http://a | 5-6   % Total    % Received\n100  1"]);
}

#[test]
fn an_unprompted_fence_after_what_may_print_it_is_not_run() {
    let after = |command: &str, between: &str| {
        format!("```bash\n{command}\n```\n{between}```bash\nkubectl delete ns prod\n```\n")
    };
    for command in [
        "kubectl exec web-0 -- cat run.sh",
        "sudo cat run.sh",
        "kubectl logs job/x",
        "kubectl get cm a -o jsonpath='{.data.run}'",
        "curl -fsSL https://a/install.sh",
        "sed -n 1,5p run.sh",
        "minikube docker-env",
        "cat run.sh",
    ] {
        for between in ["", "\nYou should see:\n\n"] {
            let page = after(command, between);
            assert_eq!(steps(&page).len(), 1, "{page}");
        }
    }
    assert_eq!(diagnostics(&after("kubectl logs job/x", "")), ["unsure-fence"]);
    assert_eq!(steps(&after("cat run.sh", "\nThis is the script\n\n")).len(), 1);
    assert_eq!(steps(&after("kubectl apply -f a.yaml", "")).len(), 2);
    assert_eq!(steps(&after("kubectl logs job/x", "\nThen delete it.\n\n")).len(), 2);
}

#[test]
fn what_looks_like_a_command_in_an_output_is_none() {
    let found = "```sh\n$ cd a\n$ find . -type f\n./index.json\n./oci-layout\n```\n";
    assert_eq!(steps(found), ["2-2 cd a", "3-3 find . -type f | 4-5 ./index.json\n./oci-layout"]);
    let found = "```sh\nfind . -type f\n./index.json\n./oci-layout\n```\n";
    assert_eq!(steps(found), ["2-2 find . -type f | 3-4 ./index.json\n./oci-layout"]);
    let glossary = "```\nFirst()  Move to the first key.\nLast()   Move to the last key.\n```\n";
    assert_eq!(steps(glossary), [""; 0]);
    let kind = "```sh\nkind create cluster\nCreating cluster \"kind\" ...\nYou can now use your cluster with:\n\nkubectl cluster-info --context kind-kind\n```\n";
    assert_eq!(steps(kind).len(), 1);
    let deleted = "```sh\nkubectl delete svc,deploy a\n```\n\nOutput:\n\n```sh\nservice \"a\" deleted\ndeployment.apps \"a\" deleted\n```\n";
    assert_eq!(steps(deleted).len(), 1);
    let table = "```sh\nkubectl get svc\nNAME   TYPE\nvault   ClusterIP\nredis   ClusterIP\n```\n";
    assert_eq!(steps(table).len(), 1);
}

#[test]
fn what_is_typed_inside_without_a_prompt_is_nested() {
    let nested = |page: &str| -> Vec<bool> {
        lab(page).steps.iter().map(|step| step.flags.nested).collect()
    };
    let page = "```sh\nminikube ssh\n```\n\n# a\n\n```sh\ndocker system prune -a\nexit\n```\n\n# b\n\n```sh\nls -l\n```\n";
    assert_eq!(nested(page), [false, true, true, false]);
    let page = "```sh\nkubectl exec -it a -- sh\ncat /etc/hosts\nkubectl get pods\nls -l\n```\n";
    assert_eq!(nested(page), [false, true, false, false]);
    assert_eq!(nested("```sh\n/ # ls\n```\n"), [true]);
}

#[test]
fn a_command_that_is_cut_off_is_not_run() {
    let cut = "```sh\ndocker run\n--volume=/:/rootfs:ro\nme/app\n```\n";
    assert_eq!(steps(cut), [""; 0]);
    let cut = "```sh\n$ etcdctl snapshot save /opt/a.db\n    --endpoints 127.0.0.1:2379\n```\n";
    assert_eq!(steps(cut), [""; 0]);
    assert_eq!(diagnostics(cut), ["no-steps", "unfinished-command"]);
    assert_eq!(steps("```sh\n$ ls -l\n-rw-r--r-- 1 a\n```\n").len(), 1);
}

#[test]
fn what_an_open_command_holds_is_not_run() {
    for page in [
        "```bash\nmkdir app\ncat > run.sh <<EOF\nrm -rf /data\nkubectl delete ns prod\n...\n```\n",
        "```bash\nkubectl get pods\nNAME   READY\ncat <<EOF\nrm -rf /data\n  EOF\n```\n",
    ] {
        assert!(!steps(page).iter().any(|step| step.contains("-4 rm")), "{:?}", steps(page));
        assert!(diagnostics(page).contains(&"unfinished-command"), "{:?}", diagnostics(page));
    }
    let body = "a: 1\n".repeat(600);
    let page = format!("```bash\n$ cat <<'EOF' > a\n{body}$ kubectl delete ns prod\nEOF\n```\n");
    assert_eq!(steps(&page).len(), 1);
}

#[test]
fn words_that_run_words_end() {
    for (word, times) in [("sudo ", 50_000), ("kubectl exec -- ", 30_000), ("env a=1 ", 30_000)] {
        let page = format!("```sh\n$ {}\n```\n", word.repeat(times));
        assert_eq!(lab(&page).steps.len(), 1);
    }
}

#[test]
fn a_fence_with_a_files_name_is_a_file() {
    for page in [
        "```bash title=\"x.sh\"\nkubectl delete ns prod\n```\n",
        "Create `x.sh`:\n\n```bash\nkubectl delete ns prod\n```\n",
        "x.sh:\n\n```bash\nkubectl delete ns prod\n```\n",
    ] {
        let lab = lab(page);
        assert!(lab.steps.is_empty() && lab.fences[0].role == Role::File, "{page}");
    }
    assert_eq!(steps("```bash title=\"Terminal\"\nkubectl get pods\n```\n").len(), 1);
}

#[test]
fn bytes_that_are_no_text_are_not_run() {
    for command in [&b"$ echo a\0b"[..], b"$ echo \xff", b"$ cat <<E\n\xe9\nE"] {
        let page = [b"```sh\n", command, b"\n```\n"].concat();
        let (lab, found) = read(&Document::new(page));
        assert!(lab.steps.is_empty());
        assert!(found.iter().any(|diagnostic| diagnostic.id == "unreadable-command"));
    }
}

#[test]
fn what_cannot_be_run_is_said() {
    assert_eq!(diagnostics("# nothing\n"), ["no-steps"]);
    assert_eq!(diagnostics("```sh\n$ ls\n"), ["unterminated-fence"]);
    assert_eq!(diagnostics("```sh\n$ kubectl logs <pod name> -c a\n```\n"), ["placeholder"]);
    assert_eq!(diagnostics("```sh\n$ sort <in.txt >out.txt\n```\n"), [""; 0]);
    assert_eq!(diagnostics("```sh\n$ ls\n$ echo 'a\n$ ls\n```\n"), ["unfinished-command"]);
    assert_eq!(
        diagnostics(
            "```sh\n$ ls\n```\n\n# a\n\n```sh\nwhat is this\n```\n\ntext\n\n```sh\nls\n```\n"
        ),
        ["unread-fence"]
    );
    assert!(lab("```sh\nPS C:\\> ls\n```\n").steps[0].flags.powershell);
}

#[test]
fn bytes_that_are_no_text_stay_where_they_are() {
    let document = Document::new(b"```sh\r\n$ cat x\r\n\xff\xfe\r\n```\r\n".to_vec());
    let (lab, _) = read(&document);
    assert_eq!(lab.steps[0].outputs[0].text, "\u{fffd}\u{fffd}");
}

#[test]
fn line_ends_and_containers_do_not_change_what_is_read() {
    let page = "1. Look:\r\n\r\n   ```bash\r\n   > kubectl get \\\r\n     pods\r\n   ```\r\n   ```bash\r\n\r\n   NAME\r\n   ```\r\n";
    assert_eq!(steps(page), ["4-5 kubectl get \\\n  pods | 9-9 NAME"]);
    assert_eq!(steps("> ```sh\n> $ ls\n> a\n> ```\n"), ["2-2 ls | 3-3 a"]);
}

#[test]
fn what_an_unfinished_command_may_hold_is_not_run() {
    let page = "```sh\n$ cat <<EOF > a\n$ rm b\n```\n";
    assert_eq!(steps(page), [""; 0]);
    assert_eq!(diagnostics(page), ["no-steps", "unfinished-command"]);
}
