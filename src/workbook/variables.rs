//! Which variables of the user's environment a lab may be given: those that are
//! named, and none that looks like a secret.

/// Those that labbook sets itself.
const OWN: [&str; 8] = ["HOME", "KUBECONFIG", "LOGNAME", "PATH", "PWD", "SHELL", "TMPDIR", "USER"];

/// What the name of a secret holds anywhere.
const ANYWHERE: [&str; 9] = [
    "TOKEN",
    "SECRET",
    "PASSW",
    "PASSPHRASE",
    "CREDENTIAL",
    "APIKEY",
    "ACCESSKEY",
    "PRIVATE",
    "KUBECONFIG",
];
/// What it holds as a word of its own.
const WORDS: [&str; 9] = ["AUTH", "COOKIE", "JWT", "KEY", "KEYS", "PASS", "PAT", "PIN", "PWD"];

/// Why a lab cannot be given the variable of this name; none where it can.
pub fn fault(name: &str) -> Option<String> {
    let first = name.chars().next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_');
    if !first || !name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
        return Some(format!(
            "expected the name of a variable, such as HTTP_PROXY, found {name:?}"
        ));
    }
    if OWN.contains(&name) {
        return Some(format!("the lab has a {name} of its own"));
    }
    looks_secret(name).then(|| format!("{name} looks like a secret, {INSTEAD}"))
}

/// What to do about a secret that a lab needs.
pub const INSTEAD: &str = "and no lab is given one from the environment: have the lab's setup \
    script read it from a file, or put it into the cluster";

/// Whether a variable of this name is likely to hold a secret.
fn looks_secret(name: &str) -> bool {
    let name = name.to_ascii_uppercase();
    ANYWHERE.iter().any(|part| name.contains(part))
        || name.split('_').any(|word| WORDS.contains(&word))
}

#[cfg(test)]
mod tests {
    use super::fault;

    #[test]
    fn secrets_are_known_by_their_names() {
        for name in [
            "AWS_SECRET_ACCESS_KEY",
            "GITHUB_TOKEN",
            "github_token",
            "PGPASSWORD",
            "MY_PASS",
            "REGISTRY_AUTH",
            "GOOGLE_APPLICATION_CREDENTIALS",
            "OPENAI_APIKEY",
            "SSH_PRIVATE",
            "HOME",
            "",
            "A-B",
            "1A",
            "A=B",
        ] {
            assert!(fault(name).is_some(), "{name}");
        }
        for name in ["HTTP_PROXY", "no_proxy", "KEYBOARD", "LANG", "COMPASS_HOME", "AUTHOR", "_"] {
            assert_eq!(fault(name), None, "{name}");
        }
    }
}
