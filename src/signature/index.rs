//! Which signatures can hold at all, by the lines that are there: of a long catalogue most cannot.

use super::catalogue::Catalogue;
use super::model::{Scope, Signature};
use crate::event::EventKind;
use crate::run::{EXPRESSION, Run};
use rustc_hash::FxHashMap;
use std::collections::BTreeSet;

/// The signatures of duplications, by what proves them.
pub(super) struct Index<'a> {
    /// By code.
    signatures: Vec<&'a Signature>,
    /// Those with a condition that no line has to prove.
    always: Vec<usize>,
    by_event: FxHashMap<&'a str, Vec<usize>>,
    /// By the regular expression on raw lines.
    by_text: FxHashMap<&'a str, Vec<usize>>,
}

impl<'a> Index<'a> {
    pub(super) fn new(catalogue: &'a Catalogue) -> Self {
        let signatures: Vec<&Signature> = catalogue.iter().filter(|s| s.scope == Scope::Duplication).collect();
        let mut index = Self { signatures, always: Vec::new(), by_event: FxHashMap::default(), by_text: FxHashMap::default() };
        for (number, signature) in index.signatures.iter().enumerate() {
            for when in &signature.when {
                if when.event.names().is_empty() && when.text.is_none() {
                    index.always.push(number);
                }
                for event in when.event.names() {
                    index.by_event.entry(event).or_default().push(number);
                }
                if let Some(text) = &when.text {
                    index.by_text.entry(text).or_default().push(number);
                }
            }
        }
        index
    }

    /// The signatures that these runs may prove, in the order of the catalogue.
    pub(super) fn possible<'r>(&self, runs: impl Iterator<Item = &'r Run>) -> impl Iterator<Item = &'a Signature> {
        let (mut events, mut texts) = (BTreeSet::new(), BTreeSet::new());
        for run in runs {
            if run.kind() == EventKind::RawText {
                texts.extend(run.field(EXPRESSION));
            }
            events.insert(run.kind());
        }
        let proved = events.iter().filter_map(|kind| self.by_event.get(kind.name()));
        let matched = texts.iter().filter_map(|text| self.by_text.get(text));
        let numbers: BTreeSet<usize> = proved.chain(matched).flatten().chain(&self.always).copied().collect();
        numbers.into_iter().map(|number| self.signatures[number]).collect::<Vec<_>>().into_iter()
    }
}
