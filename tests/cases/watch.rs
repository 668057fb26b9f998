//! Every case fed to a watcher in random pieces, with files that rotate in the middle: it says what `diagnose` says.

use crate::support::case::Case;
use crate::support::nanos;
use crate::support::random::Random;
use dupdoctor::internal::source::{Kind, discover, path_cmp};
use dupdoctor::report::Report;
use dupdoctor::{ClockMode, LogTime, Severity, Watcher, WatcherOptions};
use similar::TextDiff;
use std::fmt::Write as _;
use std::path::Path;

fn at_random(random: &mut Random, bound: usize) -> usize {
    usize::try_from(random.below(bound as u64)).unwrap()
}

/// Copies a case's logs; plain ones are cut in two at a line, as rotation does.
fn rotated(logs: &Path, to: &Path, random: &mut Random) {
    for entry in std::fs::read_dir(logs).unwrap().map(Result::unwrap) {
        let (from, target) = (entry.path(), to.join(entry.file_name()));
        if from.is_dir() {
            std::fs::create_dir_all(&target).unwrap();
            rotated(&from, &target, random);
            continue;
        }
        let bytes = std::fs::read(&from).unwrap();
        let name = entry.file_name().to_string_lossy().into_owned();
        let at = at_random(random, bytes.len());
        let cut = memchr::memchr(b'\n', &bytes[at..]).map(|n| at + n + 1).filter(|&cut| cut < bytes.len());
        match cut {
            Some(cut) if name.contains(".log.20") && !name.contains(".gz") => {
                std::fs::write(&target, &bytes[..cut]).unwrap();
                std::fs::write(to.join(format!("{name}9")), &bytes[cut..]).unwrap();
            }
            _ => std::fs::write(&target, &bytes).unwrap(),
        }
    }
}

/// The report of a watcher that reads all files at once, piece by piece, each as it was written.
fn watched(logs: &Path, case: &Case, random: &mut Random, looks: usize) -> (Report, Vec<String>) {
    let options = WatcherOptions { clock: ClockMode::Log, least: Severity::Info };
    let mut watcher = Watcher::new(case.settings(), options, None);
    let mut items = discover(&[logs.to_path_buf()]).items;
    items.sort_by(|a, b| path_cmp(&a.path, &b.path));
    let mut open = Vec::new();
    for item in items {
        if item.kind == Kind::Plain {
            open.push((watcher.logs.open(&item.display), std::fs::read(&item.path).unwrap(), 0));
        } else {
            watcher.logs.read_item(&item);
        }
    }
    // Files of one server are written one after the other.
    let mut look = 0;
    for (id, bytes, mut at) in open {
        while at < bytes.len() {
            let bound = [200, 20_000, 300_000, 300_000][at_random(random, 4)];
            let piece = at_random(random, bound);
            let end = (at + piece + 1).min(bytes.len());
            watcher.logs.feed(id, &bytes[at..end]);
            at = end;
            if look < looks && random.below(3) == 0 {
                look += 1;
                watcher.look(LogTime::default());
            }
        }
        watcher.logs.end(id);
    }
    watcher.last_look(LogTime::default());
    let open = watcher.open().map(|i| format!("{} {:?} {:?}", i.finding.code, i.identity().dup_id, i.identity().app_name)).collect();
    (watcher.report().unwrap().clone(), open)
}

/// What a watcher says otherwise than a diagnosis, of the logs as they are and rotated.
pub(crate) fn differences(case: &Case) -> String {
    let mut random = Random(case.name.bytes().fold(0, |seed, byte| seed.wrapping_mul(31).wrapping_add(byte.into())));
    let desk = tempfile::tempdir().unwrap();
    rotated(&case.logs(), desk.path(), &mut random);
    let mut wrong = String::new();
    for logs in [case.logs(), desk.path().to_path_buf()] {
        let mut wanted = case.report_of(&logs);
        let (mut told, open) = watched(&logs, case, &mut random, 3);
        wanted.skipped.clear();
        told.skipped.clear();
        let [wanted_text, told_text] = [&wanted, &told].map(|report| serde_json::to_string_pretty(report).unwrap());
        if wanted_text != told_text {
            let diff = TextDiff::from_lines(&wanted_text, &told_text);
            wrong += &diff.unified_diff().header("diagnose", "watch").to_string();
        }
        for finding in wanted.findings.iter().filter(|f| f.active && f.severity > Severity::Info) {
            let about = finding.duplication.as_ref();
            let wanted = format!("{} {:?} {:?}", finding.code, about.and_then(|d| d.dup_id), about.and_then(|d| d.app_name.clone()));
            if !open.contains(&wanted) {
                let _ = writeln!(wrong, "{wanted} is not open, but {open:?}");
            }
        }
    }
    wrong
}

/// A line: when, of which log, what.
type Line = (i64, usize, Vec<u8>);

/// Lines of all plain logs of a case, in order of time as far as their headers tell it.
fn lines_by_time(logs: &Path) -> (Vec<String>, Vec<Line>) {
    let items: Vec<_> = discover(&[logs.to_path_buf()]).items.into_iter().filter(|i| i.kind == Kind::Plain).collect();
    let mut lines = Vec::new();
    for (log, item) in items.iter().enumerate() {
        let mut at = 0;
        for line in std::fs::read(&item.path).unwrap().split_inclusive(|&b| b == b'\n') {
            at = nanos(line).unwrap_or(at);
            lines.push((at, log, line.to_vec()));
        }
    }
    lines.sort_by_key(|(at, log, _)| (*at, *log));
    (items.into_iter().map(|i| i.display).collect(), lines)
}

/// Whether nothing is wrong in the end.
pub(crate) fn is_well(case: &Case) -> bool {
    !case.duplication.is_empty() && case.duplication.iter().all(|d| d.must.is_empty() && d.verdict == "healthy")
}

/// An alarm about what passes is told once and cleared.
pub(crate) fn alarms(case: &Case) -> String {
    let mut wrong = String::new();
    let options = WatcherOptions { clock: ClockMode::Wall, ..WatcherOptions::default() };
    let mut watcher = Watcher::new(case.settings(), options, None);
    let (names, lines) = lines_by_time(&case.logs());
    let ids: Vec<usize> = names.iter().map(|name| watcher.logs.open(name)).collect();
    let every = (lines.len() / 60).max(1);
    let mut told = std::collections::BTreeSet::new();
    let mut tell = |changes: Vec<dupdoctor::Change>| {
        for change in
            changes.into_iter().filter(|c| c.incident.identity().dup_id.is_some() && c.incident.finding.severity >= Severity::Error)
        {
            let kind = change.change.name();
            if kind != "updated" && !told.insert((kind, change.incident.finding.code.clone(), change.incident.identity().dup_id)) {
                let _ = writeln!(wrong, "{kind} {} twice", change.incident.finding.code);
            }
        }
    };
    for (number, (at, log, line)) in lines.iter().enumerate() {
        watcher.logs.feed(ids[*log], line);
        if number % every == 0 {
            tell(watcher.look(LogTime(*at)));
        }
    }
    tell(watcher.last_look(LogTime(lines.last().map_or(0, |l| l.0))));
    // What the case allows is true of a duplication that ships all the same, and does not pass.
    let allowed = |code: &String| case.duplication.iter().any(|d| d.may.contains(code));
    for left in
        watcher.open().filter(|i| i.identity().dup_id.is_some() && i.finding.severity >= Severity::Error && !allowed(&i.finding.code))
    {
        let _ = writeln!(wrong, "{} stays open", left.finding.code);
    }
    wrong
}
