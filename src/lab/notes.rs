//! What stands in lists of commands behind each of them: what it does, how it ended.

use super::known::{canonical, is_listed, subcommands};
use super::programs::begins_surely;
use super::prose::is_plain_word;
use super::words::Word;

/// Marks between a command and a note on it, between the steps of a drawing, and of how
/// a step ended.
const MARKS: [&str; 12] = ["–", "—", "―", "←", "⇒", "→", "↓", "✓", "✔", "✗", "✅", "❌"];

/// How a step of a list ended.
const ENDS: &str = "OK FAILED DONE PASSED SUCCESS ERROR SKIPPED";

/// Commands of these tools that are given no other program's words after `--`.
const OWN: &str = "\
    get apply delete describe logs top scale label annotate expose edit cordon uncordon drain taint rollout \
    replace patch set explain config cluster-info version api-resources ps images rm rmi pull push stop start \
    inspect install upgrade uninstall list ls repo rollback history status image";

/// Whether a text is more than a command: a drawing, or one with a note behind it.
pub(super) fn is_annotated(text: &str) -> bool {
    is_drawn(text) || is_described(text)
}

/// Whether an arrow stands among a text's words, which holds no quotes: a drawing, or a
/// note.
fn is_drawn(text: &str) -> bool {
    let text = text.split(" #").next().unwrap_or_default();
    let mut words = text.split_whitespace().peekable();
    let speaks = words.peek().is_some_and(|first| matches!(*first, "echo" | "printf"));
    !speaks
        && !text.contains(['\'', '"'])
        && words.any(|word| {
            is_arrow(word) || MARKS.contains(&word) || word.starts_with(['⇽', '⟵', '⇐', '⟸'])
        })
}

/// Whether a word is an arrow of signs, which end a word in a shell: `->`, `=>=>`.
fn is_arrow(word: &str) -> bool {
    let signs = word.bytes().all(|byte| b"-=<>".contains(&byte));
    signs
        && word.contains(['-', '='])
        && (word.ends_with('>') || word.starts_with("<-"))
        && word.len() > 1
        && word != ">="
}

/// Whether a tool's command is described on its line: `docker start <name> - Starts it`,
/// `kubectl get pods: list pods`.
fn is_described(text: &str) -> bool {
    let program = text.split_whitespace().next().unwrap_or_default();
    if subcommands(canonical(program)).is_none() || text.contains(['\'', '"', '\n', '`', '|']) {
        return false;
    }
    let command = text.split(" #").next().unwrap_or_default();
    let words = |said: &str| {
        let all = said.split_whitespace().all(|word| word.chars().all(char::is_alphabetic));
        all && said.split_whitespace().count() > 1
    };
    let noted = command.rsplit_once(" - ").is_some_and(|(before, said)| {
        let flag = before.split_whitespace().next_back().unwrap_or_default();
        words(said) && !(flag.starts_with('-') && flag.len() == 2)
    });
    let labelled = command.split_once(": ").is_some_and(|(_, said)| words(said));
    noted || labelled
}

/// Whether a line only says that the command below it does as well: "or".
pub(super) fn is_alternative(line: &str) -> bool {
    const WORDS: &str = "\
        or ou oder veya hoặc lub o oppure или або of eller atau 或 或者 또는 または もしくは";
    let word = line.trim().trim_end_matches([':', '：', '.', ',']).trim_matches('-').trim();
    !word.is_empty() && word.len() < 16 && is_listed(WORDS, &word.to_lowercase())
}

/// Whether a line among commands is its author's note to them, though no shell takes it
/// for a comment: `// then`, `==== Install ====`, `1、安装`.
pub(super) fn is_aside(line: &str) -> bool {
    const SIGNS: [&str; 4] = ["===", "***", "---", "~~~"];
    let line = line.trim();
    if let Some(said) = line.strip_prefix("//") {
        return said.starts_with([' ', '\t']) || said.starts_with(|c: char| c.is_alphabetic());
    }
    if SIGNS.iter().any(|sign| line.starts_with(sign) && line.ends_with(sign)) {
        return line.contains(char::is_alphabetic);
    }
    // Programs speak English.
    let foreign = line.chars().filter(|c| c.is_alphabetic() && !c.is_ascii()).count();
    let own = line.chars().filter(char::is_ascii_alphanumeric).count();
    if foreign > own && !begins_surely(line) {
        return true;
    }
    // What they tell to type is numbered, too.
    let after = line.trim_start_matches(|c: char| c.is_ascii_digit());
    let numbered = after.len() + 2 >= line.len() && after.len() < line.len();
    numbered
        && after.starts_with(['.', ':', ')', '、', '：', '）'])
        && after.chars().skip(1).any(|c| c.is_alphabetic() && !c.is_ascii())
}

