//! What authors write between a command and what it printed, and before a file.

use std::sync::LazyLock;

use regex::Regex;

use super::known::is_listed;
use super::patterns::pattern;

/// The most words of a caption.
const CAPTION_WORDS: usize = 14;

/// The most words of one that only names an output.
const NOUN_WORDS: usize = 3;

/// Nouns that name an output, in the languages that labs are written in.
const NOUNS: &str = "\
    output outputs result results response responses prints printed printout \
    вывод вывода выводе результат результаты ответ лог логи \
    sortie résultat résultats réponse salida resultado resultados respuesta saída resposta \
    ausgabe ausgaben ergebnis antwort uitvoer hasil uscita risultato wynik вихід çıktı çıktısı natija chiqish";

/// The same where words are not parted by blanks.
const SIGNS: [&str; 10] =
    ["输出", "結果", "结果", "出力", "输出结果", "返回", "回应", "回應", "输出如下", "출력"];

/// What says that a command follows.
const ASKS: [&str; 32] = [
    "指令",
    "命令",
    "コマンド",
    "команд",
    "выполн",
    "befehl",
    "comando",
    "commande",
    "명령",
    "execute",
    "run the",
    "run this",
    "by running",
    "check how",
    "check what",
    "check if",
    "check whether",
    "see how",
    "let's see",
    "let's check",
    "run something",
    "use something",
    "command like",
    "commands like",
    "command similar",
    "running:",
    "following command",
    "ejecut",
    "lệnh",
    "can run",
    "let's run",
    "run some",
];

/// Words with which a line ends that leads on to what is to be typed.
const TYPING: &str = "run running type typing enter execute executing issue command commands";

/// Verbs with which a sentence begins that says what to do.
const ORDERS: &str = "return show list get check view display print describe inspect watch";

/// What authors say of what will be seen.
const PROMISES: &str = concat!(
    r"you(?:'ll| will| should| can| may| might)?(?: now| then| also)? (?:see|get|have|receive|observe|notice)\b",
    r"|(?:should|will|would|must|might) (?:see|be|look|return|show|display|print|get|give|have|output|contain|report|appear|respond|read)\b",
    r"|looks? (?:something |similar |a bit )?like|shows?\b|similar to|(?:as|the) follow(?:s|ing)|something like|returns?\b",
    r"|like (?:this|so)\b|with (?:a|an|the|this) (?:[\w-]+ )?(?:message|error|output|response|result)",
    r"|displays?\b|prints?\b|gives?\b|reports?\b|produces?\b|yields?\b|replies\b|verify that|example (?:of|log)|for example",
    r"|увид|должн|выгляд|покаж|получ|verá|deber[ií]a|mostrar|muestra|devrait|affiche|verra|sollte|sieht|zeigt",
    r"|deve|mostra|如下所示|应该|應該|看到|类似|類似|显示|表示されます",
);

static PROMISE: LazyLock<Regex> = LazyLock::new(|| pattern(PROMISES));

/// Whether a line says that what follows is an output: "Output:", "**Result**",
/// "The output is similar to this:", "You should see:", "Вывод:".
pub(super) fn announces_output(line: &str) -> bool {
    // Most prose neither ends so nor is that short.
    let last = words(line).next_back();
    let leads = ends_with_colon(line)
        || last.is_some_and(leads_on) && !line.ends_with('.')
        || ["like this.", "as follows.", "the following.", "similar to this."]
            .iter()
            .any(|end| line.ends_with(end))
        // "You should see the following output"
        || last.is_some_and(|last| is_noun(&last.to_lowercase()))
            && PROMISE.is_match(&line.to_lowercase());
    // "To see the output, run:"
    if last.is_some_and(|last| is_listed(TYPING, &last.to_lowercase())) {
        return false;
    }
    let count = words(line).take(CAPTION_WORDS + 1).count();
    let bare = line.trim_matches(|c: char| !c.is_alphanumeric());
    if SIGNS.contains(&bare) || ["Return", "Returns", "Kết quả"].contains(&bare) {
        return true;
    }
    // "===>> expected output"
    let drawn = line.trim_start_matches('=');
    if drawn.len() + 2 < line.len() && count < 4 && words(&line.to_lowercase()).any(is_noun) {
        return true;
    }
    let expected = words(line).next() == Some("Expected");
    if count > CAPTION_WORDS && !expected || !leads && count > NOUN_WORDS {
        return false;
    }
    let line = line.to_lowercase();
    if count <= NOUN_WORDS && words(&line).next_back().is_some_and(is_noun) {
        return true;
    }
    let says_noun = || words(&line).any(is_noun) || SIGNS.iter().any(|sign| line.contains(sign));
    // "Show the history:" asks; "Verify it, you should see:" does not.
    let orders = || {
        words(&line).next().is_some_and(|word| is_listed(ORDERS, word))
            && !says_noun()
            && !["should", "you'll", "you will", "you see"].iter().any(|text| line.contains(text))
    };
    let asks = || ASKS.iter().any(|word| line.contains(word)) || orders();
    // "Expected - `Pending`, not yet bound:"
    (leads && (says_noun() || PROMISE.is_match(&line)) || expected && (leads || count < 3))
        && !asks()
}

