//! The sync between replica servers and the meta server.

use super::EventKind as E;
use super::pattern::{Level, Pattern, Prefix, Role, pattern};

/// The messages of this theme.
pub(super) const PATTERNS: &[Pattern] = &[
    pattern(
        E::DupSyncUnknownNode,
        Role::Meta,
        Level::Warning,
        "meta_duplication_service.cpp",
        Prefix::None,
        "node({node:addr}) is not found in meta server",
        &["node(10.30.5.17:34801) is not found in meta server"],
    ),
    pattern(
        E::DupSyncOngoing,
        Role::Replica,
        Level::Info,
        "duplication_sync_timer.cpp",
        Prefix::None,
        "a duplication sync is already ongoing",
        &["a duplication sync is already ongoing"],
    ),
    pattern(
        E::DupSyncSkippedDisconnected,
        Role::Replica,
        Level::Info,
        "duplication_sync_timer.cpp",
        Prefix::None,
        "stop this round of duplication sync because this server is disconnected from meta server",
        &["stop this round of duplication sync because this server is disconnected from meta server"],
    ),
    pattern(
        E::DupSyncSent,
        Role::Replica,
        Level::Info,
        "duplication_sync_timer.cpp",
        Prefix::None,
        "duplication_sync to meta({meta:addr})",
        &["duplication_sync to meta(10.30.5.17:34801)"],
    ),
    pattern(
        E::DupSyncFailed,
        Role::Replica,
        Level::Error,
        "duplication_sync_timer.cpp",
        Prefix::None,
        "on_duplication_sync_reply: err({err:err})",
        &["on_duplication_sync_reply: err(ERR_TIMEOUT)"],
    ),
    pattern(
        E::DupSyncStopped,
        Role::Replica,
        Level::Info,
        "duplication_sync_timer.cpp",
        Prefix::None,
        "stop duplication sync",
        &["stop duplication sync"],
    ),
    pattern(
        E::DupSyncStarted,
        Role::Replica,
        Level::Info,
        "duplication_sync_timer.cpp",
        Prefix::None,
        "run duplication sync periodically in {period_s:int}s",
        &["run duplication sync periodically in 17s"],
    ),
];
