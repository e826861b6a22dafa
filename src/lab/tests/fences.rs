//! What fences hold, by more than their language.

use super::{lab, steps};
use crate::lab::Role;

#[test]
fn a_button_runs_the_whole_fence() {
    let page = "```plain\nmytool db.corp.internal\nmytool2\n```{{exec}}\n";
    assert_eq!(steps(page), ["2-2 mytool db.corp.internal", "3-3 mytool2"]);
    let page = "```bash\n$ ls\na\n```{{exec}}\n";
    assert_eq!(steps(page), ["2-2 ls | 3-3 a"]);
}

#[test]
fn commands_stand_in_fences_of_other_languages() {
    for language in ["yaml", "docker", "k8s"] {
        let page = format!("```{language}\nkubectl get po\n```\n");
        assert_eq!(steps(&page), ["2-2 kubectl get po"], "{language}");
    }
    let page = "```yaml\ncat <<EOF > a.yaml\nkind: Pod\nEOF\n```\n";
    assert_eq!(steps(page), ["2-4 cat <<EOF > a.yaml\nkind: Pod\nEOF"]);
    assert_eq!(steps("```yaml\n>kubectl get po\nNAME\n```\n"), ["2-2 kubectl get po | 3-3 NAME"]);
    for page in
        ["```yaml\nkind: Pod\n```\n", "```makefile\nmake build\n```\n", "```env\nA=1\n```\n"]
    {
        assert_eq!(steps(page), Vec::<String>::new(), "{page}");
        assert_eq!(lab(page).fences[0].role, Role::File);
    }
}

#[test]
fn powershells_commands_are_read_by_its_grammar() {
    let page =
        "```powershell\n$pod = kubectl get po -o name\n.\\kubectl.exe get po `\n  -n a\n```\n";
    assert_eq!(
        steps(page),
        ["2-2 $pod = kubectl get po -o name", "3-4 .\\kubectl.exe get po `\n  -n a"]
    );
    assert!(lab(page).steps.iter().all(|step| step.flags.powershell));
    // The language says another shell, the commands do not.
    let page = "```bash\nhelm install a b `\n  --set c=d\n```\n";
    assert_eq!(steps(page), ["2-3 helm install a b `\n  --set c=d"]);
    assert!(lab(page).steps[0].flags.powershell);
    let page = "```powershell\n$a = kubectl get po\nWrite-Output $a\n\nweb-0\n```\n";
    assert_eq!(steps(page), ["2-2 $a = kubectl get po", "3-3 Write-Output $a | 5-5 web-0"]);
}

#[test]
fn a_line_that_names_a_file_may_lead_on_to_commands() {
    let page =
        "Create the `a.service` unit file:\n\n```bash\nmv a.service /etc/systemd/system/\n```\n";
    assert_eq!(steps(page), ["4-4 mv a.service /etc/systemd/system/"]);
    let page = "Create the `a.service` unit file:\n\n```bash\n[Unit]\nDescription=a\n```\n";
    assert_eq!(lab(page).fences[0].role, Role::File);
    let page = "Create `run.sh`:\n\n```bash\nkubectl get po\n```\n";
    assert_eq!(lab(page).fences[0].role, Role::File);
}

#[test]
fn a_programs_name_alone_is_a_command_among_others() {
    let page = "```shell\napt-get install -y lsof\nlsof\n```\n";
    assert_eq!(steps(page), ["2-2 apt-get install -y lsof", "3-3 lsof"]);
}

#[test]
fn what_the_prose_asks_to_type_is_typed() {
    let page = "```sh\nredis-cli -p 7000\n```\n\nEnter the `ping` command:\n\n```\nping\n```\n";
    let read = lab(page);
    assert_eq!(read.steps.len(), 2);
    assert!(read.steps[1].flags.nested);
    let page = "```sh\nkubectl get po -o jsonpath='{.a}'\n```\n\nThen run something like this:\n\n```sh\nkubectl get svc\n```\n";
    assert_eq!(steps(page).len(), 2);
}

#[test]
fn a_program_that_is_filled_in_is_no_program_to_run() {
    let read = lab("```bash\n{{% param cli %}} get pods -n a\n```\n");
    assert!(read.steps[0].flags.placeholder);
    assert_eq!(steps("```bash\n{{% param text %}} is here\n```\n"), Vec::<String>::new());
}

#[test]
fn why_nothing_of_a_fence_is_run_is_said() {
    for (text, why) in [
        ("# kubectl apply -f old.yaml", "it holds comments only"),
        ("$ echo 'open", "it holds no whole command"),
        ("", "it is empty"),
    ] {
        let lab = lab(&format!("```bash\n{text}\n```\n"));
        assert_eq!((lab.fences[0].role, &*lab.fences[0].why), (Role::Other, why));
    }
}

#[test]
fn the_fence_that_may_lack_its_end_is_named() {
    let page = "```\n$ kubectl get pods\n\nNow look at the services:\n\n```\n$ kubectl get svc\n```\n\nDone.\n";
    let document = crate::document::Document::new(page.as_bytes().to_vec());
    let (_, found) = crate::lab::read(&document);
    assert_eq!(found[0].id, "unterminated-fence");
    assert_eq!(found[0].severity, crate::lab::Severity::Error);
    assert_eq!(found[0].related.len(), 1);
    assert_eq!(found[0].related[0].0.start, 0);
}

