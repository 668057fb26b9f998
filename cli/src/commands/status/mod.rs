//! `dupdoctor status`: asks the meta leader and the replica servers over HTTP, and diagnoses what they answer.

mod args;
mod ask;
mod client;
mod observer;
mod versions;

pub(super) use args::StatusArgs;

use crate::console::{print, warn};
use crate::exit_status::ExitStatus;
use crate::options::{Criteria, RedactionKeyFile, TextOrJson, now};
use crate::signals::stop_signals;
use anyhow::{Context, Result, bail};
use ask::Asker;
use dupdoctor::internal::render::{change_text, status_json, status_text};
use dupdoctor::internal::report::StatusReport;
use dupdoctor::report::{Runbooks, Selection};
use dupdoctor::{ClockMode, Settings, Severity, Style, Watcher, WatcherOptions};
use observer::Observer;
use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

/// A record that is read back is at most so large.
const LARGEST_RECORD: u64 = 1 << 30;

/// So many times it is looked again whether what waits moves, and so long it is waited in between: servers ship what is
/// written within a fraction of a second.
const LOOKS: usize = 4;
const BETWEEN_LOOKS: Duration = Duration::from_millis(500);

impl StatusArgs {
    pub(super) fn run(&self) -> Result<ExitStatus> {
        let mut asker = Asker::new(self)?;
        let style = Style { all: self.all, ..self.show.style() };
        let Criteria { catalogue, expectations, accepted, complete } = self.criteria.load(false)?;
        let mut key_file = RedactionKeyFile::open(&self.redact)?;
        let redaction = key_file.redaction.clone();
        let selection = Selection { accepted, today: Some(now()), lang: style.lang, runbooks: Runbooks::LeftOut, ..Selection::default() };
        let settings = Settings { expectations, catalogue, selection, redaction: redaction.clone(), ..Settings::default() };
        let mut watcher = Watcher::new(settings, WatcherOptions { clock: ClockMode::Wall, least: Severity::Info }, None);
        let mut record = Record::open(self)?;
        let log = watcher.logs.open(&record.name);
        watcher.logs.feed(log, &record.before);
        let mut observer = Observer::default();
        let stop = stop_signals(true)?;
        let stopped = || stop.load(Ordering::SeqCst);
        let (mut failing, mut complete, mut answered, mut cannot_tell, mut first) = (false, complete, false, false, true);
        let mut readiness = None;
        loop {
            let begun = Instant::now();
            let at = now();
            let mut round = asker.round(&stop);
            if stopped() {
                break;
            }
            answered |= round.leader.is_some();
            let mut lines = observer.lines(at, &round);
            // Later rounds tell whether what waits moves; where none follows, it is looked again.
            for _ in 0..if self.watch.is_none() { LOOKS } else { 0 } {
                let standing = observer.standing(now(), &round);
                if standing.is_empty() || stopped() {
                    break;
                }
                std::thread::sleep(BETWEEN_LOOKS);
                let answers = asker.again(&mut round, &standing, &stop);
                lines.push_str(&observer.pending_lines(now(), &answers));
            }
            record.write(&lines)?;
            watcher.logs.feed(log, lines.as_bytes());
            let at = now().max(at);
            let changes = watcher.look(at);
            let mut report = observer.report(at, &round, watcher.report());
            if let Some(most) = self.switch_over.most() {
                report.ask_switch_over(most, &asker.data_versions(&round, &self.target), style.lang);
            }
            failing = self.criteria.accept.fails(report.findings.iter().filter(|f| f.active));
            cannot_tell = self.criteria.accept.unless_never(report.cannot_tell);
            readiness = report.readiness();
            if round.misspelt {
                complete = false;
            }
            if let Some(redaction) = &redaction {
                report.hide(redaction, &round.names());
            }
            if report.leader.is_none() {
                for missed in &report.not_asked {
                    warn(&format!("{}: {}", missed.url, missed.reason));
                }
            }
            complete &= key_file.save();
            complete &= self.output.write_files(&style, &[], |format, style| self.render(&report, format, style));
            if !first && self.output.format == TextOrJson::Text {
                for change in &changes {
                    print(&change_text(change, &style))?;
                }
                print("\n")?;
            }
            print(&self.render(&report, self.output.format, &style))?;
            first = false;
            let Some(period) = self.watch.map(Duration::from) else { break };
            while begun.elapsed() < period && !stopped() {
                std::thread::sleep(period.saturating_sub(begun.elapsed()).min(Duration::from_millis(100)));
            }
            if stopped() {
                break;
            }
        }
        if self.switch_over.switch_over && self.criteria.accept.unless_never(true) {
            return Ok(ExitStatus::of_readiness(answered && complete, readiness));
        }
        Ok(ExitStatus::of(answered && complete, failing).or_cannot_tell(cannot_tell))
    }

    fn render(&self, report: &StatusReport, format: TextOrJson, style: &Style) -> String {
        let alone = self.watch.is_none();
        if format == TextOrJson::Json { status_json(report, alone) } else { status_text(report, style, alone) }
    }
}

/// Where answers are written down, and what was written there before.
struct Record {
    name: String,
    before: Vec<u8>,
    file: Option<File>,
}

impl Record {
    fn open(args: &StatusArgs) -> Result<Self> {
        let Some(path) = &args.record else {
            let name = args.meta.first().map_or("status".to_owned(), |m| format!("answers of {m}"));
            return Ok(Self { name, before: Vec::new(), file: None });
        };
        let name = path.display().to_string();
        let mut file = OpenOptions::new()
            .read(true)
            .append(true)
            .create(true)
            .open(path)
            .with_context(|| format!("cannot write --record {name}; name a file in a directory that exists"))?;
        let mut before = Vec::new();
        (&mut file).take(LARGEST_RECORD).read_to_end(&mut before).with_context(|| format!("cannot read --record {name}"))?;
        if !before.is_empty() && !is_record(&before) {
            bail!("--record {name}: the file holds something other than answers of `dupdoctor status`; name another one");
        }
        if !before.is_empty() && !before.ends_with(b"\n") {
            warn(&format!("--record {name}: its last line is cut off"));
            before.push(b'\n');
            file.write_all(b"\n").with_context(|| format!("cannot write --record {name}"))?;
        }
        Ok(Self { name, before, file: Some(file) })
    }

    fn write(&mut self, lines: &str) -> Result<()> {
        match &mut self.file {
            Some(file) => file.write_all(lines.as_bytes()).with_context(|| format!("cannot write --record {}", self.name)),
            None => Ok(()),
        }
    }
}

/// Whether a file begins with lines of this command.
fn is_record(bytes: &[u8]) -> bool {
    let line = bytes.split(|b| *b == b'\n').next().unwrap_or_default();
    String::from_utf8_lossy(line).contains(" status.http: ")
}
