//! Text that is not UTF-8, or begins with a mark of its byte order.

use std::borrow::Cow;

const UTF8_MARK: &[u8] = b"\xef\xbb\xbf";

/// UTF-16, as some shells of Windows write it, and text with a mark become UTF-8.
pub(super) fn decode(bytes: &[u8]) -> Cow<'_, [u8]> {
    if let Some(rest) = bytes.strip_prefix(UTF8_MARK) {
        return Cow::Borrowed(rest);
    }
    let Some(unit) = utf16(bytes) else { return Cow::Borrowed(bytes) };
    let units = bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]])).filter(|&unit| unit != 0xfeff);
    Cow::Owned(char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect::<String>().into_bytes())
}

/// Whether text has to be decoded before it is looked at.
pub(crate) fn is_encoded(bytes: &[u8]) -> bool {
    bytes.starts_with(UTF8_MARK) || utf16(bytes).is_some()
}

/// How two bytes make a unit of UTF-16, where a text is that: it says so, or every other byte is NUL.
fn utf16(bytes: &[u8]) -> Option<fn([u8; 2]) -> u16> {
    const LOOKED_AT: usize = 256;
    let head = &bytes[..bytes.len().min(LOOKED_AT) & !1];
    let nul = |odd: usize| head.iter().skip(odd).step_by(2).filter(|b| **b == 0).count();
    let (even, odd, most) = (nul(0), nul(1), head.len() / 2 * 3 / 4);
    if bytes.starts_with(b"\xff\xfe") || (head.len() >= 16 && odd > most && even == 0) {
        Some(u16::from_le_bytes)
    } else if bytes.starts_with(b"\xfe\xff") || (head.len() >= 16 && even > most && odd == 0) {
        Some(u16::from_be_bytes)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn utf16_is_known_with_and_without_its_mark() {
        let text = "I2024-05-25 10:11:44.733 (17166 30004)\n\u{4e2d}";
        let of = |unit: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(unit).collect::<Vec<u8>>();
        let (little, big) = (of(u16::to_le_bytes), of(u16::to_be_bytes));
        for bytes in [[b"\xff\xfe", &little[..]].concat(), [b"\xfe\xff", &big[..]].concat(), little, big] {
            assert_eq!(&*decode(&bytes), text.as_bytes());
        }
        assert_eq!(&*decode(&[UTF8_MARK, text.as_bytes()].concat()), text.as_bytes());
        assert!(!is_encoded(text.as_bytes()) && !is_encoded(b"") && !is_encoded(&[0; 64]));
    }
}
