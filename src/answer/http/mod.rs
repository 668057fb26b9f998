//! The HTTP answers of a meta server and of a replica server, in the form of every release.
//!
//! Asked are `GET /meta/app/duplication?name=`, `/meta/apps`, `/meta/nodes` of the meta leader (another meta server redirects
//! there) and `GET /replica/duplication?appid=` of replica servers. Reading needs no network.

mod line;
mod pending;
mod tables;
mod versions;

pub use line::{answered, entry, line, not_answered, pending_line};
pub use pending::pending;
pub use tables::{HttpNode, HttpTable, nodes, tables};
pub use versions::data_versions;

use super::Seen;
use serde_json::Value;
use thiserror::Error;

/// Why an answer says nothing about duplications.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Refusal {
    /// 404: `duplication_enabled = false` there.
    #[error("duplication is not enabled there (duplication_enabled = false), so it tells of none")]
    Disabled,
    /// 404 `ERR_APP_NOT_EXIST`.
    #[error("there is no such table (ERR_APP_NOT_EXIST)")]
    NoTable,
    /// 404 `no primary for app [appid=N]` of a replica server.
    #[error("it has no primary of this table")]
    NoPrimary,
    /// 404 `no duplication assigned for app [appid=N]` of a replica server.
    #[error("it has primaries of this table, and no duplication of theirs")]
    NotAssigned,
    /// 404 without more, or `service not found`: no such page, as on other servers and old releases.
    #[error("no such page (404); is this the HTTP port of the right kind of server?")]
    NoPage,
    /// Another status.
    #[error("it answered {status}{}", if text.is_empty() { String::new() } else { format!(": {text}") })]
    Status {
        /// The status.
        status: u16,
        /// The beginning of what it said.
        text: String,
    },
    /// Nothing where JSON should be.
    #[error("an empty answer")]
    Empty,
    /// JSON that ends too early.
    #[error("JSON that is cut off after {bytes} bytes")]
    Cut {
        /// Its length.
        bytes: usize,
    },
    /// No JSON.
    #[error("no JSON but {begins:?}")]
    NoJson {
        /// How it begins.
        begins: String,
    },
    /// JSON of something else.
    #[error("JSON without {missing}: {begins:?}")]
    Foreign {
        /// What should be there.
        missing: &'static str,
        /// How it begins.
        begins: String,
    },
}

/// The duplications of a table.
///
/// # Errors
/// When the answer is none.
pub fn duplications(status: u16, body: &[u8]) -> Result<Seen, Refusal> {
    let value = json(status, body)?;
    Seen::of(&value).ok_or_else(|| Refusal::Foreign { missing: "duplications", begins: beginning(body) })
}

/// The JSON of an answer.
fn json(status: u16, body: &[u8]) -> Result<Value, Refusal> {
    let begins = beginning(body);
    match status {
        200 => {}
        404 if begins.contains("duplication is not enabled") => return Err(Refusal::Disabled),
        404 if begins.contains("ERR_APP_NOT_EXIST") || begins.contains("ERR_OBJECT_NOT_FOUND") => return Err(Refusal::NoTable),
        404 if begins.contains("no primary for app") => return Err(Refusal::NoPrimary),
        404 if begins.contains("no duplication assigned") => return Err(Refusal::NotAssigned),
        404 if begins.is_empty() || begins.contains("service not found") => return Err(Refusal::NoPage),
        status => return Err(Refusal::Status { status, text: begins }),
    }
    if body.iter().all(u8::is_ascii_whitespace) {
        return Err(Refusal::Empty);
    }
    serde_json::from_slice(body).map_err(
        |error| {
            if error.is_eof() { Refusal::Cut { bytes: body.len() } } else { Refusal::NoJson { begins } }
        },
    )
}

/// The first words of an answer, harmless to show.
fn beginning(body: &[u8]) -> String {
    let text = String::from_utf8_lossy(&body[..body.len().min(320)]);
    let plain: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(80).collect();
    plain.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_refusal_is_told_apart() {
        let of = |status, body: &str| duplications(status, body.as_bytes()).err();
        assert_eq!(of(404, "duplication is not enabled [duplication_enabled=false]"), Some(Refusal::Disabled));
        assert_eq!(of(404, "duplication is not enabled [FLAGS_duplication_enabled=false]"), Some(Refusal::Disabled));
        assert_eq!(of(404, "ERR_APP_NOT_EXIST"), Some(Refusal::NoTable));
        assert_eq!(of(404, ""), Some(Refusal::NoPage));
        assert_eq!(of(404, "service not found for \"replica/duplication\""), Some(Refusal::NoPage));
        assert_eq!(of(404, "no primary for app [appid=99]"), Some(Refusal::NoPrimary));
        assert_eq!(of(404, "no duplication assigned for app [appid=1]"), Some(Refusal::NotAssigned));
        assert_eq!(of(404, "gone"), Some(Refusal::Status { status: 404, text: "gone".into() }));
        assert_eq!(of(400, "name should not be empty"), Some(Refusal::Status { status: 400, text: "name should not be empty".into() }));
        assert_eq!(of(200, "  \n"), Some(Refusal::Empty));
        assert_eq!(of(200, "{\"1\":{\"dupid\":17"), Some(Refusal::Cut { bytes: 16 }));
        assert_eq!(of(200, "<html>\u{1b}[31m"), Some(Refusal::NoJson { begins: "<html> [31m".into() }));
        assert_eq!(of(200, "{\"a\":1}"), Some(Refusal::Foreign { missing: "duplications", begins: "{\"a\":1}".into() }));
        assert_eq!(duplications(200, b"null"), Ok(Seen::default()));
    }
}
