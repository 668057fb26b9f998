//! What people, terminals and pages put around a line: colours, marks of Markdown, tags, entities.

use std::borrow::Cow;

/// Marks that stand on both sides: before the line, and behind it.
const PAIRS: &[(&str, &str)] = &[
    ("```", "```"),
    ("``", "``"),
    ("`", "`"),
    ("***", "***"),
    ("**", "**"),
    ("__", "__"),
    ("~~", "~~"),
    ("*", "*"),
    ("'", "'"),
    ("\u{201c}", "\u{201d}"),
    ("\u{2018}", "\u{2019}"),
    ("\u{ab}", "\u{bb}"),
    ("\u{300c}", "\u{300d}"),
    ("|", "|"),
];

/// Behind the mark that ends a line so much of a remark may follow.
const REMARK: usize = 60;

/// Without the escapes that steer a terminal; what has none stays.
pub(super) fn without_colours(line: &[u8]) -> Cow<'_, [u8]> {
    if memchr::memchr(0x1b, line).is_none() {
        return Cow::Borrowed(line);
    }
    let mut out = Vec::with_capacity(line.len());
    let mut rest = line;
    while let Some(at) = memchr::memchr(0x1b, rest) {
        out.extend_from_slice(&rest[..at]);
        rest = &rest[at + escape(&rest[at..])..];
    }
    out.extend_from_slice(rest);
    Cow::Owned(out)
}

/// The length of the escape at the beginning of `text`.
fn escape(text: &[u8]) -> usize {
    match text.get(1) {
        // Up to the letter that ends it.
        Some(b'[') => text.iter().skip(2).position(|b| (0x40..0x7f).contains(b)).map_or(text.len(), |end| end + 3),
        // A title or a link, up to a bell or to another escape.
        Some(b']') => match text.iter().position(|&b| b == 7) {
            Some(end) => end + 1,
            None => memchr::memmem::find(&text[1..], b"\x1b\\").map_or(2, |end| end + 3),
        },
        Some(b'(' | b')') => text.len().min(3),
        Some(_) => 2,
        None => 1,
    }
}

/// A line without what stands behind it because of what stands before it.
pub(super) fn undressed<'a>(prefix: &str, text: &'a [u8]) -> Cow<'a, [u8]> {
    // Values between tabs.
    let own = if prefix.ends_with('\t') { memchr::memchr(b'\t', text).map_or(text, |tab| &text[..tab]) } else { text };
    let (mut prefix, mut text) = (prefix, Cow::Borrowed(own));
    loop {
        let shorter = trim_end(&text).len();
        text = shorten(text, shorter);
        let tag = prefix.trim_end().strip_suffix('>').and_then(|p| p.rfind('<')).filter(|&at| is_tag(&prefix[at..]));
        if let Some(at) = tag {
            let plain = without_markup(&text);
            text = Cow::Owned(plain.split(|&b| b == b'\n').next().unwrap_or_default().to_vec());
            prefix = &prefix[..at];
            continue;
        }
        let bare = prefix.trim_end();
        let Some((open, close)) = PAIRS.iter().find(|(open, _)| prefix.ends_with(open) || (*open == "|" && bare.ends_with('|'))) else {
            return text;
        };
        prefix = prefix.strip_suffix(open).or_else(|| bare.strip_suffix(open)).unwrap_or_default();
        // Behind a cell of a table come others.
        let end = if *open == "|" { memchr::memmem::find(&text, b" |") } else { memchr::memmem::rfind(&text, close.as_bytes()) };
        match end {
            Some(end) if *open == "|" || text.len() - end <= REMARK => text = shorten(text, end),
            _ => {}
        }
    }
}

/// A message that was pasted without its header, without the marks of a list or of a quotation.
pub(crate) fn message(line: &[u8]) -> Cow<'_, [u8]> {
    let mark = |b: &u8| b.is_ascii_whitespace() || b">-*`'\"#|".contains(b);
    let lead = line.iter().take_while(|b| mark(b)).count();
    let number = line[lead..].iter().take_while(|b| b.is_ascii_digit()).count();
    let listed = number > 0 && matches!(line.get(lead + number), Some(b'.' | b')' | b':' | b'\t'));
    let begin = if listed { lead + number + 1 } else { lead };
    let begin = begin + line[begin..].iter().take_while(|b| mark(b)).count();
    undressed(&String::from_utf8_lossy(&line[..begin]), &line[begin..])
}