/// Whether a line announces an output, and calls it so: "The output is:".
pub(super) fn names_output(line: &str) -> bool {
    announces_output(line) && words(&line.to_lowercase()).any(is_noun)
}

fn is_noun(word: &str) -> bool {
    is_listed(NOUNS, word)
}

/// Whether a phrase that ends in this word leads on to what it speaks of.
fn leads_on(word: &str) -> bool {
    const LEADING: &str = "is are be like this following follows below these show shows";
    is_listed(LEADING, &word.to_lowercase())
}

/// Whether a line leads on to what stands after it.
pub(super) fn ends_with_colon(line: &str) -> bool {
    line.trim_end_matches(['*', '_', '`', ' ', '<', '>', '/', 'b', 'r', 'p']).ends_with([':', '：'])
        || line.trim_end_matches(['*', '_', '`', ' ']).ends_with([':', '：'])
}

fn words(line: &str) -> impl DoubleEndedIterator<Item = &str> {
    line.split(|c: char| !c.is_alphanumeric() && c != '\'' && c != '’')
        .filter(|word| !word.is_empty())
}

/// Whether a line leads on to what is to be typed: "Run the following:".
pub(super) fn asks_to_type(line: &str) -> bool {
    if !ends_with_colon(line) || announces_output(line) {
        return false;
    }
    let line = line.to_lowercase();
    words(&line).next_back().is_some_and(|word| is_listed(TYPING, word))
        || ASKS.iter().any(|phrase| line.contains(phrase))
}

/// Whether a text says not to run what stands beside it: "Never run this".
pub(super) fn forbids(text: &str) -> bool {
    // At the beginning of a clause it is said to the reader: "those that do not run" are not.
    static FORBIDS: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?:^|[.!:;,] |please |you )(?:do not|don't|don’t|never|must not|must never|should never) (?:ever )?(?:(?:run|execute|type)(?: (?:this|these|that|it|the|any|such|commands|something)\b|[:!.]|$)|(?:do|use|try) (?:this|these|that|it|the following)\b)|不要(?:运行|执行|這樣|这样)|実行しない|не (?:запускайте|выполняйте|делайте)|\bführ\w* .*nicht aus\b|n'exécutez pas|no ejecute|não execute|non eseguire",
        )
    });
    // A condition says when to run it all the same.
    const CONDITIONS: [&str; 9] = [
        " but ",
        "more than once",
        " without ",
        " before ",
        " if ",
        " unless ",
        " until ",
        ". ",
        " twice",
    ];
    let text = text.to_lowercase().replace(['*', '_'], "");
    let text = text.trim_matches([' ', '#', '>', '/']);
    FORBIDS.is_match(text)
        && !text.starts_with("if ")
        && !CONDITIONS.iter().any(|condition| text.contains(condition))
}

/// Whether a line asks to type a command, rather than an answer.
pub(super) fn asks_for_command(line: &str) -> bool {
    const NOUNS: [&str; 8] =
        ["command", "команд", "befehl", "comando", "commande", "命令", "コマンド", "명령"];
    const NEGATIONS: &str = "not don't never avoid instead";
    let lower = line.to_lowercase();
    asks_to_type(line)
        && NOUNS.iter().any(|noun| lower.contains(noun))
        && !words(&lower).any(|word| is_listed(NEGATIONS, word))
}

/// Whether a line asks to write what follows into an editor: "Paste these lines".
pub(super) fn asks_to_paste(line: &str) -> bool {
    static PASTE: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"\b(?:paste|insert|append|add|put|enter|copy|change|replace|update|modify)\b.*\b(?:lines?|contents?|following|text|code|snippet|below|these|this|it)\b|\bwith the (?:following )?contents?\b|вставьте|добавьте|строк",
        )
    });
    PASTE.is_match(&line.to_lowercase())
}

/// Whether a line, in small letters and as its words, asks to add something to a file that
/// shells read at their start: "Append to `/etc/rc.local`:".
fn adds_to_a_startup_file(line: &str, words: &[&str]) -> bool {
    const FILES: [&str; 7] = [
        ".bashrc",
        ".zshrc",
        ".bash_profile",
        ".profile",
        "rc.local",
        "environment",
        ".bash_aliases",
    ];
    const VERBS: &str = "add append insert put paste write edit include open";
    const STEMS: [&str; 6] = ["añad", "agreg", "füge", "ajout", "adicion", "добав"];
    const SIGNS: [&str; 4] = ["添加", "追加", "编辑", "写入"];
    const RUNS: &str = "reload source apply execute executing command";
    let is_file = |word: &&str| {
        let name = word.rsplit('/').next().unwrap_or_default();
        FILES.contains(&name) && (name.starts_with('.') || word.starts_with("/etc/"))
    };
    let asks = words
        .iter()
        .any(|word| is_listed(VERBS, word) || STEMS.iter().any(|stem| word.starts_with(stem)))
        || SIGNS.iter().any(|sign| line.contains(sign));
    ends_with_colon(line)
        && asks
        && words.iter().any(is_file)
        && !words.iter().any(|word| is_listed(RUNS, word))
        && !announces_output(line)
}

