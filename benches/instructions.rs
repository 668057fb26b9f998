//! Instructions of each stage, counted by callgrind: the machine's noise cannot hide a regression.
//!
//! Needs valgrind and the runner of the same version as the library, see `benches/README.md`.
#![expect(missing_docs, clippy::expect_used, reason = "what the macros make; a bench owns what it measures and may fail loudly")]

mod stage;

use dupdoctor::internal::run::RunList;
use dupdoctor::{Catalogue, Diagnosis};
use gungraun::{library_benchmark, library_benchmark_group, main};
use std::hint::black_box;
use std::ops::Range;

/// Small, since callgrind is fifty times slower than the processor.
const BYTES: u64 = 1 << 20;

fn log(per_mille: u32, duplications: u32) -> Vec<u8> {
    stage::log(per_mille, duplications, BYTES)
}

fn lines(per_mille: u32, duplications: u32) -> (Vec<u8>, Vec<Range<usize>>) {
    let text = log(per_mille, duplications);
    let lines = stage::scan(&text);
    (text, lines)
}

fn bodies(per_mille: u32, duplications: u32) -> Vec<stage::Body> {
    let (text, lines) = lines(per_mille, duplications);
    stage::bodies(&text, &lines)
}

fn diagnosis(per_mille: u32, duplications: u32) -> Diagnosis {
    stage::diagnosis(&log(per_mille, duplications), Catalogue::built_in())
}

fn told(per_mille: u32, duplications: u32, own: usize) -> (Diagnosis, Catalogue) {
    (diagnosis(per_mille, duplications), stage::catalogue(own))
}

#[library_benchmark]
#[bench::rare(args = (5, 20), setup = log)]
#[bench::some(args = (200, 100), setup = log)]
#[bench::all(args = (1000, 1000), setup = log)]
fn scan(text: Vec<u8>) -> Vec<Range<usize>> {
    stage::scan(black_box(&text))
}

#[library_benchmark]
#[bench::all(args = (1000, 1000), setup = lines)]
fn header((text, lines): (Vec<u8>, Vec<Range<usize>>)) -> usize {
    stage::headers(black_box(&text), &lines)
}

#[library_benchmark]
#[bench::all(args = (1000, 1000), setup = bodies)]
fn event(bodies: Vec<stage::Body>) -> usize {
    stage::events(black_box(&bodies))
}

#[library_benchmark]
#[bench::rare(args = (5, 20), setup = log)]
#[bench::some(args = (200, 100), setup = log)]
#[bench::all(args = (1000, 1000), setup = log)]
fn fold(text: Vec<u8>) -> RunList {
    stage::fold(black_box(&text))
}

#[library_benchmark]
#[bench::built_in(args = (200, 100, 0), setup = told)]
#[bench::own_1000(args = (200, 100, 1000), setup = told)]
fn matching((diagnosis, catalogue): (Diagnosis, Catalogue)) -> usize {
    stage::matches(black_box(&catalogue), &diagnosis.model)
}

#[library_benchmark]
#[bench::some(args = (200, 100), setup = diagnosis)]
fn render(diagnosis: Diagnosis) -> usize {
    stage::render(black_box(&diagnosis.report))
}

library_benchmark_group!(name = stages; benchmarks = scan, header, event, fold, matching, render);
main!(library_benchmark_groups = stages);
