//! The beginnings of files: what they tell of where in time the files lie.

use super::form::Form;
use super::probe::{HEAD, Probe};
use crate::pegasus::LogTime;
use crate::source::{Item, Kind, series_of};
use rayon::prelude::*;
use std::io::Read;

/// What the beginning of each item tells; nothing of what is no log or can be read only once.
pub(super) struct Heads(Vec<Option<Probe>>);

impl Heads {
    /// Looks at all of them.
    pub(super) fn of(items: &[Item]) -> Self {
        Self(items.par_iter().map(head).collect())
    }

    pub(super) fn get(&self, index: usize) -> Option<&Probe> {
        self.0.get(index)?.as_ref()
    }

    /// When the file begins.
    pub(super) fn first(&self, index: usize) -> Option<LogTime> {
        self.get(index)?.first_at
    }

    /// When the next file of the same server begins, which is where this one ends.
    pub(super) fn next(&self, items: &[Item], index: usize) -> Option<LogTime> {
        let (here, there) = (items.get(index)?, items.get(index + 1)?);
        let series = series_of(&here.display)?;
        self.first(index + 1).filter(|_| series_of(&there.display) == Some(series))
    }
}

fn head(item: &Item) -> Option<Probe> {
    if !matches!(item.kind, Kind::Plain | Kind::Compressed(_)) {
        return None;
    }
    let mut head = Vec::with_capacity(HEAD);
    // What is damaged is told by whoever reads it.
    let _ = item.open_stream().ok()?.take(HEAD as u64).read_to_end(&mut head);
    Some(Probe::of(&head)).filter(|probe| probe.is_log && probe.form == Form::Lines)
}
