//! `GET /replica/duplication?appid=`: what the primaries on a replica server have not shipped yet.

use super::{Refusal, beginning, json};
use crate::answer::Pending;
use crate::pegasus::{DupId, Gpid};
use serde_json::{Map, Value};

/// The partitions whose primaries are on the server, `{"<dupid>":{"<appid>.<index>":{…}}}`; also the entries that cannot be read.
///
/// # Errors
/// When the answer is none.
pub fn pending(status: u16, body: &[u8]) -> Result<(Vec<Pending>, Vec<String>), Refusal> {
    let foreign = || Refusal::Foreign { missing: "pending mutations", begins: beginning(body) };
    let all = match json(status, body)? {
        Value::Null => return Ok((Vec::new(), Vec::new())),
        Value::Object(all) => all,
        Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => return Err(foreign()),
    };
    let mut unread = Vec::new();
    let mut found = Vec::new();
    for (dup, partitions) in &all {
        let (Ok(dup), Value::Object(partitions)) = (dup.parse(), partitions) else {
            unread.push(format!("{dup:?} is no duplication"));
            continue;
        };
        for (gpid, state) in partitions {
            match (gpid.parse(), state.as_object().and_then(|s| of(DupId(dup), s))) {
                (Ok(gpid), Some(state)) => found.push(Pending { gpid, ..state }),
                _ => unread.push(format!("partition {gpid:?} of duplication {dup}")),
            }
        }
    }
    // Something else altogether, when nothing of it could be read.
    if found.is_empty() && !unread.is_empty() { Err(foreign()) } else { Ok((found, unread)) }
}

/// One entry; its partition is filled in by the caller.
fn of(dup_id: DupId, state: &Map<String, Value>) -> Option<Pending> {
    let number = |key: &str| state.get(key).and_then(Value::as_i64);
    let text = |key: &str| state.get(key).and_then(Value::as_str).filter(|t| !t.is_empty());
    Some(Pending {
        dup_id,
        gpid: Gpid { app_id: crate::pegasus::AppId(0), partition: 0 },
        duplicating: state.get("duplicating").and_then(Value::as_bool)?,
        fail_mode: text("fail_mode").and_then(|m| m.parse().ok()),
        not_confirmed: number("not_confirmed_mutations_num")?,
        not_duplicated: number("not_duplicated_mutations_num")?,
        remote_app_name: text("remote_app_name").map(str::to_owned),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_releases_are_read_and_the_rest_is_named() {
        let body = r#"{"17":{"5.0":{"duplicating":true,"fail_mode":"FAIL_SLOW","not_confirmed_mutations_num":3,"not_duplicated_mutations_num":1},
            "5.x":{}},"x":1,"18":{"5.2":{"duplicating":false,"fail_mode":"FAIL_SKIP","not_confirmed_mutations_num":0,"not_duplicated_mutations_num":0,"remote_app_name":"y"}}}"#;
        let (found, unread) = pending(200, body.as_bytes()).unwrap_or_default();
        let told: Vec<_> = found.iter().map(|p| (p.dup_id.0, p.gpid.to_string(), p.not_confirmed, p.remote_app_name.as_deref())).collect();
        assert_eq!(told, [(17, "5.0".to_owned(), 3, None), (18, "5.2".to_owned(), 0, Some("y"))]);
        assert_eq!(unread, ["partition \"5.x\" of duplication 17", "\"x\" is no duplication"]);
        assert_eq!(pending(200, b"{}"), Ok((Vec::new(), Vec::new())));
        assert!(matches!(pending(200, b"{\"a\":1}"), Err(Refusal::Foreign { .. })));
        assert!(matches!(pending(200, b"[]"), Err(Refusal::Foreign { .. })));
    }
}
