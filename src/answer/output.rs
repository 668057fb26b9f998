//! What a transcript holds: commands, and what was answered.

use super::ParseIssue;
use super::added::{Added, Modified};
use super::called::Called;
use super::clock::When;
use super::cluster::{ListedTable, Node, TableDetail};
use super::command::AddDup;
use super::duplication::{Pending, Seen};
use super::metrics::Counted;
use super::table::Table;
use super::zookeeper::Stored;
use std::collections::BTreeMap;

/// All that a transcript holds.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Transcript {
    /// What was typed and answered, in order.
    pub answers: Vec<Answer>,
    /// What could not be used.
    pub issues: Vec<ParseIssue>,
    /// Lines.
    pub lines: u64,
}

/// One thing that was typed or answered.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// Its first line.
    pub line: u64,
    /// That line, or what of it matters.
    pub text: String,
    /// The newest time that stands before it, in a prompt or on a line of its own.
    pub at: Option<When>,
    /// The cluster that was asked, where the transcript names it.
    pub cluster: Option<String>,
    /// What it says.
    pub output: Output,
}

/// What a transcript has: the output of a command, or the command itself.
#[derive(Debug, Clone, PartialEq)]
pub enum Output {
    /// `add_dup` as it was typed.
    AddTyped(AddDup),
    /// What became of it.
    Added(Added),
    /// What became of `start_dup`, `pause_dup`, `remove_dup`, `set_dup_fail_mode`.
    Modified(Modified),
    /// The duplications of a table (`None`: of several), complete unless JSON was torn.
    Duplications(Option<String>, Seen),
    /// `GET /replica/duplication`
    Pending(Vec<Pending>),
    /// A question that was not answered: the table, the error.
    Refused(Option<String>, String),
    /// `ls`
    Tables(Vec<ListedTable>),
    /// `app T -d`
    Table(TableDetail),
    /// `nodes`
    Nodes(Vec<Node>),
    /// `get_app_envs` of the table in use.
    Envs(Option<String>, BTreeMap<String, String>),
    /// `server_info`, `server_stat` and other remote commands.
    Called(Vec<Called>),
    /// `cluster_info`
    ClusterInfo(BTreeMap<String, String>),
    /// `app_stat`
    Statistics(Table),
    /// `query_bulk_load_status`: the table, the status.
    BulkLoad(Option<String>, String),
    /// `zkCli get`, `ls`, `stat` of what meta servers keep.
    Stored(Stored),
    /// Metrics about duplication.
    Metrics(Vec<Counted>),
}
