//! A whole text as it was exported or pasted: each record in it, with the place where it stands.

use super::csv::Columns;
use super::cut::mended;
use super::decode::decode;
use super::envelope::{of_value, parse, unwrap_all};
use super::header::header;
use super::last_words::{dated, is_last_words};
use super::pasted::{message, without_markup};
use super::unwrapped::Unwrapped;
use super::wrapped::{goes_on, width};
use super::{candidate_lines, looks_like_record, unwrap};
use rustc_hash::FxHashMap;
use std::borrow::Cow;
use std::collections::VecDeque;
use std::ops::Range;

/// A record of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Unpacked {
    /// The line in which it begins, from 1.
    pub line: u64,
    /// Where it begins, or the line or the row that holds it.
    pub offset: u64,
    /// The server that its envelope names.
    pub origin: Option<String>,
    /// From its header on; of a line whose beginning was cut off, from its source file or its message on.
    pub text: Vec<u8>,
}

/// All records of a text, in its order, and the number of its lines.
pub(crate) fn unpack(bytes: &[u8]) -> (Vec<Unpacked>, u64) {
    let decoded = decode(bytes);
    let mut text = Text { bytes: &decoded, ends: memchr::memchr_iter(b'\n', &decoded).collect(), records: Vec::new(), goes_on: false };
    text.read();
    date_last_words(&mut text.records);
    let lines = text.ends.len() + usize::from(text.ends.last().map_or(0, |end| end + 1) < text.bytes.len());
    // The mark of the byte order is a part of the input.
    if let Cow::Borrowed(rest) = decoded {
        let mark = (bytes.len() - rest.len()) as u64;
        text.records.iter_mut().for_each(|record| record.offset += mark);
    }
    (text.records, lines as u64)
}

/// Gives last words the time of the older one of the lines beside them, in whichever order an export has them.
fn date_last_words(records: &mut [Unpacked]) {
    let undated: Vec<usize> = (0..records.len()).filter(|&at| is_last_words(&records[at].text)).collect();
    for at in undated {
        let origin = &records[at].origin;
        let of_server = |one: &&Unpacked| &one.origin == origin && header(&one.text).is_some_and(|header| header.nanos > 0);
        let beside = [records[..at].iter().rfind(of_server), records[at + 1..].iter().find(of_server)];
        let headers = beside.into_iter().flatten().filter_map(|one| header(&one.text));
        if let Some(header) = headers.min_by_key(|header| header.nanos) {
            records[at].text = dated(&records[at].text, Some(&header));
        }
    }
}

/// The columns of a table, where the first line names some.
fn columns(text: &[u8]) -> Option<Columns> {
    Columns::of(text.split(|&b| b == b'\n').map(<[u8]>::trim_ascii).find(|line| !line.is_empty())?)
}

/// Whether the first line of a text names the columns of a table.
pub(crate) fn is_table(text: &[u8]) -> bool {
    columns(text).is_some()
}

/// Whether a text is, or holds, a page with code in it.
pub(crate) fn is_marked_up(text: &[u8]) -> bool {
    [&b"<pre"[..], b"<code", b"<p>", b"<br"].iter().any(|tag| memchr::memmem::find(text, tag).is_some())
}

struct Text<'a> {
    bytes: &'a [u8],
    ends: Vec<usize>,
    records: Vec<Unpacked>,
    /// A container's runtime cut the last one: the next line has more of it.
    goes_on: bool,
}

impl<'a> Text<'a> {
    fn read(&mut self) {
        let columns = columns(self.bytes);
        let width = width(self.bytes);
        let markup = is_marked_up(self.bytes);
        // A document that does not end is tried from each of its lines; not for ever.
        let mut budget = self.bytes.len().saturating_mul(8);
        let mut at = 0;
        while at < self.bytes.len() {
            let end = self.line_end(at);
            let line = &self.bytes[at..end];
            if line.trim_ascii().is_empty() {
                at = end + 1;
                continue;
            }
            let lead = line.iter().take_while(|b| b.is_ascii_whitespace() || **b == b',').count();
            let begin = at + lead;
            if let Some((value, length)) = columns.as_ref().and_then(|columns| columns.row(&self.bytes[at..])) {
                self.value(&value, at..at + length);
                at += length + 1;
                continue;
            }
            if matches!(self.bytes.get(begin), Some(b'{' | b'[')) && begin < end && budget > 0 {
                if let Some((value, length)) = parse(&self.bytes[begin..]) {
                    self.value(&value, begin..begin + length);
                    at = begin + length;
                    continue;
                }
                // At most so far was it tried.
                budget = budget.saturating_sub(self.bytes.len() - begin);
            }
            at = match width {
                Some(width) => self.wrapped(at, end, width),
                None => {
                    if markup {
                        without_markup(line).split(|&b| b == b'\n').for_each(|line| self.line(line, at));
                    } else {
                        self.line(line, at);
                    }
                    end + 1
                }
            };
        }
    }

