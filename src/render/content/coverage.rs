//! What was not read or not understood, so that no report looks complete when it is not.

use crate::render::words::Words;
use crate::report::{InputEntry, Report};

/// Inputs that are not there in full.
pub(in crate::render) struct Unread {
    pub(in crate::render) label: &'static str,
    /// How many.
    pub(in crate::render) sentence: String,
    /// Each with what is to be said of it.
    pub(in crate::render) inputs: Vec<String>,
    /// Up to so many are named even where nobody asked for names.
    pub(in crate::render) few: usize,
}

/// What was skipped, what was not recognised, what was read with notes.
pub(in crate::render) fn unread(words: Words, report: &Report) -> Vec<Unread> {
    const FEW: usize = 3;
    let of = |wanted: fn(&InputEntry) -> bool, about: &dyn Fn(&InputEntry) -> String| -> Vec<String> {
        report.inputs.iter().filter(|i| wanted(i)).map(|i| format!("{}{}{}", i.path, words.colon(), about(i))).collect()
    };
    let skipped: Vec<String> = report.skipped.iter().map(|one| words.not_read_because(one)).collect();
    let drifted = of(|i| i.drifted > 0, &|i| words.lines(i.drifted));
    let noted = of(|i| !i.notes.is_empty(), &|i| i.notes.join(words.semicolon()));
    let mut all = Vec::new();
    if !skipped.is_empty() {
        all.push(Unread { label: words.not_read(), sentence: words.skipped(skipped.len()), inputs: skipped, few: FEW });
    }
    if report.summary.drifted > 0 {
        let sentence = words.drifted(report.summary.drifted, &words.files(drifted.len()));
        all.push(Unread { label: words.not_recognised(), sentence, inputs: drifted, few: 0 });
    }
    if !noted.is_empty() {
        let sentence = words.noted(&words.files(noted.len()));
        all.push(Unread { label: words.read_with_notes(), sentence, inputs: noted, few: FEW });
    }
    all
}
