//! The plan itself: does this release take it, and does it run into one of its bugs.

use super::Check;
use crate::answer::Tool;
use crate::preflight::build::{Build, since};
use crate::preflight::case::Case;
use crate::preflight::outcome::{Fault, Outcome};
use crate::signature::{Confidence, Severity};

pub(super) const CHECKS: &[Check] = &[
    ("plan-is-understood", is_understood),
    ("plan-fits-release", fits_release),
    ("plan-says-checkpoint", says_checkpoint),
    ("plan-other-name", other_name),
    ("plan-single-replica", single_replica),
];

fn is_understood(case: &Case<'_>) -> Outcome {
    let Some(plan) = &case.plan else { return Outcome::Unknown };
    let fault = |problem: &String| Fault::new("wrong").with("problem", problem);
    Outcome::of(plan.problems.iter().map(fault).collect(), Outcome::Passed)
}

fn fits_release(case: &Case<'_>) -> Outcome {
    let (Some(plan), Some(release)) = (&case.plan, case.release) else {
        return if case.plan.is_some() { Outcome::Unknown } else { Outcome::NotNeeded };
    };
    let mut faults = Vec::new();
    let mut refuse = |options: &[&str], kind: &'static str| {
        for option in plan.options.iter().filter(|o| options.contains(&o.as_str())) {
            faults.push(Fault::new(kind).with("option", option).with("release", release));
        }
    };
    if plan.tool == Tool::AdminCli {
        if release == Build::Old {
            faults.push(Fault::new("tool").with("release", release));
        }
        return Outcome::of(faults, Outcome::Passed);
    }
    if !release.is_master() {
        refuse(&["-a", "--remote_app_name", "-r", "--remote_replica_count"], "option");
    }
    if release == Build::Old {
        refuse(&["-s", "--sst"], "option");
        refuse(&["--freezed"], "freezed");
    } else {
        refuse(&["-f", "--freeze", "--freezed"], "option");
    }
    if release.is_master() && release.has(since::OTHER_NAME) == Some(false) {
        refuse(&["-a", "--remote_app_name", "-r", "--remote_replica_count"], "option");
    }
    Outcome::of(faults, Outcome::Passed)
}

fn says_checkpoint(case: &Case<'_>) -> Outcome {
    let Some(plan) = case.plan.as_ref().filter(|p| p.tool == Tool::AdminCli && p.with_checkpoint.is_none()) else {
        return Outcome::NotNeeded;
    };
    let cluster = plan.remote_cluster.clone().unwrap_or_default();
    let kind = match case.release.map(|r| r.has(since::ADMIN_CLI_DEFAULT)) {
        Some(Some(true)) => return Outcome::Passed,
        Some(Some(false)) => "full-by-default",
        _ => "unsaid",
    };
    Outcome::Failed(vec![Fault::new(kind).with("remote_cluster", cluster)])
}

/// DUP301, issue #2025.
fn other_name(case: &Case<'_>) -> Outcome {
    if !case.plan.as_ref().is_some_and(|p| p.renames() && p.with_checkpoint == Some(true)) {
        return Outcome::NotNeeded;
    }
    let Some(release @ Build::Master(_)) = case.release else {
        // An older release refuses the option, which another check says.
        return if case.release.is_some() { Outcome::NotNeeded } else { Outcome::Unknown };
    };
    match (release.has(since::OTHER_NAME), release.has(since::ASKS_RIGHT_NAME)) {
        (Some(true), Some(false)) => Outcome::Failed(vec![Fault::new("asks-source-name").with("release", release)]),
        (_, Some(true)) => Outcome::Passed,
        (Some(false), _) => Outcome::NotNeeded,
        _ => Outcome::Unknown,
    }
}

/// DUP303, issue #2092.
fn single_replica(case: &Case<'_>) -> Outcome {
    if case.is_full() != Some(true) {
        return Outcome::NotNeeded;
    }
    let Some((count, own)) = follower_count(case) else { return Outcome::Unknown };
    if count != 1 {
        return Outcome::Passed;
    }
    let fault = Fault::new(if own { "own-count" } else { "asked" });
    match case.release.map(|r| (r, r.has(since::ONE_REPLICA))) {
        Some((_, Some(true))) => Outcome::Passed,
        Some((release, Some(false))) => Outcome::Failed(vec![fault.with("release", release)]),
        _ => Outcome::Failed(vec![fault.with("release", "master").only(Confidence::Possible).grave(Severity::Error)]),
    }
}

/// The follower's replica count, and whether it is the source table's own.
pub(super) fn follower_count(case: &Case<'_>) -> Option<(i64, bool)> {
    use crate::pegasus::Side::Source;
    let asked = case.plan.as_ref()?.remote_replica_count.filter(|&n| n > 0 && case.release.is_none_or(Build::is_master));
    if let Some(asked) = asked {
        return Some((asked, false));
    }
    let app = case.app()?;
    let of_detail = case.detail(Source, app).and_then(|(_, d)| d.replica_count);
    let of_list = case.table(Source, app).and_then(|(_, t)| t.replica_count);
    Some((of_detail.or(of_list)?, true))
}
