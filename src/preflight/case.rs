//! The case at hand: who is source and who is target, and what is known of either.

use super::build::Build;
use super::material::{Answers, Config, Material};
use super::outcome::Proof;
use crate::answer::{AddDup, Answer, Called, DupState, ListedTable, Node, Output, TableDetail, Tool};
use crate::config::Entry;
use crate::pegasus::{ServerRole, Side};
use std::collections::BTreeMap;

/// Which servers of a cluster.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Who {
    Metas,
    Replicas,
    Any,
}

impl Who {
    /// Whether some of them start with a configuration, which one without a role is for all.
    fn start_with(self, role: Option<ServerRole>) -> bool {
        match self {
            Self::Metas => role != Some(ServerRole::Replica),
            Self::Replicas => role != Some(ServerRole::Meta),
            Self::Any => true,
        }
    }
}

/// A duplication as an answer states it, and where.
pub(super) type Sighting<'a> = (Proof, &'a DupState);

/// The case.
#[derive(Debug)]
pub(super) struct Case<'a> {
    pub(super) material: &'a Material,
    configs: Vec<(Side, &'a Config)>,
    answers: Vec<(Side, &'a Answers)>,
    pub(super) plan: Option<AddDup>,
    /// The source's name, as duplication knows it.
    pub(super) source: Option<String>,
    /// The target's name, as the plan or the configurations have it.
    pub(super) target: Option<String>,
    pub(super) release: Option<Build>,
    pub(super) target_release: Option<Build>,
}

impl<'a> Case<'a> {
    pub(super) fn new(material: &'a Material) -> Self {
        let plan = material.plan.clone().or_else(|| material.typed_plan().cloned());
        let mut target = plan.as_ref().and_then(|p| p.remote_cluster.clone());
        let told = |side: Side| material.configs.iter().filter(move |c| c.side == Some(side)).find_map(own_name);
        target = target.or_else(|| told(Side::Target).map(str::to_owned));
        // Where all files are of the cluster that the plan calls the target, and they know others, the plan is to itself.
        let knows_others =
            |c: &Config| c.ini.section("pegasus.clusters").is_some_and(|s| s.entries.iter().any(|e| Some(&e.key) != target.as_ref()));
        let itself = !material.configs.is_empty()
            && material.configs.iter().all(|c| c.side.is_none() && own_name(c) == target.as_deref())
            && material.configs.iter().any(knows_others);
        let side_of_config = |config: &Config| {
            config.side.unwrap_or_else(|| match (own_name(config), &target) {
                (Some(name), Some(target)) if name == target && !itself => Side::Target,
                _ => Side::Source,
            })
        };
        let configs: Vec<(Side, &Config)> = material.configs.iter().map(|c| (side_of_config(c), c)).collect();
        let source = configs.iter().filter(|(side, _)| *side == Side::Source).find_map(|(_, c)| own_name(c)).map(str::to_owned);
        if target.is_none() {
            // The one cluster that the source's configuration names beside itself.
            let named = |c: &Config| {
                c.ini.section("pegasus.clusters").map(|s| s.entries.iter().filter(|e| !e.is_placeholder()).map(|e| e.key.clone()).collect())
            };
            let names: Vec<String> =
                configs.iter().filter_map(|(_, c)| named(c)).find(|names: &Vec<String>| !names.is_empty()).unwrap_or_default();
            let mut others = names.into_iter().filter(|name| Some(name) != source.as_ref());
            target = others.next().filter(|_| others.next().is_none());
        }
        let side_of_answers = |answers: &Answers| {
            let named = answers.transcript.answers.iter().find_map(|a| a.cluster.clone());
            answers.side.unwrap_or_else(|| if named.is_some() && named == target && !itself { Side::Target } else { Side::Source })
        };
        let answers: Vec<(Side, &Answers)> = material.answers.iter().map(|a| (side_of_answers(a), a)).collect();
        let source = source.or_else(|| {
            let mine = answers.iter().filter(|(side, _)| *side == Side::Source);
            mine.flat_map(|(_, a)| &a.transcript.answers).find_map(|a| a.cluster.clone())
        });
        let mut case = Self { material, configs, answers, plan, source, target, release: material.release, target_release: None };
        case.release = case.release.or_else(|| case.printed_release(Side::Source));
        case.target_release = case.printed_release(Side::Target);
        case
    }

    fn printed_release(&self, side: Side) -> Option<Build> {
        self.called(side).iter().find_map(|(_, call)| call.release()?.parse().ok())
    }

    /// Which side a configuration was taken for.
    pub(super) fn sides(&self) -> impl Iterator<Item = (Side, &'a Config)> {
        self.configs.iter().copied()
    }

    /// Which side answers were taken for.
    pub(super) fn answering(&self) -> impl Iterator<Item = (Side, &'a Answers)> {
        self.answers.iter().copied()
    }

    /// Configurations of some servers.
    pub(super) fn configs(&self, side: Side, who: Who) -> Vec<&'a Config> {
        self.configs.iter().filter(|(s, c)| *s == side && who.start_with(c.role)).map(|(_, c)| *c).collect()
    }

    /// The first value of a key among some servers, with its place.
    pub(super) fn entry(&self, side: Side, who: Who, section: &str, key: &str) -> Option<(&'a Config, &'a Entry)> {
        let found = |c: &&'a Config| c.ini.get(section, key).filter(|e| !e.is_placeholder() && !e.value.is_empty());
        self.configs(side, who).into_iter().find_map(|c| Some((c, found(&c)?)))
    }

    /// A number of the configuration, or Pegasus' default where a configuration is there.
    pub(super) fn number_or(&self, side: Side, who: Who, section: &str, key: &str, default: i64) -> Option<i64> {
        if self.configs(side, who).is_empty() {
            return None;
        }
        match self.entry(side, who, section, key) {
            Some((_, entry)) => entry.number(),
            None => Some(default),
        }
    }

    /// All that a cluster answered, newest last.
    pub(super) fn said(&self, side: Side) -> impl Iterator<Item = (&'a Answers, &'a Answer)> {
        self.answers.iter().filter(move |(s, _)| *s == side).flat_map(|(_, a)| a.transcript.answers.iter().map(move |one| (*a, one)))
    }

    pub(super) fn app(&self) -> Option<&str> {
        self.plan.as_ref()?.app_name.as_deref()
    }

    pub(super) fn follower(&self) -> Option<&str> {
        self.plan.as_ref()?.follower()
    }

    /// With a checkpoint, by what was typed or by the tool's default; `None` where the default is not known.
    pub(super) fn is_full(&self) -> Option<bool> {
        let plan = self.plan.as_ref()?;
        plan.with_checkpoint.or_else(|| match (plan.tool, self.release?) {
            (Tool::AdminCli, release) => release.has(super::build::since::ADMIN_CLI_DEFAULT).map(|changed| !changed),
            (Tool::Shell, _) => Some(false),
        })
    }

    /// Tables of `ls`, the newest of each name last; `None` when nobody asked.
    pub(super) fn tables(&self, side: Side) -> Option<Vec<(Proof, &'a ListedTable)>> {
        let mut found = None;
        for (answers, answer) in self.said(side) {
            if let Output::Tables(tables) = &answer.output {
                let all = tables.iter().map(|t| (proof(answers, t.line, &format!("{}  {}  {}", t.app_id, t.status, t.app_name)), t));
                found.get_or_insert_with(Vec::new).extend(all);
            }
        }
        found
    }

    /// A live table by name.
    pub(super) fn table(&self, side: Side, name: &str) -> Option<(Proof, &'a ListedTable)> {
        let tables = self.tables(side)?;
        tables.into_iter().rev().find(|(_, t)| t.app_name == name && t.status != "DROPPED")
    }

    /// `app T -d`
    pub(super) fn detail(&self, side: Side, name: &str) -> Option<(Proof, &'a TableDetail)> {
        let found = self.said(side).filter_map(|(answers, answer)| {
            if let Output::Table(detail) = &answer.output
                && detail.app_name == name
            {
                Some((proof(answers, answer.line, &answer.text), detail))
            } else {
                None
            }
        });
        found.last()
    }

    /// Servers of the newest `nodes`.
    pub(super) fn nodes(&self, side: Side) -> Option<(&'a Answers, &'a [Node])> {
        let found = self.said(side).filter_map(|(answers, answer)| {
            let Output::Nodes(nodes) = &answer.output else { return None };
            Some((answers, nodes.as_slice()))
        });
        found.last()
    }

    /// Servers that answered `server_info` and its kin.
    pub(super) fn called(&self, side: Side) -> Vec<(&'a Answers, &'a Called)> {
        let calls = self.said(side).filter_map(|(answers, answer)| {
            if let Output::Called(calls) = &answer.output { Some(calls.iter().map(move |c| (answers, c))) } else { None }
        });
        calls.flatten().collect()
    }

    /// Settings of a table.
    pub(super) fn envs(&self, side: Side, name: &str) -> Option<(Proof, &'a BTreeMap<String, String>)> {
        let found = self.said(side).filter_map(|(answers, answer)| {
            if let Output::Envs(table, envs) = &answer.output
                && table.as_deref().is_none_or(|t| t == name)
            {
                Some((proof(answers, answer.line, &answer.text), envs))
            } else {
                None
            }
        });
        found.last()
    }

    /// `cluster_info`
    pub(super) fn cluster_info(&self, side: Side, key: &str) -> Option<(Proof, &'a str)> {
        let found = self.said(side).filter_map(|(answers, answer)| {
            let Output::ClusterInfo(info) = &answer.output else { return None };
            info.get(key).map(|v| (proof(answers, answer.line, &format!("{key} : {v}")), v.as_str()))
        });
        found.last()
    }

    /// Duplications that a cluster told of, the newest word of each; `None` when nobody asked.
    pub(super) fn duplications(&self, side: Side) -> Option<Vec<Sighting<'a>>> {
        let mut all: Option<BTreeMap<(Option<&str>, i64), Sighting<'_>>> = None;
        for (answers, answer) in self.said(side) {
            if let Output::Duplications(_, seen) = &answer.output {
                let all = all.get_or_insert_default();
                for state in &seen.duplications {
                    all.insert((state.app_name.as_deref(), state.dup_id.0), (proof(answers, answer.line, &answer.text), state));
                }
            }
        }
        Some(all?.into_values().collect())
    }

    /// Whether somebody asked for a table's duplications, by name or for all.
    pub(super) fn asked_for_duplications(&self, side: Side, name: &str) -> bool {
        self.said(side).any(|(_, answer)| {
            if let Output::Duplications(table, seen) = &answer.output {
                table.as_deref().is_none_or(|t| t == name) || seen.duplications.iter().any(|d| d.app_name.as_deref() == Some(name))
            } else {
                false
            }
        })
    }
}

/// The name by which duplication knows a configuration's cluster.
pub(super) fn own_name(config: &Config) -> Option<&str> {
    config.ini.value("replication", "dup_cluster_name").or_else(|| config.ini.value("replication", "cluster_name"))
}

pub(super) fn proof(answers: &Answers, line: u64, text: &str) -> Proof {
    Proof { path: answers.path.clone(), line, at: answers.modified, text: text.to_owned() }
}

/// A line of a configuration.
pub(super) fn shown(config: &Config, entry: &Entry) -> Proof {
    Proof::of(&config.ini.path, config.modified, entry)
}

/// A configuration as a whole, where a line is missing.
pub(super) fn whole(config: &Config, section: &str) -> Proof {
    let head = config.ini.section(section);
    Proof {
        path: config.ini.path.clone(),
        line: head.map_or(0, |s| s.line),
        at: config.modified,
        text: head.map_or_else(|| format!("no [{section}]"), |s| format!("[{}]", s.name)),
    }
}
