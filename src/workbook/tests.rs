//! Workbooks on disk: what is found, and what is said of what is wrong.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::{Config, ImageSource, LabConfig, Pull, Workbook};

/// A directory with these files, by their paths and contents.
fn directory(files: &[(&str, &str)]) -> tempfile::TempDir {
    let directory = tempfile::tempdir().expect("a temporary directory");
    for (path, content) in files {
        let path = directory.path().join(path);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a directory");
        fs::write(path, content).expect("a file");
    }
    directory
}

/// What is said of a workbook with these settings, its root as `ROOT`.
fn error(settings: &str) -> String {
    let directory = directory(&[
        ("labbook.toml", settings),
        ("lab.md", ""),
        ("setup.sh", ""),
        ("image/Dockerfile", ""),
    ]);
    let error = Workbook::find(directory.path()).expect_err("the settings are wrong").to_string();
    let root = directory.path().canonicalize().expect("it is there");
    error.replace(root.to_str().expect("UTF-8"), "ROOT")
}

fn names(workbook: &Workbook, paths: &[PathBuf]) -> Vec<String> {
    let pages = workbook.pages(paths).expect("there are pages");
    pages.iter().map(|page| workbook.name_of(page).expect("it is inside")).collect()
}

#[test]
fn settings_are_read_from_the_nearest_file_above() {
    let settings = r#"
        labs = ["labs/*/lab.md"]
        timeout = "1m30s"
        [lab."./labs/a/lab.md"]
        setup = "./labs/a/setup.sh"
        [mirrors]
        "https://k8s.io/examples/" = "mirror/"
        [images]
        "app:1" = { image = "image" }
        "web:1" = { archive = "web.tar" }
        [cluster]
        network = "10.213.0.0/16"
        pull = "never"
    "#;
    let directory = directory(&[
        ("labbook.toml", settings),
        ("labs/a/lab.md", ""),
        ("labs/a/setup.sh", ""),
        ("mirror/x.yaml", ""),
        ("image/image.toml", ""),
        ("web.tar", ""),
    ]);
    let workbook = Workbook::find(&directory.path().join("labs/a/lab.md")).expect("it is right");
    assert_eq!(workbook.root, directory.path().canonicalize().expect("it is there"));
    let config = &workbook.config;
    assert_eq!((config.timeout, config.wait), (Duration::from_secs(90), Duration::from_secs(60)));
    let lab = LabConfig { setup: Some(PathBuf::from("labs/a/setup.sh")), cleanup: None };
    assert_eq!(workbook.lab("labs/a/lab.md"), lab);
    assert_eq!(config.mirrors["https://k8s.io/examples/"], Path::new("mirror"));
    assert_eq!(config.images["app:1"], ImageSource::Recipe(PathBuf::from("image")));
    assert_eq!(config.images["web:1"], ImageSource::Archive(PathBuf::from("web.tar")));
    assert_eq!(config.cluster.network.as_deref(), Some("10.213.0.0/16"));
    assert_eq!(config.cluster.pull, Pull::Never);
    assert_eq!(Config::default().cluster.pull, Pull::Auto);
}

#[test]
fn what_is_wrong_is_said_with_its_place() {
    assert_eq!(
        error("labs = []\ntimeot = \"5m\"\n"),
        "ROOT/labbook.toml:2:1: unknown field `timeot`, expected one of `labs`, `timeout`, `wait`, `lab`, `mirrors`, `images`, `environment`, `cluster`"
    );
    assert_eq!(
        error("wait = \"5\"\n"),
        "ROOT/labbook.toml:1:8: expected a duration such as \"60s\", \"5m\" or \"1m30s\", found \"5\""
    );
    assert_eq!(
        error("[cluster]\nnetwork = \"10.213.0.1/16\"\n"),
        "ROOT/labbook.toml:2:11: expected an IPv4 network from /8 to /30 by its first address, such as \"10.213.0.0/16\", found \"10.213.0.1/16\""
    );
    assert_eq!(
        error("[cluster]\npull = \"sometimes\"\n"),
        "ROOT/labbook.toml:2:8: unknown variant `sometimes`, expected one of `auto`, `never`, `always`"
    );
    assert_eq!(
        error("[environment]\npass = [\"HTTP_PROXY\", \"GITHUB_TOKEN\"]\n"),
        "ROOT/labbook.toml:2:23: GITHUB_TOKEN looks like a secret, and no lab is given one from the environment: have the lab's setup script read it from a file, or put it into the cluster"
    );
    assert_eq!(
        error("[lab.\"lab.md\"]\nsetup = \"../setup.sh\"\n"),
        "ROOT/labbook.toml:2:9: expected a path inside the workbook, from ROOT, found \"../setup.sh\""
    );
    assert_eq!(
        error("[lab.\"lab.md\"]\nsetup = \"set.sh\"\n"),
        "ROOT/labbook.toml:2:9: the setup script \"set.sh\" cannot be read: No such file or directory (os error 2)"
    );
    assert_eq!(
        error("[images]\n\"app:1\" = { image = \"image\" }\n"),
        "ROOT/labbook.toml:2:11: the image file \"image/image.toml\" cannot be read: No such file or directory (os error 2)"
    );
    assert_eq!(
        error("[images]\n\"app:1\" = {}\n"),
        "ROOT/labbook.toml:2:11: expected one of `archive` and `image` for the image \"app:1\""
    );
    assert_eq!(
        error("[mirrors]\n\"k8s.io\" = \"image\"\n"),
        "ROOT/labbook.toml:2:12: expected the beginning of a URL, such as \"https://k8s.io/examples/\", found \"k8s.io\""
    );
    assert!(error("labs = [\"a[\"]\n").starts_with("ROOT/labbook.toml:1:9: "));
    assert!(error("labs = \n").starts_with("ROOT/labbook.toml:1:"));
}

