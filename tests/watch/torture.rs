//! Servers that write, rotate, tear lines and delete files while the watcher is killed again and again: nothing is lost, and what is
//! told twice says so. `DUPDOCTOR_KILLS=1000` for a long run; what such runs have shown stands in `docs/reliability.md`.

use super::desk::{Desk, Watch, now};
use crate::support::random::Random;
use rustix::process::Signal;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::os::unix::fs::symlink;
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// How a server's log is rotated.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Rotation {
    /// `log.1.txt`, `log.2.txt`, …
    Numbers,
    /// A link to the newest of the files with a time in their name.
    Link,
    /// logrotate: moved away, or copied and truncated.
    Logrotate,
}

/// A meta server that writes.
struct Server {
    folder: PathBuf,
    rotation: Rotation,
    turn: u64,
    file: fs::File,
}

impl Server {
    fn new(desk: &Desk, name: &str, rotation: Rotation) -> Self {
        let folder = desk.path("hz").join(name);
        fs::create_dir_all(&folder).unwrap();
        let file = fs::File::create(folder.join(file_name(rotation, 1))).unwrap();
        let mut server = Self { folder, rotation, turn: 1, file };
        server.link();
        server
    }

    fn path(&self, turn: u64) -> PathBuf {
        self.folder.join(file_name(self.rotation, turn))
    }

    fn link(&mut self) {
        if self.rotation == Rotation::Link {
            let link = self.folder.join("meta.log");
            // The first time there is none.
            let _ = fs::remove_file(&link);
            symlink(file_name(self.rotation, self.turn), link).unwrap();
        }
    }

    /// A line; now and then in two pieces, with a pause between.
    fn write(&mut self, level: char, text: &str, random: &mut Random) {
        let at = now();
        let clock = chrono::DateTime::from_timestamp_nanos(at + 8 * 3_600_000_000_000).format("%Y-%m-%d %H:%M:%S%.3f");
        let line = format!("{level}{clock} ({at} 7556) meta.meta_state0.145241087982698791: {text}\n").into_bytes();
        let torn = if random.below(10) == 0 { usize::try_from(random.below(line.len() as u64)).unwrap() } else { 0 };
        self.file.write_all(&line[..torn]).unwrap();
        if torn > 0 {
            std::thread::sleep(Duration::from_millis(random.below(200)));
        }
        self.file.write_all(&line[torn..]).unwrap();
    }

    fn rotate(&mut self, random: &mut Random) {
        let open = |path: &PathBuf| fs::File::options().append(true).create(true).open(path).unwrap();
        self.turn += 1;
        if self.rotation == Rotation::Logrotate {
            let (live, old) = (self.path(1), |n: u64| self.folder.join(format!("meta.log.{n}")));
            for n in (1..self.turn).rev() {
                let _ = fs::rename(old(n), old(n + 1));
            }
            if random.below(2) == 0 {
                fs::rename(&live, old(1)).unwrap();
                self.file = open(&live);
            } else {
                fs::copy(&live, old(1)).unwrap();
                self.file.set_len(0).unwrap();
                self.file = open(&live);
            }
        } else {
            self.file = open(&self.path(self.turn));
            self.link();
        }
    }

    /// Deletes files that are long done with, the oldest first, as servers do.
    fn delete_old(&self) {
        for entry in fs::read_dir(&self.folder).unwrap().map(Result::unwrap) {
            let Ok(about) = entry.path().symlink_metadata() else { continue };
            let old = about.modified().unwrap().elapsed().is_ok_and(|age| age > Duration::from_secs(90));
            if about.is_file() && old && entry.path() != self.path(self.turn) {
                fs::remove_file(entry.path()).unwrap();
            }
        }
    }
}

fn file_name(rotation: Rotation, turn: u64) -> String {
    match rotation {
        Rotation::Numbers => format!("log.{turn}.txt"),
        Rotation::Link => format!("meta.log.20240525_{turn:06}_000"),
        Rotation::Logrotate => "meta.log".to_owned(),
    }
}

/// A duplication on its way.
struct Life {
    server: usize,
    app: i64,
    dup: i64,
    /// It goes on when somebody was told that it is stuck.
    seen: bool,
    over: bool,
}

impl Life {
    fn begins(server: usize, app: i64, server_log: &mut Server, random: &mut Random) -> Self {
        let dup = now() / 1_000_000_000 * 1000 + app;
        let (key, table) = (format!("a{app}d{dup}"), format!("t{app}"));
        for text in [
            format!(
                "meta_duplication_service.cpp:176:add_duplication(): add duplication for app({table}), remote cluster name is tc, remote app name is {table}_copy, remote replica count is 3"
            ),
            format!(
                "meta_duplication_service.cpp:262:operator()(): [{key}] add duplication successfully [app_name: {table}, follower: tc]"
            ),
            format!(
                "duplication_info.cpp:174:persist_status(): [{key}] change duplication status from DS_INIT to DS_PREPARE successfully [app_id: {app}]"
            ),
            format!(
                "duplication_info.cpp:174:persist_status(): [{key}] change duplication status from DS_PREPARE to DS_APP successfully [app_id: {app}]"
            ),
        ] {
            server_log.write('I', &text, random);
        }
        Self { server, app, dup, seen: false, over: false }
    }

    fn goes_on(&mut self, server: &mut Server, random: &mut Random) {
        let (app, dup) = (self.app, self.dup);
        if self.over {
            return;
        }
        if self.seen {
            let text = format!(
                "duplication_info.cpp:174:persist_status(): [a{app}d{dup}] change duplication status from DS_APP to DS_LOG successfully [app_id: {app}]"
            );
            server.write('I', &text, random);
            self.over = true;
        } else {
            let text = format!(
                "meta_duplication_service.cpp:556:operator()(): query follower app[tc.t{app}] replica configuration completed, result: duplication_status = DS_APP, query_err = ERR_OBJECT_NOT_FOUND, update_err = ERR_NO_NEED_OPERATE"
            );
            server.write('E', &text, random);
        }
    }
}

