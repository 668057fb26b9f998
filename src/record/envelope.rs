//! What collectors, exports and people put around a line: JSON of any shape, CRI, syslog, `grep`, `pdsh`, marks of Markdown.

use super::header::{Header, find_header, header};
use super::json::{quoted, records};
use super::last_words::last_words;
use super::origin::of_prefix;
use super::pasted::{undressed, without_colours};
use super::unwrapped::{Envelope, Unwrapped};
use serde_json::Value;
use std::borrow::Cow;

/// Strings in strings in strings: nobody's log is deeper.
const DEEPEST: u8 = 8;

/// Takes the envelope off `line`, which has no line end; of several records in it the first one counts.
pub(crate) fn unwrap(line: &[u8]) -> Unwrapped<'_> {
    unwrap_all(line).into_iter().next().unwrap_or_else(|| {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let (partial, text) = cri_rest(line).unwrap_or((false, line));
        Unwrapped { envelope: Envelope { origin: None, partial }, text: Cow::Borrowed(text) }
    })
}

/// All records in a line, and last words, which have no header: a reply of a log system has many in one.
pub(crate) fn unwrap_all(line: &[u8]) -> Vec<Unwrapped<'_>> {
    let mut all = Vec::new();
    open(line, 0, &mut |one| all.push(one));
    all
}

/// Hands over each record of `line`, and last words.
pub(super) fn open<'a>(line: &'a [u8], depth: u8, out: &mut dyn FnMut(Unwrapped<'a>)) {
    if depth > DEEPEST {
        return;
    }
    if memchr::memchr(0x1b, line).is_some() {
        let clean = without_colours(line);
        open(&clean, depth + 1, &mut |one| out(one.into_owned()));
        return;
    }
    // A reply may hold thousands of records: each header is looked for once.
    let (mut begin, mut next) = (0, find_header(line).map(|(at, _)| at));
    while begin < line.len() {
        let rest = &line[begin..];
        if header(rest).is_some() {
            out(Unwrapped::new(None, undressed("", rest)));
            return;
        }
        if next.is_some_and(|next| next < begin) {
            next = find_header(rest).map(|(at, _)| begin + at);
        }
        let first = next.map(|next| next - begin);
        if let Some((at, value, end)) = json(rest, first) {
            let origin = of_prefix(&String::from_utf8_lossy(&rest[..at]));
            of_value(&value, origin.as_deref(), depth).into_iter().for_each(&mut *out);
            begin += end;
            continue;
        }
        let Some(at) = first else {
            if let Some((prefix, words)) = last_words(rest) {
                out(Unwrapped::new(of_prefix(&prefix), words));
            }
            return;
        };
        let Some(quote) = open_quote(&rest[..at]) else {
            out(bare(rest, at));
            return;
        };
        // What stands between quotes is decoded as a whole, never searched as it is.
        let (inner, length, _) = quoted(&rest[quote + 1..]);
        let origin = of_prefix(&String::from_utf8_lossy(&rest[..quote]));
        for line in inner.split(|&b| b == b'\n') {
            open(line, depth + 1, &mut |one| {
                let mut one = one.into_owned();
                one.envelope.origin = one.envelope.origin.or_else(|| origin.clone());
                out(one);
            });
        }
        begin += quote + 1 + length;
    }
}

/// All records in a value of JSON, whose server may be known from before it.
pub(super) fn of_value(value: &Value, origin: Option<&str>, depth: u8) -> Vec<Unwrapped<'static>> {
    let mut found = Vec::new();
    let opened = |line: &str, out: &mut Vec<Unwrapped<'static>>| open(line.as_bytes(), depth + 1, &mut |one| out.push(one.into_owned()));
    records(value, origin, &opened, &mut found);
    found
}

/// A record that begins at `at`, behind a prefix of plain text.
fn bare(line: &[u8], at: usize) -> Unwrapped<'_> {
    let prefix = String::from_utf8_lossy(&line[..at]);
    let envelope = Envelope { origin: of_prefix(&prefix), partial: cri_partial(&line[..at]) };
    Unwrapped { envelope, text: undressed(&prefix, &line[at..]) }
}

