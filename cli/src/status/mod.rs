//! `dupdoctor status`: asks the meta leader and the replica servers over HTTP, and diagnoses what they answer.

mod args;
mod ask;
mod client;
mod observer;

pub(super) use args::StatusArgs;

use super::Ending;
use super::judging::{Judgement, judgement};
use super::moment::now;
use super::output::{complain, print, style};
use anyhow::{Context, Result, bail};
use args::StatusFormat;
use ask::Asker;
use dupdoctor::diagnose::Settings;
use dupdoctor::render::{Style, change_text, status_json, status_text};
use dupdoctor::report::{Runbooks, Selection, StatusReport};
use dupdoctor::signature::Severity;
use dupdoctor::watch::{ClockMode, Watcher, WatcherOptions};
use observer::Observer;
use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// A record that is read back is at most so large.
const LARGEST_RECORD: u64 = 1 << 30;

pub(super) fn run(args: &StatusArgs) -> Result<Ending> {
    let mut asker = Asker::new(args)?;
    let mut style = style(&args.show);
    style.all = args.all;
    let Judgement { catalogue, expectations, accepted, sound } = judgement(&args.judge, false)?;
    let selection = Selection { accepted, today: Some(now()), lang: style.lang, runbooks: Runbooks::LeftOut, ..Selection::default() };
    let settings = Settings { expectations, catalogue, selection, ..Settings::default() };
    let mut watcher = Watcher::new(settings, WatcherOptions { clock: ClockMode::Wall, least: Severity::Info }, None);
    let mut record = Record::open(args)?;
    let log = watcher.logs.open(&record.name);
    watcher.logs.feed(log, &record.before);
    let mut observer = Observer::default();
    let stop = stop_signals()?;
    let (mut failing, mut answered) = (false, false);
    let mut first = true;
    loop {
        let begun = Instant::now();
        let at = now();
        let round = asker.round(&stop);
        if stop.load(Ordering::SeqCst) {
            break;
        }
        answered |= round.leader.is_some();
        let lines = observer.lines(at, &round);
        record.write(&lines)?;
        watcher.logs.feed(log, lines.as_bytes());
        let changes = watcher.look(now().max(at));
        let report = observer.report(at, &round, watcher.report());
        failing = report.findings.iter().any(|f| f.active && args.judge.fail_on.fails(f.severity));
        if args.watch.is_some() && args.format == StatusFormat::Text && !first {
            for change in &changes {
                print(&change_text(change, &style))?;
            }
        }
        if args.format == StatusFormat::Text && !first {
            print("\n")?;
        }
        print(&shown(&report, args, &style))?;
        first = false;
        let Some(period) = args.watch else { break };
        let period = Duration::from(period);
        while begun.elapsed() < period && !stop.load(Ordering::SeqCst) {
            std::thread::sleep((period.saturating_sub(begun.elapsed())).min(Duration::from_millis(100)));
        }
        if stop.load(Ordering::SeqCst) {
            break;
        }
    }
    Ok(match (answered && sound, failing) {
        (false, _) => Ending::Unread,
        (true, true) => Ending::Findings,
        (true, false) => Ending::Quiet,
    })
}

/// The report in the format that was asked for; one line a round where rounds repeat.
fn shown(report: &StatusReport, args: &StatusArgs, style: &Style) -> String {
    match args.format {
        StatusFormat::Text => status_text(report, style, args.watch.is_none()),
        StatusFormat::Json => status_json(report, args.watch.is_none()),
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
            bail!("--record {name}: the file holds something else than answers of `dupdoctor status`; name another one");
        }
        if !before.is_empty() && !before.ends_with(b"\n") {
            complain(&format!("--record {name}: its last line is cut off"));
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

/// Set when the program is asked to end.
fn stop_signals() -> Result<Arc<AtomicBool>> {
    let stop = Arc::new(AtomicBool::new(false));
    for signal in [signal_hook::consts::SIGINT, signal_hook::consts::SIGTERM, signal_hook::consts::SIGHUP] {
        // The second one ends at once, in the middle of a request, too.
        signal_hook::flag::register_conditional_shutdown(signal, 1, Arc::clone(&stop))?;
        signal_hook::flag::register(signal, Arc::clone(&stop))?;
    }
    Ok(stop)
}
