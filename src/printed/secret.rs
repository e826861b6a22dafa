//! Credentials by their shape: tokens and keys whose own form says what they
//! are. A password is a word like others, and is not looked for.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

/// A credential in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Secret {
    /// What it is, with its article.
    pub(crate) what: &'static str,
    /// Its bytes.
    pub(crate) span: Range<usize>,
}

/// What each kind looks like; the group is the credential itself.
const KINDS: [(&str, &str); 11] = [
    (
        "a private key",
        r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----([A-Za-z0-9+/=\s:,>-]{60,}?)-----END (?:[A-Z]+ )*PRIVATE KEY-----",
    ),
    ("a private key", r"client-key-data[\x22']?\s*[:=]\s*[\x22']?([A-Za-z0-9+/=]{100,})"),
    (
        "a signed token (JWT)",
        r"\b(eyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{20,})",
    ),
    ("a token of GitHub", r"\b(gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{50,})\b"),
    ("a token of GitLab", r"\b(glpat-[A-Za-z0-9_-]{20,})"),
    ("a token of Vault", r"\b(hv[sb]\.[A-Za-z0-9_-]{24,})"),
    ("a token of Docker Hub", r"\b(dckr_pat_[A-Za-z0-9_-]{20,})"),
    ("a key of OpenAI", r"\b(sk-(?:proj|svcacct|admin)-[A-Za-z0-9_-]{40,})"),
    ("a token of Slack", r"\b(xox[abprs]-[0-9]{8,}-[A-Za-z0-9-]{10,})\b"),
    ("a key of Google's APIs", r"\b(AIza[0-9A-Za-z_-]{35})\b"),
    (
        "a key of AWS",
        r"(?:\b((?:AKIA|ASIA)[A-Z2-7]{16})\b|(?i:aws_secret_access_key)[\x22']?\s*[:=]\s*[\x22']?([A-Za-z0-9/+]{40})\b)",
    ),
];

static PATTERNS: LazyLock<Vec<(&str, Regex)>> = LazyLock::new(|| {
    let compiled = |(what, pattern): &(&'static str, &str)| {
        (*what, Regex::new(pattern).expect("the pattern is a constant"))
    };
    KINDS.iter().map(compiled).collect()
});

/// The credentials in a text, from left to right.
pub(crate) fn find(text: &str) -> Vec<Secret> {
    let mut found = Vec::new();
    for (what, pattern) in PATTERNS.iter() {
        for captures in pattern.captures_iter(text) {
            let group = captures.iter().skip(1).flatten().next();
            if let Some(group) = group.filter(|group| is_real(group.as_str())) {
                found.push(Secret { what, span: group.range() });
            }
        }
    }
    found.sort_by_key(|secret: &Secret| secret.span.start);
    found
}

/// What hides more than is surely a credential: lines of a key whose beginning
/// stands elsewhere, and tokens whose end does.
static HIDDEN: LazyLock<Regex> = LazyLock::new(|| {
    let pattern = r"(?m)^[ \t>]*([A-Za-z0-9+/]{60,}={0,2})[ \t\r]*$|\b(eyJ[A-Za-z0-9_-]{20,}(?:\.[A-Za-z0-9_-]*)*)";
    Regex::new(pattern).expect("the pattern is a constant")
});

/// Some lines of a page with stars in the place of credentials, byte for byte as
/// long. What a part of one may be is hidden too.
pub(crate) fn masked(text: &str) -> Cow<'_, str> {
    let mut spans: Vec<Range<usize>> = find(text).into_iter().map(|secret| secret.span).collect();
    let hidden = HIDDEN.captures_iter(text);
    let hidden = hidden.filter_map(|captures| captures.get(1).or(captures.get(2)));
    spans.extend(hidden.filter(|group| is_mixed(group.as_str())).map(|group| group.range()));
    if spans.is_empty() {
        return Cow::Borrowed(text);
    }
    spans.sort_by_key(|span| span.start);
    let mut masked = String::with_capacity(text.len());
    let mut at = 0;
    for span in spans {
        let start = span.start.max(at);
        if start >= span.end {
            continue;
        }
        masked.push_str(&text[at..start]);
        // All of it is ASCII.
        masked.extend(text[start..span.end].chars().map(|char| match char {
            '\n' | '\r' => char,
            _ => '*',
        }));
        at = span.end;
    }
    masked.push_str(&text[at..]);
    Cow::Owned(masked)
}