/// Whether a program's arguments go over into a note: `get pods - list all pods`,
/// `ps – list containers`, `apply OK`.
pub(super) fn is_noted(program: &str, arguments: &[&Word]) -> bool {
    let program = canonical(program);
    if matches!(program, "echo" | "printf") {
        return false;
    }
    let bare = |word: &&Word| !word.quoted && !word.expands && !word.substitutes;
    let text = |at: usize| arguments.get(at).map_or("", |word| word.text.as_str());
    let marks = |word: &&Word| {
        let sign = !word.text.starts_with(|c: char| c.is_ascii_alphanumeric());
        sign && bare(word) && MARKS.contains(&&*word.text)
    };
    if arguments.iter().any(marks) {
        return true;
    }
    let Some(known) = subcommands(program) else {
        return false;
    };
    // `docker import - web` reads what is piped into it.
    let command =
        arguments.iter().map(|word| word.text.as_str()).find(|word| is_listed(known, word));
    let reads = matches!(command, Some("import" | "load" | "build" | "apply" | "create" | "cp"));
    let dash = arguments.iter().position(|word| bare(word) && matches!(&*word.text, "-" | "--"));
    if let Some(at) = dash {
        let after = &arguments[at + 1..];
        let valued = at > 0 && text(at - 1).starts_with('-');
        let own = || {
            matches!(program, "kubectl" | "docker" | "helm")
                && command.is_some_and(|command| is_listed(OWN, command))
        };
        let said = after.iter().all(|word| is_plain_word(&word.text)) && !after.is_empty();
        let note = if text(at) == "-" { after.len() > 1 && !reads } else { own() };
        if said && note && !valued {
            return true;
        }
    }
    // `get pods, services`: a list, not a command.
    let listed = arguments.windows(2).any(|two| bare(&two[0]) && two[0].text.ends_with(','));
    let ended = arguments.len() == 2
        && (is_listed(ENDS, text(1)) || text(1).strip_suffix('s').is_some_and(is_number));
    listed && matches!(program, "kubectl" | "docker" | "helm") || ended
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
}

#[cfg(test)]
mod tests {
    use super::{is_arrow, is_described, is_drawn, is_noted};
    use crate::lab::words::Script;

    fn noted(text: &str) -> bool {
        let script = Script::new(text);
        let commands = script.commands();
        let words = &commands[0].words;
        is_noted(&words[0].text, &words[1..])
    }

    #[test]
    fn arrows_are_told_from_redirections() {
        for text in [
            "git clone https://a/b\u{3000}\u{3000}⇽---\u{3000}克隆",
            "kubectl get pods => list them",
            "docker build -> push",
            "a <- b",
        ] {
            assert!(is_drawn(text), "{text}");
        }
        for word in ["->", "-->", "=>", "<-", "<--", "=>=>"] {
            assert!(is_arrow(word), "{word}");
        }
        for word in [">", ">>", "<", "<<", ">=", "<=", "-", "--", "==", "="] {
            assert!(!is_arrow(word), "{word}");
        }
        assert!(!is_drawn("sort <a >b 2>&1") && !is_drawn("git commit -m 'a -> b'"));
    }

    #[test]
    fn descriptions_are_told() {
        for text in [
            "docker start <container> - Inicia o container",
            "kubectl get pods -l app=a --namespace=x - to get particular pods",
            "kubectl get pods: list pods",
            "kubectl logs <pod>: show logs",
        ] {
            assert!(is_described(text), "{text}");
        }
        for text in [
            "docker build -t a - <Dockerfile",
            "kubectl apply -f - ",
            "kubectl patch po a -p 'a: b c'",
            "kubectl get pods # a: b c",
            "helm template a . -f - ",
        ] {
            assert!(!is_described(text), "{text}");
        }
    }

    #[test]
    fn notes_are_told_from_arguments() {
        for text in [
            "kubectl get pods - list all pods",
            "docker image rm x - Remove an image",
            "kubectl get pods -- lista os pods",
            "docker ps – list containers",
            "kubectl get pods ✅",
            "kubectl get pods, services",
            "kubectl apply OK",
            "docker build 12s",
        ] {
            assert!(noted(text), "{text}");
        }
        for text in [
            "kubectl apply -f -",
            "kubectl exec web -- ls",
            "kubectl run a --image=b -- sleep infinity",
            "kubectl create job a --image=b -- date",
            "docker build -t web -",
            "docker load -i -",
            "docker import - web",
            "kubectl exec -it web-0 -c logs -- cat file",
            "cat - notes",
            "git checkout -- file",
            "helm template web . -f -",
            "curl -o - http://a",
            "kubectl scale deploy web --replicas 3",
        ] {
            assert!(!noted(text), "{text}");
        }
    }
}
