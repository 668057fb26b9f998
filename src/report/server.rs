//! The servers, their clocks and their restarts.

use super::context::Context;
use super::{Evidence, Time};
use crate::pegasus::{LogTime, ServerRole, Side};
use crate::timeline::{Restart, ServerLog};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// One server, over all its inputs.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct ServerEntry {
    /// Its name: mostly that of its folder.
    pub name: String,
    /// The cluster, as its folder calls it; `null` without a folder.
    pub cluster: Option<String>,
    /// `meta` or `replica`; `null` when its lines do not tell.
    #[schemars(with = "Option<String>")]
    pub role: Option<ServerRole>,
    /// First dated line.
    pub first: Option<Time>,
    /// Last dated line.
    pub last: Option<Time>,
    /// By how many milliseconds its clock is at least ahead of the source's meta servers; behind when
    /// negative. Times in this report are as the server logged them; their order is corrected by it.
    pub clock_ahead_ms: i64,
    /// Ends of its process.
    pub restarts: Vec<RestartEntry>,
}

/// A process ended; perhaps it came back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct RestartEntry {
    /// The last sign of the old process.
    pub ended: Time,
    /// The first sign of the new one; `null` when the logs have none.
    pub started: Option<Time>,
    /// It gave up itself, by a line of level F or because it lost the leader's lock; otherwise it was stopped, killed, or fell with its machine.
    pub aborted: bool,
    /// The lines with which it gave up and the first line of the new process.
    pub evidence: Vec<Evidence>,
}

impl Context<'_> {
    /// Whose a server is, as far as duplications tell; of the source, where none does.
    pub(super) fn side(&self, server: &ServerLog) -> Side {
        let home = self.model.clusters.iter().position(|cluster| *cluster == server.cluster);
        let source = self.model.stories.iter().any(|story| Some(story.cluster) == home);
        let target = home.is_some() && self.model.stories.iter().any(|story| self.model.target(story) == home);
        if target && !source { Side::Target } else { Side::Source }
    }

    /// The servers, by name.
    pub(super) fn servers(&self) -> Vec<ServerEntry> {
        let mut all: Vec<ServerEntry> = self.model.servers.iter().filter(|s| !s.answers).map(|s| self.server(s)).collect();
        all.sort_by(|a, b| (&a.name, a.role).cmp(&(&b.name, b.role)));
        all
    }

    fn server(&self, server: &ServerLog) -> ServerEntry {
        let logged = |at: LogTime| Time(at + server.ahead);
        ServerEntry {
            name: server.label.clone(),
            cluster: cluster_of(server).map(str::to_owned),
            role: server.role,
            first: server.span.map(|s| logged(s.0)),
            last: server.span.map(|s| logged(s.1)),
            clock_ahead_ms: server.ahead.as_millis(),
            restarts: server.restarts.iter().map(|r| self.restart(server, r)).collect(),
        }
    }

    /// One end of a server's process, in the server's own time.
    pub(super) fn restart(&self, server: &ServerLog, restart: &Restart) -> RestartEntry {
        let logged = |at: LogTime| Time(at + server.ahead);
        let place = |&run: &usize| self.proof(&self.model.runs[run].run.first);
        RestartEntry {
            ended: logged(restart.ended),
            started: restart.started.map(logged),
            aborted: restart.aborted(),
            evidence: restart.fatal.iter().chain(&restart.start).map(place).collect(),
        }
    }
}

/// The cluster as the folders name it, if they do.
pub(super) fn cluster_of(server: &ServerLog) -> Option<&str> {
    let folder = server.cluster.split('#').next().unwrap_or_default();
    folder.rsplit('/').next().filter(|name| !name.is_empty() && *name != ".")
}
