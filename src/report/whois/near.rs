//! Names that are like the one that nobody knows.

use super::last_part;
use crate::timeline::Model;
use std::collections::BTreeSet;

/// So many are offered.
const MOST: usize = 5;

/// The nearest first.
pub(super) fn near(asked: &str, model: &Model) -> Vec<String> {
    let mut names: BTreeSet<String> = BTreeSet::new();
    for story in model.stories.iter().filter(|s| !s.told.is_empty()) {
        let known = &story.identity;
        names.extend([&known.app_name, &known.remote_app_name, &known.remote_cluster].into_iter().flatten().cloned());
        names.extend(known.app_id.map(|a| a.0.to_string()));
        names.extend(known.dup_id.map(|d| d.0.to_string()));
    }
    for server in &model.servers {
        names.insert(last_part(&server.label).to_owned());
        names.insert(last_part(&server.cluster).to_owned());
        names.extend(server.own.iter().cloned());
    }
    let wanted = asked.to_lowercase();
    let distance = |name: &String| {
        let lower = name.to_lowercase();
        let within = wanted.len() > 2 && (lower.contains(&wanted) || (lower.len() > 2 && wanted.contains(&lower)));
        let slips = strsim::levenshtein(&wanted, &lower);
        (within || slips <= (wanted.chars().count() / 3).max(1)).then_some(slips)
    };
    let mut near: Vec<(usize, String)> =
        names.into_iter().filter(|n| !n.is_empty() && n != ".").filter_map(|name| Some((distance(&name)?, name))).collect();
    near.sort();
    near.into_iter().take(MOST).map(|(_, name)| name).collect()
}
