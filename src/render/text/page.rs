//! Rows of text: paragraphs beside labels, two-sided lines, commands; colours at the very end.

use crate::render::style::{Style, Tone};
use crate::render::text::flow::{Part, rows, width_of};
use crate::render::words::Words;
use crate::signature::Command;
use std::fmt::Write as _;

/// A page that is written from top to bottom.
pub(in crate::render) struct Page<'a> {
    pub(in crate::render) style: &'a Style,
    out: String,
}

impl<'a> Page<'a> {
    pub(in crate::render) fn new(style: &'a Style) -> Self {
        Self { style, out: String::new() }
    }

    pub(in crate::render) fn finish(mut self) -> String {
        while self.out.ends_with("\n\n") {
            self.out.pop();
        }
        self.out
    }

    pub(in crate::render) fn columns(&self) -> usize {
        self.style.columns()
    }

    /// An empty row, unless one is there already or nothing is.
    pub(in crate::render) fn blank(&mut self) {
        if !self.out.is_empty() && !self.out.ends_with("\n\n") {
            self.out.push('\n');
        }
    }

    /// One row as it is, however wide.
    pub(in crate::render) fn row(&mut self, parts: &[Part]) {
        let last = parts.iter().rposition(|p| !p.text.trim_end().is_empty());
        for (index, part) in parts.iter().enumerate().take(last.map_or(0, |l| l + 1)) {
            let text = if Some(index) == last { part.text.trim_end() } else { &part.text };
            self.paint(part, text);
        }
        self.out.push('\n');
    }

    /// `lead` in the margin and `body` beside it, broken into rows that begin at `indent`.
    pub(in crate::render) fn beside(&mut self, lead: &[Part], indent: usize, body: &[Part]) {
        let room = self.columns().saturating_sub(indent);
        let mut lead = lead.to_vec();
        for row in rows(body, room) {
            lead.push(spaces(indent.saturating_sub(width_of(&lead))));
            lead.extend(row);
            self.row(&lead);
            lead.clear();
        }
        if !lead.is_empty() {
            self.row(&lead);
        }
    }

    /// A paragraph from `indent` on.
    pub(in crate::render) fn paragraph(&mut self, indent: usize, tone: Tone, text: &str) {
        self.beside(&[], indent, &[Part::new(tone, text)]);
    }

    /// `left` beside `lead` and `right` at the right margin.
    ///
    /// Where there is no room for both, `left` is broken if `right` is short; else `right` moves down.
    pub(in crate::render) fn sides(&mut self, lead: &[Part], indent: usize, left: &[Part], right: &[Part]) {
        let begin = indent.max(width_of(lead));
        let free = self.columns().saturating_sub(begin + width_of(left) + width_of(right));
        if free >= 2 || width_of(right) == 0 {
            self.opposite(lead, begin, left, right);
            return;
        }
        let narrow = self.columns().saturating_sub(begin + width_of(right) + 2);
        if width_of(right) <= self.columns() / 5 && narrow >= self.columns() / 3 {
            let mut rows = rows(left, narrow).into_iter();
            self.opposite(lead, begin, &rows.next().unwrap_or_default(), right);
            for row in rows {
                self.opposite(&[], begin, &row, &[]);
            }
        } else {
            self.beside(lead, indent, left);
            self.beside(&[], indent, right);
        }
    }

    /// A command stays in one piece, however long, so that it can be copied.
    pub(in crate::render) fn command(&mut self, indent: usize, words: Words, command: &Command) {
        let prompt = Part::new(Tone::Dim, &words.prompt(&command.at));
        let run = Part::new(Tone::Command, &command.run);
        if indent + prompt.width() + 1 + run.width() <= self.columns() {
            self.row(&[spaces(indent), prompt, spaces(1), run]);
        } else {
            self.row(&[spaces(indent), prompt]);
            self.row(&[spaces(indent + 2), run]);
        }
    }

