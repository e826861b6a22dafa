//! Where a registry is reached, its image takes the stand-in's place.

use std::fs;
use std::io;
use std::net::TcpListener;
use std::path::Path;
use std::process::Command;
use std::thread;

use labbook::cluster::assets::{self, Cache, Renew, Request, Source, Why};
use labbook::workbook::{Pull, Workbook};
use nix::sched::{CloneFlags, unshare};
use tempfile::TempDir;

use super::outcome::Outcome;
use super::registry::Registry;
use super::turns;
use crate::support::labbook;

/// The file of the registry's image, and that of its stand-in.
const REAL: &str = "from-the-registry";
const STAND_IN: &str = "from-the-workbook";

/// Images of the catalogue that take long to import.
const LARGE: [&str; 4] = [
    "registry.k8s.io/coredns/coredns:v1.14.7",
    "registry.k8s.io/e2e-test-images/agnhost:2.39",
    "registry.k8s.io/e2e-test-images/jessie-dnsutils:1.3",
    "registry.k8s.io/e2e-test-images/jessie-dnsutils:1.7",
];

#[test]
fn images_are_pulled_where_a_registry_answers() {
    let _turn = turns::one();
    let site = Site::new();
    // No registry but the test's own can be reached from there.
    thread::scope(|scope| {
        let test = scope.spawn(|| {
            unshare(CloneFlags::CLONE_NEWNET).expect("the test is run as root");
            let up = Command::new("ip").args(["link", "set", "lo", "up"]).status();
            assert!(up.expect("there is ip").success());
            site.story();
        });
        test.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
    });
}

/// A workbook with two stand-ins for images of a registry, and a cache.
struct Site {
    workbook: TempDir,
    cache: TempDir,
}

impl Site {
    fn new() -> Self {
        Self { workbook: tempfile::tempdir().expect("a temporary directory"), cache: cache() }
    }

    fn story(&self) {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("it is bound").to_string();
        let (tools, other) = (format!("{address}/tools:1"), format!("{address}/other:1"));
        drop(listener);
        self.write(&tools, &other);

        // Nobody answers: the stand-ins are taken.
        self.labbook("build").ends_with(0);
        assert_eq!(self.sources([&tools, &other]), ["stand-in", "stand-in"]);
        assert_eq!(self.snapshots_with(REAL), 0);

        // Someone does, and is not asked at a cluster's start.
        let listener = TcpListener::bind(&address).expect("the port is still free");
        let registry = Registry::start(listener, REAL);
        let unanswered = self.at_a_start([&tools, &other], Pull::Auto);
        assert_eq!(unanswered, [Some(Why::NoAnswer); 2]);
        assert_eq!(self.sources([&tools, &other]), ["stand-in", "stand-in"]);
        assert_eq!(registry.asked(), [""; 0]);

        // It is asked when images are built, and gives what it has.
        let built = self.labbook("build").ends_with(0);
        assert!(built.stdout.contains(" 1 pulled, "), "{built}");
        assert_eq!(self.sources([&tools, &other]), ["pulled", "stand-in"]);
        let stores = self.stores();
        assert_eq!(stores.len(), 1, "the one before is not needed any more: {stores:?}");
        assert_eq!((self.snapshots_with(REAL), self.snapshots_with(STAND_IN)), (1, 1));
        let asked = registry.asked();
        let blobs = asked.iter().filter(|path| path.starts_with("/v2/tools/blobs/")).count();
        assert!(blobs >= 2, "the configuration and the layer: {asked:?}");

        // What it does not have is no reason to pull the rest again.
        self.labbook("build").ends_with(0);
        assert_eq!(self.stores(), stores);
        let asked = registry.asked();
        assert!(asked.iter().all(|path| !path.contains("tools")), "{asked:?}");
        assert_eq!(self.at_a_start([&tools, &other], Pull::Auto), [None, Some(Why::Refused)]);

        // All public images or an error: those of the catalogue are out of reach.
        let failed = self.labbook("build --pull=always").ends_with(5);
        assert!(failed.stderr.contains("pulling the image busybox"), "{failed}");
        assert!(failed.stderr.contains("failed to do request"), "{failed}");
        assert_eq!(self.stores(), stores);

        // Who wants none has none, whatever registries answer.
        registry.asked();
        self.labbook("build --pull=never").ends_with(0);
        assert_eq!(self.at_a_start([&tools, &other], Pull::Never), [Some(Why::NoAnswer); 2]);
        assert_eq!(self.snapshots_with(REAL), 0);
        assert_eq!(registry.asked(), [""; 0]);
        let left = names(&self.cache.path().join("tmp"));
        assert_eq!(left, [""; 0], "nothing is left of what was in the making");
    }

