//! JSON among other lines: whole, on several lines, or cut off.

use super::ParseIssue;
use super::duplication::{DupState, Seen};
use serde_json::Value;
use serde_json::value::RawValue;

/// A JSON text among lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Document {
    /// Its first line, from 1.
    pub(super) line: u64,
    /// Lines that it covers.
    pub(super) lines: usize,
    /// The text.
    pub(super) text: String,
    /// It ends too early, or is broken.
    pub(super) torn: bool,
}

impl Document {
    /// Its lines as one, their indentation left out.
    pub(super) fn on_one_line(&self) -> String {
        self.text.lines().map(str::trim).collect::<Vec<_>>().join(" ")
    }

    /// Whether something in it shows that it is an answer: about duplications, or to a remote command.
    pub(super) fn is_of_pegasus(&self) -> bool {
        ["dupid", "\"acked\""].iter().any(|key| self.text.contains(key))
    }
}

/// The JSON text that begins in the first of these lines, if one does; `text` is what they come to.
pub(super) fn document(lines: &[String], text: &str, line: u64) -> Option<Document> {
    let first = lines.first()?.trim();
    if first == "null" {
        return Some(Document { line, lines: 1, text: first.to_owned(), torn: false });
    }
    let second = first.get(1..).unwrap_or_default().trim_start().chars().next();
    let begins = match first.chars().next()? {
        '{' => second.is_none_or(|c| c == '"' || c == '}'),
        '[' => second.is_none_or(|c| c == '{' || c == ']'),
        _ => false,
    };
    if !begins {
        return None;
    }
    let text = text.trim_start();
    let mut stream = serde_json::Deserializer::from_str(text).into_iter::<Box<RawValue>>();
    match stream.next() {
        Some(Ok(value)) => {
            let end = stream.byte_offset();
            let covered = text[..end].matches('\n').count() + 1;
            Some(Document { line, lines: covered, text: value.get().to_owned(), torn: false })
        }
        _ => {
            // What follows a blank line is no part of it.
            let covered = lines.iter().position(|l| l.trim().is_empty()).unwrap_or(lines.len()).max(1);
            Some(Document { line, lines: covered, text: lines[..covered].join("\n"), torn: true })
        }
    }
}

/// The duplications that are whole in a text that is cut off.
pub(super) fn salvage(document: &Document) -> (Seen, ParseIssue) {
    let mut seen = Seen::default();
    for part in objects(&document.text) {
        if let Ok(Value::Object(entry)) = serde_json::from_str::<Value>(part)
            && let Some(state) = DupState::of(&entry)
        {
            seen.duplications.push(state);
        }
    }
    seen.app_id = document.text.split_once("\"appid\":").and_then(|(_, rest)| {
        let digits: String = rest.trim_start().chars().take_while(char::is_ascii_digit).collect();
        digits.parse().ok().map(crate::pegasus::AppId)
    });
    let used = match seen.duplications.len() {
        0 => "nothing".to_owned(),
        1 => "1 whole duplication".to_owned(),
        kept => format!("{kept} whole duplications"),
    };
    let what = format!("JSON that is cut off or broken; {used} of it used");
    (seen, ParseIssue { line: document.line, what })
}

/// The objects of a text that are closed, the outermost ones of those.
fn objects(text: &str) -> Vec<&str> {
    let mut open = Vec::new();
    let mut closed: Vec<(usize, usize)> = Vec::new();
    let mut quoted = false;
    let mut escaped = false;
    for (at, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            '{' if !quoted => open.push(at),
            '}' if !quoted => {
                if let Some(start) = open.pop() {
                    closed.retain(|&(s, _)| s < start);
                    closed.push((start, at + 1));
                }
            }
            _ => {}
        }
    }
    closed.into_iter().map(|(start, end)| &text[start..end]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn first(text: &str, line: u64) -> Option<Document> {
        document(&text.lines().map(str::to_owned).collect::<Vec<_>>(), text.trim_end_matches('\n'), line)
    }

    #[test]
    fn a_line_that_begins_a_document_may_stand_often() {
        let begin = std::time::Instant::now();
        for line in ["{\n\n", "[{},\n\n", "[{\"dup\":\n \t\n"] {
            super::super::Transcript::parse(line.repeat(100_000).as_bytes());
        }
        // What follows it in a paragraph of its own is read all the same.
        let after = "[{},\n\n".repeat(1_000) + "{\"1\":{\"dupid\":17,\"status\":\"DS_APP\",\"remote\":\"b\"}}\n";
        assert!(super::super::Transcript::parse(after.as_bytes()).tells());
        assert!(begin.elapsed().as_secs() < 60, "{:?}", begin.elapsed());
    }

    #[test]
    fn a_text_ends_where_its_json_does() {
        let found = first("{\n \"1\": {\"dupid\": 17}\n}\n>>> ls\n", 5);
        assert_eq!(found.map(|d| (d.line, d.lines, d.torn)), Some((5, 3, false)));
        assert_eq!(first("[general]\n", 1), None);
        assert_eq!(first("null\n", 1).map(|d| d.text), Some("null".into()));
    }

    #[test]
    fn what_is_whole_survives() {
        let text = r#"{"1":{"dupid":17,"status":"DS_APP","partition_states":{"0":{"confirmed_decree":1}}},"2":{"dupid":18,"sta"#;
        let torn = first(text, 2).filter(|d| d.torn);
        let (seen, issue) = torn.map_or_else(|| unreachable!(), |d| salvage(&d));
        assert_eq!(seen.duplications.iter().map(|d| d.dup_id.0).collect::<Vec<_>>(), [17]);
        assert_eq!(issue.line, 2);
    }
}
