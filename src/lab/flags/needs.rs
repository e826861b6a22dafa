//! Which programs a command calls.

use crate::lab::blocks::Simple;
use crate::lab::known::is_listed;
use crate::lab::words::Operator;
use crate::lab::wrappers::without_wrappers;

/// The shell's own commands, which no machine lacks.
const BUILTINS: &str = "\
    . : [ [[ alias bg bind break builtin caller case cd command compgen complete compopt continue declare \
    dirs disown do done echo elif else enable esac eval exec exit export false fc fg fi for function getopts \
    hash help history if in jobs kill let local logout mapfile popd printf pushd pwd read readarray readonly \
    return select set shift shopt source suspend test then time times trap true type typeset ulimit umask \
    unalias unset until wait while { } ! ]]";

/// The programs that a command calls, each once, in order.
pub(in crate::lab) fn needs(commands: &[Simple<'_>], text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let defined: Vec<&str> = commands
        .iter()
        .filter(|simple| simple.ended_by == Some(Operator::Open) && simple.words.len() == 1)
        .filter_map(|simple| simple.words.first().map(|word| word.text.as_str()))
        .map(|name| text.find(name).map_or("", |at| &text[at..at + name.len()]))
        .collect();
    for simple in commands {
        let all = simple.words.as_slice();
        let inner = without_wrappers(all);
        let skipped = all.len() - inner.len();
        let wrapper = (skipped > 0).then(|| all.first()).flatten();
        for word in wrapper.into_iter().chain(inner.first()) {
            let name = word.text.as_str();
            let plain = !word.expands && !word.substitutes && !name.is_empty();
            if plain
                && !is_listed(BUILTINS, name)
                && !defined.contains(&name)
                && simple.ended_by != Some(Operator::Open)
                && !name.starts_with(['(', '<', '-'])
                && !found.iter().any(|known| known == name)
            {
                found.push(name.to_owned());
            }
        }
    }
    found
}
