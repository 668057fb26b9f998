//! Who may do what: both clusters must agree.

use super::Check;
use crate::pegasus::Side::{Source, Target};
use crate::preflight::case::{Case, Who, shown};
use crate::preflight::outcome::{Fault, Outcome};
use crate::signature::Confidence;

pub(super) const CHECKS: &[Check] = &[("security-agrees", agrees), ("target-admits-source", admits)];

fn agrees(case: &Case<'_>) -> Outcome {
    let (sources, targets) = (case.configs(Source, Who::Any), case.configs(Target, Who::Any));
    if sources.is_empty() || targets.is_empty() {
        return Outcome::Unknown;
    }
    let on = |configs: &[&crate::preflight::Config]| configs.iter().any(|c| c.ini.switch("security", "enable_auth") == Some(true));
    let lines = |key: &str| {
        let all = sources.iter().chain(&targets);
        all.filter_map(|c| Some(shown(c, c.ini.get("security", key)?))).collect::<Vec<_>>()
    };
    let mut faults = Vec::new();
    match (on(&sources), on(&targets)) {
        (true, false) => faults.push(Fault::new("source-only").proven(lines("enable_auth"))),
        (false, true) => faults.push(Fault::new("target-only").proven(lines("enable_auth"))),
        (true, true) => {
            for key in ["service_name", "service_fqdn"] {
                let value = |side| case.entry(side, Who::Any, "security", key).map(|(_, e)| e.value.clone());
                if let (Some(source), Some(target)) = (value(Source), value(Target))
                    && source != target
                {
                    let fault = Fault::new("names-differ").with("key", key).with("source_value", source).with("target_value", target);
                    faults.push(fault.only(Confidence::Likely).proven(lines(key)));
                }
            }
        }
        (false, false) => {}
    }
    Outcome::of(faults, Outcome::Passed)
}

/// A table is created by a super user or, with Ranger, by whom a policy allows it.
fn admits(case: &Case<'_>) -> Outcome {
    let targets = case.configs(Target, Who::Metas);
    let guarded = targets.iter().filter(|c| c.ini.switch("security", "enable_acl") == Some(true));
    let Some((_, user)) = case.entry(Source, Who::Any, "security", "service_name") else { return Outcome::NotNeeded };
    let mut faults = Vec::new();
    let mut seen = false;
    for config in guarded {
        seen = true;
        let users = config.ini.value("security", "super_users").unwrap_or_default();
        let ranger = config.ini.switch("security", "enable_ranger_acl") == Some(true);
        if !ranger && !users.split(',').any(|u| u.trim() == user.value) {
            let line = config.ini.get("security", "super_users").or_else(|| config.ini.get("security", "enable_acl"));
            let fault = Fault::new("no-super-user").with("user", &user.value).with("file", &config.ini.path);
            faults.push(fault.proven(line.map(|e| shown(config, e))));
        }
    }
    Outcome::of(faults, if seen { Outcome::Passed } else { Outcome::NotNeeded })
}
