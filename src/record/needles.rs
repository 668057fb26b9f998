//! The needles: each known message holds one, so that lines without any need not be split.

use aho_corasick::packed;
use aho_corasick::{AhoCorasick, MatchKind};
use std::sync::LazyLock;

/// A text that known messages hold.
#[derive(Debug, Clone, Copy)]
pub(super) struct Needle {
    /// At least as long as its window, at most sixteen bytes.
    pub(super) text: &'static str,
    /// Where in the text the window begins: the four bytes in a row that the fast search looks for.
    pub(super) at: usize,
}

impl Needle {
    /// The text from the window on.
    pub(super) fn window(&self) -> &'static str {
        &self.text[self.at..]
    }
}

const fn needle(text: &'static str, at: usize) -> Needle {
    Needle { text, at }
}

/// Each known message holds at least one of these; a test over all patterns proves it.
///
/// Chosen by a search over all sets that cover the patterns, for few hits in ordinary lines. Up to
/// 32 needles aho-corasick's packed searcher looks at 32 bytes a step, beyond at 16, beyond 64 it is
/// none; an automaton is twenty times slower (0.16 GB/s against 3.5). None may be shorter than four
/// bytes: the searcher looks at as many bytes of each as the shortest has, and with three it is
/// three times slower.
///
/// Windows and buckets were chosen for few false alarms in real and generated logs: what any letters
/// of a bucket's windows can be mixed into has to be verified, and an alarm costs more than a step.
///
/// A line of level F stops a server, whatever it says; its needle is the line's beginning.
pub(super) const BUCKETS: [&[Needle]; 8] = [
    &[needle("app ", 0), needle("app(", 0), needle("ckpoint ", 4), needle("duplic", 0), needle("int: ", 0), needle("inva", 0)],
    &[needle("ailed", 0), needle("ervice", 1), needle("t lo", 0), needle("xceed ", 0)],
    &[needle(" is ", 0), needle("_privat", 1), needle("env ", 0), needle("ery ", 0)],
    &[needle("d_ns =", 1), needle("st with ", 0), needle("status = ", 4), needle("w-last_recv", 1)],
    &[needle("ate: ", 0), needle("connected: ", 6), needle("max_decree", 0), needle("on_i", 0)],
    &[needle("\nF20", 0), needle("ame_patt", 0), needle("n ex", 0)],
    &[needle(" on ", 0), needle("nal id: ", 2), needle("t th", 0)],
    &[needle(" version(", 0), needle("a server ", 0), needle("cess", 0), needle("ower a", 0)],
];

/// The texts, bucket by bucket.
pub(super) fn texts() -> impl Iterator<Item = &'static str> {
    BUCKETS.iter().flat_map(|needles| needles.iter().map(|needle| needle.text))
}

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
    let packed = packed::Config::new().match_kind(packed::MatchKind::LeftmostFirst).builder().extend(texts()).build();
    match packed {
        Some(searcher) => Searcher::Packed(searcher),
        None => {
            AhoCorasick::builder().match_kind(MatchKind::LeftmostFirst).build(texts()).map_or(Searcher::Everything, Searcher::Automaton)
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

/// Tells in one look-up which needle's window begins here. No two windows begin with the same four bytes.
pub(super) struct Windows {
    /// By the first four bytes: which of the needles, counted from 1. Small, so that it stays in the cache.
    slots: Box<[u8; SLOTS]>,
    needles: Vec<(u32, Needle)>,
    factor: u32,
}

impl Windows {
    pub(super) fn of(buckets: &[&[Needle]]) -> Self {
        let all = buckets.iter().copied().flatten();
        let needles: Vec<(u32, Needle)> = all.filter_map(|needle| Some((first_bytes(needle.window().as_bytes())?, *needle))).collect();
        let fill = |factor: u32| {
            let mut slots = Box::new([0; SLOTS]);
            for (number, (first, _)) in (1..).zip(&needles) {
                if std::mem::replace(&mut slots[slot(*first, factor)], number) != 0 {
                    return None;
                }
            }
            Some((slots, factor))
        };
        // Some of the first few odd numbers tell any such set apart; a test knows that one does.
        let (slots, factor) = (0..1000).find_map(|n| fill(0x9e37_79b1_u32.wrapping_add(2 * n))).unwrap_or((Box::new([0; SLOTS]), 1));
        Self { slots, needles, factor }
    }

    /// The last byte of the needle whose window begins at `at`.
    pub(super) fn needle_at(&self, block: &[u8], at: usize) -> Option<usize> {
        let found = first_bytes(block.get(at..)?)?;
        let number = self.slots[slot(found, self.factor)];
        let (first, needle) = self.needles.get(usize::from(number).checked_sub(1)?)?;
        let begin = at.checked_sub(needle.at)?;
        (found == *first && block[begin..].starts_with(needle.text.as_bytes())).then_some(begin + needle.text.len() - 1)
    }
}

const SLOTS: usize = 1 << SLOT_BITS;
const SLOT_BITS: u32 = 10;

fn slot(first: u32, factor: u32) -> usize {
    (first.wrapping_mul(factor) >> (32 - SLOT_BITS)) as usize
}

fn first_bytes(text: &[u8]) -> Option<u32> {
    text.first_chunk().copied().map(u32::from_le_bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_few_enough_needles_for_the_packed_searcher() {
        assert!(texts().count() <= 32);
        assert!(texts().all(|needle| needle.is_ascii() && (4..=16).contains(&needle.len())));
        assert!(matches!(*SEARCHER, Searcher::Packed(_)) || cfg!(not(any(target_arch = "x86_64", target_arch = "aarch64"))));
    }

    #[test]
    fn every_needle_is_known_by_its_window() {
        let windows = Windows::of(&BUCKETS);
        for needle in BUCKETS.iter().copied().flatten() {
            let line = format!("{}…", needle.text);
            assert_eq!(windows.needle_at(line.as_bytes(), needle.at), Some(needle.text.len() - 1), "{needle:?}");
            assert_eq!(windows.needle_at(&line.as_bytes()[1..], needle.at), None);
        }
    }
}
