//! Random damage to everything that is read from outside: nothing panics, hangs or grows. Seeds are the cases' files; a few seconds in each
//! test run, `DUPDOCTOR_FUZZ_SECONDS=60` in `.ci/run`, more by hand. `DUPDOCTOR_FUZZ_SEED` has a run again.

use crate::support::case::{Case, plain_settings, report};
use crate::support::random::Random;
use crate::support::root;
use dupdoctor::internal::event::read;
use dupdoctor::internal::record::header;
use dupdoctor::internal::watch::WatchState;
use dupdoctor::report::{Redaction, Report};
use dupdoctor::{Catalogue, FORMATS, Settings, Style};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// One execution takes milliseconds; a loaded machine without optimisation is slow.
const LONGEST: Duration = Duration::from_secs(20);

/// What all executions may come to together, in KiB.
const MEMORY: u64 = 2 << 20;

/// What is read from outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Target {
    /// Envelope, header, message, redaction.
    Line,
    /// A file of any kind: a log, an export, a transcript, an answer over HTTP, a `config.ini`.
    File,
    /// The same, compressed or in an archive, damaged behind that.
    Packed,
    State,
    ReportJson,
    Signature,
}

const TARGETS: [Target; 6] = [Target::Line, Target::File, Target::Packed, Target::State, Target::ReportJson, Target::Signature];

fn files(folder: &Path, all: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        if entry.path().is_dir() { files(&entry.path(), all) } else { all.push(entry.path()) }
    }
    all.sort();
}

fn below(random: &mut Random, bound: usize) -> usize {
    usize::try_from(random.below(bound as u64)).unwrap()
}

/// Flips, cuts, repeats, exchanges with another seed, puts in what is special somewhere.
fn damage(mut bytes: Vec<u8>, other: &[u8], random: &mut Random) -> Vec<u8> {
    const SPECIAL: [&[u8]; 16] = [
        b"\0",
        b"\n",
        b"\r",
        b"\"",
        b"\\",
        b"{",
        b"[",
        b"\x1b[31m",
        b"\xff\xfe",
        b"9223372036854775807",
        b"-1",
        b"(",
        b": ",
        b"DS_APP",
        "\u{202e}".as_bytes(),
        b"1e999",
    ];
    for _ in 0..=random.below(8) {
        let at = below(random, bytes.len() + 1);
        let end = (at + below(random, 64)).min(bytes.len());
        match random.below(6) {
            0 if at < bytes.len() => bytes[at] ^= 1 << random.below(8),
            1 => drop(bytes.drain(at..end)),
            2 => {
                let piece = bytes[at..end].repeat(1 + below(random, 40));
                drop(bytes.splice(at..at, piece));
            }
            3 => {
                let from = below(random, other.len() + 1);
                let piece = other[from..(from + below(random, 200)).min(other.len())].to_vec();
                drop(bytes.splice(at..end, piece));
            }
            4 => bytes.truncate(at),
            _ => drop(bytes.splice(at..at, SPECIAL[below(random, SPECIAL.len())].iter().copied())),
        }
    }
    bytes
}

fn packed(bytes: &[u8], random: &mut Random) -> Vec<u8> {
    match random.below(5) {
        0 => {
            let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
            gz.write_all(bytes).unwrap();
            gz.finish().unwrap()
        }
        1 => zstd::stream::encode_all(bytes, 1).unwrap(),
        2 => {
            let mut xz = liblzma::write::XzEncoder::new(Vec::new(), 0);
            xz.write_all(bytes).unwrap();
            xz.finish().unwrap()
        }
        3 => {
            let mut bz = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::fast());
            bz.write_all(bytes).unwrap();
            bz.finish().unwrap()
        }
        _ => {
            let mut tar = tar::Builder::new(Vec::new());
            let mut header = tar::Header::new_gnu();
            header.set_size(bytes.len() as u64);
            tar.append_data(&mut header, "meta1/meta.log", bytes).unwrap();
            tar.into_inner().unwrap()
        }
    }
}