/// What came out, by duplication.
#[derive(Default)]
struct Told {
    changes: BTreeMap<i64, Vec<(String, bool)>>,
    lines: usize,
    again: usize,
}

impl Told {
    fn take(&mut self, values: Vec<Value>) {
        for value in values {
            self.lines += 1;
            self.again += usize::from(value["again"] == true);
            if value["finding"]["code"] == "DUP301" {
                let dup = value["finding"]["duplication"]["dup_id"].as_i64().unwrap();
                let change = value["change"].as_str().unwrap().to_owned();
                self.changes.entry(dup).or_default().push((change, value["again"] == true));
            }
        }
    }

    fn has(&self, dup: i64, what: &str) -> bool {
        self.changes.get(&dup).is_some_and(|all| all.iter().any(|(change, _)| change == what))
    }
}

impl Told {
    /// What is told twice says so, and comes right behind; nothing is missing.
    fn check(&self, lives: &[Life], kills: usize) {
        for life in lives {
            let all = &self.changes[&life.dup];
            let mut seen: Vec<&str> = all.iter().map(|(change, _)| change.as_str()).collect();
            seen.dedup();
            assert_eq!(seen, ["opened", "cleared"], "{}: {all:?}", life.dup);
            let once: Vec<&str> = all.iter().filter(|(_, again)| !again).map(|(change, _)| change.as_str()).collect();
            assert!(once.iter().filter(|change| **change == "opened").count() <= 1 && once.len() <= 2, "{}: {all:?}", life.dup);
        }
        assert_eq!(self.changes.len(), lives.len());
        assert!(self.again <= kills, "{} of {kills}", self.again);
    }
}

#[test]
fn kills_lose_nothing_and_repeats_are_marked() {
    let kills: usize = std::env::var("DUPDOCTOR_KILLS").ok().map_or(50, |n| n.parse().unwrap());
    let (desk, mut random) = (Desk::new(), Random(19));
    fs::remove_dir_all(desk.path("hz/meta1")).unwrap();
    let mut servers = [("meta1", Rotation::Numbers), ("meta2", Rotation::Link), ("meta3", Rotation::Logrotate)]
        .map(|(name, rotation)| Server::new(&desk, name, rotation));
    // The command is slow enough to be in flight when a kill comes.
    let start = || desk.watch(&["hz", "--format", "ndjson", "--state", "state.json", "-q", "--exec", "cat >> got; sleep 0.1"]);
    let got = || {
        let mut got = Told::default();
        let text = fs::read_to_string(desk.path("got")).unwrap_or_default();
        got.take(text.lines().map(|line| serde_json::from_str(line).unwrap()).collect());
        got
    };
    let (mut lives, mut told, mut watch): (Vec<Life>, Told, Watch) = (Vec::new(), Told::default(), start());
    let (mut done, mut died, begin) = (0, Instant::now(), Instant::now());
    let mut lifetime = Duration::from_secs(3);
    while done < kills || lives.iter().any(|life| !told.has(life.dup, "cleared")) {
        let late = begin.elapsed() > Duration::from_secs(120) + Duration::from_secs(10) * u32::try_from(kills).unwrap();
        assert!(!late, "after {done} kills something was never told: {}", watch.err());
        if done < kills && (lives.len() < 3 || random.below(4) == 0) && lives.iter().filter(|life| !life.over).count() < 12 {
            let (app, server) = (100 + i64::try_from(lives.len()).unwrap(), lives.len() % servers.len());
            lives.push(Life::begins(server, app, &mut servers[server], &mut random));
        }
        for life in &mut lives {
            life.seen |= told.has(life.dup, "opened");
            life.goes_on(&mut servers[life.server], &mut random);
        }
        for server in &mut servers {
            server.write('I', "server_state.cpp:1:x(): noise", &mut random);
            if random.below(20) == 0 {
                server.rotate(&mut random);
                server.delete_old();
            }
        }
        std::thread::sleep(Duration::from_millis(50 + random.below(150)));
        told.take(watch.seen());
        if done < kills && died.elapsed() > lifetime {
            let gentle = [Signal::TERM, Signal::INT].get(usize::try_from(random.below(6)).unwrap());
            watch.signal(gentle.copied().unwrap_or(Signal::KILL));
            watch.code();
            told.take(watch.last());
            (watch, done, died) = (start(), done + 1, Instant::now());
            // Now and then while it still reads what was there before it.
            lifetime = Duration::from_millis(if random.below(4) == 0 { random.below(300) } else { 400 + random.below(1200) });
        }
    }
    while got().changes.values().map(Vec::len).sum::<usize>() < 2 * lives.len() || lives.iter().any(|life| !got().has(life.dup, "cleared"))
    {
        assert!(begin.elapsed() < Duration::from_secs(180) + Duration::from_secs(10) * u32::try_from(kills).unwrap(), "{}", watch.err());
        std::thread::sleep(Duration::from_millis(100));
    }
    watch.signal(Signal::TERM);
    watch.code();
    told.take(watch.last());
    let got = got();
    told.check(&lives, kills);
    got.check(&lives, kills);
    let (dups, changes, seconds) = (lives.len(), told.lines, begin.elapsed().as_secs());
    eprintln!(
        "{kills} kills, {dups} duplications, {changes} changes, told again {}, to the command {}, {seconds} s",
        told.again, got.again
    );
}
