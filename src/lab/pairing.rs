//! Which fence shows what the command of the fence before it printed.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::captions::{
    Introduced, announces_output, asks_for_command, asks_to_paste, asks_to_type, ends_with_colon,
    forbids, introduced_file, names_output,
};
use super::known::{canonical, is_listed, subcommands};
use super::patterns::pattern;
use super::programs::{begins_surely, is_surely_a_command};
use crate::document::{Document, Fence};

/// What stands between two fences.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Between {
    /// Nothing but blanks and comments.
    Blank,
    /// A phrase that announces an output.
    Caption,
    /// Prose that leads on to the second fence.
    Leads,
    /// Anything else.
    Text,
    /// A heading, or more than a few lines.
    Section,
}

/// The most lines of prose over which an output may still be a command's.
pub(super) const MOST_LINES: usize = 12;

/// The most lines of a fence that are read for the page's own text.
const MOST_READ: usize = 2_000;

/// What stands between a fence and the next one.
pub(super) fn between(document: &Document, before: &Fence, after: &Fence) -> Between {
    let mut last: Option<&str> = None;
    let mut count = 0_usize;
    let mut captioned = false;
    let mut section = false;
    for number in before.last_line() + 1..after.open {
        let range = document.line(number);
        // A comment is invisible, whatever it says.
        if is_hidden(document, &range) {
            continue;
        }
        let line = &document.text()[range];
        let line = line.trim().trim_start_matches(['>', ' ', '\t']);
        let line = summary(line).unwrap_or(line);
        // What another tab shows is no part of this one.
        section |= is_a_tabs_end(line);
        let bare = line.trim_start_matches(['-', '*', '+', ' ']);
        if bare.is_empty() || is_markup(line) {
            continue;
        }
        // The first line says it all, whatever the rest of the paragraph is.
        captioned = (count == 0 || captioned) && announces_output(line);
        section |= line.starts_with('#') && !announces_output(line);
        last = Some(line);
        count += 1;
        if count > MOST_LINES {
            return Between::Section;
        }
    }
    match last {
        _ if section => Between::Section,
        None => Between::Blank,
        Some(_) if captioned => Between::Caption,
        Some(line) if announces_output(line) => Between::Caption,
        Some(line) if ends_with_colon(line) => Between::Leads,
        Some(_) => Between::Text,
    }
}

/// The text that a line folds the next fence under, where it announces an output:
/// `<summary>Output:</summary>`.
fn summary(line: &str) -> Option<&str> {
    let (_, text) = line.split_once("<summary>")?;
    let text = text.split_once("</summary>").map_or(text, |(text, _)| text);
    let text = text.trim_start_matches("<b>").trim_end_matches("</b>").trim();
    announces_output(text).then_some(text)
}

/// Whether a tab of a page ends at a line: `{{< /tab >}}`, `=== "Linux"`.
fn is_a_tabs_end(line: &str) -> bool {
    ["{{< /tab", "{{% /tab", "{{</tab", "</TabItem>", "</Tab>", "{% endtab %}", "=== \""]
        .iter()
        .any(|mark| line.starts_with(mark))
}

/// Whether a line is part of a comment.
fn is_hidden(document: &Document, line: &Range<usize>) -> bool {
    let comments = document.comments();
    let next = comments.partition_point(|comment| comment.span.end < line.start);
    comments.get(next).is_some_and(|comment| comment.span.start < line.end)
}

/// Lines that are no text to a reader of the page: comments, tags, shortcodes, a
/// rule.
fn is_markup(line: &str) -> bool {
    let tag = line.starts_with('<') && line.ends_with('>') && !line.contains("http");
    let shortcode = ["{{", "{%", ":::", "!!!", "???"].iter().any(|mark| line.starts_with(mark));
    tag || shortcode || line.len() > 2 && line.chars().all(|c| matches!(c, '-' | '*' | '_'))
}

