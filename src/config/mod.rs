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

pub(crate) use addresses::{Address, Reach, addresses};
pub(crate) use faults::setting_faults;
pub(crate) use ini::{Entry, Ini};
pub(crate) use known::nearest;
pub(crate) use role::server_role;
pub(crate) use sniff::looks_like_config;
