//! The commands that operators type: which release has which, with which options.
//!
//! From `src/shell/main.cpp` and `commands/*.cpp` of each release, and the admin-cli's `cmd/` since v2.4.

use crate::pegasus::Release;

/// A command of the shell or the admin-cli.
struct Known {
    name: &'static str,
    /// The least and the most words after it that are no options.
    words: (usize, usize),
    /// Options that take a value, then `/`, then those that take none; short and long.
    options: &'static str,
    /// From this release on.
    since: Release,
}

const fn known(name: &'static str, words: (usize, usize), options: &'static str) -> Known {
    Known { name, words, options, since: Release::V23 }
}

const fn newer(name: &'static str, words: (usize, usize), options: &'static str, since: Release) -> Known {
    Known { name, words, options, since }
}

/// More words than any command has.
const MANY: usize = 64;

/// The C++ shell. Options that came later than their command stand in [`LATER`].
const SHELL: &[Known] = &[
    known("query_dup", (1, 1), "/ -d --detail"),
    known("add_dup", (2, 2), "-a --remote_app_name -r --remote_replica_count / -f --freeze -s --sst"),
    newer(
        "dups",
        (0, 0),
        "-a --app_name_pattern -m --match_type -g --progress_gap -o --output / -p --list_partitions -u --show_unfinishd -j --json",
        Release::Master,
    ),
    known("remove_dup", (2, 2), "/"),
    known("start_dup", (2, 2), "/"),
    known("pause_dup", (2, 2), "/"),
    known("set_dup_fail_mode", (3, 3), "/"),
    known("ls", (0, 0), "-s --status -o --output / -a --all -d --detailed -j --json"),
    known("app", (1, 1), "-o --output / -d --detailed -j --json -r --resolve_ip"),
    known("nodes", (0, 0), "-s --status -o --output / -d --detailed -j --json -r --resolve_ip -u --resource_usage"),
    known("app_stat", (0, 0), "-a --app_name -o --output / -q --only_qps -u --only_usage -j --json"),
    known("app_disk", (1, 1), "-o --output / -d --detailed -j --json -r --resolve_ip"),
    known("use", (0, 1), "/"),
    known("get_app_envs", (0, 0), "/ -j --json"),
    known("set_app_envs", (2, MANY), "/"),
    known("del_app_envs", (1, MANY), "/"),
    known("cluster_info", (0, 0), "-o --output / -r --resolve_ip -j --json"),
    known("server_info", (0, 0), "-t -l -o --output / -r --resolve_ip -j --json"),
    known("remote_command", (1, MANY), "-t -l / -r --resolve_ip"),
    newer("rename", (2, 2), "/", Release::V25),
    known("drop", (1, 1), "-r --reserve_seconds /"),
    known("recall", (1, 2), "/"),
    known("create", (1, 1), "-p --partition_count -r --replica_count -e --envs /"),
    known("get_meta_level", (0, 0), "/"),
    known("set_meta_level", (1, 1), "/"),
    known("balance", (0, 0), "-g --gpid -p --type -f --from -t --to /"),
    known("propose", (0, 0), "-g --gpid -p --type -t --target -n --node /"),
    newer("set_replica_count", (2, 2), "/", Release::V24),
    newer("get_replica_count", (1, 1), "/", Release::V24),
    known("copy_data", (0, 0), "-c --target_cluster_name -a --target_app_name -p --partition -b --max_batch_count -t --timeout_ms /"),
    known("count_data", (0, 0), "-p --partition -b --max_batch_count -t --timeout_ms / -c --precise"),
    known("set", (3, 4), "/"),
    known("del", (2, 2), "/"),
    known("hash", (2, 2), "/"),
    known("ddd_diagnose", (0, 0), "-g --gpid -o --output / -d --diagnose -a --auto_diagnose"),
    known(
        "recover",
        (0, 0),
        "-f --node_list_file -s --node_list_str -w --wait_seconds -o --output / -b --skip_bad_nodes -l --skip_lost_partitions",
    ),
    known("mlog_dump", (0, 0), "-i --input -o --output / -d --detailed"),
    newer("enable_atomic_idempotent", (1, 1), "/", Release::Master),
    newer("disable_atomic_idempotent", (1, 1), "/", Release::Master),
    newer("get_atomic_idempotent", (1, 1), "/", Release::Master),
];

/// Options that came with a later release than their command, or went away.
const LATER: &[(&str, &str, &[Release])] = &[
    ("add_dup", "-f --freeze", &[Release::V23]),
    ("add_dup", "-s --sst", &[Release::V24, Release::V25, Release::Master]),
    ("add_dup", "-a --remote_app_name -r --remote_replica_count", &[Release::Master]),
];

/// What `remote_command` can ask for, and since when.
const REMOTE: &[(&str, Release)] = &[
    ("replica.query-progress", Release::Master),
    ("replica.enable-plog-gc", Release::Master),
    ("replica.disable-plog-gc", Release::Master),
    ("replica.query-plog-gc-enabled-status", Release::Master),
    ("replica.trigger-checkpoint", Release::V24),
    ("nfs.max_copy_rate_megabytes_per_disk", Release::V24),
    ("reset-log-start-level", Release::V23),
];

/// The Go admin-cli, in tree since v2.4.0; a command here is up to two words.
const ADMIN_CLI: &[Known] = &[
    newer("use", (1, 1), "/", Release::V24),
    newer("dup list", (0, 0), "/", Release::V24),
    newer("dup add", (0, 0), "-c --cluster / -p --checkpoint -p=false", Release::V24),
    newer("dup remove", (0, 0), "-d --dupid /", Release::V24),
    newer("dup pause", (0, 0), "-d --dupid /", Release::V24),
    newer("dup start", (0, 0), "-d --dupid /", Release::V24),
    newer("server-config", (3, 4), "/", Release::V24),
    newer("bulk-load query", (0, 0), "/", Release::V24),
    newer("partition-split query", (0, 0), "/", Release::V24),
];

