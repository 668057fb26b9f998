//! When two events are the same fact.

use crate::event::EventKind;

/// Whether a field makes two lines different facts. Decrees, sizes and clients do not.
pub(super) fn distinguishes(kind: EventKind, field: &str) -> bool {
    match field {
        "app_id"
        | "dup_id"
        | "gpid"
        | "prepared"
        | "partition_count"
        | "partition_index"
        | "remote_replica_count"
        | "replica_count"
        | "cluster_id"
        | "node"
        | "meta" => true,
        "path" => kind.key_in_path(),
        // What the end of a run comes to, such as how full a disk is, stands in its last line.
        "client" | "entry" | "raw_json" | "pid" | "size" | "timestamp" | "signature" => false,
        _ if kind.varies(field) => false,
        _ => {
            !(field.ends_with("decree")
                || field.ends_with("_ns")
                || field.ends_with("_ms")
                || field.ends_with("_offset")
                || field.ends_with("_time")
                || field.ends_with("elapsed")
                || field == "now"
                || field == "trace_id"
                || field == "ballot"
                || field == "file"
                || field == "file_path"
                || field == "version")
        }
    }
}
