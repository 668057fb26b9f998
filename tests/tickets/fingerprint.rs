//! A fingerprint names an incident: whatever happens to the logs' files, and nothing else than that incident.

use super::logs::{Names, copy, later, part, window};
use crate::support::case::{self, Case, plain_settings};
use crate::support::{STUCK, logs};
use dupdoctor::report::{Finding, Report};
use dupdoctor::{DupStatus, Lang};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;

/// What somebody would call the incident: the failure, of whom, and in which status.
type About = (String, Option<i64>, Option<i64>, Option<&'static str>);

fn about(finding: &Finding) -> About {
    let ids = finding.duplication.as_ref().map(|d| (d.app_id.map(|a| a.0), d.dup_id.map(|d| d.0)));
    let (app, dup) = ids.unwrap_or_default();
    (finding.code.clone(), app, dup, finding.status.map(DupStatus::name))
}

fn fingerprints(report: &Report) -> BTreeSet<(String, String)> {
    report.findings.iter().map(|f| (f.code.clone(), f.fingerprint.clone())).collect()
}

/// What is open, by what it is about, with the fingerprints.
fn open(report: &Report) -> BTreeMap<About, BTreeSet<String>> {
    let mut all: BTreeMap<About, BTreeSet<String>> = BTreeMap::new();
    for finding in report.findings.iter().filter(|f| f.active && f.duplication.as_ref().is_some_and(|d| d.dup_id.is_some())) {
        all.entry(about(finding)).or_default().insert(finding.fingerprint.clone());
    }
    all
}

#[test]
fn no_two_findings_of_a_report_have_the_same() {
    for case in Case::all() {
        let report = case.report();
        let all: BTreeSet<&str> = report.findings.iter().map(|f| f.fingerprint.as_str()).collect();
        assert_eq!(all.len(), report.findings.len(), "{}", case.name);
    }
}

#[test]
fn neither_names_of_folders_nor_the_language_show() {
    let mut wrong = String::new();
    for case in Case::all() {
        let wanted = case.report();
        let desk = tempfile::tempdir().unwrap();
        // The outermost folder stays: with none around a log the clusters cannot be told apart.
        copy(&case.logs(), desk.path(), Names::Other, &<[u8]>::to_vec);
        let renamed = case.report_of(desk.path());
        if fingerprints(&wanted) != fingerprints(&renamed) {
            let _ = writeln!(wrong, "  {}: {:?} {:?}", case.name, fingerprints(&wanted), fingerprints(&renamed));
        }
        let mut zh = case.settings();
        zh.selection.lang = Lang::Zh;
        let zh = case::report(&[case.logs()], &zh);
        assert_eq!(fingerprints(&wanted), fingerprints(&zh), "{}", case.name);
    }
    assert!(wrong.is_empty(), "names show:\n{wrong}");
}

/// Compares what is open in the whole logs with what is open in a part of them.
fn parts_that_differ(cut: &dyn Fn(i64, i64) -> (i64, i64)) -> (usize, String) {
    let (mut same, mut wrong) = (0, String::new());
    for case in Case::all() {
        // What a case asks for by time is about its own end.
        if !case.args.is_empty() && !case.args.iter().all(|a| a.contains('=') || a == "--expect") {
            continue;
        }
        let logs = case.logs();
        let Some((first, last)) = window(&logs) else { continue };
        let (from, to) = cut(first, last);
        let desk = tempfile::tempdir().unwrap();
        copy(&logs, desk.path(), Names::Kept, &|bytes| part(bytes, from, to));
        let whole = open(&case.report());
        for (about, fingerprints) in open(&case.report_of(desk.path())) {
            match whole.get(&about) {
                Some(known) if *known == fingerprints => same += 1,
                Some(known) => {
                    let _ = writeln!(wrong, "  {}: {about:?} {known:?} {fingerprints:?}", case.name);
                }
                // Less was known, and something else was found.
                None => {}
            }
        }
    }
    (same, wrong)
}

#[test]
fn it_stays_while_the_logs_grow() {
    for tenths in [4, 6, 8, 9] {
        let (same, wrong) = parts_that_differ(&|first, last| (i64::MIN, first + (last - first) / 10 * tenths));
        assert!(wrong.is_empty(), "until {tenths}/10:\n{wrong}");
        assert!(same >= 20, "only {same} incidents are open at {tenths}/10");
    }
}

#[test]
fn it_stays_when_the_head_is_rotated_away() {
    for tenths in [1, 3, 5, 7] {
        let (same, wrong) = parts_that_differ(&|first, last| (first + (last - first) / 10 * tenths, i64::MAX));
        assert!(wrong.is_empty(), "from {tenths}/10:\n{wrong}");
        assert!(same >= 15, "only {same} incidents are open from {tenths}/10");
    }
}

/// A duplication that waits for its target in `DS_APP`.
fn waiting() -> String {
    let folder = logs(STUCK).join("hz_main/meta1");
    let file = std::fs::read_dir(folder).unwrap().next().unwrap().unwrap().path();
    std::fs::read_to_string(file).unwrap()
}

/// The fingerprints of what is open in one log.
fn open_in(text: &str) -> BTreeMap<About, BTreeSet<String>> {
    let desk = tempfile::tempdir().unwrap();
    let folder = desk.path().join("c/meta1");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("meta.log.20240525_101029_173"), text).unwrap();
    open(&case::report(&[desk.path().to_path_buf()], &plain_settings()))
}

