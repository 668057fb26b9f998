//! What servers did: one kind for each event name of the contract, made from the table of messages by `build/messages.rs`.

include!(concat!(env!("OUT_DIR"), "/kinds.rs"));

/// What the table of messages says of a kind.
#[derive(Debug)]
struct Kind {
    name: &'static str,
    en: &'static str,
    zh: &'static str,
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

    /// Whether it was told because somebody asked: it says nothing about what servers do by themselves.
    #[must_use]
    pub const fn is_answer(self) -> bool {
        matches!(
            self,
            Self::DuplicationAnswered
                | Self::DuplicationNotAnswered
                | Self::PendingAnswered
                | Self::AddDupTyped
                | Self::AddDupAnswered
                | Self::AddDupRefused
                | Self::AddDupHollow
                | Self::ModifyDupAnswered
                | Self::NoDuplicationAnswered
                | Self::QueryDupRefused
                | Self::ConfigMisread
                | Self::ConfigFault
        )
    }

    /// Whether its `entry` states a whole duplication: status, follower, decrees.
    #[must_use]
    pub const fn has_entry(self) -> bool {
        matches!(self, Self::DupReport | Self::DuplicationAnswered)
    }

    /// Fields with a partition's confirmed and committed (or at least durable) decree, in the lines of replica servers that have both.
    #[must_use]
    #[expect(clippy::wildcard_enum_match_arm, reason = "two of the nearly two hundred kinds of events tell both decrees")]
    pub fn decrees(self) -> Option<(&'static str, &'static str)> {
        match self {
            Self::GroupCheck => Some(("confirmed_decree", "last_committed_decree")),
            Self::PlogGcDelayed => Some(("min_confirmed_decree", "last_durable_decree")),
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
}
