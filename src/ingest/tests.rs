//! What reads fast reads right: generated logs are read as `dupdoctor` does, in pieces, on threads, through
//! compression, and by a plain reference that looks at one line at a time.
#![expect(
    clippy::unwrap_used,
    clippy::too_many_lines,
    clippy::naive_bytecount,
    reason = "plain and slow, rule after rule, is what a reference should be"
)]

use crate::event::{EventKind, read};
use crate::ingest::{Ingested, Moment, Options, events, ingest};
use crate::pegasus::{DupStatus, LogTime, TimeDelta};
use crate::record::{find_header, header, looks_like_record, unwrap};
use crate::run::{Block, Collector, DupEntry, OVERLAP, Run};
use proptest::prelude::*;
use std::fmt::Write as _;
use std::io::Write as _;

/// What must not differ: wording, count, lines and texts of each run, and the counts of the input.
fn shape(run: &Run) -> String {
    let mut text =
        format!("{:?} x{} epoch {} paired {:?} ordinal {} {:?}", run.kind(), run.count, run.epoch, run.paired, run.ordinal, run.progress);
    for o in std::iter::once(&run.first).chain(&run.tail) {
        let _ = write!(text, "\n    {}:{} {} {}", o.line, o.offset, o.at.0, o.text);
    }
    text
}

