//! `add_dup` as it is typed: in the C++ shell and in admin-cli, of every release.

/// Where a command is typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Tool {
    /// The C++ shell.
    #[default]
    Shell,
    /// admin-cli, written in Go.
    AdminCli,
}

/// A request to add a duplication, as it was or is to be typed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AddDup {
    /// Where.
    pub tool: Tool,
    /// The source table; in admin-cli it is the one that `use` chose.
    pub app_name: Option<String>,
    /// The target cluster.
    pub remote_cluster: Option<String>,
    /// With a checkpoint, by option; `None` leaves it to the tool's default.
    pub with_checkpoint: Option<bool>,
    /// `-a`
    pub remote_app_name: Option<String>,
    /// `-r`
    pub remote_replica_count: Option<i64>,
    /// `-f`, of releases up to v2.3.
    pub freeze: bool,
    /// The options typed, in order, for saying which of them a release does not have.
    pub options: Vec<String>,
    /// What no release understands.
    pub problems: Vec<String>,
}

impl AddDup {
    /// Reads a command line, perhaps with `use T;` before it; `None` when it adds no duplication.
    pub fn parse(line: &str, used: Option<&str>) -> Option<Self> {
        let mut used = used.map(str::to_owned);
        let mut found = None;
        for part in line.split([';', '\n']).map(str::trim).filter(|p| !p.is_empty()) {
            let words = words(part);
            let words: Vec<&str> = words.iter().map(String::as_str).collect();
            match words.as_slice() {
                ["use", table, ..] => used = Some((*table).to_owned()),
                ["add_dup", rest @ ..] => found = Some(shell(rest)),
                ["dup" | "duplication", "add", rest @ ..] => found = Some(admin_cli(rest, used.as_deref())),
                _ => {}
            }
        }
        found
    }

    /// The follower's table name: the one asked for, or the source table's.
    #[must_use]
    pub fn follower(&self) -> Option<&str> {
        self.remote_app_name.as_deref().or(self.app_name.as_deref())
    }

    /// Whether the follower's table is asked to have another name.
    #[must_use]
    pub fn renames(&self) -> bool {
        self.remote_app_name.is_some() && self.remote_app_name != self.app_name
    }
}

fn shell(words: &[&str]) -> AddDup {
    let mut add = AddDup::default();
    let mut plain = Vec::new();
    let mut rest = words.iter().copied();
    while let Some(word) = rest.next() {
        let (option, inline) = match word.split_once('=') {
            Some((option, value)) if option.starts_with('-') => (option, Some(value)),
            _ => (word, None),
        };
        if !is_option(option) {
            plain.push(word);
            continue;
        }
        add.options.push(option.to_owned());
        match option {
            "-s" | "--sst" => add.with_checkpoint = Some(true),
            "-f" | "--freeze" | "--freezed" => add.freeze = true,
            "-a" | "--remote_app_name" => match inline.or_else(|| rest.next()) {
                Some(name) => add.remote_app_name = Some(name.to_owned()),
                None => add.problems.push(format!("{option} lacks the target table's name")),
            },
            "-r" | "--remote_replica_count" => match inline.or_else(|| rest.next()) {
                Some(count) => match count.parse() {
                    Ok(count) => add.remote_replica_count = Some(count),
                    Err(_) => add.problems.push(format!("{option} {count}: not a number")),
                },
                None => add.problems.push(format!("{option} lacks a number")),
            },
            other => add.problems.push(format!("{other} is not an option of add_dup")),
        }
    }
    if add.with_checkpoint.is_none() {
        add.with_checkpoint = Some(false);
    }
    let mut plain = plain.into_iter();
    add.app_name = plain.next().map(str::to_owned);
    add.remote_cluster = plain.next().map(str::to_owned);
    if add.remote_cluster.is_none() {
        add.problems.push("it takes a table and a cluster: add_dup <table> <cluster>".to_owned());
    }
    add.problems.extend(plain.map(|word| format!("{word:?} is too much")));
    add
}

fn admin_cli(words: &[&str], used: Option<&str>) -> AddDup {
    let mut add = AddDup { tool: Tool::AdminCli, app_name: used.map(str::to_owned), ..AddDup::default() };
    let mut rest = words.iter().copied();
    while let Some(word) = rest.next() {
        let (option, inline) = word.split_once('=').map_or((word, None), |(o, v)| (o, Some(v)));
        if is_option(option) {
            add.options.push(option.to_owned());
        }
        match option {
            "-c" | "--cluster" => match inline.or_else(|| rest.next()) {
                Some(cluster) => add.remote_cluster = Some(cluster.to_owned()),
                None => add.problems.push(format!("{option} lacks the target cluster's name")),
            },
            // A switch: its value stands behind `=` only.
            "-p" | "--checkpoint" => match inline.map(str::parse) {
                None => add.with_checkpoint = Some(true),
                Some(Ok(value)) => add.with_checkpoint = Some(value),
                Some(Err(_)) => add.problems.push(format!("{word}: neither true nor false")),
            },
            other => add.problems.push(format!("{other:?} is not an option of dup add")),
        }
    }
    if add.remote_cluster.is_none() {
        add.problems.push("it takes the target cluster: dup add -c <cluster>".to_owned());
    }
    if add.app_name.is_none() {
        add.problems.push("the table must be chosen before: use <table>".to_owned());
    }
    add
}

fn is_option(word: &str) -> bool {
    word.len() > 1 && word.starts_with('-') && !word[1..].starts_with(|c: char| c.is_ascii_digit())
}

/// Splits at blanks, but not within quotes.
fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    for c in line.chars() {
        match (quote, c) {
            (Some(q), c) if c == q => quote = None,
            (None, '"' | '\'') => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (None, c) if c.is_whitespace() => words.extend(word.take()),
            (_, c) => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> AddDup {
        AddDup::parse(line, None).unwrap_or_default()
    }

    #[test]
    fn every_syntax_is_read() {
        let add = parse("add_dup test_dup1 target_cluster -s -a new1_test -r 3");
        assert_eq!((add.app_name.as_deref(), add.remote_cluster.as_deref()), (Some("test_dup1"), Some("target_cluster")));
        assert_eq!((add.with_checkpoint, add.follower(), add.remote_replica_count), (Some(true), Some("new1_test"), Some(3)));
        assert!(add.renames() && add.problems.is_empty());
        let add = parse("add_dup t c --remote_app_name=x --remote_replica_count=1");
        assert_eq!((add.with_checkpoint, add.follower(), add.remote_replica_count), (Some(false), Some("x"), Some(1)));
        assert!(parse("add_dup t c -f").freeze);
        let add = parse("use t; dup add -c far -p=false");
        assert_eq!((add.tool, add.app_name.as_deref(), add.with_checkpoint), (Tool::AdminCli, Some("t"), Some(false)));
        assert_eq!(AddDup::parse("duplication add --cluster far", Some("t")).unwrap_or_default().with_checkpoint, None);
        assert_eq!(AddDup::parse("remove_dup t 1", None), None);
    }

    #[test]
    fn what_is_wrong_is_named() {
        assert_eq!(parse("add_dup t").problems, ["it takes a table and a cluster: add_dup <table> <cluster>"]);
        assert_eq!(parse("add_dup t c x").problems, ["\"x\" is too much"]);
        assert_eq!(
            parse("add_dup t c -r three --fast -a").problems,
            ["-r three: not a number", "--fast is not an option of add_dup", "-a lacks the target table's name"]
        );
        assert_eq!(parse("dup add -c far").problems, ["the table must be chosen before: use <table>"]);
    }
}
