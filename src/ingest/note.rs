//! What is worth knowing about how an input was read.

use crate::pegasus::LogTime;
use crate::source::StreamError;
use std::fmt;
use std::io;
use std::ops::Range;

/// A note on one input. Its text is English; `report` has the other language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum InputNote {
    /// Only these bytes were read, for the window of time.
    Part {
        /// The bytes.
        read: Range<u64>,
        /// How many there are.
        of: u64,
    },
    /// Nothing was read, for the window of time.
    OutsideWindow,
    /// NUL bytes.
    NulBytes(u64),
    /// Recognised lines that are not UTF-8.
    NotUtf8(u64),
    /// Lines longer than any that says something.
    LongLines(u64),
    /// The stream ended in damage.
    Damaged(StreamError),
    /// Reading failed; what the system said.
    Failed(String),
    /// The last line's time is far from those of all others before it, and is not taken for the end of the log.
    FarOff(LogTime),
    /// Times without a zone.
    ZoneAssumed,
    /// Answers without a time, dated by the file's last change.
    DatedByFile(LogTime),
    /// Answers without a time, and no file whose last change is known.
    DatedLast,
    /// A line of a transcript or a configuration that could not be read as it stands.
    Misread {
        /// The line, from 1.
        line: u64,
        /// What is wrong with it.
        what: String,
    },
}

impl InputNote {
    /// Why a stream ended before its end.
    pub(crate) fn of_failure(cause: &io::Error) -> Self {
        match cause.get_ref().and_then(|inner| inner.downcast_ref::<StreamError>()) {
            Some(damage) => Self::Damaged(damage.clone()),
            None => Self::Failed(cause.to_string()),
        }
    }

    /// Whether bytes of a log are missing or wrong. What was not asked for is not missing.
    #[must_use]
    pub fn is_damage(&self) -> bool {
        match self {
            Self::NulBytes(_) | Self::NotUtf8(_) | Self::LongLines(_) | Self::Damaged(_) | Self::Failed(_) | Self::FarOff(_) => true,
            Self::Part { .. } | Self::OutsideWindow | Self::ZoneAssumed | Self::DatedByFile(_) | Self::DatedLast | Self::Misread { .. } => {
                false
            }
        }
    }
}

impl fmt::Display for InputNote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Part { read, of } => write!(f, "only bytes {} to {} of {of} were read, for the time window", read.start, read.end),
            Self::OutsideWindow => f.write_str("not read: it lies outside of the time window"),
            Self::NulBytes(count) => write!(f, "{count} NUL bytes"),
            Self::NotUtf8(count) => write!(f, "{count} lines that are not UTF-8"),
            Self::LongLines(count) => write!(f, "{count} lines of more than 16 MiB, skipped"),
            Self::Damaged(damage) => damage.fmt(f),
            Self::Failed(what) => f.write_str(what),
            Self::FarOff(at) => {
                write!(f, "its last line says {}, far from all lines before it, and is not taken for the end", at.rfc3339())
            }
            Self::ZoneAssumed => f.write_str("times without a zone are taken for UTC"),
            Self::DatedByFile(at) => write!(f, "some answers have no time: dated by the file's last change, {}", at.rfc3339()),
            Self::DatedLast => f.write_str("some answers have no time: placed at the end of what is known"),
            Self::Misread { line, what } => write!(f, "line {line}: {what}"),
        }
    }
}
