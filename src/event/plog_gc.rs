//! Removal of private logs.

use super::EventKind as E;
use super::pattern::{Level, Pattern, Prefix, Role, pattern};

/// The messages of this theme.
pub(super) const PATTERNS: &[Pattern] = &[
    pattern(E::PlogRemoveFailed, Role::Replica, Level::Error, "mutation_log.cpp", Prefix::None,
        "gc_private @ {gpid:gpid}: fail to remove {path:path}, stop current gc cycle ...",
        &["gc_private @ 3.2: fail to remove /data1/pegasus/reps/3.2.pegasus/plog/log.8.1234, stop current gc cycle ..."]),
    pattern(E::PlogRemoveFailed, Role::Replica, Level::Error, "mutation_log.cpp", Prefix::None,
        "gc_private @ {gpid:gpid}: fail to remove {path:path}, stop current gc cycle ...",
        &["gc_private @ 3.2: fail to remove /data1/pegasus/reps/3.2.pegasus/plog/log.8.1234, stop current gc cycle ..."]),
    pattern(E::PlogRemoved, Role::Replica, Level::Info, "mutation_log.cpp", Prefix::None,
        "gc_private @ {gpid:gpid}: log file {path:path} is removed",
        &["gc_private @ 3.2: log file /data1/pegasus/reps/3.2.pegasus/plog/log.8.1234 is removed"]),
    pattern(E::PlogRemoved, Role::Replica, Level::Info, "mutation_log.cpp", Prefix::None,
        "gc_private @ {gpid:gpid}: will remove files {path:path} ~ log.{index:int} because valid_start_offset={valid_start_offset:str} outdates log_end_offset={end_offset:str}",
        &["gc_private @ 3.2: will remove files /data1/pegasus/reps/3.2.pegasus/plog/log.8.1234 ~ log.17 because valid_start_offset=valid-start-offset outdates log_end_offset=end-offset"]),
    pattern(E::PlogRemoved, Role::Replica, Level::Info, "mutation_log.cpp", Prefix::None,
        "gc_private @ {gpid:gpid}: will remove files {path:path} ~ log.{index:int} because cleanable_decree={cleanable_decree:int} outdates max_decree={max_decree:int}",
        &["gc_private @ 3.2: will remove files /data1/pegasus/reps/3.2.pegasus/plog/log.8.1234 ~ log.17 because cleanable_decree=17 outdates max_decree=17"]),
    pattern(E::PlogRemoved, Role::Replica, Level::Info, "mutation_log.cpp", Prefix::None,
        "gc_private @ {gpid:gpid}: log file {path:path} is removed",
        &["gc_private @ 3.2: log file /data1/pegasus/reps/3.2.pegasus/plog/log.8.1234 is removed"]),
    pattern(E::PlogGcDelayed, Role::Replica, Level::Info, "replica_chkpt.cpp", Prefix::Replica,
        "gc_private {replica_status:enum}: delay gc for duplication: min_confirmed_decree({min_confirmed_decree:int}) last_durable_decree({last_durable_decree:int})",
        &["[3.2@10.30.5.17:34801] gc_private PS_PRIMARY: delay gc for duplication: min_confirmed_decree(17) last_durable_decree(17)"]),
    pattern(E::PlogGcOk, Role::Replica, Level::Info, "replica_chkpt.cpp", Prefix::Replica,
        "gc_private {replica_status:enum}: min_confirmed_decree({min_confirmed_decree:int}) last_durable_decree({last_durable_decree:int})",
        &["[3.2@10.30.5.17:34801] gc_private PS_PRIMARY: min_confirmed_decree(17) last_durable_decree(17)"]),
    pattern(E::PlogGcSkipUnknown, Role::Replica, Level::Info, "replica_chkpt.cpp", Prefix::Replica,
        "gc_private {replica_status:enum}: skip gc because confirmed duplication progress is unknown",
        &["[3.2@10.30.5.17:34801] gc_private PS_PRIMARY: skip gc because confirmed duplication progress is unknown"]),
    pattern(E::PlogGcSkipDisabled, Role::Replica, Level::Warning, "replica_chkpt.cpp", Prefix::Replica,
        "gc_private {replica_status:enum}: skip gc because plog gc is disabled",
        &["[3.2@10.30.5.17:34801] gc_private PS_PRIMARY: skip gc because plog gc is disabled"]),
    pattern(E::PlogGcSkipChecking, Role::Replica, Level::Info, "replica_chkpt.cpp", Prefix::Replica,
        "gc_private {replica_status:enum}: skip gc because duplication is checking plog files",
        &["[3.2@10.30.5.17:34801] gc_private PS_PRIMARY: skip gc because duplication is checking plog files"]),
];
