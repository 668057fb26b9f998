//! Writes a generated log: `cargo bench --bench generate -- 2G /tmp/meta.log [per-mille] [duplications]`.
#![expect(clippy::expect_used, clippy::print_stderr, reason = "a tool for the person who measures")]

mod logs;

use logs::Shape;
use std::fs::File;
use std::io::BufWriter;

fn main() {
    let args: Vec<String> = std::env::args().skip(1).filter(|a| a != "--bench").collect();
    let [size, file, more @ ..] = args.as_slice() else {
        eprintln!("usage: cargo bench --bench generate -- SIZE[K|M|G] FILE [PER-MILLE [DUPLICATIONS]]");
        return;
    };
    let number = |text: &str| text.trim_end_matches(['K', 'M', 'G']).parse::<u64>().expect("a number");
    let unit = match size.chars().last() {
        Some('K') => 10,
        Some('M') => 20,
        Some('G') => 30,
        _ => 0,
    };
    let shape = Shape {
        bytes: number(size) << unit,
        per_mille: more.first().map_or(5, |n| u32::try_from(number(n)).expect("at most 1000")),
        duplications: more.get(1).map_or(20, |n| u32::try_from(number(n)).expect("a small number")),
    };
    // In small pieces, as a buffered log grows: how a file was written decides how its pages lie in the cache, and so what reading it costs.
    let mut out = BufWriter::with_capacity(4096, File::create(file).expect("a writable file"));
    let written = logs::write(shape, &mut out).expect("room on the disk");
    eprintln!("{written} bytes in {file}");
}