/// Reads line by line: each line is a log of its own, and what neighbours tell is looked up by going through all others.
fn plainly(log: &[u8]) -> Vec<String> {
    struct Seen {
        run: Option<Run>,
        drift: u64,
        damage: u64,
        start: usize,
        nanos: i64,
        thread: Vec<u8>,
        task: Vec<u8>,
        body: Vec<u8>,
        origin: Option<String>,
    }
    let collector = Collector { zone: Some(TimeDelta::hours(8)), ..Collector::default() };
    let (mut seen, mut start, mut lines, mut records) = (Vec::new(), 0, 0_u64, 0_u64);
    let mut nul = 0;
    for line in log.split_inclusive(|&b| b == b'\n') {
        lines += 1;
        nul += line.iter().filter(|b| **b == 0).count() as u64;
        let bare = line.strip_suffix(b"\n").unwrap_or(line);
        let wrapped = find_header(&bare[..bare.len().min(512)]).is_some();
        records += u64::from(looks_like_record(bare) || wrapped);
        let unwrapped = unwrap(bare);
        // A torn line and the one glued to it.
        let mut rest = &*unwrapped.text;
        while let Some(whole) = header(rest) {
            let skip = rest.len() - whole.body.len();
            let end = find_header(whole.body).map_or(rest.len(), |(at, _)| skip + at);
            let one = header(&rest[..end]).unwrap();
            let alone = &rest[..end];
            // Without its end a line may still be written.
            let ended = [alone, if line.ends_with(b"\n") { b"\n" } else { &b""[..] }].concat();
            let mut list = collector.collect(&Block { bytes: &ended, own: 0..ended.len(), offset: 0 });
            let known = read(&String::from_utf8_lossy(one.body), one.file, one.level).is_known();
            assert_eq!(known, !list.runs.is_empty(), "the scan misses {}", String::from_utf8_lossy(alone));
            let (drift, damage) = (list.drift.iter().map(|d| d.count).sum::<u64>(), list.damage.invalid_utf8);
            let run = list.runs.pop().map(|mut run| {
                run.first.line = lines;
                run.first.offset = start as u64;
                let text = bare.strip_suffix(b"\r").unwrap_or(bare);
                run.first.text = match text.get(..4096) {
                    Some(begin) if text.len() > 4096 => format!("{}…", String::from_utf8_lossy(begin).trim_end_matches('\u{fffd}')).into(),
                    _ => String::from_utf8_lossy(text).into(),
                };
                run.origin = unwrapped.envelope.origin.as_deref().map(Into::into);
                run
            });
            seen.push(Seen {
                run,
                drift,
                damage,
                start,
                nanos: one.nanos,
                thread: one.thread.to_vec(),
                task: one.task().to_vec(),
                body: one.body.to_vec(),
                origin: unwrapped.envelope.origin.clone(),
            });
            rest = &rest[end..];
        }
        start += line.len();
    }
    let waits = |s: &Seen| {
        let text = String::from_utf8_lossy(&s.body).into_owned();
        text.strip_prefix("replica checkpoint still running: ").and_then(|r| r.trim().split_once('/')?.1.parse::<i64>().ok())
    };
    let report = |s: &Seen| s.body.starts_with(b"duplication report: ");
    let mut runs: Vec<(u64, Run)> = Vec::new();
    let (mut events, mut epoch, mut drifted, mut damaged) = (0_u64, 0, 0, 0);
    for (index, one) in seen.iter().enumerate() {
        let near = |other: &&Seen| one.start.abs_diff(other.start) <= OVERLAP;
        let before = || seen[..index].iter().filter(near);
        let same = |o: &Seen| (o.nanos, &o.thread, &o.body, &o.origin) == (one.nanos, &one.thread, &one.body, &one.origin);
        if one.nanos > 0 && before().any(same) {
            continue;
        }
        (drifted, damaged) = (drifted + one.drift, damaged + one.damage);
        let Some(mut run) = one.run.clone() else { continue };
        let sync = |o: &&Seen| (&o.thread, &o.task) == (&one.thread, &one.task);
        if let Some(partitions) = waits(one) {
            let earlier = before().filter(sync).filter(|o| waits(o) == Some(partitions) && (o.nanos - one.nanos).abs() <= 200_000_000);
            run.ordinal = u32::try_from(earlier.count()).unwrap();
            let next = seen[index + 1..].iter().filter(sync).find(|o| waits(o).is_some() || report(o));
            if let Some(next) = next.filter(near).filter(|o| report(o) && o.nanos - one.nanos <= 1_000_000) {
                let told = std::str::from_utf8(&next.body[20..]).ok().and_then(DupEntry::parse).map(|(entry, _)| entry);
                let fits = |r: &DupEntry| {
                    let waits = matches!(r.status, Some(DupStatus::DsPrepare | DupStatus::DsApp));
                    r.is_report() && i64::try_from(r.partitions) == Ok(partitions) && waits
                };
                run.paired = told.filter(fits).map(|r| r.dup_id);
            }
        }
        // Also of a report whose end is damaged.
        let reported = |s: &Seen| {
            let text = String::from_utf8_lossy(s.body.strip_prefix(b"duplication report: ")?).into_owned();
            let digits: String = text.split_once("\"dupid\":")?.1.chars().take_while(char::is_ascii_digit).collect();
            digits.parse::<i64>().ok()
        };
        if let Some(dup) = reported(one) {
            let earlier = before().filter(sync).filter(|o| reported(o) == Some(dup) && (o.nanos - one.nanos).abs() <= 200_000_000);
            run.ordinal = u32::try_from(earlier.count()).unwrap();
        }
        events += 1;
        if matches!(
            run.kind(),
            EventKind::DupStatusChanged
                | EventKind::AddDupOk
                | EventKind::LeaderTookOver
                | EventKind::LeaderLockGranted
                | EventKind::LeaderLockExpired
                | EventKind::DupRecoverBegin
                | EventKind::ProcessStart
        ) {
            epoch += 1;
        }
        run.epoch = epoch;
        let equal = |(_, r): &&mut (u64, Run)| {
            r.epoch == epoch && (r.copy_key, &r.origin, r.paired, r.ordinal) == (run.copy_key, &run.origin, run.paired, run.ordinal)
        };
        match runs.iter_mut().rev().find(equal) {
            Some((_, mine)) if run.first.at.since(mine.last().at) <= TimeDelta::mins(15) => {
                mine.count += 1;
                mine.tail.push(run.first);
                if mine.tail.len() > 2 {
                    mine.tail.remove(0);
                }
                if let (Some(progress), Some(new)) = (&mut mine.progress, run.progress) {
                    progress.append(new);
                }
            }
            _ => runs.push((0, run)),
        }
    }
    let mut shapes = vec![format!("{lines} lines, {records} records, {events} events, {drifted} drifted, {nul} NUL, {damaged} damaged")];
    shapes.extend(runs.iter().map(|(_, run)| shape(run)));
    shapes
}

