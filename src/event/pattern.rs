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
        let before = fields.len();
        let fits = read_pieces(self.pieces, text, fields);
        if !fits {
            fields.truncate(before);
        }
        fits
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

fn read_pieces<'a>(pieces: &[Piece], text: &'a str, fields: &mut Vec<(&'static str, FieldType, &'a str)>) -> bool {
    let Some((first, later)) = pieces.split_first() else { return text.is_empty() };
    match *first {
        Piece::Literal(literal) => text.strip_prefix(literal).is_some_and(|rest| read_pieces(later, rest, fields)),
        Piece::Field(name, kind @ (FieldType::Text | FieldType::Address | FieldType::Json)) => read_text(name, kind, later, text, fields),
        Piece::Field(name, kind) => match word(kind, text) {
            Ok((rest, value)) => {
                fields.push((name, kind, value));
                let fits = read_pieces(later, rest, fields);
                if !fits {
                    fields.pop();
                }
                fits
            }
            Err(_) => false,
        },
    }
}

/// A free text ends where the next literal stands, at the earliest place at which the rest fits.
fn read_text<'a>(
    name: &'static str,
    kind: FieldType,
    later: &[Piece],
    text: &'a str,
    fields: &mut Vec<(&'static str, FieldType, &'a str)>,
) -> bool {
    let Some(next) = later.first() else {
        fields.push((name, kind, text));
        return true;
    };
    let before = fields.len();
    let mut from = 0;
    loop {
        let end = match next {
            Piece::Literal(literal) => match find(&text[from..], literal) {
                Some(at) => from + at,
                None => return false,
            },
            Piece::Field(..) => from,
        };
        if kind != FieldType::Address || whole_address(&text[..end], &text[end..]) {
            fields.push((name, kind, &text[..end]));
            if read_pieces(later, &text[end..], fields) {
                return true;
            }
            fields.truncate(before);
        }
        from = match text[end..].chars().next() {
            Some(c) => end + c.len_utf8(),
            None => return false,
        };
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
