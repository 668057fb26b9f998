//! What servers did: one kind for each event name of the contract.

/// Declares the kinds with their names, so that none can lack one.
macro_rules! kinds {
    ($($(#[doc = $doc:literal])* $kind:ident => $name:literal,)*) => {
        /// A past fact that a log line states.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum EventKind { $($(#[doc = $doc])* $kind,)* }

        impl EventKind {
            /// Every kind.
            pub const ALL: &[Self] = &[$(Self::$kind,)*];

            /// The name in JSON and in signature files.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$kind => $name,)* }
            }
        }
    };
}

kinds! {
    /// `raw_text`: a line that a regular expression of a user's signature matches.
    RawText => "raw_text",
    /// `process_aborted`: a line of level F whose message is not known otherwise.
    ProcessAborted => "process_aborted",
    /// `config_misread`: a line of a `config.ini` that Pegasus does not read as it was meant.
    ConfigMisread => "config_misread",
    /// `disk_space_reported`, of `fs_manager.cpp`.
    DiskSpaceReported => "disk_space_reported",
    /// `version_banner`, of `main.cpp`.
    VersionBanner => "version_banner",
    /// `process_start`, of `service_api_c.cpp`.
    ProcessStart => "process_start",
    /// `ship_bad_task_code`, of `pegasus_mutation_duplicator.cpp`.
    ShipBadTaskCode => "ship_bad_task_code",
    /// `ship_config_assert`, of `pegasus_mutation_duplicator.cpp`.
    ShipConfigAssert => "ship_config_assert",
    /// `ship_init`, of `pegasus_mutation_duplicator.cpp`.
    ShipInit => "ship_init",
    /// `ship_failed`, of `pegasus_mutation_duplicator.cpp`.
    ShipFailed => "ship_failed",
    /// `ship_invalid_assert`, of `pegasus_mutation_duplicator.cpp`.
    ShipInvalidAssert => "ship_invalid_assert",
    /// `ship_assert`, of `duplication_pipeline.cpp`.
    ShipAssert => "ship_assert",
    /// `ship_ignore_bulkload`, of `pegasus_mutation_duplicator.cpp`.
    ShipIgnoreBulkload => "ship_ignore_bulkload",
    /// `zk_session_bad`, of `distributed_lock_service_zookeeper.cpp`.
    ZkSessionBad => "zk_session_bad",
    /// `zk_lock_wait`, of `lock_struct.cpp`.
    ZkLockWait => "zk_lock_wait",
    /// `zk_lock_session_expired`, of `lock_struct.cpp`.
    ZkLockSessionExpired => "zk_lock_session_expired",
    /// `zk_lock_got`, of `lock_struct.cpp`.
    ZkLockGot => "zk_lock_got",
    /// `leader_lock_parse_assert`, of `meta_server_failure_detector.cpp`.
    LeaderLockParseAssert => "leader_lock_parse_assert",
    /// `leader_query_failed`, of `meta_server_failure_detector.cpp`.
    LeaderQueryFailed => "leader_query_failed",
    /// `leader_lock_granted`, of `meta_server_failure_detector.cpp`.
    LeaderLockGranted => "leader_lock_granted",
    /// `leader_lock_expired`, of `meta_server_failure_detector.cpp`.
    LeaderLockExpired => "leader_lock_expired",
    /// `meta_storage_init_failed`, of `meta_service.cpp`.
    MetaStorageInitFailed => "meta_storage_init_failed",
    /// `meta_storage_initialized`, of `meta_service.cpp`.
    MetaStorageInitialized => "meta_storage_initialized",
    /// `meta_fd_started`, of `meta_service.cpp`.
    MetaFdStarted => "meta_fd_started",
    /// `meta_service_assert`, of `meta_service.cpp`.
    MetaServiceAssert => "meta_service_assert",
    /// `leader_took_over`, of `meta_service.cpp`.
    LeaderTookOver => "leader_took_over",
    /// `meta_state_init_failed`, of `meta_service.cpp`.
    MetaStateInitFailed => "meta_state_init_failed",
    /// `meta_started`, of `meta_service.cpp`.
    MetaStarted => "meta_started",
    /// `meta_storage_timeout`, of `meta_state_service_utils.cpp`.
    MetaStorageTimeout => "meta_storage_timeout",
    /// `meta_storage_unexpected_error`, of `meta_state_service_utils.cpp`.
    MetaStorageUnexpectedError => "meta_storage_unexpected_error",
    /// `meta_state_recovered`, of `server_state.cpp`.
    MetaStateRecovered => "meta_state_recovered",
    /// `app_env_invalid`, of `app_env_validator.cpp`.
    AppEnvInvalid => "app_env_invalid",
    /// `app_status_transferred`, of `server_state.cpp`.
    AppStatusTransferred => "app_status_transferred",
    /// `app_partition_ready_wait`, of `server_state.cpp`.
    AppPartitionReadyWait => "app_partition_ready_wait",
    /// `app_query_bad_status`, of `server_state.cpp`.
    AppQueryBadStatus => "app_query_bad_status",
    /// `create_app_storage_ok`, of `server_state.cpp`.
    CreateAppStorageOk => "create_app_storage_ok",
    /// `create_app_storage_retry`, of `server_state.cpp`.
    CreateAppStorageRetry => "create_app_storage_retry",
    /// `create_app_request`, of `server_state.cpp`.
    CreateAppRequest => "create_app_request",
    /// `drop_app_request`, of `server_state.cpp`.
    DropAppRequest => "drop_app_request",
    /// `create_app_rejected_freezed`, of `server_state.cpp`.
    CreateAppRejectedFreezed => "create_app_rejected_freezed",
    /// `create_app_rejected_replica_count`, of `server_state.cpp`.
    CreateAppRejectedReplicaCount => "create_app_rejected_replica_count",
    /// `rename_app_request`, of `server_state.cpp`.
    RenameAppRequest => "rename_app_request",
    /// `rename_app_done`, of `server_state.cpp`.
    RenameAppDone => "rename_app_done",
    /// `create_app_rejected_partition_count`, of `server_state.cpp`.
    CreateAppRejectedPartitionCount => "create_app_rejected_partition_count",
    /// `meta_drop_assert`, of `server_state.cpp`.
    MetaDropAssert => "meta_drop_assert",
    /// `meta_reject_request`, of `meta_service.cpp`.
    MetaRejectRequest => "meta_reject_request",
    /// `meta_connected`, of `replica_stub.cpp`.
    MetaConnected => "meta_connected",
    /// `meta_disconnected`, of `replica_stub.cpp`.
    MetaDisconnected => "meta_disconnected",
    /// `worker_connection_report`, of `failure_detector.cpp`.
    WorkerConnectionReport => "worker_connection_report",
    /// `worker_disconnected`, of `failure_detector.cpp`.
    WorkerDisconnected => "worker_disconnected",
    /// `follower_app_queried`, of `meta_service.cpp`.
    FollowerAppQueried => "follower_app_queried",
    /// `meta_acl_denied`, of `meta_service.cpp`.
    MetaAclDenied => "meta_acl_denied",
    /// `query_config_failed`, of `partition_resolver_simple.cpp`.
    QueryConfigFailed => "query_config_failed",
    /// `rpc_connect_failed`, of `asio_rpc_session.cpp`.
    RpcConnectFailed => "rpc_connect_failed",
    /// `replica_ping_assert`, of `failure_detector_multimaster.cpp`.
    ReplicaPingAssert => "replica_ping_assert",
    /// `partition_cache_cleared`, of `partition_resolver_simple.cpp`.
    PartitionCacheCleared => "partition_cache_cleared",
    /// `service_access_failed`, of `partition_resolver.cpp`.
    ServiceAccessFailed => "service_access_failed",
    /// `dup_bad_status_name`, of `duplication_info.cpp`.
    DupBadStatusName => "dup_bad_status_name",
    /// `dup_bad_fail_mode_name`, of `duplication_info.cpp`.
    DupBadFailModeName => "dup_bad_fail_mode_name",
    /// `dup_progress_persist_assert`, of `duplication_info.cpp`.
    DupProgressPersistAssert => "dup_progress_persist_assert",
    /// `dup_persist_without_altering`, of `duplication_info.cpp`.
    DupPersistWithoutAltering => "dup_persist_without_altering",
    /// `dup_status_changed`, of `duplication_info.cpp`.
    DupStatusChanged => "dup_status_changed",
    /// `dup_enum_assert`, of `duplication_common.cpp`.
    DupEnumAssert => "dup_enum_assert",
    /// `dup_report`, of `duplication_info.cpp`.
    DupReport => "dup_report",
    /// `duplication_answered`: what a meta server answered about a duplication when `status` asked it.
    DupAnswered => "duplication_answered",
    /// `duplication_not_answered`: it was answered before, and is not any more.
    DupNotAnswered => "duplication_not_answered",
    /// `add_dup_typed`: what an operator typed to add a duplication.
    AddDupTyped => "add_dup_typed",
    /// `add_dup_answered`: what the shell showed when it was added.
    AddDupAnswered => "add_dup_answered",
    /// `add_dup_refused`: what the shell showed when it was refused.
    AddDupRefused => "add_dup_refused",
    /// `add_dup_hollow`: the shell showed success with ids of 0.
    AddDupHollow => "add_dup_hollow",
    /// `modify_dup_answered`: what the shell showed when a duplication was changed.
    ModifyDupAnswered => "modify_dup_answered",
    /// `no_duplication_answered`: a table was asked about and has no duplication.
    NoDupAnswered => "no_duplication_answered",
    /// `query_dup_refused`: a table was asked about, and the answer was an error.
    QueryDupRefused => "query_dup_refused",
    /// `config_fault`: a setting of a `config.ini` that fails when it is needed.
    ConfigFault => "config_fault",
    /// `pending_answered`: what a replica server answered about a partition when `status` asked it.
    PendingAnswered => "pending_answered",
    /// `checkpoint_not_ready`, of `meta_duplication_service.cpp`.
    CheckpointNotReady => "checkpoint_not_ready",
    /// `query_dup_request`, of `meta_duplication_service.cpp`.
    QueryDupRequest => "query_dup_request",
    /// `modify_dup_request`, of `meta_duplication_service.cpp`.
    ModifyDupRequest => "modify_dup_request",
    /// `add_dup_request`, of `meta_duplication_service.cpp`.
    AddDupRequest => "add_dup_request",
    /// `add_dup_ok`, of `meta_duplication_service.cpp`.
    AddDupOk => "add_dup_ok",
    /// `dup_log_only`, of `meta_duplication_service.cpp`.
    DupLogOnly => "dup_log_only",
    /// `start_dup_failed`, of `meta_duplication_service.cpp`.
    StartDupFailed => "start_dup_failed",
    /// `list_dups_request`, of `meta_duplication_service.cpp`.
    ListDupsRequest => "list_dups_request",
    /// `list_dups_failed`, of `meta_duplication_service.cpp`.
    ListDupsFailed => "list_dups_failed",
    /// `add_dup_rejected_self`, of `meta_duplication_service.cpp`.
    AddDupRejectedSelf => "add_dup_rejected_self",
    /// `add_dup_rejected_cluster_id`, of `meta_duplication_service.cpp`.
    AddDupRejectedClusterId => "add_dup_rejected_cluster_id",
    /// `add_dup_rejected_no_cluster`, of `meta_duplication_service.cpp`.
    AddDupRejectedNoCluster => "add_dup_rejected_no_cluster",
    /// `add_dup_rejected_replica_count`, of `meta_duplication_service.cpp`.
    AddDupRejectedReplicaCount => "add_dup_rejected_replica_count",
    /// `add_dup_rejected_no_app`, of `meta_duplication_service.cpp`.
    AddDupRejectedNoApp => "add_dup_rejected_no_app",
    /// `add_dup_rejected_app_unavailable`, of `meta_duplication_service.cpp`.
    AddDupRejectedAppUnavailable => "add_dup_rejected_app_unavailable",
    /// `add_dup_exists`, of `meta_duplication_service.cpp`.
    AddDupExists => "add_dup_exists",
    /// `add_dup_rejected_same_target`, of `meta_duplication_service.cpp`.
    AddDupRejectedSameTarget => "add_dup_rejected_same_target",
    /// `dup_sync_unknown_node`, of `meta_duplication_service.cpp`.
    DupSyncUnknownNode => "dup_sync_unknown_node",
    /// `dup_sync_ongoing`, of `duplication_sync_timer.cpp`.
    DupSyncOngoing => "dup_sync_ongoing",
    /// `dup_sync_skipped_disconnected`, of `duplication_sync_timer.cpp`.
    DupSyncSkippedDisconnected => "dup_sync_skipped_disconnected",
    /// `dup_sync_sent`, of `duplication_sync_timer.cpp`.
    DupSyncSent => "dup_sync_sent",
    /// `dup_sync_failed`, of `duplication_sync_timer.cpp`.
    DupSyncFailed => "dup_sync_failed",
    /// `dup_sync_stopped`, of `duplication_sync_timer.cpp`.
    DupSyncStopped => "dup_sync_stopped",
    /// `dup_sync_started`, of `duplication_sync_timer.cpp`.
    DupSyncStarted => "dup_sync_started",
    /// `dup_recover_begin`, of `meta_duplication_service.cpp`.
    DupRecoverBegin => "dup_recover_begin",
    /// `dup_bad_path`, of `meta_duplication_service.cpp`.
    DupBadPath => "dup_bad_path",
    /// `dup_progress_restore_bad`, of `meta_duplication_service.cpp`.
    DupProgressRestoreBad => "dup_progress_restore_bad",
    /// `dup_progress_restored`, of `meta_duplication_service.cpp`.
    DupProgressRestored => "dup_progress_restored",
    /// `dup_restore_bad_json`, of `meta_duplication_service.cpp`.
    DupRestoreBadJson => "dup_restore_bad_json",
    /// `dup_service_assert`, of `meta_service.cpp`.
    DupServiceAssert => "dup_service_assert",
    /// `dup_group_config_assert`, of `duplication_common.cpp`.
    DupGroupConfigAssert => "dup_group_config_assert",
    /// `clusters_entry_missing`, of `replication_common.cpp`.
    ClustersEntryMissing => "clusters_entry_missing",
    /// `plog_remove_failed`, of `mutation_log.cpp`.
    PlogRemoveFailed => "plog_remove_failed",
    /// `plog_removed`, of `mutation_log.cpp`.
    PlogRemoved => "plog_removed",
    /// `plog_gc_delayed`, of `replica_chkpt.cpp`.
    PlogGcDelayed => "plog_gc_delayed",
    /// `plog_gc_ok`, of `replica_chkpt.cpp`.
    PlogGcOk => "plog_gc_ok",
    /// `plog_gc_skip_unknown`, of `replica_chkpt.cpp`.
    PlogGcSkipUnknown => "plog_gc_skip_unknown",
    /// `plog_gc_skip_disabled`, of `replica_chkpt.cpp`.
    PlogGcSkipDisabled => "plog_gc_skip_disabled",
    /// `plog_gc_skip_checking`, of `replica_chkpt.cpp`.
    PlogGcSkipChecking => "plog_gc_skip_checking",
    /// `group_check`, of `replica_check.cpp`.
    GroupCheck => "group_check",
    /// `learn_no_plog`, of `replica_learn.cpp`.
    LearnNoPlog => "learn_no_plog",
    /// `learn_step_back`, of `replica_learn.cpp`.
    LearnStepBack => "learn_step_back",
    /// `learner_added`, of `replica_learn.cpp`.
    LearnerAdded => "learner_added",
    /// `learn_apply_plog`, of `replica_learn.cpp`.
    LearnApplyPlog => "learn_apply_plog",
    /// `checkpoint_ignored`, of `replica_chkpt.cpp`.
    CheckpointIgnored => "checkpoint_ignored",
    /// `checkpoint_ok`, of `replica_chkpt.cpp`.
    CheckpointOk => "checkpoint_ok",
    /// `checkpoint_try_again`, of `replica_chkpt.cpp`.
    CheckpointTryAgain => "checkpoint_try_again",
    /// `checkpoint_failed`, of `replica_chkpt.cpp`.
    CheckpointFailed => "checkpoint_failed",
    /// `manual_checkpoint_no_app`, of `replica_chkpt.cpp`.
    ManualCheckpointNoApp => "manual_checkpoint_no_app",
    /// `manual_checkpoint_done`, of `replica_chkpt.cpp`.
    ManualCheckpointDone => "manual_checkpoint_done",
    /// `manual_checkpoint_running`, of `replica_chkpt.cpp`.
    ManualCheckpointRunning => "manual_checkpoint_running",
    /// `manual_checkpoint_limited`, of `replica_chkpt.cpp`.
    ManualCheckpointLimited => "manual_checkpoint_limited",
    /// `manual_checkpoint_assert`, of `replica_chkpt.cpp`.
    ManualCheckpointAssert => "manual_checkpoint_assert",
    /// `manual_checkpoint_empty_write`, of `replica_chkpt.cpp`.
    ManualCheckpointEmptyWrite => "manual_checkpoint_empty_write",
    /// `query_checkpoint_failed`, of `replica_chkpt.cpp`.
    QueryCheckpointFailed => "query_checkpoint_failed",
    /// `replica_write_failed`, of `replica_stub.cpp`.
    ReplicaWriteFailed => "replica_write_failed",
    /// `open_replica_failed`, of `replica_stub.cpp`.
    OpenReplicaFailed => "open_replica_failed",
    /// `follower_load_data_failed`, of `pegasus_server_impl.cpp`.
    FollowerLoadDataFailed => "follower_load_data_failed",
    /// `follower_new_replica_failed`, of `replica_init.cpp`.
    FollowerNewReplicaFailed => "follower_new_replica_failed",
    /// `follower_master_info_assert`, of `replica_follower.cpp`.
    FollowerMasterInfoAssert => "follower_master_info_assert",
    /// `follower_copy_busy`, of `replica_follower.cpp`.
    FollowerCopyBusy => "follower_copy_busy",
    /// `follower_copy_begin`, of `replica_follower.cpp`.
    FollowerCopyBegin => "follower_copy_begin",
    /// `follower_query_master_config`, of `replica_follower.cpp`.
    FollowerQueryMasterConfig => "follower_query_master_config",
    /// `follower_query_master_config_failed`, of `replica_follower.cpp`.
    FollowerQueryMasterConfigFailed => "follower_query_master_config_failed",
    /// `follower_partition_count_mismatch`, of `replica_follower.cpp`.
    FollowerPartitionCountMismatch => "follower_partition_count_mismatch",
    /// `follower_config_not_single`, of `replica_follower.cpp`.
    FollowerConfigNotSingle => "follower_config_not_single",
    /// `follower_partition_index_mismatch`, of `replica_follower.cpp`.
    FollowerPartitionIndexMismatch => "follower_partition_index_mismatch",
    /// `follower_master_no_primary`, of `replica_follower.cpp`.
    FollowerMasterNoPrimary => "follower_master_no_primary",
    /// `follower_master_config_ok`, of `replica_follower.cpp`.
    FollowerMasterConfigOk => "follower_master_config_ok",
    /// `follower_query_checkpoint`, of `replica_follower.cpp`.
    FollowerQueryCheckpoint => "follower_query_checkpoint",
    /// `follower_query_checkpoint_failed`, of `replica_follower.cpp`.
    FollowerQueryCheckpointFailed => "follower_query_checkpoint_failed",
    /// `follower_clear_dest_failed`, of `replica_follower.cpp`.
    FollowerClearDestFailed => "follower_clear_dest_failed",
    /// `follower_nfs_begin`, of `replica_follower.cpp`.
    FollowerNfsBegin => "follower_nfs_begin",
    /// `follower_nfs_failed`, of `replica_follower.cpp`.
    FollowerNfsFailed => "follower_nfs_failed",
    /// `follower_nfs_done`, of `replica_follower.cpp`.
    FollowerNfsDone => "follower_nfs_done",
    /// `plog_open_failed`, of `load_from_private_log.cpp`.
    PlogOpenFailed => "plog_open_failed",
    /// `plog_no_next`, of `load_from_private_log.cpp`.
    PlogNoNext => "plog_no_next",
    /// `plog_load_assert`, of `load_from_private_log.cpp`.
    PlogLoadAssert => "plog_load_assert",
    /// `plog_none`, of `load_from_private_log.cpp`.
    PlogNone => "plog_none",
    /// `plog_no_file`, of `load_from_private_log.cpp`.
    PlogNoFile => "plog_no_file",
    /// `plog_load_failed`, of `load_from_private_log.cpp`.
    PlogLoadFailed => "plog_load_failed",
    /// `plog_file_abandoned`, of `load_from_private_log.cpp`.
    PlogFileAbandoned => "plog_file_abandoned",
    /// `plog_load_corrupt_assert`, of `load_from_private_log.cpp`.
    PlogLoadCorruptAssert => "plog_load_corrupt_assert",
    /// `plog_load_start`, of `load_from_private_log.cpp`.
    PlogLoadStart => "plog_load_start",
    /// `dup_log_wait_sync`, of `load_from_private_log.cpp`.
    DupLogWaitSync => "dup_log_wait_sync",
    /// `mutation_batch_assert`, of `mutation_batch.cpp`.
    MutationBatchAssert => "mutation_batch_assert",
    /// `mutation_lost`, of `mutation_batch.cpp`.
    MutationLost => "mutation_lost",
    /// `mutation_missing`, of `prepare_list.cpp`.
    MutationMissing => "mutation_missing",
    /// `plog_file_size_failed`, of `log_file.cpp` or `mutation_log.cpp`.
    PlogFileSizeFailed => "plog_file_size_failed",
    /// `write_size_refused`, of `replica_2pc.cpp`.
    WriteSizeRefused => "write_size_refused",
    /// `remote_failure_handled`, of `replica_failover.cpp`.
    RemoteFailureHandled => "remote_failure_handled",
    /// `plog_decree_invalid`, of `load_from_private_log.cpp`.
    PlogDecreeInvalid => "plog_decree_invalid",
    /// `log_tail_incomplete`, of `log_file.cpp`.
    LogTailIncomplete => "log_tail_incomplete",
    /// `duplicator_created`, of `replica_duplicator.cpp`.
    DuplicatorCreated => "duplicator_created",
    /// `duplicator_started`, of `replica_duplicator.cpp`.
    DuplicatorStarted => "duplicator_started",
    /// `duplicator_pausing`, of `replica_duplicator.cpp`.
    DuplicatorPausing => "duplicator_pausing",
    /// `duplicator_paused`, of `replica_duplicator.cpp`.
    DuplicatorPaused => "duplicator_paused",
    /// `duplicator_bad_status`, of `replica_duplicator.cpp`.
    DuplicatorBadStatus => "duplicator_bad_status",
    /// `duplicator_closed`, of `replica_duplicator.cpp`.
    DuplicatorClosed => "duplicator_closed",
    /// `plog_truncated_assert`, of `replica_duplicator.cpp`.
    PlogTruncatedAssert => "plog_truncated_assert",
    /// `duplicator_manager_assert`, of `replica_duplicator_manager.cpp`.
    DuplicatorManagerAssert => "duplicator_manager_assert",
    /// `duplicator_illegal_status`, of `replica_duplicator_manager.cpp`.
    DuplicatorIllegalStatus => "duplicator_illegal_status",
    /// `duplicator_prepare`, of `replica_duplicator.cpp`.
    DuplicatorPrepare => "duplicator_prepare",
    /// `duplicator_status_update`, of `replica_duplicator.cpp`.
    DuplicatorStatusUpdate => "duplicator_status_update",
    /// `duplicator_invalid_decree`, of `replica_duplicator_manager.cpp`.
    DuplicatorInvalidDecree => "duplicator_invalid_decree",
    /// `duplicators_removed`, of `replica_duplicator_manager.cpp`.
    DuplicatorsRemoved => "duplicators_removed",
    /// `store_duplicating_assert`, of `replica_config.cpp`.
    StoreDuplicatingAssert => "store_duplicating_assert",
    /// `duplicator_checkpoint_decree`, of `replica_duplicator.cpp`.
    DuplicatorCheckpointDecree => "duplicator_checkpoint_decree",
    /// `duplicator_progress_missing_assert`, of `replica_duplicator.cpp`.
    DuplicatorProgressMissingAssert => "duplicator_progress_missing_assert",
    /// `duplicator_bad_load_task`, of `replica_duplicator.cpp`.
    DuplicatorBadLoadTask => "duplicator_bad_load_task",
    /// `nfs_remote_get_size_failed`, of `nfs_client_impl.cpp`.
    NfsRemoteGetSizeFailed => "nfs_remote_get_size_failed",
    /// `nfs_remote_copy_failed`, of `nfs_client_impl.cpp`.
    NfsRemoteCopyFailed => "nfs_remote_copy_failed",
    /// `nfs_open_local_failed`, of `nfs_client_impl.cpp`.
    NfsOpenLocalFailed => "nfs_open_local_failed",
    /// `nfs_local_write_failed`, of `nfs_client_impl.cpp`.
    NfsLocalWriteFailed => "nfs_local_write_failed",
    /// `nfs_source_failed`, of `nfs_server_impl.cpp`.
    NfsSourceFailed => "nfs_source_failed",
    /// `follower_app_create_failed`, of `meta_duplication_service.cpp`.
    FollowerAppCreateFailed => "follower_app_create_failed",
    /// `follower_app_check_failed`, of `meta_duplication_service.cpp`.
    FollowerAppCheckFailed => "follower_app_check_failed",
    /// `follower_app_create_request`, of `meta_duplication_service.cpp`.
    FollowerAppCreateRequest => "follower_app_create_request",
    /// `follower_app_created`, of `meta_duplication_service.cpp`.
    FollowerAppCreated => "follower_app_created",
    /// `follower_app_mark_created_failed`, of `meta_duplication_service.cpp`.
    FollowerAppMarkCreatedFailed => "follower_app_mark_created_failed",
    /// `follower_app_check_request`, of `meta_duplication_service.cpp`.
    FollowerAppCheckRequest => "follower_app_check_request",
    /// `follower_ready`, of `meta_duplication_service.cpp`.
    FollowerReady => "follower_ready",
    /// `follower_status_env_mismatch`, of `server_state.cpp`.
    FollowerStatusEnvMismatch => "follower_status_env_mismatch",
    /// `follower_status_env_missing_in_request`, of `server_state.cpp`.
    FollowerStatusEnvMissingInRequest => "follower_status_env_missing_in_request",
    /// `follower_status_env_missing_in_app`, of `server_state.cpp`.
    FollowerStatusEnvMissingInApp => "follower_status_env_missing_in_app",
    /// `follower_status_restart_after_created`, of `server_state.cpp`.
    FollowerStatusRestartAfterCreated => "follower_status_restart_after_created",
    /// `follower_status_update_begin`, of `server_state.cpp`.
    FollowerStatusUpdateBegin => "follower_status_update_begin",
    /// `follower_status_update_failed`, of `server_state.cpp`.
    FollowerStatusUpdateFailed => "follower_status_update_failed",
    /// `follower_status_updated`, of `server_state.cpp`.
    FollowerStatusUpdated => "follower_status_updated",
    /// `follower_status_repeated`, of `server_state.cpp`.
    FollowerStatusRepeated => "follower_status_repeated",
    /// `follower_status_undefined`, of `server_state.cpp`.
    FollowerStatusUndefined => "follower_status_undefined",
}

impl EventKind {
    /// The kind of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|k| k.name() == name)
    }

    /// Whether it was told because somebody asked: it says nothing about what servers do by themselves.
    #[must_use]
    pub const fn is_answer(self) -> bool {
        matches!(
            self,
            Self::DupAnswered
                | Self::DupNotAnswered
                | Self::PendingAnswered
                | Self::AddDupTyped
                | Self::AddDupAnswered
                | Self::AddDupRefused
                | Self::AddDupHollow
                | Self::ModifyDupAnswered
                | Self::NoDupAnswered
                | Self::QueryDupRefused
                | Self::ConfigMisread
                | Self::ConfigFault
        )
    }

    /// Whether its `entry` states a whole duplication: status, follower, decrees.
    #[must_use]
    pub const fn has_entry(self) -> bool {
        matches!(self, Self::DupReport | Self::DupAnswered)
    }

    /// Fields with a partition's confirmed and committed (or at least durable) decree, in the lines of replica servers that have both.
    #[must_use]
    #[expect(clippy::wildcard_enum_match_arm, reason = "two of the nearly two hundred kinds of events tell both decrees")]
    pub fn decrees(self) -> Option<(&'static str, &'static str)> {
        match self {
            Self::GroupCheck => Some(("confirmed_decree", "last_committed_decree")),
            Self::PlogGcDelayed => Some(("min_confirmed_decree", "last_durable_decree")),
            _ => None,
        }
    }
}
