//! How the user wants to see it.

use crate::pegasus::DupStatus;
use crate::pegasus::Zone;
use crate::render::text::hyperlinks::Hyperlinks;
use crate::report::Verdict;
use crate::signature::{Lang, Severity};
use anstyle::{AnsiColor, Effects};

/// How the user wants to see it.
#[derive(Debug, Clone)]
pub struct Style {
    /// With colours; otherwise nothing but text.
    pub color: bool,
    /// Columns of the terminal; less than 40 counts as 40.
    pub width: usize,
    /// The language of the fixed words; findings come in their own.
    pub lang: Lang,
    /// The zone of the times shown.
    pub zone: Zone,
    /// Lists what is well, and everything that is folded otherwise.
    pub all: bool,
    /// Names what is only counted otherwise.
    pub verbose: bool,
    /// Makes web addresses and files clickable.
    pub links: Option<Hyperlinks>,
}

impl Default for Style {
    fn default() -> Self {
        Self { color: false, width: 80, lang: Lang::En, zone: Zone::Log, all: false, verbose: false, links: None }
    }
}

impl Style {
    /// Columns to fill.
    pub(super) fn columns(&self) -> usize {
        self.width.max(40)
    }
}

/// What a piece of text is, as far as colours go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Tone {
    #[default]
    Plain,
    Dim,
    Bold,
    Good,
    Grave(Severity),
    State(Verdict),
    Status(DupStatus),
    Command,
}

impl Tone {
    pub(super) fn ansi(self) -> anstyle::Style {
        let color = |c: AnsiColor| anstyle::Style::new().fg_color(Some(c.into()));
        match self {
            Self::Plain => anstyle::Style::new(),
            Self::Dim | Self::State(Verdict::Removed) | Self::Status(DupStatus::DsRemoved) => {
                anstyle::Style::new().effects(Effects::DIMMED)
            }
            Self::Status(DupStatus::DsInit | DupStatus::DsStart) => color(AnsiColor::Blue).bold(),
            Self::Status(DupStatus::DsPrepare) => color(AnsiColor::Yellow).bold(),
            Self::Status(DupStatus::DsApp) => color(AnsiColor::Magenta).bold(),
            Self::Status(DupStatus::DsLog) => color(AnsiColor::Green).bold(),
            Self::Status(DupStatus::DsPause) => color(AnsiColor::Cyan).bold(),
            Self::Bold => anstyle::Style::new().bold(),
            Self::Good | Self::State(Verdict::Healthy) => color(AnsiColor::Green),
            Self::Grave(Severity::Critical) | Self::State(Verdict::Failed | Verdict::Stuck) => color(AnsiColor::Red).bold(),
            Self::Grave(Severity::Error) | Self::State(Verdict::AtRisk) => color(AnsiColor::Red),
            Self::Grave(Severity::Warning) | Self::State(Verdict::Unknown | Verdict::Paused) => color(AnsiColor::Yellow),
            Self::Grave(Severity::Info) | Self::State(Verdict::InProgress) | Self::Command => color(AnsiColor::Cyan),
        }
    }
}

/// The tone of a log line's level letter.
pub(super) fn level_tone(letter: char) -> Tone {
    match letter {
        'F' => Tone::Grave(Severity::Critical),
        'E' => Tone::Grave(Severity::Error),
        'W' => Tone::Grave(Severity::Warning),
        _ => Tone::Dim,
    }
}
