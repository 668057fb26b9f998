//! What a line is about, told line by line: names come from the lines before it.

use crate::event::{EventKind, Level, Pattern, Role};
use crate::pegasus::{AppId, DupId, DupKey, DupStatus, Gpid, agree};
use crate::record::candidate_lines;
use crate::run::DupEntry;
use crate::signature::{Catalogue, LinePart, Stated, ask_line};
use crate::timeline::ClusterNames;
use regex::Regex;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

/// Ids that lines of any kind carry: `[a5d1716542517]`, `3.0@10.1.1.1:34801`, `gpid = 3.0`, `app_id = 3`.
static IDS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"\[a(?P<app>\d{1,9})d(?P<dup>\d{9,12})\]|\b(?P<gpid>\d{1,9}\.\d{1,6})@|\bgpid\s?[=:(\[]\s?(?P<named>\d{1,9}\.\d{1,6})\b|\bapp_?id\s?[=:(\[]\s?(?P<id>\d{1,9})\b").ok()
});

/// What can be said beside a line.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Annotation {
    /// The source's table; of lines of a target's replica server, its own. Several when earlier lines tell several.
    pub app_names: Vec<String>,
    /// Its id.
    pub app_id: Option<AppId>,
    /// The partition, where the line is about one.
    pub partition: Option<i64>,
    /// The duplication.
    pub dup_id: Option<DupId>,
    /// The follower's cluster.
    pub remote_cluster: Option<String>,
    /// The follower's table.
    pub remote_app_name: Option<String>,
    /// What the line states; without it only names are known.
    pub event: Option<EventKind>,
    /// How grave the server thinks it is.
    pub level: Option<Level>,
    /// Words of a known message in an unknown wording.
    pub drift: bool,
    /// Codes of the findings that such lines prove, the gravest first.
    pub codes: Vec<String>,
}

impl Annotation {
    /// Whether the line is one about duplications, not only one that names a table.
    #[must_use]
    pub fn is_recognised(&self) -> bool {
        self.event.is_some() || self.drift
    }
}

/// A duplication as the lines so far tell it.
#[derive(Debug, Clone, Default)]
struct Told {
    app_name: Option<String>,
    remote_cluster: Option<String>,
    remote_app_name: Option<String>,
    removed: bool,
}

/// Learns names from lines and says them beside later ones.
#[derive(Debug)]
pub struct Annotator<'c> {
    catalogue: &'c Catalogue,
    /// Names of tables by id; those of target clusters apart, whose ids are others.
    tables: BTreeMap<(bool, AppId), BTreeSet<String>>,
    dups: BTreeMap<DupKey, Told>,
    /// Target tables that requests name, by source table and cluster, before the duplication has an id.
    asked: BTreeMap<(String, String), String>,
    clusters: ClusterNames,
}

impl<'c> Annotator<'c> {
    /// Knows nothing yet; findings are those of the catalogue.
    #[must_use]
    pub fn new(catalogue: &'c Catalogue) -> Self {
        Self { catalogue, tables: BTreeMap::new(), dups: BTreeMap::new(), asked: BTreeMap::new(), clusters: ClusterNames::default() }
    }

    /// What is known of a line, without its line end; nothing for most lines.
    pub fn line(&mut self, line: &str) -> Option<Annotation> {
        // JSON escapes what a needle may contain, colours may stand in one; such lines are rare enough.
        let odd = line.trim_start().starts_with(['{', '[', '"']) || line.contains('\u{1b}');
        let candidate = odd || candidate_lines(line.as_bytes()).next().is_some();
        if candidate {
            let asked = ask_line(line, self.catalogue);
            let codes = asked.uses.iter().filter(|u| u.part == LinePart::Proof).map(|u| u.signature.code.clone()).collect();
            match asked.stated {
                Stated::Event(pattern, fields) => return Some(self.event(pattern, &fields, codes)),
                Stated::Drift(_) => return Some(Annotation { drift: true, ..self.named(line).unwrap_or_default() }),
                Stated::Stack(..) | Stated::Nothing => {}
            }
        }
        self.named(line)
    }

