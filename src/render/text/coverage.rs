//! What was not read or not understood, so that no report looks complete when it is not.

use crate::render::clock::Clock;
use crate::render::content::{in_sight, unread};
use crate::render::style::Tone;
use crate::render::text::flow::Part;
use crate::render::text::page::{Page, padded};
use crate::render::words::Words;
use crate::report::number::bytes;
use crate::report::{InputEntry, Report};
use crate::signature::Severity;
use unicode_width::UnicodeWidthStr;

/// The last rows.
pub(in crate::render) fn coverage(page: &mut Page<'_>, words: Words, clock: &Clock, report: &Report) {
    page.blank();
    let labels = [words.in_sight(), words.not_read(), words.not_recognised(), words.read_with_notes(), words.inputs_read()];
    let column = labels.iter().map(|l| l.width()).max().unwrap_or(0) + 2;
    for (index, cluster) in in_sight(words, clock, report).enumerate() {
        let lead = padded(Tone::Dim, if index == 0 { words.in_sight() } else { "" }, column);
        page.beside(&lead, column, &[Part::new(Tone::Dim, &cluster)]);
    }
    for one in unread(words, report) {
        let named = match one.inputs.len() {
            all if page.style.verbose => all,
            all if all <= one.few || report.inputs.is_empty() => one.few,
            _ => 0,
        };
        let asks = named < one.inputs.len() && one.few > 0;
        let hint = if asks { format!(" ({})", words.named_with_verbose()) } else { String::new() };
        let lead = padded(Tone::Grave(Severity::Warning), one.label, column);
        page.beside(&lead, column, &[Part::new(Tone::Plain, &format!("{}{hint}", one.sentence))]);
        for input in one.inputs.iter().take(named) {
            page.paragraph(column, Tone::Dim, input);
        }
    }
    if page.style.verbose {
        read(page, words, column, &report.inputs);
    }
}

fn read(page: &mut Page<'_>, words: Words, column: usize, inputs: &[InputEntry]) {
    for (index, input) in inputs.iter().enumerate() {
        let label = if index == 0 { words.inputs_read() } else { "" };
        let lead = padded(Tone::Dim, label, column);
        let about = format!(
            "{}, {}, {}, {}, {}",
            input.server,
            input.kind.name(),
            bytes(input.bytes),
            words.lines(input.lines),
            words.events(input.events)
        );
        page.sides(&lead, column, &[Part::new(Tone::Plain, &input.path)], &[Part::new(Tone::Dim, &about)]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::samples;
    use crate::render::style::Style;
    use crate::report::Skipped;
    use crate::signature::Lang;

    fn shown(report: &Report, verbose: bool) -> String {
        let style = Style { verbose, ..Style::default() };
        let mut page = Page::new(&style);
        coverage(&mut page, Words(Lang::En), &Clock::of(report, style.zone), report);
        page.finish()
    }

    #[test]
    fn a_complete_reading_needs_no_words() {
        let mut report = samples::stuck();
        report.skipped.clear();
        report.summary.drifted = 0;
        assert_eq!(shown(&report, false), "");
    }

    #[test]
    fn many_skipped_inputs_are_counted_and_named_on_request() {
        let mut report = samples::stuck();
        report.skipped = (0..9)
            .map(|n| Skipped { path: format!("f{n}"), reason: "not a Pegasus log, begins with \"x\"".into(), harmless: false })
            .collect();
        let short = shown(&report, false);
        assert!(short.contains("9 inputs (list with -v)") && !short.contains("f0"), "{short}");
        let long = shown(&report, true);
        assert!(long.contains("f8: not a Pegasus log"), "{long}");
        report.inputs.clear();
        assert!(shown(&report, false).contains("f0: not a Pegasus log"));
    }
}
