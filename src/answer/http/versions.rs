//! `GET /replica/data_version?app_id=`: in which form a replica server stores the values of a table, `{"0":{"data_version":"1"}}`.

use super::{Refusal, beginning, json};
use serde_json::Value;
use std::collections::BTreeSet;

/// The versions of the partitions that are on the server.
///
/// # Errors
/// When the answer is none.
pub fn data_versions(status: u16, body: &[u8]) -> Result<BTreeSet<i64>, Refusal> {
    let foreign = || Refusal::Foreign { missing: "data_version", begins: beginning(body) };
    let Value::Object(partitions) = json(status, body)? else { return Err(foreign()) };
    let version = |partition: &Value| partition.get("data_version")?.as_str()?.parse().ok();
    partitions.values().map(|partition| version(partition).ok_or_else(foreign)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_versions_of_all_partitions_are_read() {
        assert_eq!(data_versions(200, br#"{"0":{"data_version":"1"},"3":{"data_version":"0"}}"#), Ok([0, 1].into()));
        assert!(matches!(data_versions(200, br#"{"0":{}}"#), Err(Refusal::Foreign { .. })));
        assert!(matches!(data_versions(404, b"app_id=7 not found"), Err(Refusal::Status { .. })));
    }
}
