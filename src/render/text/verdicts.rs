//! The duplications, one row each, the worst first; what is well is counted.

use crate::pegasus::Identity;
use crate::pegasus::ids;
use crate::render::content::{accepted_line, accepted_trouble, cause_elsewhere, first_step, leading};
use crate::render::escape::plain;
use crate::render::style::Tone;
use crate::render::text::cut;
use crate::render::text::flow::Part;
use crate::render::text::page::{Page, padded, spaces};
use crate::render::words::Words;
use crate::report::number::duration;
use crate::report::{DuplicationEntry, Finding, Report, Verdict};
use crate::timeline::Exactness;
use unicode_width::UnicodeWidthStr;

/// How many there are of each, in order of urgency.
pub(in crate::render) fn counts(verdicts: &[Verdict]) -> Vec<(Verdict, usize)> {
    Verdict::ALL.iter().copied().map(|v| (v, verdicts.iter().filter(|w| **w == v).count())).filter(|(_, count)| *count > 0).collect()
}

/// The rows.
pub(in crate::render) fn verdicts(page: &mut Page<'_>, words: Words, report: &Report) {
    let folded = |v: Verdict| !page.style.all && matches!(v, Verdict::Healthy | Verdict::Removed);
    let listed: Vec<&DuplicationEntry> = report.duplications.iter().filter(|d| !folded(d.verdict)).collect();
    let others = counts(&report.duplications.iter().map(|d| d.verdict).filter(|v| folded(*v)).collect::<Vec<_>>());
    // When all is well the sentence above has said it.
    if listed.is_empty() {
        return;
    }
    page.blank();
    let column = 1 + listed.iter().map(|d| words.verdict(d.verdict).width()).max().unwrap_or(0) + 2;
    for entry in listed {
        let verdict = Tone::State(entry.verdict);
        let lead = padded(verdict, &format!(" {}", words.verdict(entry.verdict)), column);
        let name = if entry.verdict.needs_somebody() { Tone::Bold } else { Tone::Plain };
        page.sides(&lead, column, &who(words, &entry.identity, name), &[Part::new(Tone::Plain, &since(words, entry))]);
        for note in notes(words, entry) {
            page.beside(&padded(Tone::Dim, "", column), column, &[Part::new(Tone::Dim, &note)]);
        }
        if let Some(accepted) = accepted_trouble(report, entry) {
            page.beside(&padded(Tone::Dim, "", column), column, &[Part::new(Tone::Dim, &accepted_line(words, accepted))]);
            continue;
        }
        let leading = leading(report, entry).filter(|_| entry.verdict.needs_somebody());
        if let Some(finding) = leading {
            let left = [Part::new(code_tone(report, finding), &finding.code), Part::new(Tone::Plain, &format!("  {}", finding.title))];
            page.sides(&[], column, &left, &[Part::new(Tone::Dim, words.confidence(finding.confidence))]);
            if let Some((cause, server)) = cause_elsewhere(report, finding).and_then(|c| Some((c, c.server.as_ref()?))) {
                page.beside(&padded(Tone::Dim, "", column), column, &[Part::new(Tone::Dim, &words.because_of(&cause.code, server))]);
            }
            match first_step(finding) {
                Some((_, Some(command))) => page.command(column, words, command),
                Some((text, None)) => {
                    let told = format!("{}{}{text}", words.remedy(), words.colon());
                    page.row(&[spaces(column), Part::new(Tone::Plain, &cut::end(&plain(&told), page.columns().saturating_sub(column)))]);
                }
                None => {}
            }
        }
    }
    if !others.is_empty() {
        let left = Part::new(Tone::Dim, &format!(" {}", words.and_others(&words.census(&others))));
        page.sides(&[], 0, &[left], &[Part::new(Tone::Dim, &words.aside(words.listed_with_all()))]);
        let quiet = report.duplications.iter().filter(|d| d.quiet).count();
        if quiet > 0 && !page.style.all {
            page.paragraph(1, Tone::Dim, &words.quiet_ones(quiet));
        }
    }
}

