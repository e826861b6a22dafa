//! Where a page shows what its commands printed.

use super::{diagnostics, lab, steps};
use crate::lab::Role;

#[test]
fn an_output_stands_in_the_fence_or_in_the_next_one() {
    let page = "```bash\n> kubectl get pods\n```\n```bash\nNAME\n\na\n\n```\n\ntext\n\n```bash\n\n> kubectl get svc\nNAME\nb\n```\n";
    assert_eq!(
        steps(page),
        ["2-2 kubectl get pods | 5-7 NAME\n\na", "15-15 kubectl get svc | 16-17 NAME\nb"]
    );
    let roles: Vec<Role> = lab(page).fences.iter().map(|fence| fence.role).collect();
    assert_eq!(roles, [Role::Command, Role::Output, Role::Session]);
}

#[test]
fn a_caption_joins_and_prose_does_not() {
    assert_eq!(steps("```sh\n$ ls\n```\n\nOutput:\n\n```\na\n```\n"), ["2-2 ls | 8-8 a"]);
    assert_eq!(steps("```sh\n$ ls\n```\n\nNow a file.\n\n```\na\n```\n"), ["2-2 ls"]);
}

#[test]
fn a_command_of_several_lines_ends_the_output_before_it() {
    let page =
        "```bash\n> ls\na\n> kubectl exec x -- \\\n  sh -c 'a\n  b'\nb\n\n# then\n> ls\n```\n";
    assert_eq!(
        steps(page),
        ["2-2 ls | 3-3 a", "4-6 kubectl exec x -- \\\n  sh -c 'a\n  b' | 7-7 b", "10-10 ls"]
    );
}

#[test]
fn a_comment_at_the_end_is_no_output() {
    assert_eq!(
        steps("```sh\n$ watch crictl ps\n# it takes a while\n```\n"),
        ["2-2 watch crictl ps"]
    );
    assert_eq!(
        steps(
            "```sh\nkubectl apply -f a.yaml\n# pod/a created\n\n# Then look:\nkubectl get po\n```\n"
        ),
        ["2-2 kubectl apply -f a.yaml | 3-3 pod/a created", "6-6 kubectl get po"]
    );
}

#[test]
fn commands_that_are_typed_at_once_share_their_outputs() {
    let page = "```sh\nkubectl create deployment a --image=b\nkubectl expose deployment a\n```\n```sh\ndeployment.apps/a created\nservice/a exposed\n```\n";
    assert_eq!(
        steps(page),
        [
            "2-2 kubectl create deployment a --image=b | 6-6 deployment.apps/a created",
            "3-3 kubectl expose deployment a | 7-7 service/a exposed"
        ]
    );
}

#[test]
fn data_is_a_file_unless_a_command_asked_for_it() {
    assert_eq!(
        steps("```sh\n$ kubectl apply -f a.yaml\n```\n```yaml\na: 1\n```\n"),
        ["2-2 kubectl apply -f a.yaml"]
    );
    assert_eq!(
        steps("```sh\n$ kubectl get po -o yaml\n```\n```yaml\na: 1\n```\n"),
        ["2-2 kubectl get po -o yaml | 5-5 a: 1"]
    );
}

#[test]
fn commands_that_are_alike_printed_a_line_each() {
    let page = "```sh\nkubectl exec a-0 -- cat /data/id\nkubectl exec a-1 -- cat /data/id\n```\n\n```\n7\n8\n```\n";
    assert_eq!(
        steps(page),
        [
            "2-2 kubectl exec a-0 -- cat /data/id | 7-7 7",
            "3-3 kubectl exec a-1 -- cat /data/id | 8-8 8"
        ]
    );
    let page = "```sh\nkubectl apply -f a.yaml\nkubectl get po\n```\n\n```\nNAME\na\n```\n";
    assert_eq!(steps(page)[0], "2-2 kubectl apply -f a.yaml");
}

#[test]
fn a_comment_that_announces_an_output_is_none() {
    let page = "```bash\nkubectl get po\n\n# Output:\nNAME  READY\na     1/1\n```\n";
    assert_eq!(steps(page), ["2-2 kubectl get po | 5-6 NAME  READY\na     1/1"]);
}

#[test]
fn what_a_file_holds_is_an_output_where_the_page_says_so() {
    let page = "```sh\n$ vault policy read a\n```\n\nOutput:\n\n```hcl\npath \"a\" {\n```\n";
    assert_eq!(steps(page), ["2-2 vault policy read a | 8-8 path \"a\" {"]);
    let page = "```sh\n$ vault policy read a\n```\n\n```hcl\npath \"a\" {\n```\n";
    assert_eq!(steps(page), ["2-2 vault policy read a"]);
}

