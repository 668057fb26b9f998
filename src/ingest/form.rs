//! How a text holds its lines: as servers write them, or so that they have to be unpacked and put in order first.

use crate::record::{Unwrapped, find_header, header, is_encoded, is_marked_up, is_table, looks_like_record, place_in, wrapped_at};
use std::borrow::Cow;

/// Servers that are told apart here.
const FEW: usize = 8;

/// How a text holds its lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Form {
    /// Line by line, in the order of time, perhaps each in an envelope.
    #[default]
    Lines,
    /// The same, where a look at all of it may show otherwise.
    Wrapped,
    /// Several in a line, lines over several, several servers' or another order: none can be read by itself.
    Document,
}

/// What was seen of a text, line by line.
#[derive(Default)]
pub(super) struct Seen {
    plain: usize,
    wrapped: usize,
    /// In JSON or between quotes.
    structured: usize,
    several: bool,
    /// A record that nobody finds in the line as it stands, such as one in a list of bytes.
    hidden: bool,
    coloured: bool,
    bare: usize,
    /// From its source file on: what is before it was cut off.
    cut: usize,
    newer: usize,
    older: usize,
    last: i64,
    origins: Vec<String>,
}

impl Seen {
    /// A line that is a record and nothing else.
    pub(super) fn plain(&mut self, line: &[u8], nanos: i64) {
        self.plain += 1;
        self.coloured |= memchr::memchr(0x1b, line).is_some();
        self.at(nanos);
    }

    /// Any other line, and the records in it.
    pub(super) fn other(&mut self, line: &[u8], records: &[Unwrapped<'_>]) {
        let Some(first) = records.first() else {
            self.bare += usize::from(!line.trim_ascii().is_empty() && !looks_like_record(line));
            self.cut += usize::from(place_in(line).is_some());
            return;
        };
        self.wrapped += 1;
        let coloured = memchr::memchr(0x1b, line).is_some();
        self.coloured |= coloured;
        self.several |= records.len() > 1;
        self.hidden |= find_header(line).is_none() && !coloured;
        self.structured += usize::from(!coloured && matches!(first.text, Cow::Owned(_)));
        for one in records {
            self.at(header(&one.text).map_or(0, |header| header.nanos));
            if let Some(origin) = &one.envelope.origin
                && self.origins.len() < FEW
                && !self.origins.contains(origin)
            {
                self.origins.push(origin.clone());
            }
        }
    }

    fn at(&mut self, nanos: i64) {
        if nanos > 0 {
            self.newer += usize::from(self.last > 0 && nanos > self.last);
            self.older += usize::from(nanos < self.last);
            self.last = nanos;
        }
    }

    /// What the text looks like, of which this was seen.
    pub(super) fn form(&self, text: &[u8]) -> Form {
        let pasted = self.wrapped > self.plain;
        let beside = self.bare > 0 || self.wrapped > 0;
        // Threads write a little out of order; exports begin with what is newest, or have no order.
        let document = self.coloured
            || self.cut * 8 > self.plain + self.wrapped
            || self.older * 2 > self.newer
            || (pasted && (self.several || self.hidden))
            || (pasted && self.structured > 0 && (self.origins.len() > 1 || self.bare >= self.wrapped))
            || (self.plain + self.wrapped > 0 && is_marked_up(text))
            || (beside && self.plain + self.wrapped > 0 && (is_table(text) || wrapped_at(text).is_some()));
        match document || is_encoded(text) {
            true => Form::Document,
            false if pasted && self.structured > 0 => Form::Wrapped,
            false => Form::Lines,
        }
    }
}