    fn write(&self, tools: &str, other: &str) {
        let root = self.workbook.path();
        let recipe = format!(
            "base = 'scratch'\nstands_in_for = 'another'\nfiles = {{ 'f' = '/{STAND_IN}' }}\n"
        );
        for (name, image) in [("tools", tools), ("other", other)] {
            fs::create_dir(root.join(name)).expect("the workbook can be written");
            fs::write(root.join(name).join("image.toml"), &recipe).expect("it can be written");
            fs::write(root.join(name).join("f"), image).expect("it can be written");
        }
        let mut settings = format!(
            "[images]\n'{tools}' = {{ image = 'tools' }}\n'{other}' = {{ image = 'other' }}\n"
        );
        // The catalogue's large images are none that matter here.
        fs::create_dir(root.join("small")).expect("the workbook can be written");
        let small = "base = 'scratch'";
        fs::write(root.join("small/image.toml"), small).expect("it can be written");
        for name in LARGE {
            settings.extend(["'", name, "' = { image = 'small' }\n"]);
        }
        fs::write(root.join("labbook.toml"), settings).expect("the workbook can be written");
    }

    fn labbook(&self, arguments: &str) -> Outcome {
        let mut command = labbook();
        command.arg("cluster").args(arguments.split(' ')).current_dir(self.workbook.path());
        Outcome::of(command.env("LABBOOK_CACHE", self.cache.path()))
    }

    /// What `labbook cluster images` says of these images.
    fn sources(&self, images: [&str; 2]) -> [String; 2] {
        let listed = self.labbook("images").ends_with(0);
        images.map(|image| {
            let line = listed.stdout.lines().find(|line| line.starts_with(image));
            let line = line.unwrap_or_else(|| panic!("{image} is not there\n{listed}"));
            line[image.len()..].trim().to_owned()
        })
    }

    /// Why each of these images is a stand-in for a cluster that starts now;
    /// none where it is pulled.
    fn at_a_start(&self, images: [&str; 2], pull: Pull) -> [Option<Why>; 2] {
        let workbook = Workbook::find(self.workbook.path()).expect("it is right");
        let wanted: Vec<_> = workbook.config.images.into_iter().collect();
        let request =
            Request { images: &wanted, root: &workbook.root, pull, renew: Renew::Nothing };
        let cache = Cache::open(self.cache.path()).expect("the cache can be used");
        let assets = assets::prepare(&cache, &request, &|_| ()).expect("all is there");
        images.map(|name| {
            let found = assets.store.images.iter().find(|image| image.name == name);
            match &found.expect("it is in the store").source {
                Source::Pulled => None,
                Source::StandIn { why, .. } => Some(*why),
                other => panic!("{name} is {other:?}"),
            }
        })
    }

    fn stores(&self) -> Vec<String> {
        names(&self.cache.path().join("stores"))
    }

    /// How many unpacked layers of all stores hold a file.
    fn snapshots_with(&self, file: &str) -> usize {
        let stores = self.cache.path().join("stores");
        let snapshots = "containerd/io.containerd.snapshotter.v1.overlayfs/snapshots";
        let of_store = |store: &String| {
            let snapshots = stores.join(store).join(snapshots);
            names(&snapshots)
                .iter()
                .filter(|it| snapshots.join(it).join("fs").join(file).exists())
                .count()
        };
        self.stores().iter().map(of_store).sum()
    }
}

/// A cache with the programs and images of the usual one, which are built there
/// where they are not yet, and without stores.
fn cache() -> TempDir {
    let usual = Cache::default_root(std::env::var_os("LABBOOK_CACHE")).expect("there is a place");
    let cache = Cache::open(&usual).expect("the cache can be used");
    let labs = Workbook::find(Path::new(env!("CARGO_MANIFEST_DIR"))).expect("it is a workbook");
    let images: Vec<_> = labs.config.images.into_iter().collect();
    let (root, renew) = (labs.root.as_path(), Renew::Nothing);
    let request = Request { images: &images, root, pull: Pull::Never, renew };
    let _held = assets::prepare(&cache, &request, &|_| ()).expect("they can be built");
    let parent = usual.parent().expect("it has a name");
    // On the same disk, so that the files are shared.
    let own = tempfile::Builder::new().prefix("labbook-test-").tempdir_in(parent).expect("a place");
    for folder in ["programs", "images"] {
        link_tree(&usual.join(folder), &own.path().join(folder)).expect("the disk links files");
    }
    own
}

fn link_tree(from: &Path, to: &Path) -> io::Result<()> {
    if !from.is_dir() {
        return fs::hard_link(from, to);
    }
    fs::create_dir(to)?;
    for name in names(from) {
        link_tree(&from.join(&name), &to.join(&name))?;
    }
    Ok(())
}

fn names(directory: &Path) -> Vec<String> {
    let entries = fs::read_dir(directory).expect("it is a directory");
    let name = |entry: io::Result<fs::DirEntry>| entry.map(|it| it.file_name());
    let names = entries.map(name).collect::<io::Result<Vec<_>>>().expect("it can be read");
    let mut names: Vec<_> = names.into_iter().filter_map(|it| it.into_string().ok()).collect();
    names.sort();
    names
}
