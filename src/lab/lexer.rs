//! The shell's lexical rules: blanks, quotes, expansions, operators and
//! here-documents.

use super::words::{Open, Operator, Script, Token, Word};

struct Lexer<'a> {
    text: &'a str,
    at: usize,
    script: Script,
    /// Where lexing can go on from, were there more text.
    stable: Stable,
    /// What was taken for two parentheses may be arithmetic, were there more text.
    unsure: bool,
    /// Here-documents: delimiter, and whether leading tabs are taken away. The text
    /// of those from `waiting` on begins at the next line.
    heredocs: Vec<(String, bool)>,
    waiting: usize,
    /// Where each parenthesis of the text is closed, once that was asked for.
    closed: Option<Vec<usize>>,
    /// How many substitutions are open.
    depth: usize,
}

/// Whether a byte may begin an operator; a number before a redirection does too.
fn begins_operator(byte: u8) -> bool {
    matches!(byte, b'\n' | b';' | b'&' | b'|' | b'(' | b')' | b'<' | b'>' | b'0'..=b'9')
}

/// The bytes that end a word, or are no plain part of it.
static SPECIAL: [bool; 256] = {
    let mut special = [false; 256];
    let marks = b" \t\r\n;&|()<>\\'\"$`";
    let mut at = 0;
    while at < marks.len() {
        special[marks[at] as usize] = true;
        at += 1;
    }
    special
};

/// How deep substitutions are read; what is deeper counts as never closed. Each
/// takes some of labbook's own stack.
const DEEPEST: usize = 100;

/// The tokens of a command, and what its words and quotes leave open.
pub(super) fn lex(text: &str) -> Script {
    let mut lexed = Lexed::default();
    lexed.go_on(text);
    lexed.script
}

/// A text taken apart, so that more of it can be.
#[derive(Debug, Default)]
pub(super) struct Lexed {
    pub(super) script: Script,
    heredocs: Vec<(String, bool)>,
    stable: Stable,
}

impl Lexed {
    /// Takes apart what was added to `text`: it begins with what it was before, and
    /// then a line end.
    pub(super) fn go_on(&mut self, text: &str) {
        let mut script = std::mem::take(&mut self.script);
        script.tokens.truncate(self.stable.tokens);
        script.substituted.truncate(self.stable.substituted);
        script.open = None;
        let mut heredocs = std::mem::take(&mut self.heredocs);
        heredocs.truncate(self.stable.heredocs);
        let mut lexer = Lexer::new(text, script, heredocs, self.stable);
        lexer.list(false);
        self.stable = lexer.stable;
        self.heredocs = lexer.heredocs;
        self.script = lexer.script;
    }

    /// The byte up to which the text was taken apart for good, and the number of
    /// tokens before it.
    pub(super) fn stable(&self) -> (usize, usize) {
        (self.stable.at, self.stable.tokens)
    }
}

/// A place between two tokens before which no line that is added changes anything.
#[derive(Debug, Clone, Copy, Default)]
struct Stable {
    at: usize,
    tokens: usize,
    substituted: usize,
    heredocs: usize,
    waiting: usize,
}

impl<'a> Lexer<'a> {
    fn new(text: &'a str, script: Script, heredocs: Vec<(String, bool)>, stable: Stable) -> Self {
        Self {
            text,
            at: stable.at,
            script,
            stable,
            unsure: false,
            heredocs,
            waiting: stable.waiting,
            closed: None,
            depth: 0,
        }
    }

