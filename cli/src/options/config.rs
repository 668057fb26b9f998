//! What `dupdoctor.toml` holds: what is accepted, how long things may take, where the user's own signatures are.
//! Whatever is wrong with it is told with file and line.

use super::spelling::meant;
use super::times::nonzero_duration;
use dupdoctor::TimeDelta;
use dupdoctor::report::{Acceptance, AcceptedBy, Day};
use std::path::{Path, PathBuf};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

const KEYS: &[&str] = &["signatures", "expect", "accept"];
const ACCEPT: &[&str] = &["code", "table", "dup", "fingerprint", "reason", "expires"];

/// What the file holds.
#[derive(Debug, Default)]
pub(super) struct Config {
    /// The file.
    pub(super) path: PathBuf,
    /// Folders of signatures, each with the line that names it.
    pub(super) signatures: Vec<(usize, PathBuf)>,
    /// Lengths of time by name or code, each with its line.
    pub(super) expect: Vec<(usize, String, TimeDelta)>,
    /// What is accepted, each with its line.
    pub(super) accept: Vec<(usize, Acceptance)>,
}

impl Config {
    /// `dupdoctor.toml:12`, for messages.
    pub(super) fn place(&self, line: usize) -> String {
        format!("{}:{line}", self.path.display())
    }

    /// Reads a file; folders in it are relative to `folder`.
    pub(super) fn parse(text: &str, path: &Path, folder: &Path) -> Result<Self, String> {
        let reader = Reader { text, path };
        let table = DeTable::parse(text).map_err(|error| {
            let at = error.span().map_or(0, |span| span.start);
            reader.wrong(at, &error.message().replace('\n', " "))
        })?;
        let mut config = Self { path: path.to_owned(), ..Self::default() };
        for (key, value) in table.get_ref() {
            match &**key.get_ref() {
                "signatures" => {
                    let array = value.get_ref().as_array().ok_or_else(|| reader.no(value, "signatures", "a list of directories"))?;
                    for item in array {
                        let name = reader.text(item, "a signature directory")?;
                        config.signatures.push((reader.line(item.span().start), folder.join(name)));
                    }
                }
                "expect" => {
                    let table = value.get_ref().as_table().ok_or_else(|| reader.no(value, "expect", "a table: [expect]"))?;
                    for (name, value) in table {
                        let length = value.get_ref().as_str().and_then(|text| nonzero_duration(text).ok());
                        let length =
                            length.ok_or_else(|| reader.no(value, name.get_ref(), "a duration such as \"90s\", \"30m\", \"2h\""))?;
                        config.expect.push((reader.line(name.span().start), name.get_ref().to_string(), length));
                    }
                }
                "accept" => {
                    let wanted = "a list of tables: [[accept]]";
                    let array = value.get_ref().as_array().ok_or_else(|| reader.no(value, "accept", wanted))?;
                    for item in array {
                        let table = item.get_ref().as_table().ok_or_else(|| reader.no(item, "accept", wanted))?;
                        let line = reader.line(item.span().start);
                        config.accept.push((line, reader.accept(table, item.span().start)?));
                    }
                }
                unknown => {
                    return Err(reader.wrong(key.span().start, &format!("unknown key {unknown:?}{}", meant(unknown, KEYS.iter().copied()))));
                }
            }
        }
        Ok(config)
    }
}

struct Reader<'t> {
    text: &'t str,
    path: &'t Path,
}

