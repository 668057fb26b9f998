//! Each duplication's history: one row for each thing that happened.

use crate::pegasus::ids;
use crate::render::clock::Clock;
use crate::render::escape::plain;
use crate::render::style::{Style, Tone, level_tone};
use crate::render::text::by_server;
use crate::render::text::cut;
use crate::render::text::flow::{Part, width_of};
use crate::render::text::history::History;
use crate::render::text::page::{Page, padded, spaces};
use crate::render::text::verdicts::names;
use crate::render::words::Words;
use crate::report::number::numbered;
use crate::report::{Chapter, Happening, Place};
use unicode_width::UnicodeWidthStr;

/// Columns of time, level and mark.
const MARGIN: usize = " 00:00:00.000 E  ".len();

/// The histories as text, with a column for each server if so asked; [`crate::pegasus::Zone::Log`] must be settled before, else it is
/// taken for UTC.
#[must_use]
pub fn timeline(chapters: &[Chapter], style: &Style, by_server: bool) -> String {
    let words = Words(style.lang);
    let mut page = Page::new(style);
    if chapters.is_empty() {
        page.paragraph(0, Tone::Plain, words.nothing_to_tell());
    }
    for chapter in chapters {
        page.blank();
        write_chapter(&mut page, words, chapter, by_server);
    }
    page.finish()
}

fn write_chapter(page: &mut Page<'_>, words: Words, chapter: &Chapter, by_server: bool) {
    title(page, words, chapter);
    let (first, last) = (chapter.happenings.first().map(|h| h.at), chapter.happenings.iter().map(|h| h.until).max());
    let mut history = History::new(words, Clock::new(page.style.zone, &[], first, last));
    let everything = page.style.all || page.style.verbose;
    let shown: Vec<&Happening> = chapter.happenings.iter().filter(|h| everything || !h.routine).collect();
    if by_server {
        by_server::write(page, &mut history, &shown);
    } else {
        write(page, &mut history, &shown);
    }
    if chapter.left_out > 0 {
        page.paragraph(1, Tone::Dim, &words.shorter_hidden(chapter.left_out));
    }
    if shown.len() < chapter.happenings.len() {
        page.paragraph(1, Tone::Dim, &words.routine_hidden(chapter.happenings.len() - shown.len()));
    }
}

/// Whom it is about, and how that is.
fn title(page: &mut Page<'_>, words: Words, chapter: &Chapter) {
    let dup = &chapter.duplication;
    let source = words.source_table(dup.app_name.as_deref(), dup.app_id);
    let follower = words.follower(chapter.remote_cluster.as_deref(), chapter.remote_app_name.as_deref());
    let mut who = names(Tone::Bold, &source, &follower);
    let key = ids(dup.app_id, dup.dup_id).unwrap_or_else(|| words.id_unknown().to_owned());
    who.push(Part::new(Tone::Dim, &format!("  {key}")));
    page.sides(&[], 0, &who, &[Part::new(Tone::State(chapter.verdict), words.verdict(chapter.verdict))]);
}

/// A row for each happening.
fn write(page: &mut Page<'_>, history: &mut History, shown: &[&Happening]) {
    let columns = Columns::fitting(page.columns(), shown);
    if let Some(only) = columns.only_file {
        // Servers are mostly named after the folder that their logs are in.
        let server = Some(&only.server).filter(|s| !only.evidence.path.contains(*s));
        let named = server.map_or_else(String::new, |s| format!("{s}{}", history.words.separator()));
        page.paragraph(1, Tone::Dim, &format!("{named}{}", only.evidence.path));
    }
    for happening in if page.style.verbose { shown.iter().map(|h| (*h).clone()).collect() } else { folded(page, history, &columns, shown) }
    {
        history.day_row(page, happening.at.0);
        write_happening(page, history, &columns, &happening);
    }
    if shown.iter().any(|h| h.shared) {
        page.paragraph(1, Tone::Dim, history.words.shared_mark());
    }
}

