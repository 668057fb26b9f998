//! How the checks of a preflight stand, in the words that all formats share.

use super::style::Tone;
use super::words::Words;
use crate::report::{CheckEntry, CheckState};
use crate::signature::Severity;

/// How many came to that.
pub(super) fn count(checks: &[CheckEntry], state: CheckState) -> usize {
    checks.iter().filter(|c| c.state == state).count()
}

/// How it stands in one sentence.
pub(super) fn sentence(words: Words, checks: &[CheckEntry]) -> (Tone, String) {
    match (count(checks, CheckState::Failed), count(checks, CheckState::Unknown)) {
        (0, 0) => (Tone::Good, words.checks_passed().to_owned()),
        (0, unknown) => (Tone::Good, words.checks_unknown(unknown)),
        (failed, 0) => (Tone::Grave(Severity::Critical), words.checks_failed(failed, checks.len())),
        (failed, unknown) => (Tone::Grave(Severity::Critical), words.checks_failed_or_unknown(failed, checks.len(), unknown)),
    }
}

/// Those of a state, in the order of the report.
pub(super) fn of(checks: &[CheckEntry], state: CheckState) -> impl Iterator<Item = &CheckEntry> {
    checks.iter().filter(move |c| c.state == state)
}
