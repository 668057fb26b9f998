//! What the shell tells of a cluster beside its duplications: tables, servers, settings.

use super::table::Table;
use std::collections::BTreeMap;

/// A row of `ls`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ListedTable {
    /// The line.
    pub line: u64,
    /// `app_id`
    pub app_id: i64,
    /// `AVAILABLE`, `DROPPED`, …
    pub status: String,
    /// `app_name`
    pub app_name: String,
    /// `partition_count`
    pub partition_count: Option<i64>,
    /// `replica_count`
    pub replica_count: Option<i64>,
    /// `create_time`, as it stands: `2019-01-02_03:04:05`.
    pub create_time: Option<String>,
}

impl ListedTable {
    /// What of its row matters.
    pub(super) fn row(&self) -> String {
        format!("{}  {}  {}", self.app_id, self.status, self.app_name)
    }
}

/// What `app T -d` tells.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TableDetail {
    /// The line.
    pub line: u64,
    /// `app_name`
    pub app_name: String,
    /// `app_id`
    pub app_id: Option<i64>,
    /// `partition_count`
    pub partition_count: Option<i64>,
    /// `max_replica_count`
    pub replica_count: Option<i64>,
    /// Partitions with as many replicas as wanted, with `-d`.
    pub fully_healthy: Option<i64>,
    /// Partitions that take no writes.
    pub write_unhealthy: Option<i64>,
    /// Partitions without primary.
    pub read_unhealthy: Option<i64>,
    /// Partitions whose primary has no secondary, by the rows.
    pub without_secondary: usize,
    /// The servers that hold replicas of it.
    pub servers: Vec<String>,
}

/// A row of `nodes`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Node {
    /// The line.
    pub line: u64,
    /// `host:port`
    pub address: String,
    /// `ALIVE` or `UNALIVE`.
    pub alive: bool,
    /// `replica_count`, with `-d`.
    pub replica_count: Option<i64>,
    /// `disk_available_min_ratio`, with `-u`: percent free on the fullest disk.
    pub free_percent: Option<i64>,
}

/// Rows of `ls`.
pub(super) fn listed(table: &Table) -> Option<Vec<ListedTable>> {
    let (id, status, name) = (table.column("app_id")?, table.column("status")?, table.column("app_name")?);
    if table.column("dup_id").is_some() {
        return None;
    }
    let row = |(line, row): &(u64, Vec<String>)| {
        let number = |column: &str| table.cell(row, column).and_then(|c| c.parse().ok());
        Some(ListedTable {
            line: *line,
            app_id: row.get(id)?.parse().ok()?,
            status: row.get(status)?.trim_start_matches("AS_").to_owned(),
            app_name: row.get(name)?.clone(),
            partition_count: number("partition_count"),
            replica_count: number("replica_count"),
            create_time: table.cell(row, "create_time").filter(|t| *t != "-").map(str::to_owned),
        })
    };
    Some(table.rows.iter().filter_map(row).collect())
}

/// Servers of `nodes`.
pub(super) fn nodes(table: &Table) -> Option<Vec<Node>> {
    let (address, status) = (table.column("address")?, table.column("status")?);
    let row = |(line, row): &(u64, Vec<String>)| {
        let number = |column: &str| table.cell(row, column).and_then(|c| c.trim_end_matches('%').parse().ok());
        Some(Node {
            line: *line,
            address: row.get(address)?.clone(),
            alive: row.get(status)? == "ALIVE",
            replica_count: number("replica_count"),
            free_percent: number("disk_available_min_ratio"),
        })
    };
    Some(table.rows.iter().filter_map(row).collect())
}

/// The tables that `app T -d` prints, one after the other.
pub(super) fn detail(tables: &[Table]) -> Option<TableDetail> {
    let general = tables.iter().find(|t| t.pair("max_replica_count").is_some() && t.pair("app_name").is_some())?;
    let number = |table: &Table, name: &str| table.pair(name).and_then(|v| v.parse().ok());
    let mut detail = TableDetail {
        line: general.line,
        app_name: general.pair("app_name")?.to_owned(),
        app_id: number(general, "app_id"),
        partition_count: number(general, "partition_count"),
        replica_count: number(general, "max_replica_count"),
        ..TableDetail::default()
    };
    for table in tables.iter().filter(|t| t.line >= general.line || t.name.is_some()) {
        detail.fully_healthy = detail.fully_healthy.or(number(table, "fully_healthy_partition_count"));
        detail.write_unhealthy = detail.write_unhealthy.or(number(table, "write_unhealthy_partition_count"));
        detail.read_unhealthy = detail.read_unhealthy.or(number(table, "read_unhealthy_partition_count"));
        if let Some(secondaries) = table.column("secondaries") {
            let alone = |row: &[String]| row.get(secondaries).is_some_and(|s| s == "[]") && table.cell(row, "primary") != Some("-");
            detail.without_secondary = table.rows.iter().filter(|(_, row)| alone(row)).count();
            let mut servers: Vec<String> = table.rows.iter().flat_map(|(_, row)| replicas(table, row)).collect();
            servers.sort();
            servers.dedup();
            detail.servers = servers;
        }
    }
    Some(detail)
}

