//! Looks at what is around a page, for the findings about it.

use std::path::Path;

use crate::document::Document;
use crate::findings::{self, Page, Questions, Surroundings};
use crate::lab::{Diagnostic, Lab};
use crate::plan::{Plan, Sources};
use crate::sandbox;

/// The programs that every lab has, whatever is installed: kubectl comes with the
/// cluster, and builtins with the shell.
const ALWAYS: &str = "\
    kubectl k bash sh . : [ alias bg break builtin cd command continue declare dirs echo eval exec \
    exit export false fg getopts hash help history jobs kill let local logout popd printf pushd \
    pwd read readonly return set shift shopt source test time times trap true type typeset ulimit \
    umask unalias unset wait";

/// What there is to tell of a page, in the order of the page: what its reader
/// said, and what is found in it.
pub(super) fn told(
    read: Vec<Diagnostic>,
    document: &Document,
    lab: &Lab,
    plan: &Plan,
    sources: Sources,
) -> Vec<Diagnostic> {
    let directory = plan.path.parent().unwrap_or(&plan.root);
    let surroundings = look(&Questions::of(lab), directory, sources);
    let page = Page { document, lab, plan, surroundings: &surroundings };
    let mut told = read;
    told.extend(findings::find(&page));
    told.sort_by_key(|diagnostic| diagnostic.span.start);
    told
}

fn look(questions: &Questions, directory: &Path, sources: Sources) -> Surroundings {
    let is_missing = |program: &&String| {
        !ALWAYS.split_ascii_whitespace().any(|name| name == program.as_str())
            && !std::env::split_paths(sandbox::PATH).any(|path| path.join(program).is_file())
    };
    Surroundings {
        missing_programs: questions.programs.iter().filter(is_missing).cloned().collect(),
        missing_files: questions
            .files
            .iter()
            .filter(|file| !directory.join(file).exists())
            .cloned()
            .collect(),
        online: sources == Sources::Online,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_and_files_are_looked_for_where_a_lab_has_them() {
        let directory = tempfile::tempdir().expect("a temporary directory");
        std::fs::write(directory.path().join("a.yaml"), "").expect("a file");
        let asked = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        let questions = Questions {
            programs: asked(&["kubectl", "cd", "ls", "no-such-program"]),
            files: asked(&["a.yaml", "./a.yaml", "b.yaml", "/etc/passwd"]),
        };
        let found = look(&questions, directory.path(), Sources::Mirrors);
        assert_eq!(found.missing_programs, asked(&["no-such-program"]));
        assert_eq!(found.missing_files, asked(&["b.yaml"]));
        assert!(!found.online);
    }
}
