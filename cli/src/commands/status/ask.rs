//! One round of questions: the meta leader for tables and duplications, the replica servers for what is pending.

use super::args::StatusArgs;
use super::client::{Client, Reply, base, encoded};
use anyhow::{Result, bail};
use dupdoctor::answer::http::{Refusal, duplications, nodes, pending, tables};
use dupdoctor::answer::{DupState, Pending};
use dupdoctor::report::NotAsked;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

/// Replica servers that are asked at a time.
const AT_A_TIME: usize = 16;

/// Asks, round after round.
pub(super) struct Asker {
    client: Client,
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
    pub(super) app_id: Option<i64>,
    pub(super) duplications: Vec<DupState>,
}

impl Round {
    fn miss_all(&mut self, missed: Vec<(String, String)>) {
        self.not_asked.extend(missed.into_iter().map(|(url, reason)| NotAsked { url, reason }));
    }

    fn missed(&mut self, url: String, reason: &dyn ToString) {
        self.not_asked.push(NotAsked { url, reason: reason.to_string() });
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
            bail!("--app: an empty name");
        }
        let apps: BTreeSet<String> = args.app.iter().map(|a| a.trim().to_owned()).collect();
        Ok(Self {
            client: Client::new(args.timeout.into()),
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
    fn names(&mut self, round: &mut Round) -> Option<Vec<(String, Option<i64>)>> {
        let path = match self.apps.first() {
            Some(app) => format!("/meta/app/duplication?name={}", encoded(app)),
            None => "/meta/apps".to_owned(),
        };
        let mut missed = Vec::new();
        for index in 0..self.metas.len() {
            let meta = self.metas[index].clone();
            let reply = match self.client.get(&meta, &path) {
                Ok(reply) => reply,
                Err(error) => {
                    missed.push((format!("{meta}{path}"), error.to_string()));
                    continue;
                }
            };
            let names = match self.apps.as_slice() {
                [] => tables(reply.status, &reply.body).map(|all| all.into_iter().map(|t| (t.app_name, Some(t.app_id))).collect()),
                apps => told(&reply).map(|()| apps.iter().map(|a| (a.clone(), None)).collect()),
            };
            match names {
                Ok(names) => {
                    self.metas.swap(0, index);
                    round.leader = Some(reply.base);
                    round.miss_all(missed);
                    return Some(names);
                }
                Err(refusal) => missed.push((format!("{}{path}", reply.base), refusal.to_string())),
            }
        }
        round.miss_all(missed);
        None
    }

    /// The duplications of one table; when the leader has gone, the others are tried.
    fn table(&self, app_name: String, app_id: Option<i64>, round: &mut Round) {
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
                                round.missed(format!("{}{path}", reply.base), &format!("not understood: {unread}"));
                            }
                            let app_id = app_id.or(seen.app_id.map(|a| a.0));
                            round.tables.push(AskedTable { app_name, app_id, duplications: seen.duplications });
                        }
                        Err(refusal) => round.missed(format!("{}{path}", reply.base), &refusal),
                    }
                    return;
                }
                Err(error) => why = why.or(Some((format!("{meta}{path}"), error.to_string()))),
            }
        }
        if let Some((url, why)) = why {
            round.missed(url, &why);
        }
    }

    /// What replica servers have not shipped, for the tables that have duplications.
    fn pending(&self, round: &mut Round, stop: &AtomicBool) {
        let mut wanted: Vec<i64> = round.tables.iter().filter(|t| !t.duplications.is_empty()).filter_map(|t| t.app_id).collect();
        wanted.dedup();
        if wanted.is_empty() {
            return;
        }
        let servers = if self.replicas.is_empty() { self.named(round) } else { self.replicas.clone() };
        let next = AtomicUsize::new(0);
        let told: Mutex<BTreeMap<usize, Part>> = Mutex::new(BTreeMap::new());
        std::thread::scope(|scope| {
            for _ in 0..AT_A_TIME.min(servers.len()) {
                scope.spawn(|| {
                    while let Some((index, server)) = Some(next.fetch_add(1, Ordering::SeqCst)).and_then(|i| Some((i, servers.get(i)?))) {
                        let part = self.of_replica(server, &wanted, stop);
                        if let Ok(mut told) = told.lock() {
                            told.insert(index, part);
                        }
                    }
                });
            }
        });
        // In the order of the servers, whoever was quicker.
        for part in told.into_inner().unwrap_or_default().into_values() {
            round.replicas.extend(part.server);
            round.pending.extend(part.pending);
            round.not_asked.extend(part.not_asked);
        }
    }

    /// The replica servers that the meta leader names.
    fn named(&self, round: &mut Round) -> Vec<String> {
        let Some(leader) = round.leader.clone() else { return Vec::new() };
        let url = format!("{leader}/meta/nodes");
        let found = match self.client.get(&leader, "/meta/nodes") {
            Ok(reply) => nodes(reply.status, &reply.body).map_err(|e| e.to_string()),
            Err(error) => Err(error.to_string()),
        };
        match found {
            Ok(found) => {
                let mut servers = Vec::new();
                for node in found {
                    match base(&node.address) {
                        Ok(base) if node.alive => servers.push(base),
                        Ok(base) => round.missed(base, &"the meta server counts it as dead"),
                        Err(why) => round.missed(url.clone(), &why),
                    }
                }
                servers
            }
            Err(why) => {
                round.missed(url, &format!("{why}; name the replica servers with --replica"));
                Vec::new()
            }
        }
    }

    fn of_replica(&self, server: &str, apps: &[i64], stop: &AtomicBool) -> Part {
        let mut part = Part::default();
        let address = server.split_once("://").map_or(server, |(_, address)| address);
        for app in apps {
            if stop.load(Ordering::SeqCst) {
                break;
            }
            let path = format!("/replica/duplication?appid={app}");
            let mut missed = |why: String| part.not_asked.push(NotAsked { url: format!("{server}{path}"), reason: why });
            match self.client.get(server, &path) {
                Ok(reply) => match pending(reply.status, &reply.body) {
                    Ok((found, unread)) => {
                        for entry in unread {
                            missed(format!("not understood: {entry}"));
                        }
                        part.server = Some(server.to_owned());
                        part.pending.extend(found.into_iter().filter(|p| p.gpid.app_id.0 == *app).map(|p| (address.to_owned(), p)));
                    }
                    Err(refusal @ (Refusal::Disabled | Refusal::NoPage)) => {
                        missed(refusal.to_string());
                        break;
                    }
                    Err(refusal) => missed(refusal.to_string()),
                },
                // It would not answer for the other tables either.
                Err(error) => {
                    missed(error.to_string());
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
fn told(reply: &Reply) -> Result<(), Refusal> {
    match duplications(reply.status, &reply.body) {
        Ok(_) | Err(Refusal::NoTable | Refusal::Disabled) => Ok(()),
        Err(refusal) => Err(refusal),
    }
}
