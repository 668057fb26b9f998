//! All that the logs tell, and where to find it.

use super::requests::Request;
use super::sight::{Leader, SILENCE};
use super::story::Story;
use super::{InputState, PlacedRun, ServerLog};
use crate::pegasus::{DupKey, LogTime, TimeDelta};
use crate::run::Occurrence;
use rustc_hash::FxHashMap;
use std::collections::{BTreeMap, BTreeSet};

/// All that the logs tell.
#[derive(Debug, Default)]
pub struct Model {
    /// Runs of all servers, by time of their first line.
    pub runs: Vec<PlacedRun>,
    /// The servers.
    pub servers: Vec<ServerLog>,
    /// The inputs.
    pub inputs: Vec<InputState>,
    /// Names of the clusters of the inputs.
    pub clusters: Vec<String>,
    /// The leading meta server of each cluster, as far as it is in sight.
    pub leaders: Vec<Option<Leader>>,
    /// The duplications.
    pub stories: Vec<Story>,
    /// Requests of operators.
    pub requests: Vec<Request>,
    /// The last dated line of all logs.
    pub now: LogTime,
    /// The first dated line of all logs.
    pub beginning: LogTime,
    /// Where to find stories.
    pub places: StoryPlaces,
    /// When the first disk of each cluster's replica servers is full at the present rate.
    pub full_in: Vec<Option<TimeDelta>>,
    /// What the meta store of each cluster does not answer.
    pub hangs: Vec<Hang>,
}

/// The stories of a cluster whose writes hang, as far as its logs go.
#[derive(Debug, Clone, Default)]
pub struct Hang {
    pub(super) first: LogTime,
    pub(super) last: LogTime,
    pub(super) times: u64,
    pub(super) stories: BTreeMap<DupKey, usize>,
}

/// Where to find stories, so that nobody looks through all of them for each of them.
#[derive(Debug, Clone, Default)]
pub struct StoryPlaces {
    /// By the name of the source table.
    pub(super) by_table: FxHashMap<String, Vec<usize>>,
    /// Clusters with a story of which names are all that is known.
    pub(super) nameless: BTreeSet<usize>,
}

impl StoryPlaces {
    /// Of these stories.
    pub fn of(stories: &[Story]) -> Self {
        let mut places = Self::default();
        for (index, story) in stories.iter().enumerate() {
            let Some(table) = &story.identity.app_name else { continue };
            places.by_table.entry(table.clone()).or_default().push(index);
            if story.identity.dup_id.is_none() {
                places.nameless.insert(story.cluster);
            }
        }
        places
    }
}

impl Model {
    /// Whether what is told until then tells the present.
    #[must_use]
    pub fn reaches_the_end(&self, until: LogTime) -> bool {
        self.now.since(until) <= SILENCE
    }

    /// The time of a line as its server logged it, without the correction of its clock.
    #[must_use]
    pub fn logged(&self, line: &Occurrence) -> LogTime {
        let server = self.inputs.get(line.input).and_then(|input| self.servers.get(input.server));
        line.at + server.map(|s| s.ahead).unwrap_or_default()
    }
}
