//! The innermost loop: line ends and the beginnings of needles, sixty-four bytes a step.

use super::needles::Needle;

/// As many bytes of each needle are looked at.
const DEEP: usize = 4;

/// Bytes looked at in one step.
pub(super) const STEP: usize = 64;

/// Bytes behind a step that must be there: the needles that begin in the step end in them, and so do the first eight bytes of a
/// line that begins with the step's end.
pub(super) const BEHIND: usize = STEP;

/// Bytes between two looks at what was found; they stay in the innermost cache.
pub(super) const PART: usize = 16 * 1024;

/// Room for the places of a part: a power of two, so that no index has to be checked, and a few more than there can be.
const ROOM: usize = 2 * PART;

/// What a part holds, as offsets in it.
#[derive(Debug)]
pub(super) struct Found {
    ends: Box<Places>,
    maybe: Box<Places>,
    count: Count,
}

type Places = [u16; ROOM];

/// How much of a part was looked at, and what was found in it.
#[derive(Debug, Clone, Copy, Default)]
struct Count {
    bytes: usize,
    ends: usize,
    maybe: usize,
    nul: bool,
}

impl Default for Found {
    fn default() -> Self {
        #[expect(clippy::large_stack_arrays, reason = "made once for each thread; an array spares the loop its checks")]
        let room = || Box::new([0; ROOM]);
        Self { ends: room(), maybe: room(), count: Count::default() }
    }
}

impl Found {
    /// Bytes that were looked at: the whole steps of the part.
    pub(super) fn bytes(&self) -> usize {
        self.count.bytes
    }

    /// The line ends.
    pub(super) fn ends(&self) -> &[u16] {
        &self.ends[..self.count.ends]
    }

    /// Where a needle's window may begin.
    pub(super) fn maybe(&self) -> &[u16] {
        &self.maybe[..self.count.maybe]
    }

    /// Whether there is a NUL byte.
    pub(super) fn has_nul(&self) -> bool {
        self.count.nul
    }
}

#[cfg(target_arch = "x86_64")]
impl Count {
    /// Takes what a step found, a bit for each of its bytes.
    #[expect(clippy::inline_always, reason = "only what is inlined is compiled for the processor at hand")]
    #[inline(always)]
    fn step(&mut self, ends: u64, maybe: u64, ends_at: &mut Places, maybe_at: &mut Places) {
        // Most steps have no line end or one. A place is written in any case, since a jump that is hard to foretell costs more.
        ends_at[self.ends % ROOM] = place(self.bytes, ends);
        let mut rest = ends & ends.wrapping_sub(1);
        let mut filled = self.ends + 1;
        while rest != 0 {
            ends_at[filled % ROOM] = place(self.bytes, rest);
            rest &= rest - 1;
            filled += 1;
        }
        self.ends += ends.count_ones() as usize;
        let mut rest = maybe;
        while rest != 0 {
            maybe_at[self.maybe % ROOM] = place(self.bytes, rest);
            self.maybe += 1;
            rest &= rest - 1;
        }
        self.bytes += STEP;
    }
}

#[cfg(target_arch = "x86_64")]
#[expect(
    clippy::inline_always,
    clippy::cast_possible_truncation,
    reason = "inlined for the processor at hand; a part is shorter than 64 KiB"
)]
#[inline(always)]
fn place(step: usize, bits: u64) -> u16 {
    (step as u32 + bits.trailing_zeros()) as u16
}

/// A way to search that this processor has.
#[derive(Debug, Clone, Copy)]
pub(super) enum Kernel {
    /// AVX-512 with the look-up of a byte among 128: no letter is taken for another.
    #[cfg(target_arch = "x86_64")]
    Avx512(archmage::X64V4xToken),
    /// AVX2, with the look-up of half a byte among sixteen.
    #[cfg(target_arch = "x86_64")]
    Avx2(archmage::X64V3Token),
}

impl Kernel {
    /// All that this processor has, the fastest first.
    pub(super) fn all() -> Vec<Self> {
        #[cfg(target_arch = "x86_64")]
        {
            use archmage::{SimdToken, X64V3Token, X64V4xToken};
            let avx512 = X64V4xToken::summon().map(Self::Avx512);
            avx512.into_iter().chain(X64V3Token::summon().map(Self::Avx2)).collect()
        }
        #[cfg(not(target_arch = "x86_64"))]
        Vec::new()
    }

    /// Looks through the whole steps of at most [`PART`] bytes; the [`BEHIND`] bytes behind a step must be there.
    pub(super) fn look(self, tables: &Tables, part: &[u8], found: &mut Found) {
        let part = &part[..part.len().min(PART + BEHIND)];
        found.count = match self {
            #[cfg(target_arch = "x86_64")]
            Self::Avx512(token) => x86::avx512(token, &tables.bytes, part, &mut found.ends, &mut found.maybe),
            #[cfg(target_arch = "x86_64")]
            Self::Avx2(token) => x86::avx2(token, &tables.halves, part, &mut found.ends, &mut found.maybe),
        };
    }
}

/// For the first bytes of the needles' windows: which of eight buckets they begin a needle of.
///
/// Teddy, as in Hyperscan and the aho-corasick crate; here it shares its loads with the search for line ends.
#[derive(Debug)]
pub(super) struct Tables {
    /// By the seven low bits, since the needles are ASCII; other bytes are verified away.
    bytes: [[u8; 128]; DEEP],
    /// By the low and by the high four bits. The processor looks up within sixteen bytes, so both halves of a row hold the same.
    halves: [[[u8; 32]; 2]; DEEP],
}

