//! Whether clients can be moved to the target: the answer, and what is missing.

use crate::render::style::Tone;
use crate::render::text::flow::Part;
use crate::render::text::page::{Page, padded};
use crate::render::text::verdicts::who;
use crate::render::words::Words;
use crate::report::{Readiness, Report, SwitchOver};
use crate::signature::Severity;

/// Of all duplications of which it was asked.
pub(super) fn switch_over(page: &mut Page<'_>, words: Words, report: &Report) {
    let asked = || report.duplications.iter().filter_map(|d| Some((d, d.switch_over.as_ref()?)));
    if asked().next().is_none() {
        return;
    }
    page.blank();
    let count = |answer| asked().filter(|(_, s)| s.answer == answer).count();
    let stand = words.switch_stand(count(Readiness::Ready), count(Readiness::NotReady), count(Readiness::CannotTell));
    page.paragraph(0, Tone::Bold, &stand);
    for (entry, switch_over) in asked() {
        page.sides(&[], 1, &who(words, &entry.identity, Tone::Bold), &[]);
        readiness(page, words, 3, switch_over);
    }
}

/// Of one.
pub(super) fn readiness(page: &mut Page<'_>, words: Words, column: usize, switch_over: &SwitchOver) {
    let (tone, answer) = match switch_over.answer {
        Readiness::Ready => (Tone::Good, words.switch_ready()),
        Readiness::NotReady => (Tone::Grave(Severity::Error), words.switch_not_ready()),
        Readiness::CannotTell => (Tone::Grave(Severity::Warning), words.switch_cannot_tell()),
    };
    page.sides(&[], column, &[Part::new(tone, answer)], &[]);
    for open in &switch_over.open {
        let mark = if open.met == Some(false) { "x " } else { "? " };
        page.beside(
            &padded(Tone::Dim, &format!("{}{mark}", " ".repeat(column)), column + 2),
            column + 2,
            &[Part::new(Tone::Plain, &open.text)],
        );
    }
}
