//! A transcript of the shell, of admin-cli or of `curl`: which command, which answer, when.

use super::ParseIssue;
use super::added::{Added, added, modified};
use super::advice::is_advice;
use super::called::{called, called_json};
use super::clean::clean;
use super::clock::{When, moment};
use super::cluster::{detail, envs, listed, nodes};
use super::command::AddDup;
use super::duplication::{DupState, Pending, Seen};
use super::json::{document, salvage};
use super::listing::dup_rows;
use super::metrics::{self, Counted};
use super::output::{Answer, Output, Transcript};
use super::prompt::{PIPED, alone, typed};
use super::table::{Table, json_tables, tables};
use super::zookeeper::{self, Stored};
use crate::pegasus::TimeDelta;
use regex::Regex;
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::LazyLock;

static IN_DETAIL: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"^\s*duplications of app \[(.*)\] (in detail|are listed as below):").ok());
static QUERY_FAILED: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"^\s*querying duplications of app \[(.*)\] failed, error=(\w+)").ok());
static NOT_ENABLED: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"duplication is not enabled \[(FLAGS_)?duplication_enabled=false\]").ok());
static URL: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"/meta/app/duplication\?name=([^\s&'\x22]+)").ok());
static BULK_LOAD: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"\b(BLS_[A-Z_]+)\b").ok());

fn captures<'a>(regex: &LazyLock<Option<Regex>>, text: &'a str) -> Option<regex::Captures<'a>> {
    regex.as_ref()?.captures(text)
}

impl Transcript {
    /// Reads a capture; cannot fail. Nothing recognised: no answers.
    pub fn parse(bytes: &[u8]) -> Self {
        let cleaned = clean(bytes);
        if is_advice(&cleaned.lines) {
            return Self::default();
        }
        let mut walk = Walk { found: Self { lines: cleaned.lines.len() as u64, ..Self::default() }, ..Walk::default() };
        let mut start = 0;
        while start < cleaned.lines.len() {
            let next = cleaned.lines[start + 1..].iter().position(|l| typed(l).is_some());
            let end = next.map_or(cleaned.lines.len(), |n| start + 1 + n);
            walk.part(&cleaned.lines[start..end], start as u64 + 1);
            start = end;
        }
        let mut found = walk.found;
        if !found.answers.is_empty() {
            found.issues.extend(cleaned.issues);
        }
        found.answers.sort_by_key(|a| a.line);
        found.issues.sort();
        found
    }

    /// The zone of clock texts in it (clock minus UTC), as a duplication's id, which is the second of its
    /// creation, and the creation time next to it tell.
    pub fn zone(&self) -> Option<TimeDelta> {
        self.answers.iter().find_map(|answer| {
            let Output::Duplications(_, seen) = &answer.output else { return None };
            seen.duplications.iter().find_map(DupState::zone)
        })
    }
}

#[derive(Default)]
struct Walk {
    found: Transcript,
    at: Option<When>,
    cluster: Option<String>,
    used: Option<String>,
}

impl Walk {
    fn say(&mut self, line: u64, text: &str, output: Output) {
        let answer = Answer { line, text: text.trim().to_owned(), at: self.at, cluster: self.cluster.clone(), output };
        self.found.answers.push(answer);
    }

    /// A command, if the first line is one, and what follows it up to the next one.
    fn part(&mut self, lines: &[String], first: u64) {
        let mut body = lines;
        let mut number = first;
        let mut asked = None;
        if let Some(typed) = lines.first().and_then(|line| typed(line)) {
            self.at = moment(typed.before).or(self.at);
            if let Some(node) = typed.zookeeper() {
                return self.stored(&node, &lines[1..], first + 1);
            }
            asked = self.command(typed.command, first);
            body = &lines[1..];
            number += 1;
        }
        let commands = self.found.answers.len();
        for (offset, line) in body.iter().enumerate().filter(|(_, line)| !line.is_empty()) {
            self.line(line, number + offset as u64, &body[offset + 1..]);
        }
        self.documents(body, number, asked.as_deref());
        self.listings(&tables(body, number), asked.as_deref(), body, number);
        if let Some(envs) = envs(body) {
            let app = self.used.clone();
            self.say(first, &lines[0], Output::Envs(app, envs));
        }
        self.complain_of_silence(lines, first, commands);
    }

