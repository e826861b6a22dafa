//! The certificates of one cluster, made in this process, and the kubeconfigs
//! that carry them.

use std::fs;
use std::io;
use std::net::Ipv4Addr;
use std::path::Path;

use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose,
};

use super::layout::{self, API_PORT, SERVICE_API};

/// How long a certificate is good for: clusters are thrown away, but one that
/// is kept must not end by its calendar.
const DAYS: i64 = 3650;

/// Clients of the API server: the name of the kubeconfig, the user and the group.
const CLIENTS: &[(&str, &str, &str)] = &[
    ("admin", "kubernetes-admin", "system:masters"),
    ("kube-controller-manager", "system:kube-controller-manager", "system:authenticated"),
    ("kube-scheduler", "system:kube-scheduler", "system:authenticated"),
    ("kube-proxy", "system:kube-proxy", "system:authenticated"),
    ("kubelet", "system:node:labbook", "system:nodes"),
];

/// Writes every key, certificate and kubeconfig of a cluster to `directory`.
/// `address` is where the API server is reached; `context` names it in the
/// kubeconfigs.
///
/// # Errors
/// A file could not be written, or the system has no randomness.
pub(super) fn write(directory: &Path, address: Ipv4Addr, context: &str) -> io::Result<()> {
    let authority = Authority::new().map_err(io::Error::other)?;
    fs::create_dir_all(directory)?;
    fs::write(directory.join("ca.crt"), &authority.certificate)?;
    secret(&directory.join("ca.key"), &authority.issuer.key().serialize_pem())?;

    let service_accounts = KeyPair::generate().map_err(io::Error::other)?;
    secret(&directory.join("sa.key"), &service_accounts.serialize_pem())?;
    fs::write(directory.join("sa.pub"), service_accounts.public_key_pem())?;

    let names = [
        "kubernetes",
        "kubernetes.default",
        "kubernetes.default.svc",
        "kubernetes.default.svc.cluster.local",
        "localhost",
        layout::NODE,
    ]
    .map(str::to_owned)
    .into_iter()
    .chain([address, SERVICE_API, Ipv4Addr::LOCALHOST].map(|ip| ip.to_string()))
    .collect();
    authority.issue("kube-apiserver", "kubernetes", names)?.write(directory, "apiserver")?;
    authority
        .issue("kube-apiserver-kubelet-client", "system:masters", Vec::new())?
        .write(directory, "apiserver-kubelet-client")?;
    let node = vec![layout::NODE.to_owned(), address.to_string()];
    authority.issue(layout::NODE, "system:nodes", node)?.write(directory, "kubelet-server")?;

    for (name, user, group) in CLIENTS {
        let pair = authority.issue(user, group, Vec::new())?;
        // Components stand beside the API server; people and labs do not.
        let host = if *name == "admin" { address } else { Ipv4Addr::LOCALHOST };
        let text = kubeconfig(&authority.certificate, &pair, host, context);
        secret(&directory.join(format!("{name}.conf")), &text)?;
    }
    Ok(())
}

struct Authority {
    issuer: Issuer<'static, KeyPair>,
    certificate: String,
}

struct Pair {
    certificate: String,
    key: String,
}

impl Authority {
    fn new() -> Result<Self, rcgen::Error> {
        let mut params = params("labbook", None, Vec::new())?;
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![
            KeyUsagePurpose::KeyCertSign,
            KeyUsagePurpose::CrlSign,
            KeyUsagePurpose::DigitalSignature,
        ];
        let key = KeyPair::generate()?;
        let certificate = params.self_signed(&key)?.pem();
        Ok(Self { issuer: Issuer::new(params, key), certificate })
    }

    fn issue(&self, user: &str, group: &str, names: Vec<String>) -> io::Result<Pair> {
        let issue = || -> Result<Pair, rcgen::Error> {
            let mut params = params(user, Some(group), names)?;
            params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
            params.extended_key_usages =
                vec![ExtendedKeyUsagePurpose::ServerAuth, ExtendedKeyUsagePurpose::ClientAuth];
            let key = KeyPair::generate()?;
            let certificate = params.signed_by(&key, &self.issuer)?.pem();
            Ok(Pair { certificate, key: key.serialize_pem() })
        };
        issue().map_err(io::Error::other)
    }
}

impl Pair {
    fn write(&self, directory: &Path, name: &str) -> io::Result<()> {
        fs::write(directory.join(format!("{name}.crt")), &self.certificate)?;
        secret(&directory.join(format!("{name}.key")), &self.key)
    }
}

fn params(
    user: &str,
    group: Option<&str>,
    names: Vec<String>,
) -> Result<CertificateParams, rcgen::Error> {
    let mut params = CertificateParams::new(names)?;
    params.distinguished_name = rcgen::DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, user);
    if let Some(group) = group {
        params.distinguished_name.push(DnType::OrganizationName, group);
    }
    // An hour back, for the clock of whoever looks at it from elsewhere.
    let now = time::OffsetDateTime::now_utc();
    params.not_before = now - time::Duration::hours(1);
    params.not_after = now + time::Duration::days(DAYS);
    Ok(params)
}

fn kubeconfig(authority: &str, pair: &Pair, host: Ipv4Addr, context: &str) -> String {
    use base64::Engine as _;
    let base64 = |text: &str| base64::engine::general_purpose::STANDARD.encode(text);
    let config = serde_json::json!({
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": context, "cluster": {
            "server": format!("https://{host}:{API_PORT}"),
            "certificate-authority-data": base64(authority),
        }}],
        "users": [{"name": context, "user": {
            "client-certificate-data": base64(&pair.certificate),
            "client-key-data": base64(&pair.key),
        }}],
        "contexts": [{"name": context, "context": {"cluster": context, "user": context}}],
        "current-context": context,
    });
    // JSON is YAML, which is what a kubeconfig is.
    format!("{config:#}\n")
}

/// Writes a file that only its owner may read.
fn secret(path: &Path, text: &str) -> io::Result<()> {
    use std::io::Write as _;
    use std::os::unix::fs::OpenOptionsExt as _;
    fs::OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(path)?
        .write_all(text.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cluster_has_its_own_authority_and_kubeconfigs_that_parse() {
        let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        for directory in [&one, &two] {
            write(directory.path(), Ipv4Addr::new(10, 213, 0, 2), "labbook-x").unwrap();
        }
        let read = |directory: &tempfile::TempDir, file: &str| {
            fs::read_to_string(directory.path().join(file)).unwrap()
        };
        assert_ne!(read(&one, "ca.crt"), read(&two, "ca.crt"));
        for (name, ..) in CLIENTS {
            let config: kube::config::Kubeconfig =
                serde_json::from_str(&read(&one, &format!("{name}.conf"))).unwrap();
            assert_eq!(config.current_context.as_deref(), Some("labbook-x"));
        }
    }
}
