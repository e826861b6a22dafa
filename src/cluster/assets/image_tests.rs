use std::io::Read as _;

use super::*;
use crate::cluster::assets::recipe::{AddedFile, Form};

fn recipe() -> Recipe {
    let form: Form = toml::from_str(
        "name = ['app:1']\nbase = 'scratch'\nentrypoint = ['/app/run']\nworkdir = '/work'\nenv = { A = 'b' }",
    )
    .expect("it is a form");
    let file =
        AddedFile { to: "/app/run".to_owned(), bytes: b"#!/bin/sh\n".to_vec(), executable: true };
    Recipe { origin: "image.toml".into(), form, files: vec![file] }
}

fn archive(path: &Path) -> Vec<u8> {
    let recipe = recipe();
    let ingredients = Ingredients { base: BaseOf::Scratch, programs: Vec::new() };
    let file = File::create_new(path).expect("it is new");
    let mut layer = Layer::new(Archive::begin(file).expect("it begins"));
    add_own(&mut layer, &recipe, &ingredients).expect("it is written");
    layer.finish().and_then(|archive| archive.finish(&recipe.form)).expect("it ends");
    std::fs::read(path).expect("it is there")
}

fn entries(archive: &[u8]) -> Vec<(String, Vec<u8>)> {
    tar::Archive::new(archive)
        .entries()
        .expect("it is a tar")
        .map(|entry| {
            let mut entry = entry.expect("it is sound");
            let mut bytes = Vec::new();
            entry.read_to_end(&mut bytes).expect("it is whole");
            (entry.path().expect("it is text").display().to_string(), bytes)
        })
        .collect()
}

#[test]
fn an_archive_is_what_containerd_imports() {
    let directory = tempfile::tempdir().expect("a directory");
    let entries = entries(&archive(&directory.path().join("a")));
    let [(layer_name, layer), (config_name, config), (manifest_name, manifest)] = &entries[..]
    else {
        panic!("there are {} entries", entries.len());
    };
    assert_eq!((layer_name.as_str(), manifest_name.as_str()), ("layer.tar", "manifest.json"));
    let manifest: serde_json::Value = serde_json::from_slice(manifest).expect("it is JSON");
    assert_eq!(
        manifest,
        serde_json::json!([{ "Config": config_name, "RepoTags": ["app:1"], "Layers": ["layer.tar"] }])
    );
    assert_eq!(*config_name, format!("{}.json", hex(&Sha256::digest(config))));
    let config: serde_json::Value = serde_json::from_slice(config).expect("it is JSON");
    assert_eq!(config["rootfs"]["diff_ids"][0], format!("sha256:{}", hex(&Sha256::digest(layer))));
    assert_eq!(
        config["config"],
        serde_json::json!({
            "Entrypoint": ["/app/run"],
            "Env": ["A=b", "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"],
            "WorkingDir": "/work",
        })
    );
}

#[test]
fn the_same_recipe_gives_the_same_bytes() {
    let directory = tempfile::tempdir().expect("a directory");
    assert_eq!(archive(&directory.path().join("a")), archive(&directory.path().join("b")));
}

#[test]
fn a_program_without_libraries_is_static() {
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("elf");
    let elf = |kind: u8| {
        let mut bytes = vec![0; 64 + 56];
        bytes[..6].copy_from_slice(b"\x7fELF\x02\x01");
        (bytes[32], bytes[54], bytes[56], bytes[64]) = (64, 56, 1, kind);
        bytes
    };
    for (bytes, expected) in [(elf(1), true), (elf(3), false), (b"#!/bin/sh".to_vec(), false)] {
        std::fs::write(&path, bytes).expect("it is written");
        assert_eq!(is_static(&path), expected);
    }
}
