//! What authors write round commands: warnings, orders, notes, and the files that they edit.

use super::steps;

#[test]
fn what_the_page_forbids_is_not_run() {
    for words in [
        "Do not run this command:",
        "Never do this:",
        "DO NOT RUN THESE:",
        "Do **not** run this:",
        "Don't ever execute the following:",
        "不要执行：",
    ] {
        assert_eq!(steps(&format!("{words}\n\n```bash\nrm -rf /\n```\n")), [""; 0], "{words}");
    }
    for words in ["Do not forget to run this:", "You never run it twice; run this now:"] {
        assert_eq!(steps(&format!("{words}\n\n```bash\nrm -rf /tmp/a\n```\n")).len(), 1, "{words}");
    }
}

#[test]
fn what_a_comment_calls_an_output_is_none_to_run() {
    for shown in ["cat run.sh", "history", "kubectl logs x"] {
        for comment in ["# Output:", "# 输出", "# Expected output", "// Output", "输出："] {
            let page = format!("```\n{shown}\n{comment}\nkubectl delete pod x\n```\n");
            assert_eq!(steps(&page).len(), 1, "{page}");
        }
    }
    let page = "```sh\nkubectl create -f a.yaml\n# Output:\nkubectl get po\n```\n";
    assert_eq!(steps(page).len(), 2);
}

#[test]
fn what_is_written_into_a_script_is_not_run() {
    for page in [
        "```console\n$ vi run.sh\nkubectl delete ns x\n$ sh run.sh\n```\n",
        "```bash\nvi run.sh\nkubectl delete ns x\n\nsh run.sh\n```\n",
        "```bash\nvi run.sh\n```\n\nIt looks like this:\n\n```bash\nkubectl delete ns x\n```\n\n```bash\nsh run.sh\n```\n",
    ] {
        let steps = steps(page);
        assert_eq!(steps.len(), 2, "{page}");
        assert!(!steps.iter().any(|step| step.contains("delete")), "{steps:?}");
    }
    assert_eq!(steps("```bash\nvi run.sh\nchmod +x run.sh\n./run.sh\n```\n").len(), 3);
}

#[test]
fn a_numbered_step_that_speaks_of_an_output_is_none_to_run() {
    for words in ["Here is what it holds.", "It prints:", "The output will look like this.", "e.g."]
    {
        let page = format!(
            "1. Print it\n\n   ```\n   cat run.sh\n   ```\n\n2. {words}\n\n   ```\n   kubectl delete ns x\n   ```\n"
        );
        assert!(!steps(&page).iter().any(|step| step.starts_with("10-")), "{words}");
    }
}

#[test]
fn orders_to_the_reader_are_not_run() {
    for order in [
        "install docker on the node",
        "export the variables of the lab",
        "go to http://localhost:8080",
        "type yes",
    ] {
        let page = format!("```bash\ncd app\n{order}\ndocker compose down\n```\n");
        assert!(!steps(&page).iter().any(|step| step.contains(&format!(" {order}"))), "{order}");
    }
}

#[test]
fn what_a_comment_forbids_is_not_run() {
    for page in [
        "```bash\nls -l\n# DON'T RUN THIS\nkubectl delete ns kube-system\n```\n",
        "```bash\nls -l\nkubectl delete ns kube-system # don't run this!\n```\n",
        "Führe diesen Befehl nicht aus:\n\n```bash\nkubectl delete ns kube-system\n```\n",
    ] {
        let steps = steps(page);
        let mut commands = steps.iter().map(|step| step.split(" | ").next().unwrap_or_default());
        assert!(!commands.any(|command| command.contains("kubectl")), "{page}");
    }
    // A condition says when to run it all the same.
    for words in [
        "Do not execute this on the control plane, but on each worker:",
        "Do not run this command more than once:",
        "Do not run the following without sudo:",
        "Do not run this on node1. On node2, run:",
    ] {
        let page = format!("{words}\n\n```bash\nkubeadm join --token a\n```\n");
        assert_eq!(steps(&page).len(), 1, "{words}");
    }
}

