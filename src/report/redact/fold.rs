//! Texts as they are compared: in small letters, what is URL-encoded decoded.

/// A text in small letters, and where each byte of it came from.
#[derive(Debug)]
pub(super) struct Folded {
    /// The text that is compared.
    pub(super) text: String,
    /// Beginning and end in the original, by byte; none when they are the same.
    spans: Option<Vec<(usize, usize)>>,
}

impl Folded {
    pub(super) fn new(original: &str) -> Self {
        if original.is_ascii() && !original.contains('%') {
            return Self { text: original.to_ascii_lowercase(), spans: None };
        }
        let mut text = String::with_capacity(original.len());
        let mut spans = Vec::with_capacity(original.len());
        for (start, end, c) in decoded(original) {
            for small in c.to_lowercase() {
                text.push(small);
                spans.resize(text.len(), (start, end));
            }
        }
        Self { text, spans: Some(spans) }
    }

    /// Where a piece that is not empty stands in the original.
    pub(super) fn original(&self, start: usize, end: usize) -> (usize, usize) {
        match &self.spans {
            None => (start, end),
            Some(spans) => (spans[start].0, spans[end - 1].1),
        }
    }
}

/// The characters of a text with their places; `%5F`, and `%255F`, is one.
fn decoded(text: &str) -> Vec<(usize, usize, char)> {
    let bytes = text.as_bytes();
    let mut all = Vec::with_capacity(text.len());
    let mut run: Vec<(usize, usize, u8)> = Vec::new();
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        if let Some((byte, end)) = encoded(bytes, at) {
            run.push((at, end, byte));
            at = end;
            continue;
        }
        flush(&mut run, &mut all);
        all.push((at, at + c.len_utf8(), c));
        at += c.len_utf8();
    }
    flush(&mut run, &mut all);
    all
}

/// The byte that is encoded here, and where its code ends.
fn encoded(bytes: &[u8], at: usize) -> Option<(u8, usize)> {
    let digit = |i: usize| char::from(*bytes.get(i)?).to_digit(16).and_then(|d| u8::try_from(d).ok());
    if bytes[at] != b'%' {
        return None;
    }
    let mut at = at + 1;
    // A percent sign that is encoded itself.
    while bytes[at..].starts_with(b"25") && digit(at + 2).is_some() && digit(at + 3).is_some() {
        at += 2;
    }
    Some((digit(at)? << 4 | digit(at + 1)?, at + 2))
}

/// Bytes in a row may make one character.
fn flush(run: &mut Vec<(usize, usize, u8)>, all: &mut Vec<(usize, usize, char)>) {
    let bytes: Vec<u8> = run.iter().map(|r| r.2).collect();
    let mut at = 0;
    for chunk in bytes.utf8_chunks() {
        let wrong = chunk.invalid().iter().map(|_| (char::REPLACEMENT_CHARACTER, 1));
        for (c, length) in chunk.valid().chars().map(|c| (c, c.len_utf8())).chain(wrong) {
            all.push((run[at].0, run[at + length - 1].1, c));
            at += length;
        }
    }
    run.clear();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_those_of_the_original() {
        let text = "x=A%5FB%255f%E8%AE%A2%ff É%2";
        let folded = Folded::new(text);
        assert_eq!(folded.text, "x=a_b_订\u{fffd} é%2");
        let place = |what: &str| folded.text.find(what).map(|at| folded.original(at, at + what.len()));
        assert_eq!(place("a_b_").map(|(s, e)| &text[s..e]), Some("A%5FB%255f"));
        assert_eq!(place("订").map(|(s, e)| &text[s..e]), Some("%E8%AE%A2"));
        assert_eq!(place("é").map(|(s, e)| &text[s..e]), Some("É"));
    }
}
