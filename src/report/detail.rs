//! What a finding comes to in numbers: decrees lost, decrees waiting, disks that fill up.

use super::context::Context;
use super::number::{duration, exact};
use super::{DiskEntry, Lag};
use crate::pegasus::{DupStatus, TimeDelta};
use crate::run::PartitionProgress;
use crate::signature::{Found, Lang, LogProof, Severity, Subject};
use crate::timeline::{FactName, Facts, Loss, Model, Story, losses, replica_progress, shipping_facts};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Decrees that the target will never get.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct LossEntry {
    /// How many, over all partitions.
    pub decrees: i64,
    /// By partition.
    pub partitions: Vec<PartitionLoss>,
}

/// A stretch of lost decrees of one partition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct PartitionLoss {
    /// The partition, `3.0`; `null` when no line names it.
    pub gpid: Option<String>,
    /// The first lost decree.
    pub first_decree: i64,
    /// The last lost decree.
    pub last_decree: i64,
}

/// Partitions or servers named in a sentence; JSON has all.
const NAMED: usize = 12;

/// Disks that last longer are not spoken of.
const FAR: TimeDelta = TimeDelta::days(30);

/// What is lost, summed up.
pub(super) fn loss(lost: &[Loss]) -> Option<LossEntry> {
    let decrees = lost.iter().map(Loss::decrees).sum();
    let partition = |l: &Loss| PartitionLoss { gpid: l.gpid.map(|g| g.to_string()), first_decree: l.first, last_decree: l.last };
    (!lost.is_empty()).then(|| LossEntry { decrees, partitions: lost.iter().map(partition).collect() })
}

/// What waits to be shipped, by the reports; up to v2.5.0 these lack what is committed, so by the lines of the replica servers.
///
/// Reports of master have nothing but decrees that were shipped once shipping is blocked: a gap of 0 says nothing.
pub(super) fn lag(model: &Model, story: &Story) -> Option<Lag> {
    let span = story.spans.last().filter(|s| s.status.is_some_and(DupStatus::ships))?;
    let facts = shipping_facts(story, span);
    let lagging_partitions = facts.int(FactName::LaggingPartitions).unwrap_or(0);
    if let Some(decree_gap) = facts.int(FactName::DecreeGap).filter(|&gap| gap > 0) {
        let closed_in_seconds = facts.duration(FactName::GapClosedIn).map(TimeDelta::as_secs);
        return Some(Lag { decree_gap, gap_per_minute: facts.int(FactName::GapPerMinute), closed_in_seconds, lagging_partitions });
    }
    of_partitions(replica_progress(model, story, span.since).values(), lagging_partitions)
}

fn of_partitions<'p>(partitions: impl Iterator<Item = &'p PartitionProgress>, lagging_partitions: i64) -> Option<Lag> {
    let gap = |confirmed: i64, committed: i64| (committed - confirmed.max(0)).max(0);
    let (mut before, mut now, mut elapsed, mut any) = (0, 0, TimeDelta::ZERO, false);
    for p in partitions {
        let Some((first, last)) = p.committed else { continue };
        any = true;
        before += gap(p.first.1, first);
        now += gap(p.last.1, last);
        elapsed = elapsed.max(p.last.0.since(p.first.0));
    }
    let gap_per_minute = (elapsed >= TimeDelta::mins(1)).then(|| (now - before) / (elapsed.as_secs() / 60));
    let closed_in = gap_per_minute.filter(|&rate| rate < 0 && now > 0).map(|rate| TimeDelta::mins(now / -rate));
    any.then_some(Lag { decree_gap: now, gap_per_minute, closed_in_seconds: closed_in.map(TimeDelta::as_secs), lagging_partitions })
}

