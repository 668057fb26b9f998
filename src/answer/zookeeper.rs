//! What `zkCli` showed of the nodes in which meta servers keep their duplications and tables.
//!
//! `<cluster_root>/apps/<app_id>/duplication/<dup_id>` holds the JSON of `duplication_info::to_json_blob`, below it a node of each
//! partition its confirmed decree; `<cluster_root>/apps/<app_id>` the `app_info` of the table.

use super::ParseIssue;
use super::clock::{When, moment};
use super::cluster::ListedTable;
use super::duplication::DupState;
use super::json::document;
use crate::pegasus::{AppId, DupId, DupKey};
use regex::Regex;
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// What stands in the meta store.
#[derive(Debug, Clone, PartialEq)]
pub enum Stored {
    /// The duplication, and when its node was changed last.
    Holds(DupKey, Box<DupState>, Option<When>),
    /// Its node is there; what is in it was not asked.
    Present(DupKey),
    /// There is no such node.
    Missing(DupKey),
    /// The ids of all duplications of a table.
    Listed(AppId, Vec<DupId>),
    /// A table.
    Table(ListedTable),
}

/// One thing that an answer tells: its line, the text, what it is.
pub(super) type Told = (u64, String, Stored);

/// A question to `ZooKeeper`.
pub(super) struct Asked {
    verb: String,
    recursive: bool,
    path: String,
}

/// What a path of the meta store names.
#[derive(Debug, PartialEq, Eq)]
enum Node {
    Table(AppId),
    Duplications(AppId),
    Duplication(DupKey),
    Progress(DupKey),
}

static NOISE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^(WATCHER::|WatchedEvent |Connecting to |Welcome to ZooKeeper|JLine support|SLF4J|log4j:|Exiting JVM|\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} .*\b(TRACE|DEBUG|INFO|WARN|ERROR)\b)").ok()
});
static NO_NODE: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"(?i)node does not exist|\bNoNode\b|NoNodeException").ok());

/// Reads a command of `zkCli`, typed in it or given to it.
pub(super) fn asked(command: &str) -> Option<Asked> {
    let mut words = command.split([' ', '\t', '"', '\'']).filter(|word| !word.is_empty());
    let verb = words.find(|word| matches!(*word, "get" | "ls" | "ls2" | "stat" | "exists"))?.to_owned();
    let rest: Vec<&str> = words.collect();
    let path = rest.iter().find(|word| word.starts_with('/'))?.trim_end_matches('/').to_owned();
    Some(Asked { verb, recursive: rest.contains(&"-R"), path })
}

fn node(path: &str) -> Option<Node> {
    let mut parts = path.split('/').skip_while(|part| *part != "apps").skip(1);
    let app = AppId(parts.next()?.parse().ok()?);
    match (parts.next(), parts.next(), parts.next()) {
        (None, ..) => Some(Node::Table(app)),
        (Some("duplication"), None, _) => Some(Node::Duplications(app)),
        (Some("duplication"), Some(dup), below) => {
            let key = DupKey { app_id: app, dup_id: DupId(dup.parse().ok()?) };
            Some(if below.is_none() { Node::Duplication(key) } else { Node::Progress(key) })
        }
        _ => None,
    }
}

/// What stands below a question; `first` is the number of the first of these lines. Times of the client's own log are `at`.
pub(super) fn answered(asked: &Asked, lines: &[String], first: u64, at: &mut Option<When>, issues: &mut Vec<ParseIssue>) -> Vec<Told> {
    let mut told = Vec::new();
    let Some(node) = node(&asked.path) else { return told };
    let changed = lines.iter().find_map(|line| line.trim().strip_prefix("mtime = ").and_then(moment));
    for (offset, line) in lines.iter().enumerate() {
        let (number, text) = (first + offset as u64, line.trim());
        if matches(&NO_NODE, text) {
            told.extend(missing(&node).map(|stored| (number, text.to_owned(), stored)));
            break;
        }
        if text.is_empty() || matches(&NOISE, text) {
            *at = logged(text).or(*at);
            continue;
        }
        match asked.verb.as_str() {
            "ls" if asked.recursive => {
                told.extend(below(&node, &lines[offset..], number));
                break;
            }
            "ls" | "ls2" => {
                let Some(children) = text.strip_prefix('[').and_then(|rest| rest.split_once(']')) else { continue };
                told.extend(listed(&node, children.0).map(|stored| (number, text.to_owned(), stored)));
                break;
            }
            "get" => {
                match held(&node, &lines[offset..], number, changed) {
                    Ok(stored) => told.extend(stored.map(|stored| (number, text.to_owned(), stored))),
                    Err(what) => issues.push(ParseIssue { line: number, what }),
                }
                break;
            }
            _ => {
                let is_there = text.starts_with("cZxid = ") || text.eq_ignore_ascii_case("true");
                told.extend(present(&node).filter(|_| is_there).map(|stored| (number, text.to_owned(), stored)));
                break;
            }
        }
    }
    told
}

