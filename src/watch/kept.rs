//! What a watcher keeps over a restart: how far files were read, and which findings are open.

use super::incident::Incident;
use serde::{Deserialize, Serialize};

/// Raised when the form changes.
const VERSION: u32 = 1;

/// What marks the file.
const FORMAT: &str = "dupdoctor watch state";

/// What a watcher keeps.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kept {
    /// Up to then, in nanoseconds in the time of the logs, all was told.
    pub told_until: i64,
    /// What was asked for as the beginning, in nanoseconds.
    pub since: Option<i64>,
    /// The files.
    pub files: Vec<KeptFile>,
    /// The open findings.
    pub open: Vec<Incident>,
}

/// How far a file was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeptFile {
    /// Its name.
    pub path: String,
    /// Its device.
    pub device: u64,
    /// Its inode.
    pub inode: u64,
    /// The fingerprint of its beginning: an inode is used again.
    pub beginning: u64,
    /// How many bytes that is of.
    pub beginning_len: usize,
    /// Where the reading began.
    pub from: u64,
    /// How far it was read.
    pub to: u64,
}

/// Why a kept state cannot be used.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeptError {
    /// Something else.
    #[error("it was not written by dupdoctor watch")]
    Foreign,
    /// Written by a version that keeps other things.
    #[error("it is of version {found}, this program writes version {VERSION}")]
    Version {
        /// The version in the file.
        found: u32,
    },
    /// Cut off or altered.
    #[error("it is damaged: {reason}")]
    Damaged {
        /// What is wrong.
        reason: String,
    },
}

#[derive(Serialize, Deserialize)]
struct Envelope {
    format: String,
    version: u32,
    checksum: String,
    state: Box<serde_json::value::RawValue>,
}

impl Kept {
    /// The contents of a state file.
    #[must_use]
    pub fn to_text(&self) -> String {
        // Plain data with string keys always serialises.
        let state = serde_json::to_string(self).unwrap_or_default();
        let checksum = checksum(&state);
        format!("{{\"format\":\"{FORMAT}\",\"version\":{VERSION},\"checksum\":\"{checksum}\",\"state\":{state}}}\n")
    }

    /// Reads the contents of a state file.
    ///
    /// # Errors
    /// When they are not as they were written.
    pub fn from_text(text: &str) -> Result<Self, KeptError> {
        let damaged = |error: serde_json::Error| KeptError::Damaged { reason: error.to_string() };
        if !text.starts_with(&format!("{{\"format\":\"{FORMAT}\"")) {
            return Err(if text.trim().is_empty() { KeptError::Damaged { reason: "it is empty".to_owned() } } else { KeptError::Foreign });
        }
        let envelope: Envelope = serde_json::from_str(text).map_err(damaged)?;
        if envelope.version != VERSION {
            return Err(KeptError::Version { found: envelope.version });
        }
        if envelope.checksum != checksum(envelope.state.get()) {
            return Err(KeptError::Damaged { reason: "its checksum does not fit".to_owned() });
        }
        serde_json::from_str(envelope.state.get()).map_err(damaged)
    }
}

/// FNV-1a: the same in every release of the compiler.
fn checksum(text: &str) -> String {
    let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    format!("{hash:016x}")
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail loudly")]
    use super::*;

    fn kept() -> Kept {
        let file = KeptFile { path: "a/meta.log".into(), device: 1, inode: 2, beginning: 3, beginning_len: 9, from: 0, to: u64::MAX };
        Kept { told_until: 17, since: None, files: vec![file], open: Vec::new() }
    }

    #[test]
    fn it_reads_back() {
        assert_eq!(Kept::from_text(&kept().to_text()), Ok(kept()));
    }

    #[test]
    fn whatever_is_altered_is_refused() {
        let text = kept().to_text();
        for cut in 0..text.len() - 1 {
            Kept::from_text(&text[..cut]).unwrap_err();
        }
        for at in 0..text.len() - 1 {
            let mut bytes = text.clone().into_bytes();
            bytes[at] ^= 1;
            if let Ok(altered) = String::from_utf8(bytes) {
                assert_ne!(Kept::from_text(&altered), Ok(kept()), "byte {at}");
            }
        }
        assert_eq!(Kept::from_text("hello"), Err(KeptError::Foreign));
    }
}
