//! What the cluster says of the lab's objects, and when that has changed.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::{self, Debug};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures::{StreamExt as _, future};
use k8s_openapi::NamespaceResourceScope;
use k8s_openapi::api::core::v1::{PersistentVolumeClaim, Pod, PodSpec, Service};
use k8s_openapi::api::discovery::v1::EndpointSlice;
use kube::api::{Api, ListParams, PartialObjectMeta};
use kube::runtime::watcher::{Config, Event};
use kube::runtime::{WatchStreamExt as _, watcher};
use kube::{Client, Resource, ResourceExt as _};
use serde::de::DeserializeOwned;
use tokio::sync::Notify;
use tokio::task::JoinSet;

use crate::record::{ClaimFact, Facts, PodFact, ServiceFact};

/// Namespaces of the cluster itself: what happens there is not the lab's.
const SYSTEM: [&str; 3] = ["kube-system", "kube-public", "kube-node-lease"];

/// The label by which an endpoint slice names its service.
const SERVICE_NAME: &str = "kubernetes.io/service-name";

/// How long the cluster may take to answer.
const PATIENCE: Duration = Duration::from_secs(5);

/// The cluster could not say what is.
#[derive(Debug, thiserror::Error)]
#[error("ask the cluster for its {kind}: {why}")]
pub struct ObserverError {
    kind: &'static str,
    why: Why,
}

/// What came instead of an answer.
#[derive(Debug, thiserror::Error)]
enum Why {
    #[error(transparent)]
    Error(Box<kube::Error>),
    #[error("it did not answer within {} s", PATIENCE.as_secs())]
    Silence,
}

/// Asks the cluster for facts and hears of changes.
pub struct Observer {
    client: Client,
    changes: Arc<Notify>,
    images: Images,
    /// Ended when the observer is dropped.
    _watches: JoinSet<()>,
}

impl Observer {
    /// Starts to watch the cluster. Must be called within a tokio runtime.
    pub fn new(client: Client) -> Self {
        let changes = Arc::new(Notify::new());
        let images = Images::default();
        let mut watches = JoinSet::new();
        let seen = images.clone();
        let note = move |pod: &Pod| seen.note(&images_of(pod));
        watches.spawn(watch(client.clone(), Arc::clone(&changes), note));
        let nothing = |_: &PartialObjectMeta<PersistentVolumeClaim>| ();
        watches.spawn(watch(client.clone(), Arc::clone(&changes), nothing));
        let nothing = |_: &PartialObjectMeta<EndpointSlice>| ();
        watches.spawn(watch(client.clone(), Arc::clone(&changes), nothing));
        Self { client, changes, images, _watches: watches }
    }

    /// What the cluster says now of the pods, claims and services of all
    /// namespaces but its own. Where it lets the user see only one namespace,
    /// the one of the context, these are the objects of that; what it does not
    /// let the user see at all, is not there.
    ///
    /// # Errors
    /// It says something else, or nothing for some seconds.
    pub async fn facts(&self) -> Result<Facts, ObserverError> {
        let (pods, claims, services, slices) = future::try_join4(
            list::<Pod>(&self.client, "pods"),
            list::<PersistentVolumeClaim>(&self.client, "claims"),
            list::<Service>(&self.client, "services"),
            list::<EndpointSlice>(&self.client, "endpoint slices"),
        )
        .await?;
        let mut addresses = addresses(&slices);
        let pods: Vec<_> = pods.iter().map(pod).collect();
        for pod in &pods {
            self.images.note(&pod.images);
        }
        Ok(Facts {
            pods,
            claims: claims.iter().map(claim).collect(),
            services: services.iter().map(|each| service(each, &mut addresses)).collect(),
        })
    }

    /// The images that pods asked for since this observes, those of pods that
    /// are gone again included; sorted, and as the pods write them.
    pub fn images(&self) -> Vec<String> {
        let seen = self.images.0.lock().unwrap_or_else(PoisonError::into_inner);
        seen.iter().cloned().collect()
    }

    /// Returns once a pod, claim or endpoint has changed since this was last
    /// asked; at once where one has already.
    pub async fn changed(&self) {
        self.changes.notified().await;
    }
}

impl fmt::Debug for Observer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Observer").finish_non_exhaustive()
    }
}

/// Images that pods were seen to ask for.
#[derive(Clone, Default)]
struct Images(Arc<Mutex<BTreeSet<String>>>);

impl Images {
    fn note(&self, images: &[String]) {
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        seen.extend(images.iter().cloned());
    }
}

