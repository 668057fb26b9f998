//! The checks: one function each, by theme; their words stand in `checks.toml`.

mod clusters;
mod group;
mod limits;
mod names;
mod neighbours;
mod plan;
mod security;
mod source_table;
mod switches;
mod target_table;

use super::case::Case;
use super::outcome::Outcome;

/// A check: its id in `checks.toml`, and what finds out.
pub(super) type Check = (&'static str, fn(&Case<'_>) -> Outcome);

/// All of them, in the order in which they are told.
pub(super) fn all() -> impl Iterator<Item = Check> {
    [
        plan::CHECKS,
        switches::CHECKS,
        names::CHECKS,
        clusters::CHECKS,
        group::CHECKS,
        source_table::CHECKS,
        target_table::CHECKS,
        neighbours::CHECKS,
        limits::CHECKS,
        security::CHECKS,
    ]
    .into_iter()
    .flatten()
    .copied()
}
