//! Where a path of a command leads: to what is the lab's own, or to the machine's files.
//!
//! Links are not followed, and what a variable holds is not known: nothing is looked up.

use std::path::{Component, Path, PathBuf};

use super::temporary::Names;

/// Directories of the machine in which everybody may have files of his own.
const TEMPORARY: [&str; 3] = ["/tmp", "/var/tmp", "/dev/shm"];

/// What is no file: writing to it changes nothing.
const NO_FILES: [&str; 7] = [
    "/dev/null",
    "/dev/fd",
    "/dev/stdin",
    "/dev/stdout",
    "/dev/stderr",
    "/dev/tty",
    "/proc/self/fd",
];

/// How deep a directory may be before it is not followed any more.
const DEEPEST: usize = 64;

/// How many words one with braces may stand for before the rest are left out.
const MOST_WORDS: usize = 64;

/// What a command does to a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Act {
    /// It writes the file, or puts something into the directory.
    Writes,
    /// It changes what is there: moves it, or gives it another owner or mode.
    Changes,
    /// It takes it away.
    Removes,
}

/// A place in the file system, as far as it is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Place {
    /// In a directory of the lab's own, its workbook or home, so many levels deep.
    Own(usize),
    /// Out of it, by `..`.
    Outside,
    /// A path of the machine, without `.` and `..`.
    Machine(PathBuf),
    /// What a variable or a command says.
    Unknown,
}

impl Place {
    fn at(path: &str) -> Self {
        Self::Machine("/".into()).beyond(path)
    }

    /// The place to which a path leads from here.
    fn beyond(mut self, path: &str) -> Self {
        for part in path.split('/').filter(|part| !matches!(*part, "" | ".")) {
            self = match (self, part) {
                (Self::Own(depth), "..") => depth.checked_sub(1).map_or(Self::Outside, Self::Own),
                // It may hold any number of levels, also those of `..`.
                (Self::Own(_), part) if part.contains(['$', '`']) => Self::Unknown,
                (Self::Own(depth), _) => Self::Own(depth + 1),
                (Self::Machine(mut path), "..") => {
                    path.pop();
                    Self::Machine(path)
                }
                (Self::Machine(path), part) if path.components().count() < DEEPEST => {
                    Self::Machine(path.join(part))
                }
                (Self::Machine(_) | Self::Unknown, _) => Self::Unknown,
                (Self::Outside, _) => Self::Outside,
            };
        }
        self
    }
}

/// Where a shell stands.
#[derive(Debug, Clone)]
pub(super) struct Shell {
    /// Its directory.
    directory: Place,
    /// The directory before the last `cd`.
    before: Place,
    /// Those that `pushd` left.
    pushed: Vec<Place>,
    /// What `~` is.
    home: Place,
}

impl Shell {
    /// The lab's own, in a directory of the workbook so many levels deep.
    pub(super) fn new(depth: usize) -> Self {
        let directory = Place::Own(depth);
        Self { before: Place::Unknown, pushed: Vec::new(), home: Place::Own(0), directory }
    }

    /// That of a user of the machine, who has a home there; a `login` begins in it.
    pub(super) fn of_user(&self, user: &str, login: bool) -> Self {
        let home =
            Place::at(&if user == "root" { "/root".into() } else { format!("/home/{user}") });
        let directory = if login { home.clone() } else { self.directory.clone() };
        Self { directory, home, ..self.clone() }
    }

    /// Goes where `cd`, `pushd` or `popd` leads; `surely` where that is run in any case.
    pub(super) fn go(&mut self, name: &str, target: Option<&str>, surely: bool) {
        let to = match (name, target) {
            ("popd", _) => self.pushed.pop().unwrap_or(Place::Unknown),
            (_, Some("-")) => self.before.clone(),
            ("cd", None) => self.home.clone(),
            (_, Some(target)) => self.reach(target),
            (_, None) => Place::Unknown,
        };
        let to = if surely { to } else { Place::Unknown };
        self.before = std::mem::replace(&mut self.directory, to);
        if name == "pushd" && self.pushed.len() < DEEPEST {
            self.pushed.push(self.before.clone());
        }
    }

    /// The place to which a path leads.
    fn reach(&self, path: &str) -> Place {
        const HERE: [&str; 4] = ["$PWD", "${PWD}", "$(pwd)", "`pwd`"];
        const HOME: [&str; 3] = ["~", "$HOME", "${HOME}"];
        const TMPDIR: [&str; 2] = ["$TMPDIR", "${TMPDIR}"];
        let after = |names: &[&str]| {
            let rest = names.iter().find_map(|name| path.strip_prefix(name))?;
            (rest.is_empty() || rest.starts_with('/')).then(|| rest.to_owned())
        };
        if path.starts_with('/') {
            return Place::at(path);
        }
        if let Some(rest) = after(&HOME) {
            return self.home.clone().beyond(&rest);
        }
        if let Some(rest) = after(&HERE) {
            return self.directory.clone().beyond(&rest);
        }
        if let Some(rest) = after(&TMPDIR) {
            return Place::Own(0).beyond(&rest);
        }
        match path.chars().next() {
            Some('$' | '`') => Place::Unknown,
            Some('~') if path[1..].starts_with(|c: char| c.is_ascii_alphabetic()) => {
                Place::at("/home").beyond(&path[1..])
            }
            _ => self.directory.clone().beyond(path),
        }
    }

