//! Which stories a line may be about, and what that makes of the attribution.

use super::PlacedRun;
use super::identity::Registry;
use super::story::Attribution;
use crate::event::{About, EventKind as E};
use crate::pegasus::{DupStatus, Gpid, Identity};

pub(super) const NOBODY: (Vec<usize>, Attribution) = (Vec::new(), Attribution::Shared);

pub(super) fn one_or_shared(stories: Vec<usize>, one: Attribution) -> (Vec<usize>, Attribution) {
    let by = if stories.len() == 1 { one } else { Attribution::Shared };
    (stories, by)
}

pub(super) fn alive(registry: &Registry, stories: &[usize], placed: &PlacedRun) -> Vec<usize> {
    stories.iter().copied().filter(|&i| registry.stories[i].alive_at(placed.run.last().at)).collect()
}

/// Lines of a source replica name the table, not the duplication.
pub(super) fn source_replica(registry: &mut Registry, placed: &PlacedRun, cluster: usize, gpid: Gpid) -> (Vec<usize>, Attribution) {
    let known = registry.with_app(cluster, gpid.app_id).to_vec();
    let mut stories = alive(registry, &known, placed);
    if stories.is_empty() {
        // What a replica does after the removal is still about the last duplication.
        stories.extend(known.iter().copied().max_by_key(|&i| registry.stories[i].removed));
    } else if stories.len() > 1 && placed.run.kind().about() == About::Shipping {
        let shipping = |&i: &usize| registry.stories[i].status().is_none_or(DupStatus::ships);
        let shipping: Vec<usize> = stories.iter().copied().filter(shipping).collect();
        if !shipping.is_empty() {
            stories = shipping;
        }
    }
    if stories.is_empty() && known.is_empty() && ships(placed.run.kind()) {
        let index = registry.named(cluster, &Identity::default());
        registry.stories[index].identity.app_id = Some(gpid.app_id);
        registry.know_app(cluster, gpid.app_id, index);
        return (vec![index], Attribution::Named);
    }
    one_or_shared(stories, Attribution::Derived)
}

/// Lines that only a table with a duplication has.
pub(super) fn ships(kind: E) -> bool {
    matches!(kind.about(), About::Duplicated | About::Shipping)
}
