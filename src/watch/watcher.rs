//! The driver: what was read so far, told and matched anew, against what was told before.

use super::arrivals::Arrivals;
use super::clock::{Clock, ClockMode};
use super::incident::{Change, ChangeKind, Incident};
use super::state::WatchState;
use crate::diagnose::{Settings, conclude, reading};
use crate::ingest::Live;
use crate::pegasus::{LogTime, TimeDelta};
use crate::report::{DuplicationEntry, DuplicationRef, Finding, Report};
use crate::signature::Severity;
use crate::timeline::{Attribution, FollowState, Model, Story};
use rustc_hash::FxHashMap;

/// Several replica servers' answers interleave: a finding must be gone for so long before it clears.
const HELD: TimeDelta = TimeDelta::secs(30);

/// The same for what is known of a server.
const HELD_OF_SERVER: TimeDelta = TimeDelta::secs(5);

/// What happened once, such as a refused request, is news for so long.
const NEWS: TimeDelta = TimeDelta::hours(1);

/// After a restart an open finding that the logs do not show any more clears when so much was read without it.
const UNSEEN: TimeDelta = TimeDelta::mins(1);

/// How to watch.
#[derive(Debug, Clone, Copy)]
pub struct WatcherOptions {
    /// How time passes.
    pub clock: ClockMode,
    /// What is less grave is not told.
    pub least: Severity,
}

impl Default for WatcherOptions {
    fn default() -> Self {
        Self { clock: ClockMode::Auto, least: Severity::Warning }
    }
}

/// Is fed with logs, says what opens, changes and clears.
#[derive(Debug)]
pub struct Watcher {
    /// What is read.
    pub logs: Live,
    settings: Settings,
    options: WatcherOptions,
    clock: Clock,
    arrivals: Arrivals,
    open: Vec<Open>,
    /// Up to then all was told before a restart.
    told_until: LogTime,
    /// The newest line at the last look.
    newest: Option<LogTime>,
    now: LogTime,
    report: Option<Report>,
    /// The newest line about each duplication: when, and its event.
    last_lines: FxHashMap<DuplicationRef, (LogTime, &'static str)>,
}

/// An open finding.
#[derive(Debug)]
struct Open {
    incident: Incident,
    /// Since when it has not been found any more.
    gone: Option<LogTime>,
    /// From before a restart, and not found since.
    unconfirmed: bool,
}

impl Watcher {
    /// Nothing was read yet; `kept` is what an earlier watcher has told.
    #[must_use]
    pub fn new(settings: Settings, options: WatcherOptions, kept: Option<&WatchState>) -> Self {
        let open = kept.into_iter().flat_map(|k| k.open.clone());
        Self {
            logs: Live::new(reading(&settings)),
            settings,
            clock: Clock::new(options.clock),
            arrivals: Arrivals::default(),
            options,
            open: open.map(|incident| Open { incident, gone: None, unconfirmed: true }).collect(),
            told_until: kept.map_or(LogTime(i64::MIN), |k| LogTime(k.told_until)),
            newest: None,
            now: LogTime::default(),
            report: None,
            last_lines: FxHashMap::default(),
        }
    }

    /// Looks at all that was read; `wall` is the clock of this machine.
    pub fn look(&mut self, wall: LogTime) -> Vec<Change> {
        self.conclude(wall);
        self.changes(false)
    }

    /// The last look: what is not found any more is over.
    pub fn last_look(&mut self, wall: LogTime) -> Vec<Change> {
        self.conclude(wall);
        self.changes(true)
    }

    /// The report of the last look.
    #[must_use]
    pub fn report(&self) -> Option<&Report> {
        self.report.as_ref()
    }

    /// The findings that are open.
    pub fn open(&self) -> impl Iterator<Item = &Incident> {
        self.open.iter().map(|o| &o.incident)
    }

    /// Whether time passes without lines.
    #[must_use]
    pub fn is_live(&self) -> bool {
        self.clock.is_live()
    }

    /// The newest line.
    #[must_use]
    pub fn newest(&self) -> Option<LogTime> {
        self.newest
    }

    /// Now, in the time of the logs.
    #[must_use]
    pub fn now(&self) -> LogTime {
        self.now
    }

    /// Up to when all was told.
    #[must_use]
    pub fn told_until(&self) -> LogTime {
        self.told_until.max(self.now)
    }

    /// The newest line about a duplication: when, and its event.
    #[must_use]
    pub fn last_line_about(&self, entry: &DuplicationEntry) -> Option<(LogTime, &'static str)> {
        self.last_lines.get(&entry.reference()).copied()
    }