fn shorten(text: Cow<'_, [u8]>, length: usize) -> Cow<'_, [u8]> {
    match text {
        Cow::Borrowed(text) => Cow::Borrowed(&text[..length]),
        Cow::Owned(mut text) => {
            text.truncate(length);
            Cow::Owned(text)
        }
    }
}

fn is_tag(text: &str) -> bool {
    text[1..].starts_with(|c: char| c.is_ascii_alphabetic() || c == '/')
}

/// Without tags, and with entities undone.
pub(super) fn without_markup(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = memchr::memchr2(b'<', b'&', rest) {
        out.extend_from_slice(&rest[..at]);
        rest = &rest[at..];
        let length = if rest[0] == b'<' { tag(rest, &mut out) } else { entity(rest, &mut out) };
        if length == 0 {
            out.push(rest[0]);
        }
        rest = &rest[length.max(1)..];
    }
    out.extend_from_slice(rest);
    out
}

/// The length of a tag of HTML at the beginning, 0 where there is none; one that begins or ends a block ends a line.
fn tag(text: &[u8], out: &mut Vec<u8>) -> usize {
    const BLOCKS: &[&[u8]] =
        &[b"p", b"pre", b"br", b"li", b"ul", b"ol", b"td", b"tr", b"th", b"div", b"blockquote", b"table", b"tbody", b"html", b"body"];
    const INLINE: &[&[u8]] = &[b"code", b"span", b"b", b"i", b"em", b"strong", b"samp", b"tt", b"a", b"font", b"mark"];
    let inner = text[1..].strip_prefix(b"/").unwrap_or(&text[1..]);
    let name: Vec<u8> = inner.iter().take_while(|b| b.is_ascii_alphanumeric()).map(u8::to_ascii_lowercase).collect();
    let Some(end) = memchr::memchr(b'>', &text[..text.len().min(512)]) else { return 0 };
    let block = BLOCKS.contains(&name.as_slice());
    out.extend(block.then_some(b'\n'));
    if block || INLINE.contains(&name.as_slice()) { end + 1 } else { 0 }
}

/// Undoes the entity at the beginning; its length, 0 where there is none.
fn entity(text: &[u8], out: &mut Vec<u8>) -> usize {
    const NAMED: &[(&[u8], &str)] = &[(b"lt", "<"), (b"gt", ">"), (b"amp", "&"), (b"quot", "\""), (b"apos", "'"), (b"nbsp", " ")];
    let Some(end) = memchr::memchr(b';', &text[..text.len().min(12)]) else { return 0 };
    let name = &text[1..end];
    let number = || {
        let digits = std::str::from_utf8(name.strip_prefix(b"#")?).ok()?;
        let code = match digits.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok()?,
            None => digits.parse().ok()?,
        };
        char::from_u32(code).map(String::from)
    };
    let plain = NAMED.iter().find(|(known, _)| *known == name).map(|(_, plain)| (*plain).to_owned()).or_else(number);
    match plain {
        Some(plain) => {
            out.extend(plain.bytes());
            end + 1
        }
        None => 0,
    }
}

/// Without what terminals and shippers leave at the end: blanks of all kinds, control characters, colours, bytes that are no text.
pub(crate) fn trim_end(mut text: &[u8]) -> &[u8] {
    // Those that do not break a line, that take no room, of East Asian width; a mark of byte order; what stood for no text.
    const BLANKS: &[&[u8]] = &[b"\xc2\xa0", b"\xe2\x80\x8b", b"\xe3\x80\x80", b"\xef\xbb\xbf", b"\xe2\x80\xaf", b"\xef\xbf\xbd"];
    while let Some(&last) = text.last() {
        text = match last {
            b'A'..=b'Z' | b'a'..=b'z' => match colour(text) {
                Some(length) => &text[..text.len() - length],
                None => return text,
            },
            b')' if text.ends_with(b" times)") || text.ends_with(b" time)") => match memchr::memrchr(b'(', text) {
                Some(at) if text[at + 1..].first().is_some_and(u8::is_ascii_digit) => &text[..at],
                _ => return text,
            },
            // Nearly always it is one of these, and that is that.
            0x21..0x7f => return text,
            0..0x80 => &text[..text.len() - 1],
            0x80.. => match BLANKS.iter().find_map(|blank| text.strip_suffix(*blank)) {
                Some(shorter) => shorter,
                None if (1..=text.len().min(4)).any(|n| std::str::from_utf8(&text[text.len() - n..]).is_ok()) => return text,
                None => &text[..text.len() - 1],
            },
        };
    }
    text
}

/// The length of an escape that ends the text.
fn colour(text: &[u8]) -> Option<usize> {
    const LONGEST: usize = 16;
    let end = &text[text.len().saturating_sub(LONGEST)..];
    let at = memchr::memrchr(0x1b, end)?;
    let numbers = end[at..].strip_prefix(b"\x1b[")?.split_last()?.1;
    numbers.iter().all(|b| b.is_ascii_digit() || *b == b';').then(|| end.len() - at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_around_comes_off_and_nothing_else() {
        for (prefix, text, plain) in [
            ("`", "x = ERR_OK`", "x = ERR_OK"),
            ("> - **`", "x`** (12 times)", "x"),
            ("> ", "a > b`", "a > b`"),
            ("<p>", "a &gt; b &quot;c&quot;&nbsp;</p>", "a > b \"c\""),
            ("<td class=\"x\"><code>", "a<br/></code></td>", "a"),
            ("| ", "a |", "a"),
            ("| x | ", "a  | h1 |", "a"),
            ("x\t", "a\th1", "a"),
            ("<tr><td>x</td><td>", "a</td><td>h1</td></tr>", "a"),
            ("", "a\u{a0} \t\u{3000}", "a"),
            ("", "a (12 times)", "a"),
            ("<134>", "a < b", "a < b"),
        ] {
            assert_eq!(String::from_utf8_lossy(&undressed(prefix, text.as_bytes())), plain, "{prefix}{text}");
        }
        assert_eq!(&*without_colours(b"\x1b[32ma\x1b[m\x1b[K b\x1b]0;t\x07c\x1b"), b"a bc");
    }
}
