//! The files that commands read and make, by what programs are known to do.

use std::collections::BTreeSet;

use super::commands::kubectl;
use crate::lab::without_wrappers;
use crate::lab::words::{Operator, Script, Word};

/// Programs that make no file but where they are redirected to.
const MAKES_NONE: &str = "\
    kubectl k oc cat echo printf ls grep egrep sed awk sort uniq head tail wc cut tr jq yq env date \
    sleep true false test [ pwd whoami id uname which hostname nslookup dig ping watch curl minikube \
    kind k3d docker export unset chmod base64 diff for while until if do done then else fi sudo \
    time istioctl linkerd cilium";

/// The files and directories that a command reads, as they are written. What
/// holds variables, patterns or a home directory is not known.
pub(super) fn read_by(text: &str) -> BTreeSet<String> {
    let mut files: Vec<String> = Vec::new();
    for call in kubectl(text) {
        if matches!(call.verb.as_str(), "logs" | "exec" | "cp") {
            continue;
        }
        files.extend(call.manifests().map(str::to_owned));
        for (name, value) in &call.flags {
            let Some(value) = value else { continue };
            match name.as_str() {
                "from-file" => {
                    files.push(
                        value.split_once('=').map_or(value.as_str(), |(_, file)| file).to_owned(),
                    );
                }
                "from-env-file" | "patch-file" => files.push(value.clone()),
                _ => {}
            }
        }
    }
    let script = Script::new(text);
    for simple in script.commands() {
        let targets = simple.redirects.iter().filter(|(operator, _)| *operator == Operator::Read);
        // `<name>` is a placeholder.
        let is_file = |word: &&Word| text.as_bytes().get(word.span.end) != Some(&b'>');
        let targets = targets.filter_map(|(_, target)| target.filter(is_file));
        files.extend(targets.map(|word| word.text.clone()));
        let plain = |word: &&&Word| !word.text.starts_with('-');
        let mut words = without_wrappers(&simple.words).iter();
        let Some(program) = words.next() else { continue };
        match program.text.as_str() {
            "source" | "." | "bash" | "sh" | "cat" => {
                // `bash -c TEXT` and `bash -s` read none.
                let mut rest = words.clone();
                let flagged = program.text != "cat" && rest.any(|word| word.text.starts_with('-'));
                if !flagged {
                    files.extend(words.take(1).filter(plain).map(|word| word.text.clone()));
                }
            }
            name if name.starts_with("./") => files.push(name.to_owned()),
            _ => {}
        }
    }
    files.into_iter().filter(|file| is_path(file)).collect()
}

/// The files that a command makes; none where it may make any.
pub(super) fn made_by(text: &str) -> Option<Vec<String>> {
    let script = Script::new(text);
    let mut files = Vec::new();
    for simple in script.commands() {
        for (operator, target) in &simple.redirects {
            if *operator == Operator::Write {
                files.extend(target.map(|word| word.text.clone()));
            }
        }
        let Some((program, arguments)) = without_wrappers(&simple.words).split_first() else {
            continue;
        };
        let name = program.text.as_str();
        let texts = arguments.iter().map(|word| word.text.as_str());
        match name {
            "touch" | "mkdir" | "tee" => {
                files.extend(texts.filter(|text| !text.starts_with('-')).map(str::to_owned));
            }
            "cp" | "mv" | "ln" => files.extend(arguments.last().map(|word| word.text.clone())),
            "vi" | "vim" | "nvim" | "nano" | "emacs" | "code" | "gedit" => {
                files.extend(texts.map(str::to_owned));
            }
            "curl" if downloads(arguments) => return None,
            "docker"
                if texts.clone().any(|text| matches!(text, "cp" | "save" | "build" | "run")) =>
            {
                return None;
            }
            "kubectl" | "k" | "oc"
                if texts.clone().any(|text| matches!(text, "cp" | "completion")) =>
            {
                return None;
            }
            _ if MAKES_NONE.split_ascii_whitespace().any(|known| known == name) => {}
            _ => return None,
        }
    }
    Some(files)
}

fn downloads(arguments: &[&Word]) -> bool {
    arguments.iter().any(|word| {
        let short = word.text.strip_prefix('-').filter(|rest| !rest.starts_with('-'));
        short.is_some_and(|letters| letters.contains(['o', 'O']))
            || word.text.starts_with("--output")
            || word.text.starts_with("--remote-name")
    })
}

fn is_path(text: &str) -> bool {
    !text.is_empty()
        && text != "-"
        && !text.contains("://")
        // A machine's own files may be those of another machine.
        && !text.starts_with(['~', '/'])
        && !text.contains(['$', '`', '*', '?', '[', '{', '<', '>', '(', '\n', ' '])
        // `github.com/owner/repository//path`, which kustomize fetches.
        && !text.contains("//")
        && !text.starts_with("github.com/")
}

#[cfg(test)]
mod tests {
    use super::{made_by, read_by};

    fn read(text: &str) -> Vec<String> {
        read_by(text).into_iter().collect()
    }

    #[test]
    fn files_that_are_read() {
        assert_eq!(read("kubectl apply -f a.yaml -f b/"), ["a.yaml", "b/"]);
        assert_eq!(read("kubectl create cm c --from-file=k=d.txt --from-file e"), ["d.txt", "e"]);
        assert_eq!(
            read("cat a.txt; ./run.sh; source .env; wc < b"),
            ["./run.sh", ".env", "a.txt", "b"]
        );
        for text in [
            "kubectl apply -f -",
            "kubectl apply -f https://a/b.yaml",
            "kubectl apply -k github.com/a/b",
            "kubectl logs -f web",
            "kubectl exec web -- cat a.txt",
            "kubectl apply -f $FILE",
            "cat /sys/a",
            "kubectl describe pod <name>",
            "cat <<EOF\na\nEOF",
            "bash -c 'cat x'",
        ] {
            assert_eq!(read(text), <[String; 0]>::default(), "{text}");
        }
    }

    #[test]
    fn files_that_are_made() {
        assert_eq!(made_by("cat > a.yaml <<EOF\nx\nEOF"), Some(vec!["a.yaml".to_owned()]));
        assert_eq!(made_by("echo a | tee -a b"), Some(vec!["b".to_owned()]));
        assert_eq!(made_by("kubectl get pods"), Some(vec![]));
        for text in ["git clone https://a/b", "cd a", "curl -LO https://a", "tar xf a", "./run.sh"]
        {
            assert_eq!(made_by(text), None, "{text}");
        }
    }
}