/// Neighbours whose rows would look alike, because they differ in what there is no room for, as one.
fn folded(page: &Page<'_>, history: &History, columns: &Columns<'_>, shown: &[&Happening]) -> Vec<Happening> {
    let mut rows: Vec<(String, Happening)> = Vec::new();
    for &happening in shown {
        let told = history.message(happening, columns.room(page));
        match rows.last_mut() {
            Some((before, row))
                if *before == told
                    && history.event(happening, usize::MAX).is_none()
                    && (row.event, row.level, &row.server, row.shared)
                        == (happening.event, happening.level, &happening.server, happening.shared) =>
            {
                row.count += happening.count;
                row.until = happening.until.max(row.until);
            }
            _ => rows.push((told, happening.clone())),
        }
    }
    rows.into_iter().map(|(_, row)| row).collect()
}

/// What stands at the right, and how wide; 0 where there is no room or no need for it.
struct Columns<'a> {
    server: usize,
    place: usize,
    /// One of the happenings, when all are from one file, which is then named only once.
    only_file: Option<&'a Happening>,
    /// Bytes of the folders that all servers' names begin with.
    shared: usize,
}

impl<'a> Columns<'a> {
    /// What happened matters more than where it stands, which `-v` and JSON give in full.
    fn fitting(columns: usize, happenings: &[&'a Happening]) -> Self {
        let first = happenings.first().copied();
        let same = |of: fn(&Happening) -> &str| happenings.iter().all(|h| first.is_some_and(|f| of(f) == of(h)));
        let only_file = first.filter(|_| same(|h| &h.evidence.path));
        let servers: Vec<&str> = happenings.iter().map(|h| h.server.as_str()).collect();
        let mut fitting = Self { server: 0, place: 0, only_file, shared: cut::shared_folders(&servers) };
        let widest = |text: &dyn Fn(&Happening) -> String| happenings.iter().map(|h| plain(&text(h)).width()).max().unwrap_or(0);
        if columns >= 56 && !same(|h| &h.server) {
            fitting.server = widest(&|h| h.server[fitting.shared..].to_owned()).min(columns / 6);
        }
        if only_file.is_some() || columns >= 100 {
            fitting.place = widest(&|h| fitting.place_of(h)).min(columns / 5);
        }
        fitting
    }

    fn place_of(&self, happening: &Happening) -> String {
        let Place { path, line } = &happening.evidence;
        match self.only_file {
            Some(_) => numbered("", *line),
            None => numbered(path.rsplit(['/', '!']).next().unwrap_or(path), *line),
        }
    }

    /// For what happened.
    fn room(&self, page: &Page<'_>) -> usize {
        page.columns().saturating_sub(MARGIN + self.width())
    }

    fn width(&self) -> usize {
        [self.server, self.place].into_iter().filter(|w| *w > 0).map(|w| w + 2).sum()
    }
}

fn write_happening(page: &mut Page<'_>, history: &History, columns: &Columns<'_>, happening: &Happening) {
    let clock = &history.clock;
    let mark = if happening.shared { "*" } else { " " };
    let mut row = vec![Part::new(Tone::Dim, &format!(" {}", clock.precise(happening.at.0)))];
    row.push(Part::new(level_tone(happening.level), &format!(" {}", happening.level)));
    row.push(Part::new(Tone::Dim, &format!("{mark} ")));
    let room = columns.room(page);
    let repeated = match happening.count {
        0 | 1 => String::new(),
        count => cut::end(&format!(" {}", history.words.repeated(count, &until(clock, happening))), room),
    };
    let mut what = history.event(happening, room).unwrap_or_else(|| {
        let left = room.saturating_sub(repeated.width());
        vec![Part::new(Tone::Plain, &history.message(happening, left))]
    });
    what.push(Part::new(Tone::Dim, &repeated));
    row.extend(what.iter().cloned());
    row.push(spaces(room.saturating_sub(width_of(&what))));
    if columns.server > 0 {
        row.push(spaces(2));
        row.extend(padded(Tone::Dim, &cut::server(&plain(&happening.server[columns.shared..]), columns.server), columns.server));
    }
    if columns.place > 0 {
        row.push(spaces(2));
        let place = cut::start(&plain(&columns.place_of(happening)), columns.place);
        row.push(Part::place(Tone::Dim, &place, &happening.evidence.path));
    }
    page.row(&row);
    if page.style.verbose {
        page.paragraph(MARGIN, Tone::Plain, happening.text.trim());
        page.paragraph(MARGIN, Tone::Dim, &numbered(&happening.evidence.path, happening.evidence.line));
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
