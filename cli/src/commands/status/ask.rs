//! One round of questions: the meta leader for tables and duplications, the replica servers for what is pending.

use super::args::StatusArgs;
use super::client::{Client, base, encoded};
use crate::options::meant;
use anyhow::{Result, bail};
use dupdoctor::internal::answer::http::{HttpTable, Refusal, duplications, nodes, pending, tables};
use dupdoctor::internal::answer::{DupState, Pending};
use dupdoctor::internal::report::NotAsked;
use dupdoctor::{AppId, DupStatus, Gpid};
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
    /// The tables that the meta leader lists.
    listed: Vec<HttpTable>,
    /// A table was asked for that is not there.
    pub(super) misspelt: bool,
    /// The tables that were asked for, and their duplications.
    pub(super) tables: Vec<AskedTable>,
    /// The replica servers that were to be asked.
    pub(super) servers: Vec<String>,
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
    pub(super) partition_count: Option<i64>,
    pub(super) duplications: Vec<DupState>,
}

impl AskedTable {
    /// Whether its primaries have duplications to tell of.
    fn ships(&self) -> bool {
        self.duplications.iter().any(|d| d.status.is_some_and(DupStatus::ships))
    }
}

impl Round {
    fn missed(&mut self, url: String, reason: impl Into<String>) {
        self.not_asked.push(NotAsked { url, app_name: None, reason: reason.into() });
    }

    /// The same of a table, of which less is known because of it.
    fn missed_table(&mut self, app_name: &str, url: String, reason: impl Into<String>) {
        self.not_asked.push(NotAsked { url, app_name: Some(app_name.to_owned()), reason: reason.into() });
    }

    /// All names of tables in it.
    pub(super) fn names(&self) -> BTreeSet<String> {
        self.listed.iter().map(|t| &t.app_name).chain(self.tables.iter().map(|t| &t.app_name)).cloned().collect()
    }

    /// Why a table's duplications are not known; whether there is no such table, and then what may be meant.
    fn reason(&self, app_name: &str, refusal: &Refusal) -> (bool, String) {
        let unlisted = !self.listed.is_empty() && self.listed.iter().all(|t| t.app_name != app_name);
        if *refusal != Refusal::NoTable && !(unlisted && matches!(refusal, Refusal::Disabled | Refusal::NoPage)) {
            return (false, refusal.to_string());
        }
        let hint = if unlisted { meant(app_name, self.listed.iter().map(|t| t.app_name.as_str())) } else { String::new() };
        (true, format!("{}{hint}", Refusal::NoTable))
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
        for app_name in self.names(&mut round) {
            if stop.load(Ordering::SeqCst) {
                return round;
            }
            let disabled = self.table(app_name, &mut round);
            if disabled && self.apps.is_empty() {
                // The meta server answers the same of each table.
                break;
            }
        }
        self.pending(&mut round, stop);
        round
    }

    /// Asks once more for what waits on some partitions; what was answered takes the place of what was, and is returned.
    pub(super) fn again(&self, round: &mut Round, waiting: &BTreeSet<Gpid>, stop: &AtomicBool) -> Vec<(String, Pending)> {
        let apps: BTreeSet<AppId> = waiting.iter().map(|g| g.app_id).collect();
        let wanted: Vec<(AppId, bool)> = apps.into_iter().map(|app| (app, true)).collect();
        let parts = self.of_replicas(&round.servers, &wanted, stop);
        let answers: Vec<_> = parts.into_iter().flat_map(|p| p.pending).filter(|(_, p)| waiting.contains(&p.gpid)).collect();
        for new in &answers {
            let same = |old: &&mut (String, Pending)| (old.1.dup_id, old.1.gpid) == (new.1.dup_id, new.1.gpid);
            round.pending.iter_mut().filter(same).for_each(|old| old.clone_from(new));
        }
        answers
    }

    /// The tables to ask for, by the leader, which is found thereby; the meta servers in turn, the last leader first.
    fn names(&mut self, round: &mut Round) -> Vec<String> {
        for index in 0..self.metas.len() {
            let mut found = self.ask(&self.metas[index], "/meta/apps", tables);
            if let (Err((missed, true)), Some(app)) = (&found, self.apps.first()) {
                // Who keeps its list to itself may yet answer for a table.
                let path = format!("/meta/app/duplication?name={}", encoded(app));
                let listless = missed.clone();
                found = self.ask(&self.metas[index], &path, leads).map(|(leader, ())| (leader, Vec::new()));
                if found.is_ok() {
                    round.not_asked.push(listless);
                }
            }
            match found {
                Ok((leader, listed)) => {
                    self.metas.swap(0, index);
                    round.leader = Some(leader);
                    round.listed = listed;
                    let all = || round.listed.iter().map(|t| t.app_name.clone()).collect();
                    return if self.apps.is_empty() { all() } else { self.apps.clone() };
                }
                Err((missed, _)) => round.not_asked.push(missed),
            }
        }
        Vec::new()
    }

