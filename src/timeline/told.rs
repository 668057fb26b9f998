//! What was told of a duplication, by time: a span's part is found without a look at all of it.

use super::PlacedRun;
use super::story::{Attribution, Span, Story, within};
use crate::pegasus::LogTime;

/// A run, and how surely it is about the duplication.
pub(crate) type Told = Vec<(usize, Attribution)>;

/// The runs of a story in the order of their first lines.
#[derive(Debug)]
pub(crate) struct ToldByTime<'m> {
    runs: &'m [PlacedRun],
    told: Told,
    /// The last line of each run and of all before it.
    latest: Vec<LogTime>,
}

impl<'m> ToldByTime<'m> {
    pub(crate) fn of(runs: &'m [PlacedRun], story: &Story) -> Self {
        let mut told: Told = story.told.iter().map(|told| (told.run, told.by)).collect();
        told.sort_by_key(|&(run, _)| runs[run].run.first.at);
        let latest = told.iter().scan(LogTime(i64::MIN), |latest, &(run, _)| {
            *latest = runs[run].run.last().at.max(*latest);
            Some(*latest)
        });
        Self { latest: latest.collect(), told, runs }
    }

    /// All of them.
    pub(crate) fn all(&self) -> &Told {
        &self.told
    }

    /// Those with lines within a span.
    pub(crate) fn within(&self, span: &Span) -> Told {
        let begin = self.latest.partition_point(|&latest| latest < span.since);
        let end = span.until.map_or(self.told.len(), |until| self.told.partition_point(|&(run, _)| self.runs[run].run.first.at < until));
        let part = self.told.get(begin..end).unwrap_or_default();
        part.iter().copied().filter(|&(run, _)| within(&self.runs[run].run, span)).collect()
    }
}
