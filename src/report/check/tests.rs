//! What is shown of pages that the reader of today does not give rise to, and of
//! bytes that no editor would write.

use super::{
    CheckSummary, CheckedPage, Detail, HiddenCommand, annotations, check_human, check_json,
    write_annotations, write_summaries,
};
use crate::document::Document;
use crate::lab::{self, Command, Diagnostic, Flags, Lab};
use crate::report::draw_diagnostic;

fn read(page: &str) -> (Document, Lab) {
    let document = Document::new(page.as_bytes().to_vec());
    let (lab, _) = lab::read(&document);
    (document, lab)
}

fn checked<'a>(
    document: &'a Document,
    lab: &'a Lab,
    diagnostics: &'a [Diagnostic],
) -> CheckedPage<'a> {
    CheckedPage { name: "lab.md", document, lab, diagnostics, plan: None, hidden: &[] }
}

/// What a writer prints, without styles.
fn printed(write: impl FnOnce(&mut Vec<u8>) -> std::io::Result<()>) -> String {
    let mut bytes = Vec::new();
    write(&mut bytes).expect("memory can be written");
    anstream::adapter::strip_str(&String::from_utf8(bytes).expect("text")).to_string()
}

fn human(page: &CheckedPage<'_>, detail: Detail) -> String {
    printed(|out| {
        check_human(out, page, detail, None)?;
        write_summaries(out, &[CheckSummary::new(page)])
    })
}

/// Three steps: one that is not run, one whose output is left out, one that goes
/// on without end.
fn particular() -> (Document, Lab) {
    let (document, mut lab) = read(
        "```console\n$ kubectl edit pod/web\npod/web edited\n$ kubectl get pods\n...\n$ kubectl get pods -w\nNAME\n...\nweb\n```\n",
    );
    lab.steps[0].flags = Flags { interactive: true, ..Flags::default() };
    lab.steps[1].outputs[0].elisions = vec![5];
    lab.steps[2].flags = Flags { blocking: true, ..Flags::default() };
    lab.steps[2].outputs[0].elisions = vec![8];
    for step in &mut lab.steps {
        step.needs = vec!["kubectl".to_owned()];
    }
    (document, lab)
}

