//! The fixed words of the page in both languages; the script gets its own as part of the data.

use crate::signature::Lang;
use std::collections::BTreeMap;

/// The words of one language.
#[derive(Debug, Clone, Copy)]
pub(super) struct Phrases(pub(super) Lang);

/// Phrases without a number or a name in them.
macro_rules! phrases {
    ($($name:ident: $en:literal, $zh:literal;)*) => {
        impl Phrases {
            $(pub(super) fn $name(self) -> &'static str { self.0.pick($en, $zh) })*

            /// Every phrase by name, for the tests.
            #[cfg(test)]
            pub(super) const ALL: &[(&'static str, &'static str, &'static str)] = &[$((stringify!($name), $en, $zh),)*];
        }
    };
}

phrases! {
    skip: "Skip to the findings", "跳到发现的问题";
    theme: "Theme", "主题";
    made_by: "Made by", "生成工具";
    verdicts: "Duplications", "热备份";
    verdict: "Verdict", "结论";
    duplication: "Duplication", "热备份";
    status: "Status", "状态";
    finding: "Leading finding", "主要问题";
    gap: "Behind", "落后";
    decrees_behind: "decrees", "个 decree";
    chart: "Over time", "时间线";
    chart_text: "One lane for each duplication: its status as colour, warnings and errors as density above it, findings as marks. Lines across are restarts of servers and changes of leader.",
        "每个热备份一行：颜色表示状态，上方的密度表示警告与错误，标记表示发现的问题。贯穿的竖线是服务器重启和 leader 切换。";
    chart_needs_script: "The chart needs JavaScript. All that it shows stands in the table below.", "图表需要 JavaScript；其内容也都在下面的表格里。";
    decrees_need_script: "These charts need JavaScript. How far each duplication is behind stands in the table above.", "这些图表需要 JavaScript；各热备份落后多少见上面的表格。";
    chart_as_table: "The same as a table", "以表格形式查看";
    table_filter: "Table, cluster or id", "表、集群或 id";
    verdict_filter: "Verdicts", "结论";
    code_filter: "Code", "代码";
    all_codes: "All codes", "所有代码";
    zoom_in: "Zoom in", "放大";
    zoom_out: "Zoom out", "缩小";
    earlier: "Earlier", "向前";
    later: "Later", "向后";
    reset: "Reset", "重置";
    touch: "Tap shows the lines that prove it; two fingers zoom; the strip above moves.", "点按显示证据；双指缩放；拖动上方的条带可移动。";
    how_to: "Drag across the lanes to zoom, Ctrl+wheel or pinch likewise; double-click resets. Keys: ↑ ↓ lanes, ← → what happened, + − zoom, 0 reset, Enter to the finding, Esc closes.",
        "在图中横向拖动以放大，也可用 Ctrl+滚轮或双指缩放；双击重置。键盘：↑ ↓ 切换行，← → 切换事件，+ − 缩放，0 重置，Enter 跳到问题，Esc 关闭。";
    legend: "Legend", "图例";
    restart: "Server restarted", "服务器重启";
    abort: "Server aborted", "服务器异常退出";
    leader: "New leader", "leader 切换";
    errors: "Warnings and errors", "警告与错误";
    mark: "Finding", "发现的问题";
    unknown: "not known", "未知";
    statuses: "Statuses", "状态变化";
    decrees: "Decrees", "Decree 进度";
    decrees_text: "Of one duplication, by partition: what the target has confirmed, and how far it is behind what the source has committed.",
        "某个热备份各分片的情况：目标集群已确认的 decree，以及落后于源集群已提交 decree 的数量。";
    decrees_none: "The lines of these logs do not tell decrees at more than one moment.", "日志中没有两个以上时刻的 decree 数据。";
    confirmed: "Confirmed decree", "已确认的 decree";
    lag: "Behind, in decrees", "落后的 decree 数";
    findings: "Findings", "发现的问题";
    no_findings: "None.", "没有。";
    others_alike: "Elsewhere, to be handled the same way", "其余如下，处理方式相同";
    overcome: "Over, or only for information", "已结束或仅供参考";
    coverage: "What was read", "读取情况";
    path: "Input", "输入";
    server: "Server", "服务器";
    size: "Size", "大小";
    lines: "Lines", "行数";
    events: "Events", "事件";
    first_to_last: "From … to", "起止";
    copy: "Copy", "复制";
    all_fine: "All inputs were read, and every line about duplication was understood.", "所有输入均已读取，所有热备份相关日志均已识别。";
}

/// What the script says: name, English, Chinese. `{…}` is filled in by the script.
const SPOKEN: &[(&str, &str, &str)] = &[
    ("auto", "Theme: system", "主题：跟随系统"),
    ("light", "Theme: light", "主题：浅色"),
    ("dark", "Theme: dark", "主题：深色"),
    ("lanes", "{shown} of {all} duplications", "显示 {all} 个热备份中的 {shown} 个"),
    ("none", "No duplication fits the filter.", "没有符合筛选条件的热备份。"),
    ("from_to", "{from} … {to}", "{from} … {to}"),
    ("before_logs", "from before the logs begin", "早于日志开始"),
    ("unknown", "status not known", "状态未知"),
    ("errors", "{count} lines between {from} and {to}", "{from} 至 {to} 之间 {count} 行"),
    ("of_all", "{count} × {event}", "{count} × {event}"),
    ("in_all", "{count} in all, {from} … {to}; the first and the last of them:", "共 {count} 行，{from} … {to}；首末两行："),
    ("restart", "{server} restarted", "{server} 重启"),
    ("abort", "{server} aborted", "{server} 异常退出"),
    ("gone", "{server} ended and is not back", "{server} 退出后未再启动"),
    ("leader", "{server} became the leader", "{server} 成为 leader"),
    ("finding", "{code}: {title}", "{code}：{title}"),
    ("to_finding", "To the finding", "查看问题"),
    ("active", "still going on", "仍在持续"),
    ("over", "over", "已结束"),
    ("copied", "Copied", "已复制"),
    ("copy_failed", "Select and copy by hand", "请手动选择复制"),
    ("partition", "partition {n}", "分片 {n}"),
    (
        "no_lag",
        "What is committed is not told by these lines (reports have it on master only).",
        "这些日志未给出已提交的 decree（只有 master 的报告包含）。",
    ),
    ("some_partitions", "{shown} of {all} partitions, those furthest behind", "共 {all} 个分片，显示落后最多的 {shown} 个"),
    ("lane", "{name}, {verdict}, {status}; lane {n} of {all}", "{name}，{verdict}，{status}；第 {n} 行，共 {all} 行"),
    ("proof", "Proof", "证据"),
    ("days", "{d} d {h} h", "{d} 天 {h} 小时"),
    ("hours", "{h} h {m} min", "{h} 小时 {m} 分"),
    ("minutes", "{m} min {s} s", "{m} 分 {s} 秒"),
    ("seconds", "{s} s", "{s} 秒"),
    ("at", "At", "时刻"),
    ("close", "Close", "关闭"),
];

impl Phrases {
    /// What the script says, by name.
    pub(super) fn spoken(self) -> BTreeMap<&'static str, &'static str> {
        SPOKEN.iter().map(|(name, en, zh)| (*name, self.0.pick(en, zh))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_languages_have_every_phrase() {
        let same = ["from_to", "of_all"];
        for (name, en, zh) in Phrases::ALL.iter().chain(SPOKEN) {
            assert!(!en.is_empty() && !zh.is_empty(), "{name}");
            assert!(same.contains(name) || en != zh, "{name} is not translated");
            let blanks = |text: &str| {
                let mut all: Vec<String> = text.split('{').skip(1).filter_map(|t| Some(t.split_once('}')?.0.to_owned())).collect();
                all.sort();
                all
            };
            assert_eq!(blanks(en), blanks(zh), "{name}");
        }
    }
}
