//! The words of a shell command: enough of the shell's grammar to tell words,
//! operators and what is left open. Not a shell: nothing is expanded or run.

use std::ops::Range;

/// A command's text, taken apart.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Script {
    /// Words and operators in order, without those inside substitutions.
    pub(crate) tokens: Vec<Token>,
    /// What waits for more text; none where the command is whole.
    pub(crate) open: Option<Open>,
    /// A backslash meant to continue the line is followed by blanks, so that the
    /// shell ends the command there.
    pub(crate) stray_backslash: bool,
    /// What stands inside substitutions, each taken apart: `$(…)`, `` `…` ``.
    pub(crate) substituted: Vec<Script>,
}

/// A word or an operator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Token {
    Word(Word),
    Operator(Operator),
}

/// One word of a command.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Word {
    /// Its bytes in the command.
    pub(crate) span: Range<usize>,
    /// Its text with quotes taken away; expansions stand as they are written.
    pub(crate) text: String,
    /// Any part of it is quoted or escaped.
    pub(crate) quoted: bool,
    /// It holds a variable (`$NAME`, `${…}`).
    pub(crate) expands: bool,
    /// It holds a command or process substitution.
    pub(crate) substitutes: bool,
}

/// What stands between words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Operator {
    /// A line's end.
    Newline,
    /// `;`, `;;` and its like.
    Semicolon,
    /// `&`.
    Background,
    /// `&&`.
    And,
    /// `||`.
    Or,
    /// `|` or `|&`.
    Pipe,
    /// `(`.
    Open,
    /// `)`.
    Close,
    /// `>`, `>>`, `>|`, `&>`, `<>`: the next word is a file that is written.
    Write,
    /// `<`: the next word is a file that is read.
    Read,
    /// `>&` or `<&`: the next word is a file descriptor (or, rarely, a file).
    Duplicate,
    /// `<<` or `<<-`: the next word ends the text.
    Heredoc,
    /// `<<<`: the next word is the text.
    Herestring,
}

impl Operator {
    /// Whether it belongs to one command, and does not end it.
    pub(crate) fn redirects(self) -> bool {
        matches!(
            self,
            Self::Write | Self::Read | Self::Duplicate | Self::Heredoc | Self::Herestring
        )
    }
}

/// What a command that is not whole waits for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Open {
    /// The line after a backslash.
    Backslash,
    /// A closing quote.
    Quote(char),
    /// The line that ends a here-document.
    Heredoc(String),
    /// The end of `$(…)`, `${…}` or a backtick.
    Substitution,
    /// The end of a block: `done`, `fi`, `esac`, `}`, `)`.
    Block(&'static str),
    /// The command after `|`, `&&` or `||`.
    Operator,
}

impl Script {
    /// Takes a command apart.
    pub(crate) fn new(text: &str) -> Self {
        let mut script = super::lexer::lex(text);
        script.open = script.open.or_else(|| super::blocks::open_block(&script.tokens));
        script
    }

    /// The words in order, redirections' targets included.
    pub(crate) fn words(&self) -> impl Iterator<Item = &Word> {
        self.tokens.iter().filter_map(|token| match token {
            Token::Word(word) => Some(word),
            Token::Operator(_) => None,
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Open, Operator, Script, Token};

    /// The words, and the operators by their names.
    fn tokens(text: &str) -> Vec<String> {
        let shown = Script::new(text).tokens.into_iter().map(|token| match token {
            Token::Word(word) => word.text,
            Token::Operator(operator) => format!("<{operator:?}>"),
        });
        shown.collect()
    }

    #[test]
    fn words_lose_their_quotes() {
        assert_eq!(
            tokens(r#"a 'b c' "d \"e\"" f\ g '' x'y'z"#),
            ["a", "b c", "d \"e\"", "f g", "", "xyz"]
        );
        assert_eq!(tokens("a \\\n  b # c 'd"), ["a", "b"]);
        assert_eq!(tokens("echo a#b"), ["echo", "a#b"]);
    }

    #[test]
    fn operators_stand_between_words() {
        let seen = tokens("a|b&&c||d;e&f\ng>h 2>&1 <i >>j &>k <<<l");
        let names = "a <Pipe> b <And> c <Or> d <Semicolon> e <Background> f <Newline> g <Write> h <Duplicate> 1 <Read> i \
                     <Write> j <Write> k <Herestring> l";
        assert_eq!(seen, names.split_whitespace().collect::<Vec<_>>());
    }

    #[test]
    fn expansions_are_marked_and_their_words_are_no_words() {
        let script = Script::new("a $B '$c' ${d} $(e 'f)' | g) `h i` <(j k) $((1 << 2)) x$");
        let marks: Vec<_> = script
            .words()
            .map(|word| (word.text.as_str(), word.expands, word.substitutes))
            .collect();
        assert_eq!(
            marks,
            [
                ("a", false, false),
                ("$B", true, false),
                ("$c", false, false),
                ("${d}", true, false),
                ("$(e 'f)' | g)", false, true),
                ("`h i`", false, true),
                ("<(j k)", false, true),
                ("$((1 << 2))", true, false),
                ("x$", false, false),
            ]
        );
    }

    #[test]
    fn the_text_of_a_here_document_is_no_words() {
        assert_eq!(
            tokens("cat <<-'E F' | wc\nit's $(x\n\tE F\nls"),
            ["cat", "<Heredoc>", "E F", "<Pipe>", "wc", "<Newline>", "ls"]
        );
        assert_eq!(Script::new("cat <<E\na").open, Some(Open::Heredoc("E".to_owned())));
    }

    #[test]
    fn simple_commands_know_their_block() {
        let script = Script::new("A=1 b c | d >e; for i in 1; do f; done; (g); time h");
        let seen: Vec<_> = script
            .commands()
            .into_iter()
            .filter(|simple| !simple.words.is_empty())
            .map(|simple| {
                (simple.program().unwrap_or_default().to_owned(), simple.block, simple.ended_by)
            })
            .collect();
        let semicolon = Some(Operator::Semicolon);
        assert_eq!(
            seen,
            [
                ("b".to_owned(), false, Some(Operator::Pipe)),
                ("d".to_owned(), false, semicolon),
                ("for".to_owned(), true, semicolon),
                ("f".to_owned(), true, semicolon),
                ("g".to_owned(), true, Some(Operator::Close)),
                ("h".to_owned(), false, None),
            ]
        );
    }

    proptest! {
        #[test]
        fn words_are_ordered_and_inside(text in "([a-z\u{e9} ]|[$`'\"\\\\(){}|&;<>#=\n-]|<<E|EOF|for |done|\\$\\(){0,40}") {
            let script = Script::new(&text);
            let mut after = 0;
            for word in script.words() {
                prop_assert!(after <= word.span.start && word.span.start < word.span.end);
                prop_assert!(text.get(word.span.clone()).is_some());
                after = word.span.end;
            }
            prop_assert!(after <= text.len());
        }
    }
}
