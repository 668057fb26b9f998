//! Time of each stage, of whole diagnoses by threads and by signatures, in bytes a second on generated logs.
#![expect(clippy::expect_used, reason = "a bench may fail loudly")]

mod stage;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use dupdoctor::internal::record::BlockScan;
use dupdoctor::{Catalogue, Settings, diagnose};
use std::hint::black_box;
use std::io::Write;

/// Name, duplication lines of a thousand, duplications.
const MIXES: [(&str, u32, u32); 3] = [("0.5 %", 5, 20), ("20 %", 200, 100), ("100 %", 1000, 1000)];

fn stages(c: &mut Criterion) {
    for (name, per_mille, duplications) in MIXES {
        let text = stage::log(per_mille, duplications, 16 << 20);
        let lines = stage::scan(&text);
        let bodies = stage::bodies(&text, &lines);
        let whole = stage::diagnosis(&text, Catalogue::built_in());
        let catalogue = Catalogue::built_in();
        let mut scan = BlockScan::default();
        let mut group = c.benchmark_group(name);
        group.sample_size(10).throughput(Throughput::Bytes(text.len() as u64));
        group.bench_function("scan", |b| b.iter(|| scan.look(black_box(&text))));
        group.bench_function("header", |b| b.iter(|| stage::headers(black_box(&text), &lines)));
        group.bench_function("event", |b| b.iter(|| stage::events(black_box(&bodies))));
        group.bench_function("fold", |b| b.iter(|| stage::fold(black_box(&text))));
        group.bench_function("match", |b| b.iter(|| stage::matches(&catalogue, black_box(&whole.model))));
        group.bench_function("render", |b| b.iter(|| stage::render(black_box(&whole.report))));
        group.finish();
    }
}

fn threads(c: &mut Criterion) {
    for (name, per_mille, duplications) in MIXES {
        let text = stage::log(per_mille, duplications, 128 << 20);
        let mut file = tempfile::NamedTempFile::new().expect("a temporary file");
        file.write_all(&text).expect("room on the disk");
        let paths = [file.path().to_path_buf()];
        let settings = Settings { catalogue: Catalogue::built_in(), ..Settings::default() };
        let mut group = c.benchmark_group(format!("diagnose {name}"));
        group.sample_size(10).throughput(Throughput::Bytes(text.len() as u64));
        for threads in [1, 2] {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
            group.bench_function(format!("{threads} threads"), |b| {
                b.iter(|| pool.install(|| diagnose(&paths, &settings, &|_, _| ()).report.findings.len()));
            });
        }
        group.finish();
    }
}

fn signatures(c: &mut Criterion) {
    let text = stage::log(200, 100, 16 << 20);
    let whole = stage::diagnosis(&text, Catalogue::built_in());
    let mut group = c.benchmark_group("match with signatures of a user");
    group.sample_size(10);
    for own in [0, 100, 1_000, 10_000] {
        let catalogue = stage::catalogue(own);
        group.bench_function(own.to_string(), |b| b.iter(|| stage::matches(&catalogue, black_box(&whole.model))));
    }
    group.finish();
}

criterion_group!(benches, stages, threads, signatures);
criterion_main!(benches);