impl Tables {
    pub(super) fn of(buckets: &[&[Needle]]) -> Self {
        let mut tables = Self { bytes: [[0; 128]; DEEP], halves: [[[0; 32]; 2]; DEEP] };
        for (number, needles) in buckets.iter().enumerate() {
            for needle in *needles {
                for (depth, byte) in needle.window().bytes().take(DEEP).enumerate() {
                    let bucket = 1 << number;
                    tables.bytes[depth][usize::from(byte & 127)] |= bucket;
                    for half in [0, 16] {
                        tables.halves[depth][0][usize::from(byte & 15) + half] |= bucket;
                        tables.halves[depth][1][usize::from(byte >> 4) + half] |= bucket;
                    }
                }
            }
        }
        tables
    }
}

#[cfg(target_arch = "x86_64")]
mod x86 {
    #![expect(clippy::used_underscore_binding, reason = "the macro passes on the token, which only proves what the processor has")]

    use super::{Count, DEEP, Places, STEP};
    use archmage::{X64V3Token, X64V4xToken, arcane};

    #[arcane(import_intrinsics)]
    pub(super) fn avx512(_token: X64V4xToken, tables: &[[u8; 128]; DEEP], part: &[u8], ends: &mut Places, maybe: &mut Places) -> Count {
        let mut count = Count::default();
        let half = |depth: usize, from: usize| match tables[depth][from..].first_chunk::<STEP>() {
            Some(bytes) => _mm512_loadu_si512(bytes),
            None => _mm512_setzero_si512(),
        };
        let low: [__m512i; DEEP] = [half(0, 0), half(1, 0), half(2, 0), half(3, 0)];
        let high: [__m512i; DEEP] = [half(0, 64), half(1, 64), half(2, 64), half(3, 64)];
        // Hidden from the compiler, which would take two instructions instead of one.
        let one_on: [u8; STEP] = std::hint::black_box(std::array::from_fn(|at| u8::try_from(at + 1).unwrap_or(0)));
        let one_on = _mm512_loadu_si512(&one_on);
        let newline = _mm512_set1_epi8(10);
        let mut least = _mm512_set1_epi8(-1);
        for window in part.as_chunks::<STEP>().0.windows(2) {
            let window = window.as_flattened();
            let (Some(bytes), Some(next), Some(two_on), Some(three_on)) =
                (window.first_chunk::<STEP>(), window[STEP..].first_chunk::<STEP>(), window[2..].first_chunk(), window[3..].first_chunk())
            else {
                break;
            };
            let bytes = _mm512_loadu_si512(bytes);
            // Of the three shifted windows one is put together from two that are loaded anyway: loads that cross a line of the
            // cache are what is scarce here.
            let depths: [__m512i; DEEP] = [
                bytes,
                _mm512_permutex2var_epi8(bytes, one_on, _mm512_loadu_si512(next)),
                _mm512_loadu_si512::<[u8; STEP]>(two_on),
                _mm512_loadu_si512::<[u8; STEP]>(three_on),
            ];
            let mut buckets = _mm512_set1_epi8(-1);
            for depth in 0..DEEP {
                buckets = _mm512_and_si512(buckets, _mm512_permutex2var_epi8(low[depth], depths[depth], high[depth]));
            }
            least = _mm512_min_epu8(least, bytes);
            count.step(_mm512_cmpeq_epi8_mask(bytes, newline), _mm512_test_epi8_mask(buckets, buckets), ends, maybe);
        }
        count.nul = _mm512_testn_epi8_mask(least, least) != 0;
        count
    }

    #[arcane(import_intrinsics)]
    pub(super) fn avx2(_token: X64V3Token, tables: &[[[u8; 32]; 2]; DEEP], part: &[u8], ends: &mut Places, maybe: &mut Places) -> Count {
        const HALF: usize = STEP / 2;
        let mut count = Count::default();
        let low_bits = _mm256_set1_epi8(15);
        let newline = _mm256_set1_epi8(10);
        let zero = _mm256_setzero_si256();
        let tables = tables.each_ref().map(|[low, high]| [_mm256_loadu_si256(low), _mm256_loadu_si256(high)]);
        let mut least = _mm256_set1_epi8(-1);
        for window in part.as_chunks::<STEP>().0.windows(2) {
            let window = window.as_flattened();
            let (mut end_bits, mut maybe_bits) = (0_u64, 0_u64);
            for half in 0..2 {
                let mut buckets = _mm256_set1_epi8(-1);
                for depth in 0..DEEP {
                    let Some(bytes) = window[half * HALF + depth..].first_chunk::<HALF>() else { continue };
                    let bytes = _mm256_loadu_si256(bytes);
                    if depth == 0 {
                        least = _mm256_min_epu8(least, bytes);
                        let equal = _mm256_movemask_epi8(_mm256_cmpeq_epi8(bytes, newline)).cast_unsigned();
                        end_bits |= u64::from(equal) << (half * HALF);
                    }
                    let [low, high] = tables[depth];
                    let by_low = _mm256_shuffle_epi8(low, _mm256_and_si256(bytes, low_bits));
                    let by_high = _mm256_shuffle_epi8(high, _mm256_and_si256(_mm256_srli_epi16::<4>(bytes), low_bits));
                    buckets = _mm256_and_si256(buckets, _mm256_and_si256(by_low, by_high));
                }
                let none = _mm256_movemask_epi8(_mm256_cmpeq_epi8(buckets, zero)).cast_unsigned();
                maybe_bits |= u64::from(!none) << (half * HALF);
            }
            count.step(end_bits, maybe_bits, ends, maybe);
        }
        count.nul = _mm256_movemask_epi8(_mm256_cmpeq_epi8(least, zero)) != 0;
        count
    }
}
