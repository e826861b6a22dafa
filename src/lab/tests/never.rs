//! What looks like a command and is none: it must never be run.

use super::{lab, steps};

/// The texts of a page's commands.
fn commands(page: &str) -> Vec<String> {
    lab(page).steps.into_iter().map(|step| step.command.text).collect()
}

#[test]
fn a_file_is_not_run_whatever_its_language() {
    for page in [
        "Create `cleanup.sh`:\n\n```ini\nkubectl delete ns prod\n```\n",
        "Create `cleanup.sh`:\n<!-- the script -->\n\n```bash\nkubectl delete ns prod\n```\n",
        "```yaml title=\"cleanup.yaml\"\nkubectl delete ns prod\n```\n",
        "Add these lines to the workflow:\n\n```yaml\nkubectl delete ns prod\n```\n",
    ] {
        assert!(commands(page).is_empty(), "{page}");
    }
}

#[test]
fn what_a_command_may_have_shown_is_not_run() {
    for shown in [
        "cat cleanup.txt",
        "podman exec web cat cleanup.txt",
        "crictl logs abc",
        "kubecolor logs job/x",
        "k3s kubectl exec web -- cat run.sh",
        "vault kv get -field=script kv/a",
        "make -n deploy",
        "helm get notes web",
    ] {
        let page = format!("```bash\n{shown}\n```\n\n```bash\nkubectl delete ns prod\n```\n");
        assert_eq!(commands(&page), [shown], "{shown}");
    }
    for page in [
        "```\ncat install.sh\n#!/bin/sh\nset -e\nkubectl create ns demo\n```\n",
        "```\ncat install.sh\nkubectl create ns demo\n```\n",
        "```\nmake deploy\nkubectl apply -f k8s/\ndeployment.apps/web created\n```\n",
    ] {
        assert_eq!(commands(page).len(), 1, "{page}");
    }
}

#[test]
fn what_programs_tell_of_their_work_is_not_run() {
    for page in [
        "```sh\nmake deploy\n```\n\n```\n==> docker build -t me/app .\nSending\n==> docker push me/app\n```\n",
        "```sh\n./status.sh\n```\n\n```\nCommand: kubectl delete ns prod\n```\n",
        "```sh\nyarn deploy\n```\n\n```\nyarn run v1.22.22\n$ ng test\n```\n",
    ] {
        assert_eq!(commands(page).len(), 1, "{page}");
    }
    for page in [
        "It prints this output:\n\n```bash\nexport A=1\nkubectl get pods\n```\n",
        "```\nNeed the pods? kubectl get pods\n```\n",
        "```txt\nExecuting \"step_script\" stage of the job script\n$ npm install\nup to date\n```\n",
        "```bash\n$ mvn --version\n/bin/sh: mvn: not found\nERROR: Job failed: exit code 127\n```\n",
        "```bash\n > git checkout -f 54f1 # timeout=10\n[Pipeline] script\n```\n",
        "```bash\nexport DOCKER_HOST=\"tcp://a:2376\"\n# Run this command to configure your shell:\n# eval $(minikube docker-env)\n```\n",
        "```\nTo initialize your shell, run\n\n    $ conda init bash\n\nCurrently:\n```\n",
        "```bash\nnpm ERR! code ENOENT\nnpm WARN deprecated a\n```\n",
        "```\ngit push to main\n→ docker build + push\n→ kubectl apply\n```\n",
        "```\ndocker run → containerd → runc\n```\n",
        "```\nnode worker1 drained\nmysql pod running\njava application started\n```\n",
        "```bash\n-kubectl create ns a\n+kubectl create ns b\n```\n",
    ] {
        assert!(commands(page).is_empty(), "{page}");
    }
}

#[test]
fn answers_are_no_commands() {
    let page = "```sh\nterraform apply\n```\n\nType `yes` and press enter:\n\n```\nyes\n```\n";
    assert_eq!(commands(page), ["terraform apply"]);
    let page = "Do not run the `frob` command:\n\n```\nfrob\n```\n";
    assert!(commands(page).is_empty());
}

#[test]
fn a_comment_of_an_output_leads_on_to_no_command() {
    let page = "```console\n$ helm install web b/nginx\nNAME: web\n\n# To get the service:\nkubectl delete svc web\n```\n";
    assert_eq!(commands(page), ["helm install web b/nginx"]);
}

