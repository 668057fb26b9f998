//! Rows of separated values, as dashboards export them.

use serde_json::{Map, Value};
use std::ops::Range;

/// A longer row is none: a quote was left open.
const LONGEST: usize = 1 << 20;

/// The names of the columns of a table, and what separates them.
pub(super) struct Columns {
    names: Vec<String>,
    separator: u8,
}

impl Columns {
    /// What the first line says, if it names columns.
    pub(super) fn of(line: &[u8]) -> Option<Self> {
        const LONGEST_NAME: usize = 64;
        let separator = [b',', b'\t', b';'].into_iter().find(|separator| line.contains(separator))?;
        let (names, end) = row(line, separator)?;
        let word = |name: &String| {
            name.len() <= LONGEST_NAME
                && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"@_.-:/ ".contains(&b))
                && !name.starts_with(' ')
        };
        let named = names.iter().filter(|name| name.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '@' | '_'))).count();
        let fits = end == line.len() && names.len() > 1 && named * 2 > names.len() && names.iter().all(word);
        fits.then_some(Self { names, separator })
    }

    /// The row at the beginning of `text`, its values by their columns, and its length.
    pub(super) fn row(&self, text: &[u8]) -> Option<(Value, usize)> {
        let (values, end) = row(text, self.separator)?;
        if values.len() != self.names.len() {
            return None;
        }
        let fields: Map<String, Value> = self.names.iter().cloned().zip(values.into_iter().map(Value::String)).collect();
        Some((Value::Object(fields), end))
    }
}

/// The values of one row, and where it ends: at a line end outside of quotes.
fn row(text: &[u8], separator: u8) -> Option<(Vec<String>, usize)> {
    let mut values = Vec::new();
    let mut at = 0;
    loop {
        let (value, end) = if text.get(at) == Some(&b'"') { within_quotes(text, at + 1)? } else { plain(text, at, separator) };
        values.push(value);
        match text.get(end) {
            Some(&b) if b == separator => at = end + 1,
            Some(b'\r') if text.get(end + 1) == Some(&b'\n') => return Some((values, end + 1)),
            Some(b'\n') | None => return Some((values, end)),
            Some(_) => return None,
        }
    }
}

fn plain(text: &[u8], at: usize, separator: u8) -> (String, usize) {
    let end = text[at..].iter().position(|&b| b == separator || b == b'\n').map_or(text.len(), |n| at + n);
    let Range { start, end } = at..end;
    let value = &text[start..end];
    (String::from_utf8_lossy(value.strip_suffix(b"\r").unwrap_or(value)).into_owned(), end)
}

fn within_quotes(text: &[u8], begin: usize) -> Option<(String, usize)> {
    let mut value = Vec::new();
    let mut at = begin;
    loop {
        let quote = at + memchr::memchr(b'"', text.get(at..text.len().min(begin + LONGEST))?)?;
        value.extend_from_slice(&text[at..quote]);
        if text.get(quote + 1) != Some(&b'"') {
            return Some((String::from_utf8_lossy(&value).into_owned(), quote + 1));
        }
        value.push(b'"');
        at = quote + 2;
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail loudly")]
    use super::*;

    #[test]
    fn quotes_hold_separators_and_line_ends() {
        let columns = Columns::of(b"\"@timestamp\",message,host.name").unwrap();
        let (row, end) = columns.row(b"t,\"say \"\"x\"\",\nmore\",h1\r\nnext").unwrap();
        assert_eq!((row["message"].as_str(), row["host.name"].as_str(), end), (Some("say \"x\",\nmore"), Some("h1"), 23));
        assert!(columns.row(b"a,b\n").is_none() && columns.row(b"\"never closed").is_none());
        assert!(Columns::of(b"I2024-05-25 10:11:44.733 (1 2) a: b, c").is_none() && Columns::of(b"Hello, world").is_none());
    }
}
