//! Duplications restored by a new leader.

use super::EventKind as E;
use super::pattern::{Level, Pattern, Prefix, Role, pattern};

/// The messages of this theme.
pub(super) const PATTERNS: &[Pattern] = &[
    pattern(
        E::DupRecoverBegin,
        Role::Meta,
        Level::Info,
        "meta_duplication_service.cpp",
        Prefix::None,
        "recovering duplication states from meta storage",
        &["recovering duplication states from meta storage"],
    ),
    pattern(
        E::DupBadPath,
        Role::Meta,
        Level::Error,
        "meta_duplication_service.cpp",
        Prefix::None,
        "invalid duplication path: {path:path}",
        &["invalid duplication path: /data1/pegasus/reps/3.2.pegasus/plog/log.8.1234"],
    ),
    pattern(
        E::DupProgressRestoreBad,
        Role::Meta,
        Level::Error,
        "meta_duplication_service.cpp",
        Prefix::Dup,
        "invalid confirmed_decree {value:str} on partition_idx {partition_index:int}",
        &["[a3d1716542517] invalid confirmed_decree value on partition_idx 17"],
    ),
    pattern(
        E::DupProgressRestored,
        Role::Meta,
        Level::Info,
        "meta_duplication_service.cpp",
        Prefix::Dup,
        "initialize progress from metastore [partition_idx: {partition_index:int}, confirmed: {confirmed_decree:int}]",
        &["[a3d1716542517] initialize progress from metastore [partition_idx: 17, confirmed: 1523]"],
    ),
    pattern(
        E::DupRestoreBadJson,
        Role::Meta,
        Level::Error,
        "meta_duplication_service.cpp",
        Prefix::None,
        r#"failed to decode json "{raw_json:str}" on path {path:path}"#,
        &[r#"failed to decode json "raw-json" on path /data1/pegasus/reps/3.2.pegasus/plog/log.8.1234"#],
    ),
    pattern(
        E::DupServiceAssert,
        Role::Meta,
        Level::Fatal,
        "meta_service.cpp",
        Prefix::None,
        "_state should not be null",
        &["_state should not be null"],
    ),
    pattern(
        E::DupServiceAssert,
        Role::Meta,
        Level::Fatal,
        "meta_service.cpp",
        Prefix::None,
        "_meta_svc should not be null",
        &["_meta_svc should not be null"],
    ),
    pattern(
        E::DupServiceAssert,
        Role::Meta,
        Level::Fatal,
        "meta_service.cpp",
        Prefix::None,
        "assertion expression: [(_state) != nullptr] _state should not be null",
        &["assertion expression: [(_state) != nullptr] _state should not be null"],
    ),
    pattern(
        E::DupServiceAssert,
        Role::Meta,
        Level::Fatal,
        "meta_service.cpp",
        Prefix::None,
        "assertion expression: [(_meta_svc) != nullptr] _meta_svc should not be null",
        &["assertion expression: [(_meta_svc) != nullptr] _meta_svc should not be null"],
    ),
];