impl Context<'_> {
    /// The disk of the story's source that is full first.
    pub(super) fn disk(&self, story: &Story) -> Option<&DiskEntry> {
        self.disks.get(story.cluster)?.as_ref()
    }

    /// What is lost by the proving lines.
    pub(super) fn lost(&self, found: &Found<'_>) -> Vec<Loss> {
        losses(self.model, &found.main)
    }

    /// Sentences for people, in their language.
    pub(super) fn details(&self, found: &Found<'_>, story: Option<&Story>, status: Option<DupStatus>, facts: &Facts) -> Vec<String> {
        let lang = self.selection.lang;
        let mut said: Vec<String> = Vec::new();
        said.extend(say_loss(lang, &self.lost(found)));
        if let Subject::Server(server) = found.subject
            && found.signature.log_shows == Some(LogProof::Clock)
        {
            said.extend(say_clock(lang, self.model.servers[server].ahead));
        }
        let Some(story) = story.filter(|_| found.active && found.caused_by.is_none()) else { return said };
        if status.is_some_and(DupStatus::ships) && found.signature.verdict.is_some() {
            let known = usize::try_from(story.partition_count.unwrap_or(0)).unwrap_or(0);
            let partitions = known.max(story.progress.len()).max(1);
            said.extend(say_lagging(lang, story, facts));
            said.extend(lag(self.model, story).and_then(|lag| say_waiting(lang, lag, partitions)));
        }
        // Until a duplication ships and confirms, private logs are kept.
        let keeps =
            matches!(status, Some(DupStatus::DsPrepare | DupStatus::DsApp | DupStatus::DsPause)) || status.is_some_and(DupStatus::ships);
        if keeps && found.severity >= Severity::Warning {
            said.extend(self.disk(story).and_then(|disk| say_disk(lang, disk)));
        }
        said
    }
}

fn say_loss(lang: Lang, lost: &[Loss]) -> Option<String> {
    let total: i64 = lost.iter().map(Loss::decrees).sum();
    if lost.is_empty() {
        return None;
    }
    let hole = |l: &Loss| {
        let who = match (l.gpid, lang) {
            (Some(gpid), _) => gpid.to_string(),
            (None, Lang::En) => "one not named".to_owned(),
            (None, Lang::Zh) => "分片未知".to_owned(),
        };
        if l.first == l.last { format!("{who} ({})", l.first) } else { format!("{who} ({} … {})", l.first, l.last) }
    };
    let mut holes: Vec<String> = lost.iter().take(NAMED).map(hole).collect();
    if lost.len() > NAMED {
        holes.push("…".to_owned());
    }
    let holes = holes.join(", ");
    let total = exact(total.unsigned_abs());
    Some(match lang {
        Lang::En => format!("Lost as far as the lines tell: {total} decrees, by partition {holes}."),
        Lang::Zh => format!("从日志可知丢失 {total} 个 decree，分片及范围：{holes}。"),
    })
}

fn say_clock(lang: Lang, ahead: TimeDelta) -> Option<String> {
    let by = duration(ahead.abs().as_secs(), lang);
    Some(match (lang, ahead.0) {
        (_, 0) => return None,
        (Lang::En, 1..) => format!(
            "The clock is at least {by} ahead of the source's meta servers; lines are put in order accordingly, their times are as logged."
        ),
        (Lang::En, _) => format!(
            "The clock is at least {by} behind the source's meta servers; lines are put in order accordingly, their times are as logged."
        ),
        (Lang::Zh, 1..) => format!("该服务器的时钟比源集群元数据服务器至少快 {by}；日志的先后已据此校正，时间仍按原样显示。"),
        (Lang::Zh, _) => format!("该服务器的时钟比源集群元数据服务器至少慢 {by}；日志的先后已据此校正，时间仍按原样显示。"),
    })
}

fn say_lagging(lang: Lang, story: &Story, facts: &Facts) -> Option<String> {
    let count = facts.int(FactName::LaggingPartitions).filter(|&count| count != 0)?;
    let (list, since) = (facts.text(FactName::LaggingList)?, facts.text(FactName::LaggingSince)?);
    let all = story.partition_count.map_or(String::new(), |n| format!("/{n}"));
    Some(match lang {
        Lang::En => format!("Stalled: {count}{all} partitions ({list}), the first of them since {since}."),
        Lang::Zh => format!("停滞的分片：{count}{all} 个（{list}），最早的一个自 {since} 起。"),
    })
}

