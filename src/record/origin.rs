//! The server that an envelope names: in the text before a header, or in the fields beside it.

use serde_json::{Map, Value};

/// Fields that name a server, the most telling first: a node of Kubernetes has several servers, a pod is one.
const NAMES: &[&str] = &[
    "kubernetes.pod_name",
    "kubernetes.pod.name",
    "k8s.pod.name",
    "pod_name",
    "podname",
    "pod",
    "host.name",
    "host.hostname",
    "_hostname",
    "hostname",
    "host",
    "__tag__:__hostname__",
    "node_name",
    "nodename",
    "node",
    "instance",
    "instance_id",
    "computer",
    "__source__",
    "agent.hostname",
    "logstreamname",
    "logstream",
    "source",
];

/// Objects that hold such fields, and of which nobody needs to know the name.
const HOLDERS: &[&str] =
    &["labels", "stream", "metric", "resource", "resource.labels", "attributes", "fields", "_source", "content", "result"];

/// The server that an object names by itself, or by the objects in it that only describe it.
pub(super) fn of_object(fields: &Map<String, Value>) -> Option<String> {
    let mut best = None;
    look(fields, "", 0, &mut best);
    best.map(|(_, name)| name)
}

fn look(fields: &Map<String, Value>, path: &str, depth: u8, best: &mut Option<(usize, String)>) {
    const DEEPEST: u8 = 3;
    for (key, value) in fields {
        let key = key.to_lowercase();
        let here = if path.is_empty() { key } else { format!("{path}.{key}") };
        // The names of two labels of an array of pairs, as OpenTelemetry writes them.
        let pairs = || value.as_array().into_iter().flatten().filter_map(pair);
        match value {
            Value::String(text) => put(&here, text, best),
            Value::Object(inner) if depth < DEEPEST => look(inner, shortened(&here), depth + 1, best),
            Value::Array(_) => pairs().for_each(|(key, text)| put(&key.to_lowercase(), text, best)),
            Value::Object(_) | Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }
}

fn shortened(path: &str) -> &str {
    if HOLDERS.contains(&path) { "" } else { path }
}

fn put(path: &str, text: &str, best: &mut Option<(usize, String)>) {
    let Some(rank) = NAMES.iter().position(|name| *name == path) else { return };
    // Elsewhere a source is a file.
    let fits = is_name(text) && !(text.contains('/') && matches!(path, "source" | "host"));
    if fits && best.as_ref().is_none_or(|(known, _)| rank < *known) {
        *best = Some((rank, text.to_owned()));
    }
}

/// `{"key": "host.name", "value": {"stringValue": "meta1"}}`
fn pair(value: &Value) -> Option<(&str, &str)> {
    let fields = value.as_object()?;
    let text = fields.get("value")?;
    Some((fields.get("key")?.as_str()?, text.as_str().or_else(|| text.get("stringValue")?.as_str())?))
}

/// Whether a word can be the name of a server, a pod or a file: no time, no number, no piece of something else.
pub(super) fn is_name(text: &str) -> bool {
    const NO_NAMES: &[&str] =
        &["stdout", "stderr", "info", "warn", "warning", "error", "debug", "fatal", "notice", "trace", "null", "true", "false"];
    let mark = |c: char| c.is_alphanumeric() || ".:_-/@#+~%\\".contains(c);
    let numeric = text.bytes().all(|b| b.is_ascii_digit() || matches!(b, b':' | b'-' | b'/' | b'_'));
    !text.is_empty()
        && text.len() <= 255
        && text.chars().all(mark)
        && text.contains(char::is_alphanumeric)
        && !numeric
        && !is_time(text)
        && !NO_NAMES.contains(&text.to_ascii_lowercase().as_str())
}

/// Whether a word is a date, a time of day or both.
fn is_time(word: &str) -> bool {
    let shape: String = word.chars().take(10).map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
    shape.starts_with("0000-00-00") || shape.starts_with("0000/00/00") || shape.starts_with("00:00:00")
}

/// Whether what stands before a text is an envelope, or marks of a list, and no sentence.
pub(super) fn is_envelope(prefix: &str) -> bool {
    let text = prefix.trim();
    let plain = |word: &str| is_time(word) || word.bytes().all(|b| b.is_ascii_digit());
    let marked = prefix.ends_with('\t') || !text.ends_with(char::is_alphanumeric);
    marked || text.split_whitespace().all(plain) || cri_stream(text) || of_prefix(prefix).is_some()
}

/// The host, pod or file in the text before a header.
pub(super) fn of_prefix(prefix: &str) -> Option<String> {
    let text = prefix.trim_matches(|c: char| c.is_whitespace() || "`*|>\u{a0}".contains(c));
    if text.is_empty() || cri_stream(text) {
        return None;
    }
    if let Some(labels) = labels(text) {
        return of_object(&labels);
    }
    if let Some((within, _)) = text.strip_prefix('[').and_then(|t| t.split_once(']')) {
        let pod = within.trim_start_matches("pod/");
        return is_name(pod).then(|| pod.to_owned());
    }
    if let Some((_, rest)) = text.strip_prefix('<').and_then(|t| t.split_once('>')) {
        return syslog_host(rest);
    }
    if let Some(host) = syslog_host(text) {
        return is_name(&host).then_some(host);
    }
    // Behind a time a stream may be named.
    if let Some((time, rest)) = text.split_once(|c: char| c.is_whitespace()).filter(|(time, _)| is_time(time)) {
        let rest = rest.trim_start();
        let name = rest.strip_suffix(':').unwrap_or(rest);
        return if is_time(rest) || time.is_empty() { of_prefix(rest) } else { Some(name.to_owned()).filter(|name| is_name(name)) };
    }
    // `stern`: pod and container.
    if let Some((pod, container)) = text.split_once(' ')
        && is_name(pod)
        && is_name(container)
        && pod.contains('-')
        && pod.contains(|c: char| c.is_ascii_digit())
    {
        return Some(pod.to_owned());
    }
    // `pdsh`: host: and a blank; `grep`: file:, file:N:, file-N- of context lines.
    let name = text.trim_end_matches([':', '-', ' ']);
    let counted =
        if prefix.ends_with([':', '-']) { name.trim_end_matches(|c: char| c.is_ascii_digit()).strip_suffix([':', '-']) } else { None };
    let name = counted.unwrap_or(name);
    // The number in a list.
    let number = name.trim_end_matches(['.', ')']).bytes().all(|b| b.is_ascii_digit());
    (is_name(name) && !number).then(|| name.to_owned())
}

/// `{app="pegasus", pod="meta-0"}` at the end of a prefix, as `logcli` prints them.
fn labels(text: &str) -> Option<Map<String, Value>> {
    let (_, within) = text.strip_suffix('}')?.split_once('{')?;
    let pair = |part: &str| {
        let (key, value) = part.split_once('=')?;
        Some((key.trim().to_owned(), Value::String(value.trim().trim_matches('"').to_owned())))
    };
    Some(within.split(',').filter_map(pair).collect())
}

/// `May 24 17:21:57 host name[pid]:` (journald short, BSD syslog) or RFC 5424's `1 2024-… host …`.
fn syslog_host(text: &str) -> Option<String> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let clock = |w: &str| w.len() >= 8 && w.as_bytes()[2] == b':' && w.as_bytes()[5] == b':';
    let stamp = |w: &str| w.len() >= 19 && w.as_bytes()[4] == b'-' && w.as_bytes()[10] == b'T';
    match words.as_slice() {
        [month, day, time, host, ..] if month.len() == 3 && day.parse::<u8>().is_ok() && clock(time) => Some((*host).to_owned()),
        ["1", at, host, ..] if stamp(at) => Some((*host).to_owned()),
        [at, host, unit, ..] if stamp(at) && !matches!(*host, "stdout" | "stderr") && unit.ends_with(':') => Some((*host).to_owned()),
        _ => None,
    }
}