/// Reports each change of a kind for as long as it is not aborted, and each
/// object to `note`. The watcher backs off and starts again by itself when the
/// connection is lost.
async fn watch<K>(client: Client, changes: Arc<Notify>, note: impl Fn(&K))
where
    K: Resource<DynamicType = (), Scope = NamespaceResourceScope>,
    K: Clone + Debug + DeserializeOwned + Send + 'static,
{
    let events = watcher(Api::<K>::all(client.clone()), Config::default()).default_backoff();
    let mut events = events.boxed();
    let mut everywhere = true;
    while let Some(event) = events.next().await {
        let relevant = match event {
            Ok(Event::Apply(object) | Event::Delete(object)) => {
                let own = !is_system(object.namespace().as_deref());
                if own {
                    note(&object);
                }
                own
            }
            Ok(Event::InitApply(object)) => {
                if !is_system(object.namespace().as_deref()) {
                    note(&object);
                }
                false
            }
            // A new list: what changed since the old one is unknown.
            Ok(Event::InitDone) => true,
            Err(
                watcher::Error::InitialListFailed(error)
                | watcher::Error::WatchStartFailed(error)
                | watcher::Error::WatchFailed(error),
            ) if everywhere && is_forbidden(&error) => {
                let api = Api::<K>::default_namespaced(client.clone());
                events = watcher(api, Config::default()).default_backoff().boxed();
                everywhere = false;
                false
            }
            Ok(Event::Init) | Err(_) => false,
        };
        if relevant {
            changes.notify_one();
        }
    }
}

