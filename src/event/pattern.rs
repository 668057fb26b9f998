//! One message wording: a template whose fields are typed, and how a body is read by it.

use super::EventKind;
use nom::branch::alt;
use nom::bytes::complete::{tag, take_while1};
use nom::character::complete::digit1;
use nom::combinator::{opt, recognize};
use nom::multi::many0_count;
use nom::sequence::preceded;
use nom::{IResult, Parser};

/// Who writes a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Role {
    /// A meta server, of either cluster.
    Meta,
    /// A replica server.
    Replica,
    /// A replica server of the target, whose table follows.
    FollowerReplica,
    /// Any process.
    Server,
}

impl Role {
    /// The name in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Meta => "meta",
            Self::Replica => "replica",
            Self::FollowerReplica => "follower-replica",
            Self::Server => "server",
        }
    }
}

/// How grave the server thinks its line is, after the letters' shift between v2.4 and v2.5 is undone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Level {
    /// Letter `I` up to v2.4, `D` later.
    Debug,
    /// Letter `D` up to v2.4, `I` later.
    Info,
    /// Letter `W`.
    Warning,
    /// Letter `E`.
    Error,
    /// Letter `F`; the process aborts after it.
    Fatal,
}

impl Level {
    /// The letters a release may print for this level.
    pub const fn letters(self) -> &'static [u8] {
        match self {
            Self::Debug | Self::Info => b"DI",
            Self::Warning => b"W",
            Self::Error => b"E",
            Self::Fatal => b"F",
        }
    }

    /// The letter that the newest releases print.
    pub const fn letter(self) -> char {
        match self {
            Self::Debug => 'D',
            Self::Info => 'I',
            Self::Warning => 'W',
            Self::Error => 'E',
            Self::Fatal => 'F',
        }
    }
}

/// What stands before a message's own text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Prefix {
    /// Nothing.
    None,
    /// `[a{app_id}d{dup_id}] `
    Dup,
    /// `[{gpid}@{node}] `
    Replica,
}

impl Prefix {
    /// Names and types of its fields.
    const fn fields(self) -> &'static [(&'static str, FieldType)] {
        match self {
            Self::None => &[],
            Self::Dup => &[("app_id", FieldType::Int), ("dup_id", FieldType::Int)],
            Self::Replica => &[("gpid", FieldType::Gpid), ("node", FieldType::Text)],
        }
    }
}

/// One wording of one message.
#[derive(Debug)]
pub struct Pattern {
    /// What the line states.
    pub event: EventKind,
    /// Who writes it.
    pub role: Role,
    /// How grave.
    pub level: Level,
    /// The translation unit that the header shows.
    pub file: &'static str,
    /// What stands before the text.
    pub prefix: Prefix,
    /// The text: literals and fields such as `{dup_id:int}`.
    pub template: &'static str,
    /// The same, taken apart.
    pub(super) pieces: &'static [Piece],
    /// Number of literal characters: where several patterns read a body, the most literal one is right.
    pub(super) specificity: usize,
    /// Too few words of its own: only believed when the header names the pattern's file.
    pub(super) weak: bool,
    /// Bodies, with their prefix, that this pattern reads and no other.
    pub samples: &'static [&'static str],
}

impl Pattern {
    /// Names and types of its fields, those of the prefix behind those of the text.
    pub fn fields(&self) -> impl Iterator<Item = (&'static str, FieldType)> {
        let of_text = self.pieces.iter().filter_map(|piece| match *piece {
            Piece::Field(name, kind) => Some((name, kind)),
            Piece::Literal(_) => None,
        });
        of_text.chain(self.prefix.fields().iter().copied())
    }

    /// The type of a field, if there is one of that name.
    pub fn field(&self, name: &str) -> Option<FieldType> {
        self.fields().find(|(field, _)| *field == name).map(|(_, kind)| kind)
    }

    /// The field with the table's name, where it is joined to the cluster's with a dot: both may have dots themselves.
    pub fn dotted_table(&self) -> Option<&'static str> {
        self.pieces.windows(3).find_map(|pieces| match *pieces {
            [Piece::Field("remote_cluster", _), Piece::Literal("."), Piece::Field(table, _)] => Some(table),
            _ => None,
        })
    }

    /// Whether the line stops the process.
    pub fn is_fatal(&self) -> bool {
        self.level == Level::Fatal
    }

    /// Whether only replica servers of the target write it.
    pub fn is_follower(&self) -> bool {
        self.role == Role::FollowerReplica
    }

    /// Reads `text` in full; fields are appended to `fields` only when it fits.
    pub(super) fn read<'a>(&self, text: &'a str, fields: &mut Vec<(&'static str, FieldType, &'a str)>) -> bool {
        PieceReader { fields, endless: [0; PIECES] }.read(self.pieces, text)
    }
}

/// The type of a field: what its text may consist of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldType {
    /// A decimal number, perhaps negative.
    Int,
    /// A hexadecimal number.
    Hex,
    /// `3.0`
    Gpid,
    /// A name in capitals, such as a status or an error code.
    Name,
    /// An enumerator, perhaps with its scope.
    Enum,
    /// `host:port`, on master perhaps with `(ip:port)` behind it.
    Address,
    /// Anything, as short as the rest allows.
    Text,
    /// A JSON value.
    Json,
}

