//! Looks at what is around a page, for the findings about it.

use std::path::Path;

use crate::document::Document;
use crate::findings::{self, Page, Questions, Surroundings};
use crate::lab::{Diagnostic, Lab};
use crate::plan::{Plan, Sources};
use crate::sandbox;

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
    let surroundings = look(&Questions::of(lab, plan), directory, sources);
    let page = Page { document, lab, plan, surroundings: &surroundings };
    findings::all(read, &page)
}

fn look(questions: &Questions, directory: &Path, sources: Sources) -> Surroundings {
    // kubectl comes with the cluster.
    let is_missing = |program: &&String| {
        program.as_str() != "kubectl"
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
            programs: asked(&["kubectl", "ls", "no-such-program"]),
            files: asked(&["a.yaml", "./a.yaml", "b.yaml"]),
        };
        let found = look(&questions, directory.path(), Sources::Mirrors);
        assert_eq!(found.missing_programs, asked(&["no-such-program"]));
        assert_eq!(found.missing_files, asked(&["b.yaml"]));
        assert!(!found.online);
    }
}
