//! Which alias stands for which name: the same one for the same name, whatever it names.

use super::matcher::{Matcher, Place};
use std::collections::{BTreeMap, BTreeSet};

/// What a name is the name of. Where a name is several things, the first counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    Table,
    Cluster,
    Host,
    Address,
    User,
    Folder,
    File,
}

impl Kind {
    const ALL: [Self; 7] = [Self::Table, Self::Cluster, Self::Host, Self::Address, Self::User, Self::Folder, Self::File];

    /// The word that aliases begin with.
    const fn word(self) -> &'static str {
        match self {
            Self::Table => "table",
            Self::Cluster => "cluster",
            Self::Host => "host",
            Self::Address => "ip",
            Self::User => "user",
            Self::Folder => "dir",
            Self::File => "file",
        }
    }
}

/// Names and their aliases.
#[derive(Debug, Default)]
pub(super) struct Aliases {
    by_name: BTreeMap<String, (Kind, String)>,
    /// Names without an alias yet.
    waiting: BTreeMap<String, Kind>,
    taken: BTreeSet<String>,
    last: BTreeMap<Kind, usize>,
    /// By `cluster.table`; another split of the same words later changes nothing.
    pairs: BTreeMap<String, String>,
    /// Pairs whose parts wait for their aliases.
    waiting_pairs: BTreeSet<(String, String)>,
    matcher: Matcher,
}

impl Aliases {
    /// Notes a name; it gets its alias when all are known, so that no alias is somebody's name.
    pub(super) fn learn(&mut self, kind: Kind, name: &str) {
        if !name.contains(char::is_alphanumeric) || self.by_name.contains_key(name) {
            return;
        }
        let known = self.waiting.entry(name.to_owned()).or_insert(kind);
        *known = kind.min(*known);
    }

    /// Notes `cluster.table`, each part and the whole.
    pub(super) fn learn_pair(&mut self, cluster: &str, table: &str) {
        self.learn(Kind::Cluster, cluster);
        self.learn(Kind::Table, table);
        if !cluster.is_empty() && !table.is_empty() && !self.pairs.contains_key(&format!("{cluster}.{table}")) {
            self.waiting_pairs.insert((cluster.to_owned(), table.to_owned()));
        }
    }

    /// Gives every name an alias.
    pub(super) fn settle(&mut self) {
        if self.waiting.is_empty() && self.waiting_pairs.is_empty() {
            return;
        }
        let waiting = std::mem::take(&mut self.waiting);
        let mut by_kind: Vec<(Kind, String)> = waiting.iter().map(|(name, kind)| (*kind, name.clone())).collect();
        by_kind.sort();
        for (kind, name) in by_kind {
            let alias = self.next(kind, &waiting);
            self.matcher.add(&name, &alias, matches!(kind, Kind::Folder | Kind::File));
            self.by_name.insert(name, (kind, alias));
        }
        for (cluster, table) in std::mem::take(&mut self.waiting_pairs) {
            self.pair(&cluster, &table);
        }
    }

    /// The alias of a name, made when there is none.
    pub(super) fn alias(&mut self, kind: Kind, name: &str) -> String {
        if !self.by_name.contains_key(name) {
            self.learn(kind, name);
            self.settle();
        }
        self.by_name.get(name).map_or_else(|| name.to_owned(), |(_, alias)| alias.clone())
    }

    /// The alias of a name that is known.
    pub(super) fn known(&self, name: &str) -> Option<&str> {
        self.by_name.get(name).map(|(_, alias)| alias.as_str())
    }

    fn next(&mut self, kind: Kind, waiting: &BTreeMap<String, Kind>) -> String {
        let last = self.last.entry(kind).or_default();
        loop {
            *last += 1;
            let alias = format!("{}-{last}", kind.word());
            let is_name = waiting.contains_key(&alias) || self.by_name.contains_key(&alias);
            if !is_name && self.taken.insert(alias.clone()) {
                return alias;
            }
        }
    }

    /// By alias, for the key.
    pub(super) fn key(&self) -> BTreeMap<String, String> {
        self.by_name.iter().map(|(name, (_, alias))| (alias.clone(), name.clone())).collect()
    }