fn matches(regex: &LazyLock<Option<Regex>>, text: &str) -> bool {
    regex.as_ref().is_some_and(|regex| regex.is_match(text))
}

/// The time of a line of the client's own log.
pub(super) fn logged(text: &str) -> Option<When> {
    (text.starts_with(|c: char| c.is_ascii_digit()) && matches(&NOISE, text)).then(|| moment(text)).flatten()
}

fn present(node: &Node) -> Option<Stored> {
    match node {
        Node::Duplication(key) | Node::Progress(key) => Some(Stored::Present(*key)),
        Node::Table(_) | Node::Duplications(_) => None,
    }
}

fn missing(node: &Node) -> Option<Stored> {
    match node {
        Node::Duplication(key) => Some(Stored::Missing(*key)),
        Node::Table(app) | Node::Duplications(app) => Some(Stored::Listed(*app, Vec::new())),
        // A partition that has confirmed nothing yet has none.
        Node::Progress(_) => None,
    }
}

fn listed(node: &Node, children: &str) -> Option<Stored> {
    let mut children = children.split(',').map(str::trim).filter(|child| !child.is_empty());
    match node {
        Node::Table(app) => (!children.any(|child| child == "duplication")).then(|| Stored::Listed(*app, Vec::new())),
        Node::Duplications(app) => Some(Stored::Listed(*app, children.filter_map(|child| child.parse().ok().map(DupId)).collect())),
        Node::Duplication(_) | Node::Progress(_) => present(node),
    }
}

/// `ls -R`: a path on each line.
fn below(asked: &Node, lines: &[String], first: u64) -> Vec<Told> {
    let mut tables: BTreeMap<AppId, (u64, String, Vec<DupId>)> = BTreeMap::new();
    let mut told = Vec::new();
    for (number, line) in (first..).zip(lines) {
        let text = || line.trim().to_owned();
        match node(line.trim()) {
            Some(Node::Table(app) | Node::Duplications(app)) => _ = tables.entry(app).or_insert_with(|| (number, text(), Vec::new())),
            Some(Node::Duplication(key)) => match asked {
                Node::Table(_) | Node::Duplications(_) => {
                    tables.entry(key.app_id).or_insert_with(|| (number, text(), Vec::new())).2.push(key.dup_id);
                }
                Node::Duplication(_) | Node::Progress(_) => told.push((number, text(), Stored::Present(key))),
            },
            Some(Node::Progress(_)) | None => {}
        }
    }
    told.extend(tables.into_iter().map(|(app, (number, text, dups))| (number, text, Stored::Listed(app, dups))));
    told
}

