//! What was not read or not understood, so that no report looks complete when it is not.

use crate::pegasus::{LogTime, Side};
use crate::render::clock::Clock;
use crate::render::words::Words;
use crate::report::{ClusterCoverage, InputEntry, Report};

/// Inputs that are not there in full.
pub(in crate::render) struct Unread {
    pub(in crate::render) label: &'static str,
    /// How many.
    pub(in crate::render) sentence: String,
    /// Each with what is to be said of it.
    pub(in crate::render) inputs: Vec<String>,
    /// Up to so many are named even where nobody asked for names.
    pub(in crate::render) few: usize,
}

/// What was skipped, what was not recognised, what was read with notes.
pub(in crate::render) fn unread(words: Words, report: &Report) -> Vec<Unread> {
    const FEW: usize = 3;
    let of = |wanted: fn(&InputEntry) -> bool, about: &dyn Fn(&InputEntry) -> String| -> Vec<String> {
        report.inputs.iter().filter(|i| wanted(i)).map(|i| format!("{}{}{}", i.path, words.colon(), about(i))).collect()
    };
    let skipped: Vec<String> = report.unread().map(|one| words.not_read_because(one)).collect();
    let drifted = of(|i| i.drifted > 0, &|i| words.lines(i.drifted));
    let noted = of(|i| !i.notes.is_empty(), &|i| i.notes.join(words.semicolon()));
    let mut all = Vec::new();
    if !skipped.is_empty() {
        all.push(Unread { label: words.not_read(), sentence: words.skipped(skipped.len()), inputs: skipped, few: FEW });
    }
    if report.summary.drifted > 0 {
        let sentence = words.drifted(report.summary.drifted, &words.files(drifted.len()));
        all.push(Unread { label: words.not_recognised(), sentence, inputs: drifted, few: 0 });
    }
    if !noted.is_empty() {
        let sentence = words.noted(&words.files(noted.len()));
        all.push(Unread { label: words.read_with_notes(), sentence, inputs: noted, few: FEW });
    }
    all
}

/// What was in sight, a sentence a cluster.
pub(in crate::render) fn in_sight<'r>(words: Words, clock: &'r Clock, report: &'r Report) -> impl Iterator<Item = String> + 'r {
    report.coverage.iter().map(move |cluster| sight(words, clock, report, cluster))
}

/// The meta servers of a cluster that gave up, and when the last time.
fn quit<'r>(report: &'r Report, cluster: &'r ClusterCoverage) -> impl Iterator<Item = (&'r str, LogTime)> {
    let metas = report.servers.iter().filter(|s| cluster.meta_servers.contains(&s.name));
    metas.filter_map(|s| Some((s.name.as_str(), s.restarts.iter().rfind(|r| r.aborted)?.ended.0)))
}

fn sight(words: Words, clock: &Clock, report: &Report, cluster: &ClusterCoverage) -> String {
    const NAMED: usize = 6;
    let name = cluster.cluster.as_deref().unwrap_or_default();
    let short = |server: &str| server.rsplit('/').next().unwrap_or(server).to_owned();
    let who = match cluster.side {
        Some(Side::Source) => words.source_of(name),
        Some(Side::Target) => words.target_of(name),
        None => words.cluster_of(name),
    };
    let leader = cluster.leader.as_ref().map(|leader| {
        let window = clock.span(leader.window.first, leader.window.last);
        if leader.to_the_end {
            words.leader_to_the_end(&short(&leader.server), &window)
        } else {
            words.leader_until(&short(&leader.server), &window)
        }
    });
    let mut parts = vec![leader.unwrap_or_else(|| words.no_leader().to_owned())];
    parts.push(words.meta_servers(cluster.meta_servers.len()));
    parts.push(words.replica_servers(cluster.replica_servers.len()));
    let quit = quit(report, cluster).take(NAMED).map(|(server, at)| words.quit_at(&short(server), &clock.moment(at)));
    parts.extend(quit);
    if !cluster.absent_servers.is_empty() {
        let mut absent: Vec<&str> = cluster.absent_servers.iter().take(NAMED).map(String::as_str).collect();
        if cluster.absent_servers.len() > NAMED {
            absent.push("…");
        }
        parts.push(words.not_among(&absent.join(words.list_separator())));
    }
    format!("{}{}{}", who.trim_end(), words.colon(), parts.join(words.semicolon()))
}

/// Logs that would tell what these do not, a sentence for each kind of server.
pub(in crate::render) fn would_tell<'r>(words: Words, clock: &'r Clock, report: &'r Report) -> impl Iterator<Item = String> + 'r {
    report.missing_logs.iter().map(move |logs| {
        let window = clock.span(logs.window.first, logs.window.last);
        words.would_tell(&words.missing_logs_of(logs.role, logs.cluster.as_deref(), &logs.servers, &window))
    })
}
