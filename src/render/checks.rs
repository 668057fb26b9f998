//! How the checks of a preflight stand, in the words that all formats share.

use super::style::Tone;
use crate::report::{CheckEntry, CheckState};
use crate::signature::{Lang, Severity};

/// How many came to that.
pub(super) fn count(checks: &[CheckEntry], state: CheckState) -> usize {
    checks.iter().filter(|c| c.state == state).count()
}

/// How it stands in one sentence.
pub(super) fn sentence(lang: Lang, checks: &[CheckEntry]) -> (Tone, String) {
    let (failed, unknown) = (count(checks, CheckState::Failed), count(checks, CheckState::Unknown));
    match (lang, failed, unknown) {
        (Lang::En, 0, 0) => (Tone::Good, "All checks passed".to_owned()),
        (Lang::Zh, 0, 0) => (Tone::Good, "全部检查通过".to_owned()),
        (Lang::En, 0, n) => (Tone::Good, format!("No check failed; {n} could not be made")),
        (Lang::Zh, 0, n) => (Tone::Good, format!("没有检查未通过；{n} 项无法检查")),
        (Lang::En, f, 0) => (Tone::Grave(Severity::Critical), format!("{f} of {} checks failed", checks.len())),
        (Lang::En, f, n) => (Tone::Grave(Severity::Critical), format!("{f} of {} checks failed, {n} could not be made", checks.len())),
        (Lang::Zh, f, 0) => (Tone::Grave(Severity::Critical), format!("{} 项检查中 {f} 项未通过", checks.len())),
        (Lang::Zh, f, n) => (Tone::Grave(Severity::Critical), format!("{} 项检查中 {f} 项未通过，{n} 项无法检查", checks.len())),
    }
}

/// What a check came to.
pub(super) fn state(lang: Lang, state: CheckState) -> &'static str {
    match state {
        CheckState::Failed => lang.pick("FAILED", "未通过"),
        CheckState::Unknown => lang.pick("unknown", "无法检查"),
        CheckState::Passed => lang.pick("passed", "通过"),
    }
}

/// What is needed to make a check.
pub(super) fn needs(lang: Lang, what: &str) -> String {
    format!("{}{what}", lang.pick("needs ", "需要"))
}

/// The name of the list.
pub(super) fn title(lang: Lang) -> &'static str {
    lang.pick("Checks", "检查项")
}

/// What the check is about.
pub(super) fn column(lang: Lang) -> &'static str {
    lang.pick("Check", "检查")
}

/// The name of the steps that end in `DS_LOG`.
pub(super) fn steps(lang: Lang) -> &'static str {
    lang.pick("Step by step until DS_LOG", "逐步操作，直到 DS_LOG")
}

/// Those of a state, in the order of the report.
pub(super) fn of(checks: &[CheckEntry], state: CheckState) -> impl Iterator<Item = &CheckEntry> {
    checks.iter().filter(move |c| c.state == state)
}
