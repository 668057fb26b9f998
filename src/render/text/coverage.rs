//! What was not read or not understood, so that no report looks complete when it is not.

use crate::render::style::Tone;
use crate::render::text::flow::Part;
use crate::render::text::page::{Page, padded};
use crate::render::words::Words;
use crate::report::number::bytes;
use crate::report::{InputEntry, Report, Skipped};
use crate::signature::Severity;
use std::fmt::Write as _;
use unicode_width::UnicodeWidthStr;

/// So many are named even when nobody asked for names.
const FEW: usize = 3;

/// The last rows.
pub(in crate::render) fn coverage(page: &mut Page<'_>, words: Words, report: &Report) {
    page.blank();
    let labels = [words.not_read(), words.not_recognised(), words.read_with_notes(), words.inputs_read()];
    let column = labels.iter().map(|l| l.width()).max().unwrap_or(0) + 2;
    skipped(page, words, column, &report.skipped, report.inputs.is_empty());
    drifted(page, words, column, report);
    noted(page, words, column, &report.inputs);
    if page.style.verbose {
        read(page, words, column, &report.inputs);
    }
}

fn skipped(page: &mut Page<'_>, words: Words, column: usize, skipped: &[Skipped], nothing_read: bool) {
    if skipped.is_empty() {
        return;
    }
    let named = if page.style.verbose {
        skipped.len()
    } else if nothing_read || skipped.len() <= FEW {
        FEW
    } else {
        0
    };
    let lead = padded(Tone::Grave(Severity::Warning), words.not_read(), column);
    let mut count = words.skipped(skipped.len());
    if named < skipped.len() {
        let _ = write!(count, " ({})", words.named_with_verbose());
    }
    page.beside(&lead, column, &[Part::new(Tone::Plain, &count)]);
    for one in skipped.iter().take(named) {
        page.paragraph(column, Tone::Dim, &words.not_read_because(one));
    }
}

fn drifted(page: &mut Page<'_>, words: Words, column: usize, report: &Report) {
    if report.summary.drifted == 0 {
        return;
    }
    let files: Vec<&InputEntry> = report.inputs.iter().filter(|i| i.drifted > 0).collect();
    let lead = padded(Tone::Grave(Severity::Warning), words.not_recognised(), column);
    let text = words.drifted(report.summary.drifted, &words.files(files.len()));
    page.beside(&lead, column, &[Part::new(Tone::Plain, &text)]);
    if page.style.verbose {
        for file in files {
            page.paragraph(column, Tone::Dim, &format!("{}{}{}", file.path, words.colon(), words.lines(file.drifted)));
        }
    }
}

fn noted(page: &mut Page<'_>, words: Words, column: usize, inputs: &[InputEntry]) {
    let noted: Vec<&InputEntry> = inputs.iter().filter(|i| !i.notes.is_empty()).collect();
    if noted.is_empty() {
        return;
    }
    let lead = padded(Tone::Grave(Severity::Warning), words.read_with_notes(), column);
    let named = page.style.verbose || noted.len() <= FEW;
    let hint = if named { String::new() } else { format!(" ({})", words.named_with_verbose()) };
    page.beside(&lead, column, &[Part::new(Tone::Plain, &format!("{}{hint}", words.noted(&words.files(noted.len()))))]);
    if named {
        for file in noted {
            page.paragraph(column, Tone::Dim, &format!("{}{}{}", file.path, words.colon(), file.notes.join(words.semicolon())));
        }
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
    use crate::signature::Lang;

    fn shown(report: &Report, verbose: bool) -> String {
        let style = Style { verbose, ..Style::default() };
        let mut page = Page::new(&style);
        coverage(&mut page, Words(Lang::En), report);
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
        report.skipped = (0..9).map(|n| Skipped { path: format!("f{n}"), reason: "no Pegasus log, begins with \"x\"".into() }).collect();
        let short = shown(&report, false);
        assert!(short.contains("9 inputs (-v names them)") && !short.contains("f0"), "{short}");
        let long = shown(&report, true);
        assert!(long.contains("f8: no Pegasus log"), "{long}");
        report.inputs.clear();
        assert!(shown(&report, false).contains("f0: no Pegasus log"));
    }
}