/// Whether the prefix is CRI's: `<RFC 3339> stdout F`.
fn cri_stream(text: &str) -> bool {
    let mut words = text.split(' ').rev();
    matches!(words.next(), Some("F" | "P")) && matches!(words.next(), Some("stdout" | "stderr"))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail loudly")]
    use super::*;

    #[test]
    fn fields_name_a_server_nested_or_flat() {
        for (fields, name) in [
            (r#"{"host":{"name":"h1"},"agent":{"hostname":"h9"}}"#, Some("h1")),
            (r#"{"host.name":"h1"}"#, Some("h1")),
            (r#"{"_HOSTNAME":"h1"}"#, Some("h1")),
            (r#"{"host":"node7","kubernetes":{"pod_name":"meta-0","host":"node7"}}"#, Some("meta-0")),
            (r#"{"stream":{"instance":"10.0.0.1:9080","job":"pegasus"},"values":[]}"#, Some("10.0.0.1:9080")),
            (r#"{"resource":{"type":"k8s_container","labels":{"pod_name":"meta-0"}}}"#, Some("meta-0")),
            (r#"{"attributes":[{"key":"host.name","value":{"stringValue":"h1"}}]}"#, Some("h1")),
            (r#"{"__source__":"10.0.0.1"}"#, Some("10.0.0.1")),
            (r#"{"source":"/var/log/meta.log","stream":"stdout","time":"2024-05-25T10:00:00Z"}"#, None),
        ] {
            let Value::Object(map) = serde_json::from_str(fields).unwrap() else { unreachable!() };
            assert_eq!(of_object(&map).as_deref(), name, "{fields}");
        }
    }

    #[test]
    fn a_time_or_a_mark_is_no_server() {
        for prefix in [
            "2024-05-25T10:11:44.733Z ",
            "> ",
            "- ",
            "* ",
            "12. ",
            "[2024-05-25T10:11:44Z] ",
            "[info] ",
            "12:",
            "   7\t",
            "{\"a\": ",
            "MESSAGE=",
            "2024-05-25 10:11:44,123 INFO ",
        ] {
            assert_eq!(of_prefix(prefix), None, "{prefix}");
        }
        for (prefix, name) in [
            ("meta-1  | ", "meta-1"),
            ("meta-1: ", "meta-1"),
            ("2024-05-25T10:11:44.733000+00:00 meta-0/pegasus ", "meta-0/pegasus"),
            ("pegasus-meta-0 meta ", "pegasus-meta-0"),
            ("2024-05-25T10:11:44+08:00 {app=\"pegasus\", pod=\"meta-0\"} ", "meta-0"),
            ("a/log.1.txt-12-", "a/log.1.txt"),
        ] {
            assert_eq!(of_prefix(prefix).as_deref(), Some(name), "{prefix}");
        }
    }
}
