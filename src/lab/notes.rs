//! What stands in lists of commands behind each of them: what it does, how it ended.

use super::known::{is_listed, subcommands};
use super::prose::is_plain_word;
use super::words::Word;

/// Marks between a command and a note on it.
const MARKS: [&str; 14] =
    ["–", "—", "―", "←", "<-", "<--", "=>", "⇒", "→", "✓", "✔", "✗", "✅", "❌"];

/// How a step of a list ended.
const ENDS: &str = "OK FAILED DONE PASSED SUCCESS ERROR SKIPPED";

/// Commands of these tools that are given no other program's words after `--`.
const OWN: &str = "\
    get apply delete describe logs top scale label annotate expose edit cordon uncordon drain taint rollout \
    replace patch set explain config cluster-info version api-resources ps images rm rmi pull push stop start \
    inspect install upgrade uninstall list ls repo rollback history status image";

/// Whether a program's arguments go over into a note: `get pods - list all pods`,
/// `ps – list containers`, `apply OK`.
pub(super) fn is_noted(program: &str, arguments: &[&Word]) -> bool {
    let bare = |word: &&Word| !word.quoted && !word.expands && !word.substitutes;
    let text = |at: usize| arguments.get(at).map_or("", |word| word.text.as_str());
    let may_mark = |word: &Word| !word.text.starts_with(|c: char| c.is_ascii_alphanumeric());
    if arguments.iter().any(|word| may_mark(word) && bare(word) && MARKS.contains(&&*word.text)) {
        return true;
    }
    let tool = subcommands(program).is_some();
    let dash = arguments.iter().position(|word| bare(word) && matches!(&*word.text, "-" | "--"));
    if let Some(at) = dash {
        let after = &arguments[at + 1..];
        let words = after.iter().take_while(|word| is_plain_word(&word.text)).count();
        let valued = at > 0 && text(at - 1).starts_with('-');
        let own = matches!(program, "kubectl" | "k" | "docker" | "helm")
            && arguments[..at].iter().any(|word| is_listed(OWN, &word.text));
        let note = tool && !after.is_empty() && words == after.len() || words > 2;
        if note && !valued && (text(at) == "-" || own) {
            return true;
        }
    }
    if !tool {
        return false;
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
    use super::is_noted;
    use crate::lab::words::Script;

    fn noted(text: &str) -> bool {
        let script = Script::new(text);
        let commands = script.commands();
        let words = &commands[0].words;
        is_noted(&words[0].text, &words[1..])
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
