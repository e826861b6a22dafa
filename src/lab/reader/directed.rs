//! Fences of which a directive says how they are to be read.

use super::{Reader, Seen};
use crate::lab::continuations::take;
use crate::lab::dialect::Dialect;
use crate::lab::directives::FenceDirective;
use crate::lab::languages::Class;
use crate::lab::line::{Line, is_comment};
use crate::lab::prompts::{Kind, Prompt};
use crate::lab::session::{continued, read_prompted, read_unprompted};
use crate::lab::typed::{Doubt, Session, Typed};
use crate::lab::{Command, Role, remarks};

/// The class of a fence that has this one without a directive.
pub(super) fn class_of(class: Class, read_as: Option<&str>) -> Class {
    match read_as {
        Some("commands" | "session") if !class.may_prompt() => Class::Console,
        // Its marks say nothing of the page's prompts.
        Some("output" | "file" | "nothing") => Class::Other,
        _ => class,
    }
}

impl Reader<'_> {
    /// Reads a fence as the directive before it says; none where none does.
    pub(super) fn directed(&mut self, seen: &Seen<'_>) -> Option<(Role, String)> {
        let read_as = self.directives.of_fence(seen.index).and_then(FenceDirective::read_as)?;
        let why = format!("a directive says so: `read = \"{read_as}\"`");
        let lacking = match read_as {
            "commands" => {
                let session = self.commands(seen);
                if !session.typed.is_empty() || !session.doubts.is_empty() {
                    return Some(self.session(seen, session, &why));
                }
                "the fence holds no command"
            }
            "session" => {
                let session = self.directed_session(seen);
                if !session.typed.is_empty() || !session.doubts.is_empty() {
                    return Some(self.session(seen, session, &why));
                }
                "no line of the fence is a command after a prompt"
            }
            "output" => match self.show(seen) {
                Some(line) => return Some((Role::Output, format!("{why} (line {line})"))),
                None if self.steps.is_empty() => "no command stands before the fence",
                None => "the fence is empty",
            },
            "file" => return Some((Role::File, why)),
            _ => return Some((Role::Other, why)),
        };
        let read = self.directives.of_fence(seen.index).and_then(|fence| fence.all.get("read"));
        let span = read.map_or(self.document.line(seen.fence.open), |read| read.value_span.clone());
        self.diagnostics.push(remarks::not_as_directed(span, lacking));
        Some((Role::Other, lacking.to_owned()))
    }

    /// Reads a fence of which each line is known to be a command's.
    pub(super) fn commands(&mut self, seen: &Seen<'_>) -> Session {
        let prompt = self.dialect.prompt_of(seen.class, &seen.lines);
        let mut session = read_commands(&seen.lines, prompt.as_ref(), &self.dialect);
        self.follow(&mut session);
        session
    }

    /// Reads commands after prompts, also after those that the page has nowhere
    /// else; without any prompt the lines that surely are commands.
    fn directed_session(&mut self, seen: &Seen<'_>) -> Session {
        let Seen { class, lines, .. } = seen;
        let first = self
            .dialect
            .prompt_of(*class, lines)
            .or_else(|| seen.content().find_map(|line| self.dialect.prompt(line)));
        match first {
            Some(first) => read_prompted(lines, &first, &mut self.dialect, &self.variables),
            None => read_unprompted(lines, *class, &mut self.dialect, &self.variables),
        }
    }
}

