//! Halves of duplications that nothing joins: here an id, there a name. Perhaps they are one.

use super::story::Story;
use crate::pegasus::agree;
use std::collections::BTreeMap;

/// Of so many others that a half may be, each is named.
const NAMED: usize = 16;

/// So many are compared with each, so that time stays proportional to their number.
const COMPARED: usize = 4096;

/// Notes of each half what it may be.
pub(super) fn tie(stories: &mut [Story]) {
    let mut named: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    let mut numbered: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (index, story) in stories.iter().enumerate().filter(|(_, s)| !s.told.is_empty()) {
        if story.identity.app_name.is_none() {
            numbered.entry(story.cluster).or_default().push(index);
        } else if story.identity.app_id.is_none() || story.identity.dup_id.is_none() {
            named.entry(story.cluster).or_default().push(index);
        }
        // An id of the table here, one of the duplication there.
        if story.identity.app_name.is_none() && story.identity.dup_id.is_none() {
            named.entry(story.cluster).or_default().push(index);
        }
    }
    let mut pairs = Vec::new();
    for (cluster, halves) in &named {
        let Some(others) = numbered.get(cluster) else { continue };
        for &half in halves {
            let fitting = others.iter().take(COMPARED).copied().filter(|&other| other != half && fits(&stories[half], &stories[other]));
            pairs.extend(fitting.take(NAMED).map(|other| (half, other)));
        }
    }
    for (a, b) in pairs {
        for (one, other) in [(a, b), (b, a)] {
            let ties = &mut stories[one].perhaps_same_as;
            if ties.len() < NAMED && !ties.contains(&other) {
                ties.push(other);
            }
        }
    }
    for story in stories.iter_mut() {
        story.perhaps_same_as.sort_unstable();
    }
}

/// Whether nothing that is known of both differs.
fn fits(a: &Story, b: &Story) -> bool {
    let (mine, theirs) = (&a.identity, &b.identity);
    agree(mine.app_id.as_ref(), theirs.app_id.as_ref())
        && agree(mine.dup_id.as_ref(), theirs.dup_id.as_ref())
        && agree(mine.app_name.as_ref(), theirs.app_name.as_ref())
        && agree(mine.remote_cluster.as_ref(), theirs.remote_cluster.as_ref())
        && agree(mine.remote_app_name.as_ref(), theirs.remote_app_name.as_ref())
        && agree(a.partition_count.as_ref(), b.partition_count.as_ref())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pegasus::{AppId, DupId, Identity};
    use crate::timeline::story::{AttributedRun, Attribution};

    fn story(identity: Identity) -> Story {
        Story { identity, told: vec![AttributedRun { run: 0, by: Attribution::Named }], ..Story::default() }
    }

    #[test]
    fn a_name_and_an_id_that_do_not_contradict_may_be_one() {
        let named = |name: &str, cluster: &str| {
            story(Identity { app_name: Some(name.into()), remote_cluster: Some(cluster.into()), ..Identity::default() })
        };
        let numbered = |id: i64, cluster: Option<&str>| {
            let remote_cluster = cluster.map(str::to_owned);
            story(Identity { app_id: Some(AppId(id)), dup_id: Some(DupId(7)), remote_cluster, ..Identity::default() })
        };
        let mut stories = [named("orders", "sg"), numbered(2, Some("sg")), numbered(3, Some("fra")), numbered(4, None)];
        tie(&mut stories);
        let ties: Vec<&[usize]> = stories.iter().map(|s| s.perhaps_same_as.as_slice()).collect();
        assert_eq!(ties, [&[1, 3][..], &[0], &[], &[0]]);
    }
}
