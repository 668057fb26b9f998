//! Texts that many findings have in common, kept once.

use crate::signature::{Lang, Placeholders, say};
use rustc_hash::FxHashSet;
use std::borrow::Cow;
use std::cell::RefCell;
use std::sync::Arc;

/// Of 100,000 findings nearly all advice is the same, and copies of it were a fifth of all memory.
#[derive(Debug, Default)]
pub(super) struct Shared(RefCell<FxHashSet<Arc<str>>>);

impl Shared {
    /// The text, of which there is one.
    pub(super) fn keep(&self, text: &str) -> Arc<str> {
        let mut known = self.0.borrow_mut();
        if let Some(known) = known.get(text) {
            return Arc::clone(known);
        }
        let new: Arc<str> = text.into();
        known.insert(Arc::clone(&new));
        new
    }

    /// The sentences with their placeholders filled: their own if there are some, else the ones of all.
    pub(super) fn say(&self, text: &str, values: &Placeholders, lang: Lang) -> Arc<str> {
        match say(text, values, lang) {
            Cow::Borrowed(text) => self.keep(text),
            Cow::Owned(text) => text.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_has_placeholders_is_each_finding_s_own() {
        let shared = Shared::default();
        let values = Placeholders::from([("a".to_owned(), "1".to_owned())]);
        let [first, second] = ["wait", "wait"].map(|text| shared.say(text, &values, Lang::En));
        assert!(Arc::ptr_eq(&first, &second));
        let [first, second] = ["wait for {a}", "wait for {a}"].map(|text| shared.say(text, &values, Lang::En));
        assert_eq!((&*first, &first), ("wait for 1", &second));
        assert!(!Arc::ptr_eq(&first, &second));
    }
}
