//! The flags and operands of a program's arguments.

use crate::lab::words::Word;

/// Which flags of a program take a value as the next argument.
#[derive(Clone, Copy)]
pub(crate) struct Valued<'a> {
    /// Single letters, without their dash.
    pub(crate) short: &'a str,
    /// Long names, without their dashes.
    pub(crate) long: &'a [&'a str],
}

/// Arguments taken apart.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Arguments<'a> {
    /// Flags in order, bundles such as `-it` taken apart: the name without its
    /// dashes, and its value.
    pub(crate) flags: Vec<(&'a str, Option<&'a str>)>,
    /// What is no flag and no flag's value.
    pub(crate) operands: Vec<&'a str>,
    /// The index of the argument after `--`.
    pub(crate) after_dashes: Option<usize>,
}

impl<'a> Arguments<'a> {
    /// Takes arguments apart, up to `--` or to the operand that makes it `most`.
    pub(crate) fn new(words: &[&'a Word], valued: Valued<'_>, most: usize) -> Self {
        let mut arguments = Self::default();
        let mut at = 0;
        while at < words.len() && arguments.operands.len() < most {
            let text = words[at].text.as_str();
            at += 1;
            let mut next = || {
                let value = words.get(at).map(|word| word.text.as_str());
                at += 1;
                value
            };
            if text == "--" {
                arguments.after_dashes = Some(at);
                break;
            }
            if let Some(long) = text.strip_prefix("--") {
                let flag = match long.split_once('=') {
                    Some((name, value)) => (name, Some(value)),
                    None if valued.long.contains(&long) => (long, next()),
                    None => (long, None),
                };
                arguments.flags.push(flag);
            } else if let Some(bundle) = text.strip_prefix('-').filter(|bundle| !bundle.is_empty())
            {
                for (place, letter) in bundle.char_indices() {
                    let rest = &bundle[place + letter.len_utf8()..];
                    let name = &bundle[place..place + letter.len_utf8()];
                    if valued.short.contains(letter) {
                        let joined = rest.strip_prefix('=').unwrap_or(rest);
                        let value = if joined.is_empty() { next() } else { Some(joined) };
                        arguments.flags.push((name, value));
                        break;
                    }
                    if let Some(value) = rest.strip_prefix('=') {
                        arguments.flags.push((name, Some(value)));
                        break;
                    }
                    arguments.flags.push((name, None));
                }
            } else {
                arguments.operands.push(text);
            }
        }
        arguments
    }

    /// Whether a flag is given, by any of its names, and not as `=false`.
    pub(crate) fn has(&self, names: &[&str]) -> bool {
        self.flags.iter().any(|(name, value)| names.contains(name) && *value != Some("false"))
    }

    /// The values of a flag, by any of its names.
    pub(crate) fn values(&self, names: &[&str]) -> impl Iterator<Item = &'a str> {
        let found: Vec<&'a str> = self
            .flags
            .iter()
            .filter(|(name, _)| names.contains(name))
            .filter_map(|(_, value)| *value)
            .collect();
        found.into_iter()
    }
}

/// kubectl's flags that take a value, for all its commands (kubectl 1.36). `-f`
/// is none here: it is a file for most commands, and "follow" for `logs`.
pub(crate) const KUBECTL: Valued<'static> = Valued {
    short: "ncolLsv",
    long: &[
        "as",
        "as-group",
        "as-uid",
        "cache-dir",
        "certificate-authority",
        "client-certificate",
        "client-key",
        "cluster",
        "container",
        "context",
        "field-selector",
        "filename",
        "for",
        "image",
        "kubeconfig",
        "label-columns",
        "limit",
        "namespace",
        "output",
        "overrides",
        "password",
        "profile",
        "request-timeout",
        "selector",
        "server",
        "since",
        "since-time",
        "sort-by",
        "subresource",
        "tail",
        "chunk-size",
        "target",
        "template",
        "timeout",
        "tls-server-name",
        "token",
        "user",
        "username",
        "v",
        "env",
        "labels",
        "port",
        "copy-to",
        "custom",
        "pod-running-timeout",
        "restart",
        "raw",
        "from-file",
        "from-env-file",
        "from-literal",
        "kustomize",
        "patch",
        "patch-file",
        "replicas",
        "current-replicas",
        "type",
        "name",
        "target-port",
        "cluster-ip",
        "external-ip",
        "address",
        "to-revision",
        "revision",
        "grace-period",
        "schedule",
        "serviceaccount",
        "role",
        "clusterrole",
        "verb",
        "resource",
        "field-manager",
    ],
};
