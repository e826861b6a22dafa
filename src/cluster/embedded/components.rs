//! The programs of a cluster: their command lines and configuration files.
//!
//! Which flags matter, and why, was measured; each that is not self-evident
//! says its reason.

use std::ffi::OsString;
use std::fs;
use std::io;
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};

use super::layout::{self, API_PORT, DATA, NODE, PAUSE, PROGRAMS, data};
use crate::cluster::doctor;

/// One program of the cluster and how it is started.
#[derive(Debug)]
pub(super) struct Component {
    /// Its name, which is also its log's.
    pub(super) name: &'static str,
    /// The program.
    pub(super) program: PathBuf,
    /// Its arguments.
    pub(super) arguments: Vec<OsString>,
}

fn component(name: &'static str, arguments: Vec<String>) -> Component {
    let all = std::iter::once(name.to_owned()).chain(arguments).map(OsString::from).collect();
    Component { name, program: Path::new(PROGRAMS).join("components"), arguments: all }
}

const ETCD: &str = "http://127.0.0.1:2379";

/// The store of the API server's objects.
pub(super) fn etcd() -> Component {
    let peer = "http://127.0.0.1:2380";
    component(
        "etcd",
        vec![
            format!("--data-dir={DATA}/etcd"),
            // What it stores is thrown away with the cluster.
            "--unsafe-no-fsync".to_owned(),
            format!("--listen-client-urls={ETCD}"),
            format!("--advertise-client-urls={ETCD}"),
            format!("--listen-peer-urls={peer}"),
            format!("--initial-advertise-peer-urls={peer}"),
            format!("--initial-cluster=default={peer}"),
            "--log-level=warn".to_owned(),
        ],
    )
}

/// The container runtime, from the distribution.
pub(super) fn containerd() -> io::Result<Component> {
    let file = data("containerd.toml");
    let cni = doctor::cni_directory()
        .ok_or_else(|| io::Error::new(io::ErrorKind::NotFound, "no CNI plug-in `bridge`"))?;
    fs::write(&file, containerd_config(&cni))?;
    Ok(Component {
        name: "containerd",
        program: "containerd".into(),
        arguments: vec!["--config".into(), file.into()],
    })
}

fn containerd_config(cni: &Path) -> String {
    let cni = cni.display();
    format!(
        r#"version = 2
root = "{DATA}/containerd"
state = "/run/containerd"
[grpc]
  address = "/run/containerd/containerd.sock"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "{PAUSE}"
  # Without CAP_SYS_RESOURCE scores cannot be lowered.
  restrict_oom_score_adj = true
  disable_apparmor = true
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "{cni}"
    conf_dir = "{DATA}/cni"
  [plugins."io.containerd.grpc.v1.cri".containerd]
    snapshotter = "overlayfs"
    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
      runtime_type = "io.containerd.runc.v2"
"#
    )
}

/// How pods get their network.
pub(super) fn write_cni() -> io::Result<()> {
    let directory = data("cni");
    fs::create_dir_all(&directory)?;
    let config = serde_json::json!({
        "cniVersion": "1.0.0",
        "name": "labbook",
        "plugins": [
            {
                "type": "bridge", "bridge": "cni0",
                "isGateway": true, "ipMasq": true, "hairpinMode": true,
                "ipam": {
                    "type": "host-local",
                    "dataDir": data("cni-addresses"),
                    "ranges": [[{"subnet": layout::NODE_PODS}]],
                    "routes": [{"dst": "0.0.0.0/0"}],
                },
            },
            {"type": "portmap", "capabilities": {"portMappings": true}},
        ],
    });
    fs::write(directory.join("10-labbook.conflist"), config.to_string())
}

/// The API server. It listens on every address, since the cluster's own comes
/// while it starts.
pub(super) fn apiserver(address: Ipv4Addr) -> Component {
    let pki = format!("{DATA}/pki");
    component(
        "kube-apiserver",
        vec![
            format!("--etcd-servers={ETCD}"),
            "--bind-address=0.0.0.0".to_owned(),
            format!("--advertise-address={address}"),
            format!("--secure-port={API_PORT}"),
            format!("--service-cluster-ip-range={}", layout::SERVICES),
            "--authorization-mode=Node,RBAC".to_owned(),
            "--enable-admission-plugins=NodeRestriction".to_owned(),
            "--allow-privileged".to_owned(),
            format!("--client-ca-file={pki}/ca.crt"),
            format!("--tls-cert-file={pki}/apiserver.crt"),
            format!("--tls-private-key-file={pki}/apiserver.key"),
            "--service-account-issuer=https://kubernetes.default.svc.cluster.local".to_owned(),
            format!("--service-account-key-file={pki}/sa.pub"),
            format!("--service-account-signing-key-file={pki}/sa.key"),
            format!("--kubelet-client-certificate={pki}/apiserver-kubelet-client.crt"),
            format!("--kubelet-client-key={pki}/apiserver-kubelet-client.key"),
            format!("--kubelet-certificate-authority={pki}/ca.crt"),
            // Otherwise `exec` looks the node's name up in DNS.
            "--kubelet-preferred-address-types=InternalIP".to_owned(),
            "--shutdown-delay-duration=0s".to_owned(),
            "--profiling=false".to_owned(),
        ],
    )
}

