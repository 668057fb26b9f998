//! `dupdoctor mcp` as a client without an SDK meets it; `tests/mcp/client.py` is one with.

use super::Desk;
use crate::support;
use serde_json::{Value, json};

/// The answers to requests, by their numbers.
fn answers(desk: &Desk, requests: &[(&str, Value)]) -> Vec<Value> {
    let hello = json!({"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}});
    let mut lines = vec![json!({"jsonrpc": "2.0", "id": 0, "method": "initialize", "params": hello})];
    lines.push(json!({"jsonrpc": "2.0", "method": "notifications/initialized"}));
    lines.extend(
        requests.iter().zip(1..).map(|((method, params), id)| json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params})),
    );
    let text = lines.iter().map(Value::to_string).collect::<Vec<_>>().join("\n") + "\n";
    let (code, out, err) = support::fed(&mut desk.command(&["mcp", "logs"]), text.as_bytes());
    assert_eq!(code, 0, "{err}");
    let mut all: Vec<Value> = out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    all.sort_by_key(|answer| answer["id"].as_u64());
    assert_eq!(all.len(), requests.len() + 1, "{out}");
    all
}

#[test]
fn tools_answer_and_read_nothing_outside() {
    let desk = Desk::new();
    desk.write("secret.txt", "a secret");
    let call = |name: &str, arguments: Value| ("tools/call", json!({"name": name, "arguments": arguments}));
    let all = answers(
        &desk,
        &[
            ("tools/list", json!({})),
            call("diagnose", json!({})),
            call("diagnose", json!({"paths": ["../secret.txt"]})),
            call("events", json!({"limit": 2, "app": ["test_orders"]})),
            call("fix", json!({"code": "-h"})),
            ("resources/read", json!({"uri": "dupdoctor://catalogue/DUP999"})),
        ],
    );
    assert_eq!(all[0]["result"]["serverInfo"]["name"], "dupdoctor");
    let tools = all[1]["result"]["tools"].as_array().unwrap();
    assert!(
        tools.iter().all(|tool| tool["annotations"]["readOnlyHint"] == true && tool["description"].as_str().is_some_and(|d| !d.is_empty()))
    );
    let text = |answer: &Value| answer["result"]["content"][0]["text"].as_str().unwrap_or_default().to_owned();
    assert_eq!(all[2]["result"]["isError"], false);
    let head = |text: &str| text.lines().take(5).map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(head(&text(&all[2])), head(&desk.run("diagnose logs").out), "the same report");
    assert!(all[3]["result"]["isError"] == true && text(&all[3]).contains("outside of what may be read"), "{}", all[3]);
    assert_eq!(text(&all[4]).lines().count(), 2);
    assert!(all[5]["result"]["isError"] == true && text(&all[5]).contains("unknown code"), "{}", all[5]);
    assert!(all[6]["error"]["message"].as_str().unwrap().contains("DUP999"));
}
