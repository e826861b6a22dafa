//! How the generators of sites write where tabs begin and end.

/// What begins or ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A group of tabs.
    Group,
    /// A group in which each fence is a tab, named in its info string.
    Fences,
    /// A tab.
    Tab,
    /// Another block, which ends as tabs of its syntax do.
    Other,
}

/// The ways to write it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Syntax {
    /// Hugo's shortcodes `{{< tab >}}`, and the tags `{% tab %}` of others.
    Braces,
    /// Tags such as `<TabItem>`.
    Tags,
    /// Lines of three colons or slashes, and what stands between.
    Colons,
    /// Lines of `@tab`, between such lines.
    At,
    /// Docsify's comments, between which headings are tabs.
    Docsify,
    /// `=== "Linux"` and `!!! note` of Material, whose content is indented.
    Indented,
}

/// A sign on a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sign<'t> {
    /// Something begins; a tab has a name.
    Begin(Syntax, Kind, &'t str),
    /// The last one ends, of a kind or of any.
    End(Syntax, Option<Kind>),
}

impl Kind {
    /// Whether a sign that ends `other` ends this.
    pub(super) fn is_like(self, other: Self) -> bool {
        self == other || (self == Self::Fences && other == Self::Group)
    }
}

impl Syntax {
    /// Whether a tab ends where the next one begins, without a sign of its own.
    pub(super) fn ends_sibling(self, kind: Kind) -> bool {
        kind == Kind::Tab && matches!(self, Self::At | Self::Docsify)
    }
}

/// Whether a sign may begin with this byte, where nothing is open.
pub(super) fn may_begin(first: u8) -> bool {
    matches!(first, b'{' | b'<' | b'=' | b'!' | b'?' | b':' | b'/' | b'@')
}

/// The signs of a line, given without what stands before it; `docsify` where its
/// headings are tabs.
pub(super) fn signs(line: &str, docsify: bool) -> Vec<Sign<'_>> {
    let line = line.trim_end();
    match line.as_bytes().first() {
        Some(b'{') => braces(line),
        Some(b'<') => tags(line),
        Some(b'=' | b'!' | b'?') => indented(line).into_iter().collect(),
        Some(b':' | b'/') => colons(line),
        Some(b'@') => at(line).into_iter().collect(),
        Some(b'#') if docsify => {
            let name = line.trim_start_matches('#').trim().trim_matches(['*', '_', ' ']);
            vec![Sign::Begin(Syntax::Docsify, Kind::Tab, name)]
        }
        _ => Vec::new(),
    }
}

fn braces(line: &str) -> Vec<Sign<'_>> {
    let mut signs = Vec::new();
    let mut rest = line;
    while let Some(start) = rest.find('{') {
        rest = &rest[start..];
        let opened = ["{{<", "{{%", "{{#", "{%"].iter().find_map(|mark| rest.strip_prefix(mark));
        let Some(inside) = opened.map(|inside| inside.trim_start_matches('-')) else {
            rest = &rest[1..];
            continue;
        };
        let Some(end) = inside.find('}') else { break };
        let tag = inside[..end].trim_end_matches(['>', '%', '-']).trim();
        let ended = tag.strip_prefix('/').or_else(|| tag.strip_prefix("end"));
        let name = ended.unwrap_or(tag).trim_start();
        let word = name.split_whitespace().next().unwrap_or_default();
        if let Some(kind) = named(word) {
            signs.push(match ended {
                Some(_) => Sign::End(Syntax::Braces, Some(kind)),
                None => Sign::Begin(Syntax::Braces, kind, name_in(&name[word.len()..], true)),
            });
        }
        rest = &inside[end + 1..];
    }
    signs
}