    fn conclude(&mut self, wall: LogTime) {
        let mut ingested = self.logs.ingested();
        if self.options.clock != ClockMode::Log {
            self.arrivals.see(&mut ingested, wall, self.clock.is_live());
        }
        let newest = ingested.servers.iter().filter_map(|s| s.span).map(|s| s.1).max();
        // What was there before the first look may be of any age.
        let fresh = self.newest.is_some() && newest > self.newest;
        self.newest = newest;
        let now = self.clock.now(newest, wall, fresh);
        if now.is_none() {
            // Where time does not pass nobody is silent.
            for server in ingested.servers.iter_mut().filter(|s| s.following == FollowState::Followed) {
                server.following = FollowState::No;
            }
        }
        // Rules expire by the calendar, whatever the logs are of.
        self.settings.selection.today = self.settings.selection.today.map(|_| wall);
        let diagnosis = conclude(ingested, &self.settings, now);
        self.now = diagnosis.model.now;
        self.last_lines = last_lines(diagnosis.hidden.as_ref().unwrap_or(&diagnosis.model));
        self.report = Some(diagnosis.report);
    }

    fn changes(&mut self, last: bool) -> Vec<Change> {
        let Some(report) = &self.report else { return Vec::new() };
        let now = self.now;
        if now < self.told_until && !last {
            // The history that a pipe repeats was told before.
            return Vec::new();
        }
        let recent = |f: &Finding| f.last_seen.is_none_or(|t| now.since(t.0) <= NEWS);
        let wanted = |f: &&Finding| f.active && f.severity >= self.options.least && (f.severity > Severity::Info || recent(f));
        let holding: Vec<&Finding> = report.findings.iter().filter(wanted).collect();
        let mut changes = Vec::new();
        let mut known: Vec<bool> = vec![false; holding.len()];
        for open in &mut self.open {
            let mine = |f: &&&Finding| open.incident.matches(f);
            let found = holding.iter().copied().find(|f| mine(&f) && f.fingerprint == open.incident.finding.fingerprint);
            let found = found.or_else(|| holding.iter().copied().find(|f| mine(&f)));
            for (index, finding) in holding.iter().enumerate() {
                known[index] |= open.incident.matches(finding);
            }
            let Some(finding) = found else {
                open.gone = open.gone.or(Some(now));
                continue;
            };
            (open.gone, open.unconfirmed) = (None, false);
            let differs = open.incident.differs(finding);
            if differs || open.incident.knows_less(finding) {
                open.incident.renew(finding, report);
            }
            if differs {
                changes.push(Change { at: now, change: ChangeKind::Updated, incident: open.incident.clone(), again: false });
            }
        }
        for (finding, _) in holding.iter().zip(known).filter(|(_, known)| !known) {
            if self.open.iter().any(|o| o.gone.is_none() && o.incident.matches(finding)) {
                continue;
            }
            let incident = Incident::new(finding, report, now);
            changes.push(Change { at: now, change: ChangeKind::Opened, incident: incident.clone(), again: false });
            self.open.push(Open { incident, gone: None, unconfirmed: false });
        }
        let told_until = self.told_until;
        let mut kept = Vec::with_capacity(self.open.len());
        for mut open in std::mem::take(&mut self.open) {
            if open.gone.is_none_or(|since| !is_over(&open, report, now.since(since), told_until, last)) {
                kept.push(open);
                continue;
            }
            if let Some(finding) = report.findings.iter().find(|f| !f.active && open.incident.matches(f)) {
                open.incident.renew(finding, report);
            }
            // As a report has what was overcome.
            (open.incident.finding.active, open.incident.finding.severity) = (false, Severity::Info);
            changes.push(Change { at: now, change: ChangeKind::Cleared, incident: open.incident, again: false });
        }
        self.open = kept;
        changes
    }
}

fn last_lines(model: &Model) -> FxHashMap<DuplicationRef, (LogTime, &'static str)> {
    let last = |story: &Story| {
        let runs = story.told.iter().filter(|t| t.by > Attribution::Shared).map(|t| &model.runs[t.run].run);
        let newest = runs.max_by_key(|run| run.last().at)?;
        Some(((&story.identity).into(), (newest.last().at, newest.kind().name())))
    };
    model.stories.iter().filter_map(last).collect()
}

/// Whether a finding that is not found any more is over.
fn is_over(open: &Open, report: &Report, gone_for: TimeDelta, told_until: LogTime, last: bool) -> bool {
    let entry = open.incident.entry(report);
    let moved_on = entry.is_some_and(|e| e.status.is_some() && e.status != open.incident.finding.status);
    if open.unconfirmed {
        // The lines that proved it may be gone with their file. Only others speak against it.
        let newest = report.window.last.map_or(LogTime(i64::MIN), |t| t.0);
        let read_enough =
            newest.since(LogTime(told_until.0.max(0))) >= UNSEEN && (entry.is_some() || open.incident.finding.server.is_some());
        return moved_on || read_enough;
    }
    let explained = |f: &Finding| f.active && f.severity >= open.incident.finding.severity && same_duplication(&open.incident, f);
    let held = if open.incident.finding.server.is_some() { HELD_OF_SERVER } else { HELD };
    moved_on || last || gone_for >= held || report.findings.iter().any(explained)
}

/// Whether a finding is about the duplication of an incident.
fn same_duplication(incident: &Incident, finding: &Finding) -> bool {
    let dup_id = |f: &Finding| f.duplication.as_ref().and_then(|d| d.dup_id);
    dup_id(finding).is_some() && dup_id(finding) == dup_id(&incident.finding) && incident.finding.code != finding.code
}