/// A consequence is as grave as what explains it.
pub(in crate::render) fn code_tone(report: &Report, finding: &Finding) -> Tone {
    Tone::Grave(cause_elsewhere(report, finding).map_or(finding.severity, |cause| cause.severity))
}

/// `test_dup1 → target_cluster / new1_test`
pub(in crate::render) fn who(words: Words, known: &Identity, tone: Tone) -> Vec<Part> {
    let source = words.source_table(known.app_name.as_deref(), known.app_id);
    names(tone, &source, &words.follower(known.remote_cluster.as_deref(), known.remote_app_name.as_deref()))
}

/// Source table, follower's cluster and table.
pub(in crate::render) fn names(tone: Tone, source: &str, follower: &str) -> Vec<Part> {
    vec![Part::new(tone, source), Part::new(Tone::Plain, &format!(" → {follower}"))]
}

/// What is not known of a duplication: whether it is idle or blocked, whether it is another one.
pub(in crate::render) fn notes(words: Words, entry: &DuplicationEntry) -> Vec<String> {
    let same = entry.perhaps_same_as.iter().flatten().map(|other| {
        let name = words.source_table(other.app_name.as_deref(), other.app_id);
        ids(other.app_id, other.dup_id).map_or(name.clone(), |ids| format!("{name} ({ids})"))
    });
    let same: Vec<String> = same.collect();
    let quiet = entry.quiet.then(|| words.quiet().to_owned());
    let others = (entry.others > 0).then(|| words.others_share_id(entry.others));
    quiet.into_iter().chain(others).chain((!same.is_empty()).then(|| words.perhaps(&same.join(words.list_separator())))).collect()
}

/// The status and since how long.
pub(in crate::render) fn since(words: Words, entry: &DuplicationEntry) -> String {
    let Some(status) = entry.status else {
        return words.status_unknown().to_owned();
    };
    if entry.cannot_tell() {
        return words.last_seen(status.name());
    }
    match entry.status_seconds {
        Some(seconds) => {
            let lasted = duration(seconds, words.0);
            match entry.status_seconds_are {
                Some(Exactness::Exact) => words.lasting(status.name(), &lasted),
                Some(Exactness::AtMost) => words.lasting_at_most(status.name(), &lasted),
                // A report of an earlier version does not say it.
                Some(Exactness::AtLeast) | None => words.lasting_at_least(status.name(), &lasted),
            }
        }
        None => status.name().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::samples;
    use crate::render::style::Style;
    use crate::signature::Lang;

    #[test]
    fn a_status_whose_beginning_is_not_seen_lasts_at_least_so_long() {
        let mut entry = samples::stuck().duplications.remove(0);
        assert_eq!(since(Words(Lang::En), &entry), "DS_APP for 2 h 13 min");
        entry.status_seconds_are = Some(Exactness::AtMost);
        assert_eq!(since(Words(Lang::En), &entry), "DS_APP for at most 2 h 13 min");
        entry.status_seconds_are = Some(Exactness::AtLeast);
        assert_eq!(since(Words(Lang::En), &entry), "DS_APP for at least 2 h 13 min");
        entry.status_seconds = None;
        assert_eq!(since(Words(Lang::En), &entry), "DS_APP");
        entry.status = None;
        assert_eq!(since(Words(Lang::Zh), &entry), "状态未知");
    }

    #[test]
    fn what_is_well_is_counted_unless_all_is_asked_for() {
        let report = samples::stuck();
        for (all, rows) in [(false, 8), (true, 9)] {
            let style = Style { all, ..Style::default() };
            let mut page = Page::new(&style);
            page.row(&[Part::new(Tone::Plain, "above")]);
            verdicts(&mut page, Words(Lang::En), &report);
            assert_eq!(page.finish().lines().count(), rows);
        }
    }
}
