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
        script.open = script
            .open
            .or_else(|| super::blocks::open_block(&script.tokens));
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
