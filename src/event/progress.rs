//! What a waiting or shipping duplication reports at each sync.

use super::EventKind as E;
use super::pattern::{Level, Pattern, Prefix, Role, pattern};

/// The messages of this theme.
pub(super) const PATTERNS: &[Pattern] = &[
    pattern(
        E::DupReport,
        Role::Meta,
        Level::Info,
        "duplication_info.cpp",
        Prefix::None,
        "duplication report: {entry:json}",
        &[
            r#"duplication report: {"create_ts":"2024-05-24 17:21:57","dupid":1716542517,"fail_mode":"FAIL_SLOW","progress":{"0":12,"1":-1},"remote":"beijing_dr","status":"DS_LOG"}"#,
        ],
    ),
    pattern(
        E::CheckpointNotReady,
        Role::Meta,
        Level::Warning,
        "meta_duplication_service.cpp",
        Prefix::None,
        "replica checkpoint still running: {prepared:int}/{partition_count:int}",
        &["replica checkpoint still running: 2/8"],
    ),
];
