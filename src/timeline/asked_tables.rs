//! Facts of tables that somebody looked at in a shell: the source's and the target's, as they were last.

use super::fact::{FactName as N, Facts};
use super::fitting::asked_side;
use super::model::Model;
use super::story::Story;
use crate::event::EventKind as E;
use crate::pegasus::Side;

pub(super) fn facts(model: &Model, story: &Story, facts: &mut Facts) {
    let looked =
        || story.told.iter().map(|t| &model.runs[t.run].run).filter(|run| matches!(run.kind(), E::TableAnswered | E::PartitionsAnswered));
    for (side, names) in [
        (
            Side::Source,
            [(N::SourceState, "state"), (N::SourceWithoutPrimary, "without_primary"), (N::SourceWithoutWrites, "without_writes")],
        ),
        (
            Side::Target,
            [(N::TargetState, "state"), (N::TargetWithoutPrimary, "without_primary"), (N::TargetWithoutSecondary, "without_secondary")],
        ),
    ] {
        let mut of_side: Vec<_> = looked().filter(|run| asked_side(story, run, None) == Some(side)).collect();
        of_side.sort_by_key(|run| run.last().at);
        for (name, field) in names {
            if field == "state" {
                // Dropped tables are listed beside the one that has the name now.
                let newest = of_side.last().map(|run| run.last().at);
                let states = of_side.iter().filter(|run| Some(run.last().at) == newest).filter_map(|run| run.field(field));
                facts.put_known(name, states.min_by_key(|state| *state != "AVAILABLE"));
            } else {
                // The newest that shows partitions: `ls` does not.
                facts.put_known(name, of_side.iter().rev().find_map(|run| run.number(field).filter(|&count| count >= 0)));
            }
        }
    }
}
