//! How long the disks of the source's replica servers last.

use super::Model;
use crate::event::EventKind as E;
use crate::pegasus::{LogTime, TimeDelta};

/// One data directory of a replica server, from its first to its last report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Disk {
    /// Index of the server.
    pub server: usize,
    /// The directory.
    pub dir: String,
    /// Free space in the last report, in MiB.
    pub available_mb: i64,
    /// Its size, in MiB.
    pub capacity_mb: Option<i64>,
    /// When that was.
    pub at: LogTime,
    /// MiB by which the free space shrinks in an hour; negative when it grows.
    pub shrinks_by_hour: Option<i64>,
    /// When it will be full at this rate, after the last report.
    pub full_in: Option<TimeDelta>,
}

/// The disks of a cluster's replica servers, as their own logs report them every ten minutes.
pub(crate) fn disks(model: &Model, cluster: usize) -> Vec<Disk> {
    let home = model.clusters.get(cluster);
    let mut all: Vec<Disk> = Vec::new();
    let mut firsts: Vec<(LogTime, i64)> = Vec::new();
    let reports = model.runs.iter().filter(|p| p.run.kind() == E::DiskSpaceReported);
    for placed in reports.filter(|p| Some(&model.servers[p.server].cluster) == home) {
        let run = &placed.run;
        let (Some(dir), Some(first)) = (run.field("dir"), run.number("available_mb")) else { continue };
        let last = run.last();
        let Some(available_mb) = last.numeric("available_mb") else { continue };
        // A new run begins after a barrier or with a new state of the disk; it is the same disk.
        match all.iter().position(|d| d.server == placed.server && d.dir == dir) {
            Some(known) if all[known].at < last.at => {
                (all[known].available_mb, all[known].at) = (available_mb, last.at);
            }
            Some(_) => {}
            None => {
                let capacity_mb = run.number("capacity_mb");
                let disk = Disk {
                    server: placed.server,
                    dir: dir.to_owned(),
                    available_mb,
                    capacity_mb,
                    at: last.at,
                    shrinks_by_hour: None,
                    full_in: None,
                };
                all.push(disk);
                firsts.push((run.first.at, first));
            }
        }
    }
    for (disk, (since, before)) in all.iter_mut().zip(firsts) {
        forecast(disk, since, before);
    }
    all
}

/// When the first disk of each cluster is full.
pub(super) fn full_in(model: &Model) -> Vec<Option<TimeDelta>> {
    let first = |cluster| disks(model, cluster).iter().filter_map(|d| d.full_in).min();
    (0..model.clusters.len()).map(first).collect()
}

/// A rate needs half an hour: compactions come and go.
const ENOUGH: TimeDelta = TimeDelta::mins(30);
const HOUR: TimeDelta = TimeDelta::hours(1);

fn forecast(disk: &mut Disk, since: LogTime, before: i64) {
    let elapsed = disk.at.since(since);
    if elapsed < ENOUGH {
        return;
    }
    let lost = i128::from(before - disk.available_mb);
    let scaled = |n: i128, by: i128| i64::try_from(n / by).ok();
    disk.shrinks_by_hour = scaled(lost * i128::from(HOUR.0), i128::from(elapsed.0));
    if lost > 0 {
        disk.full_in = scaled(i128::from(disk.available_mb) * i128::from(elapsed.0), lost).map(TimeDelta);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_disk_that_shrinks_is_full_some_day() {
        let mut disk = Disk {
            server: 0,
            dir: "/data1".to_owned(),
            available_mb: 30_000,
            capacity_mb: Some(100_000),
            at: LogTime(0) + TimeDelta::hours(2),
            shrinks_by_hour: None,
            full_in: None,
        };
        forecast(&mut disk, LogTime(0), 50_000);
        assert_eq!((disk.shrinks_by_hour, disk.full_in), (Some(10_000), Some(TimeDelta::hours(3))));
        forecast(&mut disk, LogTime(0), 20_000);
        assert_eq!(disk.shrinks_by_hour, Some(-5_000));
    }

    #[test]
    fn a_few_minutes_tell_no_rate() {
        let mut disk = Disk {
            server: 0,
            dir: "/data1".to_owned(),
            available_mb: 3,
            capacity_mb: None,
            at: LogTime(ENOUGH.0 - 1),
            shrinks_by_hour: None,
            full_in: None,
        };
        forecast(&mut disk, LogTime(0), 50_000);
        assert_eq!((disk.shrinks_by_hour, disk.full_in), (None, None));
    }
}
