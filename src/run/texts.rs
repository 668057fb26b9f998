//! Lines that users' signatures match by a regular expression, where no event exists.

use super::list::{Occurrence, Run};
use crate::event::RAW_TEXT;
use regex::bytes::{Regex, RegexSet};
use rustc_hash::FxHasher;
use std::hash::{Hash, Hasher};
use std::ops::Range;

/// The field that says which expression matched.
pub(crate) const EXPRESSION: &str = "expression";

/// Names of groups that become fields; the attribution of a line to a duplication goes by them.
pub(crate) const GROUPS: &[&str] = &[
    "app_name",
    "app_id",
    "dup_id",
    "gpid",
    "node",
    "remote_cluster",
    "remote_app_name",
    "error",
    "err",
    "path",
    "value",
    "reason",
    "status",
];

/// Makes the occurrence of a line, from its bytes, its number and where it begins; none without a time.
type Place<'a> = dyn Fn(&[u8], u64, usize) -> Option<Occurrence> + 'a;

/// The expressions of all signatures.
#[derive(Debug)]
pub struct Texts {
    set: RegexSet,
    each: Vec<(String, Regex)>,
}

impl Texts {
    /// Compiles the expressions; those that do not compile are left out, the catalogue has refused them.
    pub fn new(expressions: &[String]) -> Option<Self> {
        let each: Vec<(String, Regex)> = expressions.iter().filter_map(|e| Some((e.clone(), Regex::new(e).ok()?))).collect();
        let set = RegexSet::new(each.iter().map(|(e, _)| e)).ok()?;
        (!each.is_empty()).then_some(Self { set, each })
    }

    /// Whether any expression matches within the bytes.
    pub fn matches(&self, bytes: &[u8]) -> bool {
        self.set.is_match(bytes)
    }

    /// One run for each line of `own` that an expression matches.
    pub(super) fn runs(&self, bytes: &[u8], own: Range<usize>, place: &Place<'_>) -> Vec<Run> {
        let mut runs = Vec::new();
        let (mut from, mut number) = (own.start, 0);
        while from < own.end {
            let end = memchr::memchr(b'\n', &bytes[from..own.end]).map_or(own.end, |n| from + n);
            number += 1;
            let line = &bytes[from..end];
            for index in self.set.matches(line) {
                let (expression, regex) = &self.each[index];
                if let (Some(captures), Some(first)) = (regex.captures(line), place(line, number, from)) {
                    let mut fields = vec![(EXPRESSION, Box::from(expression.as_str()))];
                    let group = |name: &&'static str| Some((*name, String::from_utf8_lossy(captures.name(name)?.as_bytes()).into()));
                    fields.extend(GROUPS.iter().filter_map(group));
                    runs.push(run(fields, first));
                }
            }
            from = end + 1;
        }
        runs
    }
}

fn run(fields: crate::event::Fields, first: Occurrence) -> Run {
    let mut hasher = FxHasher::default();
    (&fields, first.offset, first.at).hash(&mut hasher);
    Run {
        entry: None,
        undated: false,
        pattern: &RAW_TEXT,
        fields,
        origin: None,
        thread: Box::from(""),
        task: Box::from(""),
        first,
        tail: Vec::new(),
        count: 1,
        paired: None,
        ordinal: 0,
        progress: None,
        density: None,
        epoch: 0,
        key: hasher.finish(),
        copy_key: hasher.finish(),
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail loudly")]
    use super::*;
    use crate::pegasus::LogTime;

    #[test]
    fn groups_become_fields() {
        let texts = Texts::new(&[r"weird thing happened to table (?P<app_name>\w+)".to_owned()]).unwrap();
        let bytes = b"nothing\nweird thing happened to table order_feed today\n";
        let place = |line: &[u8], number: u64, _: usize| {
            Some(Occurrence { input: 0, at: LogTime(1), line: number, offset: 0, text: String::from_utf8_lossy(line).into() })
        };
        let runs = texts.runs(bytes, 0..bytes.len(), &place);
        assert_eq!(runs.len(), 1);
        assert_eq!((runs[0].field("app_name"), runs[0].first.line), (Some("order_feed"), 2));
    }
}
