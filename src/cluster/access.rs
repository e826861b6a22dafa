//! A cluster that a lab runs on, wherever it came from: how to reach it, and
//! what the record says of it.

use std::io;
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};

use kube::config::{KubeConfigOptions, Kubeconfig, KubeconfigError};
use kube::{Client, Config};

use super::embedded::{Embedded, Running};
use crate::record::ClusterFact;

/// How to reach one cluster, and nothing else.
#[derive(Clone)]
pub struct Access {
    /// What the record says of it.
    pub fact: ClusterFact,
    /// A kubeconfig that holds only this cluster's context, as JSON (which is
    /// YAML).
    pub kubeconfig: String,
    /// The network in which the lab's shell stands; none for the host's.
    pub network: Option<Network>,
    /// A client of its API server.
    pub client: Client,
}

/// The network of a cluster that is on this host.
#[derive(Debug, Clone)]
pub struct Network {
    /// Its namespace, as a file.
    pub namespace: PathBuf,
    /// Where names are resolved in it.
    pub name_server: Ipv4Addr,
}

/// A cluster could not be reached.
#[derive(Debug, thiserror::Error)]
pub enum AccessError {
    /// A file that makes up the kubeconfig cannot be read.
    #[error(
        "cannot read the kubeconfig {}: {source}; set KUBECONFIG to the file that has the context",
        path.display()
    )]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// A kubeconfig cannot be used.
    #[error("failed to read the kubeconfig {place}: {source}")]
    Kubeconfig {
        /// Where it is.
        place: String,
        /// What is wrong with it.
        source: KubeconfigError,
    },
    /// The kubeconfig has no such context.
    #[error("no context is called {name:?} in {place}: there {}", there(known))]
    Context {
        /// What was asked for.
        name: String,
        /// Where it was looked for.
        place: String,
        /// The contexts that there are.
        known: Vec<String>,
    },
    /// The API server does not answer as one.
    #[error("failed to reach the cluster of the context {context:?}: {source}")]
    Unreachable {
        /// The context.
        context: String,
        /// What went wrong.
        source: Box<kube::Error>,
    },
}

fn there(known: &[String]) -> String {
    match known {
        [] => "are none".to_owned(),
        [one] => format!("is {one:?}"),
        several => {
            let names: Vec<_> = several.iter().map(|name| format!("{name:?}")).collect();
            format!("are {}", names.join(", "))
        }
    }
}

impl Access {
    /// The way to a fresh embedded cluster.
    ///
    /// # Errors
    /// Its API server does not answer.
    pub async fn embedded(cluster: &Embedded) -> Result<Self, AccessError> {
        let network = Network { namespace: cluster.network(), name_server: cluster.name_server() };
        Self::of_file(&cluster.kubeconfig(), Some(network)).await
    }

    /// The way to an embedded cluster that is kept up.
    ///
    /// # Errors
    /// Its API server does not answer.
    pub async fn running(cluster: &Running) -> Result<Self, AccessError> {
        let network = cluster
            .network()
            .map(|namespace| Network { namespace, name_server: cluster.name_server });
        Self::of_file(&cluster.kubeconfig, network).await
    }

    async fn of_file(path: &Path, network: Option<Network>) -> Result<Self, AccessError> {
        let place = path.display().to_string();
        let config = Kubeconfig::read_from(path).map_err(|error| unusable(&place, error))?;
        let context = config.current_context.clone().unwrap_or_default();
        Self::new("embedded", config, &place, &context, network).await
    }

    /// The way to the cluster of a context of the user's kubeconfig, which only
    /// its name can choose: the current context is never looked at.
    ///
    /// # Errors
    /// There is no kubeconfig or no such context, or its API server does not
    /// answer.
    pub async fn context(name: &str) -> Result<Self, AccessError> {
        let (config, place) = of_user()?;
        Self::new("context", config, &place, name, None).await
    }

