//! Which recorded value stands for which new one: one to one within a space,
//! over the whole page.

use std::collections::HashMap;

use super::value::Space;

/// The identities that the page and the run agreed on.
#[derive(Debug, Clone, Default)]
pub(crate) struct Bindings {
    by_old: HashMap<Space, HashMap<String, Bound>>,
    by_new: HashMap<Space, HashMap<String, Bound>>,
}

/// One end of a binding: the value at the other end, and where on the page the
/// two were first seen together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Bound {
    /// The value at the other end.
    pub(crate) value: String,
    /// The line of the page.
    pub(crate) line: usize,
}

/// Why two values cannot be bound.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Break {
    /// The recorded value already stands for another new one.
    Changed(Bound),
    /// The new value already stands for another recorded one.
    Merged(Bound),
}

impl Bindings {
    /// Binds a recorded value to a new one, seen at a line of the page.
    pub(crate) fn bind(
        &mut self,
        space: &Space,
        old: &str,
        new: &str,
        line: usize,
    ) -> Result<(), Break> {
        if let Some(broken) = self.conflict(space, old, new) {
            return Err(broken);
        }
        if self.new_of(space, old).is_none() {
            self.by_old
                .entry(space.clone())
                .or_default()
                .insert(old.to_owned(), Bound { value: new.to_owned(), line });
            self.by_new
                .entry(space.clone())
                .or_default()
                .insert(new.to_owned(), Bound { value: old.to_owned(), line });
        }
        Ok(())
    }

    /// What stands against binding the two values.
    pub(crate) fn conflict(&self, space: &Space, old: &str, new: &str) -> Option<Break> {
        if let Some(bound) = self.new_of(space, old) {
            return (bound.value != new).then(|| Break::Changed(bound.clone()));
        }
        self.old_of(space, new).map(|bound| Break::Merged(bound.clone()))
    }

    /// The new value that a recorded one stands for.
    pub(crate) fn new_of(&self, space: &Space, old: &str) -> Option<&Bound> {
        self.by_old.get(space)?.get(old)
    }

    /// The recorded value that stands for a new one.
    pub(crate) fn old_of(&self, space: &Space, new: &str) -> Option<&Bound> {
        self.by_new.get(space)?.get(new)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn one_value_never_stands_for_two() {
        let mut bindings = Bindings::default();
        assert_eq!(bindings.bind(&Space::Uid, "a", "x", 3), Ok(()));
        assert_eq!(bindings.bind(&Space::Uid, "a", "x", 9), Ok(()));
        let changed = Break::Changed(Bound { value: "x".into(), line: 3 });
        assert_eq!(bindings.bind(&Space::Uid, "a", "y", 9), Err(changed));
        let merged = Break::Merged(Bound { value: "a".into(), line: 3 });
        assert_eq!(bindings.bind(&Space::Uid, "b", "x", 9), Err(merged));
        assert_eq!(bindings.bind(&Space::Address, "b", "x", 9), Ok(()), "another space");
    }

    proptest! {
        #[test]
        fn bindings_are_one_to_one(pairs in prop::collection::vec((0..12_u8, 0..12_u8), 0..60)) {
            let mut bindings = Bindings::default();
            let mut kept: Vec<(String, String)> = Vec::new();
            for (line, (old, new)) in pairs.into_iter().enumerate() {
                let (old, new) = (old.to_string(), new.to_string());
                let known = kept.iter().any(|(o, n)| *o == old && *n == new);
                let free = !kept.iter().any(|(o, n)| *o == old || *n == new);
                let bound = bindings.bind(&Space::Pod, &old, &new, line).is_ok();
                prop_assert_eq!(bound, known || free);
                if free {
                    kept.push((old, new));
                }
            }
            for (old, new) in kept {
                prop_assert_eq!(&bindings.new_of(&Space::Pod, &old).expect("bound").value, &new);
                prop_assert_eq!(&bindings.old_of(&Space::Pod, &new).expect("bound").value, &old);
            }
        }
    }
}
