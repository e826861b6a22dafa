//! A docker-archive of one layer, written in one pass: the layer's size is
//! known only at its end, so its header is put in place then.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufWriter, Read as _, Seek as _, SeekFrom, Write};

use serde_json::json;
use sha2::{Digest, Sha256};

use super::recipe::Form;
use crate::digest::hex;

/// A tar is made of blocks of this many bytes.
const BLOCK: u64 = 512;
const LAYER: &str = "layer.tar";

/// The search path of an image that does not name its own.
const PATH: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/// An archive whose layer is being written.
pub(super) struct Archive {
    file: BufWriter<File>,
    hash: Sha256,
    size: u64,
}

impl Archive {
    /// Begins an archive in an empty file.
    pub(super) fn begin(file: File) -> io::Result<Self> {
        let mut file = BufWriter::with_capacity(1 << 18, file);
        io::copy(&mut io::repeat(0).take(BLOCK), &mut file)?;
        Ok(Self { file, hash: Sha256::new(), size: 0 })
    }

    /// Ends the layer, and writes the configuration and the manifest.
    pub(super) fn finish(mut self, form: &Form) -> io::Result<()> {
        let padding = self.size.next_multiple_of(BLOCK) - self.size;
        io::copy(&mut io::repeat(0).take(padding), &mut self.file)?;
        let config = config(form, &hex(&self.hash.finalize()));
        let config_name = format!("{}.json", hex(&Sha256::digest(&config)));
        let manifest = json!([{ "Config": config_name, "RepoTags": form.name, "Layers": [LAYER] }])
            .to_string();
        let mut rest = tar::Builder::new(&mut self.file);
        rest.append_data(&mut header(config.len() as u64), config_name, config.as_bytes())?;
        rest.append_data(&mut header(manifest.len() as u64), "manifest.json", manifest.as_bytes())?;
        rest.finish()?;
        drop(rest);
        let mut file = self.file.into_inner().map_err(io::IntoInnerError::into_error)?;
        let mut layer = header(self.size);
        layer.set_path(LAYER)?;
        layer.set_cksum();
        file.seek(SeekFrom::Start(0))?;
        file.write_all(layer.as_bytes())?;
        file.sync_all()
    }
}

/// What is written is the layer.
impl Write for Archive {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.hash.update(&bytes[..written]);
        self.size += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// The image's configuration, in the form of the OCI image specification.
fn config(form: &Form, layer: &str) -> String {
    let mut env = BTreeMap::from([("PATH", PATH)]);
    env.extend(form.env.iter().map(|(name, value)| (name.as_str(), value.as_str())));
    let env: Vec<_> = env.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let mut config = json!({ "Env": env });
    for (key, words) in [("Entrypoint", &form.entrypoint), ("Cmd", &form.command)] {
        if !words.is_empty() {
            config[key] = json!(words);
        }
    }
    for (key, value) in [("WorkingDir", &form.workdir), ("User", &form.user)] {
        if let Some(value) = value {
            config[key] = json!(value);
        }
    }
    json!({
        "created": "1970-01-01T00:00:00Z",
        "architecture": architecture(),
        "os": "linux",
        "config": config,
        "rootfs": { "type": "layers", "diff_ids": [format!("sha256:{layer}")] },
    })
    .to_string()
}

/// This machine's architecture, as images call it.
pub(super) fn architecture() -> &'static str {
    match std::env::consts::ARCH {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        "powerpc64" => "ppc64le",
        other => other,
    }
}

/// The header of a plain file, the same for the same size.
fn header(size: u64) -> tar::Header {
    let mut header = tar::Header::new_gnu();
    header.set_size(size);
    header.set_mode(0o644);
    header.set_mtime(0);
    header.set_uid(0);
    header.set_gid(0);
    header.set_cksum();
    header
}
