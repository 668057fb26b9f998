//! Which table has which id: lines beside those of duplication state both.

use super::cluster_names::ClusterNames;
use super::homes::Homes;
use super::line_ids::{gpid, master_gpid, master_table};
use super::{PlacedRun, ServerLog};
use crate::event::{EventKind as E, Role};
use crate::pegasus::AppId;
use rustc_hash::FxHashMap;
use std::collections::BTreeSet;

/// Names and ids of tables, by cluster.
#[derive(Debug, Default)]
pub(super) struct TableIds {
    names: FxHashMap<(usize, AppId), BTreeSet<String>>,
    ids: FxHashMap<(usize, String), BTreeSet<AppId>>,
}

impl TableIds {
    /// What the lines of all servers state.
    pub(super) fn of(runs: &[PlacedRun], servers: &[ServerLog], homes: &Homes, clusters: &ClusterNames) -> Self {
        let mut all = Self::default();
        for placed in runs {
            let cluster = homes.cluster_of[placed.server];
            // Looked at in the target cluster, where ids mean other tables.
            if placed.run.field("on").is_some_and(|on| clusters.knows(on)) {
                continue;
            }
            if let Some(master) = placed.run.field("master") {
                if let Some(gpid) = master_gpid(master) {
                    let (_, table) = clusters.split(master_table(master));
                    all.note(homes.of_master(cluster, master), &table, gpid.app_id);
                }
            } else if !(servers[placed.server].source && servers[placed.server].target)
                && let Some((name, id)) = stated(placed)
            {
                all.note(cluster, name, id);
            }
        }
        all
    }

    fn note(&mut self, cluster: usize, name: &str, id: AppId) {
        if self.names.get(&(cluster, id)).is_none_or(|names| !names.contains(name)) {
            self.names.entry((cluster, id)).or_default().insert(name.to_owned());
            self.ids.entry((cluster, name.to_owned())).or_default().insert(id);
        }
    }

    /// The name of a table, unless it has had several or shares it with another: a renamed table, or one made anew.
    pub(super) fn name(&self, cluster: usize, id: AppId) -> Option<&str> {
        let name = only(self.names.get(&(cluster, id))?)?;
        only(self.ids.get(&(cluster, name.clone()))?).map(|_| name.as_str())
    }

    /// The id of a table, with the same reserve.
    pub(super) fn id(&self, cluster: usize, name: &str) -> Option<AppId> {
        let id = *only(self.ids.get(&(cluster, name.to_owned()))?)?;
        only(self.names.get(&(cluster, id))?).map(|_| id)
    }

    /// The names that tables of that id have in any cluster but one.
    pub(super) fn elsewhere(&self, cluster: usize, id: AppId) -> impl Iterator<Item = &String> {
        self.names.iter().filter(move |((c, i), _)| *c != cluster && *i == id).flat_map(|(_, names)| names)
    }
}

fn only<T>(set: &BTreeSet<T>) -> Option<&T> {
    let mut all = set.iter();
    all.next().filter(|_| all.next().is_none())
}

/// Name and id of a table that one line states.
#[expect(clippy::wildcard_enum_match_arm, reason = "most of the nearly two hundred kinds of events state no table")]
fn stated(placed: &PlacedRun) -> Option<(&str, AppId)> {
    let run = &placed.run;
    match run.kind() {
        // Printed as `name(id)`.
        E::AppStatusTransferred => {
            let (name, id) = run.field("app_name")?.strip_suffix(')')?.rsplit_once('(')?;
            Some((name, AppId(id.parse().ok()?)))
        }
        _ if run.pattern.role == Role::Meta => Some((run.field("app_name")?, AppId(run.number("app_id")?))),
        // A duplicator prints the name, too.
        _ => Some((run.entry.as_ref()?.app_name.as_deref()?, gpid(placed)?.app_id)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_unambiguous_joins_a_name_and_an_id() {
        let mut tables = TableIds::default();
        for (name, id) in [("orders", 2), ("orders", 2), ("renamed", 3), ("was", 3), ("again", 4), ("again", 5)] {
            tables.note(0, name, AppId(id));
        }
        assert_eq!((tables.name(0, AppId(2)), tables.id(0, "orders")), (Some("orders"), Some(AppId(2))));
        assert_eq!((tables.name(1, AppId(2)), tables.id(1, "orders")), (None, None), "ids mean other tables elsewhere");
        assert_eq!((tables.name(0, AppId(3)), tables.id(0, "was")), (None, None), "a table with two names");
        assert_eq!((tables.name(0, AppId(4)), tables.id(0, "again")), (None, None), "a table that was made anew");
    }
}
