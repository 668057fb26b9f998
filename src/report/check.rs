//! Checks before a duplication is added: what was looked at and what came of it.

use super::Place;
use schemars::JsonSchema;
use serde::Serialize;

/// What a check came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum CheckState {
    /// Something is wrong.
    Failed,
    /// It could not be told.
    Unknown,
    /// All is well.
    Passed,
}

/// One check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
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
