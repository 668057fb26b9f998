//! The rows of the table: duplications as the last look found them.

use super::super::feed::Feed;
use super::super::metrics::lag_of;
use dupdoctor::internal::render::plain;
use dupdoctor::internal::report::duration;
use dupdoctor::report::{DuplicationEntry, Finding, Verdict};
use dupdoctor::{Lang, LogTime, Severity};

/// A duplication.
#[derive(Debug, Clone)]
pub(super) struct Row {
    pub(super) verdict: Verdict,
    pub(super) table: String,
    pub(super) id: String,
    pub(super) status: String,
    /// How long it has had its status, in seconds.
    pub(super) seconds: Option<i64>,
    pub(super) findings: String,
    /// The newest line about it: when, and what it says.
    pub(super) last: Option<(LogTime, &'static str)>,
    /// Decrees behind, by partition.
    pub(super) lag: Vec<i64>,
    /// What to read when the row is opened.
    pub(super) details: Vec<Finding>,
}

impl Row {
    /// The rows of a feed's last report.
    pub(super) fn all(feed: &Feed) -> Vec<Self> {
        let Some(report) = feed.watcher.report() else { return Vec::new() };
        let row = |d: &DuplicationEntry| {
            let details: Vec<Finding> = report.findings.iter().filter(|f| f.is_about(&d.identity)).cloned().collect();
            let mut codes: Vec<&str> = details.iter().filter(|f| f.active).map(|f| f.code.as_str()).collect();
            codes.dedup();
            // Where one is behind, the others' height says that they are less so; where none is known to be, there is nothing to draw.
            let behind: Vec<Option<i64>> = d.partitions.iter().map(lag_of).collect();
            let known = behind.iter().any(Option::is_some);
            let table = d.identity.app_name.as_deref().unwrap_or("?");
            let remote = d.identity.remote_cluster.as_deref().map(|r| format!(" → {r}")).unwrap_or_default();
            Self {
                verdict: d.verdict,
                table: plain(&format!("{table}{remote}")).into_owned(),
                id: d.identity.key().map_or_else(String::new, |key| key.to_string()),
                status: d.status.map_or("?", dupdoctor::DupStatus::name).to_owned(),
                seconds: d.status_seconds,
                findings: codes.join(" "),
                last: feed.watcher.last_line_about(d),
                lag: behind.into_iter().filter(|_| known).map(Option::unwrap_or_default).collect(),
                details,
            }
        };
        report.duplications.iter().map(row).collect()
    }

    /// How grave it is.
    pub(super) fn gravest(&self) -> Option<Severity> {
        self.details.iter().filter(|f| f.active).map(|f| f.severity).max()
    }

    /// How long it has had its status.
    pub(super) fn since(&self, lang: Lang) -> String {
        self.seconds.map_or_else(String::new, |s| duration(s, lang))
    }

    /// Decrees behind, over all partitions.
    pub(super) fn total_lag(&self) -> i64 {
        self.lag.iter().sum()
    }

    /// The partitions' lag as bars, several partitions to a bar where there are many.
    pub(super) fn sparkline(&self, width: usize) -> String {
        const BARS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
        if self.lag.is_empty() || width == 0 {
            return String::new();
        }
        let together = self.lag.len().div_ceil(width);
        let worst: Vec<i64> = self.lag.chunks(together).map(|c| c.iter().copied().max().unwrap_or(0)).collect();
        let most = worst.iter().copied().max().unwrap_or(0).max(1);
        let bar = |behind: &i64| {
            let height = behind.saturating_mul(7).div_euclid(most) + i64::from(*behind > 0 && behind.saturating_mul(7) < most);
            usize::try_from(height).ok().and_then(|h| BARS.get(h)).copied().unwrap_or(BARS[7])
        };
        worst.iter().map(bar).collect()
    }

    /// Whether a word stands anywhere in it.
    pub(super) fn has(&self, word: &str) -> bool {
        let word = word.to_lowercase();
        let texts = [&self.table, &self.id, &self.status, &self.findings];
        texts.iter().any(|t| t.to_lowercase().contains(&word)) || self.verdict.name().contains(&word)
    }
}

#[cfg(test)]
pub(super) fn sample(table: &str, verdict: Verdict, seconds: i64, lag: Vec<i64>) -> Row {
    Row {
        verdict,
        table: format!("{table} → remote"),
        id: "a1d2".into(),
        status: "DS_LOG".into(),
        seconds: Some(seconds),
        findings: if verdict == Verdict::Stuck { "DUP301".into() } else { String::new() },
        last: Some((LogTime(0), "dup_report")),
        lag,
        details: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_show_what_lags() {
        assert_eq!(sample("t", Verdict::Healthy, 0, vec![0, 1, 700, 350]).sparkline(8), "▁▂█▄");
        assert_eq!(sample("t", Verdict::Healthy, 0, vec![0, 0, 0, 9]).sparkline(2), "▁█");
        assert_eq!(sample("t", Verdict::Healthy, 0, vec![]).sparkline(2), "");
    }
}
