//! Whole histories and explanations as they should look.

use super::golden::golden;
use super::text::explain::explain;
use super::{Explanation, Style, timeline};
use crate::pegasus::Zone;
use crate::render::samples::{HOSTILE, chapters};
use crate::signature::{Catalogue, Lang, Signature};
use unicode_width::UnicodeWidthStr;

const EAST: Zone = Zone::Fixed(8 * 3_600);

const SIGNATURE: &str = r#"
code = "DUP301"
name = "follower-queried-by-source-name"
severity = "critical"
verdict = "stuck"
status = ["DS_APP"]
supersedes = ["XX9"]
roles = ["source meta"]
references = ["https://github.com/apache/incubator-pegasus/pull/2026"]
[[when]]
confidence = "certain"
event = "follower_app_check_failed"
fields = { query_err = "ERR_OBJECT_NOT_FOUND" }
times = 2
facts = { asked_for_source_name = true, silent_for = ">= 90s" }
[[when]]
confidence = "possible"
status_for = { expect = "app", at_least = "2h" }
before = [{ event = "meta_started", times = 3 }]
[en]
title = "the check asks for the source's table name"
what = "The table {remote_app_name} is there, but {app_name} is asked for."
why = "The wrong name."
affected = "no release"
[zh]
title = "就绪检查用了源表的表名"
what = "目标表 {remote_app_name} 已存在，但查询的是 {app_name}。"
why = "表名用错。"
affected = "没有正式版本"
[[look_alike]]
code = "DUP302"
en = "the table is missing"
zh = "目标表本身不存在"
[[fix]]
en = "Upgrade, or remove it."
zh = "升级，或删除。"
commands = [{ at = "source-shell", run = "remove_dup {app_name} {dup_id}" }]
[fixed_by]
pull_request = 2026
commit = "4683a78a3"
release = "2.6.0"
"#;

fn explained(width: usize, lang: Lang) -> String {
    let signature: Option<Signature> = toml::from_str(SIGNATURE).ok();
    let style = Style { width, lang, ..Style::default() };
    signature.map(|s| explain(&Explanation::Signature(&s, &Catalogue::default()), &style)).unwrap_or_default()
}

#[test]
fn a_history_in_english() {
    golden("history_80", &timeline(&chapters(), &Style { zone: EAST, ..Style::default() }, false));
}

#[test]
fn a_history_in_chinese_where_there_is_little_room() {
    golden("history_60", &timeline(&chapters(), &Style { zone: EAST, lang: Lang::Zh, width: 60, ..Style::default() }, false));
}

#[test]
fn a_history_of_one_file_names_it_once() {
    let mut chapters = chapters();
    chapters[0].happenings.pop();
    let text = timeline(&chapters, &Style { zone: EAST, ..Style::default() }, false);
    assert_eq!(text.matches("meta.log.20240524_172157_120").count(), 1, "{text}");
    assert!(text.contains("replica configuration … = ERR_OBJECT_NOT_FOUND") || text.contains(":44\n"), "{text}");
    let verbose = timeline(&chapters, &Style { verbose: true, ..Style::default() }, false);
    assert!(verbose.contains("meta1/meta.log.20240524_172157_120:44\n"), "{verbose}");
    assert!(timeline(&[], &Style::default(), false).starts_with("No duplication"));
}

#[test]
fn a_hostile_history_stays_within_its_rows() {
    let mut chapters = chapters();
    for chapter in &mut chapters {
        chapter.duplication.app_name = Some(HOSTILE.to_owned());
        chapter.remote_cluster = None;
        chapter.remote_app_name = None;
        for (index, happening) in chapter.happenings.iter_mut().enumerate() {
            happening.text = HOSTILE.repeat(9);
            happening.server = format!("{HOSTILE}{index}");
            happening.evidence.path = HOSTILE.repeat(index + 1).into();
        }
    }
    for width in [40, 60, 80, 120] {
        for verbose in [false, true] {
            let text = timeline(&chapters, &Style { width, verbose, ..Style::default() }, false);
            assert!(!text.chars().any(|c| c.is_control() && c != '\n'), "{text:?}");
            for row in text.lines() {
                assert!(row.width() <= width, "{width}: {row}");
            }
        }
    }
}

#[test]
fn an_explanation_in_english() {
    golden("explained_60", &explained(60, Lang::En));
}

#[test]
fn an_explanation_in_chinese() {
    golden("explained_80", &explained(80, Lang::Zh));
}

#[test]
fn every_signature_can_be_explained_and_is_listed_once() {
    let catalogue = Catalogue::built_in();
    for lang in [Lang::En, Lang::Zh] {
        let style = Style { lang, ..Style::default() };
        let list = explain(&Explanation::Signatures(&catalogue), &style);
        for signature in catalogue.iter() {
            assert_eq!(list.matches(&format!("\n {} ", signature.code)).count(), 1, "{}", signature.code);
            let text = explain(&Explanation::Signature(signature, &catalogue), &style);
            assert!(text.contains(&signature.name), "{text}");
            for row in text.lines() {
                let whole = row.width() <= 80 || row.contains("http") || row.starts_with("            ") || row.starts_with("           ");
                assert!(whole, "{}: {row}", signature.code);
            }
        }
    }
}
