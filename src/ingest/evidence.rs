//! Evidence beside logs: transcripts of shells, answers over HTTP, configurations, and what the machine tells, told by content.

use super::blocks::CHUNK;
use super::log::{Input, InputKind, Log, Window};
use super::note::InputNote;
use super::probe::Probe;
use super::stream::read_stream;
use crate::answer::http::line;
use crate::answer::{AnswerLine, Dated, ParseIssue, Transcript, When, lines};
use crate::config::{Ini, looks_like_config, setting_faults};
use crate::event::EventKind;
use crate::pegasus::{LogTime, TimeDelta};
use crate::record::unwrap;
use crate::run::{Occurrence, Run};
use crate::system::{Sign, WORTH, last_words, signs};
use std::io;

/// What a file is that is no log.
#[derive(Debug, Clone)]
enum Holds {
    Transcript(Transcript),
    Config(Ini),
    /// What the machine tells, and the number of lines.
    Signs(Vec<Sign>, u64),
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

const NO_ISSUES: &[ParseIssue] = &[];

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
            if bytes.trim_ascii().is_empty() {
                return None;
            }
            let transcript = Transcript::parse(bytes);
            if !transcript.tells() && transcript.issues.is_empty() {
                return Self::of_machine(path, bytes, modified, false);
            }
            Holds::Transcript(transcript)
        };
        Some(Self { path: path.to_owned(), bytes: bytes.len() as u64, holds, modified })
    }

    /// Looks whether the machine tells something in a text; of a log `within` which it stands what servers say themselves is known.
    fn of_machine(path: &str, bytes: &[u8], modified: Option<LogTime>, within: bool) -> Option<Self> {
        let lines: Vec<String> =
            bytes.split(|&b| b == b'\n').map(|line| String::from_utf8_lossy(&unwrap(line).text).into_owned()).collect();
        let mut signs = signs(&lines);
        if !within {
            signs.extend(last_words(&lines));
            signs.sort_by_key(|sign| sign.line);
        }
        let (count, path) = (lines.len() as u64, path.to_owned());
        (!signs.is_empty()).then_some(Self { path, bytes: bytes.len() as u64, holds: Holds::Signs(signs, count), modified })
    }

    /// What the machine tells at the end of a log, as a part of it; `lines` are those before `end`.
    pub(super) fn add_to(log: &mut Log, end: &[u8], lines: u64, window: &Window) {
        // What the machine tells has no header.
        if log.input.lines <= log.input.records || !may_tell(end) {
            return;
        }
        // What dies says it at once.
        let last = log.list.runs.iter().map(|run| run.last().at).max();
        let around = Surroundings { end: log.input.span.map(|span| span.1).max(last), zone: log.input.probe.zone };
        let Some(found) = Self::of_machine(&log.input.path, end, None, true) else { return };
        let mut found = found.log(around, window).list;
        found.shift_lines(lines);
        found.runs.iter_mut().for_each(|run| run.epoch = log.list.epochs);
        log.list.events += found.events;
        log.input.events += found.events;
        log.list.runs.append(&mut found.runs);
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
            if run.kind() == EventKind::PendingAnswered {
                keep_newest(run);
            }
            run.undated = origin(&run.first).is_some_and(|line| line.dated == Dated::Assumed);
            place(&mut run.first);
            run.tail.iter_mut().for_each(place);
        }
        list.jumps.clear();
        let (kind, count, issues) = match &self.holds {
            Holds::Transcript(transcript) => (InputKind::Transcript, transcript.lines, transcript.issues.as_slice()),
            Holds::Signs(_, lines) => (InputKind::System, *lines, NO_ISSUES),
            Holds::Config(ini) => (InputKind::Config, ini.sections.iter().map(|s| 1 + s.entries.len() as u64).sum(), ini.issues.as_slice()),
        };
        notes.extend(issues.iter().map(told));
        let answers = matches!(self.holds, Holds::Transcript(_));
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
            // A configuration says nothing about a moment, and what a machine tells nothing of how duplications are then.
            span: list.span.filter(|_| answers),
            notes,
        };
        Log { id: 0, input, list, capture: true }
    }

    /// The zone of times without one: what the file itself tells, else that of the logs, else UTC.
    fn zone(&self, around: Surroundings, notes: &mut Vec<InputNote>) -> Option<TimeDelta> {
        let (told, times): (_, Vec<Option<When>>) = match &self.holds {
            Holds::Transcript(transcript) => (transcript.zone(), transcript.answers.iter().map(|a| a.at).collect()),
            Holds::Signs(signs, _) => (None, signs.iter().map(|sign| sign.at).collect()),
            Holds::Config(_) => return None,
        };
        let known = told.or(around.zone);
        let bare = times.iter().any(|at| matches!(at, Some(When::Clock(_))));
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
            Holds::Signs(signs, _) => {
                let otherwise = around.end.unwrap_or_default();
                let one = |sign: &Sign| {
                    let at = sign.at.map_or(otherwise, |at| at.resolve(zone));
                    let dated = if sign.at.is_some() { Dated::Told } else { Dated::Assumed };
                    AnswerLine { log: line('I', at, &sign.body), at, line: sign.line, text: sign.text.clone(), dated }
                };
                signs.iter().map(one).collect()
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

/// Whether the machine may tell something in a text: frames such as `@     0x…` or `#3  0x…`, or words of the kernel.
fn may_tell(text: &[u8]) -> bool {
    let worth = || WORTH.iter().any(|words| memchr::memmem::find(text, words.as_bytes()).is_some());
    worth()
        || memchr::memchr2_iter(b'@', b'#', text).any(|at| {
            let rest = &text[at + 1..text.len().min(at + 16)];
            let begin = rest.iter().position(|b| !b.is_ascii_digit()).unwrap_or(0);
            rest[begin..].trim_ascii_start().starts_with(b"0x")
        })
}

/// The text of the last line, which has the newest numbers, is about to become that of the answer.
fn keep_newest(run: &mut Run) {
    let last = run.last().clone();
    for (name, text) in &mut run.fields {
        if let Some(number) = last.numeric(name) {
            *text = number.to_string().into();
        }
    }
}

fn told(issue: &ParseIssue) -> InputNote {
    InputNote::Misread { line: issue.line, what: issue.what.clone() }
}
