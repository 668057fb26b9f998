//! Which duplication each finding is about, and what the active ones make of it.

use crate::signature::{Found, Severity, Subject, VerdictOf};
use crate::timeline::{Attribution, Model};
use rustc_hash::FxHashMap;

/// Whom a finding is about, by the names of the logs.
pub(super) struct FindingOwner {
    pub(super) story: Option<usize>,
    pub(super) table: Option<String>,
    /// The server, where it is about one.
    pub(super) server: Option<usize>,
    /// The server that the finding is about that explains it.
    pub(super) explained_by: Option<usize>,
}

/// Looked up for every duplication and every finding, so it is settled once.
#[derive(Debug, Default)]
pub(super) struct Ownership {
    /// The one story that a line about a server tells of; none where several do.
    of_run: FxHashMap<usize, Option<usize>>,
    /// The stories of which a finding about a server explains something, by server and code.
    explained: FxHashMap<(usize, String), Vec<usize>>,
    /// By story.
    active: Vec<Vec<(VerdictOf, Severity)>>,
}

impl Ownership {
    pub(super) fn of(model: &Model, found: &[Found<'_>]) -> Self {
        let about_servers = found.iter().filter(|f| matches!(f.subject, Subject::Server(_)));
        let mut of_run: FxHashMap<usize, Option<usize>> = about_servers.flat_map(|f| &f.main).map(|&run| (run, None)).collect();
        if !of_run.is_empty() {
            let mut shared = Vec::new();
            for (index, story) in model.stories.iter().enumerate() {
                for told in story.told.iter().filter(|t| t.by > Attribution::Shared) {
                    match of_run.get_mut(&told.run) {
                        Some(Some(other)) if *other != index => shared.push(told.run),
                        Some(owner) => *owner = Some(index),
                        None => {}
                    }
                }
            }
            for run in shared {
                of_run.insert(run, None);
            }
        }
        let mut ownership = Self { of_run, explained: FxHashMap::default(), active: vec![Vec::new(); model.stories.len()] };
        for f in found {
            if let (Subject::Story(story, _), Some(server), Some(cause)) = (f.subject, f.caused_by.and_then(|c| c.server), f.caused_by) {
                ownership.explained.entry((server, cause.code.to_owned())).or_default().push(story);
            }
        }
        for f in found.iter().filter(|f| f.active) {
            let story = match f.subject {
                Subject::Story(story, _) => Some(story),
                Subject::Server(_) => ownership.owner(f),
                Subject::Request(request) => model.requests[request].story,
                Subject::Input(_) => None,
            };
            if let (Some(story), Some(verdict)) = (story, f.verdict) {
                ownership.active[story].push((verdict, f.alone.unwrap_or(f.severity)));
            }
        }
        ownership
    }

    /// The one duplication that the proving lines of a server's finding are about, if they are.
    pub(super) fn owner(&self, found: &Found<'_>) -> Option<usize> {
        let about = |run: &usize| self.of_run.get(run).copied().flatten();
        let first = about(found.main.first()?)?;
        found.main.iter().all(|run| about(run) == Some(first)).then_some(first)
    }

    /// The stories of which a finding about a server explains something.
    pub(super) fn explained(&self, server: usize, code: &str) -> &[usize] {
        self.explained.get(&(server, code.to_owned())).map_or(&[], Vec::as_slice)
    }

    /// What active findings make of a duplication.
    pub(super) fn active(&self, story: usize) -> impl Iterator<Item = (VerdictOf, Severity)> + '_ {
        self.active.get(story).into_iter().flatten().copied()
    }
}