#[test]
fn a_name_of_what_was_installed_is_a_program_only_after_an_installer() {
    assert_eq!(
        commands("```sh\nhelm install web ./chart\nweb\n```\n"),
        ["helm install web ./chart"]
    );
}

#[test]
fn a_command_keeps_all_its_words() {
    let page = "```bash\n$ echo \"1.2.3.4 a\" \\\n>> hosts\n```\n";
    assert_eq!(commands(page), ["echo \"1.2.3.4 a\" \\\n>> hosts"]);
    let gap = " ".repeat(24);
    let page = format!("```bash\nme@box:~$ kubectl delete pod web-0{gap}web-1\n```\n");
    assert_eq!(commands(&page), [format!("kubectl delete pod web-0{gap}web-1")]);
    let page = "```bash\nme@box:~$ ls      [10:21:05]\n```\n";
    assert_eq!(commands(page), ["ls"]);
    for right in ["10:21:05", "[main]", "✓", "took 3s"] {
        let page = format!("```bash\nme@box:~$ ls{gap}{right}\n```\n");
        assert_eq!(commands(&page), ["ls"], "{right}");
    }
}

#[test]
fn a_program_that_prints_an_arrow_is_no_database() {
    let page = "```sh\n$ ./show\nname=> web\n$ ls\n```\n";
    assert_eq!(steps(page), ["2-2 ./show | 3-3 name=> web", "4-4 ls"]);
}

#[test]
fn odd_pages_come_to_their_end() {
    // A place in the text is one of the script that was made of it.
    assert!(commands("```\nlab> sudo <<E \u{3000}\n```\n").is_empty());
    let deep = "kubectl exec -- ".repeat(5_000);
    assert!(
        commands(&format!("```\n{deep}cat x.sh\n```\n\n```\nkubectl get pods\n```\n")).len() < 3
    );
    let quotes = "echo hello \\'a'b\n".repeat(8_000);
    assert!(!commands(&format!("```\nkubectl get pods\n{quotes}```\n")).is_empty());
    let gets = "kubectl get pods a\n".repeat(2_000);
    let outputs = "Pods output:\n\n```\nNAME\n```\n\n".repeat(2_000);
    assert_eq!(commands(&format!("```sh\n{gets}```\n\n{outputs}")).len(), 2_000);
    let told = "$ ls\n".repeat(100_000);
    assert_eq!(commands(&format!("```\n$ ./x\nRun these:\n{told}```\n")), ["./x"]);
    let lists = "ls -l\n".repeat(20_000);
    let spans = "`pwd -P` ".repeat(20_000);
    let page = format!("```sh\n{lists}pwd -P\n```\n\n{spans}:\n\n```\na\n```\n");
    assert_eq!(commands(&page).len(), 20_001);
}

#[test]
fn a_program_that_tells_its_version_is_not_run() {
    for (command, told) in [
        ("docker-compose --version", "docker-compose version 1.28.2, build 67630359"),
        ("kubeadm version", "kubeadm version: &version.Info{Major:\"1\", Minor:\"30\"}"),
        ("containerd --version", "containerd github.com/containerd/containerd v1.6.4 212e8b6f"),
        (
            "containerd -v",
            "containerd containerd.io 1.6.21 3dce8eb055cbb6872793272b4f20ed16117344f8",
        ),
        ("podman --version", "podman version 5.4.0"),
        ("psql --version", "psql (PostgreSQL) 14.5"),
        ("rsync --version", "rsync  version 3.1.3  protocol version 31"),
    ] {
        for page in [
            format!("```bash\n{command}\n{told}\n```\n"),
            format!("```\n{command}\n{told}\n```\n"),
            format!("```console\n$ {command}\n{told}\n```\n"),
        ] {
            assert_eq!(commands(&page), [command], "{page}");
        }
        assert!(commands(&format!("```\n{told}\n```\n")).is_empty(), "{told}");
    }
}

#[test]
fn what_no_shell_could_take_is_not_run_after_a_prompt() {
    for line in [
        "gpg: Signature made Tue 23 Apr 2019",
        "pod/web created",
        "NAME   READY   STATUS",
        "No resources found in default namespace.",
        "[edit files...]",
        "(wait a few minutes)",
        "// then",
        "...",
    ] {
        assert_eq!(commands(&format!("```console\n$ ls\n$ {line}\n```\n")), ["ls"], "{line}");
    }
    assert_eq!(commands("```console\nPS> ls\nPS> Plan: 3 to add\n```\n"), ["ls"]);
}

