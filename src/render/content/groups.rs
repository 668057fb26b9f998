//! In which order findings are told, and which of them are told in full.

use crate::report::{Finding, Report};
use crate::signature::Severity;

/// Up to so many findings of one code are written out; of more, the first one only.
const ALIKE: usize = 2;

/// A finding that is written out.
pub(in crate::render) struct Group<'r> {
    pub(in crate::render) finding: &'r Finding,
    /// What follows from it, which stands under it.
    pub(in crate::render) consequences: Vec<&'r Finding>,
    /// Others of the same code that differ in their subject only.
    pub(in crate::render) others: Vec<&'r Finding>,
}

/// The findings of a report.
pub(in crate::render) struct Groups<'r> {
    pub(in crate::render) grave: Vec<Group<'r>>,
    /// For information, and no consequence of another one.
    pub(in crate::render) info: Vec<&'r Finding>,
}

impl<'r> Groups<'r> {
    /// With `all`, each finding is written out.
    pub(in crate::render) fn of(report: &'r Report, all: bool) -> Self {
        let (grave, info): (Vec<&Finding>, Vec<&Finding>) = report.findings.iter().partition(|f| f.severity > Severity::Info);
        let mut groups: Vec<Group<'_>> = Vec::new();
        for &finding in &grave {
            let alike: Vec<&Finding> = grave.iter().copied().filter(|f| f.code == finding.code).collect();
            let folds = alike.len() > ALIKE && !all;
            if folds && groups.iter().any(|g| g.finding.code == finding.code) {
                continue;
            }
            let others = if folds { alike[1..].to_vec() } else { Vec::new() };
            let consequences = consequences(report, finding).filter(|f| f.severity <= Severity::Info).collect();
            groups.push(Group { finding, consequences, others });
        }
        Self { grave: groups, info: info.into_iter().filter(|f| f.caused_by.is_none()).collect() }
    }
}

/// What follows from a finding.
pub(in crate::render) fn consequences<'r>(report: &'r Report, finding: &'r Finding) -> impl Iterator<Item = &'r Finding> {
    report.findings.iter().filter(|f| f.caused_by.as_ref().is_some_and(|c| c.fingerprint == finding.fingerprint))
}
