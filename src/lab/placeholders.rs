//! What stands in a command for something to be filled in.

use std::sync::LazyLock;

use regex::Regex;

use super::blocks::Simple;
use super::known::is_listed;
use super::patterns::pattern;
use super::words::{Script, Word};
use super::wrappers::without_wrappers;

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
    let known = templated(text).or_else(|| assigned(text)).or_else(angled).or_else(shaped);
    known.or_else(|| in_double_braces(text)).or_else(named)
}

/// The first part of a command that has one of the shapes of something to be filled in.
fn shaped<'t>(commands: &[Simple<'_>], text: &'t str) -> Option<&'t str> {
    static SHAPES: LazyLock<Regex> = LazyLock::new(|| {
        let names = r"(?:YOUR|MY|CHANGE|REPLACE|INSERT|ENTER)[_-][A-Z0-9_-]*[A-Z0-9]|CHANGEME|[A-Z]+_HERE|your-[a-z0-9-]+|X{3,}|(?:[a-z0-9]+-)*(?:x{4,}|X{4,})|[A-Z]+(?:_[A-Z]+)*_KEY|COMMAND|VERB|OPTIONS|TYPE/NAME";
        let words = r"options|flags|args|arguments|command|tab|name|file|path[\w-]*|pid|ip|id|pod|image|container|namespace|node|user|username|password|host|hostname|port|opciones|nombre|__\w+__|\.\.\.";
        pattern(&format!(
            r"(?:^|[\s=/:@'\x22,])(?P<found>\[[A-Z][A-Za-z' _/|-]{{2,40}}\]|\[(?:{words}|[a-z]{{2,20}}(?:[ _-][a-z]{{2,20}}){{1,5}}|[A-Za-z ]{{0,20}}[^\x00-\x7f][^\[\]\n]{{0,40}})\]|\[\[[A-Z_]{{2,20}}\]\]|\[[a-z]{{3,20}}\](?: \[[a-z]{{3,20}}\])+|\{{[a-z][\w. -]{{1,30}}\}}|(?:{names})|\.\.\.)(?:$|[\s/:.,;'\x22@])"
        ))
    });
    // `{a}` in a program's text, and names after `$`, are none; nor is what
    // stands in a here-document.
    let line = text.lines().next().unwrap_or_default();
    let found = SHAPES.captures(text)?.name("found")?;
    // Its marks are filled in by the program.
    if found.as_str().ends_with(['x', 'X']) && text.contains("mktemp") {
        return None;
    }
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

/// A name in double braces, as generators of pages fill it in: `logs {{ pod_name }}`. In
/// quotes it is of a program's own templates.
fn in_double_braces(text: &str) -> Option<&str> {
    static BRACED: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"\{\{ ?(?P<name>[a-z_]\w{1,30}) ?\}\}"));
    if text.contains(['\'', '"']) || !text.contains("{{") {
        return None;
    }
    let found = BRACED.captures(text)?;
    let own = is_listed("end else range json with", found.name("name")?.as_str());
    found.get(0).filter(|_| !own).map(|found| found.as_str())
}

/// The first argument that is nothing but the name, in capitals, of what belongs there:
/// `logs POD_NAME`, `--zone=COMPUTE_ZONE`.
fn upper_case_name<'t>(commands: &[Simple<'_>], text: &'t str) -> Option<&'t str> {
    // What these give to a program is called so itself.
    const NAMES: &str = "-e --env --keys -k --build-arg --key --var";
    for simple in commands {
        let words = without_wrappers(&simple.words);
        let is_a_tool = words.first().is_some_and(|program| is_listed(TOOLS, &program.text));
        if !is_a_tool || words.iter().any(|word| is_listed(NAMING, &word.text)) {
            continue;
        }
        let given = words.iter().skip(1).take_while(|word| word.text != "--");
        for (before, word) in words.iter().zip(given) {
            let (flag, value) = match word.text.split_once('=') {
                Some((flag, value)) if flag.starts_with("--") => (Some(flag), value),
                _ => (None, word.text.as_str()),
            };
            let own = is_listed(NAMES, flag.unwrap_or(&before.text))
                || word.quoted
                || word.expands
                || word.substitutes;
            // `pod/POD_NAME`; a path of many parts may well end so.
            let part = value.split_once('/').map_or(value, |(_, part)| part);
            if !own && is_upper_case_name(part) {
                let end = word.span.end;
                return text.get(end - part.len()..end).filter(|found| *found == part);
            }
        }
    }
    None
}

fn is_upper_case_name(word: &str) -> bool {
    const NOUNS: &str = "\
        NAME NAMESPACE ID IP ADDRESS HASH SUFFIX NUMBER PROJECT REGION ZONE CLUSTER ACCOUNT USER USERNAME HOST \
        HOSTNAME DOMAIN VERSION TAG URL URI PORT PATH";
    let capital = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || "_-".contains(c);
    word.rsplit_once(['_', '-']).is_some_and(|(of, noun)| {
        is_listed(NOUNS, noun) && of.starts_with(char::is_alphabetic) && of.chars().all(capital)
    })
}

/// Programs that are given names of objects, which have no capital letters.
const TOOLS: &str =
    "kubectl k oc helm docker podman gcloud eksctl az minikube kind istioctl argocd";

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
