//! What is told, before a format makes text of it: blocks of inlines.

use crate::render::escape::plain;
use crate::render::style::Tone;
use crate::render::words::Words;
use crate::report::{Evidence, Finding};
use crate::signature::{Command, Severity};

/// A piece of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Inline {
    /// Words of our own.
    Text(String),
    /// Words of our own that stand out.
    Strong(String),
    /// A sentence into which a report has filled names from logs.
    Reported(String),
    /// A name, a number, whatever a program could take for a reference.
    Code(String),
    /// A link from a signature; never from logs.
    Link { text: String, href: String },
}

/// A line of text.
pub(super) type Line = Vec<Inline>;

/// A row of cells.
pub(super) type Row = Vec<Line>;

/// What a panel says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PanelKind {
    /// All is well.
    Good,
    /// Somebody should look.
    Warning,
    /// Somebody is needed.
    Bad,
}

impl PanelKind {
    /// That of a sentence with this tone in a terminal.
    pub(super) fn of(tone: Tone) -> Self {
        match tone {
            Tone::Grave(Severity::Critical | Severity::Error) => Self::Bad,
            Tone::Grave(_) => Self::Warning,
            Tone::Plain | Tone::Dim | Tone::Bold | Tone::Good | Tone::State(_) | Tone::Status(_) | Tone::Command => Self::Good,
        }
    }
}

/// Who reads a labelled part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Weight {
    /// Everybody.
    Always,
    /// Some; folded where a format can fold.
    Folded,
    /// Few; in a terminal with `-v` only.
    Rarely,
}

/// What something is called: in a margin, and as a heading.
#[derive(Debug, Clone, Copy)]
pub(super) struct Label {
    pub(super) short: &'static str,
    pub(super) title: &'static str,
}

/// A part of what is told. Where a format cannot do what a block wants, it does the next best.
#[derive(Debug, Clone)]
pub(super) enum Block<'r> {
    /// A heading of a level from 1.
    Heading(u8, Line),
    Paragraph(Line),
    /// A remark beside the matter.
    Note(Line),
    /// A sentence that stands out.
    Panel(PanelKind, Line),
    /// Items with bullets.
    List(Vec<Line>),
    /// One below the other.
    Rows(Vec<Line>),
    Table {
        head: Row,
        rows: Vec<Row>,
    },
    /// Text as it stands, line by line.
    Code(String),
    /// What is shown when somebody clicks on the title; the title is never from logs.
    Fold(String, Vec<Block<'r>>),
    /// A label, and what stands beside or beneath it.
    Labelled(Label, Weight, Vec<Block<'r>>),
    /// Proving lines.
    Proof(&'r [Evidence]),
    /// What follows from a finding.
    Consequences(Vec<&'r Finding>),
    /// What to do, in order.
    Steps(Vec<Step>),
    /// What to type.
    Command(Command),
    /// An empty row in a terminal; other formats have their own.
    Gap,
}

/// A step of what to do.
#[derive(Debug, Clone, Default)]
pub(super) struct Step {
    /// What it is for, where it is one of a runbook.
    pub(super) kind: Option<&'static str>,
    /// Whether it is the first check after something else.
    pub(super) begins: bool,
    /// The releases it is for, when it is not for all.
    pub(super) releases: Option<String>,
    pub(super) text: String,
    pub(super) dangerous: bool,
    /// Which harm it can do, unless the text says so itself.
    pub(super) danger: Option<String>,
    /// What to type; the releases that have it so, when not all.
    pub(super) commands: Vec<(Option<String>, Command)>,
}

/// Words of our own.
pub(super) fn words(text: impl Into<String>) -> Inline {
    Inline::Text(text.into())
}

/// Words of our own that stand out.
pub(super) fn strong(text: impl Into<String>) -> Inline {
    Inline::Strong(text.into())
}

/// A sentence of the report.
pub(super) fn reported(text: impl Into<String>) -> Inline {
    Inline::Reported(text.into())
}

/// Something from a log, on one line.
pub(super) fn code(text: &str) -> Inline {
    Inline::Code(plain(text).into_owned())
}

/// Several log lines or commands, each harmless for itself.
pub(super) fn lines<'t, 'r>(lines: impl Iterator<Item = &'t str>) -> Block<'r> {
    let shown: Vec<String> = lines.map(|line| plain(line).into_owned()).collect();
    Block::Code(shown.join("\n"))
}

/// Codes, one beside the other.
pub(super) fn codes(codes: &[String]) -> Line {
    codes.iter().flat_map(|c| [words(" "), code(c)]).skip(1).collect()
}

/// The first ones of a list, and how many more there are.
pub(super) fn list<'r, T>(language: Words, all: &[T], most: usize, line: impl Fn(&T) -> Line) -> Vec<Block<'r>> {
    let mut blocks = Vec::new();
    if !all.is_empty() {
        blocks.push(Block::List(all.iter().take(most).map(line).collect()));
    }
    if all.len() > most {
        blocks.push(Block::Paragraph(vec![words(language.and_more(all.len() - most))]));
    }
    blocks
}

/// A line without what makes parts of it stand out.
pub(super) fn text(line: &[Inline]) -> String {
    let one = |inline: &Inline| match inline {
        Inline::Text(text) | Inline::Reported(text) | Inline::Code(text) | Inline::Strong(text) | Inline::Link { text, .. } => text.clone(),
    };
    line.iter().map(one).collect()
}