/// The first value in JSON that begins before the first header, or the line: where it begins, and where it ends.
fn json(line: &[u8], first: Option<usize>) -> Option<(usize, Value, usize)> {
    // Words in brackets and labels in braces may stand before it.
    const TRIED: usize = 8;
    let upto = first.or_else(|| line.iter().position(|b| !b.is_ascii_whitespace()).map(|at| at + 1))?;
    let brackets = line[..upto].iter().enumerate().filter(|(_, b)| matches!(b, b'{' | b'[')).map(|(at, _)| at);
    brackets.take(TRIED).find_map(|at| {
        let (value, length) = parse(&line[at..]).or_else(|| parse(&pairs(&line[at..])?))?;
        Some((at, value, at + length))
    })
}

/// The value in JSON at the beginning of a text, and its length; a list of numbers is none.
pub(super) fn parse(text: &[u8]) -> Option<(Value, usize)> {
    let mut values = serde_json::Deserializer::from_slice(text).into_iter::<Value>();
    let value = values.next()?.ok()?;
    let holds = match &value {
        Value::Object(_) => true,
        Value::Array(all) => !all.iter().all(Value::is_number),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
    };
    holds.then(|| (value, values.byte_offset()))
}

/// `{"log"=>"…"}`, as Fluent Bit prints it, in JSON of the same length.
fn pairs(text: &[u8]) -> Option<Vec<u8>> {
    let mut marks = memchr::memmem::find_iter(text, b"\"=>").peekable();
    marks.peek()?;
    let mut out = text.to_vec();
    for at in marks {
        out[at + 1..at + 3].copy_from_slice(b": ");
    }
    Some(out)
}

/// Where a string begins that the text ends in.
fn open_quote(text: &[u8]) -> Option<usize> {
    let (mut open, mut at) = (None, 0);
    while at < text.len() {
        match (text[at], open) {
            (b'\\', Some(_)) => at += 1,
            (b'"', Some(_)) => open = None,
            (b'"', None) => open = Some(at),
            _ => {}
        }
        at += 1;
    }
    open
}

fn cri_partial(prefix: &[u8]) -> bool {
    prefix.ends_with(b" stdout P ") || prefix.ends_with(b" stderr P ")
}

/// The text of a CRI line that has no header, the rest of a long line, and whether it goes on.
fn cri_rest(line: &[u8]) -> Option<(bool, &[u8])> {
    [&b" stdout F "[..], b" stderr F ", b" stdout P ", b" stderr P "].iter().find_map(|mark| {
        let at = memchr::memmem::find(line.get(..64).unwrap_or(line), mark)?;
        Some((mark.contains(&b'P'), line.get(at + mark.len()..)?))
    })
}

