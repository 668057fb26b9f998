//! What stands for names in the report of a preflight: what fills its texts is replaced, so that its own words stay.

use super::case::{Case, own_name};
use super::outcome::{Fault, Outcome, Proof};
use crate::answer::Output;
use crate::config::addresses;
use crate::pegasus::Side;
use crate::report::Redaction;
use crate::signature::Placeholders;

/// Replaces names, where that is wanted.
#[derive(Clone, Copy)]
pub(super) struct Veil<'a>(Option<&'a Redaction>);

impl<'a> Veil<'a> {
    /// Learns all names of the material.
    pub(super) fn new(redaction: Option<&'a Redaction>, case: &Case<'_>) -> Self {
        let veil = Self(redaction);
        if redaction.is_some() {
            veil.learn(case);
        }
        veil
    }

    pub(super) fn is_drawn(self) -> bool {
        self.0.is_some()
    }

    fn learn(self, case: &Case<'_>) {
        let cluster = |name: &str| drop(self.cluster(name));
        let table = |name: &str| drop(self.table(name));
        let servers = |list: &str| addresses(list).0.iter().for_each(|a| drop(self.0.map(|r| r.address(&a.to_string()))));
        case.source.iter().chain(&case.target).for_each(|name| cluster(name));
        case.app().into_iter().chain(case.follower()).for_each(table);
        for (_, config) in case.sides() {
            own_name(config).into_iter().for_each(cluster);
            for section in ["pegasus.clusters", "duplication-group"] {
                let entries = config.ini.section(section).into_iter().flat_map(|s| &s.entries);
                entries.filter(|e| !e.is_placeholder()).for_each(|e| cluster(&e.key));
            }
            config.ini.sections.iter().flat_map(|s| &s.entries).for_each(|e| servers(&e.value));
        }
        for (_, answer) in [Side::Source, Side::Target].into_iter().flat_map(|side| case.said(side)) {
            answer.cluster.iter().for_each(|name| cluster(name));
            match &answer.output {
                Output::Tables(all) => all.iter().for_each(|t| table(&t.app_name)),
                Output::Table(detail) => {
                    table(&detail.app_name);
                    detail.servers.iter().for_each(|s| servers(s));
                }
                Output::Duplications(_, seen) => {
                    for dup in &seen.duplications {
                        dup.remote_cluster.iter().for_each(|name| cluster(name));
                        dup.app_name.iter().chain(&dup.remote_app_name).for_each(|name| table(name));
                    }
                }
                Output::Nodes(nodes) => nodes.iter().for_each(|n| servers(&n.address)),
                Output::Called(calls) => calls.iter().for_each(|c| servers(&c.address)),
                Output::ClusterInfo(info) => info.values().for_each(|list| servers(list)),
                Output::AddTyped(_)
                | Output::Added(_)
                | Output::Modified(_)
                | Output::Pending(_)
                | Output::Refused(..)
                | Output::Envs(..)
                | Output::Statistics(_)
                | Output::Stored(_)
                | Output::Metrics(_)
                | Output::BulkLoad(..) => {}
            }
        }
    }

    fn or(self, text: &str, hide: impl Fn(&Redaction) -> String) -> String {
        self.0.map_or_else(|| text.to_owned(), hide)
    }

    pub(super) fn table(self, name: &str) -> String {
        self.or(name, |r| r.table(name))
    }

    fn cluster(self, name: &str) -> String {
        self.or(name, |r| r.cluster(name))
    }

    pub(super) fn path(self, path: &str) -> String {
        self.or(path, |r| r.path(path))
    }

    /// A line of a file, or a command of ours.
    pub(super) fn text(self, text: &str) -> String {
        self.or(text, |r| r.text(text))
    }

    /// The first line of a file that is none of ours may hold anything.
    pub(super) fn stranger(self, line: &str) -> String {
        self.or(line, |_| "…".to_owned())
    }

    /// What fills texts.
    pub(super) fn values(self, values: Placeholders) -> Placeholders {
        let hidden = |(name, text): (String, String)| {
            let text = match name.as_str() {
                "app_name" | "remote_app_name" | "other" => self.table(&text),
                "remote_cluster" | "source_cluster" | "cluster" => self.cluster(&text),
                "file" => self.path(&text),
                _ => self.text(&text),
            };
            (name, text)
        };
        values.into_iter().map(hidden).collect()
    }

    pub(super) fn outcome(self, outcome: Outcome) -> Outcome {
        let fault = |f: Fault| Fault { values: self.values(f.values), proof: f.proof.iter().map(|p| self.proof(p)).collect(), ..f };
        match outcome {
            Outcome::Failed(faults) => Outcome::Failed(faults.into_iter().map(fault).collect()),
            Outcome::UnknownOf(values) => Outcome::UnknownOf(self.values(values)),
            Outcome::NotNeeded | Outcome::Passed | Outcome::Unknown => outcome,
        }
    }

    fn proof(self, proof: &Proof) -> Proof {
        Proof { path: self.path(&proof.path), text: self.text(&proof.text), ..*proof }
    }
}
