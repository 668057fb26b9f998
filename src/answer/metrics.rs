//! Metrics about duplication: master's `/metrics`, `perf-counters` of older releases, what Prometheus scrapes, and the counters that
//! are logged.
//!
//! Source: `metrics.cpp` (JSON of entities), `perf_counters.cpp` (`counters`), `pegasus_counter_reporter.cpp` (names and labels).

use super::clock::When;
use crate::pegasus::{Gpid, LogTime};
use regex::Regex;
use serde_json::Value;
use std::sync::LazyLock;

/// One value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counted {
    /// Its line.
    pub line: u64,
    /// What of the text matters.
    pub text: String,
    /// The name as master has it.
    pub name: String,
    /// The server, or `unknown`.
    pub node: String,
    /// The partition; up to v2.5 most are of a whole server.
    pub gpid: Option<Gpid>,
    /// The value, without what is behind the point.
    pub value: i64,
    /// When it was.
    pub at: Option<When>,
}

/// `name{label="value",…} 12 1716542517000`
static SAMPLE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^\s*([A-Za-z_:][\w:]*dup[\w:]*|dup[\w:]*)\{([^}]*)\}\s+([-+.\deE]+|NaN|[-+]?Inf)(?:\s+(\d{13}))?\s*$").ok()
});
static LABEL: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r#"(\w+)\s*=\s*"([^"]*)""#).ok());
/// `[replica*eon.replica*dup_recent_mutation_loss_count@3.1, NUMBER, 12.00]`
static LOGGED: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"^\s*\[(\w+\*\S*dup[^,\s]*), \w+, ([-+.\deE]+)\]\s*$").ok());

/// The value that stands in a line.
pub(super) fn of_line(line: &str, number: u64) -> Option<Counted> {
    if !line.contains("dup") {
        return None;
    }
    if let Some(found) = LOGGED.as_ref()?.captures(line) {
        return counter(&found[1], found[2].parse().ok()?, number, "unknown", None);
    }
    let found = SAMPLE.as_ref()?.captures(line)?;
    let label = |names: &[&str]| {
        let mut labels = LABEL.iter().flat_map(|regex| regex.captures_iter(&found[2]));
        labels.find(|label| names.contains(&&label[1]) && !label[2].is_empty()).map(|label| label[2].to_owned())
    };
    let gpid =
        || format!("{}.{}", label(&["table_id", "app_id", "app"])?, label(&["partition_id", "partition_index", "partition"])?).parse().ok();
    let host = label(&["host_name", "host"]).zip(label(&["port"])).map(|(host, port)| format!("{host}:{port}"));
    let at = found.get(4).and_then(|ms| ms.as_str().parse::<i64>().ok()).map(|ms| When::At(LogTime(ms.saturating_mul(1_000_000))));
    Some(Counted {
        line: number,
        text: line.trim().to_owned(),
        name: name(&found[1])?,
        node: host.or_else(|| label(&["instance"])).unwrap_or_else(|| "unknown".to_owned()),
        gpid: gpid(),
        value: whole(found[3].parse().ok()?)?,
        at,
    })
}

/// The values in the JSON of a server; `None` when it is something else.
pub(super) fn of_json(value: &Value, line: u64, node: Option<&str>) -> Option<Vec<Counted>> {
    let text = |key: &str| value.get(key).and_then(Value::as_str);
    if let Some(entities) = value.get("entities").and_then(Value::as_array) {
        let host = text("host").zip(value.get("port").and_then(Value::as_i64)).map(|(host, port)| format!("{host}:{port}"));
        let node = host.or_else(|| node.map(str::to_owned)).unwrap_or_else(|| "unknown".to_owned());
        let at = value.get("timestamp_ns").and_then(Value::as_i64).map(|ns| When::At(LogTime(ns)));
        let of_entity = |entity: &Value| -> Vec<Counted> {
            let attribute = |key: &str| entity.get("attributes").and_then(|all| all.get(key)).and_then(Value::as_str);
            let gpid: Option<Gpid> =
                attribute("table_id").zip(attribute("partition_id")).and_then(|(t, p)| format!("{t}.{p}").parse().ok());
            let metrics = entity.get("metrics").and_then(Value::as_array).into_iter().flatten();
            let one = |metric: &Value| {
                let (raw, value) = (metric.get("name")?.as_str()?, whole(metric.get("value")?.as_f64()?)?);
                let text = format!("{raw} = {value}{}", gpid.map_or_else(String::new, |gpid| format!(" ({gpid})")));
                Some(Counted { line, text, name: name(raw)?, node: node.clone(), gpid, value, at })
            };
            metrics.filter_map(one).collect()
        };
        return Some(entities.iter().flat_map(of_entity).collect());
    }
    let counters = value.get("counters").and_then(Value::as_array)?;
    let at = value.get("timestamp").and_then(Value::as_i64).map(|second| When::At(LogTime::from_secs(second)));
    let one = |entry: &Value| counter(entry.get("name")?.as_str()?, entry.get("value")?.as_f64()?, line, node.unwrap_or("unknown"), at);
    Some(counters.iter().filter_map(one).collect())
}