fn tags(line: &str) -> Vec<Sign<'_>> {
    if let Some(comment) = line.strip_prefix("<!--") {
        return match comment.trim_start() {
            start if start.starts_with("tabs:start") => {
                vec![Sign::Begin(Syntax::Docsify, Kind::Group, "")]
            }
            end if end.starts_with("tabs:end") => {
                vec![Sign::End(Syntax::Docsify, Some(Kind::Group))]
            }
            _ => Vec::new(),
        };
    }
    let mut signs = Vec::new();
    let mut rest = line;
    while let Some(start) = rest.find('<') {
        let inside = &rest[start + 1..];
        let Some(end) = inside.find('>') else { break };
        let tag = &inside[..end];
        let ended = tag.strip_prefix('/');
        let name = ended.unwrap_or(tag);
        let word = name.split_whitespace().next().unwrap_or_default();
        // Of HTML's own names none is one of these.
        if let Some(kind) = named(word).filter(|_| !tag.ends_with('/')) {
            signs.push(match ended {
                Some(_) => Sign::End(Syntax::Tags, Some(kind)),
                None => Sign::Begin(Syntax::Tags, kind, name_in(&name[word.len()..], false)),
            });
        }
        rest = &inside[end + 1..];
    }
    signs
}

fn indented(line: &str) -> Option<Sign<'_>> {
    if let Some(name) = line.strip_prefix("===") {
        let name = name.trim_start_matches(['+', '!']);
        let quoted = name.starts_with([' ', '\t']).then(|| name.trim_start())?;
        let quoted = quoted.starts_with(['"', '\'']).then(|| name_in(quoted, false))?;
        return Some(Sign::Begin(Syntax::Indented, Kind::Tab, quoted));
    }
    let rest = line.strip_prefix("!!!").or_else(|| line.strip_prefix("???"))?;
    let rest = rest.strip_prefix('+').unwrap_or(rest);
    let word = rest.strip_prefix(' ')?;
    word.starts_with(char::is_alphabetic).then_some(Sign::Begin(Syntax::Indented, Kind::Other, ""))
}

fn colons(line: &str) -> Vec<Sign<'_>> {
    let mark = if line.starts_with(':') { ':' } else { '/' };
    let rest = line.trim_start_matches(mark);
    if line.len() - rest.len() < 3 {
        return Vec::new();
    }
    let rest = rest.trim_start();
    if rest.is_empty() {
        return vec![Sign::End(Syntax::At, None), Sign::End(Syntax::Colons, None)];
    }
    let braced = rest.strip_prefix('{').and_then(|rest| rest.split_once('}'));
    let (word, name) = braced.unwrap_or_else(|| {
        rest.split_at(rest.find(|c: char| c.is_whitespace() || c == '{').unwrap_or(rest.len()))
    });
    let kind = named(word).unwrap_or(Kind::Other);
    let name = name.trim_start().trim_start_matches('|');
    vec![Sign::Begin(Syntax::Colons, kind, name_in(name, false))]
}

fn at(line: &str) -> Option<Sign<'_>> {
    let rest = line.strip_prefix("@tab")?;
    let name = rest.strip_prefix(":active").unwrap_or(rest);
    let name = name.starts_with([' ', '\t']).then(|| name.trim())?;
    Some(Sign::Begin(Syntax::At, Kind::Tab, name.split('#').next().unwrap_or_default().trim()))
}

/// What a word means, however it is cased.
fn named(word: &str) -> Option<Kind> {
    const GROUPS: [&str; 9] = [
        "tabs",
        "tab-set",
        "tabset",
        "tabpane",
        "tab-group",
        "tabgroup",
        "navtabs",
        "codetabs",
        "tabbed",
    ];
    const TABS: [&str; 6] = ["tab", "tab-item", "tabitem", "tabs.tab", "navtab", "codetab"];
    let is = |name: &&str| name.eq_ignore_ascii_case(word);
    if GROUPS.iter().any(is) {
        Some(Kind::Group)
    } else if TABS.iter().any(is) {
        Some(Kind::Tab)
    } else if ["code-group", "codegroup"].iter().any(is) {
        Some(Kind::Fences)
    } else {
        None
    }
}

