//! Where changes go.

use super::alertmanager::Alertmanager;
use super::args::{ChangeFormat, WatchArgs};
use super::exec::exec;
use super::feed::Feed;
use super::ledger::Ledger;
use super::metrics::Metrics;
use super::outbox::Outbox;
use super::stdout::{last_words, reader_is_gone, stdout};
use super::tui::Tui;
use crate::console::warn;
use anyhow::Result;
use dupdoctor::internal::render::text;
use dupdoctor::internal::watch::{Output, Untold};
use dupdoctor::{Change, ChangeKind, Incident, Lang, Style};
use std::fs::File;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

pub(super) struct Outputs {
    pub(super) ledger: Arc<Ledger>,
    /// Standard output, unless a table fills the terminal, and `--exec`.
    outboxes: Vec<Outbox>,
    format: ChangeFormat,
    style: Style,
    /// With the zone of the logs, once it is known.
    settled: Arc<Mutex<Style>>,
    dropped: u64,
    failed: Arc<AtomicBool>,
    alertmanager: Option<Alertmanager>,
    metrics: Option<Metrics>,
    tui: Option<Tui>,
}

impl Outputs {
    /// `kept` was not told before a restart; `marks` is the file to which marks are added.
    pub(super) fn new(args: &WatchArgs, kept: Vec<Untold>, marks: Option<File>) -> Result<Self> {
        let style = Style { all: args.all, ..args.show.style() };
        let settled = Arc::new(Mutex::new(style.clone()));
        let wanted = [(Output::Stdout, !args.tui), (Output::Exec, args.exec.is_some())];
        let ledger = Arc::new(Ledger::new(wanted.into_iter().filter(|w| w.1).map(|w| w.0).collect(), kept, marks));
        let (mut outboxes, failed) = (Vec::new(), Arc::default());
        if !args.tui {
            outboxes.push(stdout(&ledger, args.format, Arc::clone(&settled), Arc::clone(&failed))?);
        }
        if let Some(command) = &args.exec {
            outboxes.push(exec(&ledger, command.clone(), args.exec_timeout.into())?);
        }
        Ok(Self {
            ledger,
            outboxes,
            format: args.format,
            settled,
            dropped: 0,
            failed,
            alertmanager: args.alertmanager.as_deref().map(Alertmanager::new).transpose()?,
            metrics: args.metrics.map(Metrics::new).transpose()?,
            // Last: what fails before is said on a terminal that is as it was.
            tui: if args.tui { Some(Tui::new(style.clone())?) } else { None },
            style,
        })
    }

    /// Tells changes everywhere, once `save` has written down that they are to be told.
    pub(super) fn send(&mut self, changes: &[Change], feed: &Feed, save: impl FnOnce(Vec<Untold>) -> Option<File>) {
        if let Some(report) = feed.watcher.report() {
            let mut settled = self.settled.lock().unwrap_or_else(PoisonError::into_inner);
            settled.zone = self.style.zone.settled(&report.inputs);
        }
        if !changes.is_empty() {
            self.ledger.record(changes, save);
        }
        if let Some(alertmanager) = &self.alertmanager {
            for change in changes {
                alertmanager.take(change.change, &change.incident);
            }
        }
        self.warn_dropped();
        self.update(feed);
    }