/// The file that a fence is: its info string gives it a file's name, or the line
/// before it does ("Create `run.sh`:", "run.sh:").
pub(super) fn named_file(document: &Document, fence: &Fence) -> Option<Introduced> {
    static NAMED: LazyLock<Regex> = LazyLock::new(|| {
        pattern(r#"(?:^|[\s{,])(?:title|file|filename|name)=("[^"]*"|'[^']*'|[^\s,}]+)"#)
    });
    let titled = NAMED.captures(&fence.info).is_some_and(|captures| {
        let name = captures[1].trim_matches(['"', '\'']);
        !name.contains(' ') && name.rsplit('/').next().is_some_and(|file| file.contains('.'))
    });
    if titled {
        return Some(Introduced::Script);
    }
    line_before(document, fence).and_then(introduced_file)
}

/// Whether the line before a fence asks to write what it holds into an editor.
pub(super) fn is_pasted(document: &Document, fence: &Fence) -> bool {
    line_before(document, fence).is_some_and(asks_to_paste)
}

/// Whether the line before a fence says that a command follows: "by running:".
pub(super) fn asks_for_a_command(document: &Document, fence: &Fence) -> bool {
    line_before(document, fence).is_some_and(asks_to_type)
}

/// Whether the line before a fence says not to do what it holds: "Never run this:".
pub(super) fn is_forbidden(document: &Document, fence: &Fence) -> bool {
    line_before(document, fence).is_some_and(|line| {
        let ends = line.trim_end_matches(['*', '_', '`', ' ']).ends_with(['!', '！']);
        (ends || ends_with_colon(line)) && forbids(line)
    })
}

/// Whether the line before a fence calls it an output.
pub(super) fn is_called_output(document: &Document, fence: &Fence) -> bool {
    line_before(document, fence).is_some_and(names_output)
}

/// Whether a new step of a numbered list begins between two fences, and calls the second
/// one no output.
pub(super) fn begins_a_step(document: &Document, before: &Fence, after: &Fence) -> bool {
    const SHOWN: &str = "\
        output outputs print prints printed show shows shown hold holds look looks contain contains log logs edit \
        compare see seen give gives return returns example sample e read reads copy content contents";
    let speaks_of_output = |line: &str| {
        let line = line.to_lowercase();
        line.split(|c: char| !c.is_alphanumeric()).any(|word| is_listed(SHOWN, word))
    };
    let lines = (before.last_line() + 1..after.open).take(MOST_LINES + 1);
    lines.map(|number| document.line(number)).filter(|range| !is_hidden(document, range)).any(
        |range| {
            let line = document.text()[range].trim_start_matches([' ', '\t', '>']);
            let rest = line.trim_start_matches(|c: char| c.is_ascii_digit());
            (1..3).contains(&(line.len() - rest.len()))
                && rest.strip_prefix(['.', ')']).is_some_and(|text| text.starts_with(' '))
                && !announces_output(line)
                && !speaks_of_output(line)
        },
    )
}

/// Whether the line before a fence asks to type this, by its very words: "enter the
/// `ping` command:".
pub(super) fn asks_for_line(document: &Document, fence: &Fence, line: &str) -> bool {
    line_before(document, fence)
        .is_some_and(|before| asks_for_command(before) && before.contains(&format!("`{line}`")))
}

/// The line of text before a fence.
fn line_before<'d>(document: &'d Document, fence: &Fence) -> Option<&'d str> {
    let lines = (1..fence.open).rev().take(4).map(|number| document.line(number));
    let lines = lines.filter(|range| !is_hidden(document, range));
    lines
        .map(|range| &document.text()[range])
        .map(|line| summary(line).unwrap_or(line).trim_matches([' ', '\t', '>']))
        .find(|line| !line.is_empty())
}

/// Whether a fence holds what looks like the page's own text after a blank line, so
/// that the mark that closes it may be meant to open the next one.
pub(super) fn may_lack_its_end(document: &Document, fence: &Fence) -> bool {
    const FEWEST_WORDS: usize = 4;
    let lines = fence.lines.iter().map(|line| document.fence_line_text(line));
    let mut blank = false;
    fence.close.is_some()
        && lines.take(MOST_READ).any(|line| {
            let line = line.trim();
            let after_blank = std::mem::replace(&mut blank, line.is_empty());
            let heading = ["## ", "### ", "#### "].iter().any(|mark| line.starts_with(mark));
            let sentence = line.starts_with(|c: char| c.is_uppercase())
                && line.ends_with([':', '.', '：', '。'])
                && line.split(' ').count() >= FEWEST_WORDS
                && line.split(' ').skip(1).all(|word| word.starts_with(char::is_alphabetic));
            after_blank && (heading || sentence)
        })
}

/// Which of several commands a fence is the output of, as the line before it says:
/// by the command itself (`` `kubectl get po`: ``), or by an object of which it alone
/// speaks ("Pods output:").
pub(super) fn spoken_of(document: &Document, fence: &Fence, commands: &[&str]) -> Option<usize> {
    let line = line_before(document, fence)?;
    let quoted = line
        .trim_end_matches([':', '*', ' '])
        .trim_start_matches(['*', '-', ' '])
        .strip_prefix('`')
        .and_then(|line| line.strip_suffix('`'));
    if let Some(at) = quoted.and_then(|quoted| commands.iter().position(|one| *one == quoted)) {
        return Some(at);
    }
    // "Output (`kubectl rollout status`):"
    let speaks_of = |command: &&str| {
        line.split('`').skip(1).step_by(2).any(|quoted| {
            quoted.contains(' ') && command.starts_with(quoted) && announces_output(line)
        })
    };
    let mut shown = (0..commands.len()).filter(|at| speaks_of(&commands[*at]));
    if let (Some(at), None) = (shown.next(), shown.next()) {
        return Some(at);
    }
    if commands.len() < 2 || !announces_output(line) {
        return None;
    }
    let line = line.to_lowercase();
    let spoken: Vec<&str> =
        line.split(|c: char| !c.is_alphanumeric()).filter(|word| word.len() > 1).collect();
    let speaks = |command: &&str| {
        command.split([' ', ',', '/']).any(|word| {
            let names = OBJECTS.iter().find(|names| is_listed(names, word));
            spoken.iter().any(|name| names.is_some_and(|names| is_listed(names, name)))
        })
    };
    let mut found = commands.iter().enumerate().filter(|(_, command)| speaks(command));
    found.next().filter(|_| found.next().is_none()).map(|(at, _)| at)
}

