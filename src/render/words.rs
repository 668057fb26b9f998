//! The fixed words of both languages; what findings say comes with the findings.

use crate::report::Verdict;
use crate::report::number::{about, exact};
use crate::signature::{Confidence, Lang};

/// The words of one language.
#[derive(Debug, Clone, Copy)]
pub(super) struct Words(pub(super) Lang);

/// Phrases without a number or a name in them.
macro_rules! phrases {
    ($($name:ident: $en:literal, $zh:literal;)*) => {
        impl Words {
            $(pub(super) fn $name(self) -> &'static str { self.0.pick($en, $zh) })*

            /// Every phrase by name, for the tests.
            #[cfg(test)]
            pub(super) const PHRASES: &[(&'static str, &'static str, &'static str)] = &[$((stringify!($name), $en, $zh),)*];
        }
    };
}

phrases! {
    what: "What", "现象";
    why: "Why", "原因";
    numbers: "Numbers", "数据";
    proof: "Proof", "证据";
    remedy: "Do", "处理";
    leads_to: "Then", "导致";
    needs: "Needs", "需要";
    affects: "Affects", "影响";
    fixed: "Fixed", "修复";
    not_it: "Not it", "易混";
    see: "See", "参考";
    shows: "Shows", "判据";
    lines_read: "Lines", "日志";
    over_others: "Explains", "涵盖";

    still_going_on: "still going on", "仍在持续";
    over: "over", "已结束";
    once: "once", "1 次";
    id_unknown: "id not known", "id 未知";
    name_unknown: "(table not known)", "（表名未知）";
    follower_unknown: "(target not known)", "（目标未知）";
    status_unknown: "status not known", "状态未知";
    no_release: "no release has it yet", "尚无发布版本包含此修复";
    separator: ", ", "，";
    colon: ": ", "：";
    semicolon: "; ", "；";
    or: " or ", " 或 ";

    nothing_read: "Nothing here looked like a log of Pegasus.", "没有找到 Pegasus 的日志。";
    nothing_read_hint:
        "Pegasus writes meta.log.20240524_172157_120, replica.log.… or, up to v2.5, log.1.txt, log.2.txt, … into the directory log of each server. Give these files, or the directories that hold them.",
        "Pegasus 的日志文件形如 meta.log.20240524_172157_120、replica.log.…，v2.5 及以前为 log.1.txt、log.2.txt……，位于各服务器的 log 目录。请指定这些文件或其所在目录。";
    no_duplications: "No duplication appears in these logs.", "这些日志中没有出现热备份。";
    no_duplications_sources:
        "They show in the logs of the source cluster: first of all of its meta servers (the leader, and the one before it if it has changed), then of its replica servers.",
        "热备份记录在源集群的日志里：首先是元数据服务器（当前 leader，若发生过切换还包括之前的 leader），其次是副本服务器。";
    no_duplications_window:
        "The status is written when it changes: the logs must reach back to add_dup or to the last change of the meta leader.",
        "状态只在变化时写入日志：日志需要往前覆盖到 add_dup，或最近一次元数据服务器主备切换。";
    no_duplications_level:
        "The lines have the information level (logging_start_level = LOG_LEVEL_INFO; LOG_LEVEL_DEBUG up to v2.4).",
        "相关日志为信息级别（logging_start_level = LOG_LEVEL_INFO；v2.4 及以前为 LOG_LEVEL_DEBUG）。";
    nothing_selected: "If --app, --dup, --since or --until was given: try without.", "如果使用了 --app、--dup、--since 或 --until，请去掉后再试。";

    not_read: "Not read", "未读取";
    not_recognised: "Unclear", "未识别";
    read_with_notes: "Notes", "备注";
    inputs_read: "Read", "已读取";
    named_with_verbose: "-v names them", "用 -v 列出";
    listed_with_all: "--all lists them", "用 --all 列出";
    in_full_with_all: "--all writes them in full", "用 --all 展开";

    state: "state", "状态";
    what_happened: "what happened", "发生了什么";
    nothing_to_tell: "No duplication to tell about in these logs.", "这些日志中没有可以讲述的热备份。";
    shared_mark: "* the line fits other duplications too", "* 该行同时符合其它热备份";

    source_shell: "source shell>", "源集群 shell>";
    target_shell: "target shell>", "目标集群 shell>";
    source_admin_cli: "source admin-cli>", "源集群 admin-cli>";
    target_admin_cli: "target admin-cli>", "目标集群 admin-cli>";
    source_meta_host: "source meta server$", "源集群元数据服务器$";
    target_meta_host: "target meta server$", "目标集群元数据服务器$";
    source_replica_host: "source replica server$", "源集群副本服务器$";
    target_replica_host: "target replica server$", "目标集群副本服务器$";
    config: "config.ini:", "config.ini:";
    zookeeper: "zookeeper>", "zookeeper>";

    listed_1: "Adding and changing a duplication", "添加与变更热备份";
    listed_2: "DS_PREPARE: the source makes checkpoints", "DS_PREPARE：源集群生成检查点";
    listed_3: "DS_APP: the target copies the checkpoints", "DS_APP：目标集群复制检查点";
    listed_4: "DS_LOG: private logs are shipped", "DS_LOG：发送私有日志";
    listed_5: "Private log, crashes and data loss", "私有日志、崩溃与数据丢失";
    listed_6: "State on the meta servers", "元数据服务器上的状态";
    listed_7: "Configuration", "配置";
    listed_9: "The logs themselves", "日志本身";
    listed_other: "Your own", "自定义";

    no_line_shows_it: "No log line shows it; it is listed to be known.", "日志中没有任何痕迹，列出仅供参考。";
    only_fallback: "only when nothing graver explains what is seen", "仅在没有更严重的问题能解释现象时报告";
    any_of_these: "any one of these is enough", "满足以下任一条即可";
    spans_of: "a duplication", "热备份";
    requests_of: "an operator's request", "运维操作请求";
    servers_of: "one server's log", "一台服务器的日志";
    inputs_of: "one file", "一个文件";
    logs_of: "in the logs of ", "见于以下日志：";
    the_same: "the same again", "内容同上";
    also_seen: "also ", "另有";
    seen_before: "before that ", "在此之前有";
    not_seen: "without ", "且没有";
    the_line: "the line", "日志";
    with_fields: "with", "其中";
    holds_not: "not: ", "不成立：";
    first_to_last: "from the first to the last such line", "首末两行相隔";
    status_has_lasted: "the status has lasted", "该状态已持续";
}

impl Words {
    /// Lines of replica servers that are left out of a history.
    pub(super) fn routine_hidden(self, count: usize) -> String {
        match self.0 {
            Lang::En => format!("{count} routine lines of replica servers hidden (-v shows them)"),
            Lang::Zh => format!("另有 {count} 行副本服务器的例行日志未显示（用 -v 列出）"),
        }
    }

    /// Files without a time of their own.
    pub(super) fn undated(self, files: usize) -> String {
        match self.0 {
            Lang::En => format!("{} without a dated line", self.files(files)),
            Lang::Zh => format!("{}没有带时间的日志行", self.files(files)),
        }
    }

    /// Findings about servers and files, which no row has.
    pub(super) fn other_findings(self, count: usize) -> String {
        match self.0 {
            Lang::En if count == 1 => "and 1 finding about a server or a file (without --summary)".to_owned(),
            Lang::En => format!("and {} findings about servers or files (without --summary)", exact(count as u64)),
            Lang::Zh => format!("另有 {} 个关于服务器或文件的问题（去掉 --summary 查看）", exact(count as u64)),
        }
    }

    /// What did not last long enough.
    pub(super) fn shorter_hidden(self, count: u64) -> String {
        match self.0 {
            Lang::En if count == 1 => "1 shorter thing left out (--min-duration)".to_owned(),
            Lang::En => format!("{} shorter things left out (--min-duration)", exact(count)),
            Lang::Zh => format!("另有 {} 项持续较短，未显示（--min-duration）", exact(count)),
        }
    }

    /// A process came back.
    pub(super) fn restarted(self, aborted: bool, ended: &str, gone: &str) -> String {
        match (self.0, aborted) {
            (Lang::En, true) => format!("server back after its abort at {ended}, {gone} later"),
            (Lang::En, false) => format!("server restarted; last line before at {ended}, {gone} earlier"),
            (Lang::Zh, true) => format!("服务器于 {ended} 异常退出，{gone}后重新启动"),
            (Lang::Zh, false) => format!("服务器重新启动；之前最后一条日志在 {ended}，{gone}之前"),
        }
    }

    /// Logs that would decide a finding.
    pub(super) fn missing_logs_of(self, role: &str, cluster: Option<&str>, servers: &[String], window: &str) -> String {
        let role = match (self.0, role) {
            (Lang::En, role) => format!("the logs of the {role} servers"),
            (Lang::Zh, "source meta") => "源集群元数据服务器的日志".to_owned(),
            (Lang::Zh, "source replica") => "源集群副本服务器的日志".to_owned(),
            (Lang::Zh, "target meta") => "目标集群元数据服务器的日志".to_owned(),
            (Lang::Zh, _) => "目标集群副本服务器的日志".to_owned(),
        };
        let cluster = cluster.map(|c| format!(" ({c})")).unwrap_or_default();
        let window = if window.is_empty() { String::new() } else { format!("{}{window}", self.separator()) };
        let servers = if servers.is_empty() { String::new() } else { format!("{}{}", self.colon(), servers.join(self.separator())) };
        format!("{role}{cluster}{servers}{window}")
    }
}

impl Words {
    /// `1 server`, `3 servers`; `3 台服务器`.
    fn counted(self, count: usize, one: &str, many: &str, zh: &str) -> String {
        let count = count as u64;
        match self.0 {
            Lang::En => format!("{} {}", exact(count), if count == 1 { one } else { many }),
            Lang::Zh => format!("{} {zh}", exact(count)),
        }
    }

    pub(super) fn servers(self, count: usize) -> String {
        self.counted(count, "server", "servers", "台服务器")
    }

    pub(super) fn files(self, count: usize) -> String {
        self.counted(count, "file", "files", "个文件")
    }

    pub(super) fn lines(self, count: u64) -> String {
        match self.0 {
            Lang::En if count == 1 => "1 line".to_owned(),
            Lang::En => format!("{} lines", about(count, self.0)),
            Lang::Zh => format!("{}行", spaced(&about(count, self.0))),
        }
    }

    pub(super) fn events(self, count: u64) -> String {
        match self.0 {
            Lang::En if count == 1 => "1 event".to_owned(),
            Lang::En => format!("{} events", about(count, self.0)),
            Lang::Zh => format!("{}个事件", spaced(&about(count, self.0))),
        }
    }

    pub(super) fn times(self, count: u64) -> String {
        match (self.0, count) {
            (_, 1) => self.once().to_owned(),
            (Lang::En, _) => format!("{} times", exact(count)),
            (Lang::Zh, _) => format!("{} 次", exact(count)),
        }
    }

    pub(super) fn need_you(self, needing: usize, all: usize) -> String {
        match self.0 {
            Lang::En if all == 1 => "The duplication needs you".to_owned(),
            Lang::En => format!(
                "{} of {} duplications {} you",
                exact(needing as u64),
                exact(all as u64),
                if needing == 1 { "needs" } else { "need" }
            ),
            Lang::Zh if all == 1 => "热备份需要处理".to_owned(),
            Lang::Zh => format!("{} 个热备份中有 {} 个需要处理", exact(all as u64), exact(needing as u64)),
        }
    }

    /// `12 healthy, 1 in progress`
    pub(super) fn census(self, counts: &[(Verdict, usize)]) -> String {
        let one = |(verdict, count): &(Verdict, usize)| match self.0 {
            Lang::En => format!("{} {}", exact(*count as u64), self.verdict(*verdict)),
            Lang::Zh => format!("{} 个{}", exact(*count as u64), self.verdict(*verdict)),
        };
        let texts: Vec<String> = counts.iter().map(one).collect();
        texts.join(self.0.pick(", ", "、"))
    }

    pub(super) fn all_well(self, counts: &[(Verdict, usize)], complete: bool) -> String {
        let census = self.census(counts);
        match (self.0, complete) {
            (Lang::En, true) => format!("Nothing is wrong: {census}."),
            (Lang::En, false) => format!("Nothing wrong in what could be read: {census}."),
            (Lang::Zh, true) => format!("一切正常：{census}。"),
            (Lang::Zh, false) => format!("在已读到的日志中未发现问题：{census}。"),
        }
    }

    pub(super) fn none_stuck(self, findings: usize, counts: &[(Verdict, usize)]) -> String {
        let census = self.census(counts);
        match self.0 {
            Lang::En if findings == 1 => format!("No duplication is stuck ({census}), but one finding is worth a look"),
            Lang::En => format!("No duplication is stuck ({census}), but {} findings are worth a look", exact(findings as u64)),
            Lang::Zh => format!("没有卡住的热备份（{census}），但有 {} 个问题值得查看", exact(findings as u64)),
        }
    }

    /// The line for what is folded: `and 13 healthy, 2 removed`.
    pub(super) fn and_others(self, counts: &[(Verdict, usize)]) -> String {
        format!("{}{}", self.0.pick("and ", "另有 "), self.census(counts))
    }

    /// `DS_APP for 2 h 13 min`; `at least` when the beginning is not in the logs.
    pub(super) fn lasting(self, status: &str, duration: &str, whole: bool) -> String {
        match (self.0, whole) {
            (Lang::En, true) => format!("{status} for {duration}"),
            (Lang::En, false) => format!("{status} for at least {duration}"),
            (Lang::Zh, true) => format!("{status} 已 {duration}"),
            (Lang::Zh, false) => format!("{status} 至少 {duration}"),
        }
    }

    pub(super) fn on_server(self, server: &str) -> String {
        format!("{}{server}", self.0.pick("server ", "服务器 "))
    }

    pub(super) fn more_evidence(self, count: usize) -> String {
        match self.0 {
            Lang::En => format!("… and {count} more (all in --format json)"),
            Lang::Zh => format!("……另有 {count} 行（--format json 给出全部）"),
        }
    }

    pub(super) fn info_hidden(self, count: usize) -> String {
        match self.0 {
            Lang::En if count == 1 => "1 finding for information is hidden (--all lists it)".to_owned(),
            Lang::En => format!("{} findings for information are hidden (--all lists them)", exact(count as u64)),
            Lang::Zh => format!("另有 {} 条提示级信息未显示（用 --all 列出）", exact(count as u64)),
        }
    }

    pub(super) fn same_elsewhere(self, code: &str, count: usize) -> String {
        match self.0 {
            Lang::En => format!("{code} was found {} times; the others, to be handled the same way:", exact(count as u64 + 1)),
            Lang::Zh => format!("{code} 共出现在 {} 处，其余如下，处理方式相同：", exact(count as u64 + 1)),
        }
    }

    pub(super) fn pull_request(self, number: u64) -> String {
        format!("{}#{number}", self.0.pick("pull request ", "PR "))
    }

    pub(super) fn commit(self, commit: &str) -> String {
        format!("{}{commit}", self.0.pick("commit ", "提交 "))
    }

    pub(super) fn in_release(self, release: &str) -> String {
        let version = if release.starts_with('v') { release.to_owned() } else { format!("v{release}") };
        match self.0 {
            Lang::En => format!("released in {version}"),
            Lang::Zh => format!("已随 {version} 发布"),
        }
    }

    pub(super) fn skipped(self, count: usize) -> String {
        self.counted(count, "input", "inputs", "个输入")
    }

    pub(super) fn drifted(self, lines: u64, files: usize) -> String {
        match self.0 {
            Lang::En => {
                let lines = if lines == 1 { "1 line".to_owned() } else { format!("{} lines", exact(lines)) };
                format!("{lines} in {} about duplication in words not known here; what they say is missing above", self.files(files))
            }
            Lang::Zh => format!("{}中有 {} 行热备份相关日志措辞未知，其内容未计入以上结论", spaced(&self.files(files)), exact(lines)),
        }
    }

    pub(super) fn noted(self, files: usize) -> String {
        match self.0 {
            Lang::En => format!("{} could be read only with allowances", self.files(files)),
            Lang::Zh => format!("{}读取时有异常", self.files(files)),
        }
    }

    /// `×803 until 19:36:07`
    pub(super) fn repeated(self, count: u64, until: &str) -> String {
        match self.0 {
            Lang::En => format!("×{} until {until}", exact(count)),
            Lang::Zh => format!("×{}，至 {until}", exact(count)),
        }
    }

    pub(super) fn changed_by(self, name: &str) -> String {
        match self.0 {
            Lang::En => format!("changed by --expect {name}=…"),
            Lang::Zh => format!("用 --expect {name}=… 调整"),
        }
    }

    pub(super) fn at_least_times(self, count: u64) -> String {
        match self.0 {
            Lang::En => format!("at least {count} times"),
            Lang::Zh => format!("至少 {count} 次"),
        }
    }

    pub(super) fn holds_when(self, confidence: Confidence) -> String {
        match self.0 {
            Lang::En => format!("{} when", self.confidence(confidence)),
            Lang::Zh => format!("{}：", self.confidence(confidence)),
        }
    }

    /// Where to type a command, as a prompt; a place that is not known as the catalogue spells it.
    pub(super) fn prompt(self, at: &str) -> String {
        let known = match at {
            "source-shell" => self.source_shell(),
            "target-shell" => self.target_shell(),
            "source-admin-cli" => self.source_admin_cli(),
            "target-admin-cli" => self.target_admin_cli(),
            "source-meta-host" => self.source_meta_host(),
            "target-meta-host" => self.target_meta_host(),
            "source-replica-host" => self.source_replica_host(),
            "target-replica-host" => self.target_replica_host(),
            "config" => self.config(),
            "zookeeper" => self.zookeeper(),
            _ => return format!("{}>", at.replace('-', " ")),
        };
        known.to_owned()
    }

    /// The heading of a hundred in the list; `None` is for codes of another form.
    pub(super) fn heading(self, hundred: Option<char>) -> &'static str {
        match hundred {
            Some('1') => self.listed_1(),
            Some('2') => self.listed_2(),
            Some('3') => self.listed_3(),
            Some('4') => self.listed_4(),
            Some('5') => self.listed_5(),
            Some('6') => self.listed_6(),
            Some('7') => self.listed_7(),
            Some('9') => self.listed_9(),
            Some(_) | None => self.listed_other(),
        }
    }
}

/// A space between a number and a Chinese word, none between two Chinese words.
fn spaced(text: &str) -> String {
    if text.ends_with(|c: char| c.is_ascii_digit()) { format!("{text} ") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_languages_have_every_phrase() {
        for (name, en, zh) in Words::PHRASES {
            assert!(!en.is_empty() && en.is_ascii() || en.contains('…'), "{name}: {en}");
            let same = ["zookeeper", "config"];
            assert!(same.contains(name) || en != zh, "{name} is not translated");
        }
    }

    #[test]
    fn one_is_singular() {
        let en = Words(Lang::En);
        assert_eq!(en.servers(1), "1 server");
        assert_eq!(en.need_you(1, 14), "1 of 14 duplications needs you");
        assert_eq!(en.need_you(2, 14), "2 of 14 duplications need you");
        assert_eq!(en.times(1), "once");
        let zh = Words(Lang::Zh);
        assert_eq!(zh.lines(201_733), "20.1 万行");
        assert_eq!(zh.lines(12), "12 行");
        assert_eq!(zh.drifted(3, 2), "2 个文件中有 3 行热备份相关日志措辞未知，其内容未计入以上结论");
    }
}
