use super::*;

/// What a layer holds: path, mode, time, link.
fn list(layer: &[u8]) -> Vec<String> {
    tar::Archive::new(layer)
        .entries()
        .expect("it is a tar")
        .map(|entry| {
            let entry = entry.expect("it is sound");
            let header = entry.header();
            let link =
                entry.link_name().expect("it is text").map(|to| format!(" -> {}", to.display()));
            format!(
                "{} {:o} {}{}",
                entry.path().expect("it is text").display(),
                header.mode().expect("it is a number"),
                header.mtime().expect("it is a number"),
                link.unwrap_or_default()
            )
        })
        .collect()
}

fn other(entries: &[(&str, EntryType, u64, &str)]) -> Vec<u8> {
    let mut tar = tar::Builder::new(Vec::new());
    for (path, kind, time, link) in entries {
        let mut header = header(*kind, 0, 0o644);
        header.set_mtime(*time);
        if link.is_empty() {
            tar.append_data(&mut header, path, io::empty()).expect("it is written");
        } else {
            tar.append_link(&mut header, path, link).expect("it is written");
        }
    }
    tar.into_inner().expect("it ends")
}

#[test]
fn directories_come_before_what_is_in_them_and_once() {
    let mut layer = Layer::new(Vec::new());
    layer.file("/app/bin/run", 0o755, b"x").expect("it is written");
    layer.file("/app/data", 0o644, b"y").expect("it is written");
    layer.directory("/app", 0o700).expect("it is there");
    layer.link("/run", "app/bin/run").expect("it is written");
    assert_eq!(
        list(&layer.finish().expect("it ends")),
        [
            "app/ 755 0",
            "app/bin/ 755 0",
            "app/bin/run 755 0",
            "app/data 644 0",
            "run 777 0 -> app/bin/run"
        ]
    );
}

#[test]
fn what_the_distribution_made_is_trimmed_and_what_it_packed_keeps_its_time() {
    use EntryType::{Directory, Link, Regular, Symlink};
    let other = other(&[
        ("./", Directory, 5, ""),
        ("./bin", Symlink, 5, "usr/bin"),
        ("./etc/apt/sources.list", Regular, 500, ""),
        ("./etc/ld.so.cache", Regular, 500, ""),
        ("./usr/bin/perl", Regular, 5, ""),
        ("./usr/bin/perl5", Link, 5, "./usr/bin/perl"),
        ("./usr/share/doc/a/changelog.gz", Regular, 5, ""),
        ("./usr/share/doc/a/copyright", Regular, 5, ""),
        ("./usr/share/man/", Directory, 5, ""),
        ("./usr/share/man/man1/a.1", Regular, 5, ""),
        ("./usr/share/man/man1/b.1", Link, 5, "./usr/share/man/man1/a.1"),
    ]);
    let mut layer = Layer::new(Vec::new());
    layer.copy(&other[..], 100).expect("it is copied");
    layer.file("/bin/own", 0o755, b"x").expect("it is written");
    assert_eq!(
        list(&layer.finish().expect("it ends")),
        [
            "bin 644 5 -> usr/bin",
            "etc/ld.so.cache 644 0",
            "usr/bin/perl 644 5",
            "usr/bin/perl5 644 5 -> ./usr/bin/perl",
            "usr/share/doc/a/copyright 644 5",
            "usr/share/man/ 644 5",
            "bin/own 755 0",
        ]
    );
}

#[test]
fn long_paths_survive() {
    let long = format!("/{}/file", "directory-with-a-name/".repeat(12).trim_end_matches('/'));
    let mut layer = Layer::new(Vec::new());
    layer.file(&long, 0o644, b"x").expect("it is written");
    let mut copy = Layer::new(Vec::new());
    copy.copy(&layer.finish().expect("it ends")[..], 1).expect("it is copied");
    let last = list(&copy.finish().expect("it ends")).pop().expect("there is one");
    assert_eq!(last, format!("{} 644 0", long.trim_start_matches('/')));
}