    /// The machine's file to which a word leads that a command treats so; none where it is
    /// the lab's own or not known. `names` are those of the page.
    pub(super) fn of_machine(&self, word: &str, act: Act, names: &Names) -> Option<String> {
        // With a host before it, it is another machine's.
        if word.split('/').next().is_some_and(|first| first.contains(':')) {
            return None;
        }
        unbraced(word).into_iter().find_map(|word| {
            let place = self.reach(&word);
            let changes = match &place {
                Place::Own(_) | Place::Unknown => false,
                Place::Outside => true,
                Place::Machine(path) => is_changed(path, act, names),
            };
            changes.then_some(match place {
                Place::Machine(path) if !word.starts_with('/') => path.display().to_string(),
                _ => word,
            })
        })
    }
}

/// Whether the machine is another one after this was done to a path of it.
fn is_changed(path: &Path, act: Act, names: &Names) -> bool {
    if NO_FILES.iter().any(|none| path.starts_with(none)) {
        return act != Act::Writes;
    }
    let Some(below) = TEMPORARY.iter().find_map(|free| path.strip_prefix(free).ok()) else {
        return true;
    };
    match below.components().next() {
        // The directory itself: others have files in it.
        None => act != Act::Writes,
        Some(Component::Normal(name)) => {
            let name = name.to_string_lossy();
            let begin = name.split(['*', '?', '[']).next().unwrap_or_default();
            let is_pattern = begin.len() < name.len();
            // Whose they are is not known of those that a pattern finds.
            is_pattern && begin.is_empty() || act == Act::Removes && !names.has(begin, is_pattern)
        }
        Some(_) => true,
    }
}

/// The words that one with braces stands for: `/{etc,usr}`.
fn unbraced(word: &str) -> Vec<String> {
    let mut done = Vec::new();
    let mut open = vec![word.to_owned()];
    while let Some(word) = open.pop() {
        match alternatives(&word) {
            Some((before, parts, after)) if done.len() + open.len() < MOST_WORDS => {
                open.extend(parts.iter().rev().map(|part| format!("{before}{part}{after}")));
            }
            _ => done.push(word),
        }
    }
    done
}

/// What stands before the first braces that hold a comma, the parts in them, and what
/// stands after.
fn alternatives(word: &str) -> Option<(&str, Vec<&str>, &str)> {
    for (open, _) in word.match_indices('{').take(MOST_WORDS) {
        if word[..open].ends_with('$') {
            continue;
        }
        let (mut depth, mut from, mut parts) = (0, open + 1, Vec::new());
        for (at, byte) in word.bytes().enumerate().skip(open) {
            match byte {
                b'{' => depth += 1,
                b',' if depth == 1 => {
                    parts.push(&word[from..at]);
                    from = at + 1;
                }
                b'}' if depth == 1 => {
                    if parts.is_empty() {
                        break;
                    }
                    parts.push(&word[from..at]);
                    return Some((&word[..open], parts, &word[at + 1..]));
                }
                b'}' => depth -= 1,
                _ => {}
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::{Act, Place, Shell, unbraced};
    use crate::plan::host::temporary::Names;

    #[test]
    fn words_with_braces_stand_for_several() {
        for (word, words) in [
            ("/{etc,usr}", "/etc /usr"),
            ("a{b,c{d,e}}f", "abf acdf acef"),
            ("{a,b}{c,d}", "ac ad bc bd"),
            ("${A,B} {a}", "${A,B} {a}"),
            ("{a}{b,c}", "{a}b {a}c"),
            ("{a,", "{a,"),
        ] {
            assert_eq!(unbraced(word).join(" "), words, "{word}");
        }
        assert!(unbraced(&"{a,b}".repeat(40)).len() < 200);
        assert_eq!(unbraced(&"{".repeat(5_000)).len(), 1);
    }

    #[test]
    fn a_shell_goes_where_it_is_told() {
        let at = |path: &str| Place::Machine(path.into());
        for (moves, place) in [
            (&["a", ".."][..], Place::Own(2)),
            (&["..", "..", ".."], Place::Outside),
            (&["/etc", "..", "usr/./lib/"], at("/usr/lib")),
            (&["/etc", "a", "-"], at("/etc")),
            (&["~", "a"], Place::Own(1)),
            (&["$HOME/.."], Place::Outside),
            (&["${PWD}/a"], Place::Own(3)),
            (&["$DIR", ".."], Place::Unknown),
            (&["~me"], at("/home/me")),
            (&["/.."], at("/")),
        ] {
            let mut shell = Shell::new(2);
            for to in moves {
                shell.go("cd", Some(to), true);
            }
            assert_eq!(shell.directory, place, "{moves:?}");
        }
        let mut shell = Shell::new(0);
        shell.go("pushd", Some("/etc"), true);
        shell.go("popd", None, true);
        assert_eq!(shell.directory, Place::Own(0));
        shell.go("cd", Some("a"), false);
        assert_eq!(shell.directory, Place::Unknown);
    }

    #[test]
    fn in_temporary_directories_a_page_has_what_it_names() {
        let names = Names::of(["mkdir /tmp/mine; touch /tmp/my-1"]);
        let of = |path, act| Shell::new(0).of_machine(path, act, &names).is_some();
        for (path, [written, changed, removed]) in [
            ("/tmp", [false, true, true]),
            ("/var/tmp/", [false, true, true]),
            ("/tmp/mine", [false, false, false]),
            ("/tmp/mine/*", [false, false, false]),
            ("/tmp/theirs", [false, false, true]),
            ("/tmp/$NAME", [false, false, false]),
            ("/tmp/my-*", [false, false, false]),
            ("/tmp/their*", [false, false, true]),
            ("/tmp/*", [true, true, true]),
            ("/tmp/../etc", [true, true, true]),
            ("/dev/null", [false, true, true]),
            ("/dev/sda", [true, true, true]),
            ("host:/etc/x", [false, false, false]),
        ] {
            let acts = [Act::Writes, Act::Changes, Act::Removes].map(|act| of(path, act));
            assert_eq!(acts, [written, changed, removed], "{path}");
        }
    }
}
