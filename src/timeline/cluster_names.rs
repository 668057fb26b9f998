//! Names of clusters, by which `cluster.table` is split: both may have dots.

use crate::run::Run;
use std::collections::BTreeSet;

/// Names of clusters that some line states unambiguously.
#[derive(Debug, Clone, Default)]
pub(crate) struct ClusterNames {
    known: BTreeSet<String>,
    /// The names with their numbers blotted out: clusters are often numbered.
    shapes: BTreeSet<String>,
}

impl ClusterNames {
    /// Notes the name of a cluster that a run states outside of `[cluster.table]`.
    pub(crate) fn learn(&mut self, run: &Run) {
        // A log that starts midway may name it in reports only.
        let reported = run.report().and_then(|report| report.remote_cluster.clone());
        let stated = run.field("remote_cluster").filter(|_| run.pattern.dotted_table().is_none()).map(str::to_owned);
        for cluster in reported.into_iter().chain(stated) {
            self.note(&cluster);
        }
    }

    /// Notes the name of a cluster.
    pub(crate) fn note(&mut self, cluster: &str) {
        if !self.known.contains(cluster) {
            self.shapes.insert(shape(cluster));
            self.known.insert(cluster.to_owned());
        }
    }

    /// Whether a line states it as a follower's cluster.
    pub(crate) fn knows(&self, cluster: &str) -> bool {
        self.known.contains(cluster)
    }

    /// Splits `cluster.table`, both of which may have dots: at the end of the longest known cluster
    /// name, or of one that differs from a known one by its numbers only, else at the first dot.
    pub(crate) fn split(&self, text: &str) -> (String, String) {
        let cuts = || text.match_indices('.').map(|(at, _)| (&text[..at], &text[at + 1..])).rev();
        // The shape of a beginning is a beginning of the shape.
        let shape = shape(text);
        let dots: Vec<usize> = shape.match_indices('.').map(|(at, _)| at).collect();
        let of_shape = || cuts().zip(dots.iter().rev()).find(|(_, at)| self.shapes.contains(&shape[..**at])).map(|(cut, _)| cut);
        let known = cuts().find(|(c, _)| self.known.contains(*c)).or_else(of_shape);
        let (cluster, table) = known.or_else(|| text.split_once('.')).unwrap_or((text, ""));
        (cluster.to_owned(), table.to_owned())
    }

    /// Cluster and table of a run whose wording joins them with a dot.
    pub(crate) fn resplit(&self, run: &Run) -> Option<(String, &'static str, String)> {
        let field = run.pattern.dotted_table()?;
        let (cluster, table) = self.split(&format!("{}.{}", run.field("remote_cluster")?, run.field(field)?));
        Some((cluster, field, table))
    }
}

fn shape(name: &str) -> String {
    let mut shape = String::with_capacity(name.len());
    for c in name.chars() {
        if !c.is_ascii_digit() {
            shape.push(c);
        } else if !shape.ends_with('0') {
            shape.push('0');
        }
    }
    shape
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dotted_name_is_split_at_a_known_cluster() {
        let mut clusters = ClusterNames::default();
        assert_eq!(clusters.split("beijing.dr1.feed.v2"), ("beijing".into(), "dr1.feed.v2".into()));
        clusters.known.insert("beijing.dr1".into());
        clusters.shapes.insert(shape("beijing.dr1"));
        assert_eq!(clusters.split("beijing.dr1.feed.v2"), ("beijing.dr1".into(), "feed.v2".into()));
        assert_eq!(clusters.split("beijing.dr22.feed.v2"), ("beijing.dr22".into(), "feed.v2".into()));
        assert_eq!(clusters.split("nodot"), ("nodot".into(), String::new()));
    }
}