#[cfg(unix)]
#[test]
fn a_link_does_not_lead_out_of_the_workbook() {
    let directory = directory(&[("labbook.toml", "[mirrors]\n\"https://a/\" = \"out\"\n")]);
    std::os::unix::fs::symlink("/", directory.path().join("out")).expect("a link");
    let error = Workbook::find(directory.path()).expect_err("it leads out").to_string();
    assert!(error.ends_with("the mirror's directory \"out\" leads out of the workbook"), "{error}");
}

#[test]
fn a_directory_means_the_labs_in_it_or_all_its_pages() {
    let directory = directory(&[
        ("labbook.toml", "labs = [\"labs/*/lab.md\", \"extra.md\"]\n"),
        ("labs/b/lab.md", ""),
        ("labs/a/lab.md", ""),
        ("labs/a/README.md", ""),
        ("labs/a/deep/lab.md", ""),
        ("notes/one.md", ""),
        ("notes/two.MD", ""),
        ("notes/other.txt", ""),
        ("notes/ignored.md", ""),
        (".gitignore", "ignored.md\nextra.md\n"),
        ("extra.md", ""),
        ("labbook-out/1/report.md", ""),
    ]);
    let workbook = Workbook::find(directory.path()).expect("it is right");
    let at = |path: &str| vec![directory.path().join(path)];
    assert_eq!(names(&workbook, &[]), ["extra.md", "labs/a/lab.md", "labs/b/lab.md"]);
    assert_eq!(names(&workbook, &at("labs")), ["labs/a/lab.md", "labs/b/lab.md"]);
    assert_eq!(names(&workbook, &at("notes")), ["notes/one.md", "notes/two.MD"]);
    assert_eq!(names(&workbook, &at("notes/other.txt")), ["notes/other.txt"]);
    let twice = [at("labs/a/lab.md"), at("labs/a/../a/lab.md")].concat();
    assert_eq!(names(&workbook, &twice), ["labs/a/lab.md"]);
}

#[test]
fn no_pages_are_an_error_that_says_what_to_do() {
    let directory = directory(&[("labbook.toml", "labs = [\"labs/*.md\"]\n"), ("empty/x.txt", "")]);
    let root = directory.path().canonicalize().expect("it is there");
    let workbook = Workbook::find(&root).expect("it is right");
    let said = |paths: &[PathBuf]| {
        let error = workbook.pages(paths).expect_err("there are none").to_string();
        error.replace(root.to_str().expect("UTF-8"), "ROOT")
    };
    assert_eq!(
        said(&[]),
        "no pages found in ROOT: nothing matches the pattern \"labs/*.md\" of `labs`"
    );
    assert_eq!(said(&[root.join("empty")]), "no pages found in ROOT/empty: it holds no *.md file");
    assert_eq!(said(&[root.join("none.md")]), "no such file or directory: ROOT/none.md");
}

#[test]
fn without_settings_the_root_is_the_pages_directory() {
    let directory = directory(&[("a/page.md", "")]);
    let workbook = Workbook::find(&directory.path().join("a/page.md")).expect("it is there");
    assert_eq!(workbook.root, directory.path().join("a").canonicalize().expect("it is there"));
    let outside = directory.path().join("other.md");
    fs::write(&outside, "").expect("a file");
    let error = workbook.pages(&[outside]).expect_err("it is outside").to_string();
    assert!(error.contains("is outside the workbook"), "{error}");
}