    /// Remembers this place, if no line that is added changes what stands before.
    fn is_stable(&mut self) {
        if self.script.open.is_none() && !self.unsure {
            self.stable.at = self.at;
            self.stable.substituted = self.script.substituted.len();
            self.stable.tokens = self.script.tokens.len();
            self.stable.heredocs = self.heredocs.len();
            self.stable.waiting = self.waiting;
        }
    }

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
            if !inside {
                self.is_stable();
            }
            match character {
                ' ' | '\t' | '\r' => self.at += 1,
                '\\' if self.rest()[1..].starts_with('\n') => self.at += 2,
                '#' => self.at += self.rest().find('\n').unwrap_or(self.rest().len()),
                ')' if inside && depth == 0 => {
                    self.at += 1;
                    return;
                }
                '(' if self.arithmetic() => {}
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
        } else {
            self.is_stable();
        }
        self.heredoc_texts();
    }

    /// Takes `((…))`, if that stands here, as one word: what looks like operators
    /// and here-documents in it is arithmetic. `((a); b)` is none.
    fn arithmetic(&mut self) -> bool {
        if !self.rest().starts_with("((") {
            return false;
        }
        // The two outermost parentheses close together.
        let inner = self.at + 1;
        let inner = self.closed()[inner];
        if inner == usize::MAX {
            self.unsure = true;
            return false;
        }
        if !self.text[inner + 1..].starts_with(')') {
            self.unsure |= inner + 1 == self.text.len();
            return false;
        }
        let span = self.at..inner + 2;
        let text = self.text[span.clone()].to_owned();
        self.at = span.end;
        let word = Word { span, text, expands: true, ..Word::default() };
        self.script.tokens.push(Token::Word(word));
        true
    }

    /// For each byte that opens a parenthesis the one that closes it, whatever is
    /// quoted; [`usize::MAX`] where none does.
    fn closed(&mut self) -> &[usize] {
        self.closed.get_or_insert_with(|| {
            let mut closed = vec![usize::MAX; self.text.len()];
            let mut open = Vec::new();
            for (at, byte) in self.text.bytes().enumerate() {
                match byte {
                    b'(' => open.push(at),
                    b')' => {
                        if let Some(opened) = open.pop() {
                            closed[opened] = at;
                        }
                    }
                    _ => {}
                }
            }
            closed
        })
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
        if !rest.bytes().next().is_some_and(begins_operator)
            || rest.starts_with("<(")
            || rest.starts_with(">(")
        {
            return None;
        }
        let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let redirects = digits > 0 && rest[digits..].starts_with(['<', '>']);
        let skipped = if redirects { digits } else { 0 };
        let (mark, operator) =
            OPERATORS.into_iter().find(|(mark, _)| rest[skipped..].starts_with(mark))?;
        self.at += skipped + mark.len();
        Some(operator)
    }

    fn word(&mut self) {
        let mut word = Word { span: self.at..self.at, ..Word::default() };
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
                    let plain = rest
                        .bytes()
                        .position(|byte| SPECIAL[usize::from(byte)])
                        .unwrap_or(rest.len());
                    word.text.push_str(&self.text[self.at..self.at + plain]);
                    self.at += plain;
                }
            }
        }
        word.span.end = self.at;
        self.script.tokens.push(Token::Word(word));
    }

    fn escape(&mut self, word: &mut Word) {
        self.at += 1;
        let rest = self.rest();
        let after = rest.trim_start_matches(|c: char| c != '\n' && c.is_whitespace());
        if after.len() < rest.len() && (after.is_empty() || after.starts_with('\n')) {
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
        if let Some(length) = self.rest().find('\'') {
            word.text.push_str(&self.text[self.at..self.at + length]);
            self.at += length + 1;
        } else {
            self.unclosed(Open::Quote('\''));
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
                    let rest = self.rest();
                    let plain = rest
                        .bytes()
                        .position(|byte| SPECIAL[usize::from(byte)])
                        .unwrap_or(rest.len())
                        .max(1);
                    word.text.push_str(&self.text[self.at..self.at + plain]);
                    self.at += plain;
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
        } else if let Some(after) = rest.strip_prefix('`') {
            word.substitutes = true;
            match after.find('`') {
                Some(length) => {
                    let inner = Script::new(&after[..length]);
                    self.script.substituted.push(inner);
                    self.at += length + 2;
                }
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
        if self.depth == DEEPEST {
            return self.unclosed(Open::Substitution);
        }
        self.depth += 1;
        self.at += 1;
        let outer = std::mem::take(&mut self.script.tokens);
        let heredocs = std::mem::take(&mut self.heredocs);
        let waiting = std::mem::take(&mut self.waiting);
        self.list(true);
        self.depth -= 1;
        let tokens = std::mem::replace(&mut self.script.tokens, outer);
        self.script.substituted.push(Script { tokens, ..Script::default() });
        self.heredocs = heredocs;
        self.waiting = waiting;
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
        let heredocs = std::mem::take(&mut self.heredocs);
        for (delimiter, tabs) in &heredocs[self.waiting..] {
            loop {
                if self.rest().is_empty() {
                    self.leave_open(Open::Heredoc(delimiter.clone()));
                    break;
                }
                let line = self.rest().split('\n').next().unwrap_or_default();
                let found = if *tabs { line.trim_start_matches('\t') } else { line } == delimiter;
                self.at = (self.at + line.len() + 1).min(self.text.len());
                if found {
                    break;
                }
            }
        }
        self.waiting = heredocs.len();
        self.heredocs = heredocs;
    }
}
