use super::*;

fn parse(text: &str, name: Option<&str>) -> Result<Recipe, AssetsError> {
    Recipe::parse("image.toml".into(), text, name, |relative| match relative {
        "app.py" => Ok(vec![(String::new(), b"print()".to_vec(), false)]),
        "site" => Ok(vec![("/b".to_owned(), vec![], true), ("/a".to_owned(), vec![], false)]),
        _ => Err("no such file".to_owned()),
    })
}

fn fault(text: &str) -> String {
    parse(text, None).expect_err("it is refused").to_string()
}

#[test]
fn the_whole_form_is_read() {
    let recipe = parse(
        r#"
        name = ["example.org/app:1", "app"]
        stands_in_for = "the public app"
        base = "distribution"
        packages = ["python3-minimal", "libstdc++6"]
        programs = { pause = "/pause" }
        files = { "app.py" = "/app/app.py", "site" = "/site/" }
        entrypoint = ["/usr/bin/python3"]
        command = ["app.py"]
        workdir = "/app"
        user = "1000"
        env = { PORT = "5000" }
        "#,
        None,
    )
    .expect("it is a recipe");
    assert_eq!(recipe.names(), ["example.org/app:1", "app:latest"]);
    assert_eq!(recipe.stands_in_for(), Some("the public app"));
    let files: Vec<_> =
        recipe.files.iter().map(|file| (file.to.as_str(), file.executable)).collect();
    assert_eq!(files, [("/app/app.py", false), ("/site/a", false), ("/site/b", true)]);
}

#[test]
fn the_workbooks_name_comes_first() {
    let recipe = parse("base = 'scratch'\nname = 'own:2'", Some("me/app")).expect("it is a recipe");
    assert_eq!(recipe.names(), ["me/app:latest", "own:2"]);
    let recipe = parse("base = 'scratch'", Some("me/app:1")).expect("it is a recipe");
    assert_eq!(recipe.names(), ["me/app:1"]);
}

#[test]
fn faults_are_named() {
    for (text, part) in [
        ("base = 'scratch'", "`name` is missing"),
        ("name = 'a'\nbase = 'alpine'", "unknown variant `alpine`"),
        ("name = 'a'\nbase = 'scratch'\npakages = []", "unknown field `pakages`"),
        ("name = 'a b'\nbase = 'scratch'", "is no image's name"),
        ("name = 'a'\nbase = 'scratch'\npackages = ['x']", "need `base = \"distribution\"`"),
        ("name = 'a'\nbase = 'distribution'\npackages = ['--hook=x']", "is no package's name"),
        (
            "name = 'a'\nbase = 'scratch'\nfiles = { '../x' = '/x' }",
            "not below the recipe's directory",
        ),
        ("name = 'a'\nbase = 'scratch'\nfiles = { 'x' = '/x' }", "x: no such file"),
        (
            "name = 'a'\nbase = 'scratch'\nprograms = { pause = 'pause' }",
            "expected an absolute path",
        ),
        (
            "name = 'a'\nbase = 'scratch'\nprograms = { pause = '/../pause' }",
            "expected an absolute path",
        ),
    ] {
        let message = fault(text);
        assert!(message.contains(part) && message.contains("image.toml"), "{text}\n{message}");
    }
}

#[test]
fn a_port_is_no_tag() {
    assert_eq!(complete_name("example.org:5000/app").as_deref(), Ok("example.org:5000/app:latest"));
    assert_eq!(complete_name("example.org:5000/app:1").as_deref(), Ok("example.org:5000/app:1"));
}

#[test]
fn the_catalogue_is_sound() {
    let recipes = Recipe::catalogue().expect("every recipe is sound");
    let mut names: Vec<_> = recipes.iter().flat_map(Recipe::names).collect();
    let all = names.len();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), all, "a name has two recipes: {names:?}");
    // An image's tag says which version is in it.
    let version = sources::required_version("github.com/coredns/coredns").expect("go.mod has it");
    let coredns = format!("registry.k8s.io/coredns/coredns:{version}");
    for wanted in ["busybox:latest", coredns.as_str(), "labbook.dev/pause:1"] {
        assert!(names.iter().any(|name| *name == wanted), "{wanted} is missing from {names:?}");
    }
}

#[test]
fn a_stand_in_is_pulled_unless_it_says_otherwise() {
    let pulled = |text: &str| {
        let text = format!("name = 'a'\nbase = 'scratch'\n{text}");
        parse(&text, None).expect("it is sound").is_pulled()
    };
    assert!(pulled("stands_in_for = 'the public one'"));
    assert!(!pulled("stands_in_for = 'the public one'\npull = false"));
    assert!(!pulled(""), "there is no public one");
    let own = |name: &str| name.contains("pause") || name.contains("coredns");
    for recipe in Recipe::catalogue().expect("it is sound") {
        assert_eq!(recipe.is_pulled(), !own(&recipe.names()[0]), "{:?}", recipe.names());
    }
}
