//! Servers whose clocks are off, as a watcher sees them: it is told what is written and what time it is.

use dupdoctor::internal::timeline::FollowState;
use dupdoctor::{Catalogue, Change, ClockMode, LogTime, Settings, Severity, TimeDelta, Watcher, WatcherOptions};

/// Seconds since the epoch at which it begins.
const BEGIN: i64 = 1_796_054_051;

/// A line of every two seconds from each of three servers, one of which has a clock of its own.
struct Cluster {
    watcher: Watcher,
    second: i64,
    told: Vec<Change>,
}

impl Cluster {
    fn new(clock: ClockMode) -> Self {
        let mut watcher = Watcher::new(
            Settings { catalogue: Catalogue::built_in(), ..Settings::default() },
            WatcherOptions { clock, least: Severity::Warning },
            None,
        );
        for server in ["meta1", "replica1", "replica2"] {
            let role = server.trim_end_matches(char::is_numeric);
            let log = watcher.logs.open(&format!("hz/{server}/{role}.log.20261130_150000_000"));
            watcher.logs.set_following(log, FollowState::Followed);
        }
        Self { watcher, second: 0, told: Vec::new() }
    }

    fn write(&mut self, log: usize, ahead: i64, text: &str) {
        let at = BEGIN + self.second + ahead;
        let clock = LogTime::from_secs(at).rfc3339().replace('T', " ");
        let context = if log == 0 { "meta.meta_state0.1: " } else { "replica.default0.1: " };
        self.watcher.logs.feed(log, format!("I{} ({at}123456789 471{log}) {context}{text}\n", clock.trim_end_matches('Z')).as_bytes());
    }

    /// So many seconds pass; `ahead` is what the last server's clock shows too much.
    fn pass(&mut self, seconds: i64, ahead: i64) {
        for _ in 0..seconds / 2 {
            self.second += 2;
            self.write(0, 0, "duplication_info.cpp:1:tick(): something else");
            for log in 1..3 {
                let ahead = if log == 2 { ahead } else { 0 };
                self.write(log, ahead, "duplication_sync_timer.cpp:91:run(): duplication_sync to meta(meta-servers)");
            }
            self.look();
        }
    }

    fn look(&mut self) {
        let wall = LogTime::from_secs(BEGIN + self.second);
        self.told.extend(self.watcher.look(wall));
        let Some(report) = self.watcher.report() else { return };
        // Less than a minute is no clock that is off.
        let latest = wall + TimeDelta::mins(1);
        assert!(self.watcher.now() <= latest && report.window.last.is_none_or(|last| last.0 <= latest), "{:?} {wall:?}", report.window);
        for finding in &report.findings {
            let times = finding.first_seen.iter().chain(&finding.last_seen).chain(finding.evidence.iter().map(|e| &e.at));
            assert!(times.map(|t| t.0).all(|at| at <= latest), "{finding:?}");
        }
    }

    fn told(&mut self) -> Vec<String> {
        let line = |c: Change| {
            let finding = c.incident.finding;
            format!("{} {} {} {}", c.change, finding.code, finding.severity, finding.server.unwrap_or_default())
        };
        std::mem::take(&mut self.told).into_iter().map(line).collect()
    }
}

#[test]
fn a_clock_that_jumps_ahead_is_told_of_its_server_alone_and_clears_when_it_is_set() {
    let mut cluster = Cluster::new(ClockMode::Auto);
    cluster.pass(20, 0);
    cluster.pass(400, 600);
    assert_eq!(cluster.told(), ["opened DUP903 warning hz/replica2"]);
    cluster.pass(400, 0);
    assert_eq!(cluster.told(), ["cleared DUP903 info hz/replica2"]);
}

#[test]
fn a_clock_that_was_ahead_from_the_beginning_is_told() {
    let mut cluster = Cluster::new(ClockMode::Auto);
    cluster.pass(400, 240);
    assert_eq!(cluster.told(), ["opened DUP903 warning hz/replica2"]);
}

#[test]
fn who_writes_with_a_clock_that_is_behind_is_not_silent() {
    for jumps in [false, true] {
        let mut cluster = Cluster::new(ClockMode::Auto);
        cluster.pass(if jumps { 20 } else { 0 }, 0);
        cluster.pass(400, -900);
        assert_eq!(cluster.told(), ["opened DUP903 warning hz/replica2"], "{jumps}");
    }
}

#[test]
fn seconds_are_no_news_and_a_server_that_falls_silent_is() {
    let mut cluster = Cluster::new(ClockMode::Auto);
    cluster.pass(400, 40);
    assert_eq!(cluster.told(), [""; 0]);
    cluster.pass(20, 600);
    for _ in 0..400 {
        cluster.second += 1;
        cluster.write(0, 0, "duplication_info.cpp:1:tick(): something else");
        cluster.look();
    }
    // The one whose clock is ahead falls silent as soon as the other.
    let expected = ["opened DUP903 warning hz/replica2", "opened DUP908 warning hz/replica1", "opened DUP908 warning hz/replica2"];
    assert_eq!(cluster.told(), expected);
}

#[test]
fn a_history_that_is_replayed_has_no_clock() {
    let mut cluster = Cluster::new(ClockMode::Auto);
    // Written long ago, read at the pace at which it was written.
    for _ in 0..60 {
        cluster.second += 2;
        for log in 0..3 {
            cluster.write(
                log,
                -7200 + i64::try_from(log).unwrap() * 300,
                "duplication_sync_timer.cpp:91:run(): duplication_sync to meta(m)",
            );
        }
        cluster.look();
    }
    assert_eq!(cluster.told(), [""; 0]);
}
