//! What servers answered to a remote command, such as `server_info`: a line or a section each, or, on master, one JSON of all.

use regex::Regex;
use serde_json::Value;
use serde_json::value::RawValue;
use std::sync::LazyLock;

/// What one server answered to `server_info`, `server_stat` or another remote command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Called {
    /// The line.
    pub line: u64,
    /// `meta-server` or `replica-server`.
    pub role: String,
    /// `host:port`
    pub address: String,
    /// What it answered; `None` when the call failed.
    pub answer: Option<String>,
}

static CALL: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"^\s*CALL \[(meta-server|replica-server|\w[\w-]*)\] \[([^\]]+)\] (succeed|failed):? ?(.*)$").ok());
static RELEASE: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r#"(?:Pegasus Server |"version"\s*:\s*"v?)(\d+\.\d+(?:\.\d+)?[^\s"]*)"#).ok());
static FREE: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r#"disk[._]available[._]min[._]ratio"?\s*[=:]\s*"?(\d+)"#).ok());

impl Called {
    /// The release that it runs: `2.5.0` or `2.6.0-SNAPSHOT`.
    pub fn release(&self) -> Option<&str> {
        RELEASE.as_ref()?.captures(self.answer.as_deref()?)?.get(1).map(|m| m.as_str())
    }

    /// Percent free on its fullest disk, of `server_stat`.
    pub fn free_percent(&self) -> Option<i64> {
        FREE.as_ref()?.captures(self.answer.as_deref()?)?[1].parse().ok()
    }
}

/// Reads a line of a remote command, and the JSON that goes on in later ones, if it does.
pub(super) fn called(line: &str, number: u64, later: &[String]) -> Option<Called> {
    let found = CALL.as_ref()?.captures(line)?;
    let mut answer = found[4].trim().to_owned();
    if answer.starts_with(['{', '[']) || (answer.is_empty() && later.first().is_some_and(|l| l.trim_start().starts_with('{'))) {
        let whole = format!("{answer}\n{}", later.join("\n"));
        if let Some(Ok(json)) = serde_json::Deserializer::from_str(&whole).into_iter::<Box<RawValue>>().next() {
            json.get().clone_into(&mut answer);
        }
    }
    let answer = (&found[3] == "succeed").then_some(answer);
    Some(Called { line: number, role: found[1].to_owned(), address: found[2].to_owned(), answer })
}

/// Reads what master prints: `{"command": …, "details": {"host:port": {"role": …, "acked": …, "message": …}}, …}`; `None` when it
/// is something else.
pub(super) fn called_json(value: &Value, text: &str, line: u64) -> Option<Vec<Called>> {
    let details = value.get("details")?.as_object().filter(|_| value.get("command").is_some())?;
    let one = |(address, entry): (&String, &Value)| {
        let acked = entry.get("acked").and_then(Value::as_bool)?;
        let message = entry.get("message").map(|m| m.as_str().map_or_else(|| m.to_string(), str::to_owned));
        let above = text.find(&format!("\"{address}\"")).map_or(0, |at| text[..at].matches('\n').count());
        Some(Called {
            line: line + above as u64,
            role: entry.get("role").and_then(Value::as_str).unwrap_or_default().to_owned(),
            // On master perhaps `host:port(ip:port)`.
            address: address.split('(').next().unwrap_or_default().to_owned(),
            answer: acked.then(|| message.unwrap_or_default()),
        })
    };
    Some(details.iter().filter_map(one).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_for_each_server_is_read() {
        let of = |line: &str| called(line, 4, &[]);
        let one = of("CALL [replica-server] [10.1.1.1:34801] succeed: Pegasus Server 2.5.0 (abc) Release, Started at 2024-05-01 10:00:00");
        assert_eq!(one.as_ref().and_then(Called::release), Some("2.5.0"));
        let stat = of("CALL [replica-server] [10.1.1.1:34801] succeed: x=0, disk_available_min_ratio=78, y=1");
        assert_eq!(stat.and_then(|s| s.free_percent()), Some(78));
        assert_eq!(of("CALL [replica-server] [10.1.1.1:34801] failed: ERR_TIMEOUT").map(|c| c.answer), Some(None));
    }

    #[test]
    fn a_section_of_json_for_each_server_is_read() {
        let later: Vec<String> =
            ["  \"version\": \"2.6.0-SNAPSHOT\",", "  \"disk_available_min_ratio\": 12", "}", "CALL …"].map(str::to_owned).into();
        let read = called("CALL [replica-server] [rs1:34801] succeed: {", 4, &later);
        assert_eq!(read.as_ref().and_then(Called::release), Some("2.6.0-SNAPSHOT"));
        assert_eq!(read.and_then(|c| c.free_percent()), Some(12));
        let read = called(r#"CALL [replica-server] [rs1:34801] succeed: {"version":"2.5.0"}"#, 4, &later);
        assert_eq!(read.as_ref().and_then(Called::release), Some("2.5.0"));
        // What is cut off is used as far as it goes.
        let read = called("CALL [replica-server] [rs1:34801] succeed: {", 4, &later[..1]);
        assert_eq!(read.and_then(|c| c.answer), Some("{".to_owned()));
    }

    #[test]
    fn one_json_of_all_servers_is_read() {
        let text = "{\n  \"command\": \"server-info \",\n  \"details\": {\n    \"meta1:34601\": {\n      \"acked\": true,\n      \"message\": {\"version\": \"2.6.0-SNAPSHOT\"},\n      \"role\": \"meta-server\"\n    },\n    \"rs1:34801\": {\"acked\": false, \"message\": \"ERR_TIMEOUT\", \"role\": \"replica-server\"},\n    \"rs2:34801\": {\"acked\": true, \"message\": \"a=1, disk_available_min_ratio=40\", \"role\": \"replica-server\"}\n  },\n  \"failed_count\": 1\n}";
        let of = |text: &str| called_json(&serde_json::from_str(text).unwrap_or_default(), text, 10);
        let read = of(text).unwrap_or_default();
        let told: Vec<_> = read.iter().map(|c| (c.line, c.address.as_str(), c.release(), c.answer.is_some(), c.free_percent())).collect();
        assert_eq!(
            told,
            [
                (13, "meta1:34601", Some("2.6.0-SNAPSHOT"), true, None),
                (18, "rs1:34801", None, false, None),
                (19, "rs2:34801", None, true, Some(40))
            ]
        );
        assert_eq!(of(&text.replace('\n', " ")).map(|c| (c.len(), c[0].line)), Some((3, 10)));
        assert_eq!(of(r#"{"details":{"rs1:34801":{"address":"rs1:34801","status":"ALIVE"}},"summary":{}}"#), None);
    }
}
