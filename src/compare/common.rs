//! The lines that two texts have in common, in the order of both.

use std::collections::{HashMap, HashSet};

use similar::{Algorithm, DiffOp, capture_diff_slices};

/// Texts with more lines than this in common are not searched for the longest
/// common sequence: that takes time by the square of how far they differ.
const LONG: usize = 2_000;

/// Pairs of equal lines by their indices, rising on both sides.
pub(crate) fn pairs(old: &[String], new: &[String]) -> Vec<(usize, usize)> {
    let begin = old.iter().zip(new).take_while(|(old, new)| old == new).count();
    let ends = old[begin..].iter().rev().zip(new[begin..].iter().rev());
    let end = ends.take_while(|(old, new)| old == new).count();
    // Lines that the other text lacks pair with nothing, and need no search.
    let within = |lines: &[String], others: &[String]| -> Vec<usize> {
        let others: HashSet<&String> = others[begin..others.len() - end].iter().collect();
        (begin..lines.len() - end).filter(|at| others.contains(&lines[*at])).collect()
    };
    let (olds, news) = (within(old, new), within(new, old));
    let inner = if olds.len() + news.len() > LONG {
        rising(old, new, &olds, &news)
    } else {
        let text = |lines: &'_ [String], kept: &[usize]| -> Vec<String> {
            kept.iter().map(|at| lines[*at].clone()).collect()
        };
        capture_diff_slices(Algorithm::Myers, &text(old, &olds), &text(new, &news))
            .into_iter()
            .filter(|part| matches!(part, DiffOp::Equal { .. }))
            .flat_map(|part| part.old_range().zip(part.new_range()))
            .map(|(old, new)| (olds[old], news[new]))
            .collect()
    };
    let first = (0..begin).map(|at| (at, at));
    let last = (0..end).rev().map(|at| (old.len() - 1 - at, new.len() - 1 - at));
    first.chain(inner).chain(last).collect()
}

/// As many pairs as rise on both sides, of those that the first, second and so on
/// of equal lines make with each other.
fn rising(old: &[String], new: &[String], olds: &[usize], news: &[usize]) -> Vec<(usize, usize)> {
    let mut places: HashMap<&String, Vec<usize>> = HashMap::new();
    for at in news.iter().rev() {
        places.entry(&new[*at]).or_default().push(*at);
    }
    let candidates: Vec<(usize, usize)> =
        olds.iter().filter_map(|at| Some((*at, places.get_mut(&old[*at])?.pop()?))).collect();
    // The longest rising sequence: by its length, the candidate with the lowest
    // end, and for each candidate the one before it.
    let mut ends: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = Vec::with_capacity(candidates.len());
    for (index, (_, place)) in candidates.iter().enumerate() {
        let length = ends.partition_point(|end| candidates[*end].1 < *place);
        before.push(length.checked_sub(1).map(|shorter| ends[shorter]));
        if length == ends.len() {
            ends.push(index);
        } else {
            ends[length] = index;
        }
    }
    let mut found: Vec<(usize, usize)> =
        std::iter::successors(ends.last().copied(), |index| before[*index])
            .map(|index| candidates[index])
            .collect();
    found.reverse();
    found
}

#[cfg(test)]
mod tests {

    use super::*;

    fn lines(text: &str) -> Vec<String> {
        text.split(' ').map(str::to_owned).collect()
    }

    #[test]
    fn equal_lines_are_paired_in_order() {
        let found = pairs(&lines("a b c d e"), &lines("a B d x e"));
        assert_eq!(found, [(0, 0), (3, 2), (4, 4)]);
        assert_eq!(pairs(&lines("a a"), &lines("a a a")), [(0, 0), (1, 1)]);
        assert_eq!(pairs(&lines("a"), &lines("b")), []);
    }

    #[test]
    fn long_texts_are_paired_in_order_too() {
        let (old, new) = (lines("a b c a d"), lines("b a c d a"));
        let all: Vec<usize> = (0..5).collect();
        let found = rising(&old, &new, &all, &all);
        assert_eq!(found, [(1, 0), (2, 2), (4, 3)]);
    }

    #[test]
    fn long_texts_are_paired() {
        let numbered = |word: &str| -> Vec<String> {
            (0..20_000).map(|number| format!("{word} {number}")).collect()
        };
        let old = numbered("a");
        let turned: Vec<String> = old.iter().rev().cloned().collect();
        assert_eq!(pairs(&old, &numbered("b")), []);
        assert_eq!(pairs(&old, &turned).len(), 1);
    }
}