/// The default limit of 20 requests a second costs a cluster's start 4 s: some
/// 40 controllers begin at once.
const FAST_CLIENT: [&str; 2] = ["--kube-api-qps=1000", "--kube-api-burst=1000"];

/// The controllers, with a provisioner for claims that makes directories.
pub(super) fn controller_manager() -> Component {
    let pki = format!("{DATA}/pki");
    let mut arguments = vec![
        format!("--kubeconfig={pki}/kube-controller-manager.conf"),
        "--leader-elect=false".to_owned(),
        format!("--service-account-private-key-file={pki}/sa.key"),
        format!("--root-ca-file={pki}/ca.crt"),
        format!("--cluster-signing-cert-file={pki}/ca.crt"),
        format!("--cluster-signing-key-file={pki}/ca.key"),
        format!("--cluster-cidr={}", layout::PODS),
        "--use-service-account-credentials".to_owned(),
        "--enable-hostpath-provisioner".to_owned(),
        "--profiling=false".to_owned(),
    ];
    arguments.extend(FAST_CLIENT.map(str::to_owned));
    component("kube-controller-manager", arguments)
}

/// The scheduler.
pub(super) fn scheduler() -> Component {
    let mut arguments = vec![
        format!("--kubeconfig={DATA}/pki/kube-scheduler.conf"),
        "--leader-elect=false".to_owned(),
        "--profiling=false".to_owned(),
    ];
    arguments.extend(FAST_CLIENT.map(str::to_owned));
    component("kube-scheduler", arguments)
}

/// The node agent.
pub(super) fn kubelet(address: Ipv4Addr) -> io::Result<Component> {
    let file = data("kubelet.json");
    fs::write(&file, kubelet_config().to_string())?;
    Ok(component(
        "kubelet",
        vec![
            format!("--kubeconfig={DATA}/pki/kubelet.conf"),
            format!("--config={}", file.display()),
            format!("--hostname-override={NODE}"),
            format!("--root-dir={DATA}/kubelet"),
            format!("--node-ip={address}"),
        ],
    ))
}

fn kubelet_config() -> serde_json::Value {
    let pki = format!("{DATA}/pki");
    serde_json::json!({
        "apiVersion": "kubelet.config.k8s.io/v1beta1",
        "kind": "KubeletConfiguration",
        "authentication": {
            "x509": {"clientCAFile": format!("{pki}/ca.crt")},
            "anonymous": {"enabled": false},
            "webhook": {"enabled": true},
        },
        "authorization": {"mode": "Webhook"},
        "tlsCertFile": format!("{pki}/kubelet-server.crt"),
        "tlsPrivateKeyFile": format!("{pki}/kubelet-server.key"),
        // The sandbox's cgroup is the root of all that the kubelet sees, and no
        // systemd manages it, on v1 and v2 alike.
        "cgroupDriver": "cgroupfs",
        "failCgroupV1": false,
        "failSwapOn": false,
        "enforceNodeAllocatable": [],
        // Scores and limits cannot be set without CAP_SYS_RESOURCE, and settings
        // of the kernel are read-only here.
        "featureGates": {"KubeletInUserNamespace": true},
        "localStorageCapacityIsolation": false,
        "containerRuntimeEndpoint": "unix:///run/containerd/containerd.sock",
        "clusterDomain": "cluster.local",
        "clusterDNS": [layout::SERVICE_DNS.to_string()],
        "resolvConf": data("resolv.conf"),
        "nodeStatusUpdateFrequency": "2s",
        "maxPods": 250,
        // Disk and memory are the host's: how full they are says nothing of the
        // lab. Images are never collected from under a later pod.
        "evictionHard": {
            "imagefs.available": "0%", "nodefs.available": "0%",
            "nodefs.inodesFree": "0%", "imagefs.inodesFree": "0%", "memory.available": "0%",
        },
        "imageGCHighThresholdPercent": 100,
    })
}

/// What makes services reachable.
pub(super) fn proxy() -> io::Result<Component> {
    let file = data("kube-proxy.json");
    let config = serde_json::json!({
        "apiVersion": "kubeproxy.config.k8s.io/v1alpha1",
        "kind": "KubeProxyConfiguration",
        "mode": "iptables",
        // A new service answers at once, not within a second.
        "iptables": {"minSyncPeriod": "0s"},
        "clientConnection": {"kubeconfig": format!("{DATA}/pki/kube-proxy.conf")},
        "clusterCIDR": layout::PODS,
        // The connection table belongs to the whole kernel.
        "conntrack": {
            "maxPerCore": 0, "min": 0,
            "tcpEstablishedTimeout": "0s", "tcpCloseWaitTimeout": "0s",
        },
    });
    fs::write(&file, config.to_string())?;
    Ok(component(
        "kube-proxy",
        vec![format!("--config={}", file.display()), format!("--hostname-override={NODE}")],
    ))
}
