//! Commands that do not end by themselves, and programs that read what is typed, with real
//! pods.

use labbook::record::Verdict;

use super::turns;
use super::workbook::Workbook;

const PAGE: &str = "\
# Asked from inside

```console
$ kubectl get pods --watch
NAME   READY   STATUS    RESTARTS   AGE
web    1/1     Running   0          5s
```

```console
$ kubectl exec -it web -- sh
/ # cat /www/index.html
hello
/ # cd /www
/www # ls
index.html
/www # exit
$ kubectl port-forward pod/web 8080:80
Forwarding from 127.0.0.1:8080 -> 80
Handling connection for 8080
$ curl -s localhost:8080
hello
$ kubectl proxy --port=8001
Starting to serve on 127.0.0.1:8001
$ curl -s localhost:8001/healthz
ok
```

```console
$ kubectl run -it --rm tmp --image=busybox --image-pull-policy=IfNotPresent --restart=Never -- sh
If you don't see a command prompt, try pressing enter.
/ # echo in $HOSTNAME
in tmp
/ # exit
pod \"tmp\" deleted
$ kubectl get pods -o name
pod/web
```
";

#[test]
fn what_is_typed_in_pods_and_what_goes_on_is_run() {
    let _turn = turns::one();
    let setup = "kubectl run web --image=busybox --image-pull-policy=IfNotPresent --restart=Never -- \
                 sh -c 'mkdir -p /www; echo hello > /www/index.html; httpd -f -p 80 -h /www'\n\
                 kubectl wait --for=condition=Ready pod/web\n";
    let outcome = Workbook::of_page(PAGE, setup).run(&["run", "lab.md", "--format", "json"]);
    let lab = outcome.lab();
    assert_eq!(lab.steps.len(), 14, "{outcome}");
    for step in &lab.steps {
        let passed = step.passed() || step.verdict == Verdict::Ran;
        assert!(passed, "{:?}\n{outcome}", step.command);
    }
}
