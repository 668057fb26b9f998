//! What collectors put around a line: docker, CRI, journald, syslog, `grep`, `pdsh`.

use super::header::{Header, find_header, header};
use serde_json::Value;
use std::borrow::Cow;

/// What stood around a log line.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Envelope {
    /// The server or file that a prefix names: `pdsh`'s host, `grep`'s file, journald's and
    /// syslog's host, kubectl's pod.
    pub origin: Option<String>,
    /// The line continues in the next one (a CRI `P` line, a docker record without line end).
    pub partial: bool,
}

/// A line without its envelope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Unwrapped<'a> {
    /// What stood around it.
    pub envelope: Envelope,
    /// From the level letter on, or the whole text when it has no header.
    pub text: Cow<'a, [u8]>,
}

/// Takes the envelope off `line`, which has no line end.
pub(crate) fn unwrap(line: &[u8]) -> Unwrapped<'_> {
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    if header(line).is_some() {
        return Unwrapped { envelope: Envelope::default(), text: Cow::Borrowed(line) };
    }
    // `grep` and `pdsh` may have put their prefix before a JSON record too.
    let brace = line.iter().take(256).position(|&b| b == b'{');
    if let Some(at) = brace
        && let Some(mut unwrapped) = json(&line[at..])
    {
        if unwrapped.envelope.origin.is_none() {
            unwrapped.envelope.origin = origin(&line[..at]);
        }
        return unwrapped;
    }
    match find_header(line) {
        Some((at, _)) => Unwrapped {
            envelope: Envelope { origin: origin(&line[..at]), partial: cri_partial(&line[..at]) },
            text: Cow::Borrowed(&line[at..]),
        },
        None => Unwrapped { envelope: Envelope { origin: None, partial: false }, text: Cow::Borrowed(cri_rest(line)) },
    }
}

/// A JSON record of docker (`log`), journald (`MESSAGE`) or a shipper (`message`, `msg`, `line`).
fn json(text: &[u8]) -> Option<Unwrapped<'static>> {
    let Value::Object(fields) = serde_json::from_slice::<Value>(text).ok()? else { return None };
    let text: Vec<u8> = ["log", "MESSAGE", "message", "msg", "line"].iter().find_map(|key| match fields.get(*key)? {
        Value::String(text) => Some(text.clone().into_bytes()),
        // journald writes a message that is not UTF-8 as a list of bytes.
        Value::Array(bytes) => bytes.iter().map(|b| b.as_u64().and_then(|b| u8::try_from(b).ok())).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => None,
    })?;
    let docker = fields.contains_key("log") && fields.contains_key("stream");
    let partial = docker && text.last() != Some(&b'\n');
    let name = |key: &str| fields.get(key).and_then(Value::as_str).map(str::to_owned);
    let end = text.iter().rposition(|&b| b != b'\n' && b != b'\r').map_or(0, |last| last + 1);
    let text = match find_header(&text[..end]) {
        Some((at, _)) => text[at..end].to_vec(),
        None => text[..end].to_vec(),
    };
    let origin = name("_HOSTNAME").or_else(|| name("host")).or_else(|| name("hostname"));
    Some(Unwrapped { envelope: Envelope { origin, partial }, text: Cow::Owned(text) })
}

/// The host, pod or file in the text before a header.
fn origin(prefix: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(prefix);
    let text = text.trim_end();
    if text.is_empty() {
        return None;
    }
    if let Some(pod) = text.strip_prefix('[').and_then(|t| t.split(']').next()) {
        return Some(pod.trim_start_matches("pod/").to_owned());
    }
    if let Some(rest) = text.strip_prefix('<').and_then(|t| t.split_once('>')).map(|t| t.1) {
        return syslog_host(rest);
    }
    if let Some(host) = syslog_host(text) {
        return Some(host);
    }
    if cri_stream(text) {
        return None;
    }
    // `grep`: file:, file:N:, file-N- of context lines; `pdsh`: host:
    let name = text.trim_end_matches([':', '-', ' ']);
    let name = name.trim_end_matches(|c: char| c.is_ascii_digit());
    let name = match name.strip_suffix([':', '-']) {
        Some(shorter) => shorter,
        None => text.trim_end_matches([':', '-', ' ']),
    };
    let plain = !name.is_empty() && !name.contains(char::is_whitespace) && name.len() <= 255;
    let number = name.bytes().all(|b| b.is_ascii_digit());
    (plain && !number).then(|| name.to_owned())
}

/// `May 24 17:21:57 host name[pid]:` (journald short, BSD syslog) or RFC 5424's `1 2024-… host …`.
fn syslog_host(text: &str) -> Option<String> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let clock = |w: &str| w.len() >= 8 && w.as_bytes()[2] == b':' && w.as_bytes()[5] == b':';
    let stamp = |w: &str| w.len() >= 19 && w.as_bytes()[4] == b'-' && w.as_bytes()[10] == b'T';
    match words.as_slice() {
        [month, day, time, host, ..] if month.len() == 3 && day.parse::<u8>().is_ok() && clock(time) => Some((*host).to_owned()),
        ["1", at, host, ..] if stamp(at) => Some((*host).to_owned()),
        [at, host, unit, ..] if stamp(at) && !matches!(*host, "stdout" | "stderr") && unit.ends_with(':') => Some((*host).to_owned()),
        _ => None,
    }
}

/// Whether the prefix is CRI's: `<RFC 3339> stdout F`.
fn cri_stream(text: &str) -> bool {
    let mut words = text.split(' ').rev();
    matches!(words.next(), Some("F" | "P")) && matches!(words.next(), Some("stdout" | "stderr"))
}

fn cri_partial(prefix: &[u8]) -> bool {
    prefix.ends_with(b" stdout P ") || prefix.ends_with(b" stderr P ")
}

/// The text of a CRI line that has no header: the rest of a long line.
fn cri_rest(line: &[u8]) -> &[u8] {
    [&b" stdout F "[..], b" stderr F ", b" stdout P ", b" stderr P "]
        .iter()
        .find_map(|mark| {
            let at = memchr::memmem::find(line.get(..64).unwrap_or(line), mark)?;
            line.get(at + mark.len()..)
        })
        .unwrap_or(line)
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
