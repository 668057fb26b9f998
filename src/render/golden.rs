//! Whole reports as they should look, and what holds for all of them.

use super::{Style, text};
use crate::pegasus::DupStatus;
use crate::render::samples::{entry, finding, healthy, hostile, report, stuck};
use crate::report::{Report, Skipped, Verdict};
use crate::signature::{Lang, Severity};
use unicode_width::UnicodeWidthStr;

fn shown(report: &Report, width: usize, lang: Lang) -> String {
    text(report, &Style { width, lang, ..Style::default() })
}

#[test]
fn english_80() {
    assert_eq!(shown(&stuck(), 80, Lang::En), ENGLISH_80);
}

#[test]
fn english_60() {
    assert_eq!(shown(&stuck(), 60, Lang::En), ENGLISH_60);
}

#[test]
fn chinese_120() {
    assert_eq!(shown(&stuck(), 120, Lang::Zh), CHINESE_120);
}

#[test]
fn hostile_60() {
    assert_eq!(shown(&hostile(), 60, Lang::Zh), HOSTILE_60);
}

#[test]
fn when_nothing_is_wrong_one_sentence_says_so() {
    let text = shown(&healthy(), 80, Lang::En);
    assert_eq!(text, HEALTHY_80);
    let mut partly = healthy();
    partly.skipped.push(Skipped { path: "x".to_owned(), reason: "no permission".to_owned(), harmless: false });
    let text = shown(&partly, 80, Lang::En);
    assert!(text.contains("Nothing wrong in what could be read: 1 in progress, 1 healthy.") && text.contains("x: no permission"), "{text}");
}

