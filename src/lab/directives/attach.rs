//! Which fence a comment stands before.

use crate::document::Document;

/// For each comment of the page the index of the fence that it stands right
/// before: only blanks, quotes' marks and other comments stand between.
pub(super) fn fences(document: &Document) -> Vec<Option<usize>> {
    let (page, fences, comments) = (document.text(), document.fences(), document.comments());
    let mut found = vec![None; comments.len()];
    for (index, comment) in comments.iter().enumerate().rev() {
        let end = comment.span.end;
        let fence = fences.partition_point(|fence| document.line(fence.open).start < end);
        let opens = fences.get(fence).map(|fence| document.line(fence.open).start);
        let follows = comments.get(index + 1).map(|next| next.span.start);
        let (next, attached) = match (opens, follows) {
            (Some(opens), Some(follows)) if follows < opens => (follows, found[index + 1]),
            (Some(opens), _) => (opens, Some(fence)),
            (None, _) => continue,
        };
        let between = page.get(end..next).unwrap_or_default();
        let blank = |c: char| matches!(c, ' ' | '\t' | '\r' | '\n' | '>');
        if between.chars().all(blank) {
            found[index] = attached;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::fences;
    use crate::document::Document;

    fn attached(page: &str) -> Vec<Option<usize>> {
        fences(&Document::new(page.as_bytes().to_vec()))
    }

    #[test]
    fn a_comment_stands_before_the_fence_that_follows() {
        assert_eq!(attached("<!-- a -->\n```\n```\n"), [Some(0)]);
        assert_eq!(attached("<!-- a\n-->\n\n<!-- b -->\r\n\r\n```\n```\n"), [Some(0), Some(0)]);
        assert_eq!(
            attached("text <!-- a -->\n```\n```\n<!-- b -->\n~~~\n~~~\n"),
            [Some(0), Some(1)]
        );
        assert_eq!(attached("> <!-- a -->\n>\n> ```\n> ```\n"), [Some(0)]);
        assert_eq!(attached("- x\n\n  <!-- a -->\n  ```\n  ```\n"), [Some(0)]);
        assert_eq!(attached("1. <!-- a -->\n   ```\n   ```\n"), [Some(0)]);
        assert_eq!(attached("<!-- a -->\n1. ```\n   ```\n"), [Some(0)]);
    }

    #[test]
    fn prose_between_them_parts_them() {
        assert_eq!(attached("<!-- a -->\ntext\n\n```\n```\n"), [None]);
        assert_eq!(attached("<!-- a --> text\n```\n```\n"), [None]);
        assert_eq!(attached("<!-- a -->\n\n<!-- b --> text\n\n```\n```\n"), [None, None]);
        assert_eq!(attached("```\n```\n<!-- a -->\n"), [None]);
    }
}
