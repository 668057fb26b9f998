//! What the two layouts of a history have in common.

use crate::event::EventKind;
use crate::pegasus::LogTime;
use crate::render::clock::Clock;
use crate::render::escape::plain;
use crate::render::style::Tone;
use crate::render::text::cut;
use crate::render::text::flow::Part;
use crate::render::text::page::Page;
use crate::render::words::Words;
use crate::report::number::duration;
use crate::report::{Happening, RestartEntry};
use chrono::NaiveDate;
use unicode_width::UnicodeWidthStr;

/// What the rows of a history are written with.
pub(in crate::render) struct History {
    pub(in crate::render) words: Words,
    pub(in crate::render) clock: Clock,
    day: Option<NaiveDate>,
}

impl History {
    pub(in crate::render) fn new(words: Words, clock: Clock) -> Self {
        Self { words, clock, day: None }
    }

    /// A row for a day that begins.
    pub(in crate::render) fn day_row(&mut self, page: &mut Page<'_>, at: LogTime) {
        let today = self.clock.day(at);
        if self.day.replace(today) != Some(today) {
            page.row(&[Part::new(Tone::Dim, &format!(" {today} ({})", self.clock.label(at)))]);
        }
    }

    /// What happened in so many columns: the line where it fits, else which partition, which error, and what the line means.
    pub(in crate::render) fn message(&self, happening: &Happening, room: usize) -> String {
        let text = plain(happening.text.trim());
        if text.width() <= room {
            return text.into_owned();
        }
        let (en, zh) = EventKind::from_name(happening.event).map_or(("", ""), EventKind::meanings);
        let mut told: Vec<String> = happening.partition.iter().map(|gpid| format!("[{}]", plain(gpid))).collect();
        told.extend(happening.errors.iter().map(|(field, code)| format!("{field}={}", plain(code))));
        told.push(self.words.0.pick(en, zh).to_owned());
        cut::end(&told.join(" "), room)
    }

    /// A change of status or a restart, which are not told as the log tells them.
    pub(in crate::render) fn event(&self, happening: &Happening, room: usize) -> Option<Vec<Part>> {
        match (happening.from, happening.to, &happening.restart) {
            (Some(from), Some(to), _) if from != to => {
                Some(vec![Part::new(Tone::Status(from), from.name()), Part::new(Tone::Dim, " → "), Part::new(Tone::Status(to), to.name())])
            }
            (_, _, Some(restart)) => Some(vec![Part::new(Tone::Bold, &cut::end(&restarted(self.words, &self.clock, restart), room))]),
            // A request names the status that is asked for, which is no change yet.
            _ => None,
        }
    }
}

/// `process restarted, last seen 20:10:04 (12 s before)`
fn restarted(words: Words, clock: &Clock, restart: &RestartEntry) -> String {
    let Some(started) = restart.started else { return String::new() };
    let gone = duration(started.0.since(restart.ended.0).as_secs(), words.0);
    let ended = clock.moment(restart.ended.0);
    if restart.aborted { words.back_after_abort(&ended, &gone) } else { words.restarted(&ended, &gone) }
}
