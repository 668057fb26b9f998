//! Where changes go.

use super::alertmanager::alertmanager;
use super::args::{ChangeFormat, WatchArgs};
use super::exec::exec;
use super::feed::Feed;
use super::metrics::Metrics;
use super::outbox::Outbox;
use super::stdout::{reader_is_gone, stdout};
use super::tui::Tui;
use crate::console::warn;
use anyhow::Result;
use dupdoctor::internal::render::{change_json, change_text, text};
use dupdoctor::{Change, ChangeKind, Incident, Lang, Style};

pub(super) struct Outputs {
    /// Nothing is written where a table fills the terminal.
    stdout: Option<Outbox<String>>,
    format: ChangeFormat,
    style: Style,
    dropped: u64,
    exec: Option<Outbox<String>>,
    alertmanager: Option<Outbox<(ChangeKind, Incident)>>,
    metrics: Option<Metrics>,
    tui: Option<Tui>,
}

impl Outputs {
    pub(super) fn new(args: &WatchArgs) -> Result<Self> {
        let style = Style { all: args.all, ..args.show.style() };
        Ok(Self {
            stdout: if args.tui { None } else { Some(stdout()?) },
            format: args.format,
            dropped: 0,
            exec: args.exec.clone().map(|command| exec(command, args.exec_timeout.into())).transpose()?,
            alertmanager: args.alertmanager.as_deref().map(alertmanager).transpose()?,
            metrics: args.metrics.map(Metrics::new).transpose()?,
            // Last: what fails before is said on a terminal that is as it was.
            tui: if args.tui { Some(Tui::new(style.clone())?) } else { None },
            style,
        })
    }

    /// Tells changes everywhere.
    pub(super) fn send(&mut self, changes: &[Change], feed: &Feed) {
        let mut style = self.style.clone();
        if let Some(report) = feed.watcher.report() {
            style.zone = style.zone.settled(&report.inputs);
        }
        for change in changes {
            self.write(match self.format {
                ChangeFormat::Text => change_text(change, &style) + "\n",
                ChangeFormat::Ndjson => change_json(change),
            });
            if let Some(exec) = &mut self.exec {
                exec.send(change_json(change));
            }
            if let Some(alertmanager) = &mut self.alertmanager {
                alertmanager.send((change.change, change.incident.clone()));
            }
        }
        self.warn_dropped();
        self.update(feed);
    }

    /// Says what is open since before a restart to whom it must be repeated.
    pub(super) fn repeat<'i>(&mut self, open: impl Iterator<Item = &'i Incident>) {
        if let Some(alertmanager) = &mut self.alertmanager {
            open.for_each(|incident| alertmanager.send((ChangeKind::Opened, incident.clone())));
        }
    }

    /// Takes over how things are where that is shown.
    fn update(&mut self, feed: &Feed) {
        if let Some(metrics) = &self.metrics {
            metrics.update(feed, &self.all_dropped());
        }
        if let Some(tui) = &mut self.tui {
            tui.update(feed);
        }
    }

    fn all_dropped(&self) -> Vec<(&'static str, u64)> {
        let texts = self.stdout.iter().chain(&self.exec).map(Outbox::dropped);
        texts.chain(self.alertmanager.iter().map(Outbox::dropped)).collect()
    }

    fn warn_dropped(&mut self) {
        let all = self.all_dropped();
        let sum = all.iter().map(|(_, count)| count).sum();
        if sum > self.dropped {
            let which: Vec<String> = all.iter().filter(|(_, n)| *n > 0).map(|(name, n)| format!("{name} {n}")).collect();
            warn(&format!("changes arrive faster than they can be delivered; dropped so far: {}", which.join(", ")));
            self.dropped = sum;
        }
    }

    fn write(&mut self, text: String) {
        if let Some(stdout) = &mut self.stdout {
            stdout.send(text);
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
                "watching: servers {servers}, files {files}, lines {}, duplications {dups} (in trouble {needing}), findings open {open}",
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
                Lang::En => format!("the newest line is from {at}: time stands still until a newer one arrives (not with --clock wall)"),
                Lang::Zh => format!("最新一行日志的时间是 {at}：在出现更新的日志之前，时间不会推进（--clock wall 可按时钟推进）"),
            });
        }
    }

    /// The last word when the input has ended.
    pub(super) fn summary(&mut self, feed: &Feed) {
        // The table goes, the summary stays on the screen.
        if self.tui.take().is_some() {
            self.stdout = stdout().ok();
        }
        let Some(report) = feed.watcher.report() else { return };
        match self.format {
            ChangeFormat::Text => self.write(text(report, &self.style)),
            // Standard output has one kind of object.
            ChangeFormat::Ndjson => self.announce(feed),
        }
    }

    /// Whether all that was told went out.
    pub(super) fn is_idle(&self) -> bool {
        self.stdout.as_ref().is_none_or(Outbox::is_idle)
    }

    /// Whether nobody reads standard output any more.
    pub(super) fn is_closed(&self) -> bool {
        self.stdout.as_ref().is_some_and(|stdout| stdout.is_closed() || reader_is_gone())
    }

    /// Whether somebody pressed a key to end.
    pub(super) fn asked_to_stop(&self) -> bool {
        self.tui.as_ref().is_some_and(Tui::asked_to_stop)
    }

    /// Waits for what is under way.
    pub(super) fn finish(&mut self) {
        self.tui = None;
        self.stdout.iter_mut().chain(&mut self.exec).for_each(Outbox::finish);
        self.alertmanager.iter_mut().for_each(Outbox::finish);
        self.warn_dropped();
    }
}
