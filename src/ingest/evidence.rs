//! Evidence beside logs: transcripts of shells, answers over HTTP and configurations, told by content.

use super::blocks::CHUNK;
use super::log::{Input, InputKind, Log, Window};
use super::note::InputNote;
use super::probe::Probe;
use super::stream::read_stream;
use crate::answer::http::line;
use crate::answer::{AnswerLine, Dated, ParseIssue, Transcript, lines};
use crate::config::{Ini, looks_like_config, setting_faults};
use crate::pegasus::{LogTime, TimeDelta};
use crate::run::Occurrence;
use std::io;

/// What a file is that is no log.
#[derive(Debug, Clone)]
enum Holds {
    Transcript(Transcript),
    Config(Ini),
}

/// A file that is no log and yet tells something.
#[derive(Debug, Clone)]
pub(super) struct Evidence {
    path: String,
    bytes: u64,
    holds: Holds,
    /// When the file was changed last, where a file system tells it.
    modified: Option<LogTime>,
}

/// Nobody's transcript is longer.
pub(super) const LONGEST: u64 = 16 << 20;

/// What the logs tell that answers without times need.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Surroundings {
    /// The last dated line.
    pub(super) end: Option<LogTime>,
    /// The clock of the servers minus UTC, where they have one.
    pub(super) zone: Option<TimeDelta>,
}

impl Surroundings {
    /// What logs tell.
    pub(super) fn of(logs: &[Log]) -> Self {
        let mut zones: Vec<TimeDelta> = logs.iter().filter_map(|l| l.input.probe.zone).collect();
        zones.sort_unstable();
        zones.dedup();
        let end = logs.iter().filter_map(|l| l.input.span).map(|s| s.1).max();
        Self { end, zone: if let [only] = zones.as_slice() { Some(*only) } else { None } }
    }
}

impl Evidence {
    /// Its name.
    pub(super) fn path(&self) -> &str {
        &self.path
    }

    /// Looks whether a text is evidence.
    pub(super) fn of(path: &str, bytes: &[u8], modified: Option<LogTime>) -> Option<Self> {
        let holds = if looks_like_config(bytes) {
            Holds::Config(Ini::parse(path, bytes))
        } else {
            // Whatever tells of duplications says so; other texts are many and long.
            let wide = bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff");
            if !wide && !bytes.windows(3).any(|word| word.eq_ignore_ascii_case(b"dup")) {
                return None;
            }
            let transcript = Transcript::parse(bytes);
            if !transcript.tells() && transcript.issues.is_empty() {
                return None;
            }
            Holds::Transcript(transcript)
        };
        Some(Self { path: path.to_owned(), bytes: bytes.len() as u64, holds, modified })
    }

    /// As a log of its own.
    pub(super) fn log(self, around: Surroundings, window: &Window) -> Log {
        let mut notes = Vec::new();
        let zone = self.zone(around, &mut notes);
        let lines = self.lines(around, zone.unwrap_or_default(), &mut notes);
        let probe = Probe { is_log: true, first_at: lines.first().map(|l| l.at), zone, ..Probe::default() };
        let text: String = lines.iter().map(|l| l.log.as_str()).collect();
        let collector = window.known(window.collector(&probe, false));
        let (mut list, _) = read_stream(text.into_bytes(), &mut io::empty(), CHUNK, &collector, &|_| ());
        // Every line stands for one of the file.
        let origin = |o: &Occurrence| usize::try_from(o.line).ok().and_then(|n| lines.get(n.checked_sub(1)?));
        let place = |o: &mut Occurrence| {
            if let Some(line) = origin(o) {
                (o.line, o.offset, o.text) = (line.line, 0, line.text.as_str().into());
            }
        };
        for run in &mut list.runs {
            run.undated = origin(&run.first).is_some_and(|line| line.dated == Dated::Assumed);
            place(&mut run.first);
            run.tail.iter_mut().for_each(place);
        }
        list.jumps.clear();
        let (kind, count, issues) = match &self.holds {
            Holds::Transcript(transcript) => (InputKind::Transcript, transcript.lines, &transcript.issues),
            Holds::Config(ini) => (InputKind::Config, ini.sections.iter().map(|s| 1 + s.entries.len() as u64).sum(), &ini.issues),
        };
        notes.extend(issues.iter().map(told));
        let config = matches!(self.holds, Holds::Config(_));
        let input = Input {
            server: self.path.clone(),
            path: self.path,
            evidence: Some(kind),
            probe,
            bytes: self.bytes,
            lines: count,
            records: list.records,
            events: list.events,
            drifted: 0,
            // A configuration says nothing about a moment.
            span: if config { None } else { list.span },
            notes,
        };
        Log { id: 0, input, list, capture: true }
    }

    /// The zone of times without one: what the file itself tells, else that of the logs, else UTC.
    fn zone(&self, around: Surroundings, notes: &mut Vec<InputNote>) -> Option<TimeDelta> {
        let Holds::Transcript(transcript) = &self.holds else { return None };
        let known = transcript.zone().or(around.zone);
        let bare = transcript.answers.iter().any(|a| matches!(a.at, Some(crate::answer::When::Clock(_))));
        if known.is_none() && bare {
            notes.push(InputNote::ZoneAssumed);
        }
        known
    }

    fn lines(&self, around: Surroundings, zone: TimeDelta, notes: &mut Vec<InputNote>) -> Vec<AnswerLine> {
        match &self.holds {
            Holds::Transcript(transcript) => {
                let end = around.end.max(transcript.newest_creation());
                let otherwise = self.modified.or(end).unwrap_or_default();
                let lines = lines(transcript, zone, otherwise);
                if lines.iter().any(|l| l.dated == Dated::Assumed) {
                    notes.push(self.modified.map_or(InputNote::DatedLast, InputNote::DatedByFile));
                }
                lines
            }
            Holds::Config(ini) => {
                let at = around.end.or(self.modified).unwrap_or_default();
                let misread = ini.issues.iter().map(|b| (b.line, format!("configuration is misread in line {}: {}", b.line, b.what)));
                let faults = setting_faults(ini)
                    .into_iter()
                    .map(|f| (f.line, format!("configuration for duplication has a fault in line {}: {}: {}", f.line, f.kind, f.what)));
                let shown = |number: u64| {
                    let entry = ini.sections.iter().flat_map(|s| &s.entries).find(|e| e.line == number).map(|e| e.text.clone());
                    entry.or_else(|| ini.sections.iter().find(|s| s.line == number).map(|s| format!("[{}]", s.name)))
                };
                let all = misread.chain(faults).map(|(number, what)| AnswerLine {
                    log: line('W', at, &what),
                    at,
                    line: number,
                    text: shown(number).unwrap_or(what),
                    dated: Dated::Assumed,
                });
                all.collect()
            }
        }
    }
}

fn told(issue: &ParseIssue) -> InputNote {
    InputNote::Misread { line: issue.line, what: issue.what.clone() }
}