/// The objects of a kind that are the lab's, as far as they may be seen.
async fn list<K>(client: &Client, kind: &'static str) -> Result<Vec<K>, ObserverError>
where
    K: Resource<DynamicType = (), Scope = NamespaceResourceScope>,
    K: Clone + Debug + DeserializeOwned,
{
    let error = |why| ObserverError { kind, why };
    let listed = tokio::time::timeout(PATIENCE, list_visible::<K>(client));
    let objects = listed
        .await
        .map_err(|_| error(Why::Silence))?
        .map_err(|source| error(Why::Error(Box::new(source))))?;
    let own = |object: &K| !is_system(object.meta().namespace.as_deref());
    Ok(objects.into_iter().filter(own).collect())
}

/// The objects of all namespaces, or of the context's where only that may be
/// seen, or none.
async fn list_visible<K>(client: &Client) -> kube::Result<Vec<K>>
where
    K: Resource<DynamicType = (), Scope = NamespaceResourceScope>,
    K: Clone + Debug + DeserializeOwned,
{
    for api in [Api::<K>::all(client.clone()), Api::default_namespaced(client.clone())] {
        match api.list(&ListParams::default()).await {
            Err(error) if is_forbidden(&error) => {}
            listed => return listed.map(|list| list.items),
        }
    }
    Ok(Vec::new())
}

fn is_forbidden(error: &kube::Error) -> bool {
    matches!(error, kube::Error::Api(status) if status.is_forbidden())
}

fn is_system(namespace: Option<&str>) -> bool {
    namespace.is_some_and(|namespace| SYSTEM.contains(&namespace))
}

fn pod(pod: &Pod) -> PodFact {
    let spec = pod.spec.as_ref();
    let status = pod.status.as_ref();
    let ready = status
        .and_then(|status| status.conditions.as_ref())
        .and_then(|conditions| conditions.iter().find(|each| each.type_ == "Ready"));
    let containers = status.and_then(|status| status.container_statuses.as_ref());
    let restarts: i32 = containers.into_iter().flatten().map(|each| each.restart_count).sum();
    PodFact {
        namespace: pod.namespace().unwrap_or_default(),
        name: pod.name_any(),
        uid: pod.uid().unwrap_or_default(),
        ip: status.and_then(|status| status.pod_ip.clone()),
        hostname: spec.and_then(|spec| spec.hostname.clone()),
        subdomain: spec.and_then(|spec| spec.subdomain.clone()),
        ready: ready.is_some_and(|condition| condition.status == "True"),
        ready_since: ready
            .and_then(|condition| condition.last_transition_time.as_ref())
            .map(|time| time.0.to_string()),
        restarts: u32::try_from(restarts).unwrap_or(0),
        terminating: pod.metadata.deletion_timestamp.is_some(),
        images: images_of(pod),
    }
}

/// The images that a pod's containers ask for, of whatever kind they are.
fn images_of(pod: &Pod) -> Vec<String> {
    let of = |spec: &PodSpec| -> BTreeSet<String> {
        let init = spec.init_containers.iter().flatten();
        let containers = init.chain(&spec.containers).filter_map(|each| each.image.clone());
        let ephemeral = spec.ephemeral_containers.iter().flatten();
        containers.chain(ephemeral.filter_map(|each| each.image.clone())).collect()
    };
    pod.spec.as_ref().map(of).unwrap_or_default().into_iter().collect()
}

fn claim(claim: &PersistentVolumeClaim) -> ClaimFact {
    let phase = claim.status.as_ref().and_then(|status| status.phase.clone());
    ClaimFact {
        namespace: claim.namespace().unwrap_or_default(),
        name: claim.name_any(),
        uid: claim.uid().unwrap_or_default(),
        phase: phase.unwrap_or_default(),
        volume: claim.spec.as_ref().and_then(|spec| spec.volume_name.clone()),
    }
}

/// Namespace and name of a service.
type ServiceKey = (String, String);

/// The ready addresses of each service, sorted. A service may have several
/// slices, and a slice under construction repeats an address of another.
fn addresses(slices: &[EndpointSlice]) -> BTreeMap<ServiceKey, Vec<String>> {
    let mut found: BTreeMap<ServiceKey, Vec<String>> = BTreeMap::new();
    for slice in slices {
        let Some(service) = slice.labels().get(SERVICE_NAME) else {
            continue;
        };
        let key = (slice.namespace().unwrap_or_default(), service.clone());
        for endpoint in slice.endpoints.iter().flatten() {
            // An endpoint that does not say is ready (the API's documentation
            // of EndpointConditions).
            let conditions = endpoint.conditions.as_ref();
            if conditions.and_then(|conditions| conditions.ready).unwrap_or(true) {
                found.entry(key.clone()).or_default().extend(endpoint.addresses.iter().cloned());
            }
        }
    }
    for addresses in found.values_mut() {
        addresses.sort();
        addresses.dedup();
    }
    found
}

fn service(service: &Service, addresses: &mut BTreeMap<ServiceKey, Vec<String>>) -> ServiceFact {
    let key = (service.namespace().unwrap_or_default(), service.name_any());
    let address = service.spec.as_ref().and_then(|spec| spec.cluster_ip.clone());
    let endpoints = addresses.remove(&key).unwrap_or_default();
    let (namespace, name) = key;
    ServiceFact {
        namespace,
        name,
        // The API writes `None` for headless and nothing for external names.
        cluster_ip: address.filter(|address| address != "None" && !address.is_empty()),
        endpoints,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from_json<K: DeserializeOwned>(json: &str) -> K {
        serde_json::from_str(json).expect("it is an object of its kind")
    }

    #[test]
    fn a_pods_facts_are_those_of_its_status() {
        let full = pod(&from_json(
            r#"{"metadata": {"namespace": "n", "name": "p-0", "uid": "u",
                  "deletionTimestamp": "2026-11-01T10:00:00Z"},
                "spec": {"hostname": "p-0", "subdomain": "s",
                  "initContainers": [{"name": "i", "image": "busybox:1.36"}],
                  "containers": [{"name": "a", "image": "app:1"}, {"name": "b", "image": "app:1"}],
                  "ephemeralContainers": [{"name": "e", "image": "tools"}]},
                "status": {"podIP": "10.0.0.4",
                  "conditions": [{"type": "Initialized", "status": "True"},
                    {"type": "Ready", "status": "True", "lastTransitionTime": "2026-11-01T09:00:00Z"}],
                  "containerStatuses": [
                    {"name": "a", "restartCount": 2, "image": "", "imageID": "", "ready": true},
                    {"name": "b", "restartCount": 1, "image": "", "imageID": "", "ready": true}]}}"#,
        ));
        assert_eq!(
            full,
            PodFact {
                namespace: "n".to_owned(),
                name: "p-0".to_owned(),
                uid: "u".to_owned(),
                ip: Some("10.0.0.4".to_owned()),
                hostname: Some("p-0".to_owned()),
                subdomain: Some("s".to_owned()),
                ready: true,
                ready_since: Some("2026-11-01T09:00:00Z".to_owned()),
                restarts: 3,
                terminating: true,
                images: vec!["app:1".to_owned(), "busybox:1.36".to_owned(), "tools".to_owned()],
            }
        );
        let new = pod(&from_json(r#"{"metadata": {"namespace": "n", "name": "p"}}"#));
        assert!(!new.ready && new.ip.is_none() && new.restarts == 0 && !new.terminating);
    }

    #[test]
    fn a_service_has_the_ready_addresses_of_all_its_slices() {
        let slice = |endpoints: &str| {
            from_json(&format!(
                r#"{{"metadata": {{"namespace": "n", "name": "x",
                      "labels": {{"kubernetes.io/service-name": "s"}}}},
                    "addressType": "IPv4", "endpoints": {endpoints}}}"#
            ))
        };
        let mut addresses = addresses(&[
            slice(
                r#"[{"addresses": ["10.0.0.3"], "conditions": {"ready": true}},
                    {"addresses": ["10.0.0.9"], "conditions": {"ready": false}}]"#,
            ),
            slice(r#"[{"addresses": ["10.0.0.2"]}, {"addresses": ["10.0.0.3"]}]"#),
            slice("[]"),
        ]);
        let json =
            r#"{"metadata": {"namespace": "n", "name": "s"}, "spec": {"clusterIP": "None"}}"#;
        let service = service(&from_json(json), &mut addresses);
        assert_eq!(service.endpoints, ["10.0.0.2", "10.0.0.3"]);
        assert_eq!(service.cluster_ip, None);
    }

    #[test]
    fn a_claim_has_a_volume_once_it_is_bound() {
        let json = r#"{"metadata": {"namespace": "n", "name": "c", "uid": "u"},
            "spec": {"volumeName": "pvc-1"}, "status": {"phase": "Bound"}}"#;
        let bound = claim(&from_json(json));
        assert_eq!((bound.phase.as_str(), bound.volume.as_deref()), ("Bound", Some("pvc-1")));
        assert!(!is_system(Some("default")) && is_system(Some("kube-system")));
    }
}
