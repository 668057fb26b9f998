//! Finds names in texts, in any case and URL-encoded, at a cost that neither the number of names nor their length changes much.

use super::fold::Folded;
use super::vocabulary::{is_code, is_kept};
use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use std::collections::BTreeMap;

/// Names, in automatons of which each holds more than all later ones: so a new name builds only small ones anew.
#[derive(Debug, Default)]
pub(super) struct Matcher {
    tiers: Vec<Tier>,
    fresh: Vec<Sought>,
}

#[derive(Debug)]
struct Tier {
    search: Option<AhoCorasick>,
    names: Vec<Sought>,
    size: usize,
}

#[derive(Debug)]
struct Sought {
    folded: String,
    alias: String,
    /// So distinctive that it is meant wherever it stands, within a longer word too.
    anywhere: bool,
    /// Its ends are letters or digits, which go on in a longer word.
    open: (bool, bool),
}

/// Where a known name, or what another one before it left of it, stands in a text.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) alias: String,
}

impl Matcher {
    /// Seeks a name from now on; one that is not distinctive only where that is wanted.
    pub(super) fn add(&mut self, name: &str, alias: &str, rare_only: bool) {
        let folded = Folded::new(name).text;
        let anywhere = is_distinctive(name) && is_distinctive(&folded);
        // Numbers, statuses and error codes are what a diagnosis is made of.
        if is_kept(name) || is_kept(&folded) || (rare_only && !anywhere) || !folded.contains(char::is_alphanumeric) {
            return;
        }
        let open = (folded.chars().next().is_some_and(in_word), folded.chars().next_back().is_some_and(in_word));
        self.fresh.push(Sought { folded, alias: alias.to_owned(), anywhere, open });
    }

    fn build(&mut self) {
        if self.fresh.is_empty() {
            return;
        }
        let mut names = std::mem::take(&mut self.fresh);
        let size = |names: &[Sought]| names.iter().map(|n| n.folded.len()).sum::<usize>();
        while let Some(last) = self.tiers.pop_if(|last| last.size <= 2 * size(&names)) {
            names.extend(last.names);
        }
        let builder = AhoCorasick::builder().match_kind(MatchKind::Standard).kind(Some(AhoCorasickKind::NoncontiguousNFA)).clone();
        let search = builder.build(names.iter().map(|n| n.folded.as_str())).ok();
        self.tiers.push(Tier { search, size: size(&names), names });
    }

    /// The names in a text that are `wanted` as they stand there and distinctive or not, from left to right. Of several that begin
    /// at one place the longest counts; what sticks out of a name that another one overlaps is a place of its own.
    pub(super) fn places(&mut self, text: &str, wanted: impl Fn(&str, bool) -> bool) -> Vec<Place> {
        self.build();
        let folded = Folded::new(text);
        let mut longest: BTreeMap<usize, (usize, &Sought)> = BTreeMap::new();
        for tier in &self.tiers {
            let found = tier.search.iter().flat_map(|search| search.find_overlapping_iter(&folded.text));
            let mut done = 0;
            for (start, end, name) in found.map(|m| (m.start(), m.end(), &tier.names[m.pattern().as_usize()])) {
                // Of those that end at one place the longest comes first and covers the others.
                let longer = end > done && longest.get(&start).is_none_or(|(known, _)| end > *known);
                if longer && name.stands_alone(&folded.text, start, end) {
                    let (from, to) = folded.original(start, end);
                    let here = &text[from..to];
                    if !is_kept(here) && wanted(here, name.anywhere) {
                        longest.insert(start, (end, name));
                        done = end;
                    }
                }
            }
        }
        let mut places: Vec<Place> = Vec::new();
        let mut behind = 0;
        for (start, (end, name)) in longest {
            let (mut start, end) = folded.original(start, end);
            if end <= behind {
                continue;
            }
            if start < behind {
                let rest = text[behind..end].trim_start_matches(|c: char| !c.is_alphanumeric());
                start = end - rest.len();
            }
            behind = end;
            if start < end {
                places.push(Place { start, end, alias: name.alias.clone() });
            }
        }
        places
    }
}

impl Sought {
    fn stands_alone(&self, text: &str, start: usize, end: usize) -> bool {
        let goes_on = |open: bool, c: Option<char>| open && c.is_some_and(in_word);
        self.anywhere || !(goes_on(self.open.0, text[..start].chars().next_back()) || goes_on(self.open.1, text[end..].chars().next()))
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

    fn hidden(matcher: &mut Matcher, text: &str) -> String {
        let mut out = text.to_owned();
        for place in matcher.places(text, |_, _| true).into_iter().rev() {
            out.replace_range(place.start..place.end, &place.alias);
        }
        out
    }

    #[test]
    fn any_case_encoded_and_overlapping() {
        let mut matcher = Matcher::default();
        for (name, alias) in [("secret_orders", "A"), ("backup.eu", "B"), ("eu.vault", "C"), ("Été-ab", "D")] {
            matcher.add(name, alias, false);
        }
        assert_eq!(hidden(&mut matcher, "SECRET_Orders=secret%5Forders;sECRET%255forders"), "A=A;A");
        assert_eq!(hidden(&mut matcher, "app[backup.eu.vault]"), "app[B.C]");
        assert_eq!(hidden(&mut matcher, "ÉTÉ-AB %C3%89t%C3%A9-ab"), "D D");
        matcher.add("ds_removed", "E", false);
        assert_eq!(hidden(&mut matcher, "DS_REMOVED"), "DS_REMOVED", "a status is one");
    }

    /// With one search for each name, or all searches made anew for each, this would take for ever.
    #[test]
    fn many_and_long_names_cost_little() {
        let mut matcher = Matcher::default();
        let long = "a".repeat(20_000);
        for index in 0..1_000 {
            matcher.add(&format!("table_of_{index}"), "T", false);
            if index % 50 == 0 {
                matcher.add(&long[..5 + index], "L", false);
            }
            assert_eq!(matcher.places(&format!("x table_of_{index} y"), |_, _| true).len(), 1);
        }
        matcher.add(&long, "L", false);
        assert_eq!(hidden(&mut matcher, &long), "L");
    }
}
