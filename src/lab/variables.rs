//! Where a page uses a shell's variables: a value that nothing uses was not given
//! at a prompt, but stands in a file or in what `env` prints.

use std::collections::HashMap;

use crate::document::Document;

/// The last line on which each variable of a page is used.
#[derive(Debug, Default)]
pub(super) struct Variables<'d> {
    last: HashMap<&'d str, usize>,
}

impl<'d> Variables<'d> {
    /// Looks for `$NAME` and `${NAME` on the whole page.
    pub(super) fn new(document: &'d Document) -> Self {
        let mut last = HashMap::new();
        let text = document.text();
        for (at, _) in text.match_indices('$') {
            let rest = text[at + 1..].trim_start_matches('{');
            let length = rest
                .bytes()
                .take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_')
                .count();
            if length > 0 {
                last.insert(&rest[..length], document.line_of(at));
            }
        }
        Self { last }
    }

    /// Whether a variable is used after a line.
    pub(super) fn is_used_after(&self, name: &str, line: usize) -> bool {
        self.last.get(name).is_some_and(|last| *last > line)
    }
}

#[cfg(test)]
mod tests {
    use super::Variables;
    use crate::document::Document;

    #[test]
    fn the_last_use_counts() {
        let document = Document::new(b"A=1\necho $A ${BC}\nA=2\n".to_vec());
        let variables = Variables::new(&document);
        assert!(variables.is_used_after("A", 1) && variables.is_used_after("BC", 1));
        assert!(!variables.is_used_after("A", 2) && !variables.is_used_after("C", 0));
    }
}
