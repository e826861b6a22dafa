//! Blocks of a shell command (loops, conditions, groups) and the simple commands
//! that it is made of.

use super::words::{Open, Operator, Script, Token, Word};

/// One simple command: a program with its arguments.
#[derive(Debug, Clone, Default)]
pub(crate) struct Simple<'a> {
    /// `NAME=value` before the program.
    pub(crate) assignments: Vec<&'a Word>,
    /// The program and its arguments.
    pub(crate) words: Vec<&'a Word>,
    /// Redirections, with their targets.
    pub(crate) redirects: Vec<(Operator, Option<&'a Word>)>,
    /// The operator after it; none at the end.
    pub(crate) ended_by: Option<Operator>,
    /// It is, or is inside, a loop, condition or group.
    pub(crate) block: bool,
}

impl Simple<'_> {
    /// The program's name as it is written, quotes taken away.
    pub(crate) fn program(&self) -> Option<&str> {
        self.words.first().map(|word| word.text.as_str())
    }
}

/// The words that begin a block, each with the one that ends it.
const BLOCKS: [(&str, &str); 7] = [
    ("for", "done"),
    ("while", "done"),
    ("until", "done"),
    ("select", "done"),
    ("if", "fi"),
    ("case", "esac"),
    ("{", "}"),
];

/// Reserved words after which another command begins.
const LEADING: [&str; 10] =
    ["do", "then", "else", "elif", "while", "until", "if", "!", "{", "time"];

impl Script {
    /// The simple commands in order, those inside blocks included.
    pub(crate) fn commands(&self) -> Vec<Simple<'_>> {
        let mut commands = Vec::new();
        let mut simple = Simple::default();
        let mut depth = 0_usize;
        let mut tokens = self.tokens.iter().peekable();
        while let Some(token) = tokens.next() {
            match token {
                Token::Operator(operator) if operator.redirects() => {
                    let target = tokens.next_if(|next| matches!(next, Token::Word(_)));
                    simple.redirects.push((*operator, target.and_then(Token::word)));
                }
                Token::Operator(operator) => {
                    let next_depth = match operator {
                        Operator::Open => depth + 1,
                        Operator::Close => depth.saturating_sub(1),
                        _ => depth,
                    };
                    simple.block |= depth > 0 || next_depth > 0;
                    simple.ended_by = Some(*operator);
                    commands.push(std::mem::take(&mut simple));
                    depth = next_depth;
                }
                Token::Word(word) => {
                    simple.block |= depth > 0;
                    // A value may be quoted: `NAME='a b'`.
                    if simple.words.is_empty() && assigned_name(&word.text).is_some() {
                        simple.assignments.push(word);
                        continue;
                    }
                    if simple.words.is_empty() && !word.quoted {
                        let text = word.text.as_str();
                        if BLOCKS.iter().any(|(begin, _)| *begin == text) {
                            depth += 1;
                            simple.block = true;
                        }
                        if BLOCKS.iter().any(|(_, end)| *end == text) {
                            depth = depth.saturating_sub(1);
                            continue;
                        }
                        if LEADING.contains(&text) {
                            simple.block |= text != "time";
                            continue;
                        }
                    }
                    simple.words.push(word);
                }
            }
        }
        commands.push(simple);
        commands.retain(|simple| {
            let empty = simple.words.is_empty()
                && simple.assignments.is_empty()
                && simple.redirects.is_empty();
            !empty || simple.block
        });
        commands
    }
}

impl Token {
    fn word(&self) -> Option<&Word> {
        match self {
            Self::Word(word) => Some(word),
            Self::Operator(_) => None,
        }
    }
}

/// The name that `NAME=value` gives a value to.
pub(crate) fn assigned_name(text: &str) -> Option<&str> {
    let (name, _) = text.split_once('=')?;
    let name = name.strip_suffix('+').unwrap_or(name);
    let begins = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    (begins && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')).then_some(name)
}

/// What a command whose words and quotes are whole still waits for.
pub(super) fn open_block(tokens: &[Token]) -> Option<Open> {
    let mut waiting = Waiting::default();
    for token in tokens {
        waiting.feed(token);
    }
    waiting.open()
}

/// What a command waits for after some of its tokens.
#[derive(Debug, Clone)]
pub(super) struct Waiting {
    /// The words that end the blocks which are open, the innermost last.
    ends: Vec<&'static str>,
    /// Whether the next word is in the place of a program.
    begins: bool,
    /// The last token is an operator after which another command comes.
    operator: bool,
}

impl Default for Waiting {
    fn default() -> Self {
        Self { ends: Vec::new(), begins: true, operator: false }
    }
}

impl Waiting {
    pub(super) fn feed(&mut self, token: &Token) {
        self.operator = match token {
            Token::Operator(Operator::Newline) => self.operator,
            Token::Operator(Operator::Pipe | Operator::And | Operator::Or) => true,
            _ => false,
        };
        match token {
            Token::Operator(Operator::Open) => {
                self.ends.push(")");
                self.begins = true;
            }
            Token::Operator(Operator::Close) => {
                // Otherwise it ends a pattern of `case`.
                if self.ends.last() == Some(&")") {
                    self.ends.pop();
                }
                self.begins = true;
            }
            Token::Operator(operator) => self.begins |= !operator.redirects(),
            Token::Word(word) if self.begins && !word.quoted => {
                let text = word.text.as_str();
                if self.ends.last() == Some(&text) {
                    self.ends.pop();
                } else if let Some((_, end)) = BLOCKS.iter().find(|(begin, _)| *begin == text) {
                    self.ends.push(end);
                }
                self.begins = LEADING.contains(&text);
            }
            Token::Word(_) => self.begins = false,
        }
    }

    pub(super) fn open(&self) -> Option<Open> {
        match self.ends.last() {
            Some(end) => Some(Open::Block(end)),
            None => self.operator.then_some(Open::Operator),
        }
    }
}
