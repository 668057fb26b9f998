//! Whole reports as they should look, and what holds for all of them.
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use super::{Style, text};
use crate::pegasus::DupStatus;
use crate::render::samples::{entry, finding, healthy, hostile, report, stuck};
use crate::report::{Report, Skipped, Verdict};
use crate::signature::{Lang, Severity};
use std::path::Path;
use unicode_width::UnicodeWidthStr;

/// Compares with `golden/<name>.txt`; `DUPDOCTOR_ACCEPT=1` writes it anew.
pub(super) fn golden(name: &str, text: &str) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("src/render/golden/{name}.txt"));
    if std::env::var_os("DUPDOCTOR_ACCEPT").is_some() {
        std::fs::write(&file, text).unwrap();
    }
    assert_eq!(text, std::fs::read_to_string(&file).unwrap(), "{name}");
}

fn shown(report: &Report, width: usize, lang: Lang) -> String {
    text(report, &Style { width, lang, ..Style::default() })
}

#[test]
fn english_80() {
    golden("english_80", &shown(&stuck(), 80, Lang::En));
}

#[test]
fn english_60() {
    golden("english_60", &shown(&stuck(), 60, Lang::En));
}

#[test]
fn chinese_120() {
    golden("chinese_120", &shown(&stuck(), 120, Lang::Zh));
}

#[test]
fn hostile_60() {
    golden("hostile_60", &shown(&hostile(), 60, Lang::Zh));
}

#[test]
fn when_nothing_is_wrong_one_sentence_says_so() {
    let text = shown(&healthy(), 80, Lang::En);
    golden("healthy_80", &text);
    let mut partly = healthy();
    partly.skipped.push(Skipped { path: "x".to_owned(), reason: "no permission".to_owned(), harmless: false });
    let text = shown(&partly, 80, Lang::En);
    assert!(
        text.contains("No problems found in what could be read: 1 in progress, 1 healthy.") && text.contains("x: no permission"),
        "{text}"
    );
}

#[test]
fn when_nothing_is_there_hints_say_where_to_look() {
    let mut none = report(Vec::new(), Vec::new());
    let text = shown(&none, 80, Lang::En);
    assert!(text.contains("Cannot tell: no duplications found in these logs.") && text.contains("source cluster"), "{text}");
    none.inputs.clear();
    none.skipped.push(Skipped { path: "a.txt".to_owned(), reason: "not a Pegasus log, begins with \"hello\"".to_owned(), harmless: false });
    let text = shown(&none, 80, Lang::Zh);
    assert!(text.contains("没有找到 Pegasus 的日志") && text.contains("begins with \"hello\""), "{text}");
}

#[test]
fn what_is_no_duplications_fault_is_not_passed_over() {
    let mut server = healthy();
    let mut grave = finding("DUP605", Severity::Error, &entry("users", 7, DupStatus::DsLog, Verdict::Healthy));
    grave.duplication = None;
    grave.server = Some("meta1".to_owned());
    server.findings.push(grave);
    let text = shown(&server, 80, Lang::En);
    assert!(text.contains("No duplication is stuck (1 in progress, 1 healthy), but one finding is worth"), "{text}");
    assert!(text.contains("server meta1"), "{text}");
    server.findings[0].active = false;
    assert!(shown(&server, 80, Lang::En).contains("All is well"));
}

#[test]
fn many_findings_of_one_kind_are_told_once() {
    let entries: Vec<_> = (1..=5).map(|n| entry(&format!("table{n}"), n, DupStatus::DsApp, Verdict::Stuck)).collect();
    let findings = entries.iter().map(|e| finding("DUP301", Severity::Critical, e)).collect();
    let report = report(entries, findings);
    let text = shown(&report, 80, Lang::En);
    assert_eq!(text.matches(" Why ").count(), 1, "{text}");
    assert!(text.contains("DUP301 was found 5 times") && text.contains(" table5  a5d1716542517"), "{text}");
    let all = crate::render::text(&report, &Style { all: true, ..Style::default() });
    assert_eq!(all.matches(" Why ").count(), 5);
}

#[test]
fn information_is_counted_and_listed_on_request() {
    let report = stuck();
    assert!(!shown(&report, 80, Lang::En).contains("the logs begin after"));
    for style in [Style { all: true, ..Style::default() }, Style { verbose: true, ..Style::default() }] {
        let text = text(&report, &style);
        assert!(text.contains("the logs begin after the duplication") && !text.contains("hidden"), "{text}");
    }
}

#[test]
fn whatever_the_log_holds_no_row_is_too_wide_and_no_character_works() {
    for lang in [Lang::En, Lang::Zh] {
        for width in [0, 40, 47, 60, 80, 120, 200] {
            for (all, verbose) in [(false, false), (true, true)] {
                let text = text(&hostile(), &Style { width, lang, all, verbose, ..Style::default() });
                assert!(!text.chars().any(|c| c.is_control() && c != '\n'), "{text:?}");
                assert!(!text.contains(['\u{202e}', '\u{2066}']), "{text:?}");
                for row in text.lines() {
                    // Commands and addresses stay in one piece.
                    let whole = ["remove_dup", "target_cluster = ", "https://"].iter().any(|w| row.contains(w));
                    assert!(whole || row.width() <= width.max(40), "{width}: {row}");
                    assert_eq!(row.trim_end(), row);
                }
            }
        }
    }
}

#[test]
fn colours_change_nothing_but_colours() {
    for report in [stuck(), healthy(), hostile()] {
        let coloured = text(&report, &Style { color: true, links: Some(crate::render::Hyperlinks::default()), ..Style::default() });
        assert_eq!(anstream::adapter::strip_str(&coloured).to_string(), text(&report, &Style::default()));
        assert!(coloured.contains("\x1b["));
    }
}
