//! What servers did: one kind for each event name of the contract, made from the table of messages by `build/messages.rs`.

use crate::pegasus::Side;

include!(concat!(env!("OUT_DIR"), "/kinds.rs"));

/// What the table of messages says of a kind.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a key of the table")]
struct Kind {
    name: &'static str,
    en: &'static str,
    zh: &'static str,
    about: About,
    side: Option<Side>,
    answer: bool,
    refuses: bool,
    leads: bool,
    ends_runs: bool,
    key_in_path: bool,
    has_entry: bool,
    varies: &'static [&'static str],
    decrees: &'static [&'static str],
}

/// How a line shows which duplications it is about, unless it has their key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum About {
    /// By its partition: those of the source table that it belongs to.
    Replica,
    /// The same; only tables with a duplication have such lines.
    Duplicated,
    /// The same; only duplications that ship have such lines.
    Shipping,
    /// By its partition, which may be one of the target table.
    EitherReplica,
    /// By its master, or by its partition: the target's replicas copy checkpoints.
    Copy,
    /// By its partition, which is one of the target table.
    TargetPartition,
    /// By the names of cluster and table.
    Names,
    /// By the names of the source table and of the target cluster in a request to add one.
    Request,
    /// By the id, and the table's name where it is told.
    DupId,
    /// By the name of the source table.
    Table,
    /// By the id of the source table.
    TableId,
    /// By the name of the source table, or of the target table where the cluster that was asked is the target.
    AskedOfTable,
    /// By the name of the target table.
    TargetTable,
    /// By the name of the table that the source asks for, in the target.
    AskedTable,
    /// By the master that a new table is made for.
    NewTable,
    /// By the create request right before it, on the target.
    CreateRequest,
    /// By the entry of a report.
    Report,
    /// By the number of partitions, and by the reports of the same sync.
    Waiting,
    /// By the node of the meta store that is read next.
    NextNode,
    /// By the groups of a user's expression.
    Expression,
}

impl EventKind {
    const fn kind(self) -> &'static Kind {
        &KINDS[self as usize]
    }

    /// The name in JSON and in signature files.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.kind().name
    }

    /// What it means for a duplication, in English and in Chinese.
    #[must_use]
    pub const fn meanings(self) -> (&'static str, &'static str) {
        (self.kind().en, self.kind().zh)
    }

    /// The kind of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|k| k.name() == name)
    }

    /// How its lines show which duplications they are about.
    pub(crate) const fn about(self) -> About {
        self.kind().about
    }

    /// Which cluster's servers write it, where that shows.
    pub(crate) const fn side(self) -> Option<Side> {
        self.kind().side
    }

    /// Whether it was told because somebody asked: it says nothing about what servers do by themselves.
    #[must_use]
    pub const fn is_answer(self) -> bool {
        self.kind().answer
    }

    /// Whether it may be what became of a request that was not fulfilled.
    pub(crate) const fn refuses(self) -> bool {
        self.kind().refuses
    }

    /// Whether only the leading meta server writes such lines.
    pub(crate) const fn leads(self) -> bool {
        self.kind().leads
    }

    /// Whether equal lines before and behind it are not the same story.
    pub(crate) const fn ends_runs(self) -> bool {
        self.kind().ends_runs
    }

    /// Whether its path is one of the meta store, which has a duplication's key.
    pub(crate) const fn key_in_path(self) -> bool {
        self.kind().key_in_path
    }

    /// Whether a field differs among lines that tell the same fact, though not by its name.
    pub(crate) fn varies(self, field: &str) -> bool {
        self.kind().varies.contains(&field)
    }

    /// Whether its `entry` states a whole duplication: status, follower, decrees.
    #[must_use]
    pub const fn has_entry(self) -> bool {
        self.kind().has_entry
    }

    /// Fields with a partition's confirmed and committed (or at least durable) decree, in the lines of replica servers that have both.
    #[must_use]
    pub const fn decrees(self) -> Option<(&'static str, &'static str)> {
        match self.kind().decrees {
            [confirmed, committed] => Some((confirmed, committed)),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_event_has_a_meaning_in_both_languages() {
        for (en, zh) in EventKind::ALL.iter().map(|kind| kind.meanings()) {
            assert!(en.is_ascii() && !en.is_empty() && !zh.is_ascii(), "{en} {zh}");
            assert!(!en.ends_with('.') && !zh.ends_with('。'), "{en} {zh}");
        }
    }

    #[test]
    fn fields_that_the_table_names_are_there() {
        for kind in EventKind::ALL {
            for field in kind.kind().varies.iter().chain(kind.kind().decrees) {
                let known = crate::event::patterns().filter(|p| p.event == *kind).any(|p| p.field(field).is_some());
                assert!(known, "{} has no {field}", kind.name());
            }
            assert!(matches!(kind.kind().decrees.len(), 0 | 2), "{}", kind.name());
        }
    }

    #[test]
    fn every_event_but_that_of_users_has_a_wording() {
        for kind in EventKind::ALL.iter().filter(|kind| **kind != EventKind::RawText) {
            assert!(crate::event::patterns().any(|pattern| pattern.event == *kind), "{} has no wording", kind.name());
        }
    }
}
