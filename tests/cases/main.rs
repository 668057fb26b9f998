//! Every case under `fixtures/`: what must be found is found, nothing else, and the report is as it was.
//!
//! `cargo test --test cases DUP301` runs those whose name holds DUP301, `cargo test --test cases ::report` one check of
//! all. What must be found stands in `case.toml` by hand; `DUPDOCTOR_ACCEPT=1` before a command writes the reports of what
//! it runs anew, so that accepting a report cannot accept a miss.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may fail loudly")]

mod catalogue;
mod fewer;
mod fields;
mod found;
mod pieces;
mod report;
#[path = "../support/mod.rs"]
#[expect(dead_code, reason = "the other tests need the rest")]
mod support;
mod watch;

use libtest_mimic::{Arguments, Trial};
use std::sync::Arc;
use support::case::Case;

/// A check of one case: what is wrong, empty when nothing is.
type Check = fn(&Case) -> String;

/// Whether a case has a check.
type Has = fn(&Case) -> bool;

/// The checks by name.
const CHECKS: &[(&str, Check, Has)] = &[
    ("found", found::differences, |_| true),
    ("report", report::differences, |_| true),
    ("pieces", pieces::differences, |_| true),
    ("watch", watch::differences, |_| true),
    ("alarms", watch::alarms, watch::is_well),
    ("fewer", fewer::differences, |_| true),
];

fn trial(name: String, check: impl FnOnce() -> String + Send + 'static) -> Trial {
    Trial::test(name, || match check() {
        wrong if wrong.is_empty() => Ok(()),
        wrong => Err(wrong.into()),
    })
}

fn main() {
    let cases: Vec<Arc<Case>> = Case::all().into_iter().map(Arc::new).collect();
    let of_cases = cases.iter().flat_map(|case| {
        CHECKS.iter().filter(|(.., has)| has(case)).map(|(name, check, _)| {
            let case_of_trial = Arc::clone(case);
            trial(format!("{}::{name}", case.name), move || check(&case_of_trial))
        })
    });
    let all = cases.clone();
    let of_all = [
        trial("every signature is asked for by a case".to_owned(), move || catalogue::silent(&all)),
        trial("every field of a report stands in a snapshot".to_owned(), fields::missing),
    ];
    libtest_mimic::run(&Arguments::from_args(), of_cases.chain(of_all).collect()).exit();
}
