//! Halves of duplications that nothing joins: here an id, there a name. Perhaps they are one.

use super::story::Story;
use rustc_hash::FxHashMap;

/// Of so many others that a half may be, each is named.
const NAMED: usize = 16;

/// So many are compared with each, so that time stays proportional to their number.
const COMPARED: usize = 4096;

/// Notes of each half what it may be.
pub(super) fn tie(stories: &mut [Story]) {
    let mut named: FxHashMap<usize, Vec<usize>> = FxHashMap::default();
    let mut numbered: FxHashMap<usize, Vec<usize>> = FxHashMap::default();
    for (index, story) in stories.iter().enumerate().filter(|(_, s)| !s.told.is_empty()) {
        if story.app_name.is_none() {
            numbered.entry(story.cluster).or_default().push(index);
        } else if story.app_id.is_none() || story.dup_id.is_none() {
            named.entry(story.cluster).or_default().push(index);
        }
        // An id of the table here, one of the duplication there.
        if story.app_name.is_none() && story.dup_id.is_none() {
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
    stories.iter_mut().for_each(|story| story.perhaps_same_as.sort_unstable());
}

/// Whether nothing that is known of both differs, and each knows what the other does not.
fn fits(a: &Story, b: &Story) -> bool {
    fn same<T: PartialEq>(a: Option<&T>, b: Option<&T>) -> bool {
        a.is_none() || b.is_none() || a == b
    }
    same(a.app_id.as_ref(), b.app_id.as_ref())
        && same(a.dup_id.as_ref(), b.dup_id.as_ref())
        && same(a.app_name.as_ref(), b.app_name.as_ref())
        && same(a.remote_cluster.as_ref(), b.remote_cluster.as_ref())
        && same(a.remote_app_name.as_ref(), b.remote_app_name.as_ref())
        && same(a.partition_count.as_ref(), b.partition_count.as_ref())
}
