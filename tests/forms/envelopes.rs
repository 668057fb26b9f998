//! What collectors, log systems, terminals and people make of the lines of a log.

use crate::support::random::Random;
use serde_json::{Value, json};

/// Makes a text of lines.
type Envelope = fn(&[&str]) -> Vec<u8>;

/// A name, the text's file name, and how it is made.
pub(super) const ALL: &[(&str, &str, Envelope)] = &[
    ("trailing blank", "meta.log", |l| each(l, |line| format!("{line} "))),
    ("trailing tab and CR", "meta.log", |l| each(l, |line| format!("{line}\t\r"))),
    ("no-break blank", "meta.log", |l| each(l, |line| format!("{line}\u{a0}"))),
    ("bad byte", "meta.log", |l| l.iter().flat_map(|line| [line.as_bytes(), b"\xff\n"].concat()).collect()),
    ("colour's end", "meta.log", |l| each(l, |line| format!("{line}\u{1b}[0m"))),
    ("coloured line", "paste.txt", |l| each(l, |line| format!("\u{1b}[32m{line}\u{1b}[0m"))),
    ("coloured words", "paste.txt", |l| each(l, |line| line.replace("dup", "\u{1b}[01;31m\u{1b}[Kdup\u{1b}[m\u{1b}[K"))),
    ("quoted", "mail.txt", |l| each(l, |line| format!("> {line}"))),
    ("quoted twice", "mail.txt", |l| each(l, |line| format!("> > {line}"))),
    ("bullets", "issue.md", |l| each(l, |line| format!("- {line}"))),
    ("backticks", "issue.md", |l| each(l, |line| format!("`{line}`"))),
    ("bold bullets of code", "issue.md", |l| each(l, |line| format!("* **`{line}`**."))),
    ("indented code", "issue.md", |l| each(l, |line| format!("    {line}"))),
    ("table cells", "psql.txt", |l| each(l, |line| format!("| {line} |"))),
    ("cat -n", "cat.txt", |l| numbered(l, |n, line| format!("{n:>6}\t{line}"))),
    ("less -N", "less.txt", |l| numbered(l, |n, line| format!("{n:>7} {line}"))),
    ("grep -n of one file", "found.txt", |l| numbered(l, |n, line| format!("{n}:{line}"))),
    ("paragraphs", "page.html", |l| each(l, |line| format!("<p>{}</p>", entities(line)))),
    ("preformatted", "page.html", |l| format!("<pre><code>\n{}</code></pre>\n", each_text(l, entities)).into_bytes()),
    ("lines broken by tags", "page.html", |l| each(l, |line| format!("{}<br>", entities(line)))),
    ("paragraphs in one line", "page.html", |l| each_text(l, |line| format!("<p>{}</p>", entities(line))).replace('\n', "").into_bytes()),
    ("cells of a page", "page.html", |l| each(l, |line| format!("<tr><td>10:11</td><td>{}</td><td>h1</td></tr>", entities(line)))),
    ("cells of a table with others", "psql.txt", |l| each(l, |line| format!("| 10:11 | {line}  | h1 |"))),
    ("values between tabs", "x.tsv", |l| each(l, |line| format!("10:11\t{line}\th1"))),
    ("journald export", "journal.txt", |l| each(l, |line| format!("_HOSTNAME=h1\nMESSAGE={line}\n"))),
    ("aws logs tail", "tail.txt", |l| each(l, |line| format!("2024-05-25T10:11:44.733000+00:00 meta-0/pegasus {line}"))),
    ("logfmt", "out.log", |l| each(l, |line| format!("ts=2024-05-25T10:11:44Z level=info host=h1 msg={} n=1", json!(line)))),
    ("syslog around JSON", "syslog", |l| each(l, |line| format!("<14>May 25 10:11:44 h1 app[3]: {}", json!({"any": {"text": line}})))),
    ("with a count", "splunk.txt", |l| each(l, |line| format!("{line} (1 times)"))),
    ("byte order mark", "meta.log", |l| ["\u{feff}", &joined(l)].concat().into_bytes()),
    ("UTF-16", "meta.log", |l| utf16(&["\u{feff}", &joined(l)].concat(), u16::to_le_bytes)),
    ("UTF-16 without its mark", "meta.log", |l| utf16(&joined(l), u16::to_le_bytes)),
    ("UTF-16 the other way", "meta.log", |l| utf16(&["\u{feff}", &joined(l)].concat(), u16::to_be_bytes)),
    ("hard-wrapped at 120", "paste.txt", |l| hard_wrapped(l, 120)),
    ("hard-wrapped at 80", "paste.txt", |l| hard_wrapped(l, 80)),
    ("level cut off", "paste.txt", |l| each(l, |line| line[1..].to_owned())),
    ("docker", "abc-json.log", |l| {
        documents(l, |line| json!({"log": format!("{line}\n"), "stream": "stderr", "time": "2024-05-25T10:11:44.7Z"}))
    }),
    ("docker compose", "out.txt", |l| each(l, |line| format!("meta-1  | {line}"))),
    ("CRI", "0.log", |l| each(l, |line| format!("2024-05-25T10:11:44.733Z stderr F {line}"))),
    ("kubectl --prefix", "k.log", |l| each(l, |line| format!("[pod/meta-0/meta] {line}"))),
    ("stern", "stern.log", |l| each(l, |line| format!("\u{1b}[32mpegasus-meta-0\u{1b}[0m \u{1b}[36mmeta\u{1b}[0m {line}"))),
    ("journald", "journal.json", |l| documents(l, |line| json!({"_HOSTNAME": "h1", "MESSAGE": line, "__REALTIME_TIMESTAMP": "1"}))),
    ("journald bytes", "journal.json", |l| documents(l, |line| json!({"_HOSTNAME": "h1", "MESSAGE": line.as_bytes()}))),
    ("Filebeat", "beat.ndjson", |l| {
        documents(
            l,
            |line| json!({"@timestamp": "x", "host": {"name": "h1"}, "message": line, "log": {"offset": 7, "file": {"path": "/a"}}}),
        )
    }),
    ("Vector", "vector.json", |l| documents(l, |line| json!({"file": "/a", "host": "h1", "message": line, "source_type": "file"}))),
    ("Fluent Bit on Kubernetes", "fb.json", |l| {
        documents(l, |line| json!({"stream": "stderr", "_p": "F", "log": line, "kubernetes": {"pod_name": "meta-0", "host": "n1"}}))
    }),
    ("Fluent Bit out_file", "fb.txt", |l| each(l, |line| format!("tail.0: [1716603104.7, {}]", json!({"log": line})))),
    ("Fluent Bit pairs", "fb.txt", |l| {
        numbered(l, |n, line| format!("[{n}] tail.0: [[1716603104.7, {{}}], {{\"log\"=>{}, \"host\"=>\"h1\"}}]", json!(line)))
    }),
    ("fluentd", "fd.log", |l| each(l, |line| format!("2024-05-25T10:11:44+08:00\tpegasus.meta\t{}", json!({"message": line})))),
    ("Elasticsearch bulk", "bulk.ndjson", |l| each(l, |line| format!("{{\"index\":{{}}}}\n{}", json!({"message": line})))),
    ("Elasticsearch hits, one a line", "hits.ndjson", |l| {
        documents(l, |line| json!({"_index": "x", "_source": {"message": line, "host": {"name": "h1"}}}))
    }),
    ("Elasticsearch reply", "reply.json", |l| hits(l).to_string().into_bytes()),
    ("Elasticsearch reply, pretty, newest first", "reply.json", |l| pretty(&hits(&reversed(l)))),
    ("Elasticsearch reply, pages that overlap", "reply.ndjson", |l| {
        let half = l.len() / 2;
        format!("{}\n{}\n", hits(&l[..(half + 20).min(l.len())]), hits(&l[half..])).into_bytes()
    }),
    ("Loki query_range", "loki.json", |l| loki(&reversed(l)).to_string().into_bytes()),
    ("Loki query_range, pretty", "loki.json", |l| pretty(&loki(&reversed(l)))),
    ("logcli jsonl", "logcli.jsonl", |l| {
        documents(&reversed(l), |line| json!({"labels": {"pod": "meta-0"}, "line": line, "timestamp": "2024-05-25T10:11:44Z"}))
    }),
    ("logcli", "logcli.txt", |l| {
        each(&reversed(l), |line| format!("2024-05-25T10:11:44+08:00 {{app=\"pegasus\", pod=\"meta-0\"}} {line}"))
    }),
    ("logcli raw", "logcli.txt", |l| joined(&reversed(l)).into_bytes()),
    ("VictoriaLogs", "vl.ndjson", |l| {
        documents(&shuffled(l), |line| json!({"_msg": line, "_stream": "{job=\"p\"}", "_time": "x", "host.name": "h1"}))
    }),
    ("GELF", "gelf.ndjson", |l| {
        documents(l, |line| json!({"version": "1.1", "host": "h1", "short_message": &line[..line.len().min(70)], "full_message": line}))
    }),
    ("Graylog CSV", "graylog.csv", |l| table("timestamp,source,message", l, |line| format!("2024-05-25T10:11:44Z,h1,{}", cell(line)))),
    ("Splunk", "splunk.json", |l| {
        documents(l, |line| json!({"preview": false, "result": {"_raw": line, "host": "h1", "source": "/var/log/meta.log"}}))
    }),
    ("Splunk CSV", "splunk.csv", |l| table("\"_raw\",\"_time\",host", l, |line| format!("{},x,h1", cell(line)))),
    ("Splunk CSV, several lines in a cell", "splunk.csv", |l| {
        let cells: Vec<String> = l.chunks(3).map(|lines| format!("{},x,h1\r\n", cell(&lines.join("\n")))).collect();
        format!("\"_raw\",\"_time\",host\r\n{}", cells.concat()).into_bytes()
    }),
    ("Kibana CSV", "kibana.csv", |l| {
        table("\"@timestamp\",message", &reversed(l), |line| format!("\"May 25, 2024 @ 10:12:00.000\",{}", cell(line)))
    }),
    ("Datadog", "dd.json", |l| {
        json!({"data": l.iter().map(|line| json!({"attributes": {"host": "h1", "message": line}, "id": "A"})).collect::<Vec<_>>()})
            .to_string()
            .into_bytes()
    }),
    ("CloudWatch events", "cw.json", |l| {
        pretty(&json!({"events": l.iter().map(|line| json!({"timestamp": 1, "message": line, "ingestionTime": 2})).collect::<Vec<_>>()}))
    }),
    ("CloudWatch to S3", "cw.txt", |l| each(l, |line| format!("2024-05-25T10:11:44.733Z {line}"))),
    ("CloudWatch subscription", "cw.json", |l| {
        json!({"logStream": "meta-0", "logEvents": l.iter().map(|line| json!({"id": "3", "message": line})).collect::<Vec<_>>()})
            .to_string()
            .into_bytes()
    }),
    ("GCP entries", "gcp.json", |l| {
        pretty(&Value::from(
            l.iter().map(|line| json!({"textPayload": line, "resource": {"labels": {"pod_name": "meta-0"}}})).collect::<Vec<_>>(),
        ))
    }),
    ("GCP lines", "gcp.ndjson", |l| {
        documents(l, |line| json!({"jsonPayload": {"message": line}, "resource": {"labels": {"pod_name": "meta-0"}}}))
    }),
    ("OTLP", "otlp.json", |l| {
        let records: Vec<Value> = l.iter().map(|line| json!({"timeUnixNano": "1", "body": {"stringValue": line}})).collect();
        let resource = json!({"attributes": [{"key": "host.name", "value": {"stringValue": "h1"}}]});
        json!({"resourceLogs": [{"resource": resource, "scopeLogs": [{"logRecords": records}]}]}).to_string().into_bytes()
    }),
    ("Aliyun SLS", "sls.json", |l| documents(l, |line| json!({"__source__": "10.0.0.1", "__time__": "1", "content": line}))),
    ("Tencent CLS", "cls.ndjson", |l| documents(l, |line| json!({"Source": "10.0.0.1", "LOG": json!({"__CONTENT__": line}).to_string()}))),
    ("several lines in a value", "x.json", |l| documents_of(l.chunks(4).map(|lines| json!({"any": {"where": lines.join("\n")}})))),
    ("strings in an array", "x.json", |l| pretty(&json!(l))),
];