#[test]
fn another_languages_text_is_not_run() {
    for text in [
        "{\n  'sources': ['a.cc'],\n}",
        "{\n  method: 'POST',\n}",
        "require (\n  example.com/a v4.1.0\n)",
        "sum(total) by (pod, node)",
        "true && true // true",
        "pip @ https://example.com/a.zip",
        "make fmt : Run the formatter",
        "kubectl run --> Pod --> Container",
        "kubectl argo abort NAME [flags]",
        "docker run [OPTIONS] IMAGE [COMMAND] [ARG...]",
    ] {
        for language in ["", "bash"] {
            let page = format!("```{language}\n{text}\n```\n");
            assert!(commands(&page).is_empty(), "{page}");
        }
    }
    assert_eq!(commands("```bash\n{\n  mv a b\n}\n").len(), 1);
}

#[test]
fn a_comment_that_is_a_command_may_show_what_follows() {
    for page in [
        "```\n# which docker\n/usr/bin/docker\n```\n",
        "```bash\n# cat run.sh\n#!/bin/bash\n\nexport A=/opt\n```\n",
        "```bash\n# cat destroy.sh\npkill load\nrm -rf tmp\n```\n",
        "```bash\n# vim ~/.bashrc\nexport A=b\n```\n",
        "```bash\n# tar xvf k.tgz\n./install.sh\n```\n",
        "```\n# kubectl apply -f pod.yaml\napiVersion: v1\nkind: Pod\n```\n",
        "```bash\n# docker run settings\nIMAGE=nginx\n```\n",
    ] {
        let found = commands(page);
        let shown = found.iter().all(|command| page.contains(&format!("# {command}\n")));
        assert!(shown, "{page}: {found:?}");
    }
    assert!(commands("```\n# kubectl apply -f pod.yaml\napiVersion: v1\n```\n").is_empty());
}

#[test]
fn an_alias_that_is_told_is_not_set() {
    assert_eq!(commands("```\n$ alias k\nalias k='kubectl'\n```\n"), ["alias k"]);
    assert_eq!(commands("```console\n$ kind get nodes\nkind get nodes\nnode1\n```\n").len(), 1);
}

#[test]
fn notes_on_commands_are_not_their_arguments() {
    for line in [
        "kubectl get pods - list all pods",
        "docker image rm x - Remove an image",
        "kubectl get pods -- lista os pods",
        "docker ps – list containers",
        "kubectl get pods      List all pods",
        "docker ps\tList",
        "kubectl get pods | List pods",
        "kubectl get pods|services|nodes",
        "kubectl get pods, services",
        "kubectl apply OK",
        "docker build 12s",
        "docker run starts a container",
        "docker build",
        "docker start <container> - Inicia o container",
        "kubectl get pods -l app=a --namespace=x - to get particular pods",
        "kubectl get pods: list pods",
        "etcd example.local {",
    ] {
        for page in [format!("```\n{line}\n```\n"), format!("```bash\n{line}\n```\n")] {
            assert!(commands(&page).is_empty(), "{page}");
        }
    }
    let noted = "```console\n$ docker ps – list containers\n$ kubectl get po - the pods\n```\n";
    assert!(commands(noted).is_empty());
}

#[test]
fn what_a_trailing_comment_says_is_not_run() {
    for line in [
        "task up # docker compose up -d",
        "gst # git status",
        "just deploy # kubectl apply -f k8s/",
        "k8s/ # kubectl apply -f k8s/",
        "└── k8s # kubectl apply -f k8s",
        "replicaCount: 3 # kubectl scale deploy web --replicas=3",
        "image: nginx # docker pull nginx",
        "count = 3 # kubectl get nodes",
        "web > kubectl get pods",
    ] {
        for language in ["", "bash", "yaml", "console"] {
            let page = format!("```{language}\n{line}\n```\n");
            let shown = commands(&page);
            let whole = shown.iter().all(|command| line.starts_with(command.as_str()));
            assert!(whole, "{page}: {shown:?}");
        }
    }
}

