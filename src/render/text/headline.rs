//! The first rows: what was read, and whether somebody is needed.

use crate::render::checks::sentence;
use crate::render::clock::Clock;
use crate::render::content::{accepted_trouble, causes, would_tell};
use crate::render::style::Tone;
use crate::render::text::flow::Part;
use crate::render::text::page::Page;
use crate::render::text::verdicts::counts;
use crate::render::words::Words;
use crate::report::{ClusterCoverage, Report};
use crate::signature::Severity;

/// Servers, files, bytes, lines; the window of time.
pub(in crate::render) fn what_was_read(page: &mut Page<'_>, words: Words, clock: &Clock, report: &Report) {
    let summary = &report.summary;
    let window = match (report.window.first, report.window.last) {
        (Some(first), Some(last)) => clock.window(first.0, last.0),
        _ => String::new(),
    };
    page.sides(&[], 0, &[Part::new(Tone::Dim, &words.read(summary))], &[Part::new(Tone::Dim, &window)]);
}

/// How it stands in one sentence.
pub(in crate::render) fn how_it_stands(page: &mut Page<'_>, words: Words, clock: &Clock, report: &Report) {
    let (tone, sentence, hints) = verdict(words, clock, report);
    page.paragraph(0, tone, &sentence);
    match hints.as_slice() {
        [only] => page.paragraph(2, Tone::Plain, only),
        hints => hints.iter().for_each(|hint| page.beside(&[Part::new(Tone::Plain, " -")], 3, &[Part::new(Tone::Plain, hint)])),
    }
}

/// How it stands: a sentence, its colour, and what to try where nothing is there to judge.
pub(in crate::render) fn verdict(words: Words, clock: &Clock, report: &Report) -> (Tone, String, Vec<String>) {
    if let Some(checks) = &report.checks {
        let (tone, sentence) = sentence(words, checks);
        return (tone, sentence, Vec::new());
    }
    let (tone, sentence, hints) = judged(words, clock, report);
    let blind: Vec<&str> = report.coverage.iter().flat_map(ClusterCoverage::blind).collect();
    if blind.is_empty() {
        return (tone, sentence, hints);
    }
    // Less is known than it looks like.
    let tone = if tone == Tone::Good { Tone::Grave(Severity::Warning) } else { tone };
    (tone, words.and_blind(sentence.trim_end_matches(['.', '。']), &blind.join(words.list_separator())), hints)
}

/// The same, of what was in sight.
fn judged(words: Words, clock: &Clock, report: &Report) -> (Tone, String, Vec<String>) {
    let all = report.duplications.len();
    let untold = report.duplications.iter().filter(|d| d.cannot_tell()).count();
    let troubled = report.duplications.iter().filter(|d| d.verdict.needs_somebody()).count();
    let accepted = report.duplications.iter().filter(|d| accepted_trouble(report, d).is_some()).count();
    let needing = troubled - accepted;
    let open = report.findings.iter().filter(|f| f.active && f.severity >= Severity::Warning).count();
    let counts = counts(&report.duplications.iter().map(|d| d.verdict).collect::<Vec<_>>());
    let not_understood = report.not_understood();
    // The findings about the logs themselves say that something is missing from them.
    let whole = report.unread().next().is_none() && report.summary.drifted == 0 && !report.findings.iter().any(|f| f.about_logs);
    if report.inputs.is_empty() {
        (Tone::Grave(Severity::Warning), words.nothing_read().to_owned(), vec![words.nothing_read_hint().to_owned()])
    } else if not_understood > 0 && needing == 0 && untold == 0 {
        let census = words.census(&counts);
        let sentence = if all == 0 { words.none_understood(not_understood) } else { words.not_understood(not_understood, &census) };
        (Tone::Grave(Severity::Warning), sentence, vec![words.not_understood_hint().to_owned()])
    } else if report.duplications.is_empty() {
        let hints =
            [words.no_duplications_sources(), words.no_duplications_window(), words.no_duplications_level(), words.nothing_selected()];
        (Tone::Grave(Severity::Warning), words.no_duplications().to_owned(), hints.map(str::to_owned).to_vec())
    } else if needing > 0 {
        let sentence = need(words, needing, all);
        let sentence = if untold > 0 { words.and_untold(&sentence, untold) } else { sentence };
        (Tone::Grave(Severity::Critical), sentence, causes(words, clock, report))
    } else if untold > 0 {
        let sentence = if all == 1 { words.cannot_tell_the_one().to_owned() } else { words.cannot_tell(untold, all) };
        (Tone::Grave(Severity::Warning), sentence, would_tell(words, clock, report).collect())
    } else if accepted > 0 {
        (Tone::Grave(Severity::Warning), words.all_accepted(accepted, &words.census(&counts)), Vec::new())
    } else if open > 0 {
        (Tone::Grave(Severity::Warning), words.none_stuck(&words.census(&counts), open), Vec::new())
    } else {
        let census = words.census(&counts);
        let quiet = report.duplications.iter().filter(|d| d.quiet).count();
        let hints =
            if quiet > 0 { std::iter::once(words.quiet_ones(quiet)).chain(would_tell(words, clock, report)).collect() } else { Vec::new() };
        (Tone::Good, if whole { words.all_well(&census) } else { words.all_well_in_sight(&census) }, hints)
    }
}

fn need(words: Words, needing: usize, all: usize) -> String {
    if all == 1 { words.the_one_needs_you().to_owned() } else { words.need_you(needing, all) }
}