/// Of an idle partition the last decree waits for the next one, so a few say nothing.
fn say_waiting(lang: Lang, waiting: Lag, partitions: usize) -> Option<String> {
    if waiting.decree_gap <= i64::try_from(partitions).unwrap_or(i64::MAX).saturating_mul(4) {
        return None;
    }
    let gap = exact(waiting.decree_gap.unsigned_abs());
    let rate = waiting.gap_per_minute.map(|r| (r, exact(r.unsigned_abs())));
    let closed = waiting.closed_in_seconds.map(|seconds| duration(seconds, lang));
    Some(match (lang, rate, closed) {
        (Lang::En, Some((_, rate)), Some(closed)) => {
            format!("Waiting to be shipped: {gap} decrees, {rate} fewer every minute; at this rate caught up in {closed}.")
        }
        (Lang::En, Some((1.., rate)), None) => {
            format!("Waiting to be shipped: {gap} decrees, {rate} more every minute; at this rate the gap never closes.")
        }
        (Lang::En, Some(_), None) => format!("Waiting to be shipped: {gap} decrees, a number that does not change."),
        (Lang::En, None, _) => format!("Waiting to be shipped: {gap} decrees."),
        (Lang::Zh, Some((_, rate)), Some(closed)) => format!("待发送 {gap} 个 decree，每分钟减少 {rate} 个，按此速度 {closed}后追平。"),
        (Lang::Zh, Some((1.., rate)), None) => format!("待发送 {gap} 个 decree，每分钟增加 {rate} 个，按此速度永远追不上。"),
        (Lang::Zh, Some(_), None) => format!("待发送 {gap} 个 decree，数量没有变化。"),
        (Lang::Zh, None, _) => format!("待发送 {gap} 个 decree。"),
    })
}

fn say_disk(lang: Lang, disk: &DiskEntry) -> Option<String> {
    let full_in = disk.full_in_seconds.filter(|&s| TimeDelta::secs(s) <= FAR)?;
    let left = exact(disk.available_mb.unsigned_abs());
    let rate = exact(disk.shrinks_mb_per_hour?.unsigned_abs());
    let full_at = (disk.at.0 + TimeDelta::secs(full_in)).rfc3339();
    let lasts = duration(full_in, lang);
    let (server, dir) = (&disk.server, &disk.dir);
    Some(match lang {
        Lang::En => format!("Disk {dir} of {server}: {left} MB left, {rate} MB less every hour; full in {lasts} at this rate ({full_at})."),
        Lang::Zh => format!("{server} 的磁盘 {dir} 剩余 {left} MB，每小时减少 {rate} MB，按此速度 {lasts}后写满（{full_at}）。"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pegasus::{AppId, Gpid};

    #[test]
    fn a_gap_says_whether_it_closes() {
        let says = |decree_gap, gap_per_minute, closed_in: Option<TimeDelta>| {
            let closed_in_seconds = closed_in.map(TimeDelta::as_secs);
            say_waiting(Lang::En, Lag { decree_gap, gap_per_minute, closed_in_seconds, lagging_partitions: 0 }, 2)
        };
        assert_eq!(says(8, Some(3), None), None);
        assert_eq!(
            says(1200, Some(40), None).as_deref(),
            Some("Waiting to be shipped: 1,200 decrees, 40 more every minute; at this rate the gap never closes.")
        );
        assert_eq!(
            says(1200, Some(-40), Some(TimeDelta::mins(30))).as_deref(),
            Some("Waiting to be shipped: 1,200 decrees, 40 fewer every minute; at this rate caught up in 30 min.")
        );
        assert_eq!(says(50, Some(0), None).as_deref(), Some("Waiting to be shipped: 50 decrees, a number that does not change."));
    }

    #[test]
    fn a_loss_names_partitions_and_decrees() {
        let gpid = Some(Gpid { app_id: AppId(3), partition: 1 });
        let lost = [Loss { gpid, first: 11, last: 20 }, Loss { gpid: None, first: 5, last: 5 }];
        let said = say_loss(Lang::En, &lost);
        assert_eq!(said.as_deref(), Some("Lost as far as the lines tell: 11 decrees, by partition 3.1 (11 … 20), one not named (5)."));
        assert_eq!(loss(&lost).map(|l| (l.decrees, l.partitions.len())), Some((11, 2)));
        assert_eq!(loss(&[]), None);
    }
}
