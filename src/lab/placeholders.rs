//! What stands in a command for something to be filled in.

use std::sync::LazyLock;

use regex::Regex;

use super::blocks::Simple;
use super::known::is_listed;
use super::patterns::pattern;
use super::words::{Script, Word};

/// The first part of a command that stands for something to be filled in:
/// `<name>`, `{version}`, `YOUR_TOKEN`.
pub(super) fn placeholder<'t>(
    script: &Script,
    commands: &[Simple<'_>],
    text: &'t str,
) -> Option<&'t str> {
    let shaped = || shaped(commands, text);
    let angled = || angled(script, commands, text);
    let named = || upper_case_name(commands, text);
    templated(text).or_else(|| assigned(text)).or_else(angled).or_else(shaped).or_else(named)
}

/// The first part of a command that has one of the shapes of something to be filled in.
fn shaped<'t>(commands: &[Simple<'_>], text: &'t str) -> Option<&'t str> {
    static SHAPES: LazyLock<Regex> = LazyLock::new(|| {
        let names = r"(?:YOUR|MY|CHANGE|REPLACE|INSERT|ENTER)[_-][A-Z0-9_-]*[A-Z0-9]|CHANGEME|[A-Z]+_HERE|your-[a-z0-9-]+|X{3,}|(?:[a-z0-9]+-)*(?:x{4,}|X{4,})|[A-Z]+(?:_[A-Z]+)*_KEY|COMMAND|VERB|OPTIONS|TYPE/NAME";
        let words = r"options|flags|args|arguments|command|tab|name|file|path[\w-]*|pid|ip|id|pod|image|container|namespace|node|user|username|password|host|hostname|port|opciones|nombre|__\w+__|\.\.\.";
        let braced = r"\{\{ ?[a-z_]\w{1,30} ?\}\}|\{[a-z][\w. -]{1,30}\}";
        pattern(&format!(
            r"(?:^|[\s=/:@'\x22,])(?P<found>\[[A-Z][A-Za-z' _/|-]{{2,40}}\]|\[(?:{words}|[a-z]{{2,20}}(?:[ _-][a-z]{{2,20}}){{1,5}}|[A-Za-z ]{{0,20}}[^\x00-\x7f][^\[\]\n]{{0,40}})\]|\[\[[A-Z_]{{2,20}}\]\]|\[\p{{Ll}}{{3,20}}\](?: \[\p{{Ll}}{{3,20}}\])+|{braced}|(?:{names})|\.\.\.)(?:$|[\s/:.,;'\x22@])"
        ))
    });
    // `{a}` in a program's text, and names after `$`, are none; nor is what
    // stands in a here-document.
    let line = text.lines().next().unwrap_or_default();
    let found = SHAPES.captures(text)?.name("found")?;
    // What these look for, or set, is a name as it is.
    let holds = |word: &&Word| word.span.contains(&found.start());
    let named = commands
        .iter()
        .filter(|simple| simple.words.iter().any(holds))
        .any(|simple| simple.words.iter().any(|word| is_listed(NAMING, &word.text)));
    if named && found.as_str().bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_') {
        return None;
    }
    let quoted = text[..found.start()].matches('\'').count() % 2 == 1;
    let braced = found.as_str().starts_with(['{', '[']);
    // Go names all packages below by `./...`.
    let inside =
        text.contains("<<") && found.start() > line.len() || text[..found.start()].ends_with("./");
    (!inside && (!braced || !quoted)).then(|| found.as_str())
}

/// A value of nothing but `<what to write>`: to a shell its words are files, and an
/// apostrophe among them opens a quote.
pub(super) fn assigned(text: &str) -> Option<&str> {
    static ASSIGNED: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"^(?:export )?[A-Za-z_]\w*=(?P<found><[^<>\n]{1,120}>)$"));
    ASSIGNED.captures(text)?.name("found").map(|found| found.as_str())
}

/// Programs whose arguments name variables, or are patterns.
const NAMING: &str = "grep egrep fgrep rg printenv sed awk env export unset";

