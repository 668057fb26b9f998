//! What a watcher keeps over a restart: how far files were read, which findings are open, and what was not told yet.

use super::incident::{Change, ChangeKind, Incident};
use crate::pegasus::{LogTime, closed_set, stable_hex};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Raised when the form changes; the one before is read as well.
const VERSION: u32 = 3;

/// What marks the file.
const FORMAT: &str = "dupdoctor watch state";

closed_set! {
    /// Who is told one change after the other, and may be slow.
    Output, "output" {
        /// Standard output.
        Stdout = "stdout",
        /// The command of `--exec`.
        Exec = "exec",
    }
}

/// What a watcher keeps.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WatchState {
    /// Up to then, in nanoseconds in the time of the logs, all is known that is to be told.
    pub told_until: i64,
    /// What was asked for as the beginning, in nanoseconds.
    pub since: Option<i64>,
    /// The files.
    pub files: Vec<FileCursor>,
    /// The open findings.
    pub open: Vec<Incident>,
    /// What was not told everywhere yet, the oldest first. Version 2 had none.
    #[serde(default)]
    pub untold: Vec<Untold>,
}

/// A change that somebody was not told of yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Untold {
    /// By which it is marked.
    pub number: u64,
    /// When, in nanoseconds in the time of the logs.
    pub at: i64,
    /// What happened.
    pub change: ChangeKind,
    /// To which finding.
    pub incident: Arc<Incident>,
    /// Who must still be told, and whether the telling has begun.
    pub waits: BTreeMap<Output, bool>,
}

impl Untold {
    /// What to tell.
    #[must_use]
    pub fn change(&self, again: bool) -> Change {
        Change { at: LogTime(self.at), change: self.change, incident: Incident::clone(&self.incident), again }
    }
}

/// A line behind the state: how far the telling of a change has come since the state was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark {
    /// Of which change.
    pub number: u64,
    /// Who is told.
    pub output: Output,
    /// Whether it was told, or has only begun to be.
    pub told: bool,
}

impl Mark {
    const WORDS: [(&str, bool); 2] = [("begun", false), ("told", true)];

    /// As it stands in the file, with its line end.
    #[must_use]
    pub fn to_line(self) -> String {
        let text = self.text();
        format!("{text} {}\n", stable_hex(&text))
    }

    fn text(self) -> String {
        let word = if self.told { Self::WORDS[1].0 } else { Self::WORDS[0].0 };
        format!("{word} {} {}", self.output, self.number)
    }

    fn from_line(line: &str) -> Option<Self> {
        let (text, _) = line.rsplit_once(' ')?;
        let mut words = text.split(' ');
        let word = words.next()?;
        let told = Self::WORDS.iter().find(|(name, _)| *name == word)?.1;
        let mark = Self { told, output: words.next()?.parse().ok()?, number: words.next()?.parse().ok()? };
        (mark.to_line() == line).then_some(mark)
    }
}

/// How far a file was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileCursor {
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

impl WatchState {
    /// The contents of a state file.
    #[must_use]
    pub fn to_text(&self) -> String {
        // Plain data with string keys always serialises.
        let state = serde_json::to_string(self).unwrap_or_default();
        let checksum = stable_hex(&state);
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
        let (state, marks) = text.split_once('\n').unwrap_or((text, ""));
        let envelope: Envelope = serde_json::from_str(state).map_err(damaged)?;
        if ![VERSION - 1, VERSION].contains(&envelope.version) {
            return Err(KeptError::Version { found: envelope.version });
        }
        if envelope.checksum != stable_hex(envelope.state.get()) {
            return Err(KeptError::Damaged { reason: "its checksum does not fit".to_owned() });
        }
        let mut state: Self = serde_json::from_str(envelope.state.get()).map_err(damaged)?;
        if envelope.version < VERSION && !state.untold.is_empty() {
            return Err(KeptError::Damaged { reason: format!("version {} knew no changes that wait", envelope.version) });
        }
        // The last mark may be cut off: it was being written as the program was killed.
        for line in marks.split_inclusive('\n').filter(|line| line.ends_with('\n')) {
            let Some(mark) = Mark::from_line(line) else {
                return Err(KeptError::Damaged { reason: format!("{:?} is no mark", line.trim_end()) });
            };
            state.mark(mark);
        }
        Ok(state)
    }

