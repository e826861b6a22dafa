//! What pods may do stays in the cluster, also where they are privileged.
//!
//! Each attempt does no harm where it succeeds: it reads, writes a new file,
//! ends a process of the test's own, or asks for what changes nothing.

use std::process::Command;

use caps::{CapSet, Capability};

use super::outside::Outside;
use super::turns;
use super::workbook::Workbook;

/// The image of the labs' application, which has Python.
const PYTHON: &str = "app-python:1.0";

/// An image with a shell's commands, `mount` among them.
const BUSYBOX: &str = "busybox:1.36";

/// Runs a script to its end in a pod of an image that is privileged, sees the
/// node's processes and has its `/` at `/node`, and holds that it logs `log`.
#[track_caller]
fn run(image: &str, script: &str, log: &str) {
    let script = script.replace('\n', "\n      ");
    let setup = format!(
        "kubectl apply -f - <<'END' &&
apiVersion: v1
kind: Pod
metadata: {{name: stranger}}
spec:
  restartPolicy: Never
  hostPID: true
  containers:
  - name: main
    image: {image}
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
END
kubectl wait --for=jsonpath='{{.status.phase}}'=Succeeded pod/stranger --timeout=60s
"
    );
    let page = format!("# What pods may do\n\n```console\n$ kubectl logs stranger\n{log}\n```\n");
    let workbook = Workbook::of_page(&page, &setup);
    let outcome = workbook.run(&["run", "lab.md", "--format", "json"]).ends_with(0);
    outcome.lab().passes();
}

#[test]
fn what_pods_do_reaches_nothing_outside() {
    let _turn = turns::one();
    let mut outside = Outside::new();
    let attempts = outside.attempts("/node");
    let script: Vec<&str> = attempts.iter().map(|attempt| attempt.script.as_str()).collect();
    let log: Vec<&str> = attempts.iter().map(|attempt| attempt.contained).collect();
    run(PYTHON, &script.join("\n"), &log.join("\n"));
    outside.is_unharmed();
}

/// Uses each capability in a way that changes nothing where it is held: the
/// time is set to what it is, the others are asked for what does not exist.
const USE_CAPABILITIES: &str = r#"python3 - <<'PYTHON'
import ctypes, errno, os, time
libc = ctypes.CDLL(None, use_errno=True)

def attempt(capability, call):
    try:
        if call() == -1:
            raise OSError(ctypes.get_errno(), "")
        answer = "is held"
    except OSError as error:
        answer = "refused" if error.errno == errno.EPERM else f"is held ({error})"
    print(capability, answer)

ALARM_CLOCK, NO_SUCH_COMMAND, FIRST_BLOCK, NO_SUCH_FILE = 9, 1, 1, bytes(136)
file = os.open("/etc/hostname", os.O_RDONLY)
attempt("sys_time", lambda: time.clock_settime(time.CLOCK_REALTIME, time.time()))
attempt("sys_boot", lambda: libc.reboot(NO_SUCH_COMMAND))
attempt("sys_module", lambda: libc.delete_module(b"no-such-module", os.O_NONBLOCK))
attempt("wake_alarm", lambda: libc.timerfd_create(ALARM_CLOCK, 0))
attempt("sys_rawio", lambda: libc.ioctl(file, FIRST_BLOCK, ctypes.byref(ctypes.c_int())))
attempt("dac_read_search", lambda: libc.open_by_handle_at(file, NO_SUCH_FILE, os.O_RDONLY))
PYTHON"#;

const CAPABILITIES: [Capability; 6] = [
    Capability::CAP_SYS_TIME,
    Capability::CAP_SYS_BOOT,
    Capability::CAP_SYS_MODULE,
    Capability::CAP_WAKE_ALARM,
    Capability::CAP_SYS_RAWIO,
    Capability::CAP_DAC_READ_SEARCH,
];

#[test]
fn capabilities_that_reach_past_the_cluster_are_gone() {
    let _turn = turns::one();
    for capability in CAPABILITIES {
        let held = caps::has_cap(None, CapSet::Effective, capability).expect("it can be asked");
        assert!(held, "outside of every sandbox {capability} is not held: nothing can be shown");
    }
    let log = CAPABILITIES
        .map(|one| one.to_string().trim_start_matches("CAP_").to_lowercase() + " refused");
    run(PYTHON, USE_CAPABILITIES, &log.join("\n"));
}

/// Makes nodes for a device that every container has and for one that none has
/// (`loop-control`), and opens them; writes two settings back as they are
/// through a new `/proc`, the second of them the whole kernel's.
const REACH_THE_KERNEL: &str = r#"place=$(mktemp -d)
open() {
  mknod $place/node c $1 $2
  { (: < $place/node) && echo opened; } 2>&1 | grep -o -e opened -e "Operation not permitted"
  rm $place/node
}
open 1 3
open 10 237
mkdir $place/proc
mount -t proc proc $place/proc
write() {
  cat $place/proc/sys/$1 > $place/kept
  { cat $place/kept > $place/proc/sys/$1 && echo written; } 2>&1 |
    grep -o -e written -e "Operation not permitted"
}
write kernel/hostname
write kernel/core_pattern
umount $place/proc
rm -r $place"#;

#[test]
fn neither_devices_nor_settings_of_the_whole_kernel_are_reached() {
    let _turn = turns::one();
    let loose = Command::new("unshare")
        .args(["--mount", "sh", "-c", REACH_THE_KERNEL])
        .output()
        .expect("unshare is installed");
    let printed = String::from_utf8_lossy(&loose.stdout);
    assert_eq!(
        printed, "opened\nopened\nwritten\nwritten\n",
        "outside of every sandbox\n{loose:?}"
    );
    let refused = "Operation not permitted";
    run(BUSYBOX, REACH_THE_KERNEL, &format!("opened\n{refused}\nwritten\n{refused}"));
}
