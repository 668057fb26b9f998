//! Where changes go.

use super::alertmanager::Alertmanager;
use super::args::{ChangeFormat, WatchArgs};
use super::exec::Exec;
use super::metrics::Metrics;
use super::session::Session;
use super::tui::Tui;
use super::writer::Writer;
use crate::console::warn;
use anyhow::Result;
use dupdoctor::render::{Style, change_json, change_text, text};
use dupdoctor::report::Verdict;
use dupdoctor::signature::Lang;
use dupdoctor::watch::{Change, Incident};
use std::time::Duration;

/// How long the last lines may take when the program ends.
const LAST_LINES: Duration = Duration::from_secs(5);

/// Where changes go.
pub(super) struct Outputs {
    /// Nothing is written where a table fills the terminal.
    writer: Option<Writer>,
    format: ChangeFormat,
    style: Style,
    dropped: u64,
    exec: Option<Exec>,
    alertmanager: Option<Alertmanager>,
    metrics: Option<Metrics>,
    tui: Option<Tui>,
}

impl Outputs {
    pub(super) fn new(args: &WatchArgs) -> Result<Self> {
        let style = Style { all: args.all, ..args.show.style() };
        Ok(Self {
            writer: if args.tui { None } else { Some(Writer::new()?) },
            format: args.format,
            dropped: 0,
            exec: args.exec.as_deref().map(|command| Exec::new(command, args.exec_timeout.into())).transpose()?,
            alertmanager: args.alertmanager.as_deref().map(Alertmanager::new).transpose()?,
            metrics: args.metrics.map(Metrics::new).transpose()?,
            // Last: what fails before is said on a terminal that is as it was.
            tui: if args.tui { Some(Tui::new(style.clone())?) } else { None },
            style,
        })
    }

    /// Tells changes everywhere.
    pub(super) fn tell(&mut self, changes: &[Change], session: &Session) {
        let mut style = self.style.clone();
        if let Some(report) = session.watcher.report() {
            style.zone = style.zone.settled(&report.inputs);
        }
        for change in changes {
            self.write(match self.format {
                ChangeFormat::Text => change_text(change, &style) + "\n",
                ChangeFormat::Ndjson => change_json(change),
            });
            if let Some(exec) = &self.exec {
                exec.run(change_json(change));
            }
            if let Some(alertmanager) = &self.alertmanager {
                alertmanager.tell(change);
            }
        }
        self.tell_dropped();
        self.update(session);
    }

    /// Says what is open since before a restart to whom it must be repeated.
    pub(super) fn repeat<'i>(&self, open: impl Iterator<Item = &'i Incident>) {
        if let Some(alertmanager) = &self.alertmanager {
            open.for_each(|incident| alertmanager.tell_open(incident));
        }
    }

    /// Takes over how things are where that is shown.
    fn update(&mut self, session: &Session) {
        if let Some(metrics) = &self.metrics {
            metrics.update(session, &self.all_dropped());
        }
        if let Some(tui) = &mut self.tui {
            tui.update(session);
        }
    }

    fn all_dropped(&self) -> Vec<(&'static str, u64)> {
        let outputs = [
            ("stdout", self.writer.as_ref().map(Writer::dropped)),
            ("exec", self.exec.as_ref().map(Exec::dropped)),
            ("alertmanager", self.alertmanager.as_ref().map(Alertmanager::dropped)),
        ];
        outputs.into_iter().filter_map(|(name, count)| Some((name, count?))).collect()
    }

    fn tell_dropped(&mut self) {
        let all = self.all_dropped();
        let sum = all.iter().map(|(_, count)| count).sum();
        if sum > self.dropped {
            let which: Vec<String> = all.iter().filter(|(_, n)| *n > 0).map(|(name, n)| format!("{name} {n}")).collect();
            warn(&format!("changes come faster than they are taken; dropped so far: {}", which.join(", ")));
            self.dropped = sum;
        }
    }

    fn write(&self, text: String) {
        if let Some(writer) = &self.writer {
            writer.write(text);
        }
    }

    /// Obeys keys and draws, where there is a table.
    pub(super) fn step(&mut self) {
        if let Some(tui) = &mut self.tui {
            tui.step();
        }
    }

    /// Says on standard error what is watched.
    pub(super) fn tell_beginning(&self, session: &Session) {
        let Some(report) = session.watcher.report() else { return };
        let summary = &report.summary;
        let count = |verdict| summary.by_verdict.get(&verdict).copied().unwrap_or(0);
        let (servers, files, dups) = (summary.servers, summary.inputs, summary.duplications);
        let (stuck, open) = (count(Verdict::Stuck) + count(Verdict::Failed), session.watcher.open().count());
        warn(&match self.style.lang {
            Lang::En => format!(
                "watching: servers {servers}, files {files}, lines {}, duplications {dups} (stuck or failed {stuck}), findings open {open}",
                summary.lines
            ),
            Lang::Zh => {
                format!(
                    "正在监视：服务器 {servers}，文件 {files}，日志 {} 行，热备份 {dups}（卡住或失败 {stuck}），未消除的问题 {open}",
                    summary.lines
                )
            }
        });
        if let (false, Some(newest)) = (session.watcher.is_live(), report.window.last) {
            let at = newest.0.rfc3339();
            warn(&match self.style.lang {
                Lang::En => format!("the newest line is of {at}: until a younger one comes time stands still (--clock wall: it does not)"),
                Lang::Zh => format!("最新一行日志的时间是 {at}：在出现更新的日志之前，时间不会推进（--clock wall 可按时钟推进）"),
            });
        }
    }

    /// The last word when the input has ended.
    pub(super) fn summary(&mut self, session: &Session) {
        // The table goes, the summary stays on the screen.
        if self.tui.take().is_some() {
            self.writer = Writer::new().ok();
        }
        let Some(report) = session.watcher.report() else { return };
        match self.format {
            ChangeFormat::Text => self.write(text(report, &self.style)),
            // Standard output has one kind of object.
            ChangeFormat::Ndjson => self.tell_beginning(session),
        }
    }

    /// Whether all that was told went out.
    pub(super) fn is_idle(&self) -> bool {
        self.writer.as_ref().is_none_or(Writer::is_idle)
    }

    /// Whether nobody reads standard output any more.
    pub(super) fn is_closed(&self) -> bool {
        self.writer.as_ref().is_some_and(Writer::is_closed)
    }

    /// Whether somebody pressed a key to end.
    pub(super) fn asked_to_stop(&self) -> bool {
        self.tui.as_ref().is_some_and(Tui::asked_to_stop)
    }

    /// Waits for what is under way.
    pub(super) fn finish(&mut self) {
        self.tui = None;
        if let Some(writer) = &self.writer {
            writer.finish(LAST_LINES);
        }
        if let Some(exec) = &mut self.exec {
            exec.finish();
        }
        if let Some(alertmanager) = &mut self.alertmanager {
            alertmanager.finish();
        }
        self.tell_dropped();
    }
}