/// The same of what was really read.
fn really(ingested: &Ingested) -> Vec<String> {
    let [input] = ingested.inputs.as_slice() else { return vec![format!("{:?}", ingested.problems)] };
    let number = |what: &str| input.notes.iter().find_map(|n| n.to_string().strip_suffix(what)?.parse::<u64>().ok()).unwrap_or(0);
    let mut shapes = vec![format!(
        "{} lines, {} records, {} events, {} drifted, {} NUL, {} damaged",
        input.lines,
        input.records,
        input.events,
        input.drifted,
        number(" NUL bytes"),
        number(" lines that are not UTF-8")
    )];
    shapes.extend(ingested.runs.iter().map(|placed| shape(&placed.run)));
    shapes
}

/// A log in which much goes on: the same numbers give the same bytes.
fn generate(seed: u64, envelope: u8) -> Vec<u8> {
    generate_lines(seed, envelope, 200 + seed % 1500)
}

fn generate_lines(seed: u64, envelope: u8, lines: u64) -> Vec<u8> {
    let mut state = seed;
    let mut below = move |bound: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % bound
    };
    let mut log: Vec<u8> = Vec::new();
    let mut at = 1_716_542_517_000_000_000_u64;
    for n in 0..lines {
        at += match below(200) {
            0 => 16 * 60 * 1_000_000_000,
            1..=30 => 10_000_000_000,
            _ => 20_000 + below(3_000_000),
        };
        let out_of_order = if below(20) == 0 { below(5_000_000) } else { 0 };
        let (dup, task) = (below(5), n / 7);
        let status = if below(3) == 0 { "DS_PREPARE" } else { "DS_APP" };
        let body = match below(22) {
            0..=4 => format!(
                "query follower app[beijing_dr.table_{dup}] replica configuration completed, result: duplication_status = DS_APP, query_err = ERR_OBJECT_NOT_FOUND, update_err = ERR_NO_NEED_OPERATE"
            ),
            5..=8 => format!("replica checkpoint still running: {}/{}", below(4), 2 + dup % 2),
            9 | 10 => format!(
                "duplication report: {{\"dupid\":{},\"fail_mode\":\"FAIL_SLOW\",\"progress\":{{\"0\":{},\"1\":-1}},\"remote\":\"beijing_dr\",\"status\":\"{status}\"}}",
                1_716_542_517 + dup,
                n / 50
            ),
            11 => format!(
                "[a{}d{}] change duplication status from DS_PREPARE to DS_APP successfully [app_id: {}]",
                dup + 2,
                1_716_542_517 + dup,
                dup + 2
            ),
            12 => "change duplication status from DS_APP into something new".to_owned(),
            13 => format!("add duplication for app(table_{dup}), remote cluster name is beijing_dr"),
            14 => "got config sync request from 10.21.4.21:34801, stored_replicas_count(7)\0\0".to_owned(),
            15 => format!("a very long line {}", "without any sense ".repeat(usize::try_from(below(3000)).unwrap())),
            _ => format!("on_ping, beacon send time[{at}], is_master(true), from_node(10.21.4.2{dup}:34801)"),
        };
        let level = ['D', 'W', 'E'][usize::try_from(below(3)).unwrap()];
        let place = if below(4) == 0 { "" } else { "meta_duplication_service.cpp:159:operator()(): " };
        let mut line = format!(
            "{level}2024-05-24 17:21:57.{} ({} {}) meta.meta_state{}.0102000500{task:06}: {place}{body}",
            below(1000),
            at - out_of_order,
            29_604 + below(2),
            dup % 2
        )
        .into_bytes();
        match below(40) {
            // A torn line with the next one glued to it.
            0 => line.truncate(line.len() / 2),
            1 => line.extend_from_slice(b"\r\n"),
            2 => line.extend_from_slice(b" \xff\xfe\n"),
            // The same line again.
            3 => {
                line.push(b'\n');
                line.extend_from_within(..);
            }
            _ => line.push(b'\n'),
        }
        match envelope {
            1 => log.extend_from_slice(b"meta-host1: "),
            2 if below(2) == 0 => log.extend_from_slice(if below(2) == 0 { b"meta-host1: " } else { b"meta-host2: " }),
            _ => {}
        }
        log.extend_from_slice(&line);
    }
    if below(2) == 0 {
        log.pop();
    }
    log
}