impl Reader<'_> {
    fn line(&self, offset: usize) -> usize {
        self.text.get(..offset).map_or(1, |before| before.matches('\n').count() + 1)
    }

    fn wrong(&self, offset: usize, what: &str) -> String {
        format!("{}:{}: {what}", self.path.display(), self.line(offset))
    }

    fn no(&self, value: &Spanned<DeValue<'_>>, key: &str, wanted: &str) -> String {
        self.wrong(value.span().start, &format!("{key} must be {wanted}"))
    }

    fn text<'v>(&self, value: &'v Spanned<DeValue<'_>>, key: &str) -> Result<&'v str, String> {
        let text = value.get_ref().as_str().filter(|text| !text.trim().is_empty());
        text.ok_or_else(|| self.no(value, key, "a non-empty string"))
    }

    /// One accepted finding. Without a reason nobody knows later why, and a table alone would hide what nobody has seen yet.
    fn accept(&self, table: &DeTable<'_>, begin: usize) -> Result<Acceptance, String> {
        let mut rule = Acceptance::new(AcceptedBy::Config, format!("{}:{}", self.path.display(), self.line(begin)));
        for (key, value) in table {
            match &**key.get_ref() {
                "code" => rule.code = Some(self.text(value, "code")?.to_owned()),
                "table" => rule.table = Some(self.text(value, "table")?.to_owned()),
                "fingerprint" => rule.fingerprint = Some(self.text(value, "fingerprint")?.to_owned()),
                "reason" => rule.reason = Some(self.text(value, "reason")?.to_owned()),
                "dup" => {
                    let id =
                        value.get_ref().as_integer().filter(|n| n.radix() == 10).and_then(|n| n.as_str().replace('_', "").parse().ok());
                    rule.dup = Some(id.ok_or_else(|| self.no(value, "dup", "the id of a duplication, a number"))?);
                }
                "expires" => {
                    let written = value.get_ref().as_datetime().map(ToString::to_string);
                    let day = Day::parse(value.get_ref().as_str().unwrap_or(written.as_deref().unwrap_or_default()));
                    rule.expires = Some(day.ok_or_else(|| self.no(value, "expires", "a day such as 2026-12-31"))?);
                }
                unknown => {
                    let hint = meant(unknown, ACCEPT.iter().copied());
                    return Err(self.wrong(key.span().start, &format!("unknown key {unknown:?} in [[accept]]{hint}")));
                }
            }
        }
        if rule.code.is_none() && rule.fingerprint.is_none() {
            return Err(self.wrong(begin, "[[accept]] needs a code such as \"DUP301\", or a fingerprint"));
        }
        if rule.reason.is_none() {
            return Err(self.wrong(begin, "[[accept]] needs a reason, for those who read it later"));
        }
        Ok(rule)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Config, String> {
        Config::parse(text, Path::new("x/dupdoctor.toml"), Path::new("x"))
    }

    #[test]
    fn a_whole_file_is_read() {
        let text = "signatures = [\"own\"]\n\n[expect]\nprepare = \"30m\"\nDUP304 = \"1h30m\"\n\n[[accept]]\ncode = \"DUP303\"\ntable = \"orders\"\nreason = \"one replica\"\nexpires = 2026-12-31\n\n[[accept]]\nfingerprint = \"00\"\ndup = 1_7\nreason = \"x\"\nexpires = \"2026-01-02\"\n";
        let config = read(text).unwrap_or_default();
        assert_eq!(config.signatures, [(1, Path::new("x/own").to_owned())]);
        assert_eq!(config.expect, [(5, "DUP304".to_owned(), TimeDelta::mins(90)), (4, "prepare".to_owned(), TimeDelta::mins(30))]);
        let rules: Vec<(usize, &str, Option<String>)> =
            config.accept.iter().map(|(line, r)| (*line, r.rule.as_str(), r.expires.map(|d| d.to_string()))).collect();
        assert_eq!(
            rules,
            [(7, "x/dupdoctor.toml:7", Some("2026-12-31".to_owned())), (13, "x/dupdoctor.toml:13", Some("2026-01-02".to_owned()))]
        );
        assert_eq!((config.accept[0].1.table.as_deref(), config.accept[1].1.dup), (Some("orders"), Some(17)));
        assert!(read("").is_ok() && read("# nothing\n").is_ok());
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line() {
        for (text, said) in [
            ("\nignroe = 1\n", ":2: unknown key \"ignroe\"; known are signatures, expect, accept"),
            ("signature = []\n", ":1: unknown key \"signature\"; did you mean \"signatures\"?"),
            ("signatures = \"own\"\n", ":1: signatures must be a list of directories"),
            ("signatures = [\"a\",\n 3]\n", ":2: a signature directory must be a non-empty string"),
            ("[expect]\nprepare = 30\n", ":2: prepare must be a duration such as \"90s\", \"30m\", \"2h\""),
            ("[expect]\nprepare = \"0s\"\n", ":2: prepare must be a duration"),
            ("expect = 3\n", ":1: expect must be a table: [expect]"),
            ("[accept]\ncode = \"DUP301\"\n", ":1: accept must be a list of tables: [[accept]]"),
            ("[[accept]]\ncode = \"DUP301\"\n", ":1: [[accept]] needs a reason"),
            ("\n[[accept]]\ntable = \"t\"\nreason = \"r\"\n", ":2: [[accept]] needs a code"),
            ("[[accept]]\ncode = \"DUP301\"\nreasn = \"r\"\n", ":3: unknown key \"reasn\" in [[accept]]; did you mean \"reason\"?"),
            ("[[accept]]\ncode = \"DUP301\"\nreason = \"r\"\nexpires = \"soon\"\n", ":4: expires must be a day such as 2026-12-31"),
            ("[[accept]]\ncode = \"DUP301\"\nreason = \"r\"\nexpires = 2026-12-31T00:00:00Z\n", ":4: expires must be a day"),
            ("[[accept]]\ncode = \"DUP301\"\nreason = \"\"\n", ":3: reason must be a non-empty string"),
            ("[[accept]]\ncode = \"DUP301\"\nreason = \"r\"\ndup = \"17\"\n", ":4: dup must be the id of a duplication, a number"),
            ("[expect]\na = \"1h\"\na = \"2h\"\n", ":3: duplicate key"),
            ("x = [\n", "dupdoctor.toml:"),
        ] {
            let error = read(text).err().unwrap_or_default();
            assert!(error.starts_with("x/dupdoctor.toml:") && error.contains(said), "{text:?}: {error}");
        }
    }
}
