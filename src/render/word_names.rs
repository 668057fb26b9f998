//! What people call verdicts, severities, confidences, scopes and roles.

use super::words::Words;
use crate::report::Verdict;
use crate::signature::{Confidence, Lang, Scope, Severity};

impl Words {
    pub(super) fn verdict(self, verdict: Verdict) -> &'static str {
        match verdict {
            Verdict::Failed => self.0.pick("FAILED", "失败"),
            Verdict::Stuck => self.0.pick("STUCK", "卡住"),
            Verdict::Unknown => self.0.pick("unknown", "未知"),
            Verdict::Paused => self.0.pick("paused", "已暂停"),
            Verdict::InProgress => self.0.pick("in progress", "进行中"),
            Verdict::Healthy => self.0.pick("healthy", "正常"),
            Verdict::Removed => self.0.pick("removed", "已删除"),
        }
    }

    pub(super) fn severity(self, severity: Severity) -> &'static str {
        match severity {
            Severity::Info => self.0.pick("info", "提示"),
            Severity::Warning => self.0.pick("warning", "警告"),
            Severity::Error => self.0.pick("error", "错误"),
            Severity::Critical => self.0.pick("critical", "严重"),
        }
    }

    pub(super) fn confidence(self, confidence: Confidence) -> &'static str {
        match confidence {
            Confidence::Possible => self.0.pick("possible", "可能"),
            Confidence::Likely => self.0.pick("likely", "很可能"),
            Confidence::Certain => self.0.pick("certain", "确定"),
        }
    }

    pub(super) fn scope(self, scope: Scope) -> &'static str {
        match scope {
            Scope::Duplication => self.spans_of(),
            Scope::Request => self.requests_of(),
            Scope::Server => self.servers_of(),
            Scope::Input => self.inputs_of(),
            Scope::None => self.no_line_shows_it(),
        }
    }

    /// What a signature is tried on: `a duplication in DS_LOG or DS_START`.
    pub(super) fn subject(self, scope: Scope, statuses: &[String]) -> String {
        let scope = self.scope(scope);
        let statuses = statuses.join(self.or());
        match self.0 {
            _ if statuses.is_empty() => scope.to_owned(),
            Lang::En => format!("{scope} in {statuses}"),
            Lang::Zh => format!("处于 {statuses} 的{scope}"),
        }
    }

    /// Whose logs, as signature files spell it.
    pub(super) fn role(self, role: &str) -> String {
        match (self.0, role) {
            (Lang::Zh, "source meta") => "源集群元数据服务器".to_owned(),
            (Lang::Zh, "source replica") => "源集群副本服务器".to_owned(),
            (Lang::Zh, "target meta") => "目标集群元数据服务器".to_owned(),
            (Lang::Zh, "target replica") => "目标集群副本服务器".to_owned(),
            (Lang::En, "source meta") => "the source's meta servers".to_owned(),
            (Lang::En, "source replica") => "the source's replica servers".to_owned(),
            (Lang::En, "target meta") => "the target's meta servers".to_owned(),
            (Lang::En, "target replica") => "the target's replica servers".to_owned(),
            _ => role.to_owned(),
        }
    }
}
