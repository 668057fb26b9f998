//! What is written of processes and their disks: the banner, the first line of a log, the space that is left.

use super::EventKind as E;
use super::pattern::{Level, Pattern, Prefix, Role, pattern};

/// The messages of this theme.
pub(super) const PATTERNS: &[Pattern] = &[
    pattern(
        E::VersionBanner,
        Role::Server,
        Level::Info,
        "main.cpp",
        Prefix::None,
        "pegasus server starting, pid({pid:int}), version({version:str})",
        &["pegasus server starting, pid(17), version(version)"],
    ),
    pattern(
        E::VersionBanner,
        Role::Server,
        Level::Info,
        "main.cpp",
        Prefix::None,
        "{server_name:str} starting, pid({getpid:str}), version({pegasus_server_rcsid:str})",
        &["server-name starting, pid(getpid), version(pegasus-server-rcsid)"],
    ),
    pattern(
        E::ProcessStart,
        Role::Server,
        Level::Info,
        "service_api_c.cpp",
        Prefix::None,
        "process({pid:int}) start: {start_ms:int}, date: {date:str}",
        &["process(17) start: 17, date: date"],
    ),
    // Every ten minutes for each data directory of a replica server.
    pattern(
        E::DiskSpaceReported,
        Role::Server,
        Level::Info,
        "fs_manager.cpp",
        Prefix::None,
        "update disk space succeed: dir = {dir:path}, capacity_mb = {capacity_mb:int}, available_mb = {available_mb:int}, available_ratio = {available_ratio:int}%, disk_status = {disk_status:enum}",
        &[
            "update disk space succeed: dir = /home/pegasus/replica1/data1/replica/reps, capacity_mb = 257899, available_mb = 83210, available_ratio = 32%, disk_status = replication::disk_status::NORMAL",
        ],
    ),
];