    /// Whether the user's kubeconfig has a context of this name; nothing is
    /// connected to.
    ///
    /// # Errors
    /// It has none, or there is no kubeconfig.
    pub fn has_context(name: &str) -> Result<(), AccessError> {
        let (config, place) = of_user()?;
        only(config, &place, name).map(drop)
    }

    async fn new(
        provider: &str,
        config: Kubeconfig,
        place: &str,
        context: &str,
        network: Option<Network>,
    ) -> Result<Self, AccessError> {
        let only = only(config, place, context)?;
        let unreachable = |source: kube::Error| AccessError::Unreachable {
            context: context.to_owned(),
            source: Box::new(source),
        };
        let kubeconfig = serde_json::to_string(&only)
            .map_err(|error| unreachable(kube::Error::SerdeError(error)))?;
        let mut config = Config::from_custom_kubeconfig(only, &KubeConfigOptions::default())
            .await
            .map_err(|error| unusable(place, error))?;
        if network.is_some() {
            // It is on this host, whatever the user's environment says of others.
            config.proxy_url = None;
        }
        let client = Client::try_from(config).map_err(unreachable)?;
        let version = client.apiserver_version().await.map_err(unreachable)?;
        let fact =
            ClusterFact { provider: provider.to_owned(), version: Some(version.git_version) };
        Ok(Self { fact, kubeconfig, network, client })
    }
}

/// The user's kubeconfig, and where it is.
fn of_user() -> Result<(Kubeconfig, String), AccessError> {
    let place = match std::env::var("KUBECONFIG") {
        Ok(paths) if !paths.is_empty() => paths,
        _ => "~/.kube/config".to_owned(),
    };
    match Kubeconfig::read() {
        Ok(config) => Ok((config, place)),
        Err(error) => Err(unusable(&place, error)),
    }
}

fn unusable(place: &str, error: KubeconfigError) -> AccessError {
    match error {
        // It names the file itself, which is one of several where `place` is a list.
        KubeconfigError::ReadConfig(source, path) => AccessError::Unreadable { path, source },
        source => AccessError::Kubeconfig { place: place.to_owned(), source },
    }
}

/// The kubeconfig less every context but `name`, which becomes the current one.
fn only(mut config: Kubeconfig, place: &str, name: &str) -> Result<Kubeconfig, AccessError> {
    let known: Vec<String> = config.contexts.iter().map(|one| one.name.clone()).collect();
    config.contexts.retain(|one| one.name == name);
    let Some(context) = config.contexts.first().and_then(|one| one.context.clone()) else {
        let (name, place) = (name.to_owned(), place.to_owned());
        return Err(AccessError::Context { name, place, known });
    };
    config.clusters.retain(|one| one.name == context.cluster);
    config.auth_infos.retain(|one| Some(&one.name) == context.user.as_ref());
    config.current_context = Some(name.to_owned());
    Ok(config)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TWO: &str = r#"{
        "apiVersion": "v1", "kind": "Config", "current-context": "production",
        "clusters": [{"name": "p", "cluster": {"server": "https://p"}},
                     {"name": "k", "cluster": {"server": "https://k"}}],
        "users": [{"name": "pu", "user": {"token": "secret"}}, {"name": "ku", "user": {}}],
        "contexts": [{"name": "production", "context": {"cluster": "p", "user": "pu"}},
                     {"name": "kind", "context": {"cluster": "k", "user": "ku"}}]
    }"#;

    #[test]
    fn only_the_named_context_is_left() {
        let config: Kubeconfig = serde_json::from_str(TWO).unwrap();
        let text = serde_json::to_string(&only(config, "x", "kind").unwrap()).unwrap();
        assert!(text.contains("https://k"));
        for other in ["https://p", "secret", "production"] {
            assert!(!text.contains(other), "{other} in {text}");
        }
    }

    #[test]
    fn an_unknown_context_is_told_with_those_that_are_there() {
        let config: Kubeconfig = serde_json::from_str(TWO).unwrap();
        let error = only(config, "/x/config", "prod").unwrap_err().to_string();
        assert_eq!(
            error,
            "no context is called \"prod\" in /x/config: there are \"production\", \"kind\""
        );
    }
}
