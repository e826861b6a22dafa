//! A registry of a test's own, on this machine: as much of the OCI distribution
//! API as pulling one image takes.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use sha2::{Digest as _, Sha256};

const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
const CONFIG: &str = "application/vnd.oci.image.config.v1+json";
const LAYER: &str = "application/vnd.oci.image.layer.v1.tar";

/// What is served: by its path, a type and bytes.
type Contents = BTreeMap<String, (&'static str, Vec<u8>)>;

/// A registry that ends with the test.
pub(crate) struct Registry {
    asked: Arc<Mutex<Vec<String>>>,
}

impl Registry {
    /// Serves the image `tools:1`, whose only file is `file`, at `listener`.
    pub(crate) fn start(listener: TcpListener, file: &str) -> Self {
        let contents = Arc::new(image(file));
        let asked = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&asked);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (contents, log) = (Arc::clone(&contents), Arc::clone(&log));
                // A client that goes away is served no further.
                thread::spawn(move || serve(&stream, &contents, &log).ok());
            }
        });
        Self { asked }
    }

    /// The paths that were asked for since this was last asked.
    pub(crate) fn asked(&self) -> Vec<String> {
        std::mem::take(&mut *self.asked.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

fn image(file: &str) -> Contents {
    let mut layer = tar::Builder::new(Vec::new());
    let mut header = tar::Header::new_gnu();
    header.set_size(0);
    header.set_mode(0o644);
    layer.append_data(&mut header, file, std::io::empty()).expect("memory takes it");
    let layer = layer.into_inner().expect("memory takes it");
    let architecture = if cfg!(target_arch = "aarch64") { "arm64" } else { "amd64" };
    let config = serde_json::json!({
        "architecture": architecture, "os": "linux", "config": {},
        "rootfs": {"type": "layers", "diff_ids": [digest(&layer)]},
    });
    let config = config.to_string().into_bytes();
    let about = |kind: &str, bytes: &[u8]| serde_json::json!({"mediaType": kind, "digest": digest(bytes), "size": bytes.len()});
    let manifest = serde_json::json!({
        "schemaVersion": 2, "mediaType": MANIFEST,
        "config": about(CONFIG, &config), "layers": [about(LAYER, &layer)],
    });
    let manifest = manifest.to_string().into_bytes();
    let blob = |bytes: &[u8]| format!("/v2/tools/blobs/{}", digest(bytes));
    Contents::from([
        ("/v2/".to_owned(), ("application/json", b"{}".to_vec())),
        (blob(&config), (CONFIG, config)),
        (blob(&layer), (LAYER, layer)),
        (format!("/v2/tools/manifests/{}", digest(&manifest)), (MANIFEST, manifest.clone())),
        ("/v2/tools/manifests/1".to_owned(), (MANIFEST, manifest)),
    ])
}

fn digest(bytes: &[u8]) -> String {
    let hash = Sha256::digest(bytes);
    hash.iter().fold("sha256:".to_owned(), |text, byte| text + &format!("{byte:02x}"))
}

fn serve(
    mut stream: &TcpStream,
    contents: &Contents,
    log: &Mutex<Vec<String>>,
) -> std::io::Result<()> {
    let mut lines = BufReader::new(stream).lines();
    let request = lines.next().transpose()?.unwrap_or_default();
    for line in &mut lines {
        if line?.is_empty() {
            break;
        }
    }
    let mut words = request.split(' ');
    let (method, path) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    // Of a query only the path counts.
    let path = path.split('?').next().unwrap_or_default();
    log.lock().unwrap_or_else(PoisonError::into_inner).push(path.to_owned());
    let Some((kind, bytes)) = contents.get(path) else {
        let head = "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
        return stream.write_all(head.as_bytes());
    };
    let head = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {}\r\n\
         Docker-Content-Digest: {}\r\nConnection: close\r\n\r\n",
        bytes.len(),
        digest(bytes)
    );
    stream.write_all(head.as_bytes())?;
    if method == "HEAD" { Ok(()) } else { stream.write_all(bytes) }
}