/// Reads a fence of which each line is a command or goes on with one, whatever it
/// looks like; `prompt`, where the fence has one, stands before some of them.
fn read_commands(lines: &[Line<'_>], prompt: Option<&Prompt>, dialect: &Dialect) -> Session {
    let texts: Vec<&str> = lines.iter().map(|line| line.text.as_ref()).collect();
    let mut session = Session::default();
    let mut at = 0;
    while at < lines.len() {
        let own = prompt
            .and_then(|first| dialect.prompt(&lines[at]).filter(|found| found.kind == first.kind));
        let begins = own.as_ref().map_or(0, |found| found.length);
        let rest = texts[at][begins..].trim();
        if rest.is_empty() || is_comment(rest) {
            at += 1;
            continue;
        }
        let after = &texts[at + 1..];
        let taken = match &own {
            Some(found) => take(rest, after, |line, open| continued(line, open, found)),
            None => take(rest, after, |line, _| Some(line)),
        };
        let (first_line, last_line) = (lines[at].number, lines[at + taken.lines - 1].number);
        at += taken.lines;
        if let Some(broken) = taken.broken {
            session.doubts.push((first_line, Doubt::Broken(broken)));
            continue;
        }
        let command = Command { first_line, last_line, text: taken.text };
        let nested = own.as_ref().is_some_and(|found| dialect.is_nested(&found.kind));
        let windows = own.as_ref().is_some_and(|found| found.kind == Kind::Windows);
        session.typed.push(Typed::new(command, taken.script).at(nested, windows));
    }
    session
}

#[cfg(test)]
mod tests {
    use crate::document::Document;
    use crate::lab::{self, Diagnostic, Lab, Role};

    fn read(page: &str) -> (Lab, Vec<Diagnostic>) {
        lab::read(&Document::new(page.as_bytes().to_vec()))
    }

    fn roles(lab: &Lab) -> Vec<Role> {
        lab.fences.iter().map(|fence| fence.role).collect()
    }

    fn steps(lab: &Lab) -> Vec<(&str, Vec<&str>)> {
        lab.steps
            .iter()
            .map(|step| {
                let outputs = step.outputs.iter().map(|output| output.text.as_str()).collect();
                (step.command.text.as_str(), outputs)
            })
            .collect()
    }

    #[test]
    fn each_line_is_a_command_where_a_directive_says_so() {
        let (lab, found) = read(
            "<!-- labbook: read = 'commands' -->\n```yaml\n# first\nmy own tool\n\nif x; then\n  y\nfi\n```\n",
        );
        assert_eq!(steps(&lab), [("my own tool", vec![]), ("if x; then\n  y\nfi", vec![])]);
        assert_eq!(roles(&lab), [Role::Command]);
        assert_eq!(lab.fences[0].why, "a directive says so: `read = \"commands\"`");
        assert_eq!(found, []);
        // A prompt of the fence is none of the command's text.
        let (lab, _) = read(
            "<!-- labbook: read = 'commands' -->\n```console\n$ ls \\\n>  -l\nmy own tool\n```\n",
        );
        assert_eq!(steps(&lab), [("ls \\\n -l", vec![]), ("my own tool", vec![])]);
        let (lab, found) = read("<!-- labbook: read = 'commands' -->\n```\necho 'open\n```\n");
        assert_eq!(steps(&lab), []);
        let ids: Vec<_> = found.iter().map(|found| found.id).collect();
        assert_eq!(ids, ["no-steps", "unfinished-command"]);
    }

    #[test]
    fn a_session_may_stand_in_a_fence_of_any_language() {
        let (lab, found) =
            read("<!-- labbook: read = 'session' -->\n```python\n$ echo one\none\n```\n");
        assert_eq!(steps(&lab), [("echo one", vec!["one"])]);
        assert_eq!(roles(&lab), [Role::Session]);
        assert_eq!(found, []);
    }

    #[test]
    fn an_output_is_that_of_the_command_before_it() {
        let (lab, found) = read(
            "```console\n$ ls\n```\n\nText.\n\n```yaml\nkind: Pod\n```\n\n\
             <!-- labbook: read = 'output' -->\n```bash\n$ ls\n```\n",
        );
        assert_eq!(steps(&lab), [("ls", vec!["$ ls"])]);
        assert_eq!(roles(&lab), [Role::Command, Role::File, Role::Output]);
        assert_eq!(lab.fences[2].why, "a directive says so: `read = \"output\"` (line 2)");
        assert_eq!(found, []);
    }

    #[test]
    fn what_is_no_command_is_left_alone() {
        let (lab, found) = read(
            "<!-- labbook: read = 'nothing' -->\n```console\n> ls\n```\n\n\
             <!-- labbook: read = 'file' -->\n```bash\nls\n```\n\n```console\n$ ls\n```\n",
        );
        assert_eq!(steps(&lab), [("ls", vec![])]);
        assert_eq!(roles(&lab), [Role::Other, Role::File, Role::Command]);
        assert_eq!(found, []);
    }

    #[test]
    fn a_fence_that_cannot_be_read_so_is_an_error() {
        for (page, message) in [
            (
                "<!-- labbook: read = 'commands' -->\n```\n# nothing\n```\n",
                "`read`: the fence holds no command",
            ),
            (
                "<!-- labbook: read = 'session' -->\n```\nSome text.\n```\n",
                "`read`: no line of the fence is a command after a prompt",
            ),
            (
                "<!-- labbook: read = 'output' -->\n```\none\n```\n",
                "`read`: no command stands before the fence",
            ),
            (
                "```console\n$ ls\n```\n\n<!-- labbook: read = 'output' -->\n```\n```\n",
                "`read`: the fence is empty",
            ),
        ] {
            let (_, found) = read(page);
            let wrong = found.iter().find(|found| found.id == "bad-directive-value");
            let wrong = wrong.unwrap_or_else(|| panic!("{page}: {found:?}"));
            assert_eq!(wrong.message, message);
            assert_eq!(&page[wrong.span.clone()][..1], "'");
        }
    }
}
