//! Logs to look at: a week of many duplications, and one whose names are meant to do harm.

use std::fmt::Write as _;
use std::path::Path;

/// 2026-03-02 00:00 +08:00
const BEGIN: i64 = 1_772_380_800;

/// Names that would do something if they were not taken as text.
pub(crate) const HOSTILE: &str = "t\"><img/src=x/onerror=alert(1)></script><script>alert(1)</script><!--\u{202e}\u{2066}&lt;b";

/// A log in the making.
struct Log {
    lines: Vec<(i64, String)>,
}

impl Log {
    fn meta(&mut self, seconds: i64, level: char, text: &str) {
        self.line(seconds, level, "meta.meta_state0.0203000000000083", text);
    }

    fn line(&mut self, seconds: i64, level: char, context: &str, text: &str) {
        // No two lines at once, so that their order is told.
        let at = (BEGIN + seconds) * 1_000_000_000 + i64::try_from(self.lines.len() % 1000).unwrap() * 1_000_000;
        let clock = chrono::DateTime::from_timestamp_nanos(at + 8 * 3_600_000_000_000).format("%Y-%m-%d %H:%M:%S%.3f");
        self.lines.push((at, format!("{level}{clock} ({at} 29604)   {context}: {text}")));
    }

    fn write(mut self, file: &Path) {
        self.lines.sort();
        let text = self.lines.iter().fold(String::new(), |mut all, (_, line)| {
            let _ = writeln!(all, "{line}");
            all
        });
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, text).unwrap();
    }
}

fn changed(app: i64, dup: i64, from: &str, to: &str) -> String {
    format!(
        "duplication_info.cpp:174:persist_status(): [a{app}d{dup}] change duplication status from {from} to {to} successfully [app_id: {app}]"
    )
}

fn report(dup: i64, status: &str, table: &str, partitions: &[(i64, i64)]) -> String {
    let states: Vec<String> = partitions
        .iter()
        .enumerate()
        .map(|(i, (confirmed, committed))| format!("\"{i}\":{{\"confirmed_decree\":{confirmed},\"last_committed_decree\":{committed}}}"))
        .collect();
    format!(
        "duplication_info.cpp:246:report_progress_if_time_up(): duplication report: {{\"create_ts\":\"2026-03-02 00:00:00\",\"dupid\":{dup},\"fail_mode\":\"FAIL_SLOW\",\"partition_states\":{{{}}},\"remote\":\"beijing_dr\",\"remote_app_name\":\"{table}\",\"remote_replica_count\":3,\"status\":\"{status}\"}}",
        states.join(",")
    )
}

/// A week of so many duplications: healthy, slow, stuck, paused; the leader changes twice, a server restarts.
pub(crate) fn week(folder: &Path, duplications: i64) {
    let (week, hour) = (7 * 86_400, 3_600);
    let mut log = Log { lines: Vec::new() };
    log.line(1, 'I', "meta.default0.0000150323920897", "meta_service.cpp:424:start(): meta1:34601(10.21.4.11:34601) got the primary lock, start to recover server state from remote storage");
    for n in 0..duplications {
        let (app, dup, table) =
            (n + 2, BEGIN + 60 + n * 37, format!("orders_{n:03}_{}", ["eu", "us", "cn", "sg"][usize::try_from(n % 4).unwrap()]));
        let added = 60 + n * 37;
        let target = if n % 7 == 3 { format!("{table}_dr") } else { table.clone() };
        log.meta(added, 'I', &format!("meta_duplication_service.cpp:176:add_duplication(): add duplication for app({table}), remote cluster name is beijing_dr, remote app name is {target}, remote replica count is 3"));
        log.meta(added, 'I', &format!("meta_duplication_service.cpp:227:operator()(): [a{app}d{dup}] add duplication successfully [app_name: {table}, follower: beijing_dr]"));
        log.meta(added + 1, 'I', &changed(app, dup, "DS_INIT", "DS_PREPARE"));
        let app_at = added + hour + n % 13 * 600;
        log.meta(app_at, 'I', &changed(app, dup, "DS_PREPARE", "DS_APP"));
        let stuck = n % 7 == 3;
        let log_at = app_at + 2 * hour + n % 5 * 1800;
        if !stuck {
            log.meta(log_at, 'I', &changed(app, dup, "DS_APP", "DS_LOG"));
        }
        let paused = (n % 41 == 17).then_some(3 * 86_400 + n * 60);
        if let Some(at) = paused {
            log.meta(at, 'I', &changed(app, dup, "DS_LOG", "DS_PAUSE"));
        }
        let mut at = added + 300;
        while at < week {
            let status = if at < app_at {
                "DS_PREPARE"
            } else if stuck || at < log_at {
                "DS_APP"
            } else if paused.is_some_and(|p| at > p) {
                "DS_PAUSE"
            } else {
                "DS_LOG"
            };
            let states: Vec<(i64, i64)> = (0..4 + n % 5)
                .map(|p| {
                    let committed = 1_000 + (at - added) / 7 + p * 911;
                    let behind = if status == "DS_LOG" { if n % 11 == 5 && p == 1 { (at - log_at) / 9 } else { p * 3 } } else { committed };
                    (if status == "DS_LOG" { committed - behind } else { -1 }, committed)
                })
                .collect();
            log.meta(at, 'I', &report(dup, status, &target, &states));
            if stuck && at > app_at {
                log.meta(at + 3, 'E', &format!("meta_duplication_service.cpp:556:operator()(): query follower app[beijing_dr.{table}] replica configuration completed, result: duplication_status = DS_APP, query_err = ERR_OBJECT_NOT_FOUND, update_err = ERR_NO_NEED_OPERATE"));
            }
            at += 4 * hour + n % 9 * 600;
        }
    }
    log.write(&folder.join("hz_main/meta1/meta.log.20260302_000001_000"));
}

/// A stuck duplication of a table whose name is an attack.
pub(crate) fn hostile(folder: &Path) {
    let mut log = Log { lines: Vec::new() };
    let (app, dup) = (5, BEGIN + 60);
    log.meta(60, 'I', &format!("meta_duplication_service.cpp:176:add_duplication(): add duplication for app({HOSTILE}), remote cluster name is beijing_dr, remote app name is {HOSTILE}_2, remote replica count is 3"));
    log.meta(60, 'I', &format!("meta_duplication_service.cpp:227:operator()(): [a{app}d{dup}] add duplication successfully [app_name: {HOSTILE}, follower: beijing_dr]"));
    log.meta(61, 'I', &changed(app, dup, "DS_INIT", "DS_PREPARE"));
    log.meta(90, 'I', &changed(app, dup, "DS_PREPARE", "DS_APP"));
    for n in 0..200 {
        log.meta(100 + n * 10, 'E', &format!("meta_duplication_service.cpp:556:operator()(): query follower app[beijing_dr.{HOSTILE}] replica configuration completed, result: duplication_status = DS_APP, query_err = ERR_OBJECT_NOT_FOUND, update_err = ERR_NO_NEED_OPERATE"));
    }
    log.write(&folder.join("hz_main/meta1/meta.log.20260302_000001_000"));
}
