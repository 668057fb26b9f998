//! Records in JSON, whatever the keys and the nesting: the string in which a header stands is the line.

use super::last_words::may_hold_last_words;
use super::origin::of_object;
use super::unwrapped::Unwrapped;
use serde_json::{Map, Value};

/// So many strings of one object are compared with each other.
const FEW: usize = 16;

/// Adds the records of a line that stands in a string.
type Open<'o> = &'o dyn Fn(&str, &mut Vec<Unwrapped<'static>>);

/// What stands in a value, in its order.
pub(super) fn records(value: &Value, origin: Option<&str>, open: Open<'_>, out: &mut Vec<Unwrapped<'static>>) {
    match value {
        Value::String(text) => of_string(text, origin, open, out),
        Value::Array(all) => match bytes(all) {
            Some(text) => of_string(&text, origin, open, out),
            None => all.iter().for_each(|one| records(one, origin, open, out)),
        },
        Value::Object(fields) => of_object_fields(fields, origin, open, out),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn of_object_fields(fields: &Map<String, Value>, origin: Option<&str>, open: Open<'_>, out: &mut Vec<Unwrapped<'static>>) {
    let own = of_object(fields);
    let origin = own.as_deref().or(origin);
    let mut told = Vec::new();
    for (key, value) in fields {
        match value {
            // What was found is marked in a copy of it.
            _ if key == "highlight" => {}
            Value::String(text) if key == "log" => {
                let partial = is_partial(fields, text);
                let before = told.len();
                of_string(text, origin, open, &mut told);
                if partial.is_some() && told.len() == before {
                    // The rest of a long line.
                    let text = text.trim_end_matches(['\n', '\r']).as_bytes().to_vec();
                    told.push(Unwrapped::new(origin.map(str::to_owned), text));
                }
                if let Some(last) = told.last_mut().filter(|_| partial == Some(true)) {
                    last.envelope.partial = true;
                }
            }
            Value::String(_) => records(value, origin, open, &mut told),
            Value::Array(_) | Value::Object(_) => records(value, origin, open, out),
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }
    // A short form beside the full one.
    let shorter = |one: &Unwrapped<'_>, index: usize| {
        let more = |(at, other): (usize, &Unwrapped<'_>)| {
            at != index && other.text.starts_with(&one.text) && (other.text.len() > one.text.len() || at < index)
        };
        told.len() <= FEW && told.iter().enumerate().any(more)
    };
    let keep: Vec<bool> = told.iter().enumerate().map(|(index, one)| !shorter(one, index)).collect();
    out.extend(told.into_iter().zip(keep).filter(|(_, keep)| *keep).map(|(one, _)| one));
}

/// Whether a container runtime cut the line in `log`, where it says so; `None` of what no runtime wrote.
fn is_partial(fields: &Map<String, Value>, text: &str) -> Option<bool> {
    if let Some(tag) = fields.get("_p").or_else(|| fields.get("logtag")).and_then(Value::as_str) {
        return Some(tag == "P");
    }
    // Docker's own keys, no shipper's.
    let docker = fields.contains_key("stream") && fields.keys().all(|key| matches!(key.as_str(), "log" | "stream" | "time" | "attrs"));
    docker.then(|| !text.ends_with('\n'))
}

fn of_string(text: &str, origin: Option<&str>, open: Open<'_>, out: &mut Vec<Unwrapped<'static>>) {
    // A header has one; most strings have none.
    if !text.contains('(') && !may_hold_last_words(text.as_bytes()) {
        return;
    }
    for line in text.lines() {
        let before = out.len();
        open(line, out);
        for one in &mut out[before..] {
            one.envelope.origin = one.envelope.origin.take().or_else(|| origin.map(str::to_owned));
        }
    }
}

/// journald writes a message that is not UTF-8 as a list of bytes.
fn bytes(all: &[Value]) -> Option<String> {
    const SHORTEST: usize = 16;
    let bytes: Option<Vec<u8>> = all.iter().map(|b| b.as_u64().and_then(|b| u8::try_from(b).ok())).collect();
    bytes.filter(|bytes| bytes.len() >= SHORTEST).map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
}

/// The text of a string whose opening quote is before `text`, where it ends, and whether it is closed: JSON's escapes and
/// the doubled quotes of CSV are undone.
pub(super) fn quoted(text: &[u8]) -> (Vec<u8>, usize, bool) {
    let mut out = Vec::with_capacity(text.len());
    let mut at = 0;
    while let Some(&byte) = text.get(at) {
        let next = text.get(at + 1).copied();
        let (plain, length) = match (byte, next) {
            (b'"', Some(b'"')) => (b'"', 2),
            (b'"', _) => return (out, at + 1, true),
            (b'\\', Some(b'u')) => {
                let length = unicode(&text[at..], &mut out);
                at += length;
                continue;
            }
            (b'\\', Some(b'n')) => (b'\n', 2),
            (b'\\', Some(b't')) => (b'\t', 2),
            (b'\\', Some(b'r')) => (b'\r', 2),
            (b'\\', Some(mark @ (b'"' | b'\\' | b'/'))) => (mark, 2),
            _ => (byte, 1),
        };
        out.push(plain);
        at += length;
    }
    (out, text.len(), false)
}

/// Undoes `\u003e`, and pairs of them; returns how many bytes it took.
fn unicode(text: &[u8], out: &mut Vec<u8>) -> usize {
    let unit = |from: usize| {
        let digits = text.get(from..from + 6).filter(|t| t.starts_with(b"\\u"))?;
        u16::from_str_radix(std::str::from_utf8(&digits[2..]).ok()?, 16).ok()
    };
    let Some(first) = unit(0) else {
        out.push(b'\\');
        return 1;
    };
    let units = [first, unit(6).unwrap_or_default()];
    let pair = if (0xd800..0xdc00).contains(&first) { 2 } else { 1 };
    out.extend(String::from_utf16_lossy(&units[..pair]).bytes());
    6 * pair
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_undone() {
        for (text, plain, rest, closed) in [
            (r#"a \"b\" c\\d\/e\u003e", more"#, "a \"b\" c\\d/e>", ", more", true),
            (r#"say ""x""",h1"#, "say \"x\"", ",h1", true),
            (r"cut \ud83d\ude00 here", "cut \u{1f600} here", "", false),
            (r"cut \u00", r"cut \u00", "", false),
        ] {
            let (out, end, ends) = quoted(text.as_bytes());
            assert_eq!((String::from_utf8_lossy(&out).as_ref(), &text[end..], ends), (plain, rest, closed), "{text}");
        }
    }
}