    fn line_end(&self, at: usize) -> usize {
        self.ends.get(self.ends.partition_point(|&end| end < at)).copied().unwrap_or(self.bytes.len())
    }

    /// A line that goes on in the next ones; returns where the one behind them begins.
    fn wrapped(&mut self, begin: usize, end: usize, width: usize) -> usize {
        let bare = |line: &'a [u8]| line.strip_suffix(b"\r").unwrap_or(line);
        let mut line = bare(&self.bytes[begin..end]).to_vec();
        let (mut last, mut at) = (line.clone(), end + 1);
        while goes_on(&last, width) && at < self.bytes.len() {
            let end = self.line_end(at);
            let next = bare(&self.bytes[at..end]);
            if next.is_empty() || looks_like_record(next) || is_last_words(next) {
                break;
            }
            line.extend_from_slice(next);
            last = next.to_vec();
            at = end + 1;
        }
        self.line(&line, begin);
        at
    }

    /// The records of a line that begins at `at`.
    fn line(&mut self, line: &[u8], at: usize) {
        let found = unwrap_all(line);
        if !found.is_empty() {
            for one in found {
                self.add(one, at);
            }
        } else if self.goes_on {
            self.add(unwrap(line), at);
        } else if !matches!(line.trim_ascii_start().first(), Some(b'{' | b'"')) {
            // Nothing is looked for in JSON that was not understood.
            let message = || candidate_lines(line).next().map(|_| message(line).into_owned());
            if let Some(text) = mended(line).or_else(message) {
                self.push(Unwrapped::new(None, text), at);
            }
        }
    }

    /// The records of a value that stands in a part of the text.
    fn value(&mut self, value: &serde_json::Value, part: Range<usize>) {
        let found = of_value(value, None, 0);
        let mut places =
            if found.len() > 1 || self.line_end(part.start) < part.end { self.places(part.clone()) } else { FxHashMap::default() };
        for one in found {
            let here = stamp(&one.text)
                .and_then(|stamp| places.get_mut(stamp))
                .and_then(|all| if all.len() > 1 { all.pop_front() } else { all.front().copied() });
            self.add(one, here.unwrap_or(part.start));
        }
    }

    /// Where the times of headers stand in a part.
    fn places(&self, part: Range<usize>) -> FxHashMap<&'a [u8], VecDeque<usize>> {
        let mut places: FxHashMap<&'a [u8], VecDeque<usize>> = FxHashMap::default();
        let bytes = &self.bytes[..part.end];
        for at in memchr::memchr_iter(b'(', &bytes[part.start..]).map(|at| part.start + at) {
            if let Some(stamp) = stamp(&bytes[at..bytes.len().min(at + 64)]) {
                places.entry(stamp).or_default().push_back(at);
            }
        }
        places
    }

    /// Adds a record, or the rest of one.
    fn add(&mut self, one: Unwrapped<'_>, at: usize) {
        let goes_on = one.envelope.partial;
        let begins = header(&one.text).is_some();
        match self.records.last_mut().filter(|_| self.goes_on && !begins) {
            Some(last) => last.text.extend_from_slice(&one.text),
            None if begins || is_last_words(&one.text) => self.push(one, at),
            None => return,
        }
        self.goes_on = goes_on;
    }

    fn push(&mut self, one: Unwrapped<'_>, at: usize) {
        let line = self.ends.partition_point(|&end| end < at) as u64 + 1;
        self.records.push(Unpacked { line, offset: at as u64, origin: one.envelope.origin, text: one.text.into_owned() });
    }
}

