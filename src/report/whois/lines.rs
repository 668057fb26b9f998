//! The lines that say what belongs together.

use super::{ServerMentions, SourceLine, WhoisDuplication, WhoisPartition, WhoisServer, last_part, tellers};
use crate::event::Role;
use crate::pegasus::{Gpid, Side};
use crate::report::{DuplicationRef, Evidence, Report, Time};
use crate::run::{Occurrence, Run};
use crate::timeline::{Attribution, Model, PlacedRun, Story, addresses};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Whether a run says something.
type Says<'a> = &'a dyn Fn(&Run) -> bool;

/// Finds lines in the logs and shows them as they may be shown.
pub(super) struct Lines<'a> {
    pub(super) report: &'a Report,
    pub(super) logged: &'a Model,
    pub(super) shown: &'a Model,
}

impl Lines<'_> {
    /// A duplication, with one partition or with all.
    pub(super) fn duplication(&self, index: usize, partition: Option<i64>) -> WhoisDuplication {
        let (story, shown) = (&self.logged.stories[index], &self.shown.stories[index]);
        let about = DuplicationRef::from(&shown.identity);
        let known = shown.identity.clone();
        WhoisDuplication {
            app_id: known.app_id,
            dup_id: known.dup_id,
            app_name: known.app_name,
            source_cluster: self.shown.clusters.get(shown.cluster).map(|c| last_part(c).to_owned()).filter(|c| !c.is_empty() && c != "."),
            remote_cluster: known.remote_cluster,
            remote_app_name: known.remote_app_name,
            partition_count: shown.partition_count,
            status: shown.status(),
            verdict: self.report.duplications.iter().find(|d| about.is(&d.identity)).map(|d| d.verdict),
            partitions: self.partitions(story, partition),
            servers: self.tellers(story),
            lines: self.of_story(story),
        }
    }

    /// Servers whose lines name the duplication, or can only be about it.
    fn tellers(&self, story: &Story) -> Vec<ServerMentions> {
        let mut counts = BTreeMap::new();
        for told in story.told.iter().filter(|t| t.by > Attribution::Shared) {
            let placed = &self.shown.runs[told.run];
            let server = &self.shown.servers[placed.server];
            *counts.entry((server.label.clone(), server.role)).or_insert(0) += placed.run.count;
        }
        tellers(counts)
    }

    /// What makes the story: for each thing that belongs to it the first line that says it.
    fn of_story(&self, story: &Story) -> Vec<SourceLine> {
        let mut said: BTreeMap<usize, Vec<&'static str>> = BTreeMap::new();
        let runs = || story.told.iter().filter(|t| t.by > Attribution::Shared).map(|t| (t.run, &self.logged.runs[t.run].run));
        let known = &story.identity;
        let says: [(&'static str, Says<'_>); 4] = [
            ("app_id", &|run| {
                known.app_name.is_some() && run.field("app_name") == known.app_name.as_deref() && app_of(run) == known.app_id.map(|a| a.0)
            }),
            ("dup_id", &|run| known.dup_id.is_some() && run.number("dup_id") == known.dup_id.map(|d| d.0)),
            ("remote_cluster", &|run| known.remote_cluster.is_some() && Self::cluster_of(run) == known.remote_cluster),
            ("remote_app_name", &|run| {
                known.remote_app_name.is_some()
                    && (run.field("remote_app_name") == known.remote_app_name.as_deref()
                        || run.entry.as_deref().is_some_and(|e| e.remote_app_name == known.remote_app_name))
            }),
        ];
        for (what, fits) in says {
            if let Some((run, _)) = runs().find(|(_, run)| fits(run)) {
                said.entry(run).or_default().push(what);
            }
        }
        if let Some(last) = story.transitions.last() {
            said.entry(last.run).or_default().push("status");
        }
        if said.is_empty()
            && let Some((run, _)) = runs().next()
        {
            said.entry(run).or_default().push("name");
        }
        self.saying(said)
    }

    fn saying(&self, said: BTreeMap<usize, Vec<&'static str>>) -> Vec<SourceLine> {
        said.into_iter().map(|(run, says)| SourceLine { says, line: self.evidence(&self.shown.runs[run].run.first) }).collect()
    }

    fn partitions(&self, story: &Story, only: Option<i64>) -> Vec<WhoisPartition> {
        let mut found: BTreeMap<(Side, i64, i64), WhoisPartition> = BTreeMap::new();
        for told in story.told.iter().filter(|t| t.by > Attribution::Shared) {
            let placed = &self.logged.runs[told.run];
            let Some(gpid) = placed.run.field("gpid").and_then(|g| g.parse::<Gpid>().ok()) else { continue };
            if only.is_some_and(|only| only != gpid.partition) {
                continue;
            }
            // Ids of tables are those of the cluster whose server writes.
            let at_home = self.logged.clusters.get(story.cluster) == Some(&self.logged.servers[placed.server].cluster);
            let of_source = at_home && Some(gpid.app_id) == story.identity.app_id && placed.run.pattern.role != Role::FollowerReplica;
            let side = if of_source { Side::Source } else { Side::Target };
            let server = &self.shown.servers[placed.server].label;
            let last = self.evidence(self.shown.runs[told.run].run.last());
            let entry = found.entry((side, gpid.app_id.0, gpid.partition)).or_insert_with(|| WhoisPartition {
                gpid: gpid.to_string(),
                side,
                servers: Vec::new(),
                last: last.clone(),
            });
            if !entry.servers.contains(server) {
                entry.servers.push(server.clone());
            }
            if (last.at, &last.path, last.line) > (entry.last.at, &entry.last.path, entry.last.line) {
                entry.last = last;
            }
        }
        found.into_values().collect()
    }

    /// A server, with the lines in which its addresses stand.
    pub(super) fn server(&self, index: usize, asked: &str) -> WhoisServer {
        let (server, shown) = (&self.logged.servers[index], &self.shown.servers[index]);
        let mut duplications: Vec<String> = Vec::new();
        for (story, shown) in self.logged.stories.iter().zip(&self.shown.stories) {
            if story.told.iter().any(|t| t.by > Attribution::Shared && self.logged.runs[t.run].server == index) {
                let key = shown.identity.ids().unwrap_or_default();
                duplications.push(format!("{} {key}", shown.identity.app_name.as_deref().unwrap_or_default()).trim().to_owned());
            }
        }
        duplications.sort();
        duplications.dedup();
        let wanted = |address: &String| addresses(address).any(|a| a == asked || a.rsplit_once(':').is_some_and(|(host, _)| host == asked));
        let mut said: BTreeMap<usize, Vec<&'static str>> = BTreeMap::new();
        let sought: Vec<&String> =
            if server.own.iter().any(wanted) { server.own.iter().filter(|own| wanted(own)).collect() } else { server.own.iter().collect() };
        for address in sought {
            let has = |placed: &PlacedRun| {
                placed.server == index && placed.run.fields.iter().any(|(_, text)| addresses(text).any(|a| a == *address))
            };
            if let Some(run) = self.logged.runs.iter().position(has) {
                let says = said.entry(run).or_default();
                if !says.contains(&"address") {
                    says.push("address");
                }
            }
        }
        WhoisServer {
            name: shown.label.clone(),
            role: shown.role,
            cluster: Some(last_part(&shown.cluster).to_owned()).filter(|c| !c.is_empty() && c != "."),
            addresses: shown.own.iter().filter(|a| is_address(a)).cloned().collect(),
            first: shown.span.map(|s| Time(s.0)),
            last: shown.span.map(|s| Time(s.1)),
            inputs: shown.inputs.iter().filter_map(|&i| self.report.inputs.get(i)).map(|i| i.path.clone()).collect(),
            duplications,
            lines: self.saying(said),
        }
    }

    /// Lines that have the name in a field, where it is neither a duplication's nor a server's.
    pub(super) fn naming(&self, asked: &str, most: usize) -> (Vec<SourceLine>, Option<&'static str>) {
        let exact = |run: &Run| run.fields.iter().any(|(_, text)| &**text == asked);
        let address = |run: &Run| {
            let same = |a: String| a == asked || a.rsplit_once(':').is_some_and(|(host, _)| host == asked);
            run.fields.iter().any(|(_, text)| addresses(text).any(same))
        };
        let kinds: [(&'static str, Says<'_>); 2] = [("address", &address), ("name", &exact)];
        for (what, fits) in kinds {
            let runs = self.logged.runs.iter().enumerate().filter(|(_, placed)| fits(&placed.run)).take(most);
            let found: Vec<SourceLine> = self.saying(runs.map(|(run, _)| (run, vec![what])).collect());
            if !found.is_empty() && asked.contains(|c: char| !c.is_ascii_digit()) {
                return (found, Some(what));
            }
        }
        (Vec::new(), None)
    }

    /// The cluster that a run names, in whatever form.
    fn cluster_of(run: &Run) -> Option<String> {
        run.field("remote_cluster").map(str::to_owned).or_else(|| run.entry.as_deref().and_then(|e| e.remote_cluster.clone()))
    }

    fn evidence(&self, line: &Occurrence) -> Evidence {
        Evidence {
            path: self.report.inputs.get(line.input).map_or("", |i| &i.path).into(),
            line: line.number(),
            at: Time(self.shown.logged(line)),
            text: Arc::clone(&line.text),
        }
    }
}

/// Locks at `ZooKeeper` are called `LOCKNODE0000000000:10.1.1.1`.
fn is_address(text: &str) -> bool {
    text.rsplit_once(':').is_some_and(|(_, port)| port.bytes().all(|b| b.is_ascii_digit()))
}

/// The table's id that a run states.
fn app_of(run: &Run) -> Option<i64> {
    run.number("app_id").or_else(|| run.field("gpid")?.parse::<Gpid>().ok().map(|g| g.app_id.0))
}
