//! When a cluster is ready: the API server says so, the node is Ready, DNS
//! answers for `kubernetes.default`, the default service account and the
//! default storage class are there.

use std::future::Future;
use std::io;
use std::path::Path;
use std::pin::Pin;
use std::time::{Duration, Instant};

use futures::future::try_join_all;
use k8s_openapi::api::core::v1::{Node, ServiceAccount};
use kube::api::{Api, DynamicObject, Patch, PatchParams, PostParams};
use kube::config::{KubeConfigOptions, Kubeconfig};
use kube::core::{ApiResource, GroupVersionKind};
use kube::runtime::wait::await_condition;
use kube::{Client, Config};

use super::{dns, layout};

/// A condition of readiness.
pub(super) type Wait<'a> = Pin<Box<dyn Future<Output = io::Result<()>> + 'a>>;

/// What every cluster holds.
const BASE: &str = include_str!("../../../cluster/manifests/base.yaml");

/// How often a thing that tells nobody when it changes is asked again.
const PAUSE: Duration = Duration::from_millis(20);

/// How long the API server may take to know the range of service addresses; on
/// an idle machine it knows it before it has the namespaces.
const RANGE_PATIENCE: Duration = Duration::from_secs(20);

/// A client from a kubeconfig's file.
///
/// # Errors
/// The file cannot be read or is no kubeconfig.
pub(super) async fn client(kubeconfig: &Path) -> io::Result<Client> {
    let config = Kubeconfig::read_from(kubeconfig).map_err(io::Error::other)?;
    let config = Config::from_custom_kubeconfig(config, &KubeConfigOptions::default())
        .await
        .map_err(io::Error::other)?;
    Client::try_from(config).map_err(io::Error::other)
}

/// Waits until the API server has the namespaces that it makes itself: objects
/// can be made from then on.
pub(super) async fn namespaces(client: &Client) {
    answers(client, "/api/v1/namespaces/kube-system").await;
    answers(client, "/api/v1/namespaces/default").await;
}

/// Waits until the API server calls itself ready.
pub(super) async fn api_server(client: &Client) {
    answers(client, "/readyz").await;
}

async fn answers(client: &Client, path: &str) {
    while client.request_text(http_get(path)).await.is_err() {
        tokio::time::sleep(PAUSE).await;
    }
}

fn http_get(path: &str) -> http::Request<Vec<u8>> {
    http::Request::get(path).body(Vec::new()).expect("a constant path makes a request")
}

/// Makes the base objects.
///
/// # Errors
/// The API server refused one; the error names it.
pub(super) async fn create_base(client: &Client) -> io::Result<()> {
    let objects: Vec<DynamicObject> =
        serde_saphyr::from_multiple(BASE).map_err(io::Error::other)?;
    try_join_all(objects.iter().map(|object| create(client, object))).await?;
    Ok(())
}

async fn create(client: &Client, object: &DynamicObject) -> io::Result<()> {
    let types = object.types.clone().unwrap_or_default();
    let kind = GroupVersionKind::try_from(&types).map_err(io::Error::other)?;
    let resource = ApiResource::from_gvk(&kind);
    let api: Api<DynamicObject> = match &object.metadata.namespace {
        Some(namespace) => Api::namespaced_with(client.clone(), namespace, &resource),
        None => Api::all_with(client.clone(), &resource),
    };
    let deadline = Instant::now() + RANGE_PATIENCE;
    loop {
        let Err(error) = api.create(&PostParams::default(), object).await else { return Ok(()) };
        if !(is_without_range(&kind, &error) && Instant::now() < deadline) {
            let name = object.metadata.name.as_deref().unwrap_or_default();
            return Err(io::Error::other(format!("create {}/{name}: {error}", kind.kind)));
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// Whether a service was refused its address. The API server does so too as
/// long as its allocator has not heard of the range of addresses, which the
/// server makes itself after its start.
fn is_without_range(kind: &GroupVersionKind, error: &kube::Error) -> bool {
    let kube::Error::Api(status) = error else { return false };
    let causes = status.details.iter().flat_map(|details| &details.causes);
    kind.kind == "Service" && causes.into_iter().any(|cause| cause.field == "spec.clusterIPs")
}

/// Waits until the node is Ready, and gives it the role that labs see on a
/// cluster of one node. A kubelet may not give itself one.
pub(super) async fn node(client: &Client) -> io::Result<()> {
    let nodes: Api<Node> = Api::all(client.clone());
    await_condition(nodes.clone(), layout::NODE, |node: Option<&Node>| node.is_some())
        .await
        .map_err(io::Error::other)?;
    let role = serde_json::json!({
        "metadata": {"labels": {"node-role.kubernetes.io/control-plane": ""}}
    });
    nodes
        .patch(layout::NODE, &PatchParams::default(), &Patch::Merge(role))
        .await
        .map_err(io::Error::other)?;
    await_condition(nodes, layout::NODE, |node: Option<&Node>| {
        let conditions = node.and_then(|node| node.status.as_ref()?.conditions.as_ref());
        conditions
            .is_some_and(|all| all.iter().any(|one| one.type_ == "Ready" && one.status == "True"))
    })
    .await
    .map_err(io::Error::other)?;
    Ok(())
}

/// Waits until the namespace `default` has its service account: a pod that is
/// made earlier is refused.
pub(super) async fn service_account(client: &Client) -> io::Result<()> {
    let accounts: Api<ServiceAccount> = Api::namespaced(client.clone(), "default");
    await_condition(accounts, "default", |account: Option<&ServiceAccount>| account.is_some())
        .await
        .map_err(io::Error::other)?;
    Ok(())
}

/// Waits until the cluster's DNS answers under its service address.
pub(super) async fn dns() -> io::Result<()> {
    loop {
        let name = "kubernetes.default.svc.cluster.local";
        let patience = Duration::from_millis(200);
        if matches!(dns::resolves(layout::SERVICE_DNS, name, patience).await, Ok(true)) {
            return Ok(());
        }
        tokio::time::sleep(PAUSE).await;
    }
}
