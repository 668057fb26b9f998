//! When two events are the same fact, and when the story has moved on.

use crate::event::EventKind as E;

/// Events after which equal lines are not the same story any more.
pub(super) fn is_barrier(kind: E) -> bool {
    matches!(
        kind,
        E::DupStatusChanged
            | E::AddDupOk
            | E::LeaderTookOver
            | E::LeaderLockGranted
            | E::LeaderLockExpired
            | E::DupRecoverBegin
            | E::ProcessStart
    )
}

/// Whether a field makes two lines different facts. Decrees, sizes and clients do not.
pub(super) fn distinguishes(kind: E, field: &str) -> bool {
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
        "path" => matches!(kind, E::DupRestoreBadJson | E::DupBadPath | E::MetaStorageTimeout | E::MetaStorageUnexpectedError),
        // What the end of a run comes to, such as how full a disk is, stands in its last line.
        "client" | "entry" | "raw_json" | "pid" | "size" | "timestamp" | "signature" | "available_mb" | "available_ratio"
        | "not_duplicated" | "not_confirmed" | "standing_s" => false,
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
