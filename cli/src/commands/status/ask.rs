//! One round of questions: the meta leader for tables and duplications, the replica servers for what is pending.

use super::args::StatusArgs;
use super::client::{Client, base, encoded};
use anyhow::{Result, bail};
use dupdoctor::AppId;
use dupdoctor::internal::answer::http::{Refusal, duplications, nodes, pending, tables};
use dupdoctor::internal::answer::{DupState, Pending};
use dupdoctor::internal::report::NotAsked;
use rayon::prelude::*;
use rayon::{ThreadPool, ThreadPoolBuilder};
use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};

/// Replica servers that are asked at a time.
const AT_A_TIME: usize = 16;

/// Asks, round after round.
pub(super) struct Asker {
    client: Client,
    threads: ThreadPool,
    metas: Vec<String>,
    replicas: Vec<String>,
    apps: Vec<String>,
}

/// What came of one round.
#[derive(Default)]
pub(super) struct Round {
    /// The meta leader, as `http://host:port`.
    pub(super) leader: Option<String>,
    /// The tables that were asked for, and their duplications.
    pub(super) tables: Vec<AskedTable>,
    /// Replica servers that answered.
    pub(super) replicas: BTreeSet<String>,
    /// What they have not shipped, with the server.
    pub(super) pending: Vec<(String, Pending)>,
    /// What could not be asked, and why.
    pub(super) not_asked: Vec<NotAsked>,
}

/// A table that answered.
pub(super) struct AskedTable {
    pub(super) app_name: String,
    pub(super) app_id: Option<AppId>,
    pub(super) duplications: Vec<DupState>,
}

impl Round {
    fn missed(&mut self, url: String, reason: impl Into<String>) {
        self.not_asked.push(NotAsked { url, reason: reason.into() });
    }
}

impl Asker {
    pub(super) fn new(args: &StatusArgs) -> Result<Self> {
        let bases = |option: &str, typed: &[String]| -> Result<Vec<String>> {
            let mut all = Vec::new();
            for one in typed.iter().filter(|t| !t.trim().is_empty()) {
                match base(one) {
                    Ok(base) if all.contains(&base) => {}
                    Ok(base) => all.push(base),
                    Err(why) => bail!("{option}: {why}"),
                }
            }
            Ok(all)
        };
        let metas = bases("--meta", &args.meta)?;
        if metas.is_empty() {
            bail!("--meta names no server; write host:port, such as meta1:34602");
        }
        if args.app.iter().any(|a| a.trim().is_empty()) {
            bail!("--app: NAME must not be empty");
        }
        let apps: BTreeSet<String> = args.app.iter().map(|a| a.trim().to_owned()).collect();
        Ok(Self {
            client: Client::new(args.timeout.into()),
            threads: ThreadPoolBuilder::new().num_threads(AT_A_TIME).build()?,
            metas,
            replicas: bases("--replica", &args.replica)?,
            apps: apps.into_iter().collect(),
        })
    }

    /// Asks everybody once.
    pub(super) fn round(&mut self, stop: &AtomicBool) -> Round {
        let mut round = Round::default();
        let Some(names) = self.names(&mut round) else { return round };
        for (app_name, app_id) in names {
            if stop.load(Ordering::SeqCst) {
                return round;
            }
            self.table(app_name, app_id, &mut round);
        }
        self.pending(&mut round, stop);
        round
    }

    /// The leader, and the tables to ask for; the meta servers in turn, the last leader first.
    fn names(&mut self, round: &mut Round) -> Option<Vec<(String, Option<AppId>)>> {
        let path = match self.apps.first() {
            Some(app) => format!("/meta/app/duplication?name={}", encoded(app)),
            None => "/meta/apps".to_owned(),
        };
        let read = |status: u16, body: &[u8]| match self.apps.as_slice() {
            [] => tables(status, body).map(|all| all.into_iter().map(|t| (t.app_name, Some(AppId(t.app_id)))).collect()),
            named => leads(status, body).map(|()| named.iter().map(|app| (app.clone(), None)).collect()),
        };
        for index in 0..self.metas.len() {
            match self.ask(&self.metas[index], &path, read) {
                Ok((leader, names)) => {
                    self.metas.swap(0, index);
                    round.leader = Some(leader);
                    return Some(names);
                }
                Err(missed) => round.not_asked.push(missed),
            }
        }
        None
    }

    /// Asks one server; whoever answered in the end, and what.
    fn ask<T>(&self, base: &str, path: &str, read: impl Fn(u16, &[u8]) -> Result<T, Refusal>) -> Result<(String, T), NotAsked> {
        let reply = self.client.get(base, path).map_err(|reason| NotAsked { url: format!("{base}{path}"), reason })?;
        match read(reply.status, &reply.body) {
            Ok(answer) => Ok((reply.base, answer)),
            Err(refusal) => Err(NotAsked { url: format!("{}{path}", reply.base), reason: refusal.to_string() }),
        }
    }