#[test]
fn what_is_added_again_is_another_incident() {
    let first = waiting();
    // The id is the second of creation, which is another one then.
    let again = later(&first, 86_400).replace("1716603063", "1716689463");
    let (a, b) = (open_in(&first), open_in(&again));
    let both = open_in(&(first + &again));
    let of = |all: &BTreeMap<About, BTreeSet<String>>, dup: i64| {
        all.iter().filter(|((code, _, d, _), _)| code == "DUP301" && *d == Some(dup)).flat_map(|(_, f)| f.clone()).collect::<BTreeSet<_>>()
    };
    assert_eq!(of(&a, 1_716_603_063).len(), 1);
    assert!(of(&a, 1_716_603_063).is_disjoint(&of(&b, 1_716_689_463)));
    assert_eq!(of(&both, 1_716_689_463), of(&b, 1_716_689_463));
}

/// The logs of a duplication whose shipping fails, then is well for so many minutes, then, perhaps, fails again.
fn failing(desk: &Path, well: i64, again: bool) -> std::path::PathBuf {
    let logs = logs("DUP404-shipping-failing-v2.5").join("hz_main");
    for server in ["meta1", "replica1"] {
        let text = std::fs::read_to_string(logs.join(server).join("log.1.txt")).unwrap();
        // With these it counts as failing until something is confirmed again.
        let text: String = text.split_inclusive('\n').filter(|l| !l.contains("duplicate_rpc failed")).collect();
        let lines: Vec<&str> = text.lines().collect();
        let idle = lines.iter().rfind(|l| l.starts_with('I') && !l.contains("duplication")).unwrap();
        let mut out = text.clone();
        for minute in 1..=well + 10 {
            out += &later(&format!("{idle}\n"), minute * 60);
        }
        let errors: String = text.split_inclusive('\n').filter(|l| l.contains("query config reply")).collect();
        if again && server == "replica1" {
            // They last seven minutes.
            out += &later(&errors, (well + 8) * 60);
        }
        std::fs::create_dir_all(desk.join(server)).unwrap();
        std::fs::write(desk.join(server).join("log.1.txt"), out).unwrap();
    }
    desk.to_owned()
}

fn shipping_failure(logs: &Path) -> Option<(bool, String)> {
    let report = case::report(&[logs.to_path_buf()], &plain_settings());
    report.findings.iter().find(|f| f.code == "DUP404").map(|f| (f.active, f.fingerprint.clone()))
}

#[test]
fn what_healed_and_broke_again_is_another_incident() {
    let desk = tempfile::tempdir().unwrap();
    let of = |name: &str, well, again| shipping_failure(&failing(&desk.path().join(name), well, again)).unwrap();
    let (first_holds, first) = of("first", -10, false);
    let (over_holds, over) = of("over", 60, false);
    let (soon_holds, soon) = of("soon", -1, true);
    let (late_holds, late) = of("late", 60, true);
    assert_eq!((first_holds, over_holds, soon_holds, late_holds), (true, false, true, true));
    assert_eq!(over, first, "what is over keeps its name");
    assert_eq!(soon, first, "a pause of minutes ends no incident");
    assert_ne!(late, first, "an hour without an error does");
    // The replica server's lines of the first one are rotated away.
    let cut = desk.path().join("cut");
    let (_, end) = window(&desk.path().join("first")).unwrap();
    let of_meta = |bytes: &[u8]| String::from_utf8_lossy(bytes).contains("meta_state0");
    copy(&desk.path().join("late"), &cut, Names::Kept, &|bytes| {
        if of_meta(bytes) { bytes.to_vec() } else { part(bytes, end, i64::MAX) }
    });
    assert_eq!(shipping_failure(&cut), Some((true, late)));
}