    /// One row with both sides.
    fn opposite(&mut self, lead: &[Part], begin: usize, left: &[Part], right: &[Part]) {
        let mut row = lead.to_vec();
        row.push(spaces(begin - width_of(lead)));
        row.extend_from_slice(left);
        row.push(spaces(self.columns().saturating_sub(begin + width_of(left) + width_of(right))));
        row.extend_from_slice(right);
        self.row(&row);
    }

    /// A thin line over the whole width.
    pub(in crate::render) fn rule(&mut self) {
        let line = "─".repeat(self.columns());
        self.row(&[Part::new(Tone::Dim, &line)]);
    }

    fn paint(&mut self, part: &Part, text: &str) {
        let links = self.style.links.as_ref();
        let link = links.and_then(|links| part.link.clone().or_else(|| links.file(part.file.as_ref()?)));
        if let Some(link) = &link {
            let _ = write!(self.out, "\x1b]8;;{link}\x1b\\");
        }
        if self.style.color {
            let style = part.tone.ansi();
            let _ = write!(self.out, "{style}{text}{style:#}");
        } else {
            self.out.push_str(text);
        }
        if link.is_some() {
            self.out.push_str("\x1b]8;;\x1b\\");
        }
    }
}

/// So many spaces.
pub(in crate::render) fn spaces(count: usize) -> Part {
    Part { tone: Tone::Plain, text: " ".repeat(count), link: None, file: None }
}

/// `text` and spaces up to `columns`.
pub(in crate::render) fn padded(tone: Tone, text: &str, columns: usize) -> [Part; 2] {
    let part = Part::new(tone, text);
    let fill = spaces(columns.saturating_sub(part.width()));
    [part, fill]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signature::Severity;

    fn page(width: usize, write: impl Fn(&mut Page<'_>)) -> String {
        let style = Style { width, ..Style::default() };
        let mut page = Page::new(&style);
        write(&mut page);
        page.finish()
    }

    #[test]
    fn the_right_side_moves_down_when_there_is_no_room() {
        let write = |p: &mut Page<'_>| {
            p.sides(
                &[Part::new(Tone::Plain, " A")],
                4,
                &[Part::new(Tone::Plain, "left left left")],
                &[Part::new(Tone::Plain, "right, and more of it")],
            );
        };
        assert_eq!(page(45, write), " A  left left left      right, and more of it\n");
        assert_eq!(page(40, write), " A  left left left\n    right, and more of it\n");
    }

    #[test]
    fn the_left_side_is_broken_beside_a_short_right_one() {
        let left = [Part::new(Tone::Plain, "a title that needs nearly all")];
        let text = page(40, |p| p.sides(&[], 4, &left, &[Part::new(Tone::Plain, "certain")]));
        assert_eq!(text, "    a title that needs nearly    certain\n    all\n");
    }

    #[test]
    fn labels_of_two_languages_align() {
        for label in ["What", "现象"] {
            let text = page(40, |p| {
                p.beside(&padded(Tone::Dim, label, 6), 6, &[Part::new(Tone::Plain, "a long enough text that must be broken")]);
            });
            let second = text.lines().nth(1).unwrap_or_default();
            assert!(second.starts_with("      ") && !second.starts_with("       "), "{text}");
        }
    }

    #[test]
    fn without_colour_there_is_only_text() {
        let parts = [Part::linked(Tone::Grave(Severity::Critical), "x", "https://e.org"), spaces(3)];
        assert_eq!(page(80, |p| p.row(&parts)), "x\n");
        let style = Style { color: true, links: Some(crate::render::text::hyperlinks::Hyperlinks::default()), ..Style::default() };
        let mut page = Page::new(&style);
        page.row(&parts);
        let text = page.finish();
        assert!(text.starts_with("\x1b]8;;https://e.org\x1b\\\x1b["), "{text:?}");
        assert_eq!(anstream::adapter::strip_str(&text).to_string(), "x\n");
    }
}
