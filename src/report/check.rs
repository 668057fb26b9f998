//! Checks before a duplication is added: what was looked at and what came of it.

use super::Place;
use crate::pegasus::closed_set;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

closed_set! {
    /// What a check came to.
    CheckState, "state of a check" {
        /// Something is wrong.
        Failed = "failed",
        /// It could not be told.
        Unknown = "unknown",
        /// All is well.
        Passed = "passed",
    }
}

/// One check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct CheckEntry {
    /// Its name, the same in all languages.
    pub id: String,
    /// What is so when it passes.
    pub title: String,
    /// What it came to.
    pub state: CheckState,
    /// Codes of the failures that the duplication would run into.
    pub codes: Vec<String>,
    /// What is wrong, a sentence or two for each.
    pub faults: Vec<String>,
    /// What is needed to tell, where it could not be told.
    pub needs: Option<String>,
    /// The lines that show what is wrong.
    pub evidence: Vec<Place>,
}
