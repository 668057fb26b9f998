//! Each duplication's history: one row for each thing that happened.

use crate::render::clock::Clock;
use crate::render::escape::plain;
use crate::render::style::{Style, Tone, level_tone};
use crate::render::text::cut;
use crate::render::text::flow::{Part, width_of};
use crate::render::text::page::{Page, padded, spaces};
use crate::render::text::verdicts::names;
use crate::render::words::{Words, ids};
use crate::report::number::duration;
use crate::report::number::numbered;
use crate::report::{Chapter, Happening, Place, RestartEntry};
use unicode_width::UnicodeWidthStr;

/// The histories as text; [`crate::render::Zone::Log`] must be settled before, else it is taken for UTC.
#[must_use]
pub fn timeline(chapters: &[Chapter], style: &Style) -> String {
    histories(chapters, style, write_chapter)
}

/// The histories, one below the other, each as `write` lays it out.
pub(in crate::render) fn histories(chapters: &[Chapter], style: &Style, write: fn(&mut Page<'_>, Words, &Chapter)) -> String {
    let words = Words(style.lang);
    let mut page = Page::new(style);
    if chapters.is_empty() {
        page.paragraph(0, Tone::Plain, words.nothing_to_tell());
    }
    for chapter in chapters {
        page.blank();
        write(&mut page, words, chapter);
    }
    page.finish()
}

/// Whom it is about, and how that is.
pub(in crate::render) fn chapter_title(page: &mut Page<'_>, words: Words, chapter: &Chapter) {
    let dup = &chapter.duplication;
    let source = words.source_table(dup.app_name.as_deref(), dup.app_id.map(|a| a.0));
    let follower = words.follower(chapter.remote_cluster.as_deref(), chapter.remote_app_name.as_deref());
    let mut who = names(Tone::Bold, &source, &follower);
    let key = ids(dup.app_id, dup.dup_id).unwrap_or_else(|| words.id_unknown().to_owned());
    who.push(Part::new(Tone::Dim, &format!("  {key}")));
    page.sides(&[], 0, &who, &[Part::new(Tone::State(chapter.verdict), words.verdict(chapter.verdict))]);
}

/// The clock for a chapter's own days.
pub(in crate::render) fn clock_of(page: &Page<'_>, chapter: &Chapter) -> Clock {
    let first = chapter.happenings.first().map(|h| h.at);
    let last = chapter.happenings.iter().map(|h| h.until).max();
    Clock::new(page.style.zone, &[], first, last)
}

fn write_chapter(page: &mut Page<'_>, words: Words, chapter: &Chapter) {
    let clock = clock_of(page, chapter);
    chapter_title(page, words, chapter);
    let everything = page.style.all || page.style.verbose;
    let shown: Vec<&Happening> = chapter.happenings.iter().filter(|h| everything || !h.routine).collect();
    let columns = Columns::fitting(page.columns(), &shown);
    if let Some(only) = columns.only_file {
        // Servers are mostly named after the folder that their logs are in.
        let server = Some(&only.server).filter(|s| !only.evidence.path.contains(*s));
        let named = server.map_or_else(String::new, |s| format!("{s}{}", words.separator()));
        page.paragraph(1, Tone::Dim, &format!("{named}{}", only.evidence.path));
    }
    let mut day = None;
    for happening in shown.iter().copied() {
        let today = clock.day(happening.at.0);
        if day != Some(today) {
            day = Some(today);
            page.row(&[Part::new(Tone::Dim, &format!(" {today} ({})", clock.label(happening.at.0)))]);
        }
        write_happening(page, words, &clock, &columns, happening);
    }
    if shown.iter().any(|h| h.shared) {
        page.paragraph(1, Tone::Dim, words.shared_mark());
    }
    if chapter.left_out > 0 {
        page.paragraph(1, Tone::Dim, &words.shorter_hidden(chapter.left_out));
    }
    if shown.len() < chapter.happenings.len() {
        page.paragraph(1, Tone::Dim, &words.routine_hidden(chapter.happenings.len() - shown.len()));
    }
}

/// What stands at the right, and how wide; 0 where there is no room or no need for it.
struct Columns<'a> {
    server: usize,
    place: usize,
    /// One of the happenings, when all are from one file, which is then named only once.
    only_file: Option<&'a Happening>,
}

