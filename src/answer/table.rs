//! What Pegasus' table printer prints, as text and as JSON.
//!
//! Source: `src/utils/output_utils.cpp`. Tables of several columns have a head and rows; tables of one column are `name : value`.

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::Value;
use std::fmt;

/// One table.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Table {
    /// The line of its head, or of its first pair.
    pub line: u64,
    /// `[name]` above it.
    pub name: Option<String>,
    /// Names of its columns; empty for a table of pairs.
    pub columns: Vec<String>,
    /// Its rows, each with its line; as many cells as columns.
    pub rows: Vec<(u64, Vec<String>)>,
    /// `name : value`, each with its line.
    pub pairs: Vec<(u64, String, String)>,
}

impl Table {
    /// The number of a column.
    pub fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|c| c.eq_ignore_ascii_case(name))
    }

    /// A pair's value.
    pub fn pair(&self, name: &str) -> Option<&str> {
        self.pairs.iter().find(|(_, n, _)| n == name).map(|(_, _, v)| v.as_str())
    }

    /// Cells of a row by column name.
    pub fn cell<'a>(&self, row: &'a [String], column: &str) -> Option<&'a str> {
        row.get(self.column(column)?).map(String::as_str)
    }
}

/// Columns by which a head is known: the first of a table that this program reads.
const HEADS: &[(&str, &str)] = &[
    ("app_id", "status"),
    ("app_id", "app_name"),
    ("dup_id", "status"),
    ("pidx", "ballot"),
    ("address", "status"),
    ("node", "primary"),
    ("app_name", "app_id"),
];

/// The tables in lines; `first` is the number of the first line.
pub(crate) fn tables(lines: &[String], first: u64) -> Vec<Table> {
    let mut found: Vec<Table> = Vec::new();
    let mut name: Option<String> = None;
    // Whether the next line may go on with the last table.
    let mut open = false;
    for (offset, line) in lines.iter().enumerate() {
        let number = first + offset as u64;
        let trimmed = line.trim();
        if trimmed.is_empty() {
            open = false;
            continue;
        }
        // Rules between the rows of a table with bars.
        if trimmed.starts_with(['+', '|']) && trimmed.chars().all(|c| matches!(c, '+' | '-' | '|' | '=' | ':' | ' ')) {
            continue;
        }
        if let Some(inner) = trimmed.strip_prefix('[').and_then(|t| t.strip_suffix(']'))
            && !inner.contains([' ', '[', ':'])
        {
            name = Some(inner.to_owned());
            open = false;
            continue;
        }
        if let Some(columns) = head(trimmed) {
            found.push(Table { line: number, name: name.take(), columns, ..Table::default() });
            open = true;
            continue;
        }
        if let Some((key, value)) = pair(trimmed) {
            let goes_on = open && found.last().is_some_and(|t| t.columns.is_empty());
            if !goes_on {
                found.push(Table { line: number, name: name.take(), ..Table::default() });
            }
            if let Some(table) = found.last_mut() {
                table.pairs.push((number, key, value));
            }
            open = true;
            continue;
        }
        if open
            && let Some(table) = found.last_mut()
            && !table.columns.is_empty()
        {
            let cells = barred(trimmed).unwrap_or_else(|| cells(trimmed));
            // A row may lack cells at its end, and the sums of a table lack its first.
            if cells.len() == table.columns.len() {
                table.rows.push((number, cells));
                continue;
            }
        }
        open = false;
    }
    found
}

/// Columns, where a line is a head. `remote cluster` and `create time` are one column each.
fn head(line: &str) -> Option<Vec<String>> {
    let words: Vec<String> = match barred(line) {
        Some(cells) => cells.iter().map(|cell| cell.to_ascii_lowercase().replace(' ', "_")).collect(),
        None => {
            let joined = line.replace("remote cluster", "remote_cluster").replace("create time", "create_time");
            joined.split_whitespace().map(str::to_owned).collect()
        }
    };
    let known = HEADS.iter().any(|(a, b)| words.first().is_some_and(|w| w == a) && words.get(1).is_some_and(|w| w == b));
    known.then_some(words)
}

/// The cells of a line of a table that is drawn with bars.
fn barred(line: &str) -> Option<Vec<String>> {
    let inner = line.strip_prefix('|')?.strip_suffix('|')?;
    Some(inner.split('|').map(|cell| cell.trim().to_owned()).collect())
}

/// `name : value`.
fn pair(line: &str) -> Option<(String, String)> {
    let (name, value) = line.split_once(": ").or_else(|| line.strip_suffix(':').map(|n| (n, "")))?;
    let name = name.trim();
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-' | '(' | ')' | '*');
    (!name.is_empty() && name.chars().all(plain)).then(|| (name.to_owned(), value.trim().to_owned()))
}

