//! The fixed words of both languages: `words/*.toml`, from which `build.rs` makes a method for each phrase.

use crate::pegasus::{AppId, Release, ServerGroup};
use crate::report::number::{about, bytes, exact};
use crate::report::{AcceptedBy, CheckState, Gone, Skipped, Summary, Verdict};
use crate::signature::{Confidence, Lang, Scope, Severity, SignatureRole, StepKind};
use crate::timeline::FactName;

/// The words of one language.
#[derive(Debug, Clone, Copy)]
pub(super) struct Words(pub(super) Lang);

/// Name, English, Chinese.
type Named = &'static [(&'static str, &'static str, &'static str)];

include!(concat!(env!("OUT_DIR"), "/words.rs"));

/// A number that a phrase is filled in with.
pub(super) trait Count: Copy {
    fn number(self) -> u64;
}

impl Count for u64 {
    fn number(self) -> u64 {
        self
    }
}

impl Count for usize {
    fn number(self) -> u64 {
        self as u64
    }
}

impl Words {
    /// What people call what programs call `name`.
    pub(super) fn named(self, table: Named, name: &str) -> Option<&'static str> {
        table.iter().find(|(known, ..)| *known == name).map(|(_, en, zh)| self.0.pick(en, zh))
    }

    pub(super) fn verdict(self, verdict: Verdict) -> &'static str {
        self.named(VERDICT, verdict.name()).unwrap_or_default()
    }

    pub(super) fn severity(self, severity: Severity) -> &'static str {
        self.named(SEVERITY, &severity.to_string()).unwrap_or_default()
    }

    pub(super) fn confidence(self, confidence: Confidence) -> &'static str {
        self.named(CONFIDENCE, &confidence.to_string()).unwrap_or_default()
    }

    pub(super) fn scope(self, scope: Scope) -> &'static str {
        self.named(SCOPE, &scope.to_string()).unwrap_or_default()
    }

    pub(super) fn check_state(self, state: CheckState) -> &'static str {
        self.named(CHECK_STATE, state.name()).unwrap_or_default()
    }

    /// What a step is for; of the steps of a finding nothing more is known than that they are to be done.
    pub(super) fn step_kind(self, kind: Option<StepKind>) -> &'static str {
        kind.and_then(|kind| self.named(STEP_KIND, kind.name())).unwrap_or_else(|| self.remedy())
    }

    /// Whose logs or output.
    pub(super) fn role(self, role: SignatureRole) -> &'static str {
        self.named(ROLE, role.name()).unwrap_or(role.name())
    }

    /// What a fact means.
    pub(super) fn fact(self, name: FactName) -> &'static str {
        let (en, zh) = name.meaning();
        self.0.pick(en, zh)
    }

    /// Where to type a command, as a prompt; a place that is not known as the catalogue spells it.
    pub(super) fn prompt(self, at: &str) -> String {
        self.named(PLACE, at).map_or_else(|| format!("{}>", at.replace('-', " ")), str::to_owned)
    }

    /// `source shell:`, where a command is typed.
    pub(super) fn place_to_type(self, at: &str) -> String {
        format!("{}{}", self.prompt(at).trim_end_matches(['>', '$', ':']), self.colon().trim_end())
    }

    /// Servers, files, bytes, lines.
    pub(super) fn read(self, summary: &Summary) -> String {
        [self.servers(summary.servers), self.files(summary.inputs), bytes(summary.bytes), self.lines(summary.lines)].join(self.separator())
    }

    /// An input and why it was not read; errors of reading name their path themselves.
    pub(super) fn not_read_because(self, skipped: &Skipped) -> String {
        let Skipped { path, reason, .. } = skipped;
        if path.is_empty() || reason.starts_with(path.as_str()) { reason.clone() } else { format!("{path}{}{reason}", self.colon()) }
    }

    /// In which release a fix is.
    pub(super) fn released(self, release: Option<&str>) -> String {
        match release {
            None => self.no_release().to_owned(),
            Some(version) if version.starts_with('v') => self.in_release(version),
            Some(version) => self.in_release(&format!("v{version}")),
        }
    }

    /// `on v2.4, v2.5`
    pub(super) fn on_releases(self, releases: &[Release]) -> String {
        self.on_release(&releases.iter().map(|r| r.name()).collect::<Vec<_>>().join(self.list_separator()))
    }

    /// `12 healthy, 1 in progress`
    pub(super) fn census(self, counts: &[(Verdict, usize)]) -> String {
        let texts: Vec<String> = counts.iter().map(|(verdict, count)| self.census_of(*count, self.verdict(*verdict))).collect();
        texts.join(self.list_separator())
    }

    /// Logs that would decide a finding.
    pub(super) fn missing_logs_of(self, role: ServerGroup, cluster: Option<&str>, servers: &[String], window: &str) -> String {
        let role = self.named(LOGS_OF, role.name()).unwrap_or_default();
        let cluster = cluster.map(|c| format!(" ({c})")).unwrap_or_default();
        let window = if window.is_empty() { String::new() } else { format!("{}{window}", self.separator()) };
        let servers = if servers.is_empty() { String::new() } else { format!("{}{}", self.colon(), servers.join(self.separator())) };
        format!("{role}{cluster}{servers}{window}")
    }

    /// Why a finding counts as gone.
    pub(super) fn how_gone(self, how: Gone) -> &'static str {
        match how {
            Gone::Over => self.gone_over(),
            Gone::NotFound => self.gone_not_found(),
            Gone::Accepted => self.gone_accepted(),
        }
    }

    /// The language as browsers spell it.
    pub(super) fn locale(self) -> &'static str {
        self.0.pick("en", "zh-CN")
    }

    /// The source table, as far as it is known.
    pub(super) fn source_table(self, name: Option<&str>, id: Option<AppId>) -> String {
        match (name, id) {
            (Some(name), _) => name.to_owned(),
            (None, Some(id)) => format!("app_id {}", id.0),
            (None, None) => self.name_unknown().to_owned(),
        }
    }

    /// The follower's cluster and table, as far as they are known.
    pub(super) fn follower(self, cluster: Option<&str>, table: Option<&str>) -> String {
        target(cluster, table).unwrap_or_else(|| self.follower_unknown().to_owned())
    }

    /// Rounded; in Chinese a space stands between a number and a word.
    fn about(self, count: u64) -> String {
        let text = about(count, self.0);
        if self.0 == Lang::Zh && text.ends_with(|c: char| c.is_ascii_digit()) { format!("{text} ") } else { text }
    }
}

