//! The data versions on both sides of duplications, which a switch-over asks for.

use super::ask::{Asker, Round};
use super::client::base;
use dupdoctor::AppId;
use dupdoctor::internal::answer::http::{data_versions, nodes, tables};
use dupdoctor::internal::report::DataVersions;
use std::collections::BTreeSet;

impl Asker {
    /// Asks the replica servers of the round, and those that the target's meta servers name.
    pub(super) fn data_versions(&self, round: &Round, targets: &[String]) -> DataVersions {
        let mut found = DataVersions::new();
        let target = targets.iter().find_map(|meta| {
            let (leader, listed) = self.ask(&base(meta).ok()?, "/meta/apps", tables).ok()?;
            let (_, servers) = self.ask(&leader, "/meta/nodes", nodes).ok()?;
            let servers: Vec<String> = servers.iter().filter(|node| node.alive).filter_map(|node| base(&node.address).ok()).collect();
            Some((listed, servers))
        });
        for table in &round.tables {
            let source = table.app_id.map(|app| self.of_servers(&round.servers, app)).unwrap_or_default();
            for dup in &table.duplications {
                let follower = dup.remote_app_name.as_ref().unwrap_or(&table.app_name);
                let theirs = target.as_ref().and_then(|(listed, servers)| {
                    let app = listed.iter().find(|listed| listed.app_name == *follower)?;
                    Some(self.of_servers(servers, AppId(app.app_id)))
                });
                found.insert((table.app_name.clone(), dup.dup_id), (source.clone(), theirs.unwrap_or_default()));
            }
        }
        found
    }

    /// A server without the table refuses, and one that cannot be asked tells nothing.
    fn of_servers(&self, servers: &[String], app: AppId) -> BTreeSet<i64> {
        let path = format!("/replica/data_version?app_id={}", app.0);
        servers.iter().filter_map(|server| self.ask(server, &path, data_versions).ok()).flat_map(|(_, versions)| versions).collect()
    }
}
