use std::cell::Cell;
use std::time::Duration;

use super::*;

fn cache() -> (tempfile::TempDir, Cache) {
    let directory = tempfile::tempdir().expect("a directory");
    let cache = Cache::open(directory.path()).expect("it opens");
    (directory, cache)
}

fn make(cache: &Cache, kind: Kind, key: &str) -> (PathBuf, Hold) {
    cache
        .get_or_make(
            kind,
            key,
            || (),
            |scratch| {
                fs::write(scratch.product(), key)
                    .map_err(|error| AssetsError::io("write", &scratch.product(), error))
            },
        )
        .expect("it is made")
}

#[test]
fn a_thing_is_made_once() {
    let (_directory, cache) = cache();
    let made = Cell::new(0);
    for _ in 0..2 {
        let (path, _hold) = cache
            .get_or_make(
                Kind::Images,
                "k",
                || (),
                |scratch| {
                    made.set(made.get() + 1);
                    fs::write(scratch.product(), "x")
                        .map_err(|error| AssetsError::io("write", &scratch.product(), error))
                },
            )
            .expect("it is made");
        assert_eq!(fs::read_to_string(path).expect("it is there"), "x");
    }
    assert_eq!(made.get(), 1);
    assert_eq!(entries(&cache.root.join("tmp")).count(), 0);
}

#[test]
fn a_failure_leaves_nothing() {
    let (_directory, cache) = cache();
    let failed = cache.get_or_make(
        Kind::Programs,
        "k",
        || (),
        |scratch| {
            fs::write(scratch.path("half"), "x").expect("it is written");
            Err(AssetsError::NoGo)
        },
    );
    assert!(matches!(failed, Err(AssetsError::NoGo)));
    assert_eq!(entries(&cache.root.join("tmp")).count(), 0);
    assert_eq!(cache.keys(Kind::Programs, ""), Vec::<String>::new());
}

#[test]
fn leftovers_of_the_dead_are_removed_and_those_of_the_living_stay() {
    let (directory, cache) = cache();
    for name in ["images-dead", "images-alive"] {
        fs::create_dir(cache.root.join("tmp").join(name)).expect("it is made");
    }
    let alive = open_lock(&cache.lock_path(Kind::Images, "alive")).expect("it opens");
    alive.lock().expect("it locks");
    let cache = Cache::open(directory.path()).expect("it opens");
    let left: Vec<_> = entries(&cache.root.join("tmp")).map(|(name, _)| name).collect();
    assert_eq!(left, ["images-alive"]);
}

#[test]
fn the_second_says_that_it_waits_and_takes_what_the_first_made() {
    let (_directory, cache) = cache();
    let (started, first_started) = std::sync::mpsc::channel();
    let (go_on, first_may_end) = std::sync::mpsc::channel::<()>();
    std::thread::scope(|scope| {
        let cache = &cache;
        let first = scope.spawn(move || {
            cache
                .get_or_make(
                    Kind::Images,
                    "k",
                    || (),
                    |scratch| {
                        started.send(()).expect("the test listens");
                        first_may_end.recv().expect("the test answers");
                        fs::write(scratch.product(), "first").expect("it is written");
                        Ok(())
                    },
                )
                .map(drop)
        });
        first_started.recv().expect("the first starts");
        let (path, _hold) = cache
            .get_or_make(
                Kind::Images,
                "k",
                || go_on.send(()).expect("the first listens"),
                |_| Err(AssetsError::NoGo),
            )
            .expect("it takes the first's");
        assert_eq!(fs::read_to_string(path).expect("it is there"), "first");
        first.join().expect("no panic").expect("it is made");
    });
}

#[test]
fn the_oldest_that_nobody_uses_are_removed() {
    let (_directory, cache) = cache();
    let age = |path: &Path, days: u64| {
        let time = SystemTime::now() - Duration::from_secs(days * 86_400);
        File::open(path).and_then(|file| file.set_modified(time)).expect("its time is set");
    };
    let (used, _used_hold) = make(&cache, Kind::Stores, "used");
    age(&used, 9);
    for index in 0..Kind::Stores.kept() {
        let (path, _) = make(&cache, Kind::Stores, &format!("old{index}"));
        age(&path, 8 - index as u64);
    }
    drop(make(&cache, Kind::Stores, "new"));
    let mut left = cache.keys(Kind::Stores, "");
    left.sort_unstable();
    assert_eq!(left, ["new", "old1", "old2", "old3", "used"]);
    assert!(!cache.lock_path(Kind::Stores, "old0").exists());
}

