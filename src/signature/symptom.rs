//! Which failures look like what somebody describes.

use super::line::ask_line;
use super::model::{OneOrMany, Signature};
use super::{Catalogue, LinePart};
use crate::event::EventKind;
use std::collections::{BTreeMap, BTreeSet};

/// Words that stand in every description.
const STOP: &[&str] = &[
    "a",
    "an",
    "and",
    "are",
    "as",
    "at",
    "be",
    "but",
    "by",
    "does",
    "for",
    "from",
    "has",
    "have",
    "in",
    "is",
    "it",
    "its",
    "no",
    "not",
    "of",
    "on",
    "or",
    "that",
    "the",
    "then",
    "there",
    "this",
    "to",
    "was",
    "what",
    "when",
    "which",
    "while",
    "why",
    "with",
    "duplication",
    "duplications",
    "table",
    "pegasus",
    "cluster",
];

/// A failure must score at least this part of the best one.
const LEAST: f64 = 0.35;

/// So many are told at most.
const MOST: usize = 12;

impl Catalogue {
    /// The failures that fit a description, an error code, a status, or part of a line; the likeliest first.
    #[must_use]
    pub fn by_symptom(&self, described: &str) -> Vec<&Signature> {
        let wanted = words(described);
        let all: Vec<(&Signature, BTreeMap<String, f64>)> = self.iter().map(|signature| (signature, weights(signature))).collect();
        let rarity = |word: &str| {
            let known = all.iter().filter(|(_, weights)| weights.contains_key(word)).count();
            #[expect(clippy::cast_precision_loss, reason = "the catalogue has some hundred entries")]
            (known > 0).then(|| (1.0 + all.len() as f64 / known as f64).ln())
        };
        let rarities: BTreeMap<&String, f64> = wanted.iter().filter_map(|word| Some((word, rarity(word)?))).collect();
        // A line, or the better part of one, says it best.
        let line = ask_line(described, self);
        let of_line = |signature: &Signature| {
            let worth = |part| match part {
                LinePart::Proof => 40.0,
                LinePart::Asked => 5.0,
                LinePart::Against => 0.0,
            };
            line.uses.iter().filter(|used| used.signature.code == signature.code).map(|used| worth(used.part)).fold(0.0, f64::max)
        };
        let mut scored: Vec<(f64, &Signature)> = all
            .iter()
            .map(|(signature, weights)| {
                let words: f64 = rarities.iter().map(|(word, rarity)| weights.get(*word).unwrap_or(&0.0) * rarity).sum();
                (words + of_line(signature), *signature)
            })
            .filter(|(score, _)| *score > 0.0)
            .collect();
        // Of equally good ones the graver.
        scored.sort_by(|(a, x), (b, y)| b.total_cmp(a).then(y.severity.cmp(&x.severity)).then(x.code.cmp(&y.code)));
        let best = scored.first().map_or(0.0, |(score, _)| *score);
        scored.into_iter().take_while(|(score, _)| *score >= best * LEAST).take(MOST).map(|(_, signature)| signature).collect()
    }
}

/// What each word tells of a failure: its title more than its cause, an error that it asks for most.
fn weights(signature: &Signature) -> BTreeMap<String, f64> {
    let mut weights: BTreeMap<String, f64> = BTreeMap::new();
    let mut learn = |text: &str, weight: f64| {
        for word in words(text) {
            let known = weights.entry(word).or_insert(weight);
            *known = known.max(weight);
        }
    };
    learn(&signature.code, 10.0);
    learn(&signature.name.replace('-', " "), 4.0);
    for text in [&signature.en, &signature.zh] {
        learn(&text.title, 4.0);
        learn(&text.what, 2.0);
        learn(&text.why, 1.0);
    }
    for status in &signature.status {
        // What is tried on every status tells nothing about one.
        learn(status, if signature.status.len() > 2 { 0.5 } else { 4.0 });
    }
    for when in &signature.when {
        for value in when.fields.values().flat_map(OneOrMany::values).chain(when.facts.values().flat_map(OneOrMany::values)) {
            if let Some(value) = value.as_str().filter(|value| value.starts_with("ERR_") || value.starts_with("DS_")) {
                learn(value, 6.0);
            }
        }
        for name in when.event.names() {
            let kind = EventKind::from_name(name);
            if let Some((en, zh)) = kind.map(EventKind::meanings) {
                learn(en, 2.0);
                learn(zh, 2.0);
            }
        }
    }
    weights
}

/// Words in lower case, and of Chinese each pair of characters.
fn words(text: &str) -> BTreeSet<String> {
    let text = text.to_lowercase();
    let is_wide = |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c);
    let latin = text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).filter(|word| word.len() > 1 && !STOP.contains(word));
    let mut all: BTreeSet<String> = latin.map(stem).collect();
    let chars: Vec<char> = text.chars().collect();
    all.extend(chars.windows(2).filter(|pair| pair.iter().all(|c| is_wide(*c))).map(|pair| pair.iter().collect::<String>()));
    all
}

/// `aborts`, `aborted` and `abort` are one word here; names in capitals with `_` stay as they are.
fn stem(word: &str) -> String {
    if word.contains('_') {
        return word.to_owned();
    }
    let short = ["ing", "ed", "es", "s"].iter().find_map(|end| word.strip_suffix(end).filter(|rest| rest.len() > 3));
    short.unwrap_or(word).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(described: &str) -> Vec<String> {
        Catalogue::built_in().by_symptom(described).iter().map(|s| s.code.clone()).collect()
    }

    #[test]
    fn descriptions_lead_to_what_they_describe() {
        for (described, among, most) in [
            ("stuck in DS_APP", "DUP301", 12),
            ("ERR_APP_EXIST", "DUP202", 3),
            ("DS_PREPARE ERR_APP_EXIST", "DUP201", 3),
            ("target meta server does not answer", "DUP208", 6),
            ("ERR_OBJECT_NOT_FOUND in DS_APP", "DUP302", 6),
            ("replica server aborts on start", "DUP412", 12),
            ("zookeeper is slow", "DUP604", 4),
            ("目标集群的元数据服务器没有应答", "DUP208", 4),
            (
                "query follower app[target.t1] replica configuration completed, result: duplication_status = DS_APP, query_err = ERR_OBJECT_NOT_FOUND, update_err = ERR_NO_NEED_OPERATE",
                "DUP301",
                6,
            ),
        ] {
            let found = codes(described);
            assert!(found.iter().take(most).any(|code| code == among), "{described}: {found:?}");
        }
        assert!(codes("zzz qqq").is_empty() && codes("").is_empty());
        assert_eq!(codes("dup305").first().map(String::as_str), Some("DUP305"));
    }
}