/// What is typed on a host.
const HOST: &[&str] = &["grep", "curl", "nc", "echo", "df", "du", "ls", "dmesg", "cp", "md5sum", "gdb", "gzip", "chronyc", "getent"];

/// Where commands can be typed.
const PLACES: &[&str] = &[
    "source-shell",
    "target-shell",
    "source-admin-cli",
    "target-admin-cli",
    "source-meta-host",
    "source-replica-host",
    "target-meta-host",
    "target-replica-host",
    "config",
    "zookeeper",
];

/// What is wrong with a command in a release; `None` when that release has it so.
#[must_use]
pub fn command_complaint(at: &str, run: &str, release: Release) -> Option<String> {
    if !PLACES.contains(&at) {
        return Some(format!("unknown place {at:?}: use one of {}", PLACES.join(", ")));
    }
    let words: Vec<&str> = run.split_whitespace().collect();
    let Some(&first) = words.first() else { return Some("an empty command".to_owned()) };
    if at.ends_with("-host") {
        return (!HOST.contains(&first)).then(|| format!("unknown program {first:?} on a host"));
    }
    match at {
        "config" => (!run.starts_with('[') && !run.contains('=')).then(|| format!("{run:?} is no section and no key = value")),
        "zookeeper" => (!matches!(first, "get" | "set" | "ls")).then(|| format!("zookeeper has no command {first:?} here")),
        _ if at.ends_with("-admin-cli") => {
            let two = words.get(1).map(|second| format!("{first} {second}"));
            let found = ADMIN_CLI.iter().find(|k| k.name == first || Some(k.name) == two.as_deref());
            let Some(found) = found else { return Some(format!("the admin-cli has no command {run:?}")) };
            typed(found, &words[found.name.split(' ').count()..], release)
        }
        _ => {
            let Some(found) = SHELL.iter().find(|k| k.name == first) else { return Some(format!("the shell has no command {first:?}")) };
            typed(found, &words[1..], release).or_else(|| remote(first, &words, release))
        }
    }
}

/// What is wrong with the words after a command.
fn typed(command: &Known, words: &[&str], release: Release) -> Option<String> {
    if release < command.since {
        return Some(format!("{} has no {}", release, command.name));
    }
    let (with_value, without) = command.options.split_once('/')?;
    let has = |options: &str, word: &str| options.split_whitespace().any(|o| o == word);
    let (mut plain, mut depth) = (0_usize, 0_usize);
    let mut words = words.iter();
    while let Some(&bracketed) = words.next() {
        let word = bracketed.trim_start_matches('[').trim_end_matches(']');
        // `<present users>` is one thing to fill in, whatever blanks it has.
        let opens = word.matches('<').count();
        let inside = depth > 0;
        depth = (depth + opens).saturating_sub(word.matches('>').count());
        if inside {
            continue;
        }
        if has(with_value, word) || has(without, word) {
            let later = LATER.iter().find(|(name, options, _)| *name == command.name && has(options, word));
            if later.is_some_and(|(_, _, releases)| !releases.contains(&release)) {
                return Some(format!("{} of {release} has no {word}", command.name));
            }
            if has(with_value, word) {
                let Some(value) = words.next() else { return Some(format!("{word} of {} wants a value", command.name)) };
                depth = (depth + value.matches('<').count()).saturating_sub(value.matches('>').count());
            }
        } else if word.starts_with('-') && word.len() > 1 && command.name != "remote_command" {
            return Some(format!("{} has no option {word}", command.name));
        } else {
            plain += 1;
        }
    }
    let (least, most) = command.words;
    (plain < least || plain > most).then(|| format!("{} takes {least} to {most} words, not {plain}", command.name))
}

fn remote(first: &str, words: &[&str], release: Release) -> Option<String> {
    if first != "remote_command" {
        return None;
    }
    let asked = words.iter().skip(1).find(|w| REMOTE.iter().any(|(name, _)| name == *w));
    match asked.and_then(|w| REMOTE.iter().find(|(name, _)| name == w)) {
        None => Some("no such remote command is known".to_owned()),
        Some((name, since)) => (release < *since).then(|| format!("{release} has no remote command {name}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_release_has_its_own_options() {
        let shell = |run, release| command_complaint("source-shell", run, release);
        assert_eq!(shell("add_dup t c -s", Release::V24), None);
        assert_eq!(shell("add_dup t c -s [-a <x y>] [-r 3]", Release::Master), None);
        assert_eq!(shell("add_dup t c -s -a x", Release::V25).as_deref(), Some("add_dup of 2.5 has no -a"));
        assert_eq!(shell("add_dup t c --freezed", Release::V23).as_deref(), Some("add_dup has no option --freezed"));
        assert_eq!(shell("ls_dups", Release::Master).as_deref(), Some("the shell has no command \"ls_dups\""));
        assert_eq!(shell("dups -u", Release::V25).as_deref(), Some("2.5 has no dups"));
        assert_eq!(shell("remove_dup t", Release::V25).as_deref(), Some("remove_dup takes 2 to 2 words, not 1"));
        assert_eq!(shell("rename <present name> t", Release::V24).as_deref(), Some("2.4 has no rename"));
        assert_eq!(
            shell("remote_command -t replica-server replica.query-progress 2", Release::V25).as_deref(),
            Some("2.5 has no remote command replica.query-progress")
        );
        assert_eq!(command_complaint("source-admin-cli", "dup add -c b -p=false", Release::V25), None);
        assert!(command_complaint("shell", "ls", Release::V25).is_some());
    }
}
