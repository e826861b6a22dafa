//! What pods may do stays in the cluster, also where they are privileged.
//!
//! Each attempt does no harm where it succeeds: it reads, writes a new file,
//! ends a process of the test's own, or asks for what changes nothing.

use super::outside::{Outside, disk, hunt};
use super::turns;
use super::workbook::Workbook;

/// A pod that is privileged, sees the node's processes, and has its `/` at
/// `/node`.
struct Pod<'a> {
    name: &'a str,
    /// What its shell runs.
    script: &'a str,
    /// What that prints.
    log: &'a str,
}

impl Pod<'_> {
    fn manifest(&self) -> String {
        let name = self.name;
        let script = self.script.replace('\n', "\n      ");
        format!(
            "---
apiVersion: v1
kind: Pod
metadata: {{name: {name}}}
spec:
  restartPolicy: Never
  hostPID: true
  containers:
  - name: main
    image: app-python:1.0
    imagePullPolicy: IfNotPresent
    securityContext: {{privileged: true}}
    volumeMounts: [{{name: node, mountPath: /node}}]
    command: [sh, -c]
    args:
    - |
      {script}
  volumes:
  - name: node
    hostPath: {{path: /}}
"
        )
    }

    fn step(&self) -> String {
        let Self { name, log, .. } = self;
        format!("\n```console\n$ kubectl logs {name}\n{log}\n```\n")
    }
}

/// Runs pods to their end on a cluster, and holds that they log what they are
/// expected to.
#[track_caller]
fn run(pods: &[Pod<'_>]) {
    let manifests: String = pods.iter().map(Pod::manifest).collect();
    let steps: String = pods.iter().map(Pod::step).collect();
    let setup = format!(
        "kubectl apply -f - <<'END' &&
{manifests}END
kubectl wait --for=jsonpath='{{.status.phase}}'=Succeeded pod --all --timeout=60s
"
    );
    let workbook = Workbook::of_page(&format!("# What pods may do\n{steps}"), &setup);
    let outcome = workbook.run(&["run", "lab.md", "--format", "json"]).ends_with(0);
    outcome.lab().passes();
}

#[test]
fn what_pods_do_reaches_nothing_outside() {
    let _turn = turns::one();
    let mut outside = Outside::new();
    let file = outside.file_in_etc();
    let file = file.display();
    let write = format!("echo written > /node{file}; cat /node{file}");
    let folder = outside.folder().display();
    let remove = format!("rm -r /node{folder} && [ ! -e /node{folder} ] && echo removed");
    let read_disk = format!(
        "mknod /disk b {} && head -c 512 /disk 2>&1 >/dev/null | grep -o 'Operation not permitted'",
        disk()
    );
    let hunt = hunt(outside.name());
    let pod = |name, script, log| Pod { name, script, log };
    run(&[
        pod("writer", &write, "written"),
        pod("remover", &remove, "removed"),
        pod("reader", &read_disk, "Operation not permitted"),
        pod("hunter", &hunt, "found: nothing"),
    ]);
    outside.is_unharmed();
}

/// Uses each capability in a way that changes nothing where it is held: the
/// time is set to what it is, the others are asked for what does not exist.
const USE_CAPABILITIES: &str = r#"python3 - <<'PYTHON'
import ctypes, errno, os, time
libc = ctypes.CDLL(None, use_errno=True)

# What a kernel that was built without a feature answers counts as refused.
REFUSED = errno.EPERM, errno.ENOSYS, errno.ENXIO

def attempt(capability, call):
    try:
        if call() == -1:
            raise OSError(ctypes.get_errno(), "")
        refused = False
    except OSError as error:
        refused = error.errno in REFUSED
    print(capability, "refused" if refused else "is held")

ALARM_CLOCK, NO_SUCH_COMMAND = 9, 1
attempt("sys_time", lambda: time.clock_settime(time.CLOCK_REALTIME, time.time()))
attempt("sys_boot", lambda: libc.reboot(NO_SUCH_COMMAND))
attempt("sys_module", lambda: libc.delete_module(b"no-such-module", os.O_NONBLOCK))
attempt("wake_alarm", lambda: libc.timerfd_create(ALARM_CLOCK, 0))
os.mknod("/memory", 0o20600, os.makedev(1, 1))
attempt("sys_rawio", lambda: os.close(os.open("/memory", os.O_RDONLY)))
PYTHON"#;

#[test]
fn capabilities_that_reach_past_the_cluster_are_gone() {
    let _turn = turns::one();
    let log = "sys_time refused\nsys_boot refused\nsys_module refused\nwake_alarm refused\nsys_rawio refused";
    run(&[Pod { name: "user", script: USE_CAPABILITIES, log }]);
}