#[test]
fn what_a_shown_file_exports_is_no_command() {
    let page = "```sh\nkubectl exec a -- cat /vault/secrets/config\nexport A=\"b\"\n```\n";
    assert_eq!(
        steps(page),
        ["2-2 kubectl exec a -- cat /vault/secrets/config | 3-3 export A=\"b\""]
    );
}

#[test]
fn the_line_before_an_output_may_say_whose_it_is() {
    let page = "```sh\nkubectl get po -n a\nkubectl get svc -n a\n```\n\n### Check\n\n**Pods output:**\n\n```\nNAME\nb\n```\n\n**Services output:**\n\n```\nNAME\nc\n```\n";
    assert_eq!(
        steps(page),
        ["2-2 kubectl get po -n a | 11-12 NAME\nb", "3-3 kubectl get svc -n a | 18-19 NAME\nc"]
    );
    let page = "```sh\nkubectl exec a -- cat /a.json\nkubectl exec a -- env\n```\n\n`kubectl exec a -- cat /a.json`:\n\n```json\n{}\n```\n";
    assert_eq!(
        steps(page),
        ["2-2 kubectl exec a -- cat /a.json | 9-9 {}", "3-3 kubectl exec a -- env"]
    );
}

#[test]
fn a_value_in_a_comment_is_an_output() {
    assert_eq!(
        steps("```sh\ncat ./visits\n# 3\n\nls\n```\n"),
        ["2-2 cat ./visits | 3-3 3", "5-5 ls"]
    );
    let page = "```sh\ncat ./visits\n# Restart it\n\nls\n```\n";
    assert_eq!(steps(page), ["2-2 cat ./visits", "5-5 ls"]);
}

#[test]
fn a_filter_passes_on_what_it_looks_for() {
    let page = |filter: &str| {
        format!("```sh\nkubectl exec a -- env | {filter}\n```\n```sh\nkubectl describe pod\n```\n")
    };
    assert_eq!(steps(&page("grep USER")).len(), 2);
    assert_eq!(steps(&page("grep pod")).len(), 1);
    assert_eq!(steps(&page("grep -v USER")).len(), 1);
}

#[test]
fn a_line_that_no_command_prints_is_told() {
    let page = "```bash\nkubectl get ns\nmytool deploy prod\nkubectl get pods\n```\n";
    assert!(diagnostics(page).contains(&"unsure-command"));
    for page in [
        "```bash\nkubectl get ns\nNAME   STATUS\na      Active\n```\n",
        "```bash\nkubectl get ns --no-headers\na      Active\n```\n",
        "```bash\nkubectl delete pod a\npod \"a\" deleted\n```\n",
        "```bash\nkubectl get pods\nerror: the server is away\n```\n",
    ] {
        assert!(!diagnostics(page).contains(&"unsure-command"), "{page}");
    }
}

#[test]
fn a_command_that_no_rule_knows_is_told() {
    let told = |text: &str| {
        let page = format!("```bash\n{text}\n```\n");
        super::diagnostics(&page).contains(&"unsure-command")
    };
    for text in [
        "docker ps\nCONTAINER ID   IMAGE\nmytool --all now\ndocker images\nREPOSITORY   TAG",
        "helm repo update\nmytool deploy thing\nhelm list",
        "kubectl version\nmytool deploy thing\nhelm list",
    ] {
        assert!(told(text), "{text}");
    }
    for text in [
        "docker ps\nCONTAINER ID   IMAGE   COMMAND\n0123456789ab   web     --quiet",
        "helm repo update\nHang tight while we grab\n...Successfully got an update",
        "kubectl get pods --no-headers\nweb-0   1/1   Running",
        "kubectl exec web -- ls\nbin --x\netc",
    ] {
        assert!(!told(text), "{text}");
    }
}

#[test]
fn commands_follow_tables_without_a_blank_line() {
    let page = "```bash\nkubectl get pods\nNAME   READY   STATUS    RESTARTS   AGE\nweb    1/1     Running   0          1d\nkubectl get svc -A\nNAME   TYPE        CLUSTER-IP   PORT(S)\nweb    ClusterIP   10.0.0.1     80/TCP\nkubectl delete pod web\npod \"web\" deleted\n```\n";
    assert_eq!(
        steps(page).iter().map(|step| step.split(" | ").next().unwrap_or("")).collect::<Vec<_>>(),
        ["2-2 kubectl get pods", "5-5 kubectl get svc -A", "8-8 kubectl delete pod web"]
    );
    let page = "```bash\nkubectl get pods\nNAME    READY   STATUS\nweb-0   1/1     Running\ncat <<EOF > run.sh\nrm -rf /data\nEOF\n```\n";
    assert_eq!(steps(page).len(), 2);
}

