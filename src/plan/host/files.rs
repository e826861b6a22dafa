//! The files that a program writes, changes or removes, by its arguments.

use super::place::Act;
use crate::lab::is_listed;
use crate::lab::words::Word;
use crate::plan::arguments::{Arguments, Valued};

/// What is done to which path, as the command has it.
pub(super) type Done<'a> = (Act, &'a str);

/// Programs that do the same to each file that they are given, and their flags that take
/// a value.
const EACH: [(&str, Act, &str); 11] = [
    ("chattr", Act::Changes, "pv"),
    ("mkdir", Act::Writes, "m"),
    ("mkfifo", Act::Writes, "m"),
    ("mknod", Act::Writes, "m"),
    ("rm", Act::Removes, ""),
    ("rmdir", Act::Removes, ""),
    ("shred", Act::Removes, "ns"),
    ("tee", Act::Writes, ""),
    ("touch", Act::Writes, "drt"),
    ("truncate", Act::Writes, "sr"),
    ("unlink", Act::Removes, ""),
];

/// Programs that put another file in the place of each that they are given, unless a flag
/// has them print or tell.
const COMPRESSORS: &str = "bunzip2 bzip2 gunzip gzip unxz xz";

/// Programs whose first operand says what is to become of the files after it.
const OWNERS: &str = "chgrp chmod chown";

/// Programs that write to the last file that they are given, or to the directory that
/// their flag names, and their flags that take a value.
const LAST: [(&str, &str); 6] = [
    ("cp", "tS"),
    ("install", "mogtS"),
    ("ln", "tS"),
    ("mv", "tS"),
    ("rsync", "e"),
    ("scp", "iPoF"),
];

/// Flags that name a file or directory that is written, by program.
const NAMED: [(&str, &[&str]); 7] = [
    ("curl", &["o", "output", "output-dir"]),
    ("gpg", &["o", "output"]),
    ("sort", &["o", "output"]),
    ("ssh-keygen", &["f"]),
    ("tar", &["C", "directory"]),
    ("unzip", &["d"]),
    ("wget", &["O", "output-document", "P", "directory-prefix"]),
];

/// Whether a program takes away the files that it is given.
pub(super) fn removes(program: &str) -> bool {
    let name = program.rsplit('/').next().unwrap_or_default();
    EACH.iter().any(|(each, act, _)| *each == name && *act == Act::Removes)
}

/// What a program does to files.
pub(super) fn done<'a>(name: &str, words: &[&'a Word]) -> Vec<Done<'a>> {
    let each = |act: Act| move |path: &'a str| (act, path);
    let mut done: Vec<Done<'a>> = named(name, words);
    if let Some((_, act, short)) = EACH.iter().find(|(each, ..)| *each == name) {
        done.extend(taken(words, short, &[]).operands.into_iter().map(each(*act)));
    } else if is_listed(OWNERS, name) {
        // `chmod -x FILE` has its mode in a flag.
        let in_flag = |word: &&Word| {
            let letters = word.text.strip_prefix('-').filter(|letters| !letters.is_empty());
            name == "chmod" && letters.is_some_and(|all| all.chars().all(|c| "rwxXst".contains(c)))
        };
        let given = words.iter().any(in_flag)
            || words.iter().any(|word| word.text.starts_with("--reference"));
        let operands = taken(words, "", &["reference"]).operands.into_iter();
        done.extend(operands.skip(usize::from(!given)).map(each(Act::Changes)));
    } else if is_listed(COMPRESSORS, name) {
        let taken = taken(words, "S", &["suffix"]);
        let tells = ["c", "stdout", "to-stdout", "l", "list", "t", "test", "k", "keep"];
        if !taken.has(&tells) {
            done.extend(taken.operands.into_iter().map(each(Act::Changes)));
        }
    } else if let Some((_, short)) = LAST.iter().find(|(last, _)| *last == name) {
        done.extend(copied(name, words, short));
    } else {
        done.extend(otherwise(name, words));
    }
    done
}

/// The arguments, where these flags take a value.
fn taken<'a>(words: &[&'a Word], short: &str, long: &[&str]) -> Arguments<'a> {
    let mut taken = Arguments::new(words, Valued { short, long }, usize::MAX);
    // What comes after `--` are files, too.
    let after = words.get(taken.after_dashes.unwrap_or(words.len())..).unwrap_or_default();
    taken.operands.extend(after.iter().map(|word| word.text.as_str()));
    taken
}

/// What flags name, or what is written to the directory where they name none.
fn named<'a>(name: &str, words: &[&'a Word]) -> Vec<Done<'a>> {
    let Some((_, flags)) = NAMED.iter().find(|(program, _)| *program == name) else {
        return Vec::new();
    };
    if name == "tar" && !extracts(words) {
        return Vec::new();
    }
    let short: String = flags.iter().filter(|flag| flag.len() == 1).copied().collect();
    let long: Vec<&str> = flags.iter().filter(|flag| flag.len() > 1).copied().collect();
    let taken = taken(words, &short, &long);
    let named: Vec<Done<'a>> =
        taken.values(flags).filter(|path| *path != "-").map(|path| (Act::Writes, path)).collect();
    let here = match name {
        "curl" => taken.has(&["O", "remote-name", "remote-name-all"]),
        "wget" => !taken.has(&["O", "output-document", "spider", "help", "version"]),
        "unzip" => !taken.has(&["l", "t", "v", "p", "Z"]),
        "tar" => true,
        _ => false,
    };
    if named.is_empty() && here { vec![(Act::Writes, ".")] } else { named }
}