/// Cells of a row; a date and a time behind it are one.
fn cells(line: &str) -> Vec<String> {
    let mut cells: Vec<String> = Vec::new();
    for word in line.split_whitespace() {
        let is_time = word.len() >= 8 && word.as_bytes().get(2) == Some(&b':') && word.as_bytes()[0].is_ascii_digit();
        match cells.last_mut() {
            Some(date) if is_time && date.len() == 10 && date.as_bytes().get(4) == Some(&b'-') => {
                date.push(' ');
                date.push_str(word);
            }
            _ => cells.push(word.to_owned()),
        }
    }
    cells
}

/// The tables of a JSON text, where it is what `-j` prints; all of it stands in `line`.
///
/// Rows are keyed by their first cell, and two rows with the same key are both kept, which a JSON object would not.
pub(crate) fn json_tables(text: &str, line: u64) -> Vec<Table> {
    let Ok(Pairs(outer)) = serde_json::from_str::<Pairs<Box<serde_json::value::RawValue>>>(text) else { return Vec::new() };
    outer.into_iter().filter_map(|(name, raw)| json_table(name, raw.get(), line)).collect()
}

fn json_table(name: String, raw: &str, line: u64) -> Option<Table> {
    let Pairs(entries) = serde_json::from_str::<Pairs<Value>>(raw).ok()?;
    let mut table = Table { line, name: Some(name), ..Table::default() };
    for (key, value) in entries {
        let Value::Object(row) = value else {
            table.pairs.push((line, key, plain(&value)));
            continue;
        };
        if table.columns.is_empty() {
            table.columns = row.keys().cloned().collect();
        }
        table.rows.push((line, table.columns.iter().map(|c| row.get(c).map(plain).unwrap_or_default()).collect()));
    }
    Some(table)
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// An object as a list, in which a key may occur twice.
struct Pairs<T>(Vec<(String, T)>);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Pairs<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Each<T>(std::marker::PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for Each<T> {
            type Value = Pairs<T>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut pairs = Vec::new();
                while let Some(pair) = map.next_entry()? {
                    pairs.push(pair);
                }
                Ok(Pairs(pairs))
            }
        }
        deserializer.deserialize_map(Each(std::marker::PhantomData))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<String> {
        text.lines().map(str::to_owned).collect()
    }

    #[test]
    fn tables_of_both_kinds_are_read() {
        let text = "[general_info]\napp_id  status     app_name  app_type  partition_count\n3       AVAILABLE  feed      pegasus   8\n4       DROPPED    old       pegasus   8\n\n[summary]\ntotal_app_count  : 2\n\nlist apps succeed\n";
        let found = tables(&lines(text), 10);
        assert_eq!(found.len(), 2, "{found:?}");
        assert_eq!((found[0].line, found[0].rows.len(), found[0].name.as_deref()), (11, 2, Some("general_info")));
        assert_eq!(found[0].cell(&found[0].rows[0].1, "app_name"), Some("feed"));
        assert_eq!(found[1].pair("total_app_count"), Some("2"));
    }

    #[test]
    fn names_and_times_with_blanks_are_one_cell() {
        let found =
            tables(&lines("dup_id      status  remote cluster  create time\n1716542517  DS_APP  far             2024-05-24 17:21:57\n"), 1);
        assert_eq!(found[0].cell(&found[0].rows[0].1, "create_time"), Some("2024-05-24 17:21:57"));
        assert_eq!(found[0].cell(&found[0].rows[0].1, "remote_cluster"), Some("far"));
    }

    #[test]
    fn a_table_with_bars_is_one() {
        let text = "+------+\n|  dup_id    |  status    |  remote cluster  |     create time     |\n|------------|----|----|----|\n| 1669972761 |  DS_PAUSE  |   far one        | 2022-12-02 17:19:21 |\n+------+\n";
        let found = tables(&lines(text), 1);
        assert_eq!((found.len(), found[0].rows.len()), (1, 1), "{found:?}");
        assert_eq!(found[0].cell(&found[0].rows[0].1, "remote_cluster"), Some("far one"));
        assert_eq!(found[0].cell(&found[0].rows[0].1, "create_time"), Some("2022-12-02 17:19:21"));
    }

    #[test]
    fn rows_with_the_same_key_are_both_kept() {
        let text =
            r#"{"duplications":{"2":{"app_id":"2","dup_id":"17"},"2":{"app_id":"2","dup_id":"18"}},"summary":{"total_app_count":"1"}}"#;
        let found = json_tables(text, 3);
        assert_eq!(found[0].rows.len(), 2);
        assert_eq!(found[1].pair("total_app_count"), Some("1"));
    }
}
