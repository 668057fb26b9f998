//! What the user wants to see of a diagnosis.

use super::accepted::Acceptance;
use crate::pegasus::{LogTime, Release};
use crate::signature::Lang;
use crate::timeline::Story;

/// What the user wants to see.
#[derive(Debug, Clone, Default)]
pub struct Selection {
    /// Only this source table.
    pub app: Option<String>,
    /// Only this duplication.
    pub dup: Option<i64>,
    /// What is known and accepted, left out; the first rule that fits counts.
    pub accepted: Vec<Acceptance>,
    /// Today, by which such rules expire; without it none does.
    pub today: Option<LogTime>,
    /// The language of the findings.
    pub lang: Lang,
    /// Whether findings carry their runbooks.
    pub runbooks: Runbooks,
    /// Now, if the caller wants it in the report.
    pub generated_at: Option<LogTime>,
    /// Whether it is asked if clients can be moved to the target; so many mutations may wait then.
    pub switch_over: Option<i64>,
}

/// Whether findings carry their runbooks, and for which release.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Runbooks {
    /// They do not.
    #[default]
    LeftOut,
    /// For all releases, with what differs between them.
    All,
    /// For one.
    For(Release),
}

impl Selection {
    /// Whether a story is wanted.
    #[must_use]
    pub fn wants(&self, story: &Story) -> bool {
        // Without the source table's name the follower's has to do: mostly it is the same.
        let app_name = story.identity.app_name.as_ref().or(story.identity.remote_app_name.as_ref());
        self.app.as_ref().is_none_or(|app| app_name == Some(app))
            && self.dup.is_none_or(|dup| story.identity.dup_id.is_some_and(|d| d.0 == dup))
    }

    pub(super) fn wants_all(&self) -> bool {
        self.app.is_none() && self.dup.is_none()
    }
}
