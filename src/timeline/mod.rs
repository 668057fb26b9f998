//! What happened to each duplication: the one fold that `diagnose` and `watch` share.
//!
//! Runs of all servers, merged by time, become stories: who the duplication is, which statuses it
//! went through and what was said about it in each. Identity comes in three strengths and is never
//! guessed.

mod answers;
mod asked_tables;
mod attribute;
mod begun;
mod clocks;
mod cluster_names;
mod clusters;
mod delivery;
mod disk;
mod fact;
mod facts;
mod fitting;
mod fold;
mod halves;
mod hangs;
mod history;
mod homes;
mod identity;
mod line_ids;
mod loading;
mod loss;
mod model;
mod refused;
mod registration;
mod relations;
mod replica_progress;
mod requests;
mod restarts;
mod shipping;
mod sight;
mod silence;
mod spans;
mod stored;
mod story;
mod tables;
mod told;
mod vanished;
mod waiting;

pub use begun::Exactness;
pub(crate) use cluster_names::ClusterNames;
pub(crate) use clusters::{Named, addresses};
pub(crate) use disk::{Disk, disks};
pub use fact::FactName;
pub(crate) use fact::{Fact, Facts};
pub(crate) use facts::{input_facts, request_facts, server_facts, span_facts, story_facts};
pub(crate) use fold::build;
pub(crate) use history::{Complaint, Decreed, LeaderChange, complaints, decreed, leader_changes};
pub(crate) use loss::{Loss, loss_facts, losses};
pub use model::Model;
pub(crate) use model::StoryPlaces;
pub(crate) use replica_progress::replica_progress;
pub(crate) use requests::Request;
pub(crate) use restarts::Restart;
pub(crate) use shipping::shipping_facts;
pub(crate) use sight::Leader;
pub(crate) use story::{Attribution, Span, Story, Transition};
pub(crate) use told::{Told, ToldByTime};

use crate::pegasus::{LogTime, ServerRole, Side, TimeDelta};
use crate::run::{ClockJump, Occurrence, Run};
use std::collections::BTreeSet;

/// Whether anybody looks whether a log grows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum FollowState {
    /// Nobody: it was read as it is.
    #[default]
    No,
    /// Somebody did until it was deleted or could not be read any more.
    Lost,
    /// Somebody does.
    Followed,
}

/// One server's log: its files in order.
#[derive(Debug, Clone, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub struct ServerLog {
    /// How reports name the server.
    pub label: String,
    /// Servers with the same name here belong to one cluster.
    pub cluster: String,
    /// No server's log but answers and configurations, which say nothing by being silent.
    pub answers: bool,
    /// Which cluster the server is of, where the user says it.
    pub told: Option<Side>,
    /// It has lines that only a source has.
    pub source: bool,
    /// It has lines that only a target has.
    pub target: bool,
    /// Indices of its inputs, in order of time.
    pub inputs: Vec<usize>,
    /// Addresses of its own, as far as its lines name them.
    pub own: BTreeSet<String>,
    /// Other servers that its lines name.
    pub named: Named,
    /// First and last dated line.
    pub span: Option<(LogTime, LogTime)>,
    /// First and last dated line of each file, captures left out, in order of time.
    pub files: Vec<(LogTime, LogTime)>,
    /// Ends of the process, and when it came back.
    pub restarts: Vec<Restart>,
    /// The longest stretch between two files without any line: end of the one, start of the next.
    pub gap: Option<(LogTime, LogTime)>,
    /// Backward steps of the clock, with the input in which they happened.
    pub jumps: Vec<(usize, ClockJump)>,
    /// Lines at the ordinary level were seen.
    pub info_lines: bool,
    /// What it serves as, where its lines tell.
    pub role: Option<ServerRole>,
    /// The server's clock text minus UTC, in nanoseconds.
    pub zone: Option<TimeDelta>,
    /// By how much its clock is at least ahead of the source's meta servers; behind
    /// when negative. Times of its runs are corrected by it, see [`Model::logged`].
    pub ahead: TimeDelta,
    /// Cause and effect whose order shows that.
    pub ahead_proof: Vec<Occurrence>,
    /// Whether it is known what the server has written since its last line.
    pub following: FollowState,
    /// When lines of it came last, whatever time they state; of a log that is followed.
    pub heard: Option<LogTime>,
    /// By how much its clock is ahead of that of who follows it; behind when negative. Its times were put right before.
    pub clock_off: Option<TimeDelta>,
}

impl ServerLog {
    /// The last dated line of its log. A capture of its standard error that goes on does not count:
    /// it has few lines, so that what it does not say means nothing.
    pub fn log_end(&self) -> Option<LogTime> {
        self.files.iter().map(|file| file.1).max().or(self.span.map(|span| span.1))
    }
}

/// What an input was like, as far as a diagnosis depends on it.
#[derive(Debug, Clone, Default)]
pub struct InputState {
    /// How reports name the input.
    pub label: String,
    /// The server whose log it is part of.
    pub server: usize,
    /// Lines.
    pub lines: u64,
    /// Recognised events.
    pub events: u64,
    /// Lines whose anchor is known but that do not parse.
    pub drifted: u64,
    /// What is wrong with its bytes.
    pub damage: Option<String>,
    /// Lines that show drift or damage: line and text.
    pub proof: Vec<crate::run::Occurrence>,
}

/// A run and where it comes from.
#[derive(Debug, Clone)]
pub struct PlacedRun {
    /// The run.
    pub run: Run,
    /// Index of the server.
    pub server: usize,
}