/// Whether the line before a fence speaks of a command, in its very words, that is none of
/// these: "Check with `kubectl get pods`, which prints:".
pub(super) fn speaks_of_another(document: &Document, fence: &Fence, commands: &[&str]) -> bool {
    const MOST: usize = 8;
    let Some(line) = line_before(document, fence) else {
        return false;
    };
    let spans = line.split('`').skip(1).step_by(2).filter(|span| span.contains(' ')).take(MOST);
    let another = |span: &str| {
        let span = span.trim().trim_start_matches("$ ");
        is_surely_a_command(span)
            && !commands.iter().any(|command| command.contains(span) || gist(command) == gist(span))
    };
    (announces_output(line) || ends_with_colon(line)) && { spans }.any(another)
}

/// What a command is about: the program, and of one that has commands which of them, and
/// of what kind the objects are that it lists.
fn gist(command: &str) -> (&str, Option<&str>, Option<usize>) {
    const LISTING: &str = "get describe top";
    let mut words = command.split_whitespace().skip_while(|word| *word == "sudo");
    let program = canonical(words.next().unwrap_or_default());
    let known = subcommands(program);
    let verb = words.by_ref().find(|word| known.is_some_and(|known| is_listed(known, word)));
    let listed = words
        .find(|word| !word.starts_with('-'))
        .filter(|_| verb.is_some_and(|verb| is_listed(LISTING, verb)));
    let kind = listed.and_then(|listed| {
        let listed = listed.split(['/', ',']).next().unwrap_or_default();
        OBJECTS.iter().position(|names| is_listed(names, listed))
    });
    (program, verb, kind)
}

/// What people call the objects that they list, kubectl's short names among them.
const OBJECTS: [&str; 14] = [
    "pods pod po",
    "services service svc",
    "deployments deployment deploy",
    "statefulsets statefulset sts",
    "replicasets replicaset rs",
    "nodes node no",
    "namespaces namespace ns",
    "pvc persistentvolumeclaim persistentvolumeclaims claims",
    "pv persistentvolume persistentvolumes volumes",
    "configmaps configmap cm",
    "secrets secret",
    "jobs job",
    "ingress ingresses ing",
    "endpoints endpoint ep",
];

/// Whether lines are rules of a Makefile: a target, and an indented recipe.
pub(super) fn is_a_makefile<'l>(mut lines: impl Iterator<Item = &'l str>) -> bool {
    static RULE: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"^(?:\.PHONY:.*|[A-Za-z][\w./%-]*:(?: [\w./%$(){}-]+)*)$"));
    let mut rule = false;
    let mut first = None;
    let holds_rule = lines.any(|line| {
        first = first.or(Some(line.trim()).filter(|line| !line.is_empty()));
        let recipe = rule && (line.starts_with('\t') || line.starts_with("    "));
        rule = RULE.is_match(line.trim_end()) && !line.starts_with([' ', '\t']);
        recipe
    });
    // A command that is asked for its help prints headings, too.
    holds_rule && !first.is_some_and(begins_surely)
}

#[cfg(test)]
mod tests {
    use super::{Between, between};
    use crate::document::Document;

    #[test]
    fn what_stands_between_two_fences_is_told() {
        let seen = |middle: &str| {
            let document =
                Document::new(format!("```\na\n```\n{middle}\n```\nb\n```\n").into_bytes());
            between(&document, &document.fences()[0], &document.fences()[1])
        };
        assert_eq!(seen(""), Between::Blank);
        assert_eq!(seen("\n \n<details>\n<summary>x</summary>\n"), Between::Blank);
        assert_eq!(seen("\n<!-- a\nb -->\n\n"), Between::Blank);
        assert_eq!(seen("\nOutput:\n\n"), Between::Caption);
        assert_eq!(seen("\n#### Output\n\n"), Between::Caption);
        assert_eq!(
            seen("> Wait.\n\n<details>\n<summary>The output is:</summary>\n\n"),
            Between::Caption
        );
        assert_eq!(seen("\nIt works, and you should see:\n\n"), Between::Caption);
        assert_eq!(seen("\nHere is a log:\n\n"), Between::Leads);
        assert_eq!(seen("\nNow look.\n\n"), Between::Text);
        assert_eq!(seen("\n## Next\n\nNow:\n"), Between::Section);
    }
}
