//! The catalogue against the cases.

use crate::support::case::Case;
use dupdoctor::Catalogue;
use dupdoctor::internal::signature::Scope;
use std::collections::BTreeSet;

/// Signatures without a case, and why.
const WITHOUT_CASE: &[(&str, &str)] = &[
    ("DUP907", "only who follows a log can tell: tests/watch"),
    ("DUP908", "only who follows a log can tell: tests/watch"),
    ("DUP909", "only who follows a log can tell: tests/watch"),
];

/// Signatures that no `case.toml` names as what must be found.
pub(crate) fn silent(cases: &[std::sync::Arc<Case>]) -> String {
    let of_duplications = cases.iter().flat_map(|c| &c.duplication).flat_map(|d| d.must.iter().chain(&d.info));
    let asked: BTreeSet<&String> = of_duplications.chain(cases.iter().flat_map(|c| &c.finding).map(|f| &f.code)).collect();
    let excused = |code: &str| WITHOUT_CASE.iter().any(|(known, _)| *known == code);
    let catalogue = Catalogue::built_in();
    let silent = catalogue.iter().filter(|s| s.scope != Scope::None && !asked.contains(&s.code) && !excused(&s.code));
    let missing = silent.map(|s| format!("no case asks for {}", s.code));
    let stale = WITHOUT_CASE.iter().filter(|(code, _)| asked.contains(&(*code).to_owned()));
    missing.chain(stale.map(|(code, _)| format!("{code} has a case: take it from WITHOUT_CASE"))).collect::<Vec<_>>().join("\n")
}
