//! Lines that say what was done to an object: `pod/x created`, `pod "x" deleted`.

use super::versions;

/// What a line says was done to an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Action<'a> {
    /// The kind in kubectl's short form, without its group.
    pub(crate) kind: &'a str,
    /// The object's name.
    pub(crate) name: &'a str,
    /// What was done, with what stands behind it: `created (dry run)`.
    pub(crate) done: &'a str,
    /// The namespace, where `deleted` names it.
    pub(crate) namespace: Option<&'a str>,
}

/// Reads a line as an action; none where it is something else.
pub(crate) fn read(line: &str) -> Option<Action<'_>> {
    // `pod "x" deleted`; before 1.11 all of them were written so.
    let (kind, name, done) = if let Some((kind, rest)) = line.split_once(" \"") {
        let (name, done) = rest.split_once("\" ")?;
        (kind, name, done)
    } else {
        let (object, done) = line.split_once(' ')?;
        let (kind, name) = object.split_once('/')?;
        (kind, name, done)
    };
    let (done, namespace) =
        match done.strip_suffix(" namespace").and_then(|done| done.split_once(" from ")) {
            Some((done, namespace)) => (done, Some(namespace)),
            None => (done, None),
        };
    let kind = kind.split_once('.').map_or(kind, |(kind, _)| kind);
    let is_kind = !kind.is_empty()
        && kind.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    let is_name = !name.is_empty() && !name.contains(char::is_whitespace) && !name.contains('/');
    (is_kind && is_name && is_deed(done)).then_some(Action { kind, name, done, namespace })
}

fn is_deed(done: &str) -> bool {
    let verb = done.split_once(' ').map_or(done, |(verb, _)| verb);
    matches!(
        verb,
        "created"
            | "configured"
            | "unchanged"
            | "deleted"
            | "scaled"
            | "exposed"
            | "labeled"
            | "unlabeled"
            | "annotated"
            | "patched"
            | "replaced"
            | "restarted"
            | "paused"
            | "resumed"
            | "edited"
            | "tainted"
            | "untainted"
            | "cordoned"
            | "uncordoned"
            | "evicted"
            | "drained"
            | "autoscaled"
            | "pruned"
            | "serverside-applied"
            | "rolled"
            | "condition"
            | "image"
            | "env"
            | "resource"
            | "force"
            | "not"
    )
}

/// Why two lines that differ say the same of the same object; none where they
/// do not. Names are compared by the caller.
pub(crate) fn wording(old: &Action<'_>, new: &Action<'_>) -> Option<&'static str> {
    if old.kind != new.kind || old.done != new.done {
        return None;
    }
    match (old.namespace, new.namespace) {
        (Some(old), Some(new)) if old != new => None,
        (None, Some(_)) | (Some(_), None) => Some(versions::DELETED_NAMESPACE),
        _ => Some("kubectl writes it in another way"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deeds_are_read_in_each_spelling() {
        let deleted = read("pod \"app-0\" deleted").expect("an action");
        assert_eq!(
            (deleted.kind, deleted.name, deleted.done, deleted.namespace),
            ("pod", "app-0", "deleted", None)
        );
        let named = read("pod \"app-0\" deleted from default namespace").expect("an action");
        assert_eq!((named.done, named.namespace), ("deleted", Some("default")));
        assert_eq!(wording(&deleted, &named), Some("since 1.34 kubectl names the namespace"));
        let created = read("deployment.apps/web created").expect("an action");
        assert_eq!((created.kind, created.name, created.done), ("deployment", "web", "created"));
    }

    #[test]
    fn another_deed_is_another_result() {
        let old = read("pod/a created").expect("an action");
        assert_eq!(wording(&old, &read("pod/a unchanged").expect("an action")), None);
        let old = read("pod \"a\" deleted from x namespace").expect("an action");
        assert_eq!(
            wording(&old, &read("pod \"a\" deleted from y namespace").expect("an action")),
            None
        );
    }

    #[test]
    fn other_lines_are_no_deeds() {
        for line in [
            "pod/a is running",
            "Hello \"x\" created",
            "a created",
            "",
            "/ created",
            "a/b/c created",
        ] {
            assert_eq!(read(line), None, "{line}");
        }
    }
}
