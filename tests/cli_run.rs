//! Runs of whole pages through the binary, without a cluster.

use serde_json::Value;

use crate::support::Test;

const PAGE: &str = "```bash\n$ echo hello\nhello\n```\n";

/// The names of the pages in the JSON of a run.
fn pages(json: &str) -> Vec<String> {
    let run: Value = serde_json::from_str(json).expect("one object");
    let labs = run["labs"].as_array().expect("labs");
    labs.iter().map(|lab| lab["page"].as_str().expect("a name").to_owned()).collect()
}

#[test]
fn a_page_is_named_from_here() {
    let test = || {
        Test::new()
            .file("a/labbook.toml", "")
            .file("a/lab.md", PAGE)
            .file("b/labbook.toml", "")
            .file("b/lab.md", PAGE)
    };
    let one = test().args("run a --cluster none --format json").run();
    assert_eq!((one.code, pages(&one.stdout)), (0, vec!["a/lab.md".to_owned()]), "{}", one.stderr);
    let both = test().args("run a b --cluster none --format json").run();
    assert_eq!((both.code, pages(&both.stdout)), (0, vec!["a/lab.md".into(), "b/lab.md".into()]));
    let both = test().args("run a b --cluster none").run();
    let headings = both.stdout.lines().filter(|line| line.contains("without a cluster"));
    let headings: Vec<&str> = headings.collect();
    assert_eq!(headings, ["a/lab.md  without a cluster", "b/lab.md  without a cluster"]);
}

#[test]
fn what_can_be_done_about_a_difference_can_be_typed_here() {
    let page = "```bash\n$ echo new\nold\n```\n";
    let ran = Test::new()
        .file("labbook.toml", "wait = \"1s\"\n")
        .file("labs/a/lab.md", page)
        .args("run lab.md --cluster none")
        .at("labs/a")
        .run();
    assert_eq!(ran.code, 10, "{}", ran.stderr);
    assert!(ran.stdout.contains("--> lab.md:3:1"), "{}", ran.stdout);
    let advice: Vec<_> = ran.stdout.lines().filter(|line| line.contains("labbook run")).collect();
    let take =
        "to take the new results as right: labbook run lab.md --cluster none --update --accept";
    // There is no cluster to look at.
    assert_eq!(advice, [take]);
}