    /// The duplications of one table; when the leader has gone, the others are tried.
    fn table(&self, app_name: String, app_id: Option<AppId>, round: &mut Round) {
        let path = format!("/meta/app/duplication?name={}", encoded(&app_name));
        let leader = round.leader.clone();
        let mut why = None;
        for meta in leader.iter().chain(self.metas.iter().filter(|m| Some(*m) != leader.as_ref())) {
            match self.client.get(meta, &path) {
                Ok(reply) => {
                    round.leader = Some(reply.base.clone());
                    match duplications(reply.status, &reply.body) {
                        Ok(seen) => {
                            for unread in &seen.unread {
                                round.missed(format!("{}{path}", reply.base), format!("not understood: {unread}"));
                            }
                            let app_id = app_id.or(seen.app_id);
                            round.tables.push(AskedTable { app_name, app_id, duplications: seen.duplications });
                        }
                        Err(refusal) => round.missed(format!("{}{path}", reply.base), refusal.to_string()),
                    }
                    return;
                }
                Err(error) => why = why.or(Some((format!("{meta}{path}"), error))),
            }
        }
        if let Some((url, why)) = why {
            round.missed(url, why);
        }
    }

    /// What replica servers have not shipped, for the tables that have duplications.
    fn pending(&self, round: &mut Round, stop: &AtomicBool) {
        let mut wanted: Vec<AppId> = round.tables.iter().filter(|t| !t.duplications.is_empty()).filter_map(|t| t.app_id).collect();
        wanted.dedup();
        if wanted.is_empty() {
            return;
        }
        let servers = if self.replicas.is_empty() { self.named(round) } else { self.replicas.clone() };
        let ask = || servers.par_iter().with_max_len(1).map(|server| self.of_replica(server, &wanted, stop)).collect();
        // In the order of the servers, whoever was quicker.
        let parts: Vec<Part> = self.threads.install(ask);
        for part in parts {
            round.replicas.extend(part.server);
            round.pending.extend(part.pending);
            round.not_asked.extend(part.not_asked);
        }
    }

    /// The replica servers that the meta leader names.
    fn named(&self, round: &mut Round) -> Vec<String> {
        let Some(leader) = round.leader.clone() else { return Vec::new() };
        let mut servers = Vec::new();
        match self.ask(&leader, "/meta/nodes", nodes) {
            Ok((_, found)) => {
                for node in found {
                    match base(&node.address) {
                        Ok(base) if node.alive => servers.push(base),
                        Ok(base) => round.missed(base, "the meta server counts it as dead"),
                        Err(why) => round.missed(format!("{leader}/meta/nodes"), why),
                    }
                }
            }
            Err(NotAsked { url, reason }) => round.missed(url, format!("{reason}; name the replica servers with --replica")),
        }
        servers
    }

    fn of_replica(&self, server: &str, apps: &[AppId], stop: &AtomicBool) -> Part {
        let mut part = Part::default();
        let address = server.split_once("://").map_or(server, |(_, address)| address);
        for app in apps {
            if stop.load(Ordering::SeqCst) {
                break;
            }
            let path = format!("/replica/duplication?appid={}", app.0);
            let mut missed = |why: String| part.not_asked.push(NotAsked { url: format!("{server}{path}"), reason: why });
            match self.client.get(server, &path) {
                Ok(reply) => match pending(reply.status, &reply.body) {
                    Ok((found, unread)) => {
                        for entry in unread {
                            missed(format!("not understood: {entry}"));
                        }
                        part.server = Some(server.to_owned());
                        part.pending.extend(found.into_iter().filter(|p| p.gpid.app_id == *app).map(|p| (address.to_owned(), p)));
                    }
                    Err(refusal @ (Refusal::Disabled | Refusal::NoPage)) => {
                        missed(refusal.to_string());
                        break;
                    }
                    Err(refusal) => missed(refusal.to_string()),
                },
                // It would not answer for the other tables either.
                Err(error) => {
                    missed(error);
                    break;
                }
            }
        }
        part
    }
}

/// What one replica server told.
#[derive(Default)]
struct Part {
    server: Option<String>,
    pending: Vec<(String, Pending)>,
    not_asked: Vec<NotAsked>,
}

/// Whether an answer comes from a meta server that leads, whatever it says of the table.
fn leads(status: u16, body: &[u8]) -> Result<(), Refusal> {
    match duplications(status, body) {
        Ok(_) | Err(Refusal::NoTable | Refusal::Disabled) => Ok(()),
        Err(refusal) => Err(refusal),
    }
}
