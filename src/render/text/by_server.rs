//! Each duplication's history with a column for each server, for those who look for who said what when.

use crate::pegasus::DupStatus;
use crate::render::escape::plain;
use crate::render::style::{Tone, level_tone};
use crate::render::text::cut;
use crate::render::text::flow::{Part, width_of};
use crate::render::text::history::History;
use crate::render::text::page::{Page, padded, spaces};
use crate::report::Happening;
use unicode_width::UnicodeWidthStr;

/// The least room for what happened, in hundredths of the width.
const TEXT: usize = 45;

/// Below so many columns there is no room for names of states.
const SLIM: usize = 60;

/// `E×999` and a space.
const WIDE: usize = 6;

/// `E` and a space; the count then stands in the text.
const NARROW: usize = 2;

/// Happenings of one kind, one after the other, on several servers.
struct Row<'a> {
    first: &'a Happening,
    /// By server: what each said.
    cells: Vec<Option<&'a Happening>>,
}

/// Rows with a cell for each server.
pub(in crate::render) fn write(page: &mut Page<'_>, history: &mut History, shown: &[&Happening]) {
    let words = history.words;
    let mut servers: Vec<&str> = shown.iter().map(|h| h.server.as_str()).collect();
    servers.sort_unstable();
    servers.dedup();
    // On a narrow terminal the first letter must do.
    let slim = page.columns() < SLIM;
    let state =
        if slim { 3 } else { 1 + DupStatus::ALL.iter().map(|s| short(*s).width()).max().unwrap_or(0).max(words.state().width()) + 1 };
    let fixed = 1 + "00:00:00".len() + 1 + state;
    let room = page.columns().saturating_sub(fixed + page.columns() * TEXT / 100);
    let cell = if servers.len() * WIDE <= room { WIDE } else { NARROW };
    // What has no column of its own stands in the last one.
    let columns = servers.len().min((room / cell).max(1));
    legend(page, &servers, columns);
    let mut head = padded(Tone::Dim, "", 1 + "00:00:00".len() + 1).to_vec();
    head.extend(padded(Tone::Dim, if slim { "" } else { words.state() }, state));
    for index in 0..columns {
        head.extend(padded(Tone::Dim, &number(index, columns, servers.len(), cell), cell));
    }
    head.push(Part::new(Tone::Dim, words.what_happened()));
    page.row(&head);
    let mut status = None;
    for row in rows(shown, &servers, columns) {
        history.day_row(page, row.first.at.0);
        let before = status;
        if let (Some(from), Some(to)) = (row.first.from, row.first.to)
            && from != to
        {
            status = Some(to);
        } else if status.is_none() {
            status = row.first.from;
        }
        write_row(page, history, &row, (before, status), (state, cell));
    }
}

/// Which number is which server.
fn legend(page: &mut Page<'_>, servers: &[&str], columns: usize) {
    let mut parts = Vec::new();
    let shared = cut::shared_folders(servers);
    for (index, server) in servers.iter().enumerate() {
        let gap = if parts.is_empty() { "" } else { "  " };
        parts.push(Part::new(Tone::Bold, &format!("{gap}{}", number(index.min(columns - 1), columns, servers.len(), WIDE))));
        // A label stays in one piece.
        let name = plain(&server[shared..]).replace(' ', "\u{a0}");
        parts.push(Part::new(Tone::Dim, &format!("\u{a0}{name}")));
    }
    page.beside(&[spaces(1)], 1, &parts);
}

/// The head of a column; the last one may be that of all others.
fn number(index: usize, columns: usize, servers: usize, cell: usize) -> String {
    let last = index + 1 == columns && servers > columns;
    match (last, cell) {
        (true, _) => "+".to_owned(),
        (false, NARROW) => ((index + 1) % 10).to_string(),
        (false, _) => (index + 1).to_string(),
    }
}

/// Neighbours of one kind share a row as long as no server has two of them.
fn rows<'a>(shown: &[&'a Happening], servers: &[&str], columns: usize) -> Vec<Row<'a>> {
    let mut rows: Vec<Row<'a>> = Vec::new();
    for &happening in shown {
        let column = servers.binary_search(&happening.server.as_str()).unwrap_or(0).min(columns - 1);
        let changes = happening.from.is_some() && happening.to.is_some() && happening.from != happening.to;
        if let Some(row) = rows.last_mut()
            && row.first.event == happening.event
            && !changes
            && happening.restart.is_none()
            && row.cells[column].is_none()
        {
            row.cells[column] = Some(happening);
            continue;
        }
        let mut cells = vec![None; columns];
        cells[column] = Some(happening);
        rows.push(Row { first: happening, cells });
    }
    rows
}

fn write_row(
    page: &mut Page<'_>,
    history: &History,
    row: &Row<'_>,
    (before, status): (Option<DupStatus>, Option<DupStatus>),
    (state, cell): (usize, usize),
) {
    let time = history.clock.precise(row.first.at.0);
    let mut parts = vec![Part::new(Tone::Dim, &format!(" {} ", time.split('.').next().unwrap_or_default()))];
    let tone = status.map_or(Tone::Dim, Tone::Status);
    let name = status.filter(|_| status != before).map_or("", |s| if state == 3 { &short(s)[..1] } else { short(s) });
    parts.extend(padded(tone, &format!("{}{name}", if status.is_some() { "▌" } else { " " }), state));
    for one in &row.cells {
        let text = one
            .map_or_else(|| "·".to_owned(), |h| if cell == WIDE { format!("{}{}", h.level, times(h.count)) } else { h.level.to_string() });
        let tone = one.map_or(Tone::Dim, |h| level_tone(h.level));
        parts.extend(padded(tone, &text, cell));
    }
    let room = page.columns().saturating_sub(width_of(&parts));
    let count: u64 = row.cells.iter().flatten().map(|h| h.count).sum();
    let repeated = if count > 1 && cell == NARROW { format!(" ×{count}") } else { String::new() };
    match (history.event(row.first, room), row.first.to) {
        (Some(event), Some(to)) if width_of(&event) > room => {
            parts.extend([Part::new(Tone::Dim, "→ "), Part::new(Tone::Status(to), &cut::end(to.name(), room.saturating_sub(2)))]);
        }
        (Some(event), _) => parts.extend(event),
        (None, _) => {
            parts.push(Part::new(Tone::Plain, &history.message(row.first, room.saturating_sub(repeated.width()))));
            parts.push(Part::new(Tone::Dim, &repeated));
        }
    }
    page.row(&parts);
}

/// `×97`, `×12k`: at most four columns.
fn times(count: u64) -> String {
    match count {
        0 | 1 => String::new(),
        2..1_000 => format!("×{count}"),
        1_000..100_000 => format!("×{}k", count / 1_000),
        _ => "×99k".to_owned(),
    }
}

/// `PREPARE` of `DS_PREPARE`.
fn short(status: DupStatus) -> &'static str {
    let name = status.name();
    name.strip_prefix("DS_").unwrap_or(name)
}
