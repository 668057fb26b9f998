//! The steps to take in order, with the commands filled in, until the duplication ships: `steps.toml`.

use super::build::since;
use super::case::Case;
use super::suggestion;
use super::veil::Veil;
use super::words::Advice;
use crate::answer::{AddDup, Tool};
use crate::config::addresses;
use crate::pegasus::Side::{Source, Target};
use crate::report::Suggestion;
use crate::signature::{Command, Lang, Placeholders};
use serde::Deserialize;
use std::sync::LazyLock;

/// A step, and when it is told.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Step {
    #[serde(default)]
    when: Vec<When>,
    en: String,
    zh: String,
    ask: Option<Ask>,
    #[serde(default)]
    commands: Vec<Command>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum When {
    /// Something has to be mended first.
    Failing,
    /// The target gets a copy of what is there already.
    Full,
    Incremental,
    /// The target's table has another name.
    Renamed,
    SameName,
    /// Creating the target's table cannot be tried again in this release.
    CreateOnce,
    CreateAgain,
}

/// Commands that depend on the clusters and the plan.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Ask {
    Reach,
    Add,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    step: Vec<Step>,
}

// A test reads the file and would fail; a program must not.
static FILE: LazyLock<File> = LazyLock::new(|| toml::from_str(include_str!("steps.toml")).unwrap_or_default());

/// The steps; `failing` says that something has to be mended first.
pub(super) fn steps(case: &Case<'_>, veil: Veil<'_>, lang: Lang, values: &Placeholders, failing: bool) -> Vec<Suggestion> {
    let full = case.is_full() != Some(false);
    let renamed = case.plan.as_ref().is_some_and(AddDup::renames);
    let create_once = case.release.is_some_and(|r| r.has(since::CREATED_MARK) == Some(false));
    let holds = |when: &When| match when {
        When::Failing => failing,
        When::Full => full,
        When::Incremental => !full,
        When::Renamed => renamed,
        When::SameName => !renamed,
        When::CreateOnce => create_once,
        When::CreateAgain => !create_once,
    };
    let told = |step: &Step| {
        let hidden = |c: Command| Command { run: veil.text(&c.run), ..c };
        let commands = match step.ask {
            None => step.commands.clone(),
            Some(Ask::Reach) => reach(case, full).into_iter().map(hidden).collect(),
            Some(Ask::Add) => add(case).into_iter().map(hidden).collect(),
        };
        suggestion(&Advice { en: step.en.clone(), zh: step.zh.clone(), commands }, lang, values)
    };
    FILE.step.iter().filter(|step| step.when.iter().all(holds)).map(told).collect()
}

fn command(at: &str, run: String) -> Command {
    Command { at: at.to_owned(), run }
}

/// `nc -zv host port` for each of a list.
fn probes(list: Option<String>, otherwise: &str) -> Vec<String> {
    /// Enough to show how.
    const MOST: usize = 5;
    let found = list.map(|list| addresses(&list).0).unwrap_or_default();
    if found.is_empty() {
        return vec![otherwise.to_owned()];
    }
    found.iter().take(MOST).map(|a| format!("nc -zv {} {}", a.host, a.port)).collect()
}

fn reach(case: &Case<'_>, full: bool) -> Vec<Command> {
    use super::case::Who;
    let entry = |side, section: &str, key: &str| case.entry(side, Who::Any, section, key).map(|(_, e)| e.value.clone());
    let target = case.target.as_ref().and_then(|name| entry(Source, "pegasus.clusters", name));
    let source =
        entry(Source, "meta_server", "server_list").or_else(|| case.cluster_info(Source, "meta_servers").map(|(_, l)| l.to_owned()));
    let nodes = |side| case.nodes(side).map(|(_, n)| n.iter().map(|n| n.address.clone()).collect::<Vec<_>>().join(","));
    let mut commands = Vec::new();
    let mut take = |at: &'static str, probes: Vec<String>| commands.extend(probes.into_iter().map(|run| command(at, run)));
    take("source-meta-host", probes(target, "nc -zv <each target meta host> 34601"));
    take("source-replica-host", probes(nodes(Target), "nc -zv <each target replica host> 34801"));
    if full {
        take("target-replica-host", probes(source, "nc -zv <each source meta host> 34601"));
        take("target-replica-host", probes(nodes(Source), "nc -zv <each source replica host> 34801"));
    }
    commands
}

fn add(case: &Case<'_>) -> Vec<Command> {
    let Some(plan) = &case.plan else { return vec![command("source-shell", "add_dup <table> <target cluster> -s".to_owned())] };
    if plan.tool == Tool::AdminCli {
        let full = plan.with_checkpoint.map(|full| format!(" -p={full}")).unwrap_or_default();
        let at = "source-admin-cli";
        return vec![command(at, "use {app_name}".to_owned()), command(at, format!("dup add -c {{remote_cluster}}{full}"))];
    }
    let mut run = "add_dup {app_name} {remote_cluster}".to_owned();
    run.push_str(if plan.with_checkpoint == Some(true) { " -s" } else { "" });
    run.push_str(if plan.freeze { " -f" } else { "" });
    run.extend(plan.remote_app_name.iter().map(|name| format!(" -a {name}")));
    run.extend(plan.remote_replica_count.iter().map(|count| format!(" -r {count}")));
    vec![command("source-shell", run)]
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_steps_are_well_formed() {
        let file = toml::from_str::<super::File>(include_str!("steps.toml"));
        assert!(file.is_ok_and(|f| f.step.len() == 14));
    }
}
