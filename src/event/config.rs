//! Configuration that a server refuses.

use super::EventKind as E;
use super::pattern::{Level, Pattern, Prefix, Role, pattern};

/// The messages of this theme.
pub(super) const PATTERNS: &[Pattern] = &[
    pattern(E::DupGroupConfigAssert, Role::Server, Level::Fatal, "duplication_common.cpp", Prefix::None,
        "cluster_name is not set",
        &["cluster_name is not set"]),
    pattern(E::DupGroupConfigAssert, Role::Server, Level::Fatal, "duplication_common.cpp", Prefix::None,
        "cluster_id({cluster_id:int}) for {remote_cluster:str} should be in [1, 127]",
        &["cluster_id(17) for beijing_dr should be in [1, 127]"]),
    pattern(E::DupGroupConfigAssert, Role::Server, Level::Fatal, "duplication_common.cpp", Prefix::None,
        "there might be duplicate cluster_name in configuration",
        &["there might be duplicate cluster_name in configuration"]),
    pattern(E::DupGroupConfigAssert, Role::Server, Level::Fatal, "duplication_common.cpp", Prefix::None,
        "there might be duplicate cluster_id in configuration",
        &["there might be duplicate cluster_id in configuration"]),
    pattern(E::DupGroupConfigAssert, Role::Server, Level::Fatal, "duplication_common.cpp", Prefix::None,
        "cluster_name is not set",
        &["cluster_name is not set"]),
    pattern(E::DupGroupConfigAssert, Role::Server, Level::Fatal, "common.cpp", Prefix::None,
        "cluster_name is not set",
        &["cluster_name is not set"]),
    pattern(E::DupGroupConfigAssert, Role::Server, Level::Fatal, "common.cpp", Prefix::None,
        "assertion expression: [!utils::is_empty(FLAGS_cluster_name)] cluster_name is not set",
        &["assertion expression: [!utils::is_empty(FLAGS_cluster_name)] cluster_name is not set"]),
    pattern(E::DupGroupConfigAssert, Role::Server, Level::Fatal, "duplication_common.cpp", Prefix::None,
        "assertion expression: [cluster_id < 128 && cluster_id > 0] cluster_id({cluster_id:int}) for {remote_cluster:str} should be in [1, 127]",
        &["assertion expression: [cluster_id < 128 && cluster_id > 0] cluster_id(17) for beijing_dr should be in [1, 127]"]),
    pattern(E::DupGroupConfigAssert, Role::Server, Level::Fatal, "duplication_common.cpp", Prefix::None,
        "assertion expression: [clusters.size() == _group.size()] {lhs:str} vs {rhs:str} there might be duplicate cluster_name in configuration",
        &["assertion expression: [clusters.size() == _group.size()] 3 vs 5 there might be duplicate cluster_name in configuration"]),
    pattern(E::DupGroupConfigAssert, Role::Server, Level::Fatal, "duplication_common.cpp", Prefix::None,
        "assertion expression: [_distinct_cids.size() == _group.size()] {lhs:str} vs {rhs:str} there might be duplicate cluster_id in configuration",
        &["assertion expression: [_distinct_cids.size() == _group.size()] 3 vs 5 there might be duplicate cluster_id in configuration"]),
    pattern(E::ClustersEntryMissing, Role::Server, Level::Error, "replication_common.cpp", Prefix::None,
        "no meta server specified in config [{section:str}].{remote_cluster:str}",
        &["no meta server specified in config [pegasus.clusters].beijing_dr"]),
    pattern(E::ClustersEntryMissing, Role::Server, Level::Error, "replication_common.cpp", Prefix::None,
        "no meta server specified",
        &["no meta server specified"]),
];
