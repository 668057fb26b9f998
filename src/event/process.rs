//! Starts of processes: the banner and the first line of a log.

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
];