fn joined(lines: &[&str]) -> String {
    each_text(lines, str::to_owned)
}

fn each_text(lines: &[&str], made: impl Fn(&str) -> String) -> String {
    lines.iter().map(|line| made(line) + "\n").collect()
}

fn each(lines: &[&str], made: impl Fn(&str) -> String) -> Vec<u8> {
    each_text(lines, made).into_bytes()
}

fn numbered(lines: &[&str], made: impl Fn(usize, &str) -> String) -> Vec<u8> {
    lines.iter().enumerate().map(|(n, line)| made(n + 1, line) + "\n").collect::<String>().into_bytes()
}

fn documents(lines: &[&str], made: impl Fn(&str) -> Value) -> Vec<u8> {
    documents_of(lines.iter().map(|line| made(line)))
}

fn documents_of(values: impl Iterator<Item = Value>) -> Vec<u8> {
    values.flat_map(|value| (value.to_string() + "\n").into_bytes()).collect()
}

fn pretty(value: &Value) -> Vec<u8> {
    serde_json::to_vec_pretty(value).unwrap()
}

fn hits(lines: &[&str]) -> Value {
    let hits: Vec<Value> =
        lines.iter().map(|line| json!({"_id": "x", "_source": {"host": {"name": "h1"}, "message": line}, "sort": [1]})).collect();
    json!({"took": 3, "hits": {"total": {"value": hits.len()}, "hits": hits}})
}

fn loki(lines: &[&str]) -> Value {
    let values: Vec<Value> = lines.iter().map(|line| json!(["1716603104733000000", line])).collect();
    json!({"status": "success", "data": {"resultType": "streams", "result": [{"stream": {"pod": "meta-0"}, "values": values}]}})
}

fn table(header: &str, lines: &[&str], row: impl Fn(&str) -> String) -> Vec<u8> {
    format!("{header}\n{}", each_text(lines, row)).into_bytes()
}

fn cell(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}

fn entities(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

fn utf16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(bytes).collect()
}

fn hard_wrapped(lines: &[&str], width: usize) -> Vec<u8> {
    lines.iter().flat_map(|line| line.as_bytes().chunks(width)).flat_map(|part| [part, b"\n"].concat()).collect()
}

fn reversed<'a>(lines: &[&'a str]) -> Vec<&'a str> {
    lines.iter().rev().copied().collect()
}

fn shuffled<'a>(lines: &[&'a str]) -> Vec<&'a str> {
    let (mut lines, mut random) = (lines.to_vec(), Random(7));
    for at in (1..lines.len()).rev() {
        lines.swap(at, usize::try_from(random.below(at as u64 + 1)).unwrap());
    }
    lines
}
