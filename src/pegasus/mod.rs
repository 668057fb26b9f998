//! Pegasus' nouns, spelled as Pegasus spells them; nothing here does any I/O.

mod error_code;
mod fail_mode;
mod id;
mod release;
mod status;
mod time;

pub use error_code::ErrorCode;
pub use fail_mode::FailMode;
pub use id::{AppId, DupId, DupKey, Gpid};
pub use release::{Release, UnknownRelease};
pub use status::{DupStatus, UnknownStatus};
pub use time::{LogTime, TimeDelta, parse_duration};