    /// A line that is no event, but carries an id whose name is known.
    fn named(&self, line: &str) -> Option<Annotation> {
        let found = IDS.as_ref()?.captures(line)?;
        let number = |name: &str| found.name(name).and_then(|m| m.as_str().parse::<i64>().ok());
        let gpid = found.name("gpid").or(found.name("named")).and_then(|m| m.as_str().parse::<Gpid>().ok());
        let app_id = Some(number("app").or(number("id")).map(AppId).or(gpid.map(|g| g.app_id))?);
        let dup_id = number("dup").map(DupId);
        let mut annotation = Annotation { app_id, partition: gpid.map(|g| g.partition), dup_id, ..Annotation::default() };
        self.complete(&mut annotation, false);
        (!annotation.app_names.is_empty()).then_some(annotation)
    }

    fn event(&mut self, pattern: &'static Pattern, fields: &[(&'static str, String)], codes: Vec<String>) -> Annotation {
        let text = |name: &str| fields.iter().rev().find(|(n, _)| *n == name).map(|(_, t)| t.as_str()).filter(|t| !t.is_empty());
        let number = |name: &str| text(name).and_then(|t| t.parse::<i64>().ok());
        let gpid = text("gpid").and_then(|g| g.parse::<Gpid>().ok());
        let report = text("entry").and_then(DupEntry::parse).map(|(entry, _)| entry).filter(DupEntry::is_report);
        let follower = pattern.role == Role::FollowerReplica;
        let mut annotation = Annotation {
            app_names: text("app_name").map(str::to_owned).into_iter().collect(),
            app_id: number("app_id").map(AppId).or(gpid.map(|g| g.app_id)),
            partition: gpid.map(|g| g.partition).or(number("partition_index")),
            dup_id: number("dup_id").map(DupId).or(report.as_ref().map(|r| r.dup_id)),
            remote_cluster: text("remote_cluster").map(str::to_owned).or(report.as_ref().and_then(|r| r.remote_cluster.clone())),
            remote_app_name: text("remote_app_name").map(str::to_owned).or(report.as_ref().and_then(|r| r.remote_app_name.clone())),
            event: Some(pattern.event),
            level: Some(pattern.level),
            drift: false,
            codes,
        };
        self.resplit(pattern, &mut annotation);
        self.learn(pattern, &annotation, text("to_status"), follower);
        self.complete(&mut annotation, follower);
        annotation
    }

    /// Puts `cluster.table` right, both of which may have dots.
    fn resplit(&mut self, pattern: &Pattern, annotation: &mut Annotation) {
        match (&annotation.remote_cluster, pattern.dotted_table().is_some()) {
            (Some(cluster), false) => self.clusters.note(cluster),
            (Some(cluster), true) => {
                let table = annotation.app_names.first().or(annotation.remote_app_name.as_ref());
                let (cluster, table) = self.clusters.split(&format!("{cluster}.{}", table.map_or("", String::as_str)));
                match annotation.app_names.first_mut() {
                    Some(name) => *name = table,
                    None => annotation.remote_app_name = Some(table),
                }
                annotation.remote_cluster = Some(cluster);
            }
            (None, _) => {}
        }
    }

    fn learn(&mut self, pattern: &Pattern, line: &Annotation, to: Option<&str>, follower: bool) {
        let name = line.app_names.first();
        if let (Some(name), Some(app)) = (name, line.app_id) {
            let names = self.tables.entry((follower, app)).or_default();
            // A meta server says what a table is called now.
            if pattern.role == Role::Meta && !follower {
                names.clear();
            }
            names.insert(name.clone());
        }
        if let (Some(name), Some(cluster), Some(remote)) = (name, &line.remote_cluster, &line.remote_app_name) {
            self.asked.insert((name.clone(), cluster.clone()), remote.clone());
        }
        let Some(key) = DupKey::of(line.app_id, line.dup_id) else { return };
        let told = self.dups.entry(key).or_default();
        for (mine, new) in [
            (&mut told.app_name, name),
            (&mut told.remote_cluster, line.remote_cluster.as_ref()),
            (&mut told.remote_app_name, line.remote_app_name.as_ref()),
        ] {
            if let Some(new) = new {
                *mine = Some(new.clone());
            }
        }
        if told.remote_app_name.is_none()
            && let (Some(table), Some(cluster)) = (&told.app_name, &told.remote_cluster)
        {
            told.remote_app_name = self.asked.get(&(table.clone(), cluster.clone())).cloned();
        }
        told.removed |= to.and_then(|t| t.parse().ok()) == Some(DupStatus::DsRemoved);
    }

    /// Adds what earlier lines tell; what fits several duplications is left out.
    fn complete(&self, line: &mut Annotation, follower: bool) {
        if !follower {
            let mut fitting = self.dups.iter().filter(|(key, told)| {
                line.app_id.is_none_or(|app| app == key.app_id)
                    && line.dup_id.map_or(!told.removed, |dup| dup == key.dup_id)
                    && (line.app_id.is_some() || line.dup_id.is_some() || (told.app_name.is_some() && !line.app_names.is_empty()))
                    && agree(told.app_name.as_ref(), line.app_names.first())
                    && agree(told.remote_cluster.as_ref(), line.remote_cluster.as_ref())
            });
            if let (Some((key, told)), None) = (fitting.next(), fitting.next()) {
                line.app_id = Some(key.app_id);
                line.dup_id = Some(key.dup_id);
                if line.app_names.is_empty() {
                    line.app_names.extend(told.app_name.clone());
                }
                line.remote_cluster = line.remote_cluster.take().or_else(|| told.remote_cluster.clone());
                line.remote_app_name = line.remote_app_name.take().or_else(|| told.remote_app_name.clone());
            }
        }
        if line.app_names.is_empty()
            && let Some(names) = line.app_id.and_then(|app| self.tables.get(&(follower, app)))
        {
            line.app_names = names.iter().cloned().collect();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ADD: &str = "I2024-05-25 10:11:03.610 (1716603063610000109 7556) meta.meta_state0.144959630185858137: meta_duplication_service.cpp:176:add_duplication(): add duplication for app(orders), remote cluster name is bj.dr, remote app name is copy, remote replica count is 3";
    const ADDED: &str = "I2024-05-25 10:11:03.614 (1716603063614200196 7556) meta.meta_state0.145241087982698791: meta_duplication_service.cpp:262:operator()(): [a5d1716603063] add duplication successfully [app_name: orders, follower: bj.dr]";
    const MOVED: &str = "I2024-05-25 10:11:44.733 (1716603104733062213 7556) meta.meta_state0.145241087982698792: duplication_info.cpp:174:persist_status(): [a5d1716603063] change duplication status from DS_PREPARE to DS_APP successfully [app_id: 5]";
    const ASKED: &str = "E2024-05-25 10:11:48.053 (1716603108053092651 7556) meta.meta_state0.145241087982698793: meta_duplication_service.cpp:556:operator()(): query follower app[bj.dr.orders] replica configuration completed, result: duplication_status = DS_APP, query_err = ERR_OBJECT_NOT_FOUND, update_err = ERR_NO_NEED_OPERATE";

    #[test]
    fn later_lines_get_the_names_of_earlier_ones() {
        let catalogue = Catalogue::built_in();
        let mut annotator = Annotator::new(&catalogue);
        let before = annotator.line(MOVED).unwrap_or_default();
        assert_eq!((before.app_id, before.app_names.len()), (Some(AppId(5)), 0), "nothing is guessed");
        assert!(annotator.line("nothing of ours 5.1@10.0.0.1:34801").is_none());
        for line in [ADD, ADDED] {
            let _ = annotator.line(line);
        }
        let after = annotator.line(MOVED).unwrap_or_default();
        assert_eq!(after.app_names, ["orders"]);
        assert_eq!(
            (after.dup_id, after.remote_cluster.as_deref(), after.remote_app_name.as_deref()),
            (Some(DupId(1_716_603_063)), Some("bj.dr"), Some("copy"))
        );
        let asked = annotator.line(ASKED).unwrap_or_default();
        assert_eq!((asked.dup_id, asked.app_names.as_slice()), (Some(DupId(1_716_603_063)), ["orders".to_owned()].as_slice()));
        assert!(asked.codes.contains(&"DUP301".to_owned()), "{:?}", asked.codes);
        let partition = annotator.line("nothing of ours 5.1@10.0.0.1:34801").unwrap_or_default();
        assert_eq!(
            (partition.app_names.as_slice(), partition.partition, partition.is_recognised()),
            (["orders".to_owned()].as_slice(), Some(1), false)
        );
    }
}