fn execute(target: Target, bytes: &[u8], desk: &Path) {
    let text = || String::from_utf8_lossy(bytes).into_owned();
    match target {
        Target::Line => {
            let _ = header(bytes);
            let _ = read(&text(), None, b'E');
            let _ = Redaction::default().line(&text());
            let _ = Redaction::default().strict().line(&text());
        }
        Target::File | Target::Packed => {
            fs::write(desk.join("input"), bytes).unwrap();
            let redaction = bytes.len().is_multiple_of(2).then(Redaction::default);
            let report = report(&[desk.join("input")], &Settings { redaction, ..plain_settings() });
            let format = &FORMATS[bytes.len() % FORMATS.len()];
            let out = (format.render)(&report, &Style::default());
            assert!(!out.contains(['\u{1b}', '\u{202e}', '\u{9b}', '\0']), "{}", format.name);
        }
        Target::State => drop(WatchState::from_text(&text())),
        Target::ReportJson => drop(Report::parse(&text())),
        Target::Signature => {
            fs::write(desk.join("signatures/own.toml"), bytes).unwrap();
            drop(Catalogue::default().add_folder(&desk.join("signatures")));
        }
    }
}

/// The most memory that this process has had, in KiB.
fn peak() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB")?.trim().parse().ok()).unwrap_or(0)
}

#[test]
fn whatever_is_read_does_no_harm() {
    let number = |name: &str, usual: u64| std::env::var(name).map_or(usual, |value| value.parse().unwrap());
    let (seconds, seed) = (number("DUPDOCTOR_FUZZ_SECONDS", 5), number("DUPDOCTOR_FUZZ_SEED", 19));
    let desk = tempfile::tempdir().unwrap();
    fs::create_dir(desk.path().join("signatures")).unwrap();
    let mut logs = Vec::new();
    for case in Case::all() {
        files(&case.logs(), &mut logs);
    }
    let (mut signatures, mut reports) = (Vec::new(), Vec::new());
    files(&root().join("src/signature/catalogue"), &mut signatures);
    files(&root().join("fixtures"), &mut reports);
    reports.retain(|path| path.file_name().is_some_and(|name| name == "report.json"));
    let state = WatchState::default().to_text();
    let seed_of = |target: Target, random: &mut Random| {
        let from = match target {
            Target::State => return state.clone().into_bytes(),
            Target::ReportJson => &reports,
            Target::Signature => &signatures,
            Target::Line | Target::File | Target::Packed => &logs,
        };
        let mut bytes = fs::read(&from[below(random, from.len())]).unwrap();
        if target == Target::Line {
            let lines: Vec<&[u8]> = bytes.split(|byte| *byte == b'\n').collect();
            bytes = lines[below(random, lines.len())].to_vec();
        }
        bytes.truncate(64 << 10);
        bytes
    };
    let (begin, mut run, mut longest) = (Instant::now(), 0_u64, (Duration::ZERO, Target::Line, 0));
    let mut counts = [0_u64; TARGETS.len()];
    while begin.elapsed() < Duration::from_secs(seconds) {
        let mut random = Random(seed.wrapping_mul(1_000_003).wrapping_add(run));
        let which = if random.below(2) == 0 { 0 } else { below(&mut random, TARGETS.len()) };
        let target = TARGETS[which];
        let bytes = seed_of(target, &mut random);
        let other = seed_of(target, &mut random);
        let bytes = damage(bytes, &other, &mut random);
        let bytes = if target == Target::Packed { packed(&bytes, &mut random) } else { bytes };
        let bytes = if target == Target::Packed && random.below(2) == 0 { damage(bytes, &other, &mut random) } else { bytes };
        let start = Instant::now();
        let outcome = std::panic::catch_unwind(|| execute(target, &bytes, desk.path()));
        assert!(outcome.is_ok(), "run {run} of seed {seed}, {target:?}: {:?}", String::from_utf8_lossy(&bytes));
        if start.elapsed() > longest.0 {
            longest = (start.elapsed(), target, run);
        }
        assert!(longest.0 < LONGEST, "run {run} of seed {seed}, {target:?} took {:?}", longest.0);
        counts[which] += 1;
        run += 1;
    }
    assert!(peak() < MEMORY, "{} KiB", peak());
    let all: Vec<String> = TARGETS.iter().zip(counts).map(|(target, count)| format!("{target:?} {count}")).collect();
    eprintln!("{run} executions of seed {seed} in {seconds} s: {}; the longest {longest:?}; {} KiB at most", all.join(", "), peak());
}
