//! `GET /meta/apps` and `GET /meta/nodes`: the tables and the replica servers of a cluster.
//!
//! Source: `meta_http_service.cpp` (`list_app_handler`, `list_node_handler`); the JSON of the table printer, whose cells are texts.

use super::{Refusal, beginning, json};
use serde_json::Value;

/// A table that is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HttpTable {
    /// `app_id`
    pub app_id: i64,
    /// `app_name`
    pub app_name: String,
    /// `partition_count`
    pub partition_count: Option<i64>,
}

/// A replica server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HttpNode {
    /// `host:port`
    pub address: String,
    /// Whether the meta server thinks that it is alive.
    pub alive: bool,
}

/// The tables that are available.
///
/// # Errors
/// When the answer is none.
pub fn tables(status: u16, body: &[u8]) -> Result<Vec<HttpTable>, Refusal> {
    let row = |row: &Value| {
        let number = |key: &str| row.get(key).and_then(|cell| cell.as_str().map_or_else(|| cell.as_i64(), |text| text.parse().ok()));
        let id = number("app_id")?;
        let available = row.get("status").and_then(Value::as_str).is_none_or(|s| s.trim_start_matches("AS_") == "AVAILABLE");
        let name = row.get("app_name")?.as_str().filter(|n| !n.is_empty() && available)?;
        Some(HttpTable { app_id: id, app_name: name.to_owned(), partition_count: number("partition_count") })
    };
    let mut all: Vec<HttpTable> = rows(status, body, "general_info")?.iter().filter_map(row).collect();
    all.sort_by_key(|table| table.app_id);
    Ok(all)
}

/// The replica servers.
///
/// # Errors
/// When the answer is none.
pub fn nodes(status: u16, body: &[u8]) -> Result<Vec<HttpNode>, Refusal> {
    let row = |row: &Value| {
        // On master `host:port(ip:port)`.
        let address = row.get("address").or_else(|| row.get("node"))?.as_str()?.split('(').next()?.to_owned();
        Some(HttpNode { address, alive: row.get("status")?.as_str()? == "ALIVE" })
    };
    let mut all: Vec<HttpNode> = rows(status, body, "details")?.iter().filter_map(row).collect();
    all.sort_by(|a, b| a.address.cmp(&b.address));
    Ok(all)
}

/// The rows of a table of the printer, by whatever key each has.
fn rows(status: u16, body: &[u8], table: &'static str) -> Result<Vec<Value>, Refusal> {
    let value = json(status, body)?;
    let Some(rows) = value.get(table) else { return Err(Refusal::Foreign { missing: table, begins: beginning(body) }) };
    match rows {
        Value::Object(rows) => Ok(rows.values().cloned().collect()),
        Value::Array(rows) => Ok(rows.clone()),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Ok(Vec::new()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_printer_s_json_is_read() {
        let body = br#"{"general_info":{"2":{"app_id":"2","status":"AVAILABLE","app_name":"t2","partition_count":"8"},
            "1":{"app_id":"1","status":"AVAILABLE","app_name":"temp"},"9":{"app_id":"9","status":"DROPPED","app_name":"x"}},"summary":{"total_app_count":"2"}}"#;
        let told: Vec<_> = tables(200, body).unwrap_or_default().into_iter().map(|t| (t.app_name, t.partition_count)).collect();
        assert_eq!(told, [("temp".to_owned(), None), ("t2".to_owned(), Some(8))]);
        let body = br#"{"details":{"r2:34801":{"address":"r2:34801(10.1.1.2:34801)","status":"ALIVE"},"r1:34801":{"address":"r1:34801","status":"UNALIVE"}}}"#;
        let told: Vec<_> = nodes(200, body).unwrap_or_default().into_iter().map(|n| (n.address, n.alive)).collect();
        assert_eq!(told, [("r1:34801".to_owned(), false), ("r2:34801".to_owned(), true)]);
        assert!(matches!(tables(200, b"{}"), Err(Refusal::Foreign { missing: "general_info", .. })));
    }
}
