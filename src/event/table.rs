//! The wordings of the table of messages, made by `build/messages.rs`.

use super::EventKind;
use super::pattern::{FieldType, Level, Pattern, Piece, Prefix, Role};

include!(concat!(env!("OUT_DIR"), "/patterns.rs"));

/// Every pattern, theme by theme.
pub fn patterns() -> impl Iterator<Item = &'static Pattern> {
    PATTERNS.iter()
}

/// The one pattern of a kind that has no second.
pub(super) const fn only(kind: EventKind) -> &'static Pattern {
    let mut index = 0;
    while PATTERNS[index].event as usize != kind as usize {
        index += 1;
    }
    &PATTERNS[index]
}

/// Stands for lines that only a regular expression of a user's signature knows. It is not in the table,
/// because nothing but that expression reads it.
pub(crate) static RAW_TEXT: Pattern = Pattern {
    event: EventKind::RawText,
    role: Role::Server,
    level: Level::Info,
    file: "",
    prefix: Prefix::None,
    template: "",
    pieces: &[],
    specificity: 0,
    weak: true,
    samples: &[],
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_wording_stands_twice() {
        let mut seen = std::collections::HashSet::new();
        for p in patterns() {
            assert!(seen.insert((p.file, p.level, p.role, p.prefix as u8, p.template)), "{} of {}", p.template, p.file);
        }
    }
}
