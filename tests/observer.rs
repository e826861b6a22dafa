//! What a lab's observer makes of an API server's answers.

use std::time::Duration;

use labbook::cluster::Observer;

use crate::api::{self, Api, ready_pod};

#[tokio::test]
async fn facts_are_what_the_server_lists() {
    let api = Api::start(|_| {
        let system = ready_pod("2026-11-01T10:00:00Z", 0).replace("\"default\"", "\"kube-system\"");
        ready_pod("2026-11-01T10:00:00Z", 2) + "," + &system
    })
    .await;
    let facts = Observer::new(api.client.clone()).facts().await.expect("it answers");
    assert_eq!(facts.pods.len(), 1);
    let pod = &facts.pods[0];
    assert_eq!((pod.name.as_str(), pod.restarts, pod.ready), ("app-0", 2, true));
    assert_eq!(pod.ready_since.as_deref(), Some("2026-11-01T10:00:00Z"));
}

#[tokio::test]
async fn a_change_is_heard_once_and_the_clusters_own_are_not() {
    let api = Api::start(|_| String::new()).await;
    let observer = Observer::new(api.client.clone());
    let soon = Duration::from_secs(30);
    // The first lists, one a kind, are news too: until those have come.
    api.pod_changed("default", 2);
    tokio::time::timeout(soon, observer.changed()).await.expect("a change is heard");
    while tokio::time::timeout(Duration::from_millis(500), observer.changed()).await.is_ok() {}

    api.pod_changed("kube-system", 3);
    let own = tokio::time::timeout(Duration::from_millis(300), observer.changed()).await;
    assert!(own.is_err(), "the cluster's own pods are not the lab's");
    api.pod_changed("default", 4);
    tokio::time::timeout(soon, observer.changed()).await.expect("a change is heard");
    assert_eq!(observer.images(), ["default:1"], "what its pods ask for is not the lab's");
}

#[tokio::test]
async fn a_server_that_is_gone_is_an_error_with_what_was_asked() {
    let uri = "http://127.0.0.1:1".parse().expect("it is a URI");
    let client = kube::Client::try_from(kube::Config::new(uri)).expect("it needs no TLS");
    let error = Observer::new(client).facts().await.expect_err("nobody listens there");
    assert!(error.to_string().starts_with("ask the cluster for its "), "{error}");
}

#[tokio::test]
async fn a_user_of_one_namespace_sees_what_is_in_that() {
    let mine = |path: &str| path.contains("/namespaces/default/pods");
    let api = Api::start_for(mine, |_| ready_pod("2026-11-01T10:00:00Z", 0)).await;
    let observer = Observer::new(api.client.clone());
    let facts = observer.facts().await.expect("a refusal is an answer");
    assert_eq!(facts.pods.len(), 1);
    assert!(facts.claims.is_empty() && facts.services.is_empty());
    api.pod_changed("default", 2);
    let heard = async {
        while !observer.images().contains(&"default:1".to_owned()) {
            observer.changed().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), heard).await.expect("a change is heard");
}

#[tokio::test]
async fn a_server_that_does_not_answer_is_an_error_after_some_seconds() {
    let (client, _listener) = api::silent().await;
    let error = Observer::new(client).facts().await.expect_err("nobody answers");
    assert!(error.to_string().ends_with(": it did not answer within 5 s"), "{error}");
}
