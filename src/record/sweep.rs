//! One look at each byte of a buffer: where its lines end, and where a known message may stand.

use super::needles::{NEEDLES, Prefixes, next_needle};
use std::ops::Range;
use std::sync::LazyLock;

/// What a buffer holds. Made once and filled again and again, since fresh memory costs more than the search.
#[derive(Debug, Default)]
pub struct Sweep {
    ends: Places,
    /// Ascending, each inside a line that may hold a known message; several may be in one line.
    hits: Vec<usize>,
    has_nul: bool,
    /// Bytes that were looked at, sixty-four at a time.
    done: usize,
    /// Of the buffer.
    length: usize,
    /// What [`wide`] takes for the beginning of a needle.
    maybe: Vec<u32>,
}

/// Offsets, in a vector longer than what is filled, so that nobody has to ask for room within a part.
#[derive(Debug, Default)]
struct Places {
    room: Vec<usize>,
    filled: usize,
}

impl Places {
    fn reserve(&mut self, more: usize) {
        let wanted = self.filled + more;
        if self.room.len() < wanted {
            self.room.resize(wanted.max(2 * self.room.len()), 0);
        }
    }

    fn push(&mut self, place: usize) {
        self.reserve(1);
        self.room[self.filled] = place;
        self.filled += 1;
    }
}

impl Sweep {
    /// Looks through `block`, which begins at a line's first byte; what was found in another one is forgotten.
    pub fn look(&mut self, block: &[u8]) {
        self.begin();
        self.finish(block);
    }

    /// Forgets what was found.
    pub fn begin(&mut self) {
        self.ends.filled = 0;
        self.hits.clear();
        self.has_nul = false;
        self.done = 0;
    }

    /// Looks at what has come to a block since the last time, while it is still in the processor's cache.
    pub fn extend(&mut self, block: &[u8]) {
        #[cfg(target_arch = "x86_64")]
        if let Some(avx2) = pulp::x86::V3::try_new() {
            self.look_wide(avx2, block);
        }
        #[cfg(not(target_arch = "x86_64"))]
        let _ = block;
    }

    /// Looks at the rest of a block, which may end before what was already looked at.
    pub fn finish(&mut self, block: &[u8]) {
        self.extend(block);
        self.length = block.len();
        if self.done == 0 {
            self.look_everywhere(block);
        } else {
            self.look_at_rest(block);
        }
        self.ends.filled = self.ends().partition_point(|&end| end < block.len());
        // Needles of different lengths end in another order than they begin.
        if !self.hits.is_sorted() {
            self.hits.sort_unstable();
        }
        self.hits.truncate(self.hits.partition_point(|&hit| hit < block.len()));
        if block.starts_with(FATAL) {
            self.hits.insert(0, 0);
        }
    }

    /// Offsets of the line ends.
    #[must_use]
    pub fn ends(&self) -> &[usize] {
        &self.ends.room[..self.ends.filled]
    }

    /// The lines that may hold a known message, without their ends: those of [`super::candidate_lines`].
    pub fn candidates(&self) -> impl Iterator<Item = Range<usize>> + '_ {
        let ends = self.ends();
        let (mut line, mut from) = (0, 0);
        self.hits.iter().filter_map(move |&hit| {
            if hit < from {
                return None;
            }
            // The next hit is near more often than not.
            let mut step = 1;
            while ends.get(line + step).is_some_and(|&end| end < hit) {
                line += step;
                step *= 2;
            }
            let upto = ends.len().min(line + step + 1);
            line += ends[line..upto].partition_point(|&end| end < hit);
            let start = line.checked_sub(1).map_or(0, |before| ends[before] + 1);
            let end = ends.get(line).copied().unwrap_or(self.length);
            from = end + 1;
            Some(start..end)
        })
    }

    /// Whether there is a NUL byte.
    #[must_use]
    pub fn has_nul(&self) -> bool {
        self.has_nul
    }

    /// For processors without AVX2: two looks.
    fn look_everywhere(&mut self, block: &[u8]) {
        memchr::memchr_iter(b'\n', block).for_each(|at| self.ends.push(at));
        self.has_nul = memchr::memchr(0, block).is_some();
        let mut at = 0;
        while let Some(end) = next_needle(block, at) {
            self.hits.push(end - 1);
            at = end;
        }
    }

    /// The last bytes, too few for a step.
    fn look_at_rest(&mut self, block: &[u8]) {
        for (at, &byte) in block.iter().enumerate().skip(self.done) {
            match byte {
                b'\n' => self.ends.push(at),
                0 => self.has_nul = true,
                _ => {}
            }
            if let Some(length) = TABLES.prefixes.needle_at(&block[at..]) {
                self.hits.push(at + length - 1);
            }
        }
    }

    #[cfg(target_arch = "x86_64")]
    fn look_wide(&mut self, avx2: pulp::x86::V3, block: &[u8]) {
        let tables = &*TABLES;
        self.maybe.resize(PART + STEP, 0);
        while self.done + STEP + MARGIN <= block.len() {
            let from = self.done;
            self.ends.reserve(PART + STEP);
            // The windows of a part's last needles reach into the next one.
            let part = &block[from..(from + PART + wide::DEEP).min(block.len() - (MARGIN - wide::DEEP))];
            let search = wide::Search {
                avx2,
                tables: &tables.masks,
                part,
                base: from,
                ends: &mut self.ends.room[self.ends.filled..],
                maybe: &mut self.maybe,
            };
            let found = avx2.vectorize(search);
            self.ends.filled += found.ends;
            self.has_nul |= found.nul;
            for &at in &self.maybe[..found.maybe] {
                let at = from + at as usize;
                if let Some(length) = tables.prefixes.needle_at(&block[at..]) {
                    self.hits.push(at + length - 1);
                }
            }
            self.done += found.bytes;
        }
    }
}

