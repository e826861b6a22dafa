//! Names that Kubernetes generates: which part is the author's, and which is
//! another in every run.

/// A name with generated parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Generated<'a> {
    /// What the author chose: the Deployment's, `DaemonSet`'s or Job's name.
    pub(crate) stable: &'a str,
    /// The hash of the pod's template, where the name holds one.
    pub(crate) hash: Option<&'a str>,
}

/// A pod of a Deployment: `NAME-HASH-SUFFIX`.
pub(crate) fn of_deployment(name: &str) -> Option<Generated<'_>> {
    let (rest, suffix) = name.rsplit_once('-')?;
    let (stable, hash) = rest.rsplit_once('-')?;
    (is_suffix(suffix) && is_hash(hash) && is_name(stable))
        .then_some(Generated { stable, hash: Some(hash) })
}

/// Whether only a controller makes such a name, and another one in every run: a
/// Deployment's pod, or the volume of a claim, which is named by the claim's UID.
pub(crate) fn is_made_up(name: &str) -> bool {
    of_deployment(name).is_some() || name.strip_prefix("pvc-").is_some_and(is_uuid)
}

/// A pod of a `DaemonSet`, Job or bare `ReplicaSet`: `NAME-SUFFIX`. Other names look
/// like this as well (`svc-https`), so it is only asked of pods.
pub(crate) fn of_owner(name: &str) -> Option<Generated<'_>> {
    let (stable, suffix) = name.rsplit_once('-')?;
    (is_suffix(suffix) && is_name(stable)).then_some(Generated { stable, hash: None })
}

/// The stable part of what looks like a Deployment's pod, though no controller
/// makes such a name: people shorten and retype names in their reports.
pub(crate) fn typed(name: &str) -> Option<&str> {
    let (rest, suffix) = name.rsplit_once('-')?;
    let (stable, hash) = rest.rsplit_once('-')?;
    let plain =
        |text: &str| text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    let looks = suffix.len() == 5 && plain(suffix) && (8..=10).contains(&hash.len()) && plain(hash);
    let has_digit = hash.contains(|char: char| char.is_ascii_digit());
    (looks && has_digit && is_name(stable) && of_deployment(name).is_none()).then_some(stable)
}

/// A `ReplicaSet` of a Deployment, `NAME-HASH`: the name and the hash.
pub(crate) fn of_replica_set(name: &str) -> Option<(&str, &str)> {
    let (stable, hash) = name.rsplit_once('-')?;
    (hash.len() >= 8 && is_hash(hash) && is_name(stable)).then_some((stable, hash))
}

/// A template's hash standing alone. It must hold both letters and digits, so
/// that no number and no word is taken for one.
pub(crate) fn is_lone_hash(text: &str) -> bool {
    text.len() >= 8
        && is_hash(text)
        && text.contains(|char: char| char.is_ascii_digit())
        && text.contains(|char: char| char.is_ascii_alphabetic())
}

/// The suffix of `generateName`: five of k8s.io/apimachinery's `rand.String`
/// alphabet, which has no vowels, no `y`, and none of `0 1 3`.
pub(crate) fn is_suffix(text: &str) -> bool {
    text.len() == 5 && text.bytes().all(|byte| b"bcdfghjklmnpqrstvwxz2456789".contains(&byte))
}

/// `rand.SafeEncodeString` of a 32-bit hash in decimal: up to ten characters,
/// and fewer than seven of them once in four thousand.
fn is_hash(text: &str) -> bool {
    (7..=10).contains(&text.len()) && is_of_hash_letters(text)
}

/// Whether all of a text can stand in a hash.
pub(crate) fn is_of_hash_letters(text: &str) -> bool {
    text.bytes().all(|byte| b"456789bcdf".contains(&byte))
}

/// Whether the text is a UID as Kubernetes writes it.
pub(crate) fn is_uuid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(index, byte)| match index {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

fn is_name(text: &str) -> bool {
    text.starts_with(|char: char| char.is_ascii_alphanumeric())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_deployments_pod_has_hash_and_suffix() {
        assert_eq!(
            of_deployment("helm-hooks-app-python-5b7575787d-8k97x"),
            Some(Generated { stable: "helm-hooks-app-python", hash: Some("5b7575787d") })
        );
        assert_eq!(of_deployment("app-python-0"), None);
        assert_eq!(of_deployment("kube-proxy-x8k2d"), None);
        assert_eq!(of_deployment("app-67f77f58a8-hj279"), None, "no hash holds an a");
    }

    #[test]
    fn only_some_names_show_that_they_are_made_up() {
        assert!(is_made_up("app-67f77f58f8-hj279"));
        assert!(is_made_up("pvc-ef4064c4-3d80-4a72-9f5c-28e597a8ffa1"));
        for chosen in ["app-python-0", "kube-proxy-x8k2d", "pvc-data", "my-web-https"] {
            assert!(!is_made_up(chosen), "{chosen}");
        }
    }

    #[test]
    fn other_owners_give_a_suffix() {
        assert_eq!(
            of_owner("kube-proxy-x8k2d"),
            Some(Generated { stable: "kube-proxy", hash: None })
        );
        assert_eq!(of_owner("app-python-0"), None);
        assert_eq!(of_owner("my-nginx"), None);
    }

    #[test]
    fn a_typed_name_only_looks_generated() {
        assert_eq!(typed("app-67a77f58e8-hj2e9"), Some("app"));
        assert_eq!(typed("app-67f77f58f8-hj279"), None);
        assert_eq!(typed("my-app-frontend-nginx"), None);
        assert_eq!(typed("app-python-0"), None);
    }

    #[test]
    fn a_replica_set_ends_in_its_hash() {
        assert_eq!(of_replica_set("app-67f77f58f8"), Some(("app", "67f77f58f8")));
        assert_eq!(of_replica_set("app-python"), None);
        assert!(is_lone_hash("67f77f58f8"));
        assert!(!is_lone_hash("4567894567"));
    }
}
