//! Each duplication's history: one row for each thing that happened.

use super::clock::Clock;
use super::cut;
use super::escape::plain;
use super::flow::{Part, width_of};
use super::page::{Page, padded, spaces};
use super::style::{Style, Tone, level_tone};
use super::verdicts::names;
use super::words::Words;
use crate::report::{Chapter, Happening};
use unicode_width::UnicodeWidthStr;

/// The histories as text; [`super::Zone::Log`] must be settled before, else it is taken for UTC.
#[must_use]
pub fn timeline(chapters: &[Chapter], style: &Style) -> String {
    let words = Words(style.lang);
    let mut page = Page::new(style);
    if chapters.is_empty() {
        page.paragraph(0, Tone::Plain, words.nothing_to_tell());
    }
    for chapter in chapters {
        page.blank();
        write_chapter(&mut page, words, chapter);
    }
    page.finish()
}

fn write_chapter(page: &mut Page<'_>, words: Words, chapter: &Chapter) {
    let first = chapter.happenings.first().map(|h| h.at);
    let last = chapter.happenings.iter().map(|h| h.until).max();
    let clock = Clock::new(page.style.zone, &[], first, last);
    let dup = &chapter.duplication;
    let id = dup.app_id.map(|a| a.0);
    let mut who = names(words, Tone::Bold, dup.app_name.as_deref(), id, chapter.remote_cluster.as_deref(), chapter.remote_app_name.as_deref());
    let key = match (dup.app_id, dup.dup_id) {
        (Some(app), Some(dup)) => format!("  a{}d{}", app.0, dup.0),
        (None, Some(dup)) => format!("  d{}", dup.0),
        (_, None) => format!("  {}", words.id_unknown()),
    };
    who.push(Part::new(Tone::Dim, &key));
    page.sides(&[], 0, &who, &[Part::new(Tone::State(chapter.verdict), words.verdict(chapter.verdict))]);
    let columns = Columns::fitting(page.columns(), &chapter.happenings);
    let mut day = None;
    for happening in &chapter.happenings {
        let today = clock.day(happening.at.0);
        if day != Some(today) {
            day = Some(today);
            page.row(&[Part::new(Tone::Dim, &format!(" {today} ({})", clock.label(happening.at.0)))]);
        }
        write_happening(page, words, &clock, &columns, happening);
    }
    if chapter.happenings.iter().any(|h| h.shared) {
        page.paragraph(1, Tone::Dim, words.shared_mark());
    }
}

/// Widths of what stands at the right.
struct Columns {
    server: usize,
    place: usize,
}

impl Columns {
    /// At most half of the row, so that there is room to say what happened.
    fn fitting(columns: usize, happenings: &[Happening]) -> Self {
        let widest = |text: &dyn Fn(&Happening) -> String, most: usize| happenings.iter().map(|h| plain(&text(h)).width()).max().unwrap_or(0).min(most);
        let server = widest(&|h| h.server.clone(), columns / 8);
        let place = widest(&place, columns * 3 / 8 - 2);
        Self { server, place }
    }
}

fn place(happening: &Happening) -> String {
    let path = &happening.evidence.path;
    let file = path.rsplit(['/', '!']).next().unwrap_or(path);
    format!("{file}:{}", happening.evidence.line)
}

fn write_happening(page: &mut Page<'_>, words: Words, clock: &Clock, columns: &Columns, happening: &Happening) {
    let mark = if happening.shared { "*" } else { " " };
    let mut row = vec![Part::new(Tone::Dim, &format!(" {}", clock.precise(happening.at.0)))];
    row.push(Part::new(level_tone(happening.level), &format!(" {}", happening.level)));
    row.push(Part::new(Tone::Dim, &format!("{mark} ")));
    let indent = width_of(&row);
    let repeated = (happening.count > 1).then(|| format!(" {}", words.repeated(happening.count, &until(clock, happening)))).unwrap_or_default();
    let right = columns.server + columns.place + 4;
    let room = page.columns().saturating_sub(indent + right);
    let mut what = Vec::new();
    match (happening.from, happening.to) {
        (Some(from), Some(to)) if from != to => what.push(Part::new(Tone::Bold, &format!("{from} → {to}"))),
        (None, Some(to)) => what.push(Part::new(Tone::Bold, &format!("→ {to} "))),
        _ => {}
    }
    if !(happening.to.is_some() && happening.from.is_some() && happening.from != happening.to) {
        let left = room.saturating_sub(width_of(&what) + repeated.width());
        what.push(Part::new(Tone::Plain, &cut::end(plain(&happening.text).trim(), left)));
    }
    what.push(Part::new(Tone::Dim, &repeated));
    row.extend(what.iter().cloned());
    row.push(spaces((room + 2).saturating_sub(width_of(&what)).max(2)));
    row.extend(padded(Tone::Dim, &cut::end(&plain(&happening.server), columns.server), columns.server + 2));
    row.push(Part::new(Tone::Dim, &cut::start(&plain(&place(happening)), columns.place)));
    page.row(&row);
    if page.style.verbose {
        page.paragraph(indent, Tone::Plain, happening.text.trim());
        page.paragraph(indent, Tone::Dim, &format!("{}:{}", happening.evidence.path, happening.evidence.line));
    }
}

/// The day is shown only when it is another one.
fn until(clock: &Clock, happening: &Happening) -> String {
    if clock.day(happening.at.0) == clock.day(happening.until.0) {
        // Without the date, and without milliseconds, which no repeat needs.
        let time = clock.precise(happening.until.0);
        time.split('.').next().unwrap_or_default().to_owned()
    } else {
        clock.moment(happening.until.0)
    }
}