/// A piece of a template.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Piece {
    Literal(&'static str),
    Field(&'static str, FieldType),
}

/// As many pieces as a pattern has at most.
const PIECES: usize = 64;
/// No address is longer: two names with their ports.
const ADDRESS: usize = 600;

/// Reads a body by the pieces of a pattern, in time proportional to its length.
struct PieceReader<'f, 'a> {
    fields: &'f mut Vec<(&'static str, FieldType, &'a str)>,
    /// By the number of pieces behind a free text: the length of the longest rest, and one more, in which it was seen to end nowhere.
    /// A shorter rest has no other ends.
    endless: [usize; PIECES],
}

impl<'a> PieceReader<'_, 'a> {
    fn read(&mut self, pieces: &[Piece], text: &'a str) -> bool {
        let Some((first, later)) = pieces.split_first() else { return text.is_empty() };
        match *first {
            Piece::Literal(literal) => text.strip_prefix(literal).is_some_and(|rest| self.read(later, rest)),
            Piece::Field(name, kind @ (FieldType::Text | FieldType::Json)) => {
                let known = self.endless.get(later.len()).copied().unwrap_or_default();
                if text.len() < known {
                    return false;
                }
                let fits = self.free(name, kind, later, text);
                if let Some(endless) = self.endless.get_mut(later.len()).filter(|_| !fits) {
                    *endless = text.len() + 1;
                }
                fits
            }
            Piece::Field(name, FieldType::Address) => self.free(name, FieldType::Address, later, text),
            Piece::Field(name, kind) => match word(kind, text) {
                Ok((rest, value)) => self.put(name, kind, value, later, rest),
                Err(_) => false,
            },
        }
    }

    /// A free text ends where the next literal stands, at the earliest place at which the rest fits.
    fn free(&mut self, name: &'static str, kind: FieldType, later: &[Piece], text: &'a str) -> bool {
        let Some(next) = later.first() else {
            self.fields.push((name, kind, text));
            return true;
        };
        let mut from = 0;
        loop {
            let end = match next {
                Piece::Literal(literal) => match find(&text[from..], literal) {
                    Some(at) => from + at,
                    None => return false,
                },
                Piece::Field(..) => from,
            };
            if kind == FieldType::Address && end > ADDRESS {
                return false;
            }
            let whole = kind != FieldType::Address || whole_address(&text[..end], &text[end..]);
            if whole && self.put(name, kind, &text[..end], later, &text[end..]) {
                return true;
            }
            from = match text[end..].chars().next() {
                Some(c) => end + c.len_utf8(),
                None => return false,
            };
        }
    }

    /// A field, if what follows it fits.
    fn put(&mut self, name: &'static str, kind: FieldType, value: &'a str, later: &[Piece], rest: &'a str) -> bool {
        let before = self.fields.len();
        self.fields.push((name, kind, value));
        let fits = self.read(later, rest);
        if !fits {
            self.fields.truncate(before);
        }
        fits
    }
}

/// Where `literal` stands first. Bodies are short: to make a searcher ready takes longer than to look.
fn find(text: &str, literal: &str) -> Option<usize> {
    let (bytes, literal) = (text.as_bytes(), literal.as_bytes());
    memchr::memchr_iter(*literal.first()?, bytes).find(|&at| bytes[at..].starts_with(literal))
}

/// Whether an address ends here: not before its port, not within its parenthesis.
fn whole_address(address: &str, rest: &str) -> bool {
    let port_follows = rest.strip_prefix(':').is_some_and(|r| r.starts_with(|c: char| c.is_ascii_digit()));
    let balanced = address.matches('(').count() == address.matches(')').count();
    balanced && (!port_follows || address.contains(':'))
}

/// A field that tells by its characters where it ends.
fn word(kind: FieldType, text: &str) -> IResult<&str, &str> {
    let name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    match kind {
        FieldType::Int => recognize((opt(tag("-")), digit1)).parse(text),
        FieldType::Hex => take_while1(|c: char| c.is_ascii_hexdigit()).parse(text),
        // A partition that is not known is printed as `-1.-1`.
        FieldType::Gpid => recognize((opt(tag("-")), digit1, tag("."), opt(tag("-")), digit1)).parse(text),
        FieldType::Enum => recognize((take_while1(name), many0_count(preceded(tag("::"), take_while1(name))))).parse(text),
        FieldType::Name | FieldType::Text | FieldType::Address | FieldType::Json => take_while1(name).parse(text),
    }
}

