//! The fixed words of tickets, in both languages.

use super::words::Words;
use crate::report::number::exact;
use crate::report::{AcceptedBy, Gone};
use crate::signature::Lang;

/// Phrases without a number or a name in them.
macro_rules! phrases {
    ($($name:ident: $en:literal, $zh:literal;)*) => {
        impl Words {
            $(pub(super) fn $name(self) -> &'static str { self.0.pick($en, $zh) })*
        }
    };
}

phrases! {
    report_title: "Pegasus duplications", "Pegasus 热备份";
    column_verdict: "Verdict", "结论";
    column_duplication: "Duplication", "热备份";
    column_target: "Target", "目标";
    column_status: "Status", "状态";
    column_findings: "Findings", "问题";
    logs_read: "Logs read", "读取的日志";
    for_information: "For information", "提示";
    look_alikes_title: "Look-alikes", "易混问题";
    not_here: "Logs that are missing here", "缺少的日志";
    in_short: "Further findings, without their details", "其余问题（仅列出标题）";
    known_new: "New", "新增";
    known_still: "Still there", "仍存在";
    known_gone: "Gone", "已消失";
    known_nothing: "nothing", "无";
    changed_verdicts: "Duplications", "热备份";
    unknown_before: "not known", "未知";
}

impl Words {
    /// `source shell:`, where a command is typed.
    pub(super) fn place_to_type(self, at: &str) -> String {
        let prompt = self.prompt(at);
        format!("{}{}", prompt.trim_end_matches(['>', '$', ':']), self.colon().trim_end())
    }

    /// Title of the fold with further proof.
    pub(super) fn more_proof(self, count: usize) -> String {
        match self.0 {
            Lang::En if count == 1 => "1 more proving line".to_owned(),
            Lang::En => format!("{} more proving lines", exact(count as u64)),
            Lang::Zh => format!("另有 {} 行证据", exact(count as u64)),
        }
    }

    /// `and 7 more`, of what is left out of a list.
    pub(super) fn and_more(self, count: usize) -> String {
        match self.0 {
            Lang::En => format!("and {} more (all in --format json)", exact(count as u64)),
            Lang::Zh => format!("另有 {} 个（--format json 给出全部）", exact(count as u64)),
        }
    }

    /// Which program made it, from what.
    pub(super) fn made_by(self, version: &str) -> String {
        match self.0 {
            Lang::En => format!("Made by dupdoctor {version}."),
            Lang::Zh => format!("由 dupdoctor {version} 生成。"),
        }
    }

    /// How many findings are accepted.
    pub(super) fn left_out(self, count: usize) -> String {
        match self.0 {
            Lang::En if count == 1 => "1 finding is accepted and left out".to_owned(),
            Lang::En => format!("{} findings are accepted and left out", exact(count as u64)),
            Lang::Zh => format!("{} 个已接受的问题未列入", exact(count as u64)),
        }
    }

    /// `3 by --ignore DUP301`
    pub(super) fn left_out_by(self, count: usize, by: AcceptedBy, rule: &str) -> String {
        let count = exact(count as u64);
        match self.0 {
            Lang::En => format!("{count} {}", self.accepted_by(by, rule)),
            Lang::Zh => format!("{}：{count} 个", rule_name(by, rule)),
        }
    }

    /// `by --ignore DUP301`
    pub(super) fn accepted_by(self, by: AcceptedBy, rule: &str) -> String {
        match self.0 {
            Lang::En => format!("by {}", rule_name(by, rule)),
            Lang::Zh => format!("依据 {}", rule_name(by, rule)),
        }
    }

    /// `until 2026-12-31`
    pub(super) fn accepted_until(self, day: &str) -> String {
        match self.0 {
            Lang::En => format!("until {day}"),
            Lang::Zh => format!("至 {day}"),
        }
    }

    /// A rule that hides nothing any more.
    pub(super) fn rule_expired(self, day: &str, findings: usize) -> String {
        match self.0 {
            Lang::En => format!(
                "expired on {day} and hides nothing any more (fits {} finding{} here)",
                exact(findings as u64),
                if findings == 1 { "" } else { "s" }
            ),
            Lang::Zh => format!("已于 {day} 过期，不再生效（符合本报告中 {} 个问题）", exact(findings as u64)),
        }
    }

    /// Against which report.
    pub(super) fn since_report(self, path: &str, until: &str) -> String {
        match (self.0, until.is_empty()) {
            (Lang::En, true) => format!("Since {path}"),
            (Lang::En, false) => format!("Since {path} (logs until {until})"),
            (Lang::Zh, true) => format!("与 {path} 相比"),
            (Lang::Zh, false) => format!("与 {path}（日志至 {until}）相比"),
        }
    }

    /// Why a finding counts as gone.
    pub(super) fn how_gone(self, how: Gone) -> &'static str {
        match how {
            Gone::Over => self.0.pick("overcome", "已恢复"),
            Gone::NotFound => self.0.pick("these logs do not show it", "本次日志中未出现"),
            Gone::Accepted => self.0.pick("accepted now", "已被接受"),
        }
    }

    /// The name of a field that is different now.
    pub(super) fn changed_field(self, field: &str) -> &str {
        match (self.0, field) {
            (Lang::En, "last_seen") => "last seen",
            (Lang::En, "caused_by") => "caused by",
            (Lang::En, "occurrences") => "times",
            (Lang::Zh, "severity") => "级别",
            (Lang::Zh, "confidence") => "把握",
            (Lang::Zh, "active") => "持续",
            (Lang::Zh, "status") => "状态",
            (Lang::Zh, "title") => "标题",
            (Lang::Zh, "occurrences") => "次数",
            (Lang::Zh, "last_seen") => "最后出现",
            (Lang::Zh, "caused_by") => "起因",
            (Lang::En | Lang::Zh, other) => other,
        }
    }
}

/// A rule as it was typed.
fn rule_name(by: AcceptedBy, rule: &str) -> String {
    match by {
        AcceptedBy::Ignore => format!("--ignore {rule}"),
        AcceptedBy::Baseline => format!("--baseline {rule}"),
        AcceptedBy::Config => rule.to_owned(),
    }
}