    /// Takes over an earlier key; says which alias is none of ours.
    pub(super) fn take_over(&mut self, key: &BTreeMap<String, String>) -> Result<(), String> {
        for (alias, name) in key {
            let kind = alias.rsplit_once('-').and_then(|(word, number)| {
                let kind = Kind::ALL.into_iter().find(|k| k.word() == word)?;
                Some((kind, number.parse::<usize>().ok()?))
            });
            let Some((kind, number)) = kind.filter(|_| !name.is_empty()) else { return Err(alias.clone()) };
            let last = self.last.entry(kind).or_default();
            *last = number.max(*last);
            self.taken.insert(alias.clone());
            self.matcher.add(name, alias, matches!(kind, Kind::Folder | Kind::File));
            self.by_name.insert(name.clone(), (kind, alias.clone()));
        }
        Ok(())
    }

    /// Where known names stand in a text: those that are `wanted`, as they stand there and distinctive or not.
    pub(super) fn places(&mut self, text: &str, wanted: impl Fn(&str, bool) -> bool) -> Vec<Place> {
        let mut places = self.matcher.places(text, wanted);
        // Names may differ by their case only.
        for place in &mut places {
            if let Some((_, alias)) = self.by_name.get(&text[place.start..place.end]) {
                place.alias.clone_from(alias);
            }
        }
        places
    }

    /// `cluster.table`, for the whole of which the aliases of its parts stand wherever it is found.
    pub(super) fn pair(&mut self, cluster: &str, table: &str) -> String {
        let whole = format!("{cluster}.{table}");
        if let Some(alias) = self.pairs.get(&whole) {
            return alias.clone();
        }
        let alias = format!("{}.{}", self.alias(Kind::Cluster, cluster), self.alias(Kind::Table, table));
        self.matcher.add(&whole, &alias, false);
        self.pairs.insert(whole, alias.clone());
        alias
    }
}

/// `name(5)` is how some lines print a table.
pub(super) fn plain_table(text: &str) -> &str {
    let base = text
        .strip_suffix(')')
        .and_then(|t| t.rsplit_once('('))
        .filter(|(base, id)| !base.is_empty() && id.bytes().all(|b| b.is_ascii_digit()));
    base.map_or(text, |(base, _)| base)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hidden(aliases: &mut Aliases, text: &str) -> String {
        let mut out = text.to_owned();
        for place in aliases.places(text, |_, _| true).into_iter().rev() {
            out.replace_range(place.start..place.end, &place.alias);
        }
        out
    }

    #[test]
    fn names_within_names_and_within_words() {
        let mut aliases = Aliases::default();
        for name in ["order", "order_feed", "t1", "log", "订单", "a[b", "table-1", "3"] {
            aliases.learn(Kind::Table, name);
        }
        aliases.settle();
        let key = aliases.key();
        assert!(!key.contains_key("table-1"), "an alias is nobody's name: {key:?}");
        let of = |name: &str| aliases.known(name).unwrap_or_default().to_owned();
        let (order, feed, t1, cjk) = (of("order"), of("order_feed"), of("t1"), of("订单"));
        assert_eq!(
            hidden(&mut aliases, "app[target.t1] /user/../t1 t10 order_feed xorder_"),
            format!("app[target.{t1}] /user/../{t1} t10 {feed} x{order}_")
        );
        assert_eq!(hidden(&mut aliases, "表订单3 load_replay_log 3"), format!("表{cjk}3 load_replay_log 3"));
        assert!(!hidden(&mut aliases, "xa[by").contains("a[b"));
    }

    #[test]
    fn a_key_is_taken_over() {
        let mut before = Aliases::default();
        before.alias(Kind::Host, "h1");
        let mut after = Aliases::default();
        assert_eq!(after.take_over(&before.key()), Ok(()));
        assert_eq!(after.alias(Kind::Table, "h1"), "host-1");
        assert_eq!(after.alias(Kind::Host, "h0"), "host-2");
        let strange = BTreeMap::from([("nothing".to_owned(), "x".to_owned())]);
        assert_eq!(after.take_over(&strange), Err("nothing".to_owned()));
    }
}
