//! Commands that stand outside fences, where nothing is run: in indented blocks, in
//! `<pre>`, and inline before the button of a platform that runs them.

use std::ops::Range;

use crate::document::Document;
use crate::lab::line::is_comment;
use crate::lab::programs::is_surely_a_command;
use crate::lab::prompts::prompt;

/// What platforms write behind inline code that a click runs.
const BUTTONS: [&str; 3] = ["`{{execute", "`{{exec}}", "`{{exec "];

/// The lines on which commands begin outside fences, in the order of the page.
pub(super) fn unfenced_commands(document: &Document) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = document
        .unfenced()
        .iter()
        .filter_map(|block| first_command(document, block))
        .chain(buttons(document))
        .collect();
    found.sort_by_key(|line| line.start);
    found.dedup();
    found
}

/// The first line of a block that says something, where that is a command.
fn first_command(document: &Document, block: &Range<usize>) -> Option<Range<usize>> {
    let last = document.line_of(block.end.saturating_sub(1));
    let (line, text) = (document.line_of(block.start)..=last)
        .map(|number| document.line(number))
        .map(|line| (line.clone(), without_tags(&document.text()[line])))
        .find(|(_, text)| !text.is_empty() && !is_comment(text))?;
    let typed = prompt(text).map_or(text, |prompt| &text[prompt.length..]);
    is_surely_a_command(typed.trim()).then(|| trimmed(document, line))
}

/// A line of a block without the quote's marks and the tags before its text.
fn without_tags(line: &str) -> &str {
    let mut text = line.trim_start_matches([' ', '\t', '>']).trim_end();
    while let Some((_, after)) =
        text.strip_prefix(['<']).filter(|tag| is_tag(tag)).and_then(|tag| tag.split_once('>'))
    {
        text = after.trim_start();
    }
    text
}

/// Whether one of the tags begins that stand round code.
fn is_tag(text: &str) -> bool {
    let name = text.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
    ["pre", "code", "samp", "kbd"].iter().any(|tag| name.eq_ignore_ascii_case(tag))
}

/// Lines outside fences with inline code that a click runs.
fn buttons(document: &Document) -> Vec<Range<usize>> {
    let text = document.text();
    let mut fences = document.fences().iter().peekable();
    let mut comments = document.comments().iter().peekable();
    let mut found: Vec<Range<usize>> = Vec::new();
    // Up to where the back ticks of the line were counted, and how many there are.
    let (mut counted, mut ticks) = (0, 0);
    for at in memchr::memmem::find_iter(text.as_bytes(), "`{{exec") {
        let number = document.line_of(at);
        let line = document.line(number);
        if counted < line.start {
            (counted, ticks) = (line.start, 0);
        }
        ticks += text[counted..at].matches('`').count();
        counted = at;
        while fences.next_if(|fence| fence.last_line() < number).is_some() {}
        while comments.next_if(|comment| comment.span.end <= at).is_some() {}
        // The second of two back ticks, not one of the marks of a fence.
        let ends_code = ticks % 2 == 1 && !text[line.start..at].ends_with('`');
        let shown = fences.peek().is_none_or(|fence| number < fence.open)
            && comments.peek().is_none_or(|comment| at < comment.span.start);
        let is_button = BUTTONS.iter().any(|button| text[at..].starts_with(button));
        if ends_code && shown && is_button {
            found.push(trimmed(document, line));
        }
    }
    found.dedup();
    found
}

fn trimmed(document: &Document, line: Range<usize>) -> Range<usize> {
    let text = &document.text()[line.clone()];
    line.start + (text.len() - text.trim_start().len())..line.start + text.trim_end().len()
}

#[cfg(test)]
mod tests {
    use super::unfenced_commands;
    use crate::document::Document;

    fn lines(page: &str) -> Vec<usize> {
        let document = Document::new(page.as_bytes().to_vec());
        let found = unfenced_commands(&document);
        found.iter().map(|line| document.line_of(line.start)).collect()
    }

    #[test]
    fn commands_outside_fences_are_found() {
        for page in [
            "Run\n\n`a`{{execute}} or `b`{{execute}} or `c`{{execute}}\n",
            "> Run:\n>\n>     $ kubectl get pods\n",
            "Run:\n\n    $ kubectl get pods\n    NAME  READY\n",
            "Run:\n\n    kubectl get pods\n",
            "Run:\n\n<pre>kubectl get pods</pre>\n",
            "Run:\n\n<pre><code class=\"sh\">kubectl get pods\n</code></pre>\n",
            "Run\n\n`kubectl get pods`{{execute}}\n",
            "Run\n\n`kubectl get pods`{{execute T1}}\n",
        ] {
            assert_eq!(lines(page), [3], "{page}");
        }
    }

    #[test]
    fn what_is_none_is_not() {
        for page in [
            "Its file:\n\n    apiVersion: v1\n    kind: Pod\n",
            "It prints:\n\n    NAME  READY\n    web   1/1\n",
            "- item\n\n    goes on here\n",
            "```sh\nkubectl get pods\n```\n",
            "    ```sh\n    kubectl get pods\n    ```\n",
            "```\n`ls`{{execute}}\n```\n",
            "Use `kubectl get pods` for that.\n",
            "A button (`{{execute}}`) runs it.\n",
            "A fence may end in ```` ```{{exec}} ````.\n",
            "<!--\n    kubectl get pods\n-->\n",
            "<!-- `kubectl get pods`{{execute}} -->\n",
            "Text <!-- `kubectl get pods`{{execute}} -->\n",
        ] {
            assert_eq!(lines(page), [0; 0], "{page}");
        }
    }
}