/// The name of a tab among what follows its word: that of an attribute, what is
/// quoted, or all of it; its `last` word only, where others before may be of the
/// group (`{% tab log bash %}`).
fn name_in(attributes: &str, last: bool) -> &str {
    const KEYS: [&str; 6] = ["title=", "label=", "header=", "name=", "tabName=", "value="];
    for key in KEYS {
        let found = attributes.match_indices(key).find(|(at, _)| {
            *at == 0 || attributes[..*at].ends_with(|c: char| c.is_whitespace() || c == ',')
        });
        if let Some((at, _)) = found {
            let value = attributes[at + key.len()..].trim_start_matches('{');
            return quoted(value)
                .unwrap_or_else(|| value.split_whitespace().next().unwrap_or_default());
        }
    }
    let first = attributes.find(['"', '\'']).map(|at| &attributes[at..]);
    let bare = || if last { attributes.split_whitespace().next_back() } else { None };
    first.and_then(quoted).or_else(bare).unwrap_or(attributes.trim())
}

fn quoted(text: &str) -> Option<&str> {
    let quote = text.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
    text[1..].split_once(quote).map(|(name, _)| name.trim())
}

/// The name that a fence has in a group of fences: `bash [Linux]`, `bash Linux`.
pub(super) fn name_of_fence(info: &str) -> Option<&str> {
    if let Some((_, rest)) = info.split_once('[') {
        return rest.split_once(']').map(|(name, _)| name.trim());
    }
    let (_, rest) = info.split_once(char::is_whitespace)?;
    Some(name_in(rest, false)).filter(|name| !name.is_empty() && !name.contains(['{', '=']))
}

#[cfg(test)]
mod tests {
    use super::{Kind, Sign, Syntax, name_of_fence, signs};

    #[test]
    fn tabs_begin_in_the_ways_of_many_generators() {
        let tabs = [
            ("{{% tab name=\"Linux\" %}}", Syntax::Braces),
            ("{{< tab header=\"Linux\" lang=\"bash\" >}}", Syntax::Braces),
            ("{{< tab \"Linux\" >}}", Syntax::Braces),
            ("{% tab title=\"Linux\" %}", Syntax::Braces),
            ("{%- tab install Linux -%}", Syntax::Braces),
            ("{{#tab name=\"Linux\" }}", Syntax::Braces),
            ("<TabItem value=\"linux\" label=\"Linux\" default>", Syntax::Tags),
            ("<Tab title='Linux'>", Syntax::Tags),
            ("<Tabs.Tab name=\"Linux\">", Syntax::Tags),
            ("=== \"Linux\"", Syntax::Indented),
            ("===+ \"Linux\"", Syntax::Indented),
            (":::{tab-item} Linux", Syntax::Colons),
            ("::: tab Linux", Syntax::Colons),
            ("/// tab | Linux", Syntax::Colons),
            ("@tab:active Linux#linux", Syntax::At),
        ];
        for (line, syntax) in tabs {
            assert_eq!(signs(line, false), [Sign::Begin(syntax, Kind::Tab, "Linux")], "{line}");
        }
        for line in
            ["===", "=== Linux", "{{ tab }", "<table>", "<td>", ":: tab", "!important", "@x"]
        {
            assert!(
                !signs(line, false).iter().any(|sign| matches!(sign, Sign::Begin(_, Kind::Tab, _))),
                "{line}"
            );
        }
    }

    #[test]
    fn one_line_may_hold_several_signs() {
        assert_eq!(
            signs("</TabItem><TabItem value=\"b\">", false),
            [Sign::End(Syntax::Tags, Some(Kind::Tab)), Sign::Begin(Syntax::Tags, Kind::Tab, "b")]
        );
        assert_eq!(
            signs("{{< /tab >}}{{< /tabs >}}", false),
            [
                Sign::End(Syntax::Braces, Some(Kind::Tab)),
                Sign::End(Syntax::Braces, Some(Kind::Group))
            ]
        );
    }

    #[test]
    fn a_fence_of_a_group_is_named_in_its_info_string() {
        let names =
            ["bash [Linux]", "bash Linux", "bash title=\"Linux\"", "bash"].map(name_of_fence);
        assert_eq!(names, [Some("Linux"), Some("Linux"), Some("Linux"), None]);
    }
}
