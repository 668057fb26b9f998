//! The needles: each known message holds one, so that lines without any need not be split.

use aho_corasick::packed;
use aho_corasick::{AhoCorasick, MatchKind};
use std::sync::LazyLock;

/// Each known message holds at least one of these; a test over all patterns proves it.
///
/// Chosen by a search over all sets that cover the patterns, for few hits in ordinary lines. Up to
/// 32 needles the packed searcher looks at 32 bytes a step, beyond at 16, beyond 64 it is none; an
/// automaton is twenty times slower (0.16 GB/s against 3.5). The order matters, too: every eighth
/// needle shares a bucket, and needles that share one should begin alike, since the searcher
/// verifies whatever a bucket's letters can be mixed into.
///
/// None may be shorter than four bytes: the searcher looks at as many bytes of each as the shortest
/// has, and with three it is three times slower.
///
/// A line of level F stops a server, whatever it says; its needle is the line's beginning.
pub(super) const NEEDLES: &[&str] = &[
    "ckpoint ",
    "n ex",
    "duplic",
    " is ",
    "shou",
    "env ",
    "ailed",
    "t th",
    " version(",
    "ervice",
    "int: ",
    "d_ns =",
    "st with ",
    "ery ",
    "a server ",
    "app ",
    "ame_patt",
    "_privat",
    "inva",
    " on ",
    "t lo",
    "xceed ",
    "status = ",
    " code",
    "w-last_recv",
    "ate: ",
    "cess",
    "ower a",
    "on_i",
    "\nF20",
    "connected: ",
    "er from ",
];

/// The searcher over the needles.
enum Searcher {
    /// SIMD, where the processor has it.
    Packed(packed::Searcher),
    /// Everywhere else.
    Automaton(AhoCorasick),
    /// Neither could be built: every line is a candidate, slow but complete.
    Everything,
}

static SEARCHER: LazyLock<Searcher> = LazyLock::new(|| {
    let packed = packed::Config::new().match_kind(packed::MatchKind::LeftmostFirst).builder().extend(NEEDLES).build();
    match packed {
        Some(searcher) => Searcher::Packed(searcher),
        None => {
            AhoCorasick::builder().match_kind(MatchKind::LeftmostFirst).build(NEEDLES).map_or(Searcher::Everything, Searcher::Automaton)
        }
    }
});

/// The end of the first needle at or after `from`.
pub(super) fn next_needle(block: &[u8], from: usize) -> Option<usize> {
    match &*SEARCHER {
        Searcher::Packed(searcher) => searcher.find_in(block, (from..block.len()).into()).map(|m| m.end()),
        Searcher::Automaton(searcher) => searcher.find(block.get(from..)?).map(|m| from + m.end()),
        Searcher::Everything => (from < block.len()).then_some(from + 1),
    }
}

/// Tells in one look-up whether a needle begins here. No two needles begin with the same four bytes.
pub(super) struct Prefixes {
    slots: Vec<Option<(u32, &'static str)>>,
    factor: u32,
}

impl Prefixes {
    pub(super) fn of(needles: &'static [&'static str]) -> Self {
        let fill = |factor: u32| {
            let mut slots = vec![None; SLOTS];
            for needle in needles {
                let Some(prefix) = prefix(needle.as_bytes()) else { continue };
                let slot: &mut Option<(u32, &str)> = &mut slots[slot(prefix, factor)];
                if slot.is_some() {
                    return None;
                }
                *slot = Some((prefix, *needle));
            }
            Some(Self { slots, factor })
        };
        // Some of the first few odd numbers tell any such set apart; a test knows that one does.
        (0..1000).find_map(|n| fill(0x9e37_79b1_u32.wrapping_add(2 * n))).unwrap_or(Self { slots: vec![None; SLOTS], factor: 1 })
    }

    /// The length of the needle that `text` begins with.
    pub(super) fn needle_at(&self, text: &[u8]) -> Option<usize> {
        let prefix = prefix(text)?;
        let (same, needle) = self.slots[slot(prefix, self.factor)]?;
        (same == prefix && text.starts_with(needle.as_bytes())).then_some(needle.len())
    }
}

const SLOTS: usize = 1 << SLOT_BITS;
const SLOT_BITS: u32 = 10;

fn slot(prefix: u32, factor: u32) -> usize {
    (prefix.wrapping_mul(factor) >> (32 - SLOT_BITS)) as usize
}

fn prefix(text: &[u8]) -> Option<u32> {
    text.first_chunk().copied().map(u32::from_le_bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_few_enough_needles_for_the_packed_searcher() {
        assert!(NEEDLES.len() <= 32);
        assert!(NEEDLES.iter().all(|needle| (4..=16).contains(&needle.len())));
        assert!(matches!(*SEARCHER, Searcher::Packed(_)) || cfg!(not(any(target_arch = "x86_64", target_arch = "aarch64"))));
    }

    #[test]
    fn every_needle_is_known_by_its_beginning() {
        let prefixes = Prefixes::of(NEEDLES);
        for needle in NEEDLES {
            assert_eq!(prefixes.needle_at(format!("{needle}…").as_bytes()), Some(needle.len()));
            assert_eq!(prefixes.needle_at(&needle.as_bytes()[1..]), None);
        }
    }
}