#[test]
fn what_is_added_to_a_startup_file_is_not_run() {
    for words in [
        "Append to `/etc/rc.local`:",
        "In `~/.bashrc` add:",
        "Add this to your `.bashrc` so that it is run at each login:",
        "Edit your `~/.zshrc`:",
        "Fügen Sie in die `~/.bashrc` ein:",
        "在 `~/.bashrc` 中添加：",
    ] {
        let page = format!("{words}\n\n```bash\nkubectl config use-context lab\n```\n");
        assert_eq!(steps(&page), [""; 0], "{words}");
    }
    let page = "Reload your `~/.bashrc`:\n\n```bash\nsource ~/.bashrc\n```\n";
    assert_eq!(steps(page).len(), 1);
}

#[test]
fn descriptions_forbid_nothing() {
    for words in [
        "Remove the images that you do not use:",
        "List the Pods that do not run:",
        "If you do not use this namespace yet, create it:",
        "Der Platz reicht nicht aus, also:",
        "The output of `.bashrc` and your address:",
    ] {
        let page = format!("{words}\n\n```bash\nkubectl create ns a\n```\n");
        assert_eq!(steps(&page).len(), 1, "{words}");
    }
    let page =
        "```bash\n# delete what we don't use\nkubectl delete ns a # those that do not run\n```\n";
    assert_eq!(steps(page).len(), 1);
    for page in [
        "**Do not run this!**\n\n```bash\nkubectl delete ns a\n```\n",
        "Do not run this on production:\n\n```bash\nkubectl delete ns a\n```\n",
        "```console\n# Do NOT run this!\n$ kubectl delete ns a\n```\n",
        "```console\n$ kubectl delete ns a # don't run this!\n```\n",
        "```bash\nls -l\n# Never run these:\n\necho a\nkubectl delete ns a\n```\n",
    ] {
        assert_eq!(steps(page), [""; 0], "{page}");
    }
}

#[test]
fn what_is_written_in_an_editor_is_no_command() {
    let page =
        "```\nvim ~/.bashrc\nexport PATH=/opt/a:$PATH\nalias k=kubectl\nsource ~/.bashrc\n```\n";
    assert_eq!(steps(page), ["2-2 vim ~/.bashrc", "5-5 source ~/.bashrc"]);
    let page = "```\nnano ~/.profile\nKUBECONFIG=/a kubectl get po\n```\n";
    assert_eq!(steps(page).len(), 2);
    let page = "```\nsudo vi /etc/profile\nexport A=b\n\nexport B=c\necho $B\nc\n```\n";
    assert_eq!(steps(page), ["2-2 sudo vi /etc/profile", "5-5 export B=c", "6-6 echo $B | 7-7 c"]);
}

#[test]
fn an_authors_notes_among_commands_are_none() {
    for note in ["// then", "//启用", "==== Install ====", "4：创建服务", "2、 安装"] {
        let page = format!("```\n{note}\nkubectl create ns a\n{note}\nkubectl create ns b\n```\n");
        assert_eq!(steps(&page), ["3-3 kubectl create ns a", "5-5 kubectl create ns b"], "{note}");
    }
    // They may be what a command printed.
    for (command, printed) in [
        ("echo \"=== Pods ===\"", "=== Pods ==="),
        ("curl http://localhost/hello", "Привет, мир!"),
        ("ping -c 1 web", "--- web ping statistics ---"),
    ] {
        let page = format!("```sh\n{command}\n{printed}\n```\n");
        assert_eq!(steps(&page), [format!("2-2 {command} | 3-3 {printed}")]);
    }
    // What programs tell to type is numbered in English.
    for note in ["1. Get the application's address:", "/usr/bin/a", "3 pods", "======"] {
        let page = format!("```\n{note}\nkubectl create ns a\n```\n");
        assert_eq!(steps(&page), [""; 0], "{note}");
    }
}

#[test]
fn what_goes_on_with_an_edited_file_is_run() {
    assert_eq!(steps("```\nvim ~/.bashrc\n. ~/.bashrc\nkubectl get po\n```\n").len(), 3);
    assert_eq!(
        steps("```bash\ncp -r   ./a    ./b\nsudo rsync -a   ./a/    ./b/\nmake clean all\n```\n")
            .len(),
        3
    );
    assert_eq!(steps("```js\n> kubectl delete ns demo\n```\n"), [""; 0]);
}