#[test]
fn targets_of_runners_are_commands_in_a_shells_fence() {
    let page = "```sh\njust apps-deploy     # kubectl apply -k k8s\njust apps-status\ntask test # all\n```\n";
    assert_eq!(steps(page).len(), 3);
    assert_eq!(steps("```\njust apps-deploy\n```\n"), [""; 0]);
    assert_eq!(steps("```sh\njust changes\n```\n"), [""; 0]);
}

#[test]
fn values_that_commands_come_after_are_set() {
    assert_eq!(
        steps("```bash\nA=\"10.0.0.10\"  # the address\nB=\"c\"\nkubectl get po -n $A\n```\n")
            .len(),
        3
    );
    assert_eq!(steps("```bash\nA=\"10.0.0.10\"\nB=\"c\"\n```\n"), [""; 0]);
}

#[test]
fn a_language_may_have_slipped_into_the_fence() {
    assert_eq!(steps("```\nbash\nkubectl get po\n```\n"), ["3-3 kubectl get po"]);
    assert_eq!(steps("```\n<bash>\n$ kubectl get po\n```\n"), ["3-3 kubectl get po"]);
    assert_eq!(steps("```sh\nbash\nkubectl get po\n```\n").len(), 2);
    // So it is in a list of shells, of which none is what the fence holds.
    assert_eq!(steps("```\nbash\nfish is another\n```\n").len(), 1);
}

#[test]
fn a_command_that_its_output_follows_need_not_be_known() {
    let output = "Output:\n\n```\nSUBJECT  ROLE\na        b\n```\n";
    assert_eq!(
        steps(&format!("```\nfoo-lookup admin -o wide\n```\n\n{output}")),
        ["2-2 foo-lookup admin -o wide | 8-9 SUBJECT  ROLE\na        b"]
    );
    assert_eq!(steps("```\nfoo-lookup admin -o wide\n```\n\nText.\n"), [""; 0]);
    assert_eq!(steps(&format!("```\nsee the table\n```\n\n{output}")), [""; 0]);
}

#[test]
fn lines_that_a_converter_or_a_terminal_broke_are_joined() {
    assert_eq!(
        steps("```sh\n$ kubectl get po \\\\\n--server a \\\\\n--watch\n\nb\n```\n"),
        ["2-4 kubectl get po \\\n--server a \\\n--watch | 6-6 b"]
    );
    assert_eq!(
        steps("```sh\n$ kubectl logs web -f\nhttp://0.0.0.0:8080\n```\n"),
        ["2-2 kubectl logs web -f | 3-3 http://0.0.0.0:8080"]
    );
    assert_eq!(
        steps("```sh\nkubectl apply -f\nhttps://a.b/c.yaml\nkubectl get po\n```\n"),
        ["2-3 kubectl apply -f https://a.b/c.yaml", "4-4 kubectl get po"]
    );
}

#[test]
fn what_told_of_objects_may_be_followed_by_a_command() {
    let page = "```\n$ kubectl apply -f a.yaml\npod/a created\nkubectl get po\nNAME  READY\na     1/1\n```\n";
    assert_eq!(
        steps(page),
        [
            "2-2 kubectl apply -f a.yaml | 3-3 pod/a created",
            "4-4 kubectl get po | 5-6 NAME  READY\na     1/1"
        ]
    );
}

#[test]
fn a_program_with_its_own_variables_or_for_the_cluster_is_run() {
    for command in [
        "KO_DOCKER_REPO=kind.local ko apply -f config/",
        "linkerd foo install | kubectl apply -f -",
    ] {
        assert_eq!(steps(&format!("```\n{command}\n```\n")), [format!("2-2 {command}")]);
    }
}

#[test]
fn a_new_numbered_step_ends_an_output() {
    let page = "1. Look:\n```\nkubectl get nodes\n```\n2. Change the settings:\n```\n- name: A\n  value: b\n```\n";
    assert_eq!(steps(page), ["3-3 kubectl get nodes"]);
}

#[test]
fn a_line_that_says_or_stands_between_commands() {
    for word in ["or", "OU", "oder", "veya:", "或者"] {
        let page = format!("```bash\ndocker images -a\n{word}\ndocker image ls\n```\n");
        assert_eq!(steps(&page), ["2-2 docker images -a", "4-4 docker image ls"], "{word}");
        let table = "REPOSITORY   TAG      IMAGE ID";
        let page =
            format!("```bash\ndocker images -a\n{table}\n{word}\ndocker image ls\n{table}\n```\n");
        assert_eq!(steps(&page).len(), 2, "{word}");
    }
}

#[test]
fn asking_where_a_program_is_opens_none() {
    let page = "```bash\ncommand -v node\napt-get install -y jq\n```\n\n```bash\nls -la\n```\n";
    let read = lab(page);
    assert_eq!(read.steps.len(), 3);
    assert!(read.steps.iter().all(|step| !step.flags.nested && !step.flags.interactive));
}
