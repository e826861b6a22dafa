//! As much of an API server as an observer asks for: lists of what a test says,
//! and watches that tell what a test sends.

use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// Gives the pods for the n-th time that they are listed, counted from 1, as
/// the items of a JSON list.
type Pods = Arc<Mutex<dyn FnMut(usize) -> String + Send>>;

/// A server that ends with the test's runtime.
pub(crate) struct Api {
    pub(crate) client: kube::Client,
    events: watch::Sender<String>,
}

impl Api {
    pub(crate) async fn start(pods: impl FnMut(usize) -> String + Send + 'static) -> Self {
        Self::start_for(|_| true, pods).await
    }

    /// A server that forbids what is asked of a path that `allowed` says no to.
    pub(crate) async fn start_for(
        allowed: fn(&str) -> bool,
        pods: impl FnMut(usize) -> String + Send + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("it is bound");
        let (events, heard) = watch::channel(String::new());
        let pods: Pods = Arc::new(Mutex::new(pods));
        let listed = Arc::new(Mutex::new(0));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(
                    stream,
                    allowed,
                    Arc::clone(&pods),
                    Arc::clone(&listed),
                    heard.clone(),
                ));
            }
        });
        let uri = format!("http://{address}").parse().expect("it is a URI");
        let client = kube::Client::try_from(kube::Config::new(uri)).expect("it needs no TLS");
        Self { client, events }
    }

    /// Tells all that watch of a change to a pod, once they watch.
    pub(crate) fn pod_changed(&self, namespace: &str, version: u32) {
        let event = format!(
            r#"{{"type": "MODIFIED", "object": {{"apiVersion": "v1",
                "kind": "Pod", "metadata": {{"name": "p",
                "namespace": "{namespace}", "resourceVersion": "{version}"}},
                "spec": {{"containers": [{{"name": "c", "image": "{namespace}:1"}}]}}}}}}"#
        );
        self.events.send_replace(event.replace('\n', " ") + "\n");
    }
}

async fn serve(
    mut stream: TcpStream,
    allowed: fn(&str) -> bool,
    pods: Pods,
    listed: Arc<Mutex<usize>>,
    mut events: watch::Receiver<String>,
) -> std::io::Result<()> {
    let mut request = Vec::new();
    loop {
        while !request.ends_with(b"\r\n\r\n") {
            request.push(stream.read_u8().await?);
        }
        let head = String::from_utf8_lossy(&request).to_ascii_lowercase();
        let path = head.split(' ').nth(1).unwrap_or_default().to_owned();
        request.clear();
        if !allowed(&path) {
            let body = r#"{"apiVersion": "v1", "kind": "Status", "status": "Failure",
                "message": "not yours", "reason": "Forbidden", "code": 403}"#;
            answer(&mut stream, "403 Forbidden", body).await?;
            continue;
        }
        if path.contains("watch=true") {
            let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\
                        Transfer-Encoding: chunked\r\n\r\n";
            stream.write_all(head.as_bytes()).await?;
            loop {
                let event = events.borrow_and_update().clone();
                if !event.is_empty() && path.contains("/pods") {
                    stream
                        .write_all(format!("{:x}\r\n{event}\r\n", event.len()).as_bytes())
                        .await?;
                }
                if events.changed().await.is_err() {
                    return Ok(());
                }
            }
        }
        let metadata = head.contains("as=partialobjectmetadatalist");
        // A watcher's first list comes in pages; it is not one that was asked for.
        let first = path.contains("limit=");
        let items = if path.contains("/pods") && !first {
            let mut listed = listed.lock().expect("no test panics here");
            *listed += 1;
            pods.lock().expect("no test panics here")(*listed)
        } else {
            String::new()
        };
        let kind = match path.rsplit('/').next().unwrap_or_default() {
            _ if metadata => ("meta.k8s.io/v1", "PartialObjectMetadataList"),
            name if name.starts_with("pods") => ("v1", "PodList"),
            name if name.starts_with("services") => ("v1", "ServiceList"),
            name if name.starts_with("endpointslices") => {
                ("discovery.k8s.io/v1", "EndpointSliceList")
            }
            _ => ("v1", "PersistentVolumeClaimList"),
        };
        let body = format!(
            r#"{{"apiVersion": "{}", "kind": "{}", "metadata": {{"resourceVersion": "1"}}, "items": [{items}]}}"#,
            kind.0, kind.1
        );
        answer(&mut stream, "200 OK", &body).await?;
    }
}

async fn answer(stream: &mut TcpStream, status: &str, body: &str) -> std::io::Result<()> {
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all((head + body).as_bytes()).await
}

/// A client of a server that takes connections and never answers. The server
/// ends with what is returned beside it.
pub(crate) async fn silent() -> (kube::Client, TcpListener) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("it is bound");
    let uri = format!("http://{address}").parse().expect("it is a URI");
    (kube::Client::try_from(kube::Config::new(uri)).expect("it needs no TLS"), listener)
}

/// A pod named `app-0` that has been ready since `since`.
pub(crate) fn ready_pod(since: &str, restarts: usize) -> String {
    format!(
        r#"{{"metadata": {{"name": "app-0", "namespace": "default", "uid": "u"}},
            "spec": {{"containers": [{{"name": "a", "image": "app:1"}}]}},
            "status": {{"podIP": "10.0.0.4",
              "conditions": [{{"type": "Ready", "status": "True", "lastTransitionTime": "{since}"}}],
              "containerStatuses": [{{"name": "a", "restartCount": {restarts}, "image": "",
                "imageID": "", "ready": true}}]}}}}"#
    )
}
