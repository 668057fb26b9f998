//! Which alias stands for which name: the same one for the same name, whatever it names.

use super::vocabulary::{is_code, is_kept};
use aho_corasick::{AhoCorasick, MatchKind};
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
    matcher: Option<Matcher>,
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

    /// Gives every name an alias.
    pub(super) fn settle(&mut self) {
        if self.waiting.is_empty() {
            return;
        }
        let waiting = std::mem::take(&mut self.waiting);
        let mut by_kind: Vec<(Kind, String)> = waiting.iter().map(|(name, kind)| (*kind, name.clone())).collect();
        by_kind.sort();
        for (kind, name) in by_kind {
            let alias = self.next(kind, &waiting);
            self.by_name.insert(name, (kind, alias));
        }
        self.matcher = None;
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
            self.by_name.insert(name.clone(), (kind, alias.clone()));
        }
        self.matcher = None;
        Ok(())
    }

    /// Where known names stand in a text of a log: beginning, end and alias, from left to right.
    pub(super) fn places(&mut self, text: &str) -> Vec<(usize, usize, String)> {
        if self.matcher.is_none() {
            self.matcher = Some(Matcher::new(&self.by_name));
        }
        self.matcher.as_ref().map(|m| m.places(text)).unwrap_or_default()
    }
}

/// Finds names in texts.
#[derive(Debug)]
struct Matcher {
    search: Option<AhoCorasick>,
    names: Vec<Sought>,
}

#[derive(Debug)]
struct Sought {
    alias: String,
    /// So distinctive that it is meant wherever it stands, within a longer word too.
    anywhere: bool,
    /// Its ends are letters or digits, which go on in a longer word.
    open: (bool, bool),
}

impl Matcher {
    fn new(by_name: &BTreeMap<String, (Kind, String)>) -> Self {
        let sought: Vec<(&String, Sought)> = by_name
            .iter()
            .filter_map(|(name, (kind, alias))| {
                // Numbers, statuses and error codes are what a diagnosis is made of.
                let anywhere = is_distinctive(name);
                let hidden = !is_kept(name) && (anywhere || !matches!(kind, Kind::Folder | Kind::File));
                let open = (name.chars().next().is_some_and(in_word), name.chars().next_back().is_some_and(in_word));
                hidden.then(|| (name, Sought { alias: alias.clone(), anywhere, open }))
            })
            .collect();
        let search = AhoCorasick::builder().match_kind(MatchKind::Standard).build(sought.iter().map(|(name, _)| name.as_str())).ok();
        Self { search: search.filter(|_| !sought.is_empty()), names: sought.into_iter().map(|(_, s)| s).collect() }
    }

    fn places(&self, text: &str) -> Vec<(usize, usize, String)> {
        let Some(search) = &self.search else { return Vec::new() };
        let mut all: Vec<(usize, usize, usize)> = search
            .find_overlapping_iter(text)
            .map(|m| (m.start(), m.end(), m.pattern().as_usize()))
            .filter(|&(start, end, index)| Self::stands_alone(text, start, end, &self.names[index]))
            .collect();
        // The longest first, so that a name within a name does not spoil it.
        all.sort_by_key(|&(start, end, _)| (start, std::cmp::Reverse(end)));
        let mut from = 0;
        let mut places = Vec::new();
        for (start, end, index) in all {
            if start >= from {
                places.push((start, end, self.names[index].alias.clone()));
                from = end;
            }
        }
        places
    }

    fn stands_alone(text: &str, start: usize, end: usize, name: &Sought) -> bool {
        let goes_on = |open: bool, c: Option<char>| open && c.is_some_and(in_word);
        name.anywhere || !(goes_on(name.open.0, text[..start].chars().next_back()) || goes_on(name.open.1, text[end..].chars().next()))
    }
}

fn in_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// A name that no word of Pegasus' own messages contains.
pub(super) fn is_distinctive(name: &str) -> bool {
    /// Shorter ones stand in many a word by chance.
    const SHORTEST: usize = 5;
    let rare = name.len() > 2 && name.contains(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '.' | '_' | '-' | ' '));
    !is_kept(name) && !is_code(name) && (rare || !name.is_ascii() || name.len() >= SHORTEST)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hidden(aliases: &mut Aliases, text: &str) -> String {
        let mut out = text.to_owned();
        for (start, end, alias) in aliases.places(text).into_iter().rev() {
            out.replace_range(start..end, &alias);
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
