//! Pegasus' nouns, spelled as Pegasus spells them; nothing here does any I/O.

mod closed_set;
mod error_code;
mod fail_mode;
mod id;
mod identity;
mod release;
mod server;
mod stable_hash;
mod status;
mod time;
mod zone;

pub(crate) use closed_set::UnknownName;
pub(crate) use closed_set::closed_set;
pub(crate) use error_code::is_transport_error;
pub use fail_mode::FailMode;
pub use id::{AppId, DupId, DupKey, Gpid};
pub use identity::Identity;
pub(crate) use identity::{agree, ids};
pub use release::{Release, UnknownRelease};

pub(crate) use server::ServerGroup;
pub use server::{ServerRole, Side};
pub(crate) use stable_hash::{stable_hash, stable_hex};
pub use status::DupStatus;
pub use time::{LogTime, TimeDelta, parse_duration};
pub use zone::Zone;