/// Whether tar writes files: not where it lists or makes an archive.
fn extracts(words: &[&Word]) -> bool {
    let extracts = |word: &&Word| {
        let bundle = !word.text.starts_with("--") && word.text.starts_with('-');
        bundle && word.text.contains('x') || matches!(word.text.as_str(), "--extract" | "--get")
    };
    let first = words.first().is_some_and(|first| {
        !first.text.starts_with('-') && first.text.contains('x') && !first.text.contains('/')
    });
    first || words.iter().any(extracts)
}

/// What programs do that take files from one place to another.
fn copied<'a>(name: &str, words: &[&'a Word], short: &str) -> Vec<Done<'a>> {
    let taken = taken(words, short, &["target-directory", "suffix", "mode", "owner", "group"]);
    let mut operands = taken.operands.as_slice();
    let mut done = Vec::new();
    let given: Vec<&'a str> = taken.values(&["t", "target-directory"]).collect();
    // What is made of directories may be theirs alone: all else there is taken away.
    let empties = name == "rsync" && taken.flags.iter().any(|(flag, _)| flag.starts_with("delete"));
    // A device takes no name from a file that is moved to its place.
    let act = if empties || name == "mv" && given.is_empty() && ends_in_a_file(operands) {
        Act::Changes
    } else {
        Act::Writes
    };
    if name == "install" && taken.has(&["d", "directory"]) {
        done.extend(operands.iter().map(|path| (Act::Writes, *path)));
        return done;
    }
    if given.is_empty() {
        if let Some((last, sources)) = operands.split_last().filter(|(_, rest)| !rest.is_empty()) {
            done.push((act, *last));
            operands = sources;
        }
    } else {
        done.extend(given.iter().map(|path| (Act::Writes, *path)));
    }
    if name == "mv" {
        done.extend(operands.iter().map(|path| (Act::Changes, *path)));
    }
    done
}

/// Whether the last operand is surely no directory.
fn ends_in_a_file(operands: &[&str]) -> bool {
    operands.last().is_some_and(|last| last.starts_with("/dev/"))
}

/// What programs do whose arguments are of a kind of their own.
fn otherwise<'a>(name: &str, words: &[&'a Word]) -> Vec<Done<'a>> {
    let files = |short: &str, long: &[&str], script: &[&str]| {
        let taken = taken(words, short, long);
        // Where no flag gives it, the first operand is the script; BSD's sed has the
        // backup's ending before it.
        let mut operands = taken.operands.clone();
        operands.retain(|operand| !operand.is_empty());
        let skipped = usize::from(!taken.has(script)).min(operands.len());
        operands.drain(..skipped);
        operands.into_iter().map(|path| (Act::Changes, path)).collect()
    };
    let in_place = |word: &&Word| {
        let letters = word.text.strip_prefix('-').unwrap_or_default();
        letters.starts_with("-in-place")
            || !letters.starts_with('-')
                && letters.split(|c: char| !c.is_ascii_alphabetic()).next().is_some_and(|bundle| {
                    // Its flags that take no value may stand before it.
                    bundle
                        .trim_start_matches(['n', 'r', 'E', 's', 'z', 'p', 'l', 'w', '0'])
                        .starts_with('i')
                })
    };
    match name {
        "dd" => {
            let of = words.iter().filter_map(|word| word.text.strip_prefix("of="));
            of.map(|path| (Act::Writes, path)).collect()
        }
        "sed" if words.iter().any(in_place) => {
            files("ef", &["expression", "file"], &["e", "f", "expression", "file"])
        }
        "perl" if words.iter().any(in_place) => files("eE", &[], &["e", "E"]),
        "find" if words.iter().any(|word| word.text == "-delete") => {
            starts(words).into_iter().map(|path| (Act::Removes, path)).collect()
        }
        "openssl" => {
            let flags = words.windows(2).filter(|two| matches!(&*two[0].text, "-out" | "-keyout"));
            flags.map(|two| (Act::Writes, two[1].text.as_str())).collect()
        }
        // `kubectl cp POD:PATH PATH`.
        "kubectl" | "k" | "oc" | "docker" | "podman" | "nerdctl" => {
            let operands = taken(words, "nc", &["namespace", "container", "context"]).operands;
            let target = operands.last().filter(|last| **last != "-" && operands.len() == 3);
            let target = target.filter(|_| operands.first() == Some(&"cp"));
            target.map(|path| (Act::Writes, *path)).into_iter().collect()
        }
        "git" if words.first().is_some_and(|word| word.text == "clone") => {
            let operands =
                taken(&words[1..], "bco", &["branch", "depth", "origin", "config"]).operands;
            vec![(Act::Writes, operands.get(1).copied().unwrap_or("."))]
        }
        _ => Vec::new(),
    }
}

/// Where `find` begins.
pub(super) fn starts<'a>(words: &[&'a Word]) -> Vec<&'a str> {
    let texts = words.iter().map(|word| word.text.as_str());
    let starts: Vec<_> = texts
        .skip_while(|text| matches!(*text, "-H" | "-L" | "-P"))
        .take_while(|text| !text.starts_with(['-', '(', '!']))
        .collect();
    if starts.is_empty() { vec!["."] } else { starts }
}
