//! Which file covers which time, as bars, so that gaps are seen.

use crate::pegasus::LogTime;
use crate::render::clock::Clock;
use crate::render::escape::plain;
use crate::render::style::{Style, Tone};
use crate::render::text::cut;
use crate::render::text::flow::Part;
use crate::render::text::page::{Page, padded, spaces};
use crate::render::words::Words;
use crate::report::{InputEntry, Report};
use unicode_width::UnicodeWidthStr;

/// So many files have a row each; of more, a server has one.
const FILES: usize = 32;

/// The bars of all inputs, over the time that they cover together.
#[must_use]
pub fn coverage_bar(report: &Report, style: &Style) -> String {
    let words = Words(style.lang);
    let mut page = Page::new(style);
    let (Some(first), Some(last)) = (report.window.first, report.window.last) else { return String::new() };
    let clock = Clock::new(style.zone, &report.inputs, Some(first), Some(last));
    let mut lanes = lanes(&report.inputs, style.verbose || report.inputs.len() <= FILES);
    let shared = cut::shared_folders(&lanes.iter().map(|l| l.name.as_str()).collect::<Vec<_>>());
    for lane in &mut lanes {
        lane.name.drain(..shared);
    }
    let widest = lanes.iter().map(|l| plain(&l.name).width()).max().unwrap_or(0);
    let column = 1 + widest.min(page.columns() / 3) + 1;
    // The times themselves stand at the right where there is room for them.
    let times =
        if page.columns() >= 100 { lanes.iter().map(|l| clock.range(l.first(), l.last()).width()).max().unwrap_or(0) + 1 } else { 0 };
    let bar = page.columns().saturating_sub(column + times).max(10);
    let label = clock.window(first.0, last.0);
    page.row(&[Part::new(Tone::Dim, &format!(" {label}"))]);
    for lane in &lanes {
        let mut row = vec![spaces(1)];
        row.extend(padded(Tone::Plain, &cut::start(&plain(&lane.name), column - 2), column - 1));
        row.extend(lane.bar(first.0, last.0, bar));
        if times > 0 {
            row.push(Part::new(Tone::Dim, &format!(" {}", clock.range(lane.first(), lane.last()))));
        }
        page.row(&row);
    }
    let undated = report.inputs.iter().filter(|i| i.first.is_none()).count();
    if undated > 0 {
        page.paragraph(1, Tone::Dim, &words.undated(&words.files(undated)));
    }
    page.finish()
}

/// One row: a file, or all files of a server in order.
struct Lane {
    name: String,
    spans: Vec<(LogTime, LogTime)>,
}

fn lanes(inputs: &[InputEntry], by_file: bool) -> Vec<Lane> {
    let mut lanes: Vec<Lane> = Vec::new();
    for input in inputs {
        let (Some(first), Some(last)) = (input.first, input.last) else { continue };
        let name = if by_file { &input.path } else { &input.server };
        match lanes.iter_mut().find(|l| l.name == *name) {
            Some(lane) => lane.spans.push((first.0, last.0)),
            None => lanes.push(Lane { name: name.clone(), spans: vec![(first.0, last.0)] }),
        }
    }
    for lane in &mut lanes {
        lane.spans.sort_unstable();
    }
    lanes
}

impl Lane {
    fn first(&self) -> LogTime {
        self.spans.iter().map(|s| s.0).min().unwrap_or_default()
    }

    fn last(&self) -> LogTime {
        self.spans.iter().map(|s| s.1).max().unwrap_or_default()
    }

    /// Neighbouring files in two shades, gaps as dots.
    fn bar(&self, from: LogTime, to: LogTime, columns: usize) -> Vec<Part> {
        let (width, slots) = (i128::from(to.since(from).0.max(1)), columns.max(1) as i128);
        let mut parts: Vec<Part> = Vec::new();
        let mut text = String::new();
        let mut tone = Tone::Dim;
        for slot in 0..columns {
            let moment = |n: usize| from.0.saturating_add(i64::try_from(width * n as i128 / slots).unwrap_or(i64::MAX));
            let (begin, end) = (moment(slot), moment(slot + 1).max(moment(slot) + 1));
            let file = self.spans.iter().position(|s| s.0.0 < end && s.1.0 >= begin);
            let (now, mark) = match file {
                Some(index) if index % 2 == 0 => (Tone::Good, '█'),
                Some(_) => (Tone::Good, '▓'),
                None => (Tone::Dim, '·'),
            };
            if now != tone && !text.is_empty() {
                parts.push(Part::new(tone, &std::mem::take(&mut text)));
            }
            tone = now;
            text.push(mark);
        }
        parts.push(Part::new(tone, &text));
        parts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps_are_dots_and_neighbours_differ() {
        let lane =
            Lane { name: "a".into(), spans: vec![(LogTime(0), LogTime(29)), (LogTime(30), LogTime(49)), (LogTime(80), LogTime(100))] };
        let bar: String = lane.bar(LogTime(0), LogTime(100), 10).into_iter().map(|p| p.text).collect();
        assert_eq!(bar, "███▓▓···██");
    }
}