#[test]
fn what_else_programs_print_is_not_run() {
    for (command, printed) in [
        ("kubectl diff -f a.yaml", "diff -u -N /tmp/LIVE-1/a /tmp/MERGED-2/a"),
        ("git diff", "diff --git a/run.sh b/run.sh"),
        ("ls", "ansible  docker  docs  README.md"),
        ("kubectl exec web -- ls /app", "node  package.json  src"),
        ("kubectl get pods", "NAME READY STATUS RESTARTS AGE\nnginx 1/1 Running 0 5s"),
        ("kubectl get svc", "NAME TYPE CLUSTER-IP PORT(S)\nnginx ClusterIP 10.96.0.1 80/TCP"),
        ("apt-cache madison kubeadm", "kubeadm | 1.29.3-1.1 | https://pkgs.k8s.io/core Packages"),
        ("apt-mark hold kubelet", "kubelet set on hold."),
        (
            "k3d cluster create demo",
            "INFO[0024] You can now use it like this:\nkubectl config use-context a\nkubectl cluster-info",
        ),
        ("time g++ a.cpp", "g++ a.cpp  0.23s user 2.01s system 59% cpu 3.762 total"),
        ("npm prefix -g", "/usr/local"),
        ("fg %1", "kubectl port-forward svc/a 80"),
        ("grep alias ~/.bashrc", "alias k=kubectl"),
    ] {
        for page in [
            format!("```\n{command}\n{printed}\n```\n"),
            format!("```console\n$ {command}\n{printed}\n```\n"),
        ] {
            let found = commands(&page);
            // `fg` alone is a word.
            assert!(found == [command] || command.starts_with("fg") && found.is_empty(), "{page}");
        }
    }
    let page = "```sh\nmake deploy\n```\n\nOutput:\n\n```\nkubectl apply -f k8s/\ndeployment.apps/web created\n```\n";
    assert_eq!(commands(page), ["make deploy"]);
    let page = "The output will resemble this:\n\n```\ncd coredns && ./patch.sh\npatched\n```\n";
    assert!(commands(page).is_empty());
}

#[test]
fn lines_of_other_languages_are_not_run() {
    for line in [
        "sh 'kubectl apply -f x.yaml'",
        "set $backend \"http://web\";",
        "return 200 \"ok\";",
        "export type X = string",
        "export interface X {\n  a: b\n}",
        "source \"https://rubygems.org\"",
        "gem \"rails\"",
        "brew \"kubectl\"",
        "set -g mouse on",
        "deb http://a b main",
        "ssh 22/tcp",
        "./k8s/x.yaml",
    ] {
        for language in ["", "bash"] {
            assert!(commands(&format!("```{language}\n{line}\n```\n")).is_empty(), "{line}");
        }
    }
}

#[test]
fn a_command_in_a_comment_is_not_run() {
    for page in [
        "```\n#kubectl delete ns prod\n```\n",
        "```bash\nkubectl get po\n```\n\n```sh\n# docker ps\nCONTAINER ID   IMAGE\n```\n\n```sh\n# rm -rf x\n```\n",
        "```sh\n# docker ps\nCONTAINER ID   IMAGE\n```\n\n```sh\n#kubectl delete ns prod\n```\n",
        "```\nmake # kubectl apply -f k8s/\n```\n\n```\nmake # kubectl apply -f k8s/\n```\n",
    ] {
        let found = commands(page);
        let dangerous = ["kubectl delete ns prod", "rm -rf x", "kubectl apply -f k8s/"];
        assert!(!found.iter().any(|command| dangerous.contains(&command.as_str())), "{page}");
    }
}

#[test]
fn what_is_redirected_still_tells_its_errors() {
    let page = "```\npython train.py > train.log\nepoch 1/10 loss=0.3\n```\n";
    assert_eq!(commands(page), ["python train.py > train.log"]);
    let page = "```bash\nls -l /bin\nlrwxrwxrwx 1 root root 7 Jan  1 00:00 /bin -> usr/bin\n```\n";
    assert_eq!(commands(page), ["ls -l /bin"]);
}

#[test]
fn a_comment_of_many_lines_is_one_step() {
    let page = "```bash\nkubectl get ns\n: <<'END'\nkubectl delete ns prod\nEND\n```\n";
    assert_eq!(steps(page).len(), 2);
    assert!(!steps(page).iter().any(|step| step.starts_with("4-")));
}