#[test]
fn what_looks_like_a_note_may_be_a_command() {
    for command in [
        "kubectl exec -it web-0 -c logs -- cat file",
        "docker import - web < web.tar",
        "kubectl get deploy frontend backend database",
        "dig +short web.",
        "kubectl label pod   web tier",
        "vcluster connect a --namespace b -- kubectl get pods",
        "kubectl delete pod a b",
        "docker run busybox echo hello from a container",
        "env A=/b node",
        "npm token revoke <id|token>",
        "source <(curl -s https://example.com/env)",
        "echo done ✓",
        "diff -u -N old.yaml new.yaml",
        "[ \"$(id -u)\" != \"0\" ] && echo apart",
    ] {
        for page in
            [format!("```console\n$ {command}\n```\n"), format!("```bash\n{command}\n```\n")]
        {
            assert_eq!(steps(&page).len(), 1, "{page}");
        }
    }
    for page in [
        "```bash\nfgrep web /etc/hosts\nkubectl get pods\n```\n",
        "```bash\ngrep -rn image ./src\nkubectl apply -f k8s/\n```\n",
        "```bash\n# tail -f /var/log/syslog\nls\nkubectl get pods\n```\n",
    ] {
        assert_eq!(steps(page).len(), 2, "{page}");
    }
}

#[test]
fn outputs_of_a_word_are_no_doubtful_commands() {
    for text in [
        "kubectl auth can-i create deployments\nyes",
        "kubectl exec redis-0 -- redis-cli get name\nalice",
        "kubectl rollout history deployment/web\ndeployment.apps/web",
        "kubectl apply -f crd.yaml\nunable to recognize \"crd.yaml\": no matches",
        "minikube status -p demo\ndemo",
    ] {
        let page = format!("```bash\n{text}\n```\n");
        assert!(!diagnostics(&page).contains(&"unsure-command"), "{page}");
    }
}

#[test]
fn several_outputs_are_those_of_several_commands() {
    let page = "```sh\nkubectl apply -f a.yaml\nkubectl get pvc\nkubectl get pv\n```\n\n`a.yaml`:\n\n```yaml\nkind: Pod\n```\n\nExpected - it is bound:\n\n```\nNAME   STATUS\na      Bound\n```\n```\nNAME   CLAIM\nb      a\n```\n";
    assert_eq!(
        steps(page),
        [
            "2-2 kubectl apply -f a.yaml",
            "3-3 kubectl get pvc | 16-17 NAME   STATUS\na      Bound",
            "4-4 kubectl get pv | 20-21 NAME   CLAIM\nb      a"
        ]
    );
    // It is no description, but what the first one prints.
    let page = "```sh\nkubectl get sc\nkubectl describe sc a\n```\n\nExpected:\n\n```\nNAME   PROVISIONER\na      b\n```\n";
    assert_eq!(
        steps(page),
        ["2-2 kubectl get sc | 9-10 NAME   PROVISIONER\na      b", "3-3 kubectl describe sc a"]
    );
}

#[test]
fn what_prints_nothing_has_no_output() {
    for command in ["mv a.conf /etc/a.conf", "kubectl get po a -o yaml > a.yaml"] {
        let page = format!("```sh\n{command}\n```\n\nEdit `a`:\n\n```\nlisten: 80\n```\n");
        assert_eq!(steps(&page), [format!("2-2 {command}")]);
        let page = format!("```sh\n{command}\n```\n\n```\nerror: no space left\n```\n");
        assert_eq!(steps(&page), [format!("2-2 {command} | 6-6 error: no space left")]);
    }
}

#[test]
fn what_watch_shows_is_of_the_command_that_it_names() {
    let shown = |command: &str| {
        steps(&format!(
            "```sh\n{command}\n```\n\n```\nEvery 2.0s: kubectl get hpa    box: 10:00\n\nNAME  AGE\na     1m\n```\n"
        ))
    };
    assert_eq!(shown("watch kubectl get hpa").len(), 1);
    assert!(shown("watch kubectl get hpa")[0].contains("| 6-9 Every"));
    assert_eq!(shown("kubectl run a --image=b"), ["2-2 kubectl run a --image=b"]);
}

