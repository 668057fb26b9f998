//! The follower table, as the source's meta server creates and checks it.

use super::EventKind as E;
use super::pattern::{Level, Pattern, Prefix, Role, pattern};

/// The messages of this theme.
pub(super) const PATTERNS: &[Pattern] = &[
    pattern(
        E::FollowerAppCreateFailed,
        Role::Meta,
        Level::Error,
        "meta_duplication_service.cpp",
        Prefix::None,
        "created follower app[{remote_cluster:str}.{app_name:str}] to trigger duplicate checkpoint failed: duplication_status = {status:dup_status}, create_err = {create_err:err}, update_err = {update_err:err}",
        &[
            "created follower app[beijing_dr.order_feed] to trigger duplicate checkpoint failed: duplication_status = DS_APP, create_err = ERR_TIMEOUT, update_err = ERR_TIMEOUT",
        ],
    ),
    pattern(
        E::FollowerAppCreateFailed,
        Role::Meta,
        Level::Error,
        "meta_duplication_service.cpp",
        Prefix::None,
        "create follower app(cluster_name={remote_cluster:str}, app_name={remote_app_name:str}) to trigger duplicate checkpoint failed: master_app_name={app_name:str}, duplication_status={status:dup_status}, create_err={create_err:err}, update_err={update_err:err}",
        &[
            "create follower app(cluster_name=beijing_dr, app_name=order_feed_dr) to trigger duplicate checkpoint failed: master_app_name=order_feed, duplication_status=DS_APP, create_err=ERR_TIMEOUT, update_err=ERR_TIMEOUT",
        ],
    ),
    pattern(
        E::FollowerAppCreateFailed,
        Role::Meta,
        Level::Error,
        "meta_duplication_service.cpp",
        Prefix::None,
        "create follower app[{remote_cluster:str}.{remote_app_name:str}] to trigger duplicate checkpoint failed: duplication_status = {status:dup_status}, create_err = {create_err:err}, update_err = {update_err:err}",
        &[
            "create follower app[beijing_dr.order_feed_dr] to trigger duplicate checkpoint failed: duplication_status = DS_APP, create_err = ERR_TIMEOUT, update_err = ERR_TIMEOUT",
        ],
    ),
    pattern(
        E::FollowerAppCheckFailed,
        Role::Meta,
        Level::Error,
        "meta_duplication_service.cpp",
        Prefix::None,
        "query follower app[{remote_cluster:str}.{app_name:str}] replica configuration completed, result: duplication_status = {status:dup_status}, query_err = {query_err:err}, update_err = {update_err:err}",
        &[
            "query follower app[beijing_dr.order_feed] replica configuration completed, result: duplication_status = DS_APP, query_err = ERR_TIMEOUT, update_err = ERR_TIMEOUT",
        ],
    ),
    pattern(
        E::FollowerAppCheckFailed,
        Role::Meta,
        Level::Error,
        "meta_duplication_service.cpp",
        Prefix::None,
        "check all replicas of creating follower app(cluster_name={remote_cluster:str}, app_name={remote_app_name:str}): master_app_name={app_name:str}, duplication_status={status:dup_status}, query_err={query_err:err}, update_err={update_err:err}",
        &[
            "check all replicas of creating follower app(cluster_name=beijing_dr, app_name=order_feed_dr): master_app_name=order_feed, duplication_status=DS_APP, query_err=ERR_TIMEOUT, update_err=ERR_TIMEOUT",
        ],
    ),
    pattern(
        E::FollowerAppCreateRequest,
        Role::Meta,
        Level::Info,
        "meta_duplication_service.cpp",
        Prefix::None,
        "send request to create follower app(cluster_name={remote_cluster:str}, app_name={remote_app_name:str}, status={follower_app_status:str}) to trigger duplicate checkpoint: master_app_name={app_name:str}, duplication_status={status:dup_status}",
        &[
            "send request to create follower app(cluster_name=beijing_dr, app_name=order_feed_dr, status=follower-app-status) to trigger duplicate checkpoint: master_app_name=order_feed, duplication_status=DS_APP",
        ],
    ),
    pattern(
        E::FollowerAppCreated,
        Role::Meta,
        Level::Info,
        "meta_duplication_service.cpp",
        Prefix::None,
        "create follower app(cluster_name={remote_cluster:str}, app_name={remote_app_name:str}) to trigger duplicate checkpoint successfully: master_app_name={app_name:str}, duplication_status={status:dup_status}",
        &[
            "create follower app(cluster_name=beijing_dr, app_name=order_feed_dr) to trigger duplicate checkpoint successfully: master_app_name=order_feed, duplication_status=DS_APP",
        ],
    ),
    pattern(
        E::FollowerAppMarkCreatedFailed,
        Role::Meta,
        Level::Error,
        "meta_duplication_service.cpp",
        Prefix::None,
        "mark follower app(cluster_name={remote_cluster:str}, app_name={remote_app_name:str}) as created failed: master_app_name={app_name:str}, duplication_status={status:dup_status}, callback_err={callback_err:err}, resp_err={resp_err:err}",
        &[
            "mark follower app(cluster_name=beijing_dr, app_name=order_feed_dr) as created failed: master_app_name=order_feed, duplication_status=DS_APP, callback_err=ERR_TIMEOUT, resp_err=ERR_TIMEOUT",
        ],
    ),
    pattern(
        E::FollowerAppCheckRequest,
        Role::Meta,
        Level::Info,
        "meta_duplication_service.cpp",
        Prefix::None,
        "send request to check if all replicas of creating follower app(cluster_name={remote_cluster:str}, app_name={remote_app_name:str}) are ready: master_app_name={app_name:str}, duplication_status={status:dup_status}",
        &[
            "send request to check if all replicas of creating follower app(cluster_name=beijing_dr, app_name=order_feed_dr) are ready: master_app_name=order_feed, duplication_status=DS_APP",
        ],
    ),
    pattern(
        E::FollowerReady,
        Role::Meta,
        Level::Info,
        "meta_duplication_service.cpp",
        Prefix::None,
        "all replicas of follower app(cluster_name={remote_cluster:str}, app_name={remote_app_name:str}) have been ready: master_app_name={app_name:str}, duplication_status={status:dup_status}",
        &[
            "all replicas of follower app(cluster_name=beijing_dr, app_name=order_feed_dr) have been ready: master_app_name=order_feed, duplication_status=DS_APP",
        ],
    ),
];
