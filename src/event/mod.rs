//! What a server did: one file a theme, one pattern a wording.
//!
//! A body is read by the most literal pattern that fits it. Wording is matched on its text alone,
//! never on header style, letters or line numbers, because vendor branches mix them.

mod answered;
mod checkpoint;
mod checkpoint_copy;
mod cluster;
mod config;
mod duplicator;
mod follower_app;
mod follower_status;
mod kind;
mod leadership;
mod learn;
mod lifecycle;
mod load_log;
mod nfs;
mod pattern;
mod plog_gc;
mod process;
mod progress;
mod read;
mod recovery;
mod shipping;
mod status;
mod sync;
mod table;

pub use kind::EventKind;
pub use pattern::{FieldType, Level, Pattern, Prefix, Role};
pub use read::{Fields, Message, Reading, read};

/// Every pattern, theme by theme.
pub fn patterns() -> impl Iterator<Item = &'static Pattern> {
    THEMES.iter().flat_map(|theme| theme.iter()).chain([&ABORTED])
}

/// Stands for lines that only a regular expression of a user's signature knows. It is in no theme,
/// because nothing but that expression reads it.
pub static RAW_TEXT: Pattern = pattern::pattern(EventKind::RawText, Role::Server, Level::Info, "", Prefix::None, "", &[]);

/// Stands for lines of level F that no other pattern reads: the process stops, whatever they say.
pub static ABORTED: Pattern = pattern::pattern(
    EventKind::ProcessAborted,
    Role::Server,
    Level::Fatal,
    "",
    Prefix::None,
    "{message:str}",
    &["assertion expression: [_app->last_committed_decree() == _prepare_list->last_committed_decree()] [3.2@10.30.5.17:34801] 17 vs 16 "],
);

const THEMES: &[&[Pattern]] = &[
    process::PATTERNS,
    lifecycle::PATTERNS,
    status::PATTERNS,
    progress::PATTERNS,
    follower_app::PATTERNS,
    follower_status::PATTERNS,
    recovery::PATTERNS,
    leadership::PATTERNS,
    table::PATTERNS,
    cluster::PATTERNS,
    config::PATTERNS,
    sync::PATTERNS,
    checkpoint::PATTERNS,
    checkpoint_copy::PATTERNS,
    nfs::PATTERNS,
    duplicator::PATTERNS,
    load_log::PATTERNS,
    shipping::PATTERNS,
    plog_gc::PATTERNS,
    answered::PATTERNS,
    learn::PATTERNS,
];
