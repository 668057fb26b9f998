//! The commands that operators type: which release has which, with which options (`commands.toml`).

use crate::pegasus::Release;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// A command of the shell or the admin-cli.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Known {
    name: String,
    words: (usize, usize),
    #[serde(default)]
    values: String,
    #[serde(default)]
    flags: String,
    since: Option<Release>,
}

/// Options of a command that only some releases have.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Later {
    command: String,
    options: String,
    releases: Vec<Release>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Commands {
    places: Vec<String>,
    host: Vec<String>,
    shell: Vec<Known>,
    admin_cli: Vec<Known>,
    later: Vec<Later>,
    remote: BTreeMap<String, Release>,
}

// The tests below read the file and would fail; a program must not.
static COMMANDS: LazyLock<Commands> = LazyLock::new(|| toml::from_str(include_str!("commands.toml")).unwrap_or_default());

/// What is wrong with a command in a release; `None` when that release has it so.
#[must_use]
pub fn command_complaint(at: &str, run: &str, release: Release) -> Option<String> {
    let known = &*COMMANDS;
    let contains = |list: &[String], word: &str| list.iter().any(|one| one == word);
    if !contains(&known.places, at) {
        return Some(format!("unknown place {at:?}: use one of {}", known.places.join(", ")));
    }
    let words: Vec<&str> = run.split_whitespace().collect();
    let Some(&first) = words.first() else { return Some("an empty command".to_owned()) };
    if at.ends_with("-host") {
        return (!contains(&known.host, first)).then(|| format!("unknown program {first:?} on a host"));
    }
    match at {
        "config" => (!run.starts_with('[') && !run.contains('=')).then(|| format!("{run:?} is neither a section nor key = value")),
        "zookeeper" => (!matches!(first, "get" | "set" | "ls")).then(|| format!("zookeeper has no command {first:?} here")),
        _ if at.ends_with("-admin-cli") => {
            let two = words.get(1).map(|second| format!("{first} {second}"));
            let found = known.admin_cli.iter().find(|k| k.name == first || Some(&k.name) == two.as_ref());
            let Some(found) = found else { return Some(format!("the admin-cli has no command {run:?}")) };
            typed(found, &words[found.name.split(' ').count()..], release)
        }
        _ => {
            let Some(found) = known.shell.iter().find(|k| k.name == first) else {
                return Some(format!("the shell has no command {first:?}"));
            };
            typed(found, &words[1..], release).or_else(|| remote(first, &words, release))
        }
    }
}

/// What is wrong with the words after a command.
fn typed(command: &Known, words: &[&str], release: Release) -> Option<String> {
    if command.since.is_some_and(|since| release < since) {
        return Some(format!("{} has no {}", release, command.name));
    }
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
        if has(&command.values, word) || has(&command.flags, word) {
            let later = COMMANDS.later.iter().find(|l| l.command == command.name && has(&l.options, word));
            if later.is_some_and(|l| !l.releases.contains(&release)) {
                return Some(format!("{} of {release} has no {word}", command.name));
            }
            if has(&command.values, word) {
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
    match words.iter().skip(1).find_map(|word| COMMANDS.remote.get_key_value(*word)) {
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
