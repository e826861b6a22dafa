//! Paths of this machine in what goes into a record, which is read on others.
//!
//! What the page's commands print of their own accord is left as it is.

use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;

use crate::plan::Mirrored;
use crate::record::Output;

/// What a command printed, with the page's URL where it names the file that was
/// read in its place: so would the command that the page shows.
pub(super) fn as_urls(output: Output, mirrored: &[Mirrored]) -> Output {
    let as_url = |text: Vec<u8>, mirrored: &Mirrored| {
        let (file, url) = (mirrored.file.as_os_str().as_bytes(), mirrored.url.as_bytes());
        replaced(replaced(text, &[b"file://", file].concat(), url), file, url)
    };
    Output(mirrored.iter().fold(output.0, as_url))
}

/// What a script of the workbook or labbook itself said, with files named from
/// the workbook's root.
pub(super) fn from_root(text: Vec<u8>, root: &Path) -> Vec<u8> {
    if root.parent().is_none() {
        return text;
    }
    let root = root.as_os_str().as_bytes();
    replaced(replaced(text, &[root, b"/"].concat(), b""), root, b".")
}

/// The text with `new` for each `path` that is no part of a longer name.
fn replaced(text: Vec<u8>, path: &[u8], new: &[u8]) -> Vec<u8> {
    let mut changed = Vec::new();
    let mut copied = 0;
    let mut at = 0;
    while at + path.len() <= text.len() {
        let end = at + path.len();
        let begins = at == 0 || !in_path(text[at - 1]);
        let ends = path.ends_with(b"/") || !text.get(end).copied().is_some_and(in_path);
        if text[at..].starts_with(path) && begins && ends {
            changed.extend_from_slice(&text[copied..at]);
            changed.extend_from_slice(new);
            copied = end;
            at = end;
        } else {
            at += 1;
        }
    }
    if copied == 0 {
        return text;
    }
    changed.extend_from_slice(&text[copied..]);
    changed
}

/// Whether a byte next to a path makes it another one.
pub(super) fn in_path(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~+/".contains(&byte) || !byte.is_ascii()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_was_read_for_a_url_is_named_by_the_url() {
        let mirrored = [Mirrored {
            url: "https://example.com/a.yaml".to_owned(),
            file: "/book/mirror/a.yaml".into(),
        }];
        for (printed, told) in [
            ("in \"/book/mirror/a.yaml\": no", "in \"https://example.com/a.yaml\": no"),
            ("file:///book/mirror/a.yaml\n", "https://example.com/a.yaml\n"),
            ("/book/mirror/a.yaml.old", "/book/mirror/a.yaml.old"),
            ("/my/book/mirror/a.yaml", "/my/book/mirror/a.yaml"),
        ] {
            let output = as_urls(Output(printed.into()), &mirrored);
            assert_eq!(output.text(), told);
        }
    }

    #[test]
    fn files_of_the_workbook_are_named_from_its_root() {
        let told = |text: &str, root: &str| {
            String::from_utf8(from_root(text.into(), Path::new(root))).expect("text")
        };
        assert_eq!(
            told("/a/b/setup.sh: line 2: /a/b/x: no\nin /a/b: /a/bc /x/a/b/c", "/a/b"),
            "setup.sh: line 2: x: no\nin .: /a/bc /x/a/b/c"
        );
        assert_eq!(told("/etc/x", "/"), "/etc/x");
    }
}