    /// Asks one server; whoever answered in the end, and what. Beside a failure stands whether somebody answered at all.
    pub(super) fn ask<T>(
        &self,
        base: &str,
        path: &str,
        read: impl Fn(u16, &[u8]) -> Result<T, Refusal>,
    ) -> Result<(String, T), (NotAsked, bool)> {
        let missed = |base: &str, reason| NotAsked { url: format!("{base}{path}"), app_name: None, reason };
        let reply = self.client.get(base, path).map_err(|reason| (missed(base, reason), false))?;
        match read(reply.status, &reply.body) {
            Ok(answer) => Ok((reply.base, answer)),
            Err(refusal) => Err((missed(&reply.base, refusal.to_string()), true)),
        }
    }

    /// The duplications of one table; when the leader has gone, the others are tried. Says whether duplication is switched off.
    fn table(&self, app_name: String, round: &mut Round) -> bool {
        let path = format!("/meta/app/duplication?name={}", encoded(&app_name));
        let leader = round.leader.clone();
        let mut why = None;
        for meta in leader.iter().chain(self.metas.iter().filter(|m| Some(*m) != leader.as_ref())) {
            match self.client.get(meta, &path) {
                Ok(reply) => {
                    round.leader = Some(reply.base.clone());
                    let url = format!("{}{path}", reply.base);
                    match duplications(reply.status, &reply.body) {
                        Ok(seen) => {
                            for unread in &seen.unread {
                                round.missed_table(&app_name, url.clone(), format!("not understood: {unread}"));
                            }
                            let listed = round.listed.iter().find(|t| t.app_name == app_name);
                            let (app_id, partition_count) =
                                (listed.map(|t| AppId(t.app_id)).or(seen.app_id), listed.and_then(|t| t.partition_count));
                            round.tables.push(AskedTable { app_name, app_id, partition_count, duplications: seen.duplications });
                        }
                        Err(refusal) => {
                            let (missing, reason) = round.reason(&app_name, &refusal);
                            round.misspelt |= missing && !self.apps.is_empty();
                            round.missed_table(&app_name, url, reason);
                            return refusal == Refusal::Disabled;
                        }
                    }
                    return false;
                }
                Err(error) => why = why.or(Some((format!("{meta}{path}"), error))),
            }
        }
        if let Some((url, why)) = why {
            round.missed_table(&app_name, url, why);
        }
        false
    }

    /// What replica servers have not shipped, for the tables that have duplications.
    fn pending(&self, round: &mut Round, stop: &AtomicBool) {
        let with_dups = round.tables.iter().filter(|t| !t.duplications.is_empty());
        let wanted: Vec<(AppId, bool)> = with_dups.filter_map(|t| Some((t.app_id?, t.ships()))).collect();
        if wanted.is_empty() {
            return;
        }
        round.servers = if self.replicas.is_empty() { self.named(round) } else { self.replicas.clone() };
        for part in self.of_replicas(&round.servers, &wanted, stop) {
            round.replicas.extend(part.server);
            round.pending.extend(part.pending);
            round.not_asked.extend(part.not_asked);
        }
    }

    /// In the order of the servers, whoever was quicker.
    fn of_replicas(&self, servers: &[String], wanted: &[(AppId, bool)], stop: &AtomicBool) -> Vec<Part> {
        self.threads.install(|| servers.par_iter().with_max_len(1).map(|server| self.of_replica(server, wanted, stop)).collect())
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
            Err((NotAsked { url, reason, .. }, _)) => round.missed(url, format!("{reason}; name the replica servers with --replica")),
        }
        servers
    }

    /// What a replica server tells of tables, each with whether its primaries must have duplications.
    fn of_replica(&self, server: &str, apps: &[(AppId, bool)], stop: &AtomicBool) -> Part {
        let mut part = Part::default();
        let address = server.split_once("://").map_or(server, |(_, address)| address);
        for (app, ships) in apps {
            if stop.load(Ordering::SeqCst) {
                break;
            }
            let path = format!("/replica/duplication?appid={}", app.0);
            let mut missed = |why: String| part.not_asked.push(NotAsked { url: format!("{server}{path}"), app_name: None, reason: why });
            match self.client.get(server, &path) {
                Ok(reply) => match pending(reply.status, &reply.body) {
                    Ok((found, unread)) => {
                        for entry in unread {
                            missed(format!("not understood: {entry}"));
                        }
                        part.server = Some(server.to_owned());
                        part.pending.extend(found.into_iter().filter(|p| p.gpid.app_id == *app).map(|p| (address.to_owned(), p)));
                    }
                    // Until the next sync, or before DS_LOG, a primary need not know of it.
                    Err(refusal @ (Refusal::NoPrimary | Refusal::NotAssigned)) => {
                        part.server = Some(server.to_owned());
                        if refusal == Refusal::NotAssigned && *ships {
                            missed(refusal.to_string());
                        }
                    }
                    // It would answer the same of the other tables.
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
