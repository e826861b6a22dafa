//! sed and awk: the scripts that are known to write no file and run no program.

use super::arguments::{Arguments, Valued};
use crate::lab::words::Word;

/// sed reads only where its one script is known to: it can write files and run
/// programs from there.
pub(super) fn sed(words: &[&Word]) -> bool {
    let arguments = Arguments::new(words, Valued { short: "", long: &[] }, usize::MAX);
    let flags = arguments
        .flags
        .iter()
        .all(|(name, _)| matches!(*name, "n" | "E" | "r" | "quiet" | "regexp-extended"));
    flags && arguments.operands.first().is_some_and(|script| sed_script_only_reads(script))
}

fn sed_script_only_reads(script: &str) -> bool {
    let address = script.trim_end_matches(['p', 'd', 'q']);
    if address.len() < script.len()
        && address.chars().all(|c| c.is_ascii_digit() || matches!(c, ',' | '$'))
    {
        return true;
    }
    let Some(rest) = script.strip_prefix('s') else {
        return false;
    };
    let Some(mark) = rest.chars().next().filter(|mark| !mark.is_alphanumeric() && *mark != '\\')
    else {
        return false;
    };
    let parts: Vec<&str> = rest[mark.len_utf8()..].split(mark).collect();
    matches!(parts[..], [_, _, flags] if flags.chars().all(|c| matches!(c, 'g' | 'I' | 'i' | 'p' | '0'..='9')))
}

/// awk can write files and run programs by `>`, `|`, `system` and `getline`.
pub(super) fn awk(words: &[&Word]) -> bool {
    let arguments = Arguments::new(words, Valued { short: "Fv", long: &[] }, usize::MAX);
    let flags = arguments.flags.iter().all(|(name, _)| matches!(*name, "F" | "v"));
    let program = arguments.operands.first();
    flags
        && program.is_some_and(|program| {
            !program.contains(['>', '|'])
                && !program.contains("system")
                && !program.contains("getline")
        })
}
