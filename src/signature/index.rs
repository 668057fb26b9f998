//! Which signatures can hold at all, by the lines that are there: of a long catalogue most cannot.

use super::catalogue::Catalogue;
use super::condition::texts_of;
use super::model::{Condition, Scope, Signature};
use crate::event::EventKind;
use crate::run::{EXPRESSION, Run};
use rustc_hash::FxHashMap;
use std::collections::{BTreeMap, BTreeSet};

/// The signatures of duplications, by what proves them.
pub(super) struct Index<'a> {
    /// By code.
    signatures: Vec<&'a Signature>,
    /// Those with a condition that no line has to prove.
    always: Vec<usize>,
    by_event: FxHashMap<&'a str, OfEvent<'a>>,
    /// By the regular expression on raw lines.
    by_text: FxHashMap<&'a str, Vec<usize>>,
}

/// The signatures with a condition on lines of one event.
#[derive(Default)]
struct OfEvent<'a> {
    /// Each with the lines that it needs at least, ascending: what needs more than there are costs nothing.
    by_times: Vec<(u64, usize)>,
    /// Those that want a field to be one of some texts, by the field and each text.
    by_field: BTreeMap<&'a str, FxHashMap<&'a str, Vec<usize>>>,
}

impl<'a> OfEvent<'a> {
    fn add(&mut self, when: &'a Condition, number: usize) {
        let Some((field, texts)) = when.fields.iter().find_map(|(name, wanted)| Some((name, texts_of(wanted)?))) else {
            // Lines of several events may come to it together.
            let least = if when.event.names().len() == 1 { when.times } else { 1 };
            self.by_times.push((least, number));
            return;
        };
        let by_text = self.by_field.entry(field).or_default();
        for text in texts {
            by_text.entry(text).or_default().push(number);
        }
    }
}

impl<'a> Index<'a> {
    pub(super) fn new(catalogue: &'a Catalogue) -> Self {
        let signatures: Vec<&Signature> = catalogue.iter().filter(|s| s.scope == Scope::Duplication).collect();
        let mut index = Self { signatures, always: Vec::new(), by_event: FxHashMap::default(), by_text: FxHashMap::default() };
        for (number, signature) in index.signatures.iter().enumerate() {
            for when in signature.when.iter().filter(|when| when.frames.is_empty()) {
                if when.event.names().is_empty() && when.text.is_none() {
                    index.always.push(number);
                }
                for event in when.event.names() {
                    index.by_event.entry(event).or_default().add(when, number);
                }
                if let Some(text) = &when.text {
                    index.by_text.entry(text).or_default().push(number);
                }
            }
        }
        index.by_event.values_mut().for_each(|of_event| of_event.by_times.sort_unstable());
        index
    }

    /// The signatures that these runs may prove, in the order of the catalogue.
    pub(super) fn possible<'r>(&self, runs: impl Iterator<Item = &'r Run>) -> impl Iterator<Item = &'a Signature> {
        let mut lines = BTreeMap::<EventKind, u64>::new();
        let mut numbers: BTreeSet<usize> = self.always.iter().copied().collect();
        for run in runs {
            if run.kind() == EventKind::RawText {
                numbers.extend(run.field(EXPRESSION).and_then(|text| self.by_text.get(text)).into_iter().flatten());
            }
            *lines.entry(run.kind()).or_default() += run.count;
            let Some(of_event) = self.by_event.get(run.kind().name()) else { continue };
            for (field, by_text) in &of_event.by_field {
                numbers.extend(run.field(field).and_then(|text| by_text.get(text)).into_iter().flatten());
            }
        }
        for (kind, count) in lines {
            if let Some(OfEvent { by_times, .. }) = self.by_event.get(kind.name()) {
                numbers.extend(by_times[..by_times.partition_point(|(least, _)| *least <= count)].iter().map(|(_, number)| number));
            }
        }
        numbers.into_iter().map(|number| self.signatures[number]).collect::<Vec<_>>().into_iter()
    }
}
