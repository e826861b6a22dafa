//! The files that a lab's page shows or links to: pictures, manifests. They go
//! into the book at the same place beside the page, so that its relative links
//! stay right.

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use pulldown_cmark::{Event, Options, Parser, Tag};
use regex::Regex;

/// The address in an HTML tag of a page.
static ADDRESS: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r#"(?i)\b(?:src|href)\s*=\s*["']([^"']+)["']"#).ok());

/// The files that `markdown`, the page at `page` from the workbook's `root`,
/// names by relative links, from the root as well. Other pages are chapters or
/// nothing, and what is outside of the workbook, hidden or no file is left out.
pub(super) fn files(root: &Path, page: &str, markdown: &str) -> Vec<PathBuf> {
    let Ok(root) = root.canonicalize() else { return Vec::new() };
    let folder = root.join(page);
    let folder = folder.parent().unwrap_or(&root);
    let mut files: Vec<PathBuf> = targets(markdown)
        .iter()
        .filter_map(|target| relative(target))
        .filter_map(|target| folder.join(target).canonicalize().ok())
        .filter(|path| path.is_file() && path.extension().is_none_or(|it| it != "md"))
        .filter_map(|path| path.strip_prefix(&root).map(Path::to_path_buf).ok())
        .filter(|path| path.iter().all(|part| !part.to_string_lossy().starts_with('.')))
        .collect();
    files.sort();
    files.dedup();
    files
}

/// Every address that the page names, as it stands there.
fn targets(markdown: &str) -> Vec<String> {
    let mut targets = Vec::new();
    for event in Parser::new_ext(markdown, Options::all()) {
        match event {
            Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                targets.push(dest_url.into_string());
            }
            Event::Html(html) | Event::InlineHtml(html) => {
                let found = ADDRESS.iter().flat_map(|address| address.captures_iter(&html));
                targets.extend(found.map(|address| address[1].to_owned()));
            }
            _ => {}
        }
    }
    targets
}

/// The path in an address that has neither a scheme nor a root.
fn relative(target: &str) -> Option<String> {
    let path = target.split(['#', '?']).next().unwrap_or_default();
    let scheme = path.split('/').next().is_some_and(|first| first.contains(':'));
    (!path.is_empty() && !path.starts_with('/') && !scheme).then(|| decoded(path))
}

/// `%20` and the like as the bytes that they stand for.
fn decoded(path: &str) -> String {
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.as_bytes();
    while let [first, tail @ ..] = rest {
        let byte = match tail {
            [high, low, ..] if *first == b'%' => std::str::from_utf8(&[*high, *low])
                .ok()
                .and_then(|digits| u8::from_str_radix(digits, 16).ok()),
            _ => None,
        };
        bytes.push(byte.unwrap_or(*first));
        rest = if byte.is_some() { &tail[2..] } else { tail };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::PathBuf;

    use super::files;

    #[test]
    fn what_a_page_shows_goes_along_and_nothing_else() {
        let around = tempfile::tempdir().expect("a temporary directory");
        let root = around.path().join("workbook");
        for path in [
            "labs/a/lab.md",
            "labs/a/other.md",
            "labs/a/my picture.png",
            "labs/a/logo.svg",
            "labs/shared/pod.yaml",
            "labs/a/not-named.txt",
            "labs/a/.secret",
            "../outside.txt",
        ] {
            let path = root.join(path);
            fs::create_dir_all(path.parent().expect("it has one")).expect("a folder");
            fs::write(path, "text").expect("a file");
        }
        let page = "![p](my%20picture.png) [pod](../shared/pod.yaml#L3) [o](other.md)\n\
                    [s](.secret) [x](../../../outside.txt) [w](https://example.org/a.png)\n\
                    [r](/etc/passwd) [m](mailto:a@b.c) [d](../shared) [g](gone.png)\n\n\
                    <img src=\"logo.svg\">\n\n```text\n![n](not-named.txt)\n```\n";
        assert_eq!(
            files(&root, "labs/a/lab.md", page),
            ["labs/a/logo.svg", "labs/a/my picture.png", "labs/shared/pod.yaml"].map(PathBuf::from)
        );
    }
}