/// The first argument that is nothing but the name, in capitals, of what belongs there:
/// `logs POD_NAME`, `--zone=COMPUTE_ZONE`.
fn upper_case_name<'t>(commands: &[Simple<'_>], text: &'t str) -> Option<&'t str> {
    const NOUNS: &str = "\
        NAME NAMESPACE ID IP ADDRESS HASH SUFFIX NUMBER PROJECT REGION ZONE CLUSTER ACCOUNT USER USERNAME HOST \
        HOSTNAME DOMAIN VERSION TAG URL URI PORT PATH";
    // What these give to a program is called so itself.
    const NAMES: &str = "-e --env --keys -k --build-arg --key --var --name";
    let named = |word: &str| {
        let (of, noun) = word.rsplit_once(['_', '-'])?;
        let capital = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || "_-".contains(c);
        (is_listed(NOUNS, noun) && of.starts_with(char::is_alphabetic) && of.chars().all(capital))
            .then_some(())
    };
    let tools = commands.iter().filter(|simple| simple.program().is_some_and(is_a_tool));
    for simple in tools {
        let given = simple.words.iter().take_while(|word| word.text != "--");
        let pairs = simple.words.iter().zip(given.skip(1));
        for (before, word) in pairs {
            let own = is_listed(NAMES, &before.text) || word.quoted || word.expands;
            let (start, value) = match word.text.split_once('=') {
                Some((flag, value)) if flag.starts_with("--") => (flag.len() + 1, value),
                _ => (0, word.text.as_str()),
            };
            let part = value.rsplit('/').next().unwrap_or(value);
            if !own && named(part).is_some() {
                let start = word.span.start + start + value.len() - part.len();
                return text.get(start..start + part.len());
            }
        }
    }
    None
}

/// Whether a program's arguments are names of objects, which have no capital letters.
fn is_a_tool(name: &str) -> bool {
    is_listed(
        "kubectl k oc helm docker podman gcloud eksctl az minikube kind istioctl argocd",
        name,
    )
}

/// The name of a program that the page's generator fills in: `{{% param cli %}} get`.
pub(super) fn templated(text: &str) -> Option<&str> {
    let end = text.strip_prefix("{{")?.find("}}")? + "{{}}".len();
    (!text[..end].contains('\n') && text[end..].starts_with(' ')).then(|| &text[..end])
}

/// The first `<name>` of a command. To a shell it is two redirections.
fn angled<'t>(script: &Script, commands: &[Simple<'_>], text: &'t str) -> Option<&'t str> {
    // The quotes of these hold patterns and text.
    const TEXTUAL: &str = "sed grep egrep awk gawk echo printf perl jq yq";
    static QUOTED: LazyLock<Regex> = LazyLock::new(|| pattern(r"<[A-Za-z][A-Za-z0-9_ .-]{1,40}>"));
    if !text.contains('<') {
        return None;
    }
    let textual =
        commands.iter().any(|simple| simple.program().is_some_and(|name| is_listed(TEXTUAL, name)));
    if textual {
        return None;
    }
    let words: Vec<_> = script.words().collect();
    let bytes = text.as_bytes();
    for (index, word) in words.iter().enumerate() {
        let start = word.span.start;
        let opens =
            start > 0 && bytes[start - 1] == b'<' && (start < 2 || bytes[start - 2] != b'<');
        if !opens || !word.text.starts_with(char::is_alphabetic) {
            continue;
        }
        let closes = words[index..].iter().find(|word| bytes.get(word.span.end) == Some(&b'>'));
        let found = closes.and_then(|word| text.get(start - 1..=word.span.end));
        if let Some(found) =
            found.filter(|found| !found.contains('\n') && found.matches(' ').count() < 5)
        {
            return Some(found);
        }
    }
    let quoted = words.iter().find_map(|word| {
        let found = QUOTED.find(text.get(word.span.clone())?)?;
        // A pattern of grep or a tag is quoted, too: the whole value must be one.
        let before = text.get(word.span.start..word.span.start + found.start())?;
        let after = text.get(word.span.start + found.end()..word.span.end)?;
        let whole = matches!(before.chars().last(), Some('\'' | '"' | '=' | '/' | ':' | '@'))
            && (after.is_empty() || after.starts_with(['\'', '"', '/', ':', '@', ',']));
        let known = matches!(
            &found.as_str()[1..found.len() - 1],
            "none"
                | "pending"
                | "unset"
                | "unknown"
                | "invalid"
                | "nil"
                | "title"
                | "html"
                | "body"
                | "head"
                | "h1"
        );
        (word.quoted && whole && !known)
            .then(|| word.span.start + found.start()..word.span.start + found.end())
    })?;
    text.get(quoted)
}
