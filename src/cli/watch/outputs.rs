//! Where changes go.

use super::args::{ChangeFormat, WatchArgs};
use super::session::Session;
use super::writer::Writer;
use crate::cli::output::{complain, style};
use anyhow::Result;
use dupdoctor::render::{Style, change_json, change_text, text};
use dupdoctor::report::Verdict;
use dupdoctor::signature::Lang;
use dupdoctor::watch::Change;
use std::cell::Cell;
use std::time::Duration;

/// How long the last lines may take when the program ends.
const LAST_LINES: Duration = Duration::from_secs(5);

/// Where changes go.
pub(super) struct Outputs {
    writer: Writer,
    format: ChangeFormat,
    style: Style,
    dropped: Cell<u64>,
}

impl Outputs {
    pub(super) fn new(args: &WatchArgs) -> Result<Self> {
        let mut style = style(&args.show);
        style.all = args.all;
        Ok(Self { writer: Writer::new()?, format: args.format, style, dropped: Cell::new(0) })
    }

    /// Tells changes everywhere.
    pub(super) fn tell(&self, changes: &[Change], session: &Session) {
        let mut style = self.style.clone();
        if let Some(report) = session.watcher.report() {
            style.zone = style.zone.settled(&report.inputs);
        }
        for change in changes {
            self.writer.write(match self.format {
                ChangeFormat::Text => change_text(change, &style) + "\n",
                ChangeFormat::Ndjson => change_json(change),
            });
        }
        let dropped = self.writer.dropped();
        if dropped > self.dropped.get() {
            complain(&format!("standard output is not read fast enough: {dropped} changes were dropped so far"));
            self.dropped.set(dropped);
        }
    }

    /// Says on standard error what is watched.
    pub(super) fn tell_beginning(&self, session: &Session) {
        let Some(report) = session.watcher.report() else { return };
        let summary = &report.summary;
        let count = |verdict| summary.by_verdict.get(&verdict).copied().unwrap_or(0);
        let (servers, files, dups) = (summary.servers, summary.inputs, summary.duplications);
        let (stuck, open) = (count(Verdict::Stuck) + count(Verdict::Failed), session.watcher.open().count());
        complain(&match self.style.lang {
            Lang::En => format!(
                "watching: servers {servers}, files {files}, lines {}, duplications {dups} (stuck or failed {stuck}), findings open {open}",
                summary.lines
            ),
            Lang::Zh => {
                format!("正在监视：服务器 {servers}，文件 {files}，日志 {} 行，热备份 {dups}（卡住或失败 {stuck}），未消除的问题 {open}", summary.lines)
            }
        });
        if let (false, Some(newest)) = (session.watcher.is_live(), report.window.last) {
            let at = newest.0.rfc3339();
            complain(&match self.style.lang {
                Lang::En => format!("the newest line is of {at}: until a younger one comes time stands still (--clock wall: it does not)"),
                Lang::Zh => format!("最新一行日志的时间是 {at}：在出现更新的日志之前，时间不会推进（--clock wall 可按时钟推进）"),
            });
        }
    }

    /// The last word when the input has ended.
    pub(super) fn summary(&self, session: &Session) {
        let Some(report) = session.watcher.report() else { return };
        match self.format {
            ChangeFormat::Text => self.writer.write(text(report, &self.style)),
            // Standard output has one kind of object.
            ChangeFormat::Ndjson => self.tell_beginning(session),
        }
    }

    /// Whether all that was told went out.
    pub(super) fn is_idle(&self) -> bool {
        self.writer.is_idle()
    }

    /// Whether nobody reads standard output any more.
    pub(super) fn is_closed(&self) -> bool {
        self.writer.is_closed()
    }

    /// Whether somebody pressed a key to end.
    pub(super) fn asked_to_stop(&self) -> bool {
        false
    }

    /// Waits for what is under way.
    pub(super) fn finish(&self) {
        self.writer.finish(LAST_LINES);
    }
}
