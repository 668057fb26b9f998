//! What a server did: the messages of `messages/*.toml`, one file a theme, and how a line is read by them.
//!
//! A body is read by the most literal pattern that fits it. Wording is matched on its text alone,
//! never on header style, letters or line numbers, because vendor branches mix them.

mod kind;
mod pattern;
mod read;
mod table;

pub(crate) use kind::About;
pub use kind::EventKind;
pub(crate) use pattern::{FieldType, Level, Pattern, Role};
pub use read::read;
pub(crate) use read::{Fields, Message, Reading};
pub(crate) use table::RAW_TEXT;
pub use table::patterns;
