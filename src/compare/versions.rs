//! What kubectl prints otherwise than it did: a change listed here is drift,
//! with its reason.

/// The name under which a column is compared: some were renamed.
pub(crate) fn column(name: &str) -> &str {
    match name {
        "CPU(%)" => "CPU%",
        "MEMORY(%)" => "MEMORY%",
        other => other,
    }
}

/// Why a column may be missing from one side, where a version explains it.
pub(crate) fn column_reason(name: &str) -> Option<&'static str> {
    match name {
        "VOLUMEATTRIBUTESCLASS" => Some("kubectl shows it since 1.29"),
        "SECRETS" => Some("service accounts have no secrets of their own since 1.24"),
        _ => None,
    }
}

/// Why ` from NAMESPACE namespace` may stand after `deleted` on one side only.
pub(crate) const DELETED_NAMESPACE: &str = "since 1.34 kubectl names the namespace";
