//! Which stories a line may be about, and what that makes of the attribution.

use super::PlacedRun;
use super::identity::Registry;
use super::story::{Attribution, Story};
use crate::event::{About, EventKind as E};
use crate::pegasus::{AppId, DupStatus, Gpid, Side};
use crate::run::Run;

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
        return (vec![registry.of_app_only(cluster, gpid.app_id)], Attribution::Named);
    }
    one_or_shared(stories, Attribution::Derived)
}

/// The duplications of a table that a list of all of them lacks; the others have a line each.
pub(super) fn not_listed(registry: &Registry, placed: &PlacedRun, cluster: usize) -> (Vec<usize>, Attribution) {
    let Some(app) = placed.run.number("app_id").map(AppId) else { return NOBODY };
    let listed: Vec<&str> = placed.run.field("dup_ids").unwrap_or_default().split(',').collect();
    let lacks = |&i: &usize| registry.stories[i].identity.dup_id.is_some_and(|dup| !listed.contains(&dup.0.to_string().as_str()));
    (alive(registry, registry.with_app(cluster, app), placed).into_iter().filter(lacks).collect(), Attribution::Named)
}

/// The duplications whose source or target a table is that was looked at.
pub(super) fn of_asked_table(registry: &Registry, placed: &PlacedRun, cluster: usize) -> (Vec<usize>, Attribution) {
    let Some(name) = placed.run.field("app_name") else { return NOBODY };
    let stories: Vec<usize> =
        registry.called(name).filter(|&i| asked_side(&registry.stories[i], &placed.run, Some(cluster)).is_some()).collect();
    (alive(registry, &stories, placed), Attribution::Named)
}

/// On which side of a duplication a table is that was looked at. Under one name on both sides only the cluster's name tells.
pub(super) fn asked_side(story: &Story, run: &Run, cluster: Option<usize>) -> Option<Side> {
    let (name, on) = (run.field("app_name")?, run.field("on").filter(|on| *on != "unknown"));
    // A table that had the name before has another id.
    let same_id = story.identity.app_id.is_none_or(|id| run.number("app_id") == Some(id.0));
    let source = story.identity.app_name.as_deref() == Some(name);
    let target = story.identity.follower_table() == Some(name);
    let elsewhere = cluster.is_some_and(|cluster| cluster != story.cluster);
    match (source, target) {
        (_, true) if on.is_some() && on == story.identity.remote_cluster.as_deref() => Some(Side::Target),
        (false, true) => Some(Side::Target),
        (true, true) if elsewhere => Some(Side::Target),
        // Where nothing says whose it is, its id does.
        (true, _) if !elsewhere && same_id && (on.is_some() || !target || story.identity.app_id.is_some()) => Some(Side::Source),
        _ => None,
    }
}

/// Lines that only a table with a duplication has.
pub(super) fn ships(kind: E) -> bool {
    matches!(kind.about(), About::Duplicated | About::Shipping)
}
