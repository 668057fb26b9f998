//! Whole histories and explanations as they should look.

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
    assert_eq!(timeline(&chapters(), &Style { zone: EAST, ..Style::default() }, false), HISTORY_80);
}

#[test]
fn a_history_in_chinese_where_there_is_little_room() {
    assert_eq!(timeline(&chapters(), &Style { zone: EAST, lang: Lang::Zh, width: 60, ..Style::default() }, false), HISTORY_60);
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
    assert_eq!(explained(60, Lang::En), EXPLAINED_60);
}

#[test]
fn an_explanation_in_chinese() {
    assert_eq!(explained(80, Lang::Zh), EXPLAINED_80);
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

const HISTORY_80: &str = "\
test_dup1 → target_cluster / new1_test  a5d1716542517                      STUCK
 2024-05-24 (+08:00)
 17:21:57.124 I  DS_INIT → DS_PREPARE                    meta1  …4_172157_120:17
 17:22:18.001 I  DS_PREPARE → DS_APP                     meta1  …4_172157_120:17
 17:22:18.004 E  query follower ap… ×803 until 19:36:07  meta1  …4_172157_120:44
 2024-05-25 (+08:00)
 02:00:00.000 I* start to restore all duplications       meta2  …25_020000_000:3
 * the line fits other duplications too
";

const HISTORY_60: &str = "\
test_dup1 → target_cluster / new1_test  a5d1716542517   卡住
 2024-05-24 (+08:00)
 17:21:57.124 I  DS_INIT → DS_PREPARE                  meta1
 17:22:18.001 I  DS_PREPARE → DS_APP                   meta1
 17:22:18.004 E  query follower ap… ×803，至 19:36:07  meta1
 2024-05-25 (+08:00)
 02:00:00.000 I* start to restore all duplications     meta2
 * 该行同时符合其它热备份
";

const EXPLAINED_60: &str = "\
DUP301  follower-queried-by-source-name             critical
the check asks for the source's table name

 What      The table <remote_app_name> is there, but
           <app_name> is asked for.
 Why       The wrong name.

 Shows     a duplication in DS_APP in the logs of the
           source's meta servers, any one of these is enough
           certain when
           - the line follower_app_check_failed, with
             query_err = ERR_OBJECT_NOT_FOUND, at least 2
             times
           - the lines about the follower table ask for the
             source table's name (asked_for_source_name)
           - time without any line about the duplication
             while its meta server's log goes on: ≥ 1 min 30
             s (silent_for)
           possible when
           - the status has lasted ≥ 2 h (changed by
             --expect app=…)
           - before that the line meta_started, at least 3
             times
 Explains  XX9
 Lines     query follower app[beijing_dr.order_feed] replica
           configuration completed, result:
           duplication_status = DS_APP, query_err =
           ERR_OBJECT_NOT_FOUND, update_err = ERR_TIMEOUT

 Not it    DUP302: the table is missing

 Do        1. Upgrade, or remove it.
              source shell> remove_dup <app_name> <dup_id>

 Affects   no release
 Fixed     pull request #2026, commit 4683a78a3, released in
           v2.6.0
 See       https://github.com/apache/incubator-pegasus/pull/2026
";

const EXPLAINED_80: &str = "\
DUP301  follower-queried-by-source-name                                     严重
就绪检查用了源表的表名

 现象  目标表 <remote_app_name> 已存在，但查询的是 <app_name>。
 原因  表名用错。

 判据  处于 DS_APP 的热备份，见于以下日志：源集群元数据服务器，满足以下任一条即
       可
       确定：
       - 日志 follower_app_check_failed，其中 query_err = ERR_OBJECT_NOT_FOUND，
         至少 2 次
       - 关于目标表的日志是用源表的表名查询的 (asked_for_source_name)
       - 元数据服务器日志仍在继续、却没有此热备份任何日志的时间：≥ 1 分 30 秒
         (silent_for)
       可能：
       - 该状态已持续 ≥ 2 小时 (用 --expect app=… 调整)
       - 在此之前有日志 meta_started，至少 3 次
 涵盖  XX9
 日志  query follower app[beijing_dr.order_feed] replica configuration
       completed, result: duplication_status = DS_APP, query_err =
       ERR_OBJECT_NOT_FOUND, update_err = ERR_TIMEOUT

 易混  DUP302：目标表本身不存在

 处理  1. 升级，或删除。
          源集群 shell> remove_dup <app_name> <dup_id>

 影响  没有正式版本
 修复  PR #2026，提交 4683a78a3，已随 v2.6.0 发布
 参考  https://github.com/apache/incubator-pegasus/pull/2026
";
