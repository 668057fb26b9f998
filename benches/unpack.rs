//! How fast the zstd crate alone decodes: the peer of `diagnose` on `.zst` files.
//!
//! `cargo bench --bench unpack -- RUNS FILE…` decodes the files on all cores and prints the median seconds: of
//! `zstd::Decoder`, as a program would read them, and of decoding each file in one go into a buffer used again and again.

use rayon::prelude::*;
use std::cell::RefCell;
use std::io::{self, Read};
use std::time::Instant;

thread_local! {
    static DESK: RefCell<(Vec<u8>, Vec<u8>)> = RefCell::default();
}

/// Into one buffer that is used again and again; the length is in the frame's header.
fn whole(path: &String) -> io::Result<usize> {
    DESK.with_borrow_mut(|(packed, text)| {
        packed.clear();
        std::fs::File::open(path)?.read_to_end(packed)?;
        let length = zstd::zstd_safe::get_frame_content_size(packed).ok().flatten().and_then(|length| usize::try_from(length).ok());
        let length = length.ok_or_else(|| io::Error::other("the frame does not say its length"))?;
        if text.len() < length {
            text.resize(length.next_multiple_of(8 << 20), 0);
        }
        zstd::bulk::Decompressor::new()?.decompress_to_buffer(packed, &mut text[..length])
    })
}

fn stream(path: &String) -> io::Result<usize> {
    let mut decoder = zstd::Decoder::new(std::fs::File::open(path)?)?;
    let mut buffer = vec![0; 256 * 1024];
    let mut all = 0;
    loop {
        match decoder.read(&mut buffer)? {
            0 => return Ok(all),
            got => all += got,
        }
    }
}

fn median(runs: usize, files: &[String], decode: fn(&String) -> io::Result<usize>) -> io::Result<f64> {
    let mut times = Vec::new();
    for _ in 0..=runs {
        let begin = Instant::now();
        files.par_iter().with_max_len(1).map(decode).try_reduce(|| 0, |a, b| Ok(a + b))?;
        times.push(begin.elapsed().as_secs_f64());
    }
    // The first run only warms.
    let mut times = times.split_off(1);
    times.sort_by(f64::total_cmp);
    Ok(times[times.len() / 2])
}

#[expect(clippy::print_stdout, clippy::print_stderr, reason = "a tool for the person who measures")]
fn main() -> io::Result<()> {
    let args: Vec<String> = std::env::args().skip(1).filter(|arg| arg != "--bench").collect();
    let [runs, files @ ..] = &args[..] else {
        eprintln!("usage: cargo bench --bench unpack -- RUNS FILE…");
        return Ok(());
    };
    let runs = runs.parse().map_err(io::Error::other)?;
    let (whole, stream) = (median(runs, files, whole)?, median(runs, files, stream)?);
    println!("{stream:.4} {whole:.4}");
    Ok(())
}