#[test]
fn a_step_that_is_not_run_and_an_output_that_is_left_out_are_said() {
    let (document, lab) = particular();
    let command = Command { first_line: 12, last_line: 12, text: "make images".to_owned() };
    let hidden = [HiddenCommand { block: "setup", command: &command, mirrored: &[] }];
    let page = CheckedPage { hidden: &hidden, ..checked(&document, &lab, &[]) };
    insta::assert_snapshot!(human(&page, Detail::Fences), @r"
    lab.md
      setup    hidden on line 12 of the page
       12  make images
      lines 1–10 commands and output: its commands stand after prompts
        2  kubectl edit pod/web
           not run: it needs a person who types
           flags: interactive
           needs kubectl
        4  kubectl get pods
           not compared: the page leaves the output out on line 5
           needs kubectl
        6  kubectl get pods -w
           compared with lines 7–9; any lines may stand for line 8; does not return by itself
           flags: blocking
           needs kubectl

    lab.md  3 steps: 1 compared, 1 run only, 1 not run (1 interactive)
    ");
    let json = printed(|out| check_json(out, &page));
    insta::assert_snapshot!(json, @r#"
    {"page":"lab.md","setup":null,"cleanup":null,"mirrors":[],"images":[],"hidden":[{"block":"setup","command":{"first_line":12,"last_line":12,"text":"make images"}}],"fences":[{"open":1,"close":10,"role":"session","why":"its commands stand after prompts"}],"steps":[{"fence":0,"command":{"first_line":2,"last_line":2,"text":"kubectl edit pod/web"},"outputs":[{"first_line":3,"last_line":3,"elided":[],"cut":[]}],"compared":false,"not_run":"interactive","flags":["interactive"],"needs":["kubectl"]},{"fence":0,"command":{"first_line":4,"last_line":4,"text":"kubectl get pods"},"outputs":[{"first_line":5,"last_line":5,"elided":[5],"cut":[]}],"compared":false,"flags":[],"needs":["kubectl"]},{"fence":0,"command":{"first_line":6,"last_line":6,"text":"kubectl get pods -w"},"outputs":[{"first_line":7,"last_line":9,"elided":[8],"cut":[]}],"compared":true,"flags":["blocking"],"needs":["kubectl"]}],"diagnostics":[]}
    "#);
}

/// A page with two places that have to do with each other.
fn related(between: &str) -> (Document, Diagnostic) {
    let page = format!("first claim\n{between}second claim\n");
    let document = Document::new(page.clone().into_bytes());
    let second = page.find("second").expect("it is there");
    let diagnostic = Diagnostic::warning("two-claims", second..second + 6, "it is claimed twice")
        .help("write one of them")
        .related(0..5, "claimed here first");
    (document, diagnostic)
}

fn drawn(diagnostic: &Diagnostic, document: &Document) -> String {
    printed(|out| {
        out.extend(draw_diagnostic(diagnostic, "lab.md", document, None).bytes());
        Ok(())
    })
}

#[test]
fn related_places_are_drawn_and_what_is_between_is_folded() {
    let (document, near) = related("");
    insta::assert_snapshot!(drawn(&near, &document), @r"
    warning[two-claims]: it is claimed twice
     --> lab.md:2:1
      |
    1 | first claim
      | ----- claimed here first
    2 | second claim
      | ^^^^^^
      |
      = help: write one of them
    ");
    let (document, far) = related(&"nothing\n".repeat(100));
    insta::assert_snapshot!(drawn(&far, &document), @r"
    warning[two-claims]: it is claimed twice
       --> lab.md:102:1
        |
      1 | first claim
        | ----- claimed here first
    ...
    102 | second claim
        | ^^^^^^
        |
        = help: write one of them
    ");
    let (document, farther) = related(&"nothing\n".repeat(5000));
    insta::assert_snapshot!(drawn(&farther, &document), @r"
    warning[two-claims]: it is claimed twice
        --> lab.md:5002:1
         |
    5002 | second claim
         | ^^^^^^
         |
        ::: lab.md:1:1
         |
       1 | first claim
         | ----- claimed here first
         |
         = help: write one of them
    ");
}

#[test]
fn of_many_related_places_some_are_drawn() {
    let (document, mut diagnostic) = related("");
    for _ in 0..5000 {
        diagnostic = diagnostic.related(2..3, "and here");
    }
    let drawn = drawn(&diagnostic, &document);
    assert!(drawn.contains("= note: and 4995 more places, with --format json"), "{drawn}");
    assert!(drawn.lines().count() < 30, "{drawn}");
}

#[test]
fn a_line_of_any_length_is_drawn_around_its_place() {
    let text = "x-".repeat(1_500_000);
    let page = format!("{text}needle{text}");
    let document = Document::new(page.into_bytes());
    let start = text.len();
    let found =
        Diagnostic::warning("a-name", start..start + 6, "here it is").related(7..9, "as here");
    insta::assert_snapshot!(drawn(&found, &document), @r"
    warning[a-name]: here it is
    --> lab.md:1:3000001
     = note: it reads `needlex-x-x-x-x-x-x-x-x-x-x-x-x-x-x-x-x-x-x-x-x-x-x-x-x-x-x-`
     = note: as here (line 1, column 8): `-x-x-x-x-x-x-x-x-x-x-x-x-x-x-x-x-x-x-x-x-x-x-x-x-x-x-x-x-x-x`
    ");
    let near = Diagnostic::warning("a-name", 300..306, "here it is");
    assert!(drawn(&near, &document).len() < 1000);
}

#[test]
fn odd_bytes_are_drawn() {
    let page = b"\xef\xbb\xbf\tk\xc3\xa9\xff\x1b[31m \xe6\xbc\xa2\xe5\xad\x97\xe2\x80\x8b\xc2\x9b1m \0end\r\nnext\r\n";
    let document = Document::new(page.to_vec());
    let at = |text: &str| {
        let start = document.text().find(text).expect("it is there");
        start..start + text.len()
    };
    let found = Diagnostic::error("a-name", at("end"), "an \u{1b}[31modd\u{1b}[0m\nplace")
        .related(at("\u{200b}"), "no \u{7}width");
    insta::assert_snapshot!(drawn(&found, &document), @r"
    error[a-name]: an odd place
     --> lab.md:1:19
      |
    1 |     ké?␛[31m 漢字�·1m ␀end
      |                  -     ^^^
      |                  |
      |                  no width
    ");
    // No place is too odd to be drawn.
    for start in 0..page.len() + 3 {
        for end in 0..page.len() + 3 {
            let found = Diagnostic::error("a-name", start..end, "odd").related(end..start, "odd");
            assert!(drawn(&found, &document).contains("--> lab.md:"));
        }
    }
}

#[test]
fn of_many_diagnostics_of_one_kind_some_are_drawn() {
    let (document, lab) = read("text\n");
    let found = vec![Diagnostic::warning("a-name", 0..4, "look"); 60];
    let shown = human(&checked(&document, &lab, &found), Detail::Findings);
    assert_eq!(shown.matches("warning[a-name]").count(), 50);
    assert!(shown.contains("lab.md: 10 more of a-name, which --format json lists"), "{shown}");
}

#[test]
fn github_gets_its_own_escapes_and_is_told_what_it_hides() {
    let (document, _) = related("");
    let lab = lab::read(&document).0;
    let mut found: Vec<_> = (0..12)
        .map(|number| Diagnostic::warning("a-name", 0..5, format!("100% of {number}\nlines")))
        .collect();
    found.push(
        Diagnostic::error("b-name", 6..20, "two lines").help("write one").related(0..5, "as here"),
    );
    let page = checked(&document, &lab, &found);
    let shown = printed(|out| write_annotations(out, &annotations(&page, "labs/a,b:c%.md")));
    let lines: Vec<_> = shown.lines().collect();
    assert_eq!(lines.len(), 14);
    insta::assert_snapshot!([lines[0], lines[1], lines[13]].join("\n"), @r"
    ::error file=labs/a%2Cb%3Ac%25.md,line=1,endLine=2,title=labbook b-name::lab.md:1:7: two lines%0Aline 1: as here%0Ahelp: write one
    ::warning file=labs/a%2Cb%3Ac%25.md,line=1,endLine=1,col=1,endColumn=6,title=labbook a-name::lab.md:1:1: 100%25 of 0 lines
    ::notice title=labbook::GitHub shows 10 annotations of a kind; 2 warnings more are in the log of this step only
    ");
}