    /// What `ZooKeeper` answered.
    fn stored(&mut self, asked: &zookeeper::Asked, lines: &[String], first: u64) {
        let told = zookeeper::answered(asked, lines, first, &mut self.at, &mut self.found.issues);
        for (line, text, stored) in told {
            let output = if let Stored::Table(table) = stored { Output::Tables(vec![table]) } else { Output::Stored(stored) };
            self.say(line, &text, output);
        }
    }

    /// What a command tells by itself; returns the table that it asks about.
    fn command(&mut self, command: &str, line: u64) -> Option<String> {
        let inner = captures(&PIPED, command).and_then(|c| c.name("command").map(|m| m.as_str().replace("\\n", ";")));
        let command = inner.as_deref().unwrap_or(command).trim();
        let words: Vec<&str> = command.split([' ', ';']).filter(|w| !w.is_empty()).collect();
        if let Some(add) = AddDup::parse(command, self.used.as_deref()) {
            let app = add.app_name.clone();
            self.say(line, command, Output::AddTyped(add));
            return app;
        }
        match words.as_slice() {
            ["use", table, ..] => self.used = Some((*table).to_owned()),
            ["cc", cluster, ..] => self.cluster = Some((*cluster).to_owned()),
            ["query_dup" | "app" | "query_bulk_load_status", table, ..] if !table.starts_with('-') => return Some((*table).to_owned()),
            ["query_bulk_load_status", "-a" | "--app_name", table, ..] => return Some((*table).to_owned()),
            ["dup" | "duplication", ..] => return self.used.clone(),
            ["curl", ..] => return captures(&URL, command).map(|c| c[1].to_owned()),
            _ => {}
        }
        None
    }

    /// What one line tells by itself.
    fn line(&mut self, line: &str, number: u64, later: &[String]) {
        let trimmed = line.trim();
        if let Some(at) = alone(trimmed).or_else(|| zookeeper::logged(trimmed)) {
            self.at = Some(at);
        }
        if let Some(name) = trimmed.strip_prefix("The cluster name is:") {
            self.cluster = Some(name.trim().to_owned());
        } else if let Some(table) = trimmed.strip_prefix("use ").filter(|rest| self.used.is_none() || !rest.contains(' ')) {
            self.used = table.split_whitespace().next().map(str::to_owned);
        }
        if let Some(mut answer) = added(line) {
            self.complete(&mut answer);
            if answer.error.is_some() && answer.hint.is_none() {
                let detail = later.iter().take(3).position(|l| l.trim().eq_ignore_ascii_case("detail:"));
                answer.hint = detail.and_then(|at| later.get(at + 1)).map(|l| l.trim().to_owned()).filter(|l| !l.is_empty());
            }
            self.say(number, line, Output::Added(answer));
        } else if let Some(answer) = modified(line) {
            self.say(number, line, Output::Modified(answer));
        } else if let Some(found) = captures(&QUERY_FAILED, line) {
            self.say(number, line, Output::Refused(Some(found[1].to_owned()), found[2].to_owned()));
        } else if captures(&NOT_ENABLED, line).is_some() {
            self.say(number, line, Output::Refused(None, "ERR_SERVICE_NOT_ACTIVE".to_owned()));
        } else if let Some(counted) = metrics::of_line(line, number) {
            self.metrics(vec![counted]);
        } else if let Some(call) = called(line, number, later) {
            let answer = call.answer.as_deref().and_then(|answer| serde_json::from_str(answer).ok());
            let counted = answer.and_then(|answer| metrics::of_json(&answer, number, Some(&call.address)));
            self.metrics(counted.unwrap_or_default());
            match self.found.answers.last_mut() {
                Some(Answer { output: Output::Called(calls), .. }) if calls.last().is_some_and(|c| c.line + 3 > number) => calls.push(call),
                _ => self.say(number, line, Output::Called(vec![call])),
            }
        }
    }

    /// What admin-cli's answer leaves out stands in the command before it.
    fn complete(&self, answer: &mut Added) {
        let Some(Output::AddTyped(add)) = self.found.answers.last().map(|answer| &answer.output) else { return };
        answer.app_name = answer.app_name.take().or_else(|| add.app_name.clone());
        answer.remote_cluster = answer.remote_cluster.take().or_else(|| add.remote_cluster.clone());
        answer.with_checkpoint = answer.with_checkpoint.or(add.with_checkpoint);
    }

