//! What servers answered when `dupdoctor status` asked them: lines of its own, in the form of the servers' lines.
//!
//! Asked is over HTTP (`/meta/app/duplication` of the leading meta server, `/replica/duplication` of the replica servers); the
//! lines are written down with `status --record` and read like any log.

use super::EventKind as E;
use super::pattern::{Level, Pattern, Prefix, Role, pattern};

/// The messages of this theme.
pub(super) const PATTERNS: &[Pattern] = &[
    pattern(
        E::DupAnswered,
        Role::Meta,
        Level::Info,
        "",
        Prefix::Dup,
        "duplication of {app_name:str} answered: {entry:json}",
        &[
            r#"[a5d1716542517] duplication of order_feed answered: {"dupid":1716542517,"fail_mode":"FAIL_SLOW","remote":"beijing_dr","status":"DS_APP"}"#,
            r#"[a5d1716542517] duplication of order_feed answered: {"dupid":1716542517,"fail_mode":"FAIL_SLOW","partition_states":{"0":{"confirmed_decree":7,"last_committed_decree":9}},"remote":"beijing_dr","remote_app_name":"feed","remote_replica_count":3,"status":"DS_LOG"}"#,
        ],
    ),
    pattern(
        E::DupNotAnswered,
        Role::Meta,
        Level::Warning,
        "",
        Prefix::Dup,
        "duplication of {app_name:str} is not answered any more",
        &["[a5d1716542517] duplication of order_feed is not answered any more"],
    ),
    pattern(
        E::ConfigMisread,
        Role::Server,
        Level::Warning,
        "",
        Prefix::None,
        "configuration is misread in line {line:int}: {what:str}",
        &[
            "configuration is misread in line 12: [replication] duplication_enabeld is no key that Pegasus reads; did you mean duplication_enabled?",
        ],
    ),
    pattern(
        E::PendingAnswered,
        Role::Replica,
        Level::Info,
        "",
        Prefix::Replica,
        "duplication {dup_id:int} answered as pending: not_duplicated = {not_duplicated:int}, not_confirmed = {not_confirmed:int}, standing_s = {standing_s:int}",
        &["[5.3@10.30.5.17:34801] duplication 1716542517 answered as pending: not_duplicated = 40, not_confirmed = 41, standing_s = 620"],
    ),
];
