//! A table of a TOML file that knows where its keys stand, so that a fault is told with file and line.

use std::fmt::Display;
use std::path::Path;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// What is wrong, as `file:line: reason`.
pub(super) type Result<T> = std::result::Result<T, String>;

/// The keys of a table, in the order of the file.
pub(super) struct Table<'a> {
    path: &'a Path,
    text: &'a str,
    /// Where it begins.
    at: usize,
    entries: Vec<(Spanned<String>, Spanned<DeValue<'a>>)>,
}

impl<'a> Table<'a> {
    pub(super) fn parse(path: &'a Path, text: &'a str) -> Result<Self> {
        let none = Table { path, text, at: 0, entries: Vec::new() };
        let whole = DeTable::parse(text).map_err(|e| none.fault_at(e.span().unwrap_or_default().start, e.message()))?;
        Ok(none.inner(0, whole.get_ref()))
    }

    fn inner(&self, at: usize, table: &DeTable<'a>) -> Self {
        let entries = table.iter().map(|(key, value)| (Spanned::new(key.span(), key.get_ref().to_string()), value.clone()));
        let mut entries: Vec<_> = entries.collect();
        entries.sort_by_key(|(key, _)| key.span().start);
        Self { path: self.path, text: self.text, at, entries }
    }

    fn fault_at(&self, at: usize, reason: impl Display) -> String {
        format!("{}:{}: {reason}", self.path.display(), self.text[..at].matches('\n').count() + 1)
    }

    /// `reason`, at the line of `key`, or of the table where there is none.
    pub(super) fn fault(&self, key: &str, reason: impl Display) -> String {
        self.fault_at(self.entry(key).map_or(self.at, |(key, _)| key.span().start), reason)
    }

    /// Refuses keys that are not among `known`.
    pub(super) fn check(&self, known: &[&str]) -> Result<()> {
        let unknown = self.entries.iter().find(|(key, _)| !known.contains(&key.get_ref().as_str()));
        unknown.map_or(Ok(()), |(key, _)| Err(self.fault(key.get_ref(), format!("{} is none of {}", key.get_ref(), known.join(", ")))))
    }

    /// Takes the tables out, by name.
    pub(super) fn take_tables(&mut self) -> Vec<(String, Self)> {
        let (tables, rest) = std::mem::take(&mut self.entries).into_iter().partition(|(_, value)| value.get_ref().is_table());
        self.entries = rest;
        let tables: Vec<(Spanned<String>, Spanned<DeValue<'a>>)> = tables;
        let inner = |(key, value): (Spanned<String>, Spanned<DeValue<'a>>)| {
            let at = key.span().start;
            value.get_ref().as_table().map(|table| (key.into_inner(), self.inner(at, table)))
        };
        tables.into_iter().filter_map(inner).collect()
    }

    /// The tables of `[[key]]`.
    pub(super) fn tables(&self, key: &str) -> Result<Vec<Self>> {
        let table = |one: &Spanned<DeValue<'a>>| one.get_ref().as_table().map(|table| self.inner(one.span().start, table));
        self.read(key, "tables", |value| value.as_array()?.iter().map(table).collect()).map(Option::unwrap_or_default)
    }

    pub(super) fn text(&self, key: &str) -> Result<Option<String>> {
        self.read(key, "a text", |value| value.as_str().map(str::to_owned))
    }

    pub(super) fn texts(&self, key: &str) -> Result<Option<Vec<String>>> {
        let text = |one: &Spanned<DeValue<'a>>| one.get_ref().as_str().map(str::to_owned);
        self.read(key, "a list of texts", |value| value.as_array()?.iter().map(text).collect())
    }

    pub(super) fn flag(&self, key: &str) -> Result<Option<bool>> {
        self.read(key, "true or false", DeValue::as_bool)
    }

    fn read<T>(&self, key: &str, what: &str, read: impl Fn(&DeValue<'a>) -> Option<T>) -> Result<Option<T>> {
        let Some((_, value)) = self.entry(key) else { return Ok(None) };
        read(value.get_ref()).map(Some).ok_or_else(|| self.fault(key, format!("{key} has to be {what}")))
    }

    fn entry(&self, key: &str) -> Option<&(Spanned<String>, Spanned<DeValue<'a>>)> {
        self.entries.iter().find(|(name, _)| name.get_ref() == key)
    }
}
