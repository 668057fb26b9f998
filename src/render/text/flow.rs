//! Text in pieces of several tones, broken into rows; Chinese breaks between characters.

use crate::render::escape::plain;
use crate::render::style::Tone;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// A piece of text in one tone; escaped when it is made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::render) struct Part {
    pub(in crate::render) tone: Tone,
    pub(in crate::render) text: String,
    /// Where a click leads.
    pub(in crate::render) link: Option<String>,
    /// The input that a click opens.
    pub(in crate::render) file: Option<String>,
}

impl Part {
    pub(in crate::render) fn new(tone: Tone, text: &str) -> Self {
        Self { tone, text: plain(text).into_owned(), link: None, file: None }
    }

    pub(in crate::render) fn linked(tone: Tone, text: &str, link: &str) -> Self {
        Self { link: Some(plain(link).into_owned()), ..Self::new(tone, text) }
    }

    /// A place in an input, which a terminal may open.
    pub(in crate::render) fn place(tone: Tone, text: &str, path: &str) -> Self {
        Self { file: Some(path.to_owned()), ..Self::new(tone, text) }
    }

    pub(in crate::render) fn width(&self) -> usize {
        self.text.width()
    }
}

/// Columns of all parts together.
pub(in crate::render) fn width_of(parts: &[Part]) -> usize {
    parts.iter().map(Part::width).sum()
}

/// What stays together on a row, unless it is wider than a row.
#[derive(Default)]
struct Word {
    /// Spaces before it, dropped at the beginning of a row.
    gap: usize,
    width: usize,
    /// The index of a part and the characters that come from it.
    pieces: Vec<(usize, String)>,
}

impl Word {
    fn push(&mut self, part: usize, c: char, width: usize) {
        self.width += width;
        match self.pieces.last_mut() {
            Some((last, text)) if *last == part => text.push(c),
            _ => self.pieces.push((part, c.to_string())),
        }
    }
}

/// Breaks parts into rows of at most `columns`.
pub(in crate::render) fn rows(parts: &[Part], columns: usize) -> Vec<Vec<Part>> {
    let columns = columns.max(2);
    let mut rows: Vec<Vec<Part>> = Vec::new();
    let mut row: Vec<Part> = Vec::new();
    let mut used = 0;
    for word in words(parts).into_iter().flat_map(|w| pieces_that_fit(w, columns)) {
        if used > 0 && used + word.gap + word.width > columns {
            rows.push(std::mem::take(&mut row));
            used = 0;
        }
        let gap = if used == 0 { 0 } else { word.gap };
        used += gap + word.width;
        let mut spaces = " ".repeat(gap);
        for (index, text) in word.pieces {
            let Some(part) = parts.get(index) else { continue };
            spaces.push_str(&text);
            match row.last_mut() {
                Some(last) if last.tone == part.tone && last.link == part.link && last.file == part.file => last.text.push_str(&spaces),
                _ => row.push(Part { text: spaces.clone(), ..part.clone() }),
            }
            spaces.clear();
        }
    }
    if !row.is_empty() {
        rows.push(row);
    }
    rows
}

fn words(parts: &[Part]) -> Vec<Word> {
    let mut words = Vec::new();
    let mut word = Word::default();
    let mut before = None;
    for (index, part) in parts.iter().enumerate() {
        for c in part.text.chars() {
            if c == ' ' {
                let gap = if word.pieces.is_empty() { word.gap } else { 0 };
                if !word.pieces.is_empty() {
                    words.push(std::mem::take(&mut word));
                }
                word.gap = gap + 1;
                before = None;
                continue;
            }
            let width = c.width().unwrap_or(0);
            if before.is_some_and(|b| may_break(b, c)) {
                words.push(std::mem::take(&mut word));
            }
            word.push(index, c, width);
            // A mark without width belongs to the character before it.
            if width > 0 {
                before = Some(c);
            }
        }
    }
    if !word.pieces.is_empty() {
        words.push(word);
    }
    words
}

/// Whether a row may end between two characters that no space divides.
fn may_break(before: char, after: char) -> bool {
    let wide = |c: char| c.width() == Some(2);
    let opens = |c: char| "（「『《〈【〔“‘(".contains(c);
    let closes = |c: char| "，。、；：？！）」』》〉】〕”’…—％,.;:?!)%".contains(c);
    (wide(before) || wide(after)) && !opens(before) && !closes(after) && after.width() != Some(0)
}

/// The word itself, or what is left of it when it is wider than a row.
fn pieces_that_fit(word: Word, columns: usize) -> Vec<Word> {
    if word.width <= columns {
        return vec![word];
    }
    let mut fitting = Vec::new();
    let mut piece = Word { gap: word.gap, ..Word::default() };
    for (part, text) in word.pieces {
        for c in text.chars() {
            let width = c.width().unwrap_or(0);
            if piece.width + width > columns {
                fitting.push(std::mem::take(&mut piece));
            }
            piece.push(part, c, width);
        }
    }
    fitting.push(piece);
    fitting
}

#[cfg(test)]
mod tests {
    use super::*;

    fn broken(text: &str, columns: usize) -> Vec<String> {
        let rows = rows(&[Part::new(Tone::Plain, text)], columns);
        rows.into_iter().map(|row| row.into_iter().map(|p| p.text).collect()).collect()
    }

    #[test]
    fn words_stay_whole_and_long_ones_are_broken() {
        assert_eq!(broken("one two three", 8), ["one two", "three"]);
        assert_eq!(broken("abcdefghijk x", 4), ["abcd", "efgh", "ijk", "x"]);
        assert_eq!(broken("  a   b", 9), ["a   b"]);
        assert!(broken("  ", 9).is_empty());
    }

    #[test]
    fn chinese_breaks_between_characters_but_not_before_its_stops() {
        assert_eq!(broken("目标集群不可达。", 8), ["目标集群", "不可达。"]);
        assert_eq!(broken("目标集群不可。", 12), ["目标集群不", "可。"]);
        assert_eq!(broken("表test_dup1停住", 10), ["表", "test_dup1", "停住"]);
        assert_eq!(broken("见（下文）", 6), ["见（下", "文）"]);
    }

    #[test]
    fn tones_survive_a_break_and_do_not_cause_one() {
        let parts = [Part::new(Tone::Bold, "DUP302"), Part::new(Tone::Plain, ": the table is missing")];
        let rows = rows(&parts, 14);
        assert_eq!(rows[0], [Part::new(Tone::Bold, "DUP302"), Part::new(Tone::Plain, ": the")]);
        assert_eq!(rows[1], [Part::new(Tone::Plain, "table is")]);
        assert_eq!(rows.len(), 3);
    }

    #[test]
    fn no_row_is_too_wide() {
        let text = "a 表 bb 目标集群的元数据服务器, ccc（源）dddddddddddddddddddd\u{301} 副本";
        for columns in 2..40 {
            for row in broken(text, columns) {
                assert!(row.width() <= columns, "{columns}: {row}");
            }
        }
    }
}
