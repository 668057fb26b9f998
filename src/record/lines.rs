//! Where the lines of a buffer end, found 64 bytes at a time.

/// The line ends of a buffer. Made once and filled again and again, since fresh memory costs more than the search.
#[derive(Debug, Default)]
pub struct LineEnds {
    /// Longer than what is filled.
    room: Vec<usize>,
    filled: usize,
    has_nul: bool,
}

impl LineEnds {
    /// Looks through `block`, which replaces what was looked through before.
    pub fn find(&mut self, block: &[u8]) {
        (self.filled, self.has_nul) = (0, false);
        let whole = block.len() - block.len() % STEP;
        for (number, part) in block[..whole].chunks(PART).enumerate() {
            // Room for a part of nothing but line ends, so that nobody has to ask within it.
            let wanted = self.filled + PART + STEP;
            if self.room.len() < wanted {
                self.room.resize(wanted.max(2 * self.room.len()), 0);
            }
            let (found, nul) = search(part, number * PART, &mut self.room[self.filled..]);
            self.filled += found;
            self.has_nul |= nul;
        }
        let rest = &block[whole..];
        self.has_nul |= memchr::memchr(0, rest).is_some();
        for at in memchr::memchr_iter(b'\n', rest) {
            if self.filled == self.room.len() {
                self.room.push(0);
            }
            self.room[self.filled] = whole + at;
            self.filled += 1;
        }
    }

    /// Offsets of the line ends.
    #[must_use]
    pub fn offsets(&self) -> &[usize] {
        &self.room[..self.filled]
    }

    /// Whether there is a NUL byte.
    #[must_use]
    pub fn has_nul(&self) -> bool {
        self.has_nul
    }
}

/// Bytes looked at in one step.
const STEP: usize = 64;

/// Bytes between two looks at the room that is left.
const PART: usize = 8 * 1024;

/// Writes the offsets of line ends, counted from `base`, to `found`; says how many, and whether there is a NUL byte.
///
/// `part` is a multiple of [`STEP`] long, `found` longer than `part`.
fn search(part: &[u8], base: usize, found: &mut [usize]) -> (usize, bool) {
    #[cfg(target_arch = "x86_64")]
    if let Some(avx2) = pulp::x86::V3::try_new() {
        return avx2.vectorize(wide::Search { avx2, part, base, found });
    }
    let mut count = 0;
    for at in memchr::memchr_iter(b'\n', part) {
        found[count] = base + at;
        count += 1;
    }
    (count, memchr::memchr(0, part).is_some())
}

#[cfg(target_arch = "x86_64")]
mod wide {
    use super::STEP;
    use pulp::x86::V3;
    use std::arch::x86_64::__m256i;

    pub(super) struct Search<'a> {
        pub(super) avx2: V3,
        pub(super) part: &'a [u8],
        pub(super) base: usize,
        pub(super) found: &'a mut [usize],
    }

    impl pulp::NullaryFnOnce for Search<'_> {
        type Output = (usize, bool);

        #[expect(clippy::inline_always, reason = "only what is inlined is compiled for AVX2")]
        #[inline(always)]
        fn call(self) -> (usize, bool) {
            let V3 { avx, avx2, .. } = self.avx2;
            let newline = avx._mm256_set1_epi8(10);
            let mut least = avx._mm256_set1_epi8(-1);
            let mut count = 0;
            let (steps, _) = pulp::as_arrays::<STEP, u8>(self.part);
            for (step, bytes) in steps.iter().enumerate() {
                let [low, high]: [__m256i; 2] = pulp::cast(*bytes);
                least = avx2._mm256_min_epu8(least, avx2._mm256_min_epu8(low, high));
                let mask = |half| u64::from(avx2._mm256_movemask_epi8(avx2._mm256_cmpeq_epi8(half, newline)).cast_unsigned());
                let mut ends = mask(low) | mask(high) << 32;
                let at = self.base + step * STEP;
                // Most steps have no line end or one: both are written the same way, without a jump that is hard to foretell.
                self.found[count] = at + ends.trailing_zeros() as usize;
                let more = ends.count_ones() as usize;
                if more > 1 {
                    for place in 1..more {
                        ends &= ends - 1;
                        self.found[count + place] = at + ends.trailing_zeros() as usize;
                    }
                }
                count += more;
            }
            let nul = avx2._mm256_movemask_epi8(avx2._mm256_cmpeq_epi8(least, avx._mm256_setzero_si256())) != 0;
            (count, nul)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_end_is_found_and_nothing_else() {
        let mut ends = LineEnds::default();
        let mut state = 7_u64;
        for len in (0..300).chain([PART - 1, PART, PART + 1, 5 * PART + 77]) {
            for rare in [1, 3, 40, 1000] {
                let text: Vec<u8> = (0..len)
                    .map(|_| {
                        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                        if (state >> 33).is_multiple_of(rare) { b'\n' } else { state.to_le_bytes()[5] | 0x40 }
                    })
                    .collect();
                ends.find(&text);
                let plain: Vec<usize> = (0..len).filter(|&at| text[at] == b'\n').collect();
                assert_eq!(ends.offsets(), plain, "{len} bytes");
                assert!(!ends.has_nul());
                if let Some(at) = len.checked_sub(1) {
                    let mut damaged = text.clone();
                    damaged[at / 2] = 0;
                    ends.find(&damaged);
                    assert!(ends.has_nul());
                }
            }
        }
    }
}
