//! What a check comes to.

use crate::config::Entry;
use crate::pegasus::LogTime;
use crate::signature::{Confidence, Placeholders, Severity};

/// What a check comes to.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Outcome {
    /// Nothing of what it looks at is there to be looked at: it is not listed.
    NotNeeded,
    /// All is well.
    Passed,
    /// It cannot be told; what is needed for it stands with the check.
    Unknown,
    /// The same, and what fills the text of what is needed.
    UnknownOf(Placeholders),
    /// This is wrong.
    Failed(Vec<Fault>),
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Fault {
    /// Its name within the check.
    pub(super) kind: &'static str,
    /// What fills the text.
    pub(super) values: Placeholders,
    /// The lines that show it.
    pub(super) proof: Vec<Proof>,
    /// How sure, where it differs from what the check says.
    pub(super) confidence: Option<Confidence>,
    /// How grave, where it differs.
    pub(super) severity: Option<Severity>,
}

/// A line that shows it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(super) struct Proof {
    pub(super) path: String,
    pub(super) line: u64,
    pub(super) at: LogTime,
    pub(super) text: String,
}

impl Fault {
    pub(super) fn new(kind: &'static str) -> Self {
        Self { kind, ..Self::default() }
    }

    #[expect(clippy::needless_pass_by_value, reason = "numbers, names and releases are told in the same way")]
    pub(super) fn with(mut self, name: &str, value: impl ToString) -> Self {
        self.values.insert(name.to_owned(), value.to_string());
        self
    }

    pub(super) fn proven(mut self, proof: impl IntoIterator<Item = Proof>) -> Self {
        self.proof.extend(proof);
        self
    }

    pub(super) fn only(mut self, confidence: Confidence) -> Self {
        self.confidence = Some(confidence);
        self
    }

    pub(super) fn grave(mut self, severity: Severity) -> Self {
        self.severity = Some(severity);
        self
    }
}

impl Proof {
    pub(super) fn of(path: &str, at: LogTime, entry: &Entry) -> Self {
        Self { path: path.to_owned(), line: entry.line, at, text: entry.text.clone() }
    }
}

impl Outcome {
    /// Failed when there are faults, otherwise as it says.
    pub(super) fn of(faults: Vec<Fault>, otherwise: Self) -> Self {
        if faults.is_empty() { otherwise } else { Self::Failed(faults) }
    }

    /// Passed, or unknown where something is missing.
    pub(super) fn passed_if(known: bool) -> Self {
        if known { Self::Passed } else { Self::Unknown }
    }
}