/// The data of a node. An error says what is wrong with it.
fn held(node: &Node, lines: &[String], number: u64, changed: Option<When>) -> Result<Option<Stored>, String> {
    let found = document(lines, &lines.join("\n"), number)
        .filter(|document| !document.torn)
        .and_then(|document| serde_json::from_str(&document.text).ok());
    let Some(Value::Object(mut data)) = found else {
        return match node {
            Node::Duplication(key) => Err(format!("the node of duplication {} holds no JSON of one", key.dup_id.0)),
            Node::Progress(_) => Ok(present(node)),
            Node::Table(_) | Node::Duplications(_) => Ok(None),
        };
    };
    match node {
        Node::Duplication(key) => {
            data.insert("dupid".to_owned(), key.dup_id.0.into());
            let state = DupState::of(&data).map(|state| DupState { app_id: Some(key.app_id), ..state });
            match state.filter(|state| state.status.is_some() && state.remote_cluster.is_some()) {
                Some(state) => Ok(Some(Stored::Holds(*key, Box::new(state), changed))),
                None => Err(format!("the node of duplication {} has no known status or no remote", key.dup_id.0)),
            }
        }
        Node::Table(app) => {
            let text = |key: &str| data.get(key).and_then(Value::as_str);
            let number_of = |key: &str| data.get(key).and_then(Value::as_i64);
            Ok(text("app_name").map(|name| {
                Stored::Table(ListedTable {
                    line: number,
                    app_id: number_of("app_id").unwrap_or(app.0),
                    status: text("status").map_or("", |s| s.rsplit("AS_").next().unwrap_or_default()).to_owned(),
                    app_name: name.to_owned(),
                    partition_count: number_of("partition_count"),
                    replica_count: number_of("max_replica_count"),
                    create_time: None,
                })
            }))
        }
        Node::Duplications(_) | Node::Progress(_) => Ok(None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(command: &str, answer: &str) -> (Vec<Told>, Vec<ParseIssue>) {
        let (mut at, mut issues) = (None, Vec::new());
        let lines: Vec<String> = answer.lines().map(str::to_owned).collect();
        let told = asked(command).map(|asked| answered(&asked, &lines, 7, &mut at, &mut issues)).unwrap_or_default();
        (told, issues)
    }

    const DUP: &str = "/pegasus/hz/apps/5/duplication/1716542517";
    const KEY: DupKey = DupKey { app_id: AppId(5), dup_id: DupId(1_716_542_517) };

    #[test]
    fn the_node_of_a_duplication_is_read() {
        let answer = "2024-05-24 17:30:00,120 [myid:] - INFO  [main:ZooKeeper@868] - Initiating client connection\nWATCHER::\n\nWatchedEvent state:SyncConnected type:None path:null\n{\"remote\":\"far\",\"status\":\"DS_INIT\",\"create_timestamp_ms\":1716542517120}\ncZxid = 0x2\nmtime = Fri May 24 09:22:57 UTC 2024\n";
        let (told, issues) = read(&format!("get -s {DUP}"), answer);
        let [(11, text, Stored::Holds(key, state, Some(_)))] = told.as_slice() else { unreachable!("{told:?} {issues:?}") };
        assert!(text.starts_with("{\"remote\"") && issues.is_empty());
        assert_eq!((*key, state.status.map(crate::pegasus::DupStatus::name)), (KEY, Some("DS_INIT")));
        assert_eq!(read(&format!("zkCli.sh -server a:2181 get {DUP}/"), "null\n").1.len(), 1);
    }

    #[test]
    fn what_is_not_there_is_told() {
        for answer in ["Node does not exist: /x", "org.apache.zookeeper.KeeperException$NoNodeException: KeeperErrorCode = NoNode for /x"] {
            assert_eq!(read(&format!("stat {DUP}"), answer).0[0].2, Stored::Missing(KEY));
        }
        assert_eq!(read("ls /pegasus/hz/apps/5", "[0, 1, 2]").0[0].2, Stored::Listed(AppId(5), Vec::new()));
        assert!(read("ls /pegasus/hz/apps/5", "[0, 1, duplication]").0.is_empty());
        assert!(read(&format!("get {DUP}/0"), "Node does not exist: /x").0.is_empty());
        assert!(read("get /zookeeper/quota", "Node does not exist: /x").0.is_empty());
        assert!(read(&format!("get {DUP}"), "KeeperErrorCode = ConnectionLoss for /x").0.is_empty());
    }

    #[test]
    fn lists_and_tables_are_read() {
        let ids = vec![DupId(17), DupId(18)];
        assert_eq!(read("ls -s /pegasus/hz/apps/5/duplication", "[17, 18]cZxid = 0x1").0[0].2, Stored::Listed(AppId(5), ids.clone()));
        let paths =
            ["", "/duplication", "/duplication/17", "/duplication/17/0", "/duplication/18"].map(|p| format!("/pegasus/hz/apps/5{p}"));
        assert_eq!(read("ls -R /pegasus/hz/apps/5", &paths.join("\n")).0[0].2, Stored::Listed(AppId(5), ids));
        let table = r#"{"status":"app_status::AS_AVAILABLE","app_name":"feed","app_id":5,"partition_count":8,"max_replica_count":3}"#;
        let (told, _) = read("get /pegasus/hz/apps/5", table);
        assert!(matches!(&told[0].2, Stored::Table(t) if t.app_name == "feed" && t.status == "AVAILABLE" && t.partition_count == Some(8)));
    }
}