impl<'a> Columns<'a> {
    /// What happened matters more than where it stands, which `-v` and JSON give in full.
    fn fitting(columns: usize, happenings: &[&'a Happening]) -> Self {
        let first = happenings.first().copied();
        let same = |of: fn(&Happening) -> &str| happenings.iter().all(|h| first.is_some_and(|f| of(f) == of(h)));
        let only_file = first.filter(|_| same(|h| &h.evidence.path));
        let mut fitting = Self { server: 0, place: 0, only_file };
        let widest = |text: &dyn Fn(&Happening) -> String| happenings.iter().map(|h| plain(&text(h)).width()).max().unwrap_or(0);
        if columns >= 56 && !same(|h| &h.server) {
            fitting.server = widest(&|h| h.server.clone()).min(columns / 8);
        }
        if only_file.is_some() || columns >= 72 {
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

    fn width(&self) -> usize {
        [self.server, self.place].into_iter().filter(|w| *w > 0).map(|w| w + 2).sum()
    }
}

fn write_happening(page: &mut Page<'_>, words: Words, clock: &Clock, columns: &Columns<'_>, happening: &Happening) {
    let mark = if happening.shared { "*" } else { " " };
    let mut row = vec![Part::new(Tone::Dim, &format!(" {}", clock.precise(happening.at.0)))];
    row.push(Part::new(level_tone(happening.level), &format!(" {}", happening.level)));
    row.push(Part::new(Tone::Dim, &format!("{mark} ")));
    let indent = width_of(&row);
    let room = page.columns().saturating_sub(indent + columns.width());
    let repeated = match happening.count {
        0 | 1 => String::new(),
        count => cut::end(&format!(" {}", words.repeated(count, &until(clock, happening))), room),
    };
    let mut what = Vec::new();
    match (happening.from, happening.to) {
        (Some(from), Some(to)) if from != to => {
            what.extend([Part::new(Tone::Status(from), from.name()), Part::new(Tone::Dim, " → "), Part::new(Tone::Status(to), to.name())]);
        }
        _ if happening.restart.is_some() => {
            let text = happening.restart.as_ref().map_or_else(String::new, |r| restarted(words, clock, r));
            what.push(Part::new(Tone::Bold, &cut::end(&text, room)));
        }
        // A request names the status that is asked for, which is no change yet.
        _ => {
            let left = room.saturating_sub(repeated.width());
            what.push(Part::new(Tone::Plain, &cut::middle(plain(&happening.text).trim(), left)));
        }
    }
    what.push(Part::new(Tone::Dim, &repeated));
    row.extend(what.iter().cloned());
    row.push(spaces(room.saturating_sub(width_of(&what))));
    if columns.server > 0 {
        row.push(spaces(2));
        row.extend(padded(Tone::Dim, &cut::start(&plain(&happening.server), columns.server), columns.server));
    }
    if columns.place > 0 {
        row.push(spaces(2));
        let place = cut::start(&plain(&columns.place_of(happening)), columns.place);
        row.push(Part::place(Tone::Dim, &place, &happening.evidence.path));
    }
    page.row(&row);
    if page.style.verbose {
        page.paragraph(indent, Tone::Plain, happening.text.trim());
        page.paragraph(indent, Tone::Dim, &numbered(&happening.evidence.path, happening.evidence.line));
    }
}

/// `process restarted, last seen 20:10:04 (12 s before)`
pub(in crate::render) fn restarted(words: Words, clock: &Clock, restart: &RestartEntry) -> String {
    let Some(started) = restart.started else { return String::new() };
    let gone = duration(started.0.since(restart.ended.0).as_secs(), words.0);
    let ended = clock.moment(restart.ended.0);
    if restart.aborted { words.back_after_abort(&ended, &gone) } else { words.restarted(&ended, &gone) }
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
