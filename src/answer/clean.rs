//! A captured terminal as plain lines: without colour codes, carriage returns and byte order marks.

use super::ParseIssue;

/// The text, line by line, and what had to be taken away.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Cleaned {
    /// Lines without their ends; the first is line 1.
    pub lines: Vec<String>,
    /// What was not plain text.
    pub issues: Vec<ParseIssue>,
}

/// Cleans a capture.
pub(crate) fn clean(bytes: &[u8]) -> Cleaned {
    let mut cleaned = Cleaned::default();
    let text = decode(bytes, &mut cleaned.issues);
    let mut colours = None;
    for (number, line) in text.split('\n').enumerate() {
        let line = line.trim_end_matches('\r');
        let plain = without_escapes(line);
        if plain.len() != line.len() && colours.is_none() {
            colours = Some(number as u64 + 1);
        }
        // A progress bar or a command line that was edited overwrites what stands before the last return.
        let plain = plain.rsplit('\r').next().unwrap_or_default();
        cleaned.lines.push(plain.to_owned());
    }
    if let Some(line) = colours {
        cleaned.issues.push(ParseIssue { line, what: "terminal color or cursor codes, ignored".to_owned() });
    }
    if cleaned.lines.last().is_some_and(String::is_empty) {
        cleaned.lines.pop();
    }
    cleaned
}

fn decode(bytes: &[u8], issues: &mut Vec<ParseIssue>) -> String {
    let wide = |rest: &[u8], of: fn([u8; 2]) -> u16| {
        String::from_utf16_lossy(&rest.chunks_exact(2).map(|pair| of([pair[0], pair[1]])).collect::<Vec<u16>>())
    };
    if let Some(rest) = bytes.strip_prefix(b"\xff\xfe") {
        return wide(rest, u16::from_le_bytes);
    }
    if let Some(rest) = bytes.strip_prefix(b"\xfe\xff") {
        return wide(rest, u16::from_be_bytes);
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(error) => {
            let line = memchr::memchr_iter(b'\n', &bytes[..error.valid_up_to()]).count() as u64 + 1;
            issues.push(ParseIssue { line, what: "not UTF-8 from here on in places".to_owned() });
            String::from_utf8_lossy(bytes).into_owned()
        }
    }
}

/// Without `ESC [ … letter`, `ESC ] … BEL`, two-character escapes and other control characters.
fn without_escapes(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    let mut chars = line.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\u{1b}' => match chars.next() {
                Some('[') => while chars.next().is_some_and(|c| !('@'..='~').contains(&c)) {},
                Some(']') => while chars.next().is_some_and(|c| c != '\u{7}' && c != '\u{1b}') {},
                _ => {}
            },
            '\u{8}' => {
                out.pop();
            }
            '\t' | '\r' => out.push(c),
            c if c.is_control() || c == '\u{feff}' => {}
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_terminal_s_codes_go() {
        let cleaned = clean(b"\xef\xbb\xbfone\r\n\x1b[1;32m>>>\x1b[0m lx\x08s\r\n\x1b]0;title\x07two\n");
        assert_eq!(cleaned.lines, ["one", ">>> ls", "two"]);
        assert_eq!(cleaned.issues.len(), 1);
        assert_eq!(cleaned.issues[0].line, 2);
    }

    #[test]
    fn other_encodings_are_read_as_far_as_possible() {
        assert_eq!(clean(b"\xff\xfea\0b\0\n\0").lines, ["ab"]);
        let cleaned = clean(b"ok\nbad \xff\n");
        assert_eq!((cleaned.lines.len(), cleaned.issues[0].line), (2, 2));
    }
}