    /// Says what is open since before a restart to whom it must be repeated.
    pub(super) fn repeat<'i>(&self, open: impl Iterator<Item = &'i Incident>) {
        if let Some(alertmanager) = &self.alertmanager {
            open.for_each(|incident| alertmanager.take(ChangeKind::Opened, incident));
        }
    }

    /// Takes over how things are where that is shown.
    fn update(&mut self, feed: &Feed) {
        if let Some(metrics) = &mut self.metrics {
            metrics.update(feed, &self.ledger.dropped());
        }
        if let Some(tui) = &mut self.tui {
            tui.update(feed);
        }
    }

    fn warn_dropped(&mut self) {
        let all = self.ledger.dropped();
        let sum = all.iter().map(|(_, count)| count).sum();
        if sum > self.dropped {
            warn(&format!("changes arrive faster than they can be delivered; dropped so far: {}", counts(&all)));
            self.dropped = sum;
        }
    }

    /// Obeys keys and draws, where there is a table.
    pub(super) fn step(&mut self) {
        if let Some(tui) = &mut self.tui {
            tui.step();
        }
    }

    /// Says on standard error what is watched.
    pub(super) fn announce(&self, feed: &Feed) {
        let Some(report) = feed.watcher.report() else { return };
        let summary = &report.summary;
        let (servers, files, dups) = (summary.servers, summary.inputs, summary.duplications);
        let needing: usize = summary.by_verdict.iter().filter(|(verdict, _)| verdict.needs_somebody()).map(|(_, count)| count).sum();
        let open = feed.watcher.open().count();
        warn(&match self.style.lang {
            Lang::En => format!(
                "watching: servers {servers}, files {files}, lines {}, duplications {dups} (needing attention {needing}), findings open {open}",
                summary.lines
            ),
            Lang::Zh => {
                format!(
                    "正在监视：服务器 {servers}，文件 {files}，日志 {} 行，热备份 {dups}（需要处理 {needing}），未消除的问题 {open}",
                    summary.lines
                )
            }
        });
        if let (false, Some(newest)) = (feed.watcher.is_live(), report.window.last) {
            let at = newest.0.rfc3339();
            warn(&match self.style.lang {
                Lang::En => format!(
                    "the clock is frozen at the last log line, {at}, until a newer one arrives (use --clock wall to run on real time)"
                ),
                Lang::Zh => format!("最新日志停在 {at}；没有新日志时计时暂停，需要按真实时间计时请加 --clock wall"),
            });
        }
    }

    /// The last word when the input has ended.
    pub(super) fn summary(&mut self, feed: &Feed) {
        let Some(report) = feed.watcher.report() else { return };
        match self.format {
            ChangeFormat::Text => last_words(text(report, &self.style)),
            // Standard output has one kind of object.
            ChangeFormat::Ndjson => self.announce(feed),
        }
    }

    /// Whether standard output could not be written to, as a disk is full.
    pub(super) fn has_failed(&self) -> bool {
        self.failed.load(Ordering::SeqCst)
    }

    /// Whether nobody reads standard output any more.
    pub(super) fn is_closed(&self) -> bool {
        self.outboxes.iter().any(|outbox| outbox.output == Output::Stdout && (outbox.is_closed() || reader_is_gone()))
    }

    /// Whether somebody pressed a key to end.
    pub(super) fn asked_to_stop(&self) -> bool {
        self.tui.as_ref().is_some_and(Tui::asked_to_stop)
    }

    /// Waits for what is under way, and says what is left; `kept` says that it is in the state.
    pub(super) fn finish(&mut self, kept: bool) {
        // The table goes, what is said stays on the screen.
        self.tui = None;
        self.ledger.end();
        self.outboxes.iter().for_each(Outbox::finish);
        self.ledger.stop();
        // A command that runs ends by itself, so that it is not told again what it was told; a stopped reader may never go on.
        self.outboxes.iter().filter(|outbox| outbox.output == Output::Exec).for_each(Outbox::finish);
        if let Some(alertmanager) = self.alertmanager.take() {
            alertmanager.finish(kept);
        }
        self.warn_dropped();
        let left = self.outboxes.iter().map(|outbox| (outbox.output, self.ledger.waiting(outbox.output) as u64));
        let left = counts(&left.collect::<Vec<_>>());
        if !left.is_empty() {
            let what =
                if kept { "they are in --state and will be reported after a restart" } else { "they are lost, as there is no --state" };
            warn(&format!("changes not reported yet: {left}; {what}"));
        }
    }
}

/// Those that are not 0.
fn counts(all: &[(Output, u64)]) -> String {
    let some: Vec<String> = all.iter().filter(|(_, count)| *count > 0).map(|(output, count)| format!("{output} {count}")).collect();
    some.join(", ")
}