    /// JSON in the lines.
    fn documents(&mut self, lines: &[String], first: u64, asked: Option<&str>) {
        let (mut at, mut offset) = (0, 0);
        let mut app = asked.map(str::to_owned);
        // Once for all: a line that begins one may stand a million times.
        let all = lines.join("\n");
        // One that never ends may hold others; they are looked for as long as that costs a few times the text.
        let mut budget = all.len().saturating_mul(4);
        while at < lines.len() {
            if let Some(found) = captures(&IN_DETAIL, &lines[at]) {
                app = Some(found[1].to_owned());
            }
            let line = first + at as u64;
            let rest = &all[offset..];
            let paragraph = || lines[at..].iter().take_while(|line| !line.trim().is_empty()).map(|line| line.len() + 1).sum::<usize>();
            let rest = if budget == 0 { &rest[..paragraph().min(rest.len())] } else { rest };
            let Some(document) = document(&lines[at..], rest, line) else {
                offset += lines[at].len() + 1;
                at += 1;
                continue;
            };
            offset += lines[at..at + document.lines].iter().map(|line| line.len() + 1).sum::<usize>();
            // What stands on several lines is told on one.
            let text = if document.lines == 1 { lines[at].trim().to_owned() } else { document.on_one_line() };
            at += document.lines;
            if document.torn {
                budget = budget.saturating_sub(rest.len());
                let (seen, issue) = salvage(&document);
                if !seen.duplications.is_empty() || app.is_some() || document.is_of_pegasus() {
                    self.found.issues.push(issue);
                }
                if !seen.duplications.is_empty() {
                    self.duplications(line, &text, app.clone(), seen);
                }
                continue;
            }
            self.json(line, &text, app.clone(), &document.text);
        }
    }

    fn json(&mut self, line: u64, text: &str, app: Option<String>, json: &str) {
        let Ok(value) = serde_json::from_str::<Value>(json) else { return };
        if value.is_null() && app.is_none() {
            return;
        }
        if let Some((pending, unread)) = Pending::of(&value)
            && !pending.is_empty()
            && unread.is_empty()
        {
            self.say(line, text, Output::Pending(pending));
        } else if let Some(seen) = Seen::of(&value) {
            self.duplications(line, text, app, seen);
        } else if let Some(calls) = called_json(&value, json, line) {
            self.say(line, text, Output::Called(calls));
        } else if let Some(counted) = metrics::of_json(&value, line, None) {
            self.metrics(counted);
        } else {
            self.listings(&json_tables(json, line), app.as_deref(), &[], line);
        }
    }

    fn metrics(&mut self, counted: Vec<Counted>) {
        if let Some(first) = counted.first() {
            let (line, text) = (first.line, first.text.clone());
            self.say(line, &text, Output::Metrics(counted));
        }
    }

    fn duplications(&mut self, line: u64, text: &str, app: Option<String>, mut seen: Seen) {
        for what in seen.unread.drain(..) {
            self.found.issues.push(ParseIssue { line, what });
        }
        for state in &mut seen.duplications {
            state.app_name = state.app_name.take().or_else(|| app.clone());
        }
        self.say(line, text, Output::Duplications(app, seen));
    }