/// `(1716603104733000000 30004)`, which nobody escapes.
fn stamp(text: &[u8]) -> Option<&[u8]> {
    let begin = memchr::memchr(b'(', text)?;
    let end = begin + memchr::memchr(b')', &text[begin..text.len().min(begin + 48)])?;
    text.get(begin + 1)?.is_ascii_digit().then(|| &text[begin..=end])
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIRST: &str = "I2024-05-25 10:11:44.733 (1716603104733000000 30004)   meta.x: say \"x\" > y";
    const SECOND: &str = "E2024-05-25 10:11:48.733 (1716603108733000000 30004)   meta.x: second";

    /// The lines and the offsets of what is found, all of which must be the two records.
    fn check(text: &str) -> Vec<(u64, u64)> {
        let (records, _) = unpack(text.as_bytes());
        let texts: Vec<_> = records.iter().map(|r| String::from_utf8_lossy(&r.text).into_owned()).collect();
        assert_eq!(texts, [FIRST, SECOND], "{text}");
        records.iter().map(|r| (r.line, r.offset)).collect()
    }

    #[test]
    fn each_record_has_its_place() {
        let json = |text: &str| serde_json::Value::from(text).to_string();
        let hits = serde_json::json!({"hits": {"hits": [{"_source": {"message": FIRST}}, {"_source": {"message": SECOND}}]}});
        assert_eq!(check(&hits.to_string()).iter().map(|(line, _)| *line).collect::<Vec<_>>(), [1, 1]);
        let pretty = serde_json::to_string_pretty(&hits).unwrap_or_default();
        assert_eq!(check(&pretty).iter().map(|(line, _)| *line).collect::<Vec<_>>(), [6, 11]);
        assert_eq!(check(&format!("[{},\n{}]", json(FIRST), json(SECOND))).iter().map(|(line, _)| *line).collect::<Vec<_>>(), [1, 2]);
        // The end of the reply is missing.
        check(&pretty[..pretty.len() - 20]);
        let cell = |text: &str| text.replace('"', "\"\"");
        assert_eq!(check(&format!("time,message\nx,\"{}\"\ny,\"a\n{}\"\n", cell(FIRST), cell(SECOND)))[0].0, 2);
        check(&format!("<pre>\n{}\n{}</pre>", FIRST.replace('"', "&quot;").replace('>', "&gt;"), SECOND));
        assert_eq!(check(&format!("\u{feff}{FIRST}\r\n{SECOND}\r\n")), [(1, 3), (2, 3 + FIRST.len() as u64 + 2)]);
        let wrapped: Vec<String> = [FIRST, SECOND]
            .iter()
            .flat_map(|line| line.as_bytes().chunks(60))
            .map(|part| String::from_utf8_lossy(part).into_owned())
            .collect();
        assert_eq!(check(&wrapped.join("\n")), [(1, 0), (3, FIRST.len() as u64 + 2)]);
    }

    #[test]
    fn parts_are_joined_where_the_runtime_says_so() {
        let (half, rest) = FIRST.split_at(70);
        let cri = |mark: &str, text: &str| format!("2024-05-25T10:11:44.7Z stderr {mark} {text}\n");
        check(&[cri("P", half), cri("F", rest), cri("F", "no header"), cri("F", SECOND)].concat());
        let docker = |text: &str| serde_json::json!({"log": text, "stream": "stderr", "time": "2024-05-25T10:11:44Z"}).to_string() + "\n";
        check(&[docker(half), docker(&format!("{rest}\n")), docker("no header\n"), docker(&format!("{SECOND}\n"))].concat());
        let shipped = |text: &str| serde_json::json!({"log": text, "stream": "stderr", "_p": "F"}).to_string() + "\n";
        check(&[shipped(FIRST), shipped("no header"), shipped(SECOND)].concat());
    }

    #[test]
    fn json_that_is_not_understood_holds_nothing() {
        let (records, lines) = unpack(format!("{{\"I2024\": {{\"{SECOND}\": 1}}}}\n").as_bytes());
        assert_eq!((records.len(), lines), (0, 1));
    }
}
