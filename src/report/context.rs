//! What a report is made from: what was read, told and chosen, and what is settled once for all its parts.

use super::disk::DiskEntry;
use super::ownership::Ownership;
use super::selection::Selection;
use super::shared::Shared;
use super::{Evidence, Time};
use crate::ingest::Ingested;
use crate::pegasus::LogTime;
use crate::run::Occurrence;
use crate::signature::Found;
use crate::timeline::Model;
use std::sync::Arc;

pub(super) struct Context<'a> {
    pub(super) ingested: &'a Ingested,
    pub(super) model: &'a Model,
    /// The same with the names of the logs.
    pub(super) logged: &'a Model,
    pub(super) selection: &'a Selection,
    /// For each cluster the disk that is full first.
    pub(super) disks: Vec<Option<DiskEntry>>,
    /// What each finding is about.
    pub(super) ownership: Ownership,
    /// What findings have in common.
    pub(super) shared: Shared,
}

impl<'a> Context<'a> {
    pub(super) fn new(ingested: &'a Ingested, model: &'a Model, logged: &'a Model, found: &[Found<'_>], selection: &'a Selection) -> Self {
        let ownership = Ownership::of(model, found);
        Self { ingested, model, logged, selection, disks: Vec::new(), ownership, shared: Shared::default() }
    }

    /// A moment, unless nothing was dated.
    pub(super) fn time(&self, at: LogTime) -> Option<Time> {
        (!self.model.servers.iter().all(|s| s.span.is_none())).then_some(Time(at))
    }

    pub(super) fn path(&self, input: usize) -> Arc<str> {
        self.shared.keep(self.ingested.inputs.get(input).map_or("", |i| &i.path))
    }

    /// A line as evidence.
    pub(super) fn proof(&self, line: &Occurrence) -> Evidence {
        Evidence { path: self.path(line.input), line: line.number(), at: Time(self.model.logged(line)), text: Arc::clone(&line.text) }
    }
}