#[test]
fn when_nothing_is_there_hints_say_where_to_look() {
    let mut none = report(Vec::new(), Vec::new());
    let text = shown(&none, 80, Lang::En);
    assert!(text.contains("Cannot tell: no duplication appears in these logs.") && text.contains("source cluster"), "{text}");
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
    assert!(shown(&server, 80, Lang::En).contains("Nothing is wrong"));
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

const ENGLISH_80: &str = r#"2 servers, 2 files, 2.6 GB, 9.1 M lines          2024-05-24 17:21 … 19:36 +08:00
1 of 4 duplications needs you

 STUCK        test_dup1 → target_cluster / new1_test       DS_APP for 2 h 13 min
              DUP301  the readiness check asks for the source's table    certain
              name
 in progress  orders → target_cluster / orders         DS_PREPARE for 1 min 15 s
 and 1 healthy, 1 removed                                     (--all lists them)

────────────────────────────────────────────────────────────────────────────────
DUP301  the readiness check asks for the source's table name
 follower-queried-by-source-name               critical, certain, still going on
 test_dup1  a5d1716542517  DS_APP        803 times, 17:22:18 … 19:36:07 (+08:00)

 What     The target table new1_test is there, but since 17:22:18 the source's
          meta server asks the target for "test_dup1" and is told that no such
          table exists.
 Why      Builds between pull requests #1960 and #2026 ask for the wrong name.
 Proof    meta1/meta.log.20240524_172157_120:17
            17:21:57.124 E add duplication succeed [app: test_dup1, remote app
              name is new1_test]
          meta1/meta.log.20240524_172157_120:44
            17:22:18.004 E query follower app[target_cluster.test_dup1]
              replica configuration completed, result: duplication_status = …
              query_err = ERR_OBJECT_NOT_FOUND, update_err = ERR_NO_NEED_OPERATE
 Do       1. Upgrade the source's meta servers to a build with commit 4683a78a3;
             the duplication then moves on by itself.
          2. Or, without an upgrade, add it again under one name on both sides:
             source shell> remove_dup test_dup1 1716542517
             config.ini:
               target_cluster = meta1.a-rather-long-host-name.example.org:34601,meta2:34601
 Affects  master builds from 2024-04 to 2024-06; no release
 Fixed    pull request #2026, commit 4683a78a3, no release has it yet
 Not it   DUP302: the table is missing; then both names would be the same

1 finding for information is hidden (--all lists it)

Not read  1 input
          meta1/notes.txt: not a Pegasus log, begins with "hello"
Unclear   17 lines in 1 file about duplication in words not known here; what
          they say is missing above (DUP904)
"#;

const ENGLISH_60: &str = r#"2 servers, 2 files, 2.6 GB, 9.1 M lines
2024-05-24 17:21 … 19:36 +08:00
1 of 4 duplications needs you

 STUCK        test_dup1 → target_cluster / new1_test
              DS_APP for 2 h 13 min
              DUP301  the readiness check asks for   certain
              the source's table name
 in progress  orders → target_cluster / orders
              DS_PREPARE for 1 min 15 s
 and 1 healthy, 1 removed                 (--all lists them)

────────────────────────────────────────────────────────────
DUP301  the readiness check asks for the source's table name
 follower-queried-by-source-name
 critical, certain, still going on
 test_dup1  a5d1716542517  DS_APP
 803 times, 17:22:18 … 19:36:07 (+08:00)

 What     The target table new1_test is there, but since
          17:22:18 the source's meta server asks the target
          for "test_dup1" and is told that no such table
          exists.
 Why      Builds between pull requests #1960 and #2026 ask
          for the wrong name.
 Proof    meta1/meta.log.20240524_172157_120:17
            17:21:57.124 E add duplication succeed [app:
              test_dup1, remote app name is new1_test]
          meta1/meta.log.20240524_172157_120:44
            17:22:18.004 E query follower
              app[target_cluster.test_dup1] replica …
              update_err = ERR_NO_NEED_OPERATE
 Do       1. Upgrade the source's meta servers to a build
             with commit 4683a78a3; the duplication then
             moves on by itself.
          2. Or, without an upgrade, add it again under one
             name on both sides:
             source shell> remove_dup test_dup1 1716542517
             config.ini:
               target_cluster = meta1.a-rather-long-host-name.example.org:34601,meta2:34601
 Affects  master builds from 2024-04 to 2024-06; no release
 Fixed    pull request #2026, commit 4683a78a3, no release
          has it yet
 Not it   DUP302: the table is missing; then both names
          would be the same

1 finding for information is hidden (--all lists it)

Not read  1 input
          meta1/notes.txt: not a Pegasus log, begins with
          "hello"
Unclear   17 lines in 1 file about duplication in words not
          known here; what they say is missing above
          (DUP904)
"#;

const CHINESE_120: &str = r#"2 台服务器，2 个文件，2.6 GB，913 万行                                                   2024-05-24 17:21 … 19:36 +08:00
4 个热备份中有 1 个需要处理

 卡住    test_dup1 → target_cluster / new1_test                                                   DS_APP 已 2 小时 13 分
         DUP301  the readiness check asks for the source's table name                                               确定
 进行中  orders → target_cluster / orders                                                       DS_PREPARE 已 1 分 15 秒
 另有 1 个正常、1 个已删除                                                                               (用 --all 列出)

────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
DUP301  the readiness check asks for the source's table name
 follower-queried-by-source-name                                                                    严重，确定，仍在持续
 test_dup1  a5d1716542517  DS_APP                                                   803 次，17:22:18 … 19:36:07 (+08:00)

 现象  The target table new1_test is there, but since 17:22:18 the source's meta server asks the target for "test_dup1"
       and is told that no such table exists.
 原因  Builds between pull requests #1960 and #2026 ask for the wrong name.
 证据  meta1/meta.log.20240524_172157_120:17
         17:21:57.124 E add duplication succeed [app: test_dup1, remote app name is new1_test]
       meta1/meta.log.20240524_172157_120:44
         17:22:18.004 E query follower app[target_cluster.test_dup1] replica configuration completed, result:
           duplication_status = DS_APP, query_err = ERR_OBJECT_NOT_FOUND, update_err = ERR_NO_NEED_OPERATE
 处理  1. Upgrade the source's meta servers to a build with commit 4683a78a3; the duplication then moves on by itself.
       2. Or, without an upgrade, add it again under one name on both sides:
          源集群 shell> remove_dup test_dup1 1716542517
          config.ini: target_cluster = meta1.a-rather-long-host-name.example.org:34601,meta2:34601
 影响  master builds from 2024-04 to 2024-06; no release
 修复  PR #2026，提交 4683a78a3，尚无发布版本包含此修复
 易混  DUP302：the table is missing; then both names would be the same

另有 1 条提示级信息未显示（用 --all 列出）

未读取  1 个输入
        meta1/notes.txt：not a Pegasus log, begins with "hello"
未识别  1 个文件中有 17 行热备份相关日志措辞未知，其内容未计入以上结论 (DUP904)
"#;

const HOSTILE_60: &str = r#"2 台服务器，2 个文件，2.6 GB，913 万行
2024-05-24 17:21 … 19:36 +08:00
4 个热备份中有 1 个需要处理

 卡住    t␛[2J␛]0;owned␇�lbat�31m   DUP999 <b> →
         t␛[2J␛]0;owned␇�lbat�31m   DUP999
         <b>t␛[2J␛]0;owned␇�lbat�31m   DUP999 <b> / 表表表表
         表表表表表表表表表表表表表表表表表表表表表表表表表
         表
         DS_APP 已 2 小时 13 分
 进行中  t␛[2J␛]0;owned␇�lbat�31m   DUP999 <b> →
         t␛[2J␛]0;owned␇�lbat�31m   DUP999
         <b>t␛[2J␛]0;owned␇�lbat�31m   DUP999 <b> / 表表表表
         表表表表表表表表表表表表表表表表表表表表表表表表表
         表
         DS_PREPARE 已 1 分 15 秒
 另有 1 个正常、1 个已删除                   (用 --all 列出)

────────────────────────────────────────────────────────────
DUP301  the readiness check asks for the source's table
        namet␛[2J␛]0;owned␇�lbat�31m   DUP999 <b>
 follower-queried-by-source-name        严重，确定，仍在持续
 t␛[2J␛]0;owned␇�lbat�31m   DUP999 <b>  id 未知  DS_APP  服
 务器 t␛[2J␛]0;owned␇�lbat�31m   DUP999 <b>
 803 次，17:22:18 … 19:36:07 (+08:00)

 现象  The target table new1_test is there, but since
       17:22:18 the source's meta server asks the target for
       "test_dup1" and is told that no such table
       exists.t␛[2J␛]0;owned␇�lbat�31m   DUP999 <b>
 原因  Builds between pull requests #1960 and #2026 ask for
       the wrong name.
 证据  …  DUP999 <b>t␛[2J␛]0;owned␇�lbat�31m   DUP999 <b>:17
         17:21:57.124 E add duplication succeed [app:
           test_dup1, remote app name is new1_test]
       meta1/meta.log.20240524_172157_120:44
         17:22:18.004 E query follower
           app[target_cluster.test_dup1] replica …
           <b>t␛[2J␛]0;owned␇�lbat�31m   DUP999 <b>
 处理  1. Upgrade the source's meta servers to a build with
          commit 4683a78a3; the duplication then moves on by
          itself.
       2. Or, without an upgrade, add it again under one
          name on both sides:
          源集群 shell>
            remove_dup test_dup1 1716542517t␛[2J␛]0;owned␇�lbat�31m   DUP999 <b>
          config.ini:
            target_cluster = meta1.a-rather-long-host-name.example.org:34601,meta2:34601
 影响  master builds from 2024-04 to 2024-06; no release
 修复  PR #2026，提交 4683a78a3，尚无发布版本包含此修复
 易混  DUP302：the table is missing; then both names would
       be the same

另有 1 条提示级信息未显示（用 --all 列出）

未读取  2 个输入
        meta1/notes.txt：not a Pegasus log, begins with
        "hello"
        t␛[2J␛]0;owned␇�lbat�31m   DUP999
        <b>t␛[2J␛]0;owned␇�lbat�31m   DUP999 <b>
未识别  1 个文件中有 17 行热备份相关日志措辞未知，其内容未计
        入以上结论 (DUP904)
备注    1 个文件读取时有异常
        meta1/meta.log.20240524_172157_120：
        t␛[2J␛]0;owned␇�lbat�31m   DUP999 <b>
"#;

const HEALTHY_80: &str = "\
2 servers, 2 files, 2.6 GB, 9.1 M lines          2024-05-24 17:21 … 19:36 +08:00
Nothing is wrong: 1 in progress, 1 healthy.

 in progress  orders → target_cluster / orders         DS_PREPARE for 2 h 13 min
 and 1 healthy                                                (--all lists them)
";