#[test]
fn what_is_held_by_its_path_stays() {
    let (_directory, cache) = cache();
    let (path, first) = make(&cache, Kind::Stores, "k");
    let _second = hold(&path).expect("it is there");
    drop(first);
    let lock = open_lock(&cache.lock_path(Kind::Stores, "k")).expect("it opens");
    assert!(lock.try_lock().is_err());
    assert!(matches!(hold(&path.with_file_name("other")), Err(AssetsError::Vanished(_))));
}

#[test]
fn generations_of_a_key_are_told_from_other_keys() {
    let (_directory, cache) = cache();
    assert_eq!(cache.generations(Kind::Stores, "k"), [0; 0]);
    for name in ["k", "k-2", "k-10", "k2", "k-x", "other"] {
        drop(make(&cache, Kind::Images, name));
    }
    assert_eq!(cache.generations(Kind::Images, "k"), [10, 2, 1]);
    assert_eq!((generation_key("k", 1), generation_key("k", 10)), ("k".into(), "k-10".into()));
    assert!(cache.get(Kind::Images, "k-2").is_some());
    assert!(cache.get(Kind::Images, "k-3").is_none());
}

#[test]
fn earlier_generations_go_once_nobody_uses_them() {
    let (_directory, cache) = cache();
    let (_, used) = make(&cache, Kind::Stores, "k");
    drop(make(&cache, Kind::Stores, "k-2"));
    drop(make(&cache, Kind::Stores, "k-3"));
    cache.keep_only(Kind::Stores, "k", 3);
    assert_eq!(cache.generations(Kind::Stores, "k"), [3, 1]);
    drop(used);
    cache.keep_only(Kind::Stores, "k", 3);
    assert_eq!(cache.generations(Kind::Stores, "k"), [3]);
}

#[test]
fn a_scratch_is_gone_after_the_work_and_after_its_failure() {
    let (_directory, cache) = cache();
    let work = |scratch: &Scratch| {
        fs::create_dir(scratch.product()).expect("it is made");
        Ok(scratch.product())
    };
    let path = cache.with_scratch("ask", work).expect("it works");
    assert!(!path.exists());
    let failed = cache.with_scratch("ask", |_| Err::<(), _>(AssetsError::NoGo));
    assert!(matches!(failed, Err(AssetsError::NoGo)));
    assert_eq!(entries(&cache.root.join("tmp")).count(), 0);
}

#[test]
fn a_cache_that_cannot_be_used_is_named() {
    let directory = tempfile::tempdir().expect("a directory");
    let root = directory.path().join("cache");
    fs::write(&root, "a file").expect("it is written");
    let error = Cache::open(&root).expect_err("it is no directory").to_string();
    let expected = format!(
        "use the cache: {}/tmp cannot be made: Not a directory (os error 20); \
         name another directory in LABBOOK_CACHE",
        root.display()
    );
    assert_eq!(error, expected);
    fs::remove_file(&root).expect("it is removed");
    Cache::open(&root).expect("there is place now");
    fs::remove_dir(root.join("locks")).expect("it is empty");
    fs::write(root.join("locks"), "a file").expect("it is written");
    let error = Cache::open(&root).expect_err("it is no directory").to_string();
    assert!(error.contains("/locks cannot be made: "), "{error}");
}

#[test]
fn what_another_left_half_written_is_made_anew() {
    let (_directory, cache) = cache();
    let half = cache.root.join("tmp/stores-k");
    fs::create_dir(&half).expect("it is made");
    fs::write(half.join("product"), "half").expect("it is written");
    let (path, _hold) = make(&cache, Kind::Stores, "k");
    assert_eq!(fs::read_to_string(path).expect("it is there"), "k");
}