fn replicas(table: &Table, row: &[String]) -> Vec<String> {
    let primary = table.cell(row, "primary").filter(|p| *p != "-").map(str::to_owned);
    let secondaries = table.cell(row, "secondaries").unwrap_or_default().trim_matches(['[', ']']).split(',');
    primary.into_iter().chain(secondaries.filter(|s| !s.is_empty()).map(str::to_owned)).collect()
}

/// Writes per second of the kinds that cannot be duplicated, of `app_stat`: `(incr, check_and_set, check_and_mutate)`.
pub(crate) fn atomic_writes(table: &Table, app_name: &str) -> Option<(f64, f64, f64)> {
    let name = table.column("app_name")?;
    let (_, row) = table.rows.iter().find(|(_, row)| row.get(name).is_some_and(|n| n == app_name))?;
    let number = |column: &str| table.cell(row, column).map_or(Some(0.0), magnitude);
    table.column("CAS").or(table.column("INCR"))?;
    Some((number("INCR")?, number("CAS")?, number("CAM")?))
}

/// `12`, `1.5K`, `3M`.
fn magnitude(text: &str) -> Option<f64> {
    let (digits, factor) = match text.chars().last()? {
        'K' | 'k' => (&text[..text.len() - 1], 1e3),
        'M' => (&text[..text.len() - 1], 1e6),
        'G' => (&text[..text.len() - 1], 1e9),
        _ => (text, 1.0),
    };
    digits.parse::<f64>().ok().map(|n| n * factor)
}

/// Settings of a table: the lines between two rules of `=` that `get_app_envs` prints.
pub(super) fn envs(lines: &[String]) -> Option<BTreeMap<String, String>> {
    let start = lines.iter().position(|l| l.trim_start().starts_with("get app envs succeed"))?;
    let mut envs = BTreeMap::new();
    for line in &lines[start + 1..] {
        if let Some((key, value)) = line.split_once(" = ").or_else(|| line.split_once(" : ")) {
            envs.insert(key.trim().to_owned(), value.trim().to_owned());
        } else if !line.trim().is_empty() && !line.starts_with("===") && !envs.is_empty() {
            break;
        }
    }
    Some(envs)
}

#[cfg(test)]
mod tests {
    use super::super::table::tables;
    use super::*;

    fn lines(text: &str) -> Vec<String> {
        text.lines().map(str::to_owned).collect()
    }

    #[test]
    fn a_table_s_detail_is_read() {
        let text = "[parameters]\napp_name  : feed\ndetailed  : true\n\n[general]\napp_name           : feed\napp_id             : 3\npartition_count    : 2\nmax_replica_count  : 3\n\n[replicas]\npidx  ballot  replica_count  primary          secondaries\n0     3       3/3            10.1.1.1:34801   [10.1.1.2:34801,10.1.1.3:34801]\n1     3       1/3            10.1.1.2:34801   []\n\n[nodes]\nnode            primary  secondary  total\n10.1.1.1:34801  1        0          1\n                2        2          4\n\n[healthy]\nfully_healthy_partition_count    : 1\nunhealthy_partition_count        : 1\nwrite_unhealthy_partition_count  : 1\nread_unhealthy_partition_count   : 0\n\nlist app feed succeed\n";
        let detail = detail(&tables(&lines(text), 1)).unwrap_or_default();
        assert_eq!((detail.app_name.as_str(), detail.app_id, detail.replica_count), ("feed", Some(3), Some(3)));
        assert_eq!((detail.write_unhealthy, detail.without_secondary, detail.servers.len()), (Some(1), 1, 3));
    }

    #[test]
    fn servers_are_read() {
        let table = tables(
            &lines(
                "address         status   replica_count  primary_count  secondary_count\n10.1.1.1:34801  ALIVE    4  2  2\n10.1.1.2:34801  UNALIVE  0  0  0\n\ntotal_node_count  : 2\n",
            ),
            1,
        );
        assert_eq!(nodes(&table[0]).unwrap_or_default().iter().filter(|n| n.alive).count(), 1);
    }

    #[test]
    fn settings_are_read() {
        let read = envs(&lines(
            "get app envs succeed, count = 2\n====\nrocksdb.usage_scenario = normal\nreplica.deny_client_request = timeout*write\n====\n",
        ));
        assert_eq!(read.map(|e| e.len()), Some(2));
    }
}
