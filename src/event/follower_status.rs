//! The follower table's environment on the target's meta server (since #2144).

use super::EventKind as E;
use super::pattern::{Level, Pattern, Prefix, Role, pattern};

/// The messages of this theme.
pub(super) const PATTERNS: &[Pattern] = &[
    pattern(
        E::FollowerStatusEnvMismatch,
        Role::Meta,
        Level::Error,
        "server_state.cpp",
        Prefix::None,
        "env {env_key:str} are not matched between the request({req_master_cluster:str}) and the follower app({my_master_cluster:str}): app_name={app_name:str}, app_id={app_id:int}",
        &[
            "env duplication.follower_app_status are not matched between the request(req-master-cluster) and the follower app(my-master-cluster): app_name=order_feed, app_id=3",
        ],
    ),
    pattern(
        E::FollowerStatusEnvMissingInRequest,
        Role::Meta,
        Level::Error,
        "server_state.cpp",
        Prefix::None,
        "no env {env_key:str} in the request: app_name={app_name:str}, app_id={app_id:int}",
        &["no env duplication.follower_app_status in the request: app_name=order_feed, app_id=3"],
    ),
    pattern(
        E::FollowerStatusEnvMissingInApp,
        Role::Meta,
        Level::Error,
        "server_state.cpp",
        Prefix::None,
        "no env {env_key:str} in the follower app: app_name={app_name:str}, app_id={app_id:int}",
        &["no env duplication.follower_app_status in the follower app: app_name=order_feed, app_id=3"],
    ),
    pattern(
        E::FollowerStatusRestartAfterCreated,
        Role::Meta,
        Level::Error,
        "server_state.cpp",
        Prefix::None,
        "the master cluster should never send the request with env {env_key:str} valued {req_status:str} again since it has been {my_status:str} in the follower app: app_name={app_name:str}, app_id={app_id:int}",
        &[
            "the master cluster should never send the request with env duplication.follower_app_status valued req-status again since it has been my-status in the follower app: app_name=order_feed, app_id=3",
        ],
    ),
    pattern(
        E::FollowerStatusUpdateBegin,
        Role::Meta,
        Level::Info,
        "server_state.cpp",
        Prefix::None,
        "ready to update env {env_key:str} of follower app from {old_status:str} to {new_status:str}, app_name={app_name:str}, app_id={app_id:int}, ",
        &[
            "ready to update env duplication.follower_app_status of follower app from old-status to new-status, app_name=order_feed, app_id=3, ",
        ],
    ),
    pattern(
        E::FollowerStatusUpdateFailed,
        Role::Meta,
        Level::Error,
        "server_state.cpp",
        Prefix::None,
        "failed to update remote env of creating follower app status: error_code={err:err}, app_name={app_name:str}, app_id={app_id:int}, {env_key:str}={old_status:str} => {new_status:str}",
        &[
            "failed to update remote env of creating follower app status: error_code=ERR_TIMEOUT, app_name=order_feed, app_id=3, duplication.follower_app_status=old-status => new-status",
        ],
    ),
    pattern(
        E::FollowerStatusUpdated,
        Role::Meta,
        Level::Info,
        "server_state.cpp",
        Prefix::None,
        "both remote and local env of creating follower app status have been updated successfully: app_name={app_name:str}, app_id={app_id:int}, {env_key:str}={old_status:str} => {new_status:str}",
        &[
            "both remote and local env of creating follower app status have been updated successfully: app_name=order_feed, app_id=3, duplication.follower_app_status=old-status => new-status",
        ],
    ),
    pattern(
        E::FollowerStatusRepeated,
        Role::Meta,
        Level::Info,
        "server_state.cpp",
        Prefix::None,
        "repeated request that updates env {env_key:str} of the follower app from {my_status:str} to {req_status:str}, just ignore: app_name={app_name:str}, app_id={app_id:int}",
        &[
            "repeated request that updates env duplication.follower_app_status of the follower app from my-status to req-status, just ignore: app_name=order_feed, app_id=3",
        ],
    ),
    pattern(
        E::FollowerStatusUndefined,
        Role::Meta,
        Level::Error,
        "server_state.cpp",
        Prefix::None,
        "undefined value({value:str}) of env {env_key:str} in the {where:str}: app_name={app_name:str}, app_id={app_id:int}",
        &["undefined value(value) of env duplication.follower_app_status in the where: app_name=order_feed, app_id=3"],
    ),
];
