//! `--metrics`: what Prometheus scrapes.

use super::feed::Feed;
use super::server::Server;
use anyhow::{Context, Result};
use dupdoctor::internal::watch::Output;
use dupdoctor::report::{DuplicationEntry, PartitionEntry};
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::{Registry, Unit};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

type Labels = Vec<(&'static str, String)>;

/// Serves metrics.
pub(super) struct Metrics {
    page: Arc<Mutex<String>>,
    server: Server,
}

impl Metrics {
    pub(super) fn new(address: SocketAddr) -> Result<Self> {
        let page = Arc::new(Mutex::new(String::from("# EOF\n")));
        let server = Server::new(address, Arc::clone(&page)).with_context(|| format!("cannot serve --metrics on {address}"))?;
        Ok(Self { page, server })
    }

    /// Takes over how things are; `dropped` says what was dropped, by output.
    pub(super) fn update(&mut self, feed: &Feed, dropped: &[(Output, u64)]) {
        let mut text = String::new();
        // Writing to a string does not fail.
        if encode(&mut text, &registry(feed, dropped)).is_ok() {
            *self.page.lock().unwrap_or_else(PoisonError::into_inner) = text;
        }
        self.server.keep_up();
    }
}

/// All metrics as they are now.
fn registry(feed: &Feed, dropped: &[(Output, u64)]) -> Registry {
    let mut registry = Registry::with_prefix("dupdoctor");
    registry.register("build", "The program", Info::new(vec![("version", env!("CARGO_PKG_VERSION"))]));
    counters(&mut registry, feed, dropped);
    let Some(report) = feed.watcher.report() else { return registry };
    let by_state = Family::<Labels, Gauge>::default();
    let seconds = Family::<Labels, Gauge>::default();
    let lag = Family::<Labels, Gauge>::default();
    for duplication in &report.duplications {
        let status = duplication.status.map_or("unknown", dupdoctor::DupStatus::name).to_owned();
        let verdict = duplication.verdict.name().to_owned();
        by_state.get_or_create(&vec![("status", status.clone()), ("verdict", verdict.clone())]).inc();
        let mut about = labels(duplication);
        for partition in &duplication.partitions {
            let mut about = about.clone();
            about.push(("partition", partition.partition.to_string()));
            if let Some(behind) = lag_of(partition) {
                lag.get_or_create(&about).set(behind);
            }
        }
        about.extend([("status", status), ("verdict", verdict)]);
        if let Some(since) = duplication.status_seconds {
            seconds.get_or_create(&about).set(since);
        }
    }
    let findings = Family::<Labels, Gauge>::default();
    for incident in feed.watcher.open() {
        findings.get_or_create(&vec![("code", incident.finding.code.clone()), ("severity", incident.finding.severity.to_string())]).inc();
    }
    let newest = Family::<Labels, Gauge>::default();
    for input in &report.inputs {
        if let Some(last) = input.last {
            let seconds = last.0.secs();
            let gauge = newest.get_or_create(&vec![("server", input.server.clone())]).clone();
            gauge.set(gauge.get().max(seconds));
        }
    }
    registry.register("duplications", "Duplications by status and verdict", by_state);
    registry.register_with_unit("duplication_status", "How long a duplication has had its status", Unit::Seconds, seconds);
    registry.register("findings", "Open findings by code and severity", findings);
    registry.register("partition_lag_decrees", "Decrees that were committed but not confirmed by the target, at least; absent where reports do not show it, or say 0, as they also do while shipping is blocked", lag);
    registry.register_with_unit("newest_line_timestamp", "Time of a server's latest line", Unit::Seconds, newest);
    registry
}

fn counters(registry: &mut Registry, feed: &Feed, dropped: &[(Output, u64)]) {
    let counter = |value: u64| {
        let counter = Counter::<u64>::default();
        counter.inc_by(value);
        counter
    };
    let (lines, bytes) = feed.watcher.logs.size();
    let drifted = feed.watcher.report().map_or(0, |r| r.summary.drifted);
    let events = feed.watcher.report().map_or(0, |r| r.summary.events);
    registry.register("lines_read", "Lines read", counter(lines));
    registry.register_with_unit("read", "Bytes read", Unit::Bytes, counter(bytes));
    registry.register("events", "Recognized lines about duplications", counter(events));
    registry.register("lines_drifted", "Duplication-related lines with unrecognized wording", counter(drifted));
    let behind = Gauge::<i64>::default();
    behind.set(i64::try_from(feed.behind()).unwrap_or(i64::MAX));
    registry.register_with_unit("behind", "Bytes in files not read yet", Unit::Bytes, behind);
    let lost = Family::<Labels, Counter>::default();
    for (output, count) in dropped {
        lost.get_or_create(&vec![("output", output.to_string())]).inc_by(*count);
    }
    registry.register("changes_dropped", "Changes that an output did not accept in time", lost);
}

fn labels(duplication: &DuplicationEntry) -> Labels {
    let known = &duplication.identity;
    vec![
        ("table", known.app_name.clone().unwrap_or_default()),
        ("app_id", known.app_id.map_or_else(String::new, |a| a.0.to_string())),
        ("dup_id", known.dup_id.map_or_else(String::new, |d| d.0.to_string())),
        ("remote_cluster", known.remote_cluster.clone().unwrap_or_default()),
    ]
}

/// How far the target is behind at least; only master's reports say it. These say 0 also while shipping is blocked: then it is
/// not known.
pub(super) fn lag_of(partition: &PartitionEntry) -> Option<i64> {
    Some(partition.last_committed_decree? - partition.confirmed_decree.max(0)).filter(|&behind| behind > 0)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail loudly")]
    use super::lag_of;
    use serde_json::json;

    #[test]
    fn a_gap_of_0_says_nothing() {
        let lag = |confirmed: i64, committed: Option<i64>| {
            let partition = json!({"partition": 0, "confirmed_decree": confirmed, "last_committed_decree": committed, "unchanged_since": "2024-05-24T09:21:57.124Z"});
            lag_of(&serde_json::from_value(partition).unwrap())
        };
        assert_eq!([lag(7, Some(9)), lag(9, Some(9)), lag(-1, Some(-1)), lag(7, None)], [Some(2), None, None, None]);
    }
}
