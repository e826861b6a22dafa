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
        let mut lexer = Lexer {
            text,
            at: 0,
            script: Self::default(),
            heredocs: Vec::new(),
        };
        lexer.list(false);
        let mut script = lexer.script;
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

struct Lexer<'a> {
    text: &'a str,
    at: usize,
    script: Script,
    /// Here-documents whose text begins at the next line: delimiter, and whether
    /// leading tabs are taken away.
    heredocs: Vec<(String, bool)>,
}

impl Lexer<'_> {
    fn rest(&self) -> &str {
        &self.text[self.at..]
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn next(&mut self) -> Option<char> {
        let character = self.peek()?;
        self.at += character.len_utf8();
        Some(character)
    }

    fn leave_open(&mut self, open: Open) {
        self.script.open.get_or_insert(open);
    }

    /// Reads commands to the end or, `inside` a substitution, to its `)`.
    fn list(&mut self, inside: bool) {
        let mut depth = 0_usize;
        while let Some(character) = self.peek() {
            match character {
                ' ' | '\t' | '\r' => self.at += 1,
                '\\' if self.rest()[1..].starts_with('\n') => self.at += 2,
                '#' => self.at += self.rest().find('\n').unwrap_or(self.rest().len()),
                ')' if inside && depth == 0 => {
                    self.at += 1;
                    return;
                }
                _ => match self.operator() {
                    Some(operator) => {
                        match operator {
                            Operator::Open => depth += 1,
                            Operator::Close => depth = depth.saturating_sub(1),
                            _ => {}
                        }
                        self.script.tokens.push(Token::Operator(operator));
                        match operator {
                            Operator::Newline => self.heredoc_texts(),
                            Operator::Heredoc => self.heredoc_start(),
                            _ => {}
                        }
                    }
                    None => self.word(),
                },
            }
        }
        if inside {
            self.leave_open(Open::Substitution);
        }
        self.heredoc_texts();
    }

    /// Takes an operator, if one stands here. A file descriptor's number before a
    /// redirection belongs to it.
    fn operator(&mut self) -> Option<Operator> {
        const OPERATORS: [(&str, Operator); 20] = [
            ("\n", Operator::Newline),
            (";", Operator::Semicolon),
            ("&>>", Operator::Write),
            ("&>", Operator::Write),
            ("&&", Operator::And),
            ("&", Operator::Background),
            ("||", Operator::Or),
            ("|&", Operator::Pipe),
            ("|", Operator::Pipe),
            ("(", Operator::Open),
            (")", Operator::Close),
            (">>", Operator::Write),
            (">|", Operator::Write),
            (">&", Operator::Duplicate),
            (">", Operator::Write),
            ("<<<", Operator::Herestring),
            ("<<", Operator::Heredoc),
            ("<>", Operator::Write),
            ("<&", Operator::Duplicate),
            ("<", Operator::Read),
        ];
        let rest = self.rest();
        if rest.starts_with("<(") || rest.starts_with(">(") {
            return None;
        }
        let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let redirects = digits > 0 && rest[digits..].starts_with(['<', '>']);
        let skipped = if redirects { digits } else { 0 };
        let (mark, operator) = OPERATORS
            .into_iter()
            .find(|(mark, _)| rest[skipped..].starts_with(mark))?;
        self.at += skipped + mark.len();
        Some(operator)
    }

    fn word(&mut self) {
        let mut word = Word {
            span: self.at..self.at,
            ..Word::default()
        };
        while let Some(character) = self.peek() {
            let rest = self.rest();
            if rest.starts_with("<(") || rest.starts_with(">(") {
                self.at += 1;
                self.substitution(&mut word);
                continue;
            }
            match character {
                ' ' | '\t' | '\r' | '\n' | ';' | '&' | '|' | '(' | ')' | '<' | '>' => break,
                '\\' => self.escape(&mut word),
                '\'' => self.single_quotes(&mut word),
                '"' => self.double_quotes(&mut word),
                '$' | '`' => self.expansion(&mut word),
                _ => {
                    word.text.push(character);
                    self.at += character.len_utf8();
                }
            }
        }
        word.span.end = self.at;
        self.script.tokens.push(Token::Word(word));
    }

    fn escape(&mut self, word: &mut Word) {
        self.at += 1;
        let line = self.rest().split('\n').next().unwrap_or_default();
        if !line.is_empty() && line.trim().is_empty() {
            self.script.stray_backslash = true;
        }
        match self.next() {
            None => self.leave_open(Open::Backslash),
            Some('\n') => {
                if self.rest().is_empty() {
                    self.leave_open(Open::Backslash);
                }
            }
            Some(character) => {
                word.quoted = true;
                word.text.push(character);
            }
        }
    }

    fn single_quotes(&mut self, word: &mut Word) {
        word.quoted = true;
        self.at += 1;
        match self.rest().find('\'') {
            Some(length) => {
                word.text.push_str(&self.text[self.at..self.at + length]);
                self.at += length + 1;
            }
            None => {
                self.at = self.text.len();
                self.leave_open(Open::Quote('\''));
            }
        }
    }

    fn double_quotes(&mut self, word: &mut Word) {
        word.quoted = true;
        self.at += 1;
        while let Some(character) = self.peek() {
            match character {
                '"' => {
                    self.at += 1;
                    return;
                }
                '$' | '`' => self.expansion(word),
                '\\' => {
                    self.at += 1;
                    match self.next() {
                        Some('\n') | None => {}
                        Some(escaped @ ('"' | '\\' | '$' | '`')) => word.text.push(escaped),
                        Some(other) => word.text.extend(['\\', other]),
                    }
                }
                _ => {
                    word.text.push(character);
                    self.at += character.len_utf8();
                }
            }
        }
        self.leave_open(Open::Quote('"'));
    }

    /// Takes `$…` or a backtick.
    fn expansion(&mut self, word: &mut Word) {
        let start = self.at;
        let rest = self.rest();
        if rest.starts_with("$((") {
            word.expands = true;
            match rest.find("))") {
                Some(length) => self.at += length + 2,
                None => self.unclosed(Open::Substitution),
            }
        } else if rest.starts_with("$(") {
            self.at += 1;
            self.substitution(word);
            return;
        } else if rest.starts_with("${") {
            word.expands = true;
            match rest.find('}') {
                Some(length) => self.at += length + 1,
                None => self.unclosed(Open::Substitution),
            }
        } else if rest.starts_with('`') {
            word.substitutes = true;
            match rest[1..].find('`') {
                Some(length) => self.at += length + 2,
                None => self.unclosed(Open::Substitution),
            }
        } else {
            word.expands |= rest[1..]
                .starts_with(|c: char| c.is_ascii_alphanumeric() || "_@*#?$!-".contains(c));
            self.at += 1;
        }
        word.text.push_str(&self.text[start..self.at]);
    }

    fn unclosed(&mut self, open: Open) {
        self.at = self.text.len();
        self.leave_open(open);
    }

    /// Takes `(…)` of a substitution whose mark was taken; its own words are not
    /// words of this command.
    fn substitution(&mut self, word: &mut Word) {
        let start = self.at - 1;
        word.substitutes = true;
        self.at += 1;
        let outer = std::mem::take(&mut self.script.tokens);
        let heredocs = std::mem::take(&mut self.heredocs);
        self.list(true);
        self.script.tokens = outer;
        self.heredocs = heredocs;
        word.text.push_str(&self.text[start..self.at]);
    }

    /// Takes the word that ends a here-document, and remembers it.
    fn heredoc_start(&mut self) {
        let tabs = self.rest().starts_with('-');
        if tabs {
            self.at += 1;
        }
        while matches!(self.peek(), Some(' ' | '\t')) {
            self.at += 1;
        }
        if matches!(self.peek(), None | Some('\n')) {
            return;
        }
        let before = self.script.tokens.len();
        self.word();
        if let Some(Token::Word(word)) = self.script.tokens.get(before) {
            self.heredocs.push((word.text.clone(), tabs));
        }
    }

    /// Skips the text of the here-documents that the line before announced.
    fn heredoc_texts(&mut self) {
        for (delimiter, tabs) in std::mem::take(&mut self.heredocs) {
            loop {
                if self.rest().is_empty() {
                    self.leave_open(Open::Heredoc(delimiter));
                    break;
                }
                let line = self.rest().split('\n').next().unwrap_or_default();
                let found = if tabs {
                    line.trim_start_matches('\t')
                } else {
                    line
                } == delimiter;
                self.at = (self.at + line.len() + 1).min(self.text.len());
                if found {
                    break;
                }
            }
        }
    }
}