/// A file whose text follows a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Introduced {
    /// One that a shell reads: its lines look like commands.
    Script,
    /// Any other.
    Text,
}

/// The file whose text follows a line, if it says so: "Create `run.sh`:",
/// "run.sh:".
pub(super) fn introduced_file(line: &str) -> Option<Introduced> {
    const VERBS: [&str; 17] = [
        "create",
        "creates",
        "write",
        "save",
        "edit",
        "make",
        "add",
        "put",
        "open",
        "file",
        "script",
        "contents",
        "content",
        "contains",
        "содержимое",
        "файл",
        "paste",
    ];
    // Verbs where words are not parted by blanks.
    const SIGNS: [&str; 7] = ["设置", "写入", "编辑", "修改", "添加", "创建", "追加"];
    const SCRIPTS: [&str; 7] = [".sh", ".bash", ".zsh", ".env", ".ps1", ".bat", ".profile"];
    const TEXTS: [&str; 3] = [".py", ".txt", ".service"];
    const FILES: [&str; 6] =
        ["dockerfile", "makefile", "procfile", ".bashrc", ".zshrc", ".gitignore"];
    const RUNS: [&str; 11] = [
        "run",
        "execute",
        "start",
        "fetch",
        "download",
        "get",
        "set",
        "use",
        "using",
        "invoke",
        "запустить",
    ];
    let line = line.to_lowercase();
    let ends = |word: &str, extensions: &[&str]| {
        extensions.iter().any(|extension| word.len() > extension.len() && word.ends_with(extension))
    };
    let is_named = |word: &str| word.rsplit('/').next().is_some_and(|name| FILES.contains(&name));
    let script = |word: &&str| ends(word, &SCRIPTS) || is_named(word);
    let named = |word: &&str| script(word) || ends(word, &TEXTS);
    let words: Vec<&str> = line
        .split(|c: char| !c.is_alphanumeric() && !"._/-$~".contains(c))
        .map(|word| word.trim_end_matches('.'))
        .filter(|word| !word.is_empty())
        .collect();
    let runs = words.iter().any(|word| RUNS.contains(word));
    let bare = line.trim_matches(|c: char| !c.is_alphanumeric() && !"./~".contains(c));
    let alone = words.len() == 1 && named(&bare);
    let introduces = words.iter().any(named)
        && !runs
        && (alone || ends_with_colon(&line) || line.ends_with('`'))
        && (alone
            || words.iter().any(|word| VERBS.contains(word))
            || SIGNS.iter().any(|sign| line.contains(sign)));
    if adds_to_a_startup_file(&line, &words) {
        return Some(Introduced::Script);
    }
    let kind = if words.iter().any(script) { Introduced::Script } else { Introduced::Text };
    introduces.then_some(kind)
}

#[cfg(test)]
mod tests {
    use super::{Introduced, announces_output, introduced_file};

    #[test]
    fn captions_announce_an_output() {
        for line in [
            "Output:",
            "**Output**",
            "### Output",
            "The output is similar to this:",
            "The output should look similar to the following:",
            "output",
            "Example result:",
            "_Response:_",
            "You should see:",
            "You should get something similar to the following output:",
            "It looks like this:",
            "Вывод:",
            "Résultat :",
            "输出如下：",
            "The output is",
            "Expected - `Pending`, not yet bound:",
            "You should see the following output",
            "The output will look like this.",
            "===>> expected output",
            "This should fail with a message like this",
            "==**Expected output:**==",
        ] {
            assert!(announces_output(line), "{line}");
        }
        for line in [
            "Expected to fail; run the following command:",
            "Return to your editor:",
            "Then delete the pod:",
            "The output shows that both pods run.",
            "Save the output to a file",
            "Now create a service:",
            "**Show the history**:",
            "To see the output, run:",
            "If the output is empty, execute:",
            "可以使用以下指令：",
            "You should run the following command:",
            "",
        ] {
            assert!(!announces_output(line), "{line}");
        }
    }

    #[test]
    fn a_line_may_introduce_a_script() {
        for line in ["Create `x.sh`:", "x.sh:", "**`bin/x.sh`**:", "The script `x.sh` contains:"] {
            assert_eq!(introduced_file(line), Some(Introduced::Script), "{line}");
        }
        assert_eq!(introduced_file("Create `a.service`:"), Some(Introduced::Text));
        for line in [
            "Run `x.sh`:",
            "Create a pod:",
            "Make x.sh executable",
            "Create and run x.sh:",
            "Set variables and fetch the `x.sh` script:",
        ] {
            assert_eq!(introduced_file(line), None, "{line}");
        }
    }
}