fn packed(log: &[u8], how: &str) -> Vec<u8> {
    match how {
        ".gz" => {
            let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
            encoder.write_all(log).unwrap();
            encoder.finish().unwrap()
        }
        ".zst" => zstd::stream::encode_all(log, 1).unwrap(),
        ".xz" => {
            let mut encoder = liblzma::write::XzEncoder::new(Vec::new(), 0);
            encoder.write_all(log).unwrap();
            encoder.finish().unwrap()
        }
        ".bz2" => {
            let mut encoder = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::fast());
            encoder.write_all(log).unwrap();
            encoder.finish().unwrap()
        }
        _ => log.to_vec(),
    }
}

fn ingested(log: &[u8], how: &str, chunk: usize, threads: usize) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(format!("log.1.txt{how}"));
    std::fs::write(&path, packed(log, how)).unwrap();
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
    pool.install(|| really(&ingest(&[path], &Options { chunk, ..Options::default() }, &|_, _| ())))
}

/// What a window of time holds: the runs, and the events one by one.
fn within(log: &[u8], how: &str, since: i64, until: i64) -> (Vec<String>, Vec<String>) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(format!("log.1.txt{how}"));
    std::fs::write(&path, packed(log, how)).unwrap();
    let moment = |at| Some(Moment::At(LogTime(at)));
    let options = Options { since: moment(since), until: moment(until), ..Options::default() };
    let runs = ingest(std::slice::from_ref(&path), &options, &|_, _| ()).runs.iter().map(|placed| shape(&placed.run)).collect();
    let mut one_by_one = Vec::new();
    events(&[path], &options, &mut |_, list| {
        // What came before in the same piece is no part of an event.
        let event = |r: &Run| format!("{:?} x{} {}:{} {} {}", r.kind(), r.count, r.first.line, r.first.offset, r.first.at.0, r.first.text);
        one_by_one.extend(list.runs.iter().map(event));
        true
    });
    (runs, one_by_one)
}

/// Plain files are only read where the window lies; of compressed ones all is read, and what lies outside is left out.
#[test]
fn a_window_holds_the_same_whether_it_is_sought_or_not() {
    for seed in [3, 4] {
        let log = generate_lines(seed, 0, 8_000);
        assert!(log.len() > 6 << 20, "too small to be sought in: {}", log.len());
        let begin = 1_716_542_517_000_000_000_i64;
        let hour = 3_600_000_000_000;
        for (from, hours) in [(0, 1), (4, 2), (9, 3), (20, 100), (-5, 2)] {
            let (since, until) = (begin + from * hour, begin + (from + hours) * hour);
            let (sought, all) = (within(&log, "", since, until), within(&log, ".gz", since, until));
            for (sought, all) in [(sought.0, all.0), (sought.1, all.1)] {
                for (one, other) in sought.iter().zip(&all) {
                    assert_eq!(one, other, "{from} for {hours} hours");
                }
                assert_eq!(sought.len(), all.len(), "{from} for {hours} hours");
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn fast_is_right(seed in any::<u64>(), envelope in 0_u8..2) {
        let log = generate(seed, envelope);
        let reference = plainly(&log);
        for (how, chunk, threads) in [("", 0, 2), ("", 997, 1), ("", 40_000, 2), ("", 100_000, 3), (".gz", 0, 1), (".gz", 5_000, 2), (".zst", 80_000, 2), (".xz", 0, 2), (".bz2", 30_000, 1)] {
            let fast = ingested(&log, how, chunk, threads);
            for (a, b) in reference.iter().zip(&fast) {
                prop_assert_eq!(a, b, "{} in pieces of {}", how, chunk);
            }
            prop_assert_eq!(reference.len(), fast.len());
        }
    }
}