/// Bytes behind a step that must be there: a needle that begins in the step ends in them.
const MARGIN: usize = 16;

/// How a line begins that stops a server. The needle for it has the line end before it, which the first line has not.
const FATAL: &[u8] = b"F20";

/// Bytes looked at in one step.
const STEP: usize = 64;

/// Bytes between two looks at the room that is left; they stay in the innermost cache.
const PART: usize = 16 * 1024;

/// What the search needs to know of the needles.
struct Tables {
    prefixes: Prefixes,
    #[cfg(target_arch = "x86_64")]
    masks: wide::Masks,
}

static TABLES: LazyLock<Tables> = LazyLock::new(|| Tables {
    prefixes: Prefixes::of(NEEDLES),
    #[cfg(target_arch = "x86_64")]
    masks: wide::Masks::of(NEEDLES),
});

#[cfg(target_arch = "x86_64")]
mod wide {
    use super::STEP;
    use pulp::x86::V3;
    use std::arch::x86_64::__m256i;

    /// As many bytes of each needle are looked at.
    pub(super) const DEEP: usize = 4;

    /// Bytes in one register.
    const HALF: usize = STEP / 2;

    /// For the first bytes of the needles, by their low and high four bits: which of eight buckets they begin a needle of.
    /// Teddy, as in Hyperscan and the aho-corasick crate; here it shares its loads with the search for line ends.
    pub(super) struct Masks {
        low: [[u8; HALF]; DEEP],
        high: [[u8; HALF]; DEEP],
    }

    impl Masks {
        pub(super) fn of(needles: &[&str]) -> Self {
            let mut masks = Self { low: [[0; HALF]; DEEP], high: [[0; HALF]; DEEP] };
            for (number, needle) in needles.iter().enumerate() {
                for (depth, byte) in needle.bytes().take(DEEP).enumerate() {
                    // The processor looks up within sixteen bytes, so both halves hold the same.
                    for half in [0, 16] {
                        masks.low[depth][usize::from(byte & 15) + half] |= 1 << (number % 8);
                        masks.high[depth][usize::from(byte >> 4) + half] |= 1 << (number % 8);
                    }
                }
            }
            masks
        }
    }