/// `replica*eon.replica*dup_recent_mutation_loss_count@3.1`
fn counter(full: &str, value: f64, line: u64, node: &str, at: Option<When>) -> Option<Counted> {
    let (raw, of) = full.split_once('@').map_or((full, None), |(raw, of)| (raw, Some(of)));
    let value = whole(value)?;
    let gpid = of.and_then(|of| of.parse().ok());
    Some(Counted { line, text: format!("{full} = {value}"), name: name(raw)?, node: node.to_owned(), gpid, value, at })
}

/// As master calls it; `None` of what is not about duplication.
fn name(raw: &str) -> Option<String> {
    let plain: String = raw.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
    let begin = if plain.starts_with("dup") { 0 } else { plain.find("_dup_")? + 1 };
    Some(match &plain[begin..] {
        "dup_pending_mutations_count" => "dup_pending_mutations".to_owned(),
        "dup_recent_mutation_loss_count" => "dup_recent_lost_mutations".to_owned(),
        other => other.to_owned(),
    })
}

#[expect(clippy::cast_possible_truncation, reason = "counts are far smaller")]
fn whole(value: f64) -> Option<i64> {
    value.is_finite().then_some(value as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_of_a_metric_is_read() {
        let told = |one: &Counted| (one.name.clone(), one.node.clone(), one.gpid.map(|g| g.to_string()), one.value);
        let prometheus = r#"replica_eon_replica_dup_recent_mutation_loss_count{service="pegasus",host_name="rs1",cluster="hz",pegasus_job="replica",port="34801",app="3",partition="1"} 5.000000"#;
        let lost = ("dup_recent_lost_mutations".to_owned(), "rs1:34801".to_owned(), Some("3.1".to_owned()), 5);
        assert_eq!(of_line(prometheus, 7).as_ref().map(told), Some(lost.clone()));
        let master = r#"dup_recent_lost_mutations{instance="rs1:34801",table_id="3",partition_id="1"} 5 1716542517000"#;
        assert_eq!(of_line(master, 7).as_ref().map(told), Some(lost.clone()));
        assert_eq!(of_line("[replica*eon.replica*dup_recent_mutation_loss_count@3.1, NUMBER, 5.00]", 7).map(|c| c.value), Some(5));
        assert_eq!(of_line("# HELP dup_pending_mutations the number of pending", 7), None);
        let entities = serde_json::json!({"cluster": "hz", "host": "rs1", "port": 34801, "timestamp_ns": 1_716_542_517_000_000_000_i64, "entities":
            [{"type": "replica", "id": "replica@3.1", "attributes": {"table_id": "3", "partition_id": "1"},
              "metrics": [{"name": "dup_recent_lost_mutations", "value": 5}, {"name": "get_requests", "value": 9}]}]});
        assert_eq!(of_json(&entities, 1, None).map(|all| all.iter().map(told).collect()), Some(vec![lost.clone()]));
        let counters = serde_json::json!({"result": "OK", "timestamp": 1_716_542_517, "counters":
            [{"name": "replica*eon.replica*dup_recent_mutation_loss_count@3.1", "type": "NUMBER", "value": 5.0},
             {"name": "replica*eon.replica_stub*dup.pending_mutations_count", "type": "NUMBER", "value": 70}]});
        let read = of_json(&counters, 1, Some("rs1:34801")).unwrap_or_default();
        assert_eq!(told(&read[0]), lost);
        assert_eq!((read[1].name.as_str(), read[1].gpid, read[1].value), ("dup_pending_mutations", None, 70));
    }
}
