//! Names of images: the short ones that people write, and what they mean.

use crate::record::StandIn;

/// The registry that a name without one means.
const DEFAULT_REGISTRY: &str = "docker.io";

/// The stand-ins among `all` that one of these images is, however its name is
/// written.
pub fn used(all: Vec<StandIn>, images: &[String]) -> Vec<StandIn> {
    let images: Vec<_> = images.iter().map(|image| full_name(image)).collect();
    all.into_iter().filter(|each| images.contains(&full_name(&each.image))).collect()
}

/// A name with its tag: `busybox` is `busybox:latest`.
pub(super) fn complete_name(name: &str) -> Result<String, String> {
    let plain = |character: char| character.is_ascii_alphanumeric() || "._-/:".contains(character);
    if name.is_empty() || !name.chars().all(plain) || name.starts_with(['/', ':', '.', '-']) {
        return Err(format!(
            "{name:?} is no image's name; expected one like `example.org/team/app:1`"
        ));
    }
    Ok(with_tag(name))
}

/// The name as containerd keeps it: with the registry, the folder and the tag
/// that a short name means.
pub(super) fn full_name(name: &str) -> String {
    let (registry, path) = split(name);
    let folder = if registry == DEFAULT_REGISTRY && !path.contains('/') { "library/" } else { "" };
    with_tag(&format!("{registry}/{folder}{path}"))
}

/// The registry of an image, with its port where the name has one.
pub(super) fn registry(name: &str) -> &str {
    split(name).0
}

/// Registry and path: what stands before the first `/` is a registry where it
/// looks like a host (the rule of every container engine).
fn split(name: &str) -> (&str, &str) {
    match name.split_once('/') {
        Some(("index.docker.io", path)) => (DEFAULT_REGISTRY, path),
        Some((first, path)) if first.contains(['.', ':']) || first == "localhost" => (first, path),
        _ => (DEFAULT_REGISTRY, name),
    }
}

fn with_tag(name: &str) -> String {
    let last = name.rsplit('/').next().unwrap_or(name);
    // A digest is no tag, and needs none.
    if last.contains([':', '@']) { name.to_owned() } else { format!("{name}:latest") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_names_mean_the_public_registry() {
        for (short, full) in [
            ("busybox:1", "docker.io/library/busybox:1"),
            ("busybox", "docker.io/library/busybox:latest"),
            ("docker.io/busybox:1", "docker.io/library/busybox:1"),
            ("index.docker.io/library/busybox:1", "docker.io/library/busybox:1"),
            ("me/app:1", "docker.io/me/app:1"),
            ("registry.k8s.io/pause:3", "registry.k8s.io/pause:3"),
            ("localhost/app", "localhost/app:latest"),
            ("127.0.0.1:5000/app:1", "127.0.0.1:5000/app:1"),
            ("busybox@sha256:00", "docker.io/library/busybox@sha256:00"),
        ] {
            assert_eq!(full_name(short), full);
            assert_eq!(full_name(full), full, "a full name stays");
        }
        assert_eq!(registry("busybox:1"), "docker.io");
        assert_eq!(registry("127.0.0.1:5000/app:1"), "127.0.0.1:5000");
    }

    #[test]
    fn a_stand_in_is_used_under_each_form_of_its_name() {
        let stand_in = |image: &str| StandIn { image: image.to_owned(), note: "it".to_owned() };
        let all = vec![stand_in("busybox:1.36"), stand_in("busybox:latest"), stand_in("tools:1")];
        let used = |images: &[&str]| {
            let images: Vec<_> = images.iter().map(|&image| image.to_owned()).collect();
            let used = used(all.clone(), &images).into_iter();
            used.map(|each| each.image).collect::<Vec<_>>()
        };
        assert_eq!(used(&["docker.io/library/busybox:1.36"]), ["busybox:1.36"]);
        assert_eq!(used(&["busybox", "app:1"]), ["busybox:latest"]);
        assert_eq!(used(&["busybox:1.36@sha256:00", "example.org/tools:1"]), [""; 0]);
    }
}
