//! What the pieces of a log yield that is read from its beginning to its end, one after the other.
//!
//! It is what joining the lists of the pieces would give, at a lower price: a line that an earlier piece had is not read again.

use super::list::RunList;
use crate::pegasus::LogTime;
use crate::record::Header;
use rustc_hash::{FxHashMap, FxHasher};

/// So many bodies are remembered from piece to piece; then all are forgotten, which costs no more than to read them again.
const REMEMBERED: usize = 1 << 14;

/// Longer bodies, such as reports of tables with many partitions, hardly ever come twice.
const LONGEST: usize = 1024;

/// Where an event stands; its text is taken when it is known that it is kept.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Spot {
    pub(super) at: LogTime,
    pub(super) line: u64,
    pub(super) start: usize,
    pub(super) end: usize,
}

/// The last events of a run.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Tail {
    /// Those of the piece at hand, without the run's first one.
    pub(super) spots: [Option<Spot>; 2],
    pub(super) last: LogTime,
}

/// A body that was read before: what it says needs no second reading.
pub(super) struct Repeat<'a> {
    pub(super) header: Header<'a>,
    /// What makes its events equal, but for what neighbouring lines tell.
    pub(super) hasher: FxHasher,
    /// Decrees that it states.
    pub(super) decrees: Option<(i64, i64)>,
}

/// The list so far, and what the next piece goes on with.
#[derive(Default)]
pub struct RunAccumulator {
    pub(super) list: RunList,
    /// For each key the run that an equal event goes on with.
    pub(super) open: FxHashMap<u64, usize>,
    /// For each run of the list its last event.
    pub(super) tails: Vec<Tail>,
    known: FxHashMap<u64, Known>,
}

/// A body of an earlier piece.
struct Known {
    /// The header's file, then the body.
    text: Box<[u8]>,
    body: usize,
    level: u8,
    hasher: FxHasher,
    decrees: Option<(i64, i64)>,
}

impl RunAccumulator {
    /// The list.
    pub fn into_list(self) -> RunList {
        self.list
    }

    /// Adds what was counted of bytes that no piece holds.
    pub fn append(&mut self, uncollected: RunList) {
        self.list.append(uncollected);
        self.tails.resize(self.list.runs.len(), Tail::default());
    }

    /// What an earlier piece knows of a body; `print` is its hash.
    pub(super) fn known(&self, print: u64, body: &[u8], file: Option<&[u8]>, level: u8) -> Option<(FxHasher, Option<(i64, i64)>)> {
        let known = self.known.get(&print)?;
        let (known_file, known_body) = known.text.split_at(known.body);
        let same = known_body == body && known_file == file.unwrap_or_default() && known.level == level;
        same.then(|| (known.hasher.clone(), known.decrees))
    }

    /// Remembers the bodies of a piece for the next one.
    pub(super) fn remember(&mut self, repeats: FxHashMap<u64, Repeat<'_>>) {
        if self.known.len() + repeats.len() > REMEMBERED {
            self.known.clear();
        }
        // Which ones are remembered decides how fast, not what is found.
        let short = repeats.into_iter().filter(|(_, repeat)| repeat.header.body.len() <= LONGEST).take(REMEMBERED);
        self.known.extend(short.map(|(print, Repeat { header, hasher, decrees })| {
            let file = header.file.unwrap_or_default();
            let text = [file, header.body].concat().into();
            (print, Known { text, body: file.len(), level: header.level, hasher, decrees })
        }));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run::{Block, Collector};
    use proptest::prelude::*;

    /// Lines of all kinds that a piece may leave to the next one: repeats, barriers, decrees, reports, drift, damage, noise.
    const BODIES: &[&str] = &[
        "replica checkpoint still running: 0/8",
        "replica checkpoint still running: 7/8",
        "query follower app[far.t] replica configuration completed, result: duplication_status = DS_APP, query_err = ERR_OBJECT_NOT_FOUND, update_err = ERR_NO_NEED_OPERATE",
        "[a3d1716542517] change duplication status from DS_INIT to DS_PREPARE successfully [app_id: 3]",
        "duplication report: {\"create_ts\":\"2024-05-25 10:11:03\",\"dupid\":1716603063,\"remote\":\"far\",\"status\":\"DS_PREPARE\"}",
        "change duplication status in words of another release",
        "noise",
        "replica checkpoint still running: \0\u{e9}",
    ];

    proptest! {
        #[test]
        fn gathering_pieces_is_joining_their_lists(
            lines in proptest::collection::vec((0..BODIES.len(), prop_oneof![4 => 0_i64..30, 1 => -300_i64..2_000]), 1..120),
            cuts in proptest::collection::vec(any::<proptest::sample::Index>(), 0..6),
        ) {
            let (mut text, mut second) = (Vec::new(), 1_716_542_517_i64);
            let mut starts = vec![0];
            for (body, pause) in lines {
                second += pause;
                let header = format!("W2024-05-24 17:21:57.7 ({second}000000000 12)   meta.meta_state0.0102000500000411: a.cpp:1:f(): ");
                text.extend([header.as_bytes(), BODIES[body].as_bytes(), b"\n"].concat());
                starts.push(text.len());
            }
            let mut ends: Vec<usize> = cuts.iter().map(|cut| starts[cut.index(starts.len())]).chain([text.len()]).collect();
            ends.sort_unstable();
            let (mut joined, mut accumulator, mut start) = (RunList::default(), RunAccumulator::default(), 0);
            for end in ends {
                let block = Block { bytes: &text, own: start..end, offset: start as u64 };
                let mut scan = crate::record::BlockScan::default();
                scan.look(&text[start..end]);
                joined.append(Collector::default().collect(&block));
                Collector::default().gather(&mut accumulator, &block, &scan);
                start = end;
            }
            prop_assert_eq!(format!("{:#?}", accumulator.into_list()), format!("{joined:#?}"));
        }
    }
}
