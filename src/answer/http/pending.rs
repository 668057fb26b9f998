//! `GET /replica/duplication?appid=`: what the primaries on a replica server have not shipped yet.

use super::{Refusal, beginning, json};
use crate::answer::Pending;

/// The partitions whose primaries are on the server, `{"<dupid>":{"<appid>.<index>":{…}}}`; also the entries that cannot be read.
///
/// # Errors
/// When the answer is none.
pub fn pending(status: u16, body: &[u8]) -> Result<(Vec<Pending>, Vec<String>), Refusal> {
    let value = json(status, body)?;
    if value.is_null() {
        return Ok((Vec::new(), Vec::new()));
    }
    Pending::of(&value).ok_or_else(|| Refusal::Foreign { missing: "pending mutations", begins: beginning(body) })
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
        assert_eq!(unread, ["partition \"5.x\" of duplication 17", "\"x\" is not a duplication"]);
        assert_eq!(pending(200, b"{}"), Ok((Vec::new(), Vec::new())));
        assert!(matches!(pending(200, b"{\"a\":1}"), Err(Refusal::Foreign { .. })));
        assert!(matches!(pending(200, b"[]"), Err(Refusal::Foreign { .. })));
    }
}