    /// What the table printer printed.
    fn listings(&mut self, all: &[Table], asked: Option<&str>, lines: &[String], first: u64) {
        let generals: Vec<usize> =
            (0..all.len()).filter(|&i| all[i].pair("max_replica_count").is_some() && all[i].pair("app_name").is_some()).collect();
        for (at, &start) in generals.iter().enumerate() {
            let end = generals.get(at + 1).copied().unwrap_or(all.len());
            if let Some(detail) = detail(&all[start..end]) {
                self.say(detail.line, &format!("app {}", detail.app_name), Output::Table(detail));
            }
        }
        let mut app = asked.map(str::to_owned);
        let listing = lines.iter().find_map(|l| captures(&IN_DETAIL, l).map(|c| (c[1].to_owned(), c[2].starts_with("are"))));
        if let Some((name, _)) = &listing {
            app = Some(name.clone());
        }
        let mut states = 0;
        for table in all {
            let line = table.line;
            if table.column("dup_id").is_some() {
                states += 1;
                let many = table.column("app_name").is_some();
                let seen = dup_rows(table, app.as_deref());
                // `[unfinished]` repeats rows of `[duplications]`.
                if table.name.as_deref() != Some("unfinished") {
                    let row = table.rows.first().map_or_else(String::new, |(_, row)| row.join("  "));
                    self.duplications(line, &row, if many { None } else { app.clone() }, seen);
                }
            } else if let Some(found) = nodes(table) {
                self.say(line, "nodes", Output::Nodes(found));
            } else if table.column("CAS").is_some() || table.column("INCR").is_some() {
                self.say(line, "app_stat", Output::Statistics(table.clone()));
            } else if let Some(found) = listed(table).filter(|_| table.column("fully_healthy").is_none()) {
                self.say(line, "ls", Output::Tables(found));
            } else if table.pair("primary_meta_server").is_some() || table.pair("meta_servers").is_some() {
                let info: BTreeMap<String, String> = table.pairs.iter().map(|(_, n, v)| (n.clone(), v.clone())).collect();
                self.cluster = info.get("cluster_name").cloned().or_else(|| self.cluster.clone());
                self.say(line, "cluster_info", Output::ClusterInfo(info));
            }
        }
        if let (Some((name, true)), 0) = (listing, states)
            && let Some(at) = lines.iter().position(|l| captures(&IN_DETAIL, l).is_some())
        {
            self.duplications(first + at as u64, &lines[at], Some(name), Seen::default());
        }
        if let Some(status) = lines.iter().find_map(|l| captures(&BULK_LOAD, l).map(|c| c[1].to_owned())) {
            self.say(first, &status, Output::BulkLoad(app, status.clone()));
        }
    }