/// The prefixes a body can begin with: the fields they carry and the rest.
pub(super) fn prefix(body: &str) -> (Prefix, &str, Vec<(&'static str, FieldType, &str)>) {
    fn dup(text: &str) -> IResult<&str, (&str, &str)> {
        let int = || recognize((opt(tag("-")), digit1));
        (tag("[a"), int(), tag("d"), int(), tag("] ")).map(|(_, app, _, dup, _)| (app, dup)).parse(text)
    }
    fn replica(text: &str) -> IResult<&str, (&str, &str)> {
        // `mutation_batch@[gpid@node]` and `[mutation_batch@gpid@node]` stand before lines of prepare lists.
        let (rest, _) = alt((tag("[mutation_batch@"), tag("["))).parse(text)?;
        let (rest, gpid) = word(FieldType::Gpid, rest)?;
        let (rest, _) = tag("@").parse(rest)?;
        let (rest, node) = take_while1(|c: char| c != ']' && c != ' ').parse(rest)?;
        let (rest, _) = tag("] ").parse(rest)?;
        Ok((rest, (gpid, node)))
    }
    if !body.starts_with('[') {
        return (Prefix::None, body, Vec::new());
    }
    if let Ok((rest, (app, dup))) = dup(body) {
        return (Prefix::Dup, rest, vec![("app_id", FieldType::Int, app), ("dup_id", FieldType::Int, dup)]);
    }
    if let Ok((rest, (gpid, node))) = replica(body) {
        return (Prefix::Replica, rest, vec![("gpid", FieldType::Gpid, gpid), ("node", FieldType::Text, node)]);
    }
    (Prefix::None, body, Vec::new())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The same without any memory: right, and as slow as it gets.
    fn slowly<'a>(pieces: &[Piece], text: &'a str) -> Option<Vec<&'a str>> {
        let Some((first, later)) = pieces.split_first() else { return text.is_empty().then(Vec::new) };
        let with = |value: &'a str, rest: &'a str| Some([vec![value], slowly(later, rest)?].concat());
        match *first {
            Piece::Literal(literal) => slowly(later, text.strip_prefix(literal)?),
            Piece::Field(_, FieldType::Text | FieldType::Json | FieldType::Address) if later.is_empty() => Some(vec![text]),
            Piece::Field(_, kind @ (FieldType::Text | FieldType::Json | FieldType::Address)) => {
                let ends = text.char_indices().map(|(at, _)| at).chain([text.len()]);
                let whole = |end: &usize| kind != FieldType::Address || whole_address(&text[..*end], &text[*end..]);
                ends.filter(whole).find_map(|end| with(&text[..end], &text[end..]))
            }
            Piece::Field(_, kind) => word(kind, text).ok().and_then(|(rest, value)| with(value, rest)),
        }
    }

    fn literals(pattern: &Pattern) -> Vec<&'static str> {
        let literal = |piece: &Piece| if let Piece::Literal(text) = *piece { Some(text) } else { None };
        pattern.pieces.iter().filter_map(literal).collect()
    }

    #[test]
    fn no_pattern_has_more_pieces_than_are_remembered() {
        assert!(crate::event::patterns().all(|pattern| pattern.pieces.len() <= PIECES));
    }

    /// With the power of the number of fields instead of its length this would take for ever.
    #[test]
    fn a_line_of_a_patterns_own_words_is_read_in_no_time() {
        for pattern in crate::event::patterns() {
            let words = literals(pattern);
            let start = words.first().copied().unwrap_or_default();
            let repeated = |words: &[&str]| words.concat().repeat(50_000 / words.concat().len().max(1));
            for line in
                [repeated(&words), format!("{start}{}", repeated(&words[1.min(words.len())..])), format!("{start}{}", "a(".repeat(25_000))]
            {
                let _ = pattern.read(&line, &mut Vec::new());
            }
        }
    }

    proptest! {
        #[test]
        fn what_is_remembered_changes_nothing(number in any::<prop::sample::Index>(), picks in prop::collection::vec(any::<prop::sample::Index>(), 0..9)) {
            let all: Vec<&Pattern> = crate::event::patterns().collect();
            let pattern = all[number.index(all.len())];
            let mut words = literals(pattern);
            words.extend(["7", "3.1", "h:1", "h(1:2)", "ERR_OK", "a b", ":", "("]);
            let line: String = picks.iter().map(|pick| words[pick.index(words.len())]).collect();
            let mut fields = Vec::new();
            let fits = pattern.read(&line, &mut fields);
            let values: Vec<&str> = fields.iter().map(|(_, _, value)| *value).collect();
            prop_assert_eq!(fits.then_some(values), slowly(pattern.pieces, &line));
        }

        #[test]
        fn a_line_that_fits_is_read_as_without_memory(number in any::<prop::sample::Index>(), picks in prop::collection::vec(any::<prop::sample::Index>(), 40)) {
            let all: Vec<&Pattern> = crate::event::patterns().collect();
            let pattern = all[number.index(all.len())];
            let words = ["7", "3.1", "h:1", "h:1(1:2)", "ERR_OK", "a b"];
            let value = |(at, piece): (usize, &Piece)| match *piece {
                Piece::Literal(text) => text,
                Piece::Field(..) => words[picks[at % picks.len()].index(words.len())],
            };
            let line: String = pattern.pieces.iter().enumerate().map(value).collect();
            let mut fields = Vec::new();
            let fits = pattern.read(&line, &mut fields);
            let values: Vec<&str> = fields.iter().map(|(_, _, value)| *value).collect();
            prop_assert_eq!(fits.then_some(values), slowly(pattern.pieces, &line));
        }
    }
}