#[test]
fn what_an_author_writes_above_an_output_is_none_of_it() {
    for head in ["-----------------", "===>> expected output", "# like this", "# a\n\n# b"] {
        let page = format!("```\nkubectl get po\n\n{head}\nNAME  READY\na     1/1\n```\n");
        assert!(steps(&page)[0].ends_with(" NAME  READY\na     1/1"), "{page}");
    }
    let page = "```sh\nkubectl get svc\n# then write it here\nserver {\n  listen 80;\n}\n```\n";
    assert_eq!(steps(page), ["2-2 kubectl get svc"]);
}

#[test]
fn what_is_called_an_output_may_begin_with_its_command() {
    let page = "`docker version`\n\nOutput (yours may differ):\n\n```console\ndocker version\nClient: Docker Engine\n```\n";
    assert_eq!(steps(page), ["6-6 docker version | 7-7 Client: Docker Engine"]);
}

#[test]
fn a_number_alone_between_fences_is_no_step_of_a_list() {
    let page = "```sh\n./a.sh\n```\n12\n```\nkubectl get pods\n```\n";
    assert_eq!(steps(page), ["2-2 ./a.sh", "6-6 kubectl get pods"]);
}

#[test]
fn what_an_editor_is_given_is_no_output() {
    for command in ["crontab -e", "kubectl edit deploy web", "vim a.conf"] {
        let page = format!("```sh\n{command}\n```\n\nChange it:\n\n```\nlisten 80\n```\n");
        assert_eq!(steps(&page), [format!("2-2 {command}")]);
    }
}

#[test]
fn an_output_in_comments_ends_with_them() {
    let page = "```sh\nkubeadm init\n# Output:\n# initialized!\nmkdir -p $HOME/.kube\n```\n";
    assert_eq!(steps(page).len(), 2);
    let page = "```sh\nsed -i 's/a/b/' a.yaml\n```\n\n```sh\nkubectl create ns a\n```\n";
    assert_eq!(steps(page).len(), 2);
}

#[test]
fn a_tables_columns_tell_whose_it_is() {
    let page = "```sh\nkubectl get pods\nkubectl get svc\n```\n\nPods:\n\n```\nNAME  READY  STATUS   RESTARTS  AGE\na     1/1    Running  0         1m\n```\n";
    let steps = steps(page);
    assert!(steps[0].starts_with("2-2 kubectl get pods | 9-10 NAME"), "{steps:?}");
    assert_eq!(steps[1], "3-3 kubectl get svc");
}

#[test]
fn a_refusal_is_an_output_too() {
    for refusal in [
        "unable to recognize \"a.yaml\": no matches for kind \"A\"",
        "resource mapping not found for name: \"a\"",
        "The Service \"a\" is invalid: spec.ports: Required value",
        "namespaces \"a\" not found",
    ] {
        let page = format!("```sh\nkubectl apply -f a.yaml\n```\n\n```\n{refusal}\n```\n");
        assert_eq!(steps(&page), [format!("2-2 kubectl apply -f a.yaml | 6-6 {refusal}")]);
    }
    let page = "```sh\nwatch 'kubectl get pods'\n```\n\n```\nEvery 2.0s: kubectl get pods\n\nNAME  READY\n```\n";
    assert_eq!(
        steps(page)[0],
        "2-2 watch 'kubectl get pods' | 6-8 Every 2.0s: kubectl get pods\n\nNAME  READY"
    );
}

#[test]
fn what_the_prose_says_printed_an_output_printed_it() {
    let page = |said: &str| {
        format!(
            "```console\n$ kubectl run web --image=web:1\n```\n\n{said}\n\n```\nNAME   READY\nweb    1/1\n```\n"
        )
    };
    for said in ["Check with `kubectl get pods`, which prints:", "Output of `kubectl get pods`:"] {
        assert!(lab(&page(said)).steps[0].outputs.is_empty(), "{said}");
    }
    let said = "The output of `kubectl run web`:";
    assert_eq!(lab(&page(said)).steps[0].outputs.len(), 1);
    for (typed, said) in [
        ("kubectl -n web get pods", "The output of `kubectl get pods`:"),
        ("k get po", "The output of `kubectl get pods`:"),
        ("kubectl get pods", "The pod that `kubectl run web --image=a` made is up:"),
    ] {
        let page = page(said).replace("kubectl run web --image=web:1", typed);
        assert_eq!(lab(&page).steps[0].outputs.len(), 1, "{typed}");
    }
}