/// Whether it may be in use: no vendor's sample, nothing crossed out or cut.
fn is_real(text: &str) -> bool {
    // The sample of jwt.io is of one `1234567890`, John Doe.
    const SAMPLES: [&str; 5] =
        ["EXAMPLE", "example", "...", "1234567890", "eyJzdWIiOiIxMjM0NTY3ODkwIi"];
    is_mixed(text) && !SAMPLES.iter().any(|sample| text.contains(sample))
}

/// Whether it has as many different letters as what was encoded has.
fn is_mixed(text: &str) -> bool {
    let letters: std::collections::BTreeSet<char> = text.chars().collect();
    letters.len() >= 10
}

#[cfg(test)]
mod tests {
    use super::{find, masked};

    /// Text of some entropy, made here so that no credential stands in a source.
    fn noise(length: usize) -> String {
        let letters = b"abcdefghijkmnpqrstuvwxyzABCDEFGHIJKLMNPQRSTUVWXYZ234567";
        let mut state = 7_usize;
        let next = |_| {
            state = (state * 31 + 11) % 997;
            char::from(letters[state % letters.len()])
        };
        (0..length).map(next).collect()
    }

    #[test]
    fn each_kind_is_known_by_its_shape() {
        let noise40 = noise(40);
        let upper = noise(60).to_uppercase().replace(['8', '9', '0', '1'], "A");
        for (text, what) in [
            (
                format!("token: eyJ{}.eyJ{}.{}", noise(20), noise(40), noise(43)),
                "a signed token (JWT)",
            ),
            (format!("ghp_{noise40}"), "a token of GitHub"),
            (format!("glpat-{}", noise(20)), "a token of GitLab"),
            (format!("hvs.{}", noise(24)), "a token of Vault"),
            (format!("dckr_pat_{}", noise(27)), "a token of Docker Hub"),
            (format!("sk-proj-{noise40}"), "a key of OpenAI"),
            (format!("xoxb-918273645546-{}", noise(24)), "a token of Slack"),
            (format!("key=AIza{}", noise(35)), "a key of Google's APIs"),
            (format!("AKIA{} ", &upper[..16]), "a key of AWS"),
            (format!("AWS_SECRET_ACCESS_KEY={noise40}"), "a key of AWS"),
            (format!("    client-key-data: {}", noise(120)), "a private key"),
            (
                format!(
                    "-----BEGIN RSA PRIVATE KEY-----\n{}\n-----END RSA PRIVATE KEY-----",
                    noise(200)
                ),
                "a private key",
            ),
        ] {
            let found = find(&text);
            assert_eq!(
                found.iter().map(|secret| secret.what).collect::<Vec<_>>(),
                [what],
                "{text}"
            );
            let masked = masked(&text);
            assert_eq!(masked.len(), text.len());
            assert!(!masked.contains(&text[found[0].span.clone()]) && find(&masked).is_empty());
        }
    }

    #[test]
    fn samples_and_cut_ones_are_none() {
        let noise = noise(60);
        for text in [
            "AKIAIOSFODNN7EXAMPLE".to_owned(),
            "token: eyJhbGciOiJSUzI1NiIsImtpZCI6IiJ9...".to_owned(),
            format!(
                "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6.{noise}"
            ),
            "ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx".to_owned(),
            "-----BEGIN PRIVATE KEY-----\n...\n-----END PRIVATE KEY-----".to_owned(),
            "password: cGFzc3dvcmQ=".to_owned(),
            format!("-----BEGIN CERTIFICATE-----\n{noise}{noise}\n-----END CERTIFICATE-----"),
        ] {
            assert_eq!(find(&text), [], "{text}");
        }
    }

    #[test]
    fn a_masked_key_keeps_its_lines() {
        let key = format!(
            "é-----BEGIN PRIVATE KEY-----\r\n{}\r\n> {}\n-----END PRIVATE KEY-----",
            noise(64),
            noise(64)
        );
        let masked = masked(&key);
        assert_eq!((masked.len(), masked.lines().count()), (key.len(), key.lines().count()));
    }

    #[test]
    fn parts_of_a_credential_are_masked_too() {
        let line = noise(64);
        assert_eq!(super::masked(&format!("> {line}\r\n")), format!("> {}\r\n", "*".repeat(64)));
        let token = format!("a eyJ{}.eyJ{} b", noise(30), noise(9));
        assert!(!super::masked(&token).contains("eyJ"));
        assert_eq!(super::masked("kubectl get pods"), "kubectl get pods");
    }
}