/// `target_cluster / new1_test`, or the one of them that is known.
pub(super) fn target(cluster: Option<&str>, table: Option<&str>) -> Option<String> {
    let known: Vec<&str> = [cluster, table].into_iter().flatten().collect();
    (!known.is_empty()).then(|| known.join(" / "))
}

/// A rule as it was typed.
pub(super) fn rule_name(by: AcceptedBy, rule: &str) -> String {
    match by {
        AcceptedBy::Ignore => format!("--ignore {rule}"),
        AcceptedBy::Baseline => format!("--baseline {rule}"),
        AcceptedBy::Config => rule.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The same in both languages.
    const SAME: &[&str] = &["zookeeper", "config", "app-id", "dup_id", "from_to", "of_all"];

    /// All phrases: where they stand, English, Chinese.
    fn phrases() -> Vec<(String, String, String)> {
        let files = ["answers", "explain", "names", "page", "report"].map(|name| {
            let file = format!("{}/src/render/words/{name}.toml", env!("CARGO_MANIFEST_DIR"));
            std::fs::read_to_string(file).ok().and_then(|text| text.parse::<toml::Table>().ok()).unwrap_or_default()
        });
        let mut all = Vec::new();
        let mut add = |name: &str, value: &toml::Value| {
            let text = |lang: &str| value.as_str().or_else(|| value.get(lang)?.as_str()).unwrap_or_default().to_owned();
            all.push((name.to_owned(), text("en"), text("zh")));
        };
        for (name, value) in files.iter().flatten() {
            match value.as_table().filter(|_| name == "named") {
                Some(sets) => sets.iter().for_each(|(_, set)| {
                    set.as_table().into_iter().flatten().for_each(|(name, value)| add(name, value));
                }),
                None => add(name, value),
            }
        }
        all
    }

    #[test]
    fn both_languages_have_every_phrase_with_the_same_blanks() {
        let phrases = phrases();
        assert!(phrases.len() > 250);
        for (name, en, zh) in phrases {
            assert!(!en.is_empty() && !zh.is_empty(), "{name}");
            assert!(!en.chars().any(|c| ('\u{3000}'..'\u{ff00}').contains(&c)), "{name}: {en}");
            assert!(SAME.contains(&name.as_str()) || en != zh, "{name} is not translated");
            let blanks = |text: &str| {
                let mut all: Vec<String> = text.split('{').skip(1).filter_map(|t| Some(t.split_once('}')?.0.to_owned())).collect();
                all.sort();
                all
            };
            assert_eq!(blanks(&en), blanks(&zh), "{name}");
        }
    }

    #[test]
    fn one_is_singular() {
        let en = Words(Lang::En);
        assert_eq!(en.servers(1_usize), "1 server");
        assert_eq!(en.need_you(1_usize, 14_usize), "1 of 14 duplications needs attention");
        assert_eq!(en.need_you(2_usize, 14_usize), "2 of 14 duplications need attention");
        assert_eq!(en.times(1_u64), "once");
        let zh = Words(Lang::Zh);
        assert_eq!(zh.lines(201_733_u64), "20.2 万行");
        assert_eq!(zh.lines(12_u64), "12 行");
        assert_eq!(zh.drifted(3_u64, &zh.files(2_usize)), "2 个文件中有 3 行热备份相关日志措辞未知，其内容未计入以上结论（DUP904）");
    }
}