    /// A duplication command whose answer nobody understands.
    fn complain_of_silence(&mut self, lines: &[String], first: u64, commands: usize) {
        let Some(typed) = lines.first().and_then(|l| typed(l)) else { return };
        let asks = [
            "add_dup",
            "query_dup",
            "dup add",
            "duplication add",
            "start_dup",
            "pause_dup",
            "remove_dup",
            "dups",
            "dup pause",
            "dup start",
            "dup remove",
        ];
        let Some(what) = asks.iter().find(|c| typed.command.starts_with(**c)) else { return };
        let answered =
            self.found.answers.len() > commands || self.found.issues.iter().any(|b| b.line > first && b.line < first + lines.len() as u64);
        let reply = lines.iter().enumerate().skip(1).find(|(_, l)| !l.trim().is_empty());
        if let (false, Some((offset, reply))) = (answered, reply) {
            let shown: String = reply.trim().chars().take(80).collect();
            let what = format!("the answer to {what} is not understood: {shown:?}");
            self.found.issues.push(ParseIssue { line: first + offset as u64, what });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pegasus::DupId;

    const SHELL: &str = "The cluster name is: hz_main\r\nThe cluster meta list is: 10.1.1.1:34601\r\n\r\n[2024-05-24 17:21:50] >>> add_dup test_dup1 target_cluster -s -a new1_test -r 3\r\ntrying to add duplication [app_name: test_dup1, remote_cluster_name: target_cluster, is_duplicating_checkpoint: true, remote_app_name: new1_test, remote_replica_count: 3]\r\nadding duplication succeed [app_name: test_dup1, remote_cluster_name: target_cluster, appid: 5, dupid: 1716542517, is_duplicating_checkpoint: true, remote_app_name: new1_test, remote_replica_count: 3]\r\n[2024-05-24 19:30:00] >>> query_dup test_dup1 -d\r\nduplications of app [test_dup1] in detail:\r\n{\"1\":{\"create_ts\":\"2024-05-24 17:21:57\",\"dupid\":1716542517,\"fail_mode\":\"FAIL_SLOW\",\"remote\":\"target_cluster\",\"status\":\"DS_APP\"},\"appid\":5}\r\n";

    #[test]
    fn a_shell_s_transcript_is_read() {
        let read = Transcript::parse(SHELL.as_bytes());
        assert_eq!(read.issues, []);
        assert_eq!(read.zone(), Some(TimeDelta::hours(8)));
        let lines: Vec<u64> = read.answers.iter().map(|a| a.line).collect();
        assert_eq!(lines, [4, 6, 9]);
        assert!(matches!(&read.answers[0].output, Output::AddTyped(add) if add.renames()));
        assert!(matches!(&read.answers[1].output, Output::Added(a) if a.dup_id == Some(DupId(1_716_542_517))));
        assert!(
            matches!(&read.answers[2].output, Output::Duplications(Some(app), seen) if app == "test_dup1" && seen.duplications.len() == 1)
        );
        assert_eq!(read.answers[2].cluster.as_deref(), Some("hz_main"));
        assert_eq!(read.answers[2].at.map(|at| at.resolve(TimeDelta::hours(8)).0), Some(1_716_550_200_000_000_000));
    }

    #[test]
    fn admin_cli_and_http_are_read() {
        let text = "Pegasus-AdminCli-1.3.0 » use feed\nok\nPegasus-AdminCli-1.3.0 » dup add -c far -p\nsuccessfully add duplication [dupid: 17]\nPegasus-AdminCli-1.3.0 » dup list\n[\n  {\n    \"dupid\": 17,\n    \"status\": \"DS_PREPARE\",\n    \"remote\": \"far\",\n    \"create_ts\": 17000\n  }\n]\n$ curl 10.1.1.1:34601/meta/app/duplication?name=feed\nnull\n$ curl 10.1.1.5:34801/replica/duplication?appid=3\n{\"17\":{\"3.0\":{\"duplicating\":true,\"fail_mode\":\"FAIL_SLOW\",\"not_confirmed_mutations_num\":3,\"not_duplicated_mutations_num\":1}}}\n";
        let read = Transcript::parse(text.as_bytes());
        assert_eq!(read.issues, []);
        let output: Vec<&Output> = read.answers.iter().map(|a| &a.output).collect();
        assert!(matches!(output[0], Output::AddTyped(add) if add.app_name.as_deref() == Some("feed") && add.with_checkpoint == Some(true)));
        assert!(matches!(output[1], Output::Added(a) if a.dup_id == Some(DupId(17))));
        assert!(matches!(output[2], Output::Duplications(Some(app), s) if app == "feed" && s.duplications.len() == 1), "{output:?}");
        assert!(matches!(output[3], Output::Duplications(Some(app), s) if app == "feed" && s.duplications.is_empty()), "{output:?}");
        assert!(matches!(output[4], Output::Pending(p) if p[0].not_confirmed == 3));
    }

    #[test]
    fn answers_in_other_words_are_named() {
        let text = ">>> add_dup feed far -s\n添加热备份成功 [表: feed]\n>>> query_dup feed -d\nduplications of app [feed] in detail:\n{\"1\":{\"dupid\":17,\"status\":\"DS_APP\"},\"2\":{\"du\n";
        let read = Transcript::parse(text.as_bytes());
        assert_eq!(read.issues.iter().map(|b| b.line).collect::<Vec<_>>(), [2, 5], "{:?}", read.issues);
        assert_eq!(read.answers.len(), 2, "what was typed, and the duplication that is whole");
    }

    #[test]
    fn tables_of_duplications_are_read() {
        let text = ">>> dups -p\n[duplications]\napp_id  app_name  dup_id  create_time  status  follower_cluster  follower_app_name  partition_id  confirmed_decree  last_committed_decree  decree_gap\n2  feed  1716542517  2024-05-24 17:21:57.120  DS_LOG  far  feed2  0  7  9  2\n2  feed  1716542517  2024-05-24 17:21:57.120  DS_LOG  far  feed2  1  8  8  0\n\n>>> query_dup feed\nduplications of app [feed] are listed as below:\n";
        let read = Transcript::parse(text.as_bytes());
        let Output::Duplications(None, seen) = &read.answers[0].output else { unreachable!("{read:?}") };
        assert_eq!((seen.duplications.len(), seen.duplications[0].gap()), (1, Some(2)));
        assert_eq!(seen.duplications[0].zone(), Some(TimeDelta::hours(8)));
        assert!(matches!(&read.answers[1].output, Output::Duplications(Some(app), s) if app == "feed" && s.duplications.is_empty()));
    }
}
