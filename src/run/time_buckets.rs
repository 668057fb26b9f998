//! Values over time in a bounded number of buckets, whose width grows with the stretch that they cover.
//!
//! The width is the smallest power of two (in seconds) with which the first and the last moment are
//! less than [`Joined::MOST`] buckets apart, and buckets of a width lie within those of the next. So the
//! buckets depend on the moments only, not on the order or the pieces in which they came.

use crate::pegasus::LogTime;

/// What stands in a bucket.
pub trait Joined: Copy {
    /// So many buckets at most.
    const MOST: i64;
    /// Joins what stands in the same bucket; the order must not matter.
    fn join(&mut self, other: Self);
}

/// Values by bucket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimeBuckets<T> {
    /// A bucket is `2^shift` seconds wide.
    shift: u32,
    /// By number of the bucket since the epoch, in order.
    buckets: Vec<(i64, T)>,
}

impl<T> Default for TimeBuckets<T> {
    fn default() -> Self {
        Self { shift: 0, buckets: Vec::new() }
    }
}

impl<T: Joined> TimeBuckets<T> {
    /// A value at a moment.
    pub fn one(at: LogTime, value: T) -> Self {
        Self { shift: 0, buckets: vec![(at.secs(), value)] }
    }

    /// Adds a value.
    pub fn add(&mut self, at: LogTime, value: T) {
        let bucket = at.secs() >> self.shift;
        self.put(bucket, value);
        self.widen_to_fit();
    }

    /// Adds all of others.
    pub fn append(&mut self, other: &Self) {
        self.widen(other.shift.max(self.shift));
        for &(bucket, value) in &other.buckets {
            self.put(bucket >> (self.shift - other.shift), value);
        }
        self.widen_to_fit();
    }

    /// Makes buckets so wide that there are at most so many of them.
    pub fn fit(&mut self, most: i64) {
        while self.buckets.len() > 1 && self.distance() >= most.max(1) && self.shift < 40 {
            self.widen(self.shift + 1);
        }
    }

    /// Makes buckets `2^shift` seconds wide, unless they are wider already.
    pub fn widen(&mut self, shift: u32) {
        let by = shift.saturating_sub(self.shift);
        if by == 0 {
            return;
        }
        self.shift = shift;
        for (bucket, value) in std::mem::take(&mut self.buckets) {
            self.put(bucket >> by, value);
        }
    }

    /// The width as a power of two.
    pub fn shift(&self) -> u32 {
        self.shift
    }

    /// Width of a bucket in seconds.
    pub fn seconds(&self) -> i64 {
        1 << self.shift
    }

    /// Begin of each bucket and what stands in it, in order.
    pub fn iter(&self) -> impl Iterator<Item = (LogTime, &T)> {
        self.buckets.iter().map(|(bucket, value)| (LogTime::from_secs(bucket << self.shift), value))
    }

    /// What stands in each bucket from the first to the last, `none` in those that have nothing.
    pub fn dense(&self, none: T) -> Vec<T> {
        let first = self.buckets.first().map_or(0, |s| s.0);
        let mut all = Vec::with_capacity(usize::try_from(self.distance()).unwrap_or_default() + 1);
        for &(bucket, value) in &self.buckets {
            // There are few buckets, whatever they are apart.
            all.resize(usize::try_from(bucket - first).unwrap_or_default(), none);
            all.push(value);
        }
        all
    }

    fn distance(&self) -> i64 {
        match (self.buckets.first(), self.buckets.last()) {
            (Some(first), Some(last)) => last.0 - first.0,
            _ => 0,
        }
    }

    fn widen_to_fit(&mut self) {
        self.fit(T::MOST);
    }

    fn put(&mut self, bucket: i64, value: T) {
        match self.buckets.last_mut() {
            Some(last) if last.0 == bucket => last.1.join(value),
            Some(last) if last.0 > bucket => match self.buckets.binary_search_by_key(&bucket, |s| s.0) {
                Ok(index) => self.buckets[index].1.join(value),
                Err(index) => self.buckets.insert(index, (bucket, value)),
            },
            _ => self.buckets.push((bucket, value)),
        }
    }
}

/// How many events; the density of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Count(pub u64);

impl Joined for Count {
    const MOST: i64 = 256;

    fn join(&mut self, other: Self) {
        self.0 += other.0;
    }
}

/// Decrees of a partition as one line states them; of several in a bucket the last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Decrees {
    /// When.
    pub at: LogTime,
    /// Confirmed.
    pub confirmed: i64,
    /// Last committed, where the line says it.
    pub committed: Option<i64>,
}

impl Joined for Decrees {
    const MOST: i64 = 64;

    fn join(&mut self, other: Self) {
        *self = (*self).max(other);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn counted(moments: &[i64]) -> TimeBuckets<Count> {
        let mut all = TimeBuckets::default();
        for &at in moments {
            all.add(LogTime(at), Count(1));
        }
        all
    }

    proptest! {
        #[test]
        fn the_moments_decide_not_their_pieces(mut moments in proptest::collection::vec(0_i64..600_000_000_000_000, 1..400), cut in 0_usize..400) {
            let whole = counted(&moments);
            let cut = cut.min(moments.len());
            let mut joined = counted(&moments[..cut]);
            joined.append(&counted(&moments[cut..]));
            prop_assert_eq!(&joined, &whole);
            moments.reverse();
            prop_assert_eq!(&counted(&moments), &whole);
            prop_assert!(whole.buckets.len() <= 256);
            prop_assert_eq!(whole.iter().map(|(_, c)| c.0).sum::<u64>(), moments.len() as u64);
        }
    }

    #[test]
    fn the_last_decrees_of_a_slot_stay() {
        let at = |s: i64, confirmed| Decrees { at: LogTime::from_secs(s), confirmed, committed: None };
        let mut all = TimeBuckets::one(LogTime(0), at(0, 1));
        for s in 1..1000 {
            all.add(LogTime::from_secs(s), at(s, s));
        }
        assert_eq!((all.seconds(), all.iter().count()), (16, 63));
        assert_eq!(all.iter().last().map(|(begin, d)| (begin.secs(), d.confirmed)), Some((992, 999)));
    }
}
