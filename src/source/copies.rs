//! Files that are copies of each other, byte for byte: reading both would count every event twice.

use std::collections::BTreeMap;
use std::fs::File;
use std::hash::Hasher;
use std::io::{self, Read};
use std::os::unix::fs::FileExt;
use std::path::Path;

use rayon::prelude::*;
use rustc_hash::FxHasher;

use super::error::SkippedCopy;
use super::{Item, Kind};

/// Bytes compared at once.
const PIECE: u64 = 64 * 1024;

/// Bytes of each end that tell logs of equal length apart: their lines have times in nanoseconds.
const END: u64 = 4096;

/// Leaves the first of several equal plain files, in the order given. A file that cannot be read stays: opening it tells why.
pub(super) fn drop_copies(items: Vec<Item>, notes: &mut Vec<SkippedCopy>) -> Vec<Item> {
    let mut by_length: BTreeMap<u64, Vec<usize>> = BTreeMap::new();
    for (index, item) in items.iter().enumerate() {
        if item.kind == Kind::Plain && item.len > 0 {
            by_length.entry(item.len).or_default().push(index);
        }
    }
    let mut original_of: BTreeMap<usize, usize> = BTreeMap::new();
    for candidates in by_length.into_values().filter(|candidates| candidates.len() > 1) {
        let mut by_ends: BTreeMap<u64, Vec<usize>> = BTreeMap::new();
        let hashes: Vec<io::Result<u64>> = candidates.par_iter().map(|&index| hash_of_ends(&items[index].path)).collect();
        for (index, hash) in candidates.into_iter().zip(hashes) {
            let Ok(ends) = hash else {
                continue;
            };
            let originals = by_ends.entry(ends).or_default();
            let same = |original: &&usize| same_bytes(&items[**original].path, &items[index].path).unwrap_or(false);
            match originals.iter().find(same) {
                Some(original) => {
                    original_of.insert(index, *original);
                }
                None => originals.push(index),
            }
        }
    }
    notes.extend(
        original_of
            .iter()
            .map(|(copy, original)| SkippedCopy::SameContent { dropped: items[*copy].path.clone(), kept: items[*original].path.clone() }),
    );
    let kept = items.into_iter().enumerate().filter(|(index, _)| !original_of.contains_key(index));
    kept.map(|(_, item)| item).collect()
}

/// A hash of both ends.
fn hash_of_ends(path: &Path) -> io::Result<u64> {
    let file = File::open(path)?;
    let mut hasher = FxHasher::default();
    let mut piece = Vec::new();
    (&file).take(END).read_to_end(&mut piece)?;
    hasher.write(&piece);
    let len = file.metadata()?.len();
    let mut tail = vec![0; piece.len()];
    let count = file.read_at(&mut tail, len.saturating_sub(piece.len() as u64))?;
    hasher.write(&tail[..count]);
    Ok(hasher.finish())
}

fn same_bytes(a: &Path, b: &Path) -> io::Result<bool> {
    let (mut a, mut b) = (File::open(a)?, File::open(b)?);
    let (mut left, mut right) = (Vec::new(), Vec::new());
    loop {
        for (file, piece) in [(&mut a, &mut left), (&mut b, &mut right)] {
            piece.clear();
            file.take(PIECE).read_to_end(piece)?;
        }
        if left != right {
            return Ok(false);
        }
        if left.is_empty() {
            return Ok(true);
        }
    }
}