    pub(super) struct Search<'a> {
        pub(super) avx2: V3,
        pub(super) tables: &'a Masks,
        pub(super) part: &'a [u8],
        /// Offset of the part, added to the line ends.
        pub(super) base: usize,
        pub(super) ends: &'a mut [usize],
        /// Counted from the part's beginning.
        pub(super) maybe: &'a mut [u32],
    }

    /// How much was found, in how many bytes of the part.
    pub(super) struct Found {
        pub(super) bytes: usize,
        pub(super) ends: usize,
        pub(super) maybe: usize,
        pub(super) nul: bool,
    }

    impl pulp::NullaryFnOnce for Search<'_> {
        type Output = Found;

        #[expect(clippy::inline_always, reason = "only what is inlined is compiled for AVX2")]
        #[inline(always)]
        fn call(self) -> Found {
            let V3 { avx, avx2, .. } = self.avx2;
            let low_bits = avx._mm256_set1_epi8(15);
            let newline = avx._mm256_set1_epi8(10);
            let zero = avx._mm256_setzero_si256();
            let low = self.tables.low.map(|table| -> __m256i { pulp::cast(table) });
            let high = self.tables.high.map(|table| -> __m256i { pulp::cast(table) });
            let bits = |equal: __m256i| avx2._mm256_movemask_epi8(equal).cast_unsigned();
            let mut least = avx._mm256_set1_epi8(-1);
            let mut found = Found { bytes: 0, ends: 0, maybe: 0, nul: false };
            while let Some(window) = self.part.get(found.bytes..).and_then(|rest| rest.first_chunk::<{ STEP + DEEP }>()) {
                let at = found.bytes;
                let (mut ends, mut maybe) = (0_u64, 0_u64);
                for half in 0..2 {
                    let mut buckets = avx._mm256_set1_epi8(-1);
                    for depth in 0..DEEP {
                        let Some(bytes) = window[half * HALF + depth..].first_chunk::<HALF>() else { continue };
                        let bytes: __m256i = pulp::cast(*bytes);
                        if depth == 0 {
                            least = avx2._mm256_min_epu8(least, bytes);
                            ends |= u64::from(bits(avx2._mm256_cmpeq_epi8(bytes, newline))) << (half * HALF);
                        }
                        let by_low = avx2._mm256_shuffle_epi8(low[depth], avx2._mm256_and_si256(bytes, low_bits));
                        let shifted = avx2._mm256_srli_epi16::<4>(bytes);
                        let by_high = avx2._mm256_shuffle_epi8(high[depth], avx2._mm256_and_si256(shifted, low_bits));
                        buckets = avx2._mm256_and_si256(buckets, avx2._mm256_and_si256(by_low, by_high));
                    }
                    maybe |= u64::from(!bits(avx2._mm256_cmpeq_epi8(buckets, zero))) << (half * HALF);
                }
                if ends != 0 {
                    let ends_at = self.base + at;
                    // Most steps have no line end or one: both are written the same way, without a jump that is hard to foretell.
                    self.ends[found.ends] = ends_at + ends.trailing_zeros() as usize;
                    let more = ends.count_ones() as usize;
                    if more > 1 {
                        for place in 1..more {
                            ends &= ends - 1;
                            self.ends[found.ends + place] = ends_at + ends.trailing_zeros() as usize;
                        }
                    }
                    found.ends += more;
                }
                while maybe != 0 {
                    #[expect(clippy::cast_possible_truncation, reason = "a part is shorter than 32 KiB")]
                    let place = at as u32 + maybe.trailing_zeros();
                    self.maybe[found.maybe] = place;
                    found.maybe += 1;
                    maybe &= maybe - 1;
                }
                found.bytes += STEP;
            }
            found.nul = bits(avx2._mm256_cmpeq_epi8(least, zero)) != 0;
            found
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::candidate_lines;
    use super::*;

    fn check(sweep: &mut Sweep, block: &[u8]) {
        let ends: Vec<usize> = (0..block.len()).filter(|&at| block[at] == b'\n').collect();
        let candidates: Vec<Range<usize>> = candidate_lines(block).collect();
        let mut plain = Sweep { length: block.len(), ..Sweep::default() };
        plain.look_everywhere(block);
        if block.starts_with(FATAL) {
            plain.hits.insert(0, 0);
        }
        let mut pieces = Sweep::default();
        // What follows the block was looked at, too.
        let longer = [block, b"duplic\nF20 is \n\0 and many more bytes, so that a whole step of sixty-four lies behind its end\n"].concat();
        for upto in (0..longer.len()).step_by(block.len() / 3 + 1).chain([longer.len()]) {
            pieces.extend(&longer[..upto]);
        }
        pieces.finish(block);
        pieces.has_nul &= block.contains(&0);
        sweep.look(block);
        for sweep in [&plain, &pieces, sweep] {
            assert_eq!(sweep.ends(), ends);
            assert_eq!(sweep.has_nul(), block.contains(&0));
            assert_eq!(sweep.candidates().collect::<Vec<_>>(), candidates, "{:?}", String::from_utf8_lossy(block));
        }
    }

    #[test]
    fn every_line_end_and_every_line_with_a_needle_is_found_and_nothing_else() {
        let mut sweep = Sweep::default();
        let mut state = 7_u64;
        let mut random = |below: u64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) % below
        };
        for len in (0..300).chain([PART - 1, PART, PART + 1, PART + STEP, 3 * PART + 77]) {
            for rare in [1, 3, 40, 1000] {
                let mut text = Vec::new();
                while text.len() < len {
                    match random(rare * 4) {
                        0 => text.push(b'\n'),
                        1 => text.extend_from_slice(NEEDLES[usize::try_from(random(NEEDLES.len() as u64)).unwrap_or(0)].as_bytes()),
                        2 if random(50) == 0 => text.push(0),
                        3 => text.extend_from_slice(b"F20"),
                        _ => text.push(u8::try_from(0x20 + random(0x5f)).unwrap_or(b'x')),
                    }
                }
                text.truncate(len);
                check(&mut sweep, &text);
            }
        }
    }
}
