//! The disks of a cluster, and which is full first.

use super::Time;
use crate::pegasus::TimeDelta;
use crate::timeline::{Disk, Model, disks};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A data directory of one of the source's replica servers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct DiskEntry {
    /// The server.
    pub server: String,
    /// The directory.
    pub dir: String,
    /// Free space in the last report, in MiB.
    pub available_mb: i64,
    /// Its size, in MiB.
    pub capacity_mb: Option<i64>,
    /// When that was reported.
    pub at: Time,
    /// MiB by which the free space shrinks in an hour; negative when it grows.
    pub shrinks_mb_per_hour: Option<i64>,
    /// When it will be full at this rate, in seconds after the report.
    pub full_in_seconds: Option<i64>,
}

/// For each cluster the disk that is full first.
pub(super) fn scarcest(model: &Model) -> Vec<Option<DiskEntry>> {
    let first = |cluster: usize| {
        let all = disks(model, cluster);
        all.iter().filter(|d| d.full_in.is_some()).min_by_key(|d| (d.full_in, d.server, &d.dir)).map(|d| entry(model, d))
    };
    (0..model.clusters.len()).map(first).collect()
}

fn entry(model: &Model, disk: &Disk) -> DiskEntry {
    DiskEntry {
        server: model.servers[disk.server].label.clone(),
        dir: disk.dir.clone(),
        available_mb: disk.available_mb,
        capacity_mb: disk.capacity_mb,
        at: Time(disk.at),
        shrinks_mb_per_hour: disk.shrinks_by_hour,
        full_in_seconds: disk.full_in.map(TimeDelta::as_secs),
    }
}
