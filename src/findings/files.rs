//! The files that commands read and make, by what programs are known to do.

use super::commands::kubectl_of;
use crate::lab::words::{Operator, Script, Word};
use crate::lab::{Simple, is_listed, without_wrappers};

/// Programs that make no file but where they are redirected to.
const MAKES_NONE: &str = "\
    kubectl k oc cat echo printf ls grep egrep sed awk sort uniq head tail wc cut tr jq yq env date \
    sleep true false test [ pwd whoami id uname which hostname nslookup dig ping watch curl minikube \
    kind k3d docker export unset chmod base64 diff for while until if do done then else fi sudo \
    time istioctl linkerd cilium";

/// What one command of a line does with files.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Touched {
    /// The files and directories that it reads, as they are written. What holds
    /// variables, patterns or a home directory is not known.
    pub(super) reads: Vec<String>,
    /// The files that it makes; none where it may make any, or changes where the
    /// next commands look for theirs.
    pub(super) makes: Option<Vec<String>>,
}

/// What each command of a line does with files, from left to right.
pub(super) fn touched(text: &str) -> Vec<Touched> {
    let of = |simple: &Simple<'_>| Touched { reads: read(simple, text), makes: made(simple) };
    Script::new(text).commands().iter().map(of).collect()
}

fn read(simple: &Simple<'_>, text: &str) -> Vec<String> {
    let mut files: Vec<String> = Vec::new();
    let call = kubectl_of(simple);
    for call in call.iter().filter(|call| !matches!(&*call.verb, "logs" | "exec" | "cp")) {
        files.extend(call.manifests().map(str::to_owned));
        for (name, value) in &call.flags {
            let Some(value) = value else { continue };
            match name.as_str() {
                "from-file" => {
                    let file = value.split_once('=').map_or(value.as_str(), |(_, file)| file);
                    files.push(file.to_owned());
                }
                "from-env-file" | "patch-file" => files.push(value.clone()),
                _ => {}
            }
        }
    }
    let targets = simple.redirects.iter().filter(|(operator, _)| *operator == Operator::Read);
    // `<name>` is a placeholder.
    let is_file = |word: &&Word| text.as_bytes().get(word.span.end) != Some(&b'>');
    let targets = targets.filter_map(|(_, target)| target.filter(is_file));
    files.extend(targets.map(|word| word.text.clone()));
    if let Some((program, arguments)) = without_wrappers(&simple.words).split_first() {
        let flagged = arguments.iter().any(|word| word.text.starts_with('-'));
        match program.text.as_str() {
            "cat" => files.extend(operands(arguments)),
            // `bash -c TEXT` and `bash -s` read none.
            "source" | "." | "bash" | "sh" if !flagged => {
                files.extend(operands(arguments).take(1));
            }
            name if name.starts_with("./") => files.push(name.to_owned()),
            _ => {}
        }
    }
    files.retain(|file| is_path(file));
    files
}

fn made(simple: &Simple<'_>) -> Option<Vec<String>> {
    let targets = simple.redirects.iter().filter(|(operator, _)| *operator == Operator::Write);
    let targets = targets.filter_map(|(_, target)| target.map(|word| word.text.clone()));
    let mut files: Vec<String> = targets.collect();
    let Some((program, arguments)) = without_wrappers(&simple.words).split_first() else {
        return Some(files);
    };
    let has = |names: &[&str]| arguments.iter().any(|word| names.contains(&word.text.as_str()));
    match program.text.as_str() {
        // What is asked for, the author knows not to be there.
        "touch" | "mkdir" | "tee" | "vi" | "vim" | "nvim" | "nano" | "emacs" | "code" | "gedit"
        | "test" | "[" => files.extend(operands(arguments)),
        "cp" | "mv" | "ln" => files.extend(copies(arguments)?),
        "curl" if downloads(arguments) => return None,
        "docker" if has(&["cp", "save", "build", "run"]) => return None,
        "kubectl" | "k" | "oc" if has(&["cp", "completion", "--output-directory"]) => return None,
        "yq" if has(&["-s", "--split-exp"]) => return None,
        name if is_listed(MAKES_NONE, name) => {}
        _ => return None,
    }
    Some(files)
}

/// What stands after a program and is no flag.
fn operands(arguments: &[&Word]) -> impl Iterator<Item = String> {
    arguments.iter().filter(|word| !word.text.starts_with('-')).map(|word| word.text.clone())
}

/// What `cp FILE… TO` makes: TO, and where that is a directory the files in it;
/// none where it copies what is not named.
fn copies(arguments: &[&Word]) -> Option<Vec<String>> {
    let named: Vec<String> = operands(arguments).collect();
    let recursive = arguments.iter().any(|word| {
        let letters = word.text.strip_prefix('-').filter(|letters| !letters.starts_with('-'));
        letters
            .map_or(word.text.starts_with("--"), |letters| letters.contains(['r', 'R', 'a', 't']))
    });
    if recursive || named.iter().any(|file| file.contains(['*', '?', '$', '`'])) {
        return None;
    }
    let (to, from) = named.split_last()?;
    let directory = match to.trim_end_matches('/') {
        _ if from.is_empty() => String::new(),
        "." => String::new(),
        to => format!("{}/", to.trim_start_matches("./")),
    };
    // `ln -s FILE` makes one of that name.
    let sources = if from.is_empty() { &named[..] } else { from };
    let inside = sources.iter().map(|file| {
        format!("{directory}{}", file.trim_end_matches('/').rsplit('/').next().unwrap_or_default())
    });
    Some(inside.chain([to.clone()]).collect())
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
    use super::touched;

    fn read(text: &str) -> Vec<String> {
        touched(text).into_iter().flat_map(|touched| touched.reads).collect()
    }

    fn made(text: &str) -> Option<Vec<String>> {
        let made: Option<Vec<_>> = touched(text).into_iter().map(|touched| touched.makes).collect();
        made.map(|made| made.concat())
    }

    #[test]
    fn files_that_are_read() {
        assert_eq!(read("kubectl apply -f a.yaml -f b/"), ["a.yaml", "b/"]);
        assert_eq!(read("kubectl create cm c --from-file=k=d.txt --from-file e"), ["d.txt", "e"]);
        assert_eq!(
            read("cat a.txt b.txt; ./run.sh; sudo -u me sh c.sh x; source .env; wc < d"),
            ["a.txt", "b.txt", "./run.sh", "c.sh", ".env", "d"]
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
        let made_are = |text: &str, files: &[&str]| {
            assert_eq!(
                made(text).as_deref().map(<[String]>::to_vec),
                Some(files.iter().map(|file| (*file).to_owned()).collect()),
                "{text}"
            );
        };
        made_are("cat > a.yaml <<'EOF'\nx\nEOF", &["a.yaml"]);
        made_are("echo a | tee -a b", &["b"]);
        made_are("kubectl get pods", &[]);
        made_are("cp ../a/b.yaml .", &["b.yaml", "."]);
        made_are("mv a.yaml b.yaml c", &["c/a.yaml", "c/b.yaml", "c"]);
        made_are("ln -s ../a", &["a", "../a"]);
        made_are("kubectl get pods > a; sort a > b", &["a", "b"]);
        for text in [
            "git clone https://a/b",
            "cd a",
            "curl -LO https://a",
            "curl -o a https://a",
            "wget https://a",
            "tar xf a",
            "unzip a",
            "helm create a",
            "helm pull a/b --untar",
            "kubebuilder init",
            "./run.sh",
            "cp -r ../a .",
            "cp ../*.yaml .",
        ] {
            assert_eq!(made(text), None, "{text}");
        }
    }
}