/// Splits a text into the records it holds: a broken write can glue the next line to a torn one.
pub(crate) fn glued(text: &[u8]) -> impl Iterator<Item = Header<'_>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let first = header(rest)?;
        // Only the body can hold another header; its position tells where this record ends.
        let skip = rest.len() - first.body.len();
        match find_header(first.body) {
            Some((at, _)) => {
                let cut = &rest[..skip + at];
                rest = &rest[skip + at..];
                header(cut)
            }
            None => {
                rest = &[];
                Some(first)
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINE: &str = "E2024-08-07 18:52:42.537 (1723027962537681375 5005)   meta.meta_state0.0103000000000109: text";

    fn check(envelope: &str, origin: Option<&str>) {
        let unwrapped = unwrap(envelope.as_bytes());
        assert_eq!(String::from_utf8_lossy(&unwrapped.text), LINE, "{envelope}");
        assert_eq!(unwrapped.envelope.origin.as_deref(), origin, "{envelope}");
    }

    #[test]
    fn envelopes_come_off() {
        check(LINE, None);
        check(&format!("{LINE}\r"), None);
        check(&format!("meta1/log.3.txt:{LINE}"), Some("meta1/log.3.txt"));
        check(&format!("meta1/log.3.txt:90146:{LINE}"), Some("meta1/log.3.txt"));
        check(&format!("90146:{LINE}"), None);
        check(&format!("meta-host1: {LINE}"), Some("meta-host1"));
        check(&format!("2024-08-07T10:52:42.537681375Z stderr F {LINE}"), None);
        check(&format!("May 24 17:21:57 meta-host1 pegasus[4711]: {LINE}"), Some("meta-host1"));
        check(&format!("<134>May 24 17:21:57 meta-host1 pegasus[4711]: {LINE}"), Some("meta-host1"));
        check(&format!("<134>1 2024-08-07T10:52:42.537Z meta-host1 pegasus 4711 - - {LINE}"), Some("meta-host1"));
        check(&format!("[pod/pegasus-meta-0/meta] {LINE}"), Some("pegasus-meta-0/meta"));
        check(&format!(r#"{{"log":"{LINE}\n","stream":"stderr","time":"2024-08-07T10:52:42.5Z"}}"#), None);
        check(&format!(r#"{{"__REALTIME_TIMESTAMP":"1","_HOSTNAME":"h1","MESSAGE":"{LINE}"}}"#), Some("h1"));
        check(&format!(r#"h2: {{"log":"{LINE}\n","stream":"stderr"}}"#), Some("h2"));
        check(&format!("2024-08-07T10:52:42.537Z {LINE}"), None);
        check(&format!("> `{LINE}`"), None);
        check(&format!("\u{1b}[32m{LINE}\u{1b}[0m"), None);
    }

    /// With a look at all the rest for each record this would take minutes.
    #[test]
    fn a_long_reply_that_was_cut_is_opened_record_by_record() {
        let record = format!(r#"{{"_source":{{"message":"{LINE}"}}}},"#);
        assert_eq!(unwrap_all(format!(r#"{{"hits":[{}{{"_so"#, record.repeat(20_000)).as_bytes()).len(), 20_000);
        assert_eq!(unwrap_all(format!("{} {LINE}", r#"{"a":1}"#.repeat(200_000)).as_bytes()).len(), 1);
    }

    #[test]
    fn any_json_is_opened_by_its_structure() {
        let inner = serde_json::json!({ "__CONTENT__": LINE, "__TIMESTAMP__": "1" }).to_string();
        for (json, origin) in [
            (format!(r#"{{"_source":{{"message":"{LINE}","host":{{"name":"h1"}}}}}}"#), Some("h1")),
            (format!(r#"{{"Source":"10.0.0.1","LOG":{}}}"#, serde_json::Value::from(inner)), Some("10.0.0.1")),
            (format!(r#"pegasus.meta: [1716603104.7, {{"log":"{LINE}"}}]"#), Some("pegasus.meta")),
            (format!(r#"[0] tail.0: [[1716603104.7, {{}}], {{"log"=>"{LINE}", "host"=>"h3"}}]"#), Some("h3")),
            (format!(r#"  "message" : "{LINE}","#), None),
            (format!(r#""May 25, 2024 @ 10:12:00.000","{LINE}","h1""#), None),
            (format!(r#"ts=2024-05-25T10:11:44Z host=h1 msg="{LINE}" x=1"#), None),
            (format!(r#"{{"_p":"F","stream":"stdout","log":"{LINE}"}}"#), None),
        ] {
            check(&json, origin);
            assert!(!unwrap(json.as_bytes()).envelope.partial, "{json}");
        }
        let reply = format!(
            r#"{{"data":{{"result":[{{"stream":{{"pod":"meta-0"}},"values":[["1","{LINE}"],["2","a\n{LINE}"]]}},{{"stream":{{"pod":"meta-1"}},"values":[["1","{LINE}"]]}}]}}}}"#
        );
        let origins: Vec<_> = unwrap_all(reply.as_bytes()).into_iter().map(|u| (u.envelope.origin, u.text == LINE.as_bytes())).collect();
        let of = |pod: &str| (Some(pod.to_owned()), true);
        assert_eq!(origins, [of("meta-0"), of("meta-0"), of("meta-1")]);
    }

    #[test]
    fn parts_of_long_lines_are_marked() {
        let cri = unwrap(b"2024-08-07T10:52:42.537681375Z stdout P E2024-08-07 18:52:42.537 (1723027962537681375 5005) a: b");
        assert!(cri.envelope.partial);
        assert!(unwrap(br#"{"log":"E2024","stream":"stdout"}"#).envelope.partial);
        assert_eq!(&*unwrap(b"2024-08-07T10:52:42.537681375Z stdout F the rest").text, b"the rest");
    }

    #[test]
    fn a_glued_line_is_two_records() {
        let text = format!("{LINE}{LINE}");
        let bodies: Vec<_> = glued(text.as_bytes()).map(|h| h.body.to_vec()).collect();
        assert_eq!(bodies, [b"text".to_vec(), b"text".to_vec()]);
        assert_eq!(glued(LINE.as_bytes()).count(), 1);
        assert_eq!(glued(b"no header").count(), 0);
    }
}
