//! `config.ini` as Pegasus reads it, with the line of every key.
//!
//! Source: `configuration::load()` of Pegasus. Comments begin with `#` or `;` anywhere unless `^` stands before; where a key
//! occurs twice the first one counts; a section that occurs twice stops the server.

mod addresses;
mod faults;
mod ini;
mod known;
mod reader;
mod role;
mod sniff;

pub use addresses::{Address, Reach, addresses};
pub use faults::{SettingFault, setting_faults};
pub use ini::{Entry, Ini, Section};
pub use known::nearest;
pub use role::server_role;
pub use sniff::looks_like_config;
