//! How much is read of what lies before a window of time: it chooses what is shown, but what was known before it counts.

use super::heads::Heads;
use super::log::Window;
use super::seek::offset_of;
use crate::pegasus::LogTime;
use crate::source::{Item, Kind};
use std::ops::Deref;

/// Of each item so many bytes before the window; all of them where that is no more than `budget`, else what is nearest.
pub(super) fn allowances(items: &[Item], heads: &impl Deref<Target = Heads>, window: &Window, budget: u64) -> Vec<u64> {
    if budget == 0 {
        return vec![0; items.len()];
    }
    if !window.begins() || items.iter().map(cost).sum::<u64>() <= budget {
        return vec![u64::MAX; items.len()];
    }
    let mut allowances = vec![0; items.len()];
    let mut wanted: Vec<(LogTime, u64, usize)> = Vec::new();
    for (index, item) in items.iter().enumerate() {
        let Some(since) = heads.get(index).and_then(|head| window.collector(head, false).since) else { continue };
        if heads.first(index).is_some_and(|first| first >= since) {
            continue;
        }
        let end = heads.next(items, index).map_or(since, |next| next.min(since));
        match item.kind {
            Kind::Plain if end == since => wanted.push((end, offset_of(item, since).unwrap_or(item.len), index)),
            // What is unpacked for the window is there without any more work.
            _ if end == since => allowances[index] = u64::MAX,
            Kind::Plain | Kind::Compressed(_) | Kind::Tar(_) | Kind::Pipe | Kind::Stdin => wanted.push((end, cost(item), index)),
        }
    }
    // The nearest first; files that end at the same time, as those of all servers do that hold the window's beginning, share.
    wanted.sort_unstable_by_key(|&(end, bytes, index)| (std::cmp::Reverse(end), bytes, index));
    let mut left = budget;
    for (at, &(end, bytes, index)) in wanted.iter().enumerate() {
        let sharing = wanted[at..].iter().take_while(|other| other.0 == end).count() as u64;
        let share = bytes.min(left / sharing.max(1));
        if items[index].kind == Kind::Plain {
            allowances[index] = share;
            left -= share;
        } else if bytes <= left {
            // Something that is unpacked is unpacked from its beginning.
            allowances[index] = u64::MAX;
            left -= bytes;
        }
    }
    allowances
}

/// About how many bytes of work it is to read all of it.
fn cost(item: &Item) -> u64 {
    match item.kind {
        Kind::Plain | Kind::Tar(None) => item.len,
        Kind::Compressed(_) | Kind::Tar(Some(_)) => item.len.saturating_mul(10),
        // They are read once, and then to their end.
        Kind::Pipe | Kind::Stdin => 0,
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail loudly")]
    use super::*;
    use crate::ingest::{Moment, Options};
    use crate::source::discover;

    #[test]
    fn what_is_nearest_before_the_window_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let begin = 1_716_542_517_000_000_000_i64;
        let line =
            |second: i64| format!("I2024-05-24 17:21:57.7 ({} 12)   meta.x: {}\n", begin + second * 1_000_000_000, "noise ".repeat(20));
        for file in 0..3_i64 {
            let text: String = (0..1000).map(|n| line(file * 1000 + n)).collect();
            std::fs::write(folder.path().join(format!("log.{}.txt", file + 1)), text).unwrap();
        }
        let items = discover(&[folder.path().to_owned()]).items;
        let len = items[0].len;
        let of = |second: i64, budget: u64| {
            let since = Some(Moment::At(LogTime(begin + second * 1_000_000_000)));
            allowances(&items, &Box::new(Heads::of(&items)), &Window::new(&Options { since, ..Options::default() }, LogTime(0)), budget)
        };
        assert_eq!(of(2500, 3 * len), [u64::MAX; 3]);
        assert_eq!(of(2500, len), [0, 0, len], "the file in which the window begins");
        assert_eq!(of(2500, 3 * len / 2), [0, len / 2, len], "and the end of the one before");
        assert_eq!(of(500, len / 4)[1..], [0, 0], "what comes later is read anyway");
    }
}