#[test]
fn what_a_command_says_itself_is_not_run() {
    for command in [
        "echo \"docker rm x\"",
        "printf 'docker rm x\\n'",
        "for i in 1 2; do echo \"docker rm x-$i\"; done",
    ] {
        assert_eq!(steps(&format!("```\n{command}\ndocker rm x\n```\n")).len(), 1, "{command}");
    }
    assert_eq!(steps("```\nkubectl exec web -- ls /bin\ncat\ndate\ntop\n```\n").len(), 1);
    assert_eq!(steps("```bash\nls\na.yaml  b.yaml\npwd\n```\n").len(), 2);
}

#[test]
fn a_hint_below_text_has_no_prompt() {
    let page = "Output:\n\n```console\nWhat's next:\n    View a summary\n      → docker scout quickview a/b\n```\n";
    assert_eq!(steps(page), [""; 0]);
}

#[test]
fn what_tools_tell_of_their_work_is_no_python() {
    let page = "```\n/data # redis-cli --cluster check a:6379\n>>> Performing hash slots allocation on 6 nodes...\n>>> Nodes configuration updated\n```\n";
    assert_eq!(steps(page).len(), 1);
    let page = "```\n$ git clone https://a/b\u{3000}\u{3000}⇽---\u{3000}克隆\n```\n";
    assert_eq!(steps(page), [""; 0]);
}

#[test]
fn what_is_piped_on_is_not_said() {
    for command in [
        "sed 's/a/b/' a.yaml | kubectl apply -f -",
        "docker ps -aq | xargs docker rm -f",
        "echo -n admin | base64; kubectl apply -f c.yaml",
    ] {
        let page = format!("```bash\n{command}\nkubectl apply -f b.yaml\ndocker rm -f web\n```\n");
        assert_eq!(steps(&page).len(), 3, "{command}");
    }
}

#[test]
fn what_generators_tell_to_type_is_not_run() {
    let init = "operator-sdk init --domain example.com";
    for told in [
        "Get controller runtime:\n$ go get example.com/runtime@v1\nUpdate dependencies:\n$ go mod tidy\nNext: define \
         a resource with:\n$ operator-sdk create api",
        "Next: define a resource with:\n\n$ operator-sdk create api",
        "Use the client:\n$ eval $(crc oc-env)\n$ oc login -u developer",
    ] {
        let page = format!("```console\n$ {init}\n{told}\n\n$ make build\n```\n");
        assert_eq!(commands(&page), [init, "make build"], "{told}");
    }
    // The command itself is broken, and still tells what to type.
    let page = "```console\n$ kubebuilder init --domain example.com\n    --repo example.com/a\nGet controller \
                runtime:\n$ go get example.com/runtime@v1\n```\n";
    assert_eq!(commands(page), [""; 0]);
}

#[test]
fn digests_and_finds_are_not_run() {
    for (command, printed) in [
        ("md5sum ./app.jar", "d41d8cd98f00b204e9800998ecf8427e  ./app.jar"),
        ("grep -rn kubectl .", "./a.sh:3:kubectl apply -f a.yaml"),
        ("md5sum a.tar.gz", ">>> d41d8cd98f00b204e9800998ecf8427e  a.tar.gz"),
        ("python a.py", ">>> ./run.sh: ok"),
    ] {
        let page = format!("```bash\n{command}\n{printed}\n```\n");
        assert_eq!(commands(&page), [command], "{printed}");
    }
}

#[test]
fn what_reads_like_a_command_with_its_note_is_not_run() {
    for line in
        ["ls -l: long listing", "tar -x: extract files", "grep basics:", "locate your kubeconfig"]
    {
        let page = format!("```bash\nkubectl get pods -A\n{line}\n```\n");
        assert!(!commands(&page).contains(&line.to_owned()), "{line}");
    }
    let page = "```bash\ncommand -v jq || echo \"sudo apt-get install -y jq\"\nsudo apt-get install -y jq\n```\n";
    assert!(!commands(page).contains(&"sudo apt-get install -y jq".to_owned()));
    let page = "```bash\ncommand -v k\nalias k=kubectl\n```\n";
    assert_eq!(commands(page), ["command -v k"]);
}

#[test]
fn notes_that_say_or_stay_whole() {
    let page = "```bash\nhelm install web ./c\nNOTES:\nkubectl get svc web\nor\nkubectl port-forward svc/web 80\nThen open \
                it\n```\n";
    let read = lab(page);
    assert_eq!(read.steps.len(), 1);
    assert_eq!(read.steps[0].outputs[0].last_line, 7);
}
