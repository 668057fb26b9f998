//! Takes a message's text apart: its prefix, its literals, its fields.

/// The prefixes that many messages have in common, as the table writes them.
const PREFIXES: &[(&str, &str)] = &[("Dup", "[a{app_id:int}d{dup_id:int}] "), ("Replica", "[{gpid:gpid}@{node:str}] ")];

/// Types of fields by the names that the table has for them.
const TYPES: &[(&str, &[&str])] = &[
    ("Int", &["int"]),
    ("Hex", &["hex"]),
    ("Gpid", &["gpid"]),
    ("Name", &["dup_status", "err", "fail_mode"]),
    ("Enum", &["enum"]),
    ("Json", &["json"]),
    ("Address", &["addr"]),
    ("Text", &["str", "path"]),
];

/// Fewer letters than that tell nothing.
const WEAK: usize = 10;

/// A text taken apart.
pub(super) struct Template<'a> {
    pub(super) prefix: &'static str,
    /// What stands behind the prefix.
    pub(super) text: &'a str,
    pub(super) pieces: Vec<Piece<'a>>,
}

pub(super) enum Piece<'a> {
    Literal(&'a str),
    /// Its name and type.
    Field(&'a str, &'static str),
}

impl<'a> Template<'a> {
    pub(super) fn parse(whole: &'a str) -> Result<Self, String> {
        let known = PREFIXES.iter().find_map(|(name, text)| Some((*name, whole.strip_prefix(text)?)));
        let (prefix, text) = known.unwrap_or(("None", whole));
        let (mut pieces, mut rest, mut from) = (Vec::new(), text, 0);
        while let Some(open) = rest[from..].find('{').map(|n| n + from) {
            match field(&rest[open..])? {
                Some((length, field)) => {
                    pieces.extend((open > 0).then_some(Piece::Literal(&rest[..open])));
                    pieces.push(field);
                    (rest, from) = (&rest[open + length..], 0);
                }
                // A brace of the message itself, as in `{}`.
                None => from = open + 1,
            }
        }
        pieces.extend((!rest.is_empty()).then_some(Piece::Literal(rest)));
        Ok(Self { prefix, text, pieces })
    }

    fn literals(&self) -> impl Iterator<Item = &str> {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Literal(text) => Some(*text),
            Piece::Field(..) => None,
        })
    }

    pub(super) fn specificity(&self) -> usize {
        self.literals().map(str::len).sum()
    }

    pub(super) fn weak(&self) -> bool {
        self.literals().flat_map(str::bytes).filter(u8::is_ascii_alphabetic).count() < WEAK
    }
}

/// `{name:type}` at the beginning of `text`, and its length.
fn field(text: &str) -> Result<Option<(usize, Piece<'_>)>, String> {
    let Some((inner, _)) = text[1..].split_once('}') else { return Ok(None) };
    let Some((name, kind)) = inner.split_once(':') else { return Ok(None) };
    match TYPES.iter().find(|(_, names)| names.contains(&kind)) {
        Some((kind, _)) => Ok(Some((inner.len() + 2, Piece::Field(name, kind)))),
        None => Err(format!(
            "{{{inner}}} has no known type; known are {}",
            TYPES.iter().flat_map(|t| t.1).copied().collect::<Vec<_>>().join(", ")
        )),
    }
}