    /// Takes over how far the telling of a change has come; other changes were dealt with before the state was written.
    fn mark(&mut self, mark: Mark) {
        for untold in self.untold.iter_mut().filter(|u| u.number == mark.number) {
            if mark.told {
                untold.waits.remove(&mark.output);
            } else if let Some(begun) = untold.waits.get_mut(&mark.output) {
                *begun = true;
            }
        }
        self.untold.retain(|u| !u.waits.is_empty());
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail loudly")]
    use super::*;
    use serde_json::json;

    fn incident() -> Incident {
        let finding = json!({"code": "DUP301", "name": "n", "severity": "critical", "confidence": "certain", "status": "DS_APP",
            "duplication": {"app_id": 5, "dup_id": 17, "app_name": "t"}, "title": "", "explanation": "", "cause": "", "details": [],
            "active": true, "occurrences": 1, "evidence": [], "suggestions": [], "consequences": [], "missing_logs": [],
            "look_alikes": [], "references": [], "fingerprint": "f"});
        serde_json::from_value(json!({"finding": finding, "remote_cluster": "b", "opened_at": 9})).unwrap()
    }

    fn untold(number: u64) -> Untold {
        let waits = Output::ALL.iter().map(|output| (*output, false)).collect();
        Untold { number, at: 17, change: ChangeKind::Opened, incident: Arc::new(incident()), waits }
    }

    fn kept() -> WatchState {
        let file = FileCursor { path: "a/meta.log".into(), device: 1, inode: 2, beginning: 3, beginning_len: 9, from: 0, to: u64::MAX };
        WatchState { told_until: 17, since: None, files: vec![file], open: vec![incident()], untold: vec![untold(4), untold(5)] }
    }

    #[test]
    fn it_reads_back() {
        assert_eq!(WatchState::from_text(&kept().to_text()), Ok(kept()));
    }

    #[test]
    fn the_form_before_is_read() {
        let state = json!({"told_until": 17, "since": null, "files": [], "open": [incident()]}).to_string();
        let text = format!("{{\"format\":\"{FORMAT}\",\"version\":2,\"checksum\":\"{}\",\"state\":{state}}}\n", stable_hex(&state));
        let before = WatchState { told_until: 17, open: vec![incident()], ..WatchState::default() };
        assert_eq!(WatchState::from_text(&text), Ok(before));
    }

    #[test]
    fn marks_say_how_far_the_telling_has_come() {
        let mark = |number, output, told| Mark { number, output, told }.to_line();
        let text = kept().to_text() + &mark(4, Output::Stdout, false) + &mark(4, Output::Stdout, true) + &mark(5, Output::Exec, false);
        let state = WatchState::from_text(&text).unwrap();
        let waits = |n: usize| state.untold[n].waits.iter().map(|(output, begun)| (*output, *begun)).collect::<Vec<_>>();
        assert_eq!((waits(0), waits(1)), (vec![(Output::Exec, false)], vec![(Output::Stdout, false), (Output::Exec, true)]));
        // The last one was cut off by kill -9; one that was altered is no mark.
        let torn = text.clone() + "told exec 5 0123";
        assert_eq!(WatchState::from_text(&torn), Ok(state.clone()));
        WatchState::from_text(&(torn + "\n")).unwrap_err();
        // Told to all, and one of a change that was dealt with before.
        let all = text + &mark(4, Output::Exec, true) + &mark(1, Output::Exec, true);
        assert_eq!(WatchState::from_text(&all).unwrap().untold, state.untold[1..]);
    }

    #[test]
    fn whatever_is_altered_is_refused() {
        let text = kept().to_text();
        for cut in 0..text.len() - 1 {
            WatchState::from_text(&text[..cut]).unwrap_err();
        }
        for at in 0..text.len() - 1 {
            let mut bytes = text.clone().into_bytes();
            bytes[at] ^= 1;
            if let Ok(altered) = String::from_utf8(bytes) {
                assert_ne!(WatchState::from_text(&altered), Ok(kept()), "byte {at}");
            }
        }
        assert_eq!(WatchState::from_text("hello"), Err(KeptError::Foreign));
    }
}
