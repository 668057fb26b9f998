//! Throughput of the scan, of reading lines, and of a whole diagnosis, in bytes a second.
#![expect(clippy::expect_used, reason = "a bench may fail loudly")]

mod logs;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use dupdoctor::diagnose::{Settings, diagnose};
use dupdoctor::event::read;
use dupdoctor::record::{candidate_lines, header, line_count};
use dupdoctor::run::{Block, Collector};
use dupdoctor::signature::Catalogue;
use logs::Shape;
use std::hint::black_box;
use std::io::Write;

fn log(per_mille: u32, duplications: u32, bytes: u64) -> Vec<u8> {
    let mut text = Vec::new();
    logs::write(Shape { bytes, per_mille, duplications }, &mut text).expect("memory");
    text
}

fn stages(c: &mut Criterion) {
    for (name, per_mille, duplications) in [("0.5 %", 5, 20), ("20 %", 200, 100), ("100 %", 1000, 1000)] {
        let text = log(per_mille, duplications, 16 << 20);
        let mut group = c.benchmark_group(name);
        group.sample_size(10).throughput(Throughput::Bytes(text.len() as u64));
        group.bench_function("count lines", |b| b.iter(|| line_count(black_box(&text))));
        group.bench_function("scan", |b| b.iter(|| candidate_lines(black_box(&text)).count()));
        group.bench_function("scan and parse", |b| {
            b.iter(|| {
                let bodies = candidate_lines(&text).filter_map(|range| header(&text[range]));
                bodies
                    .filter_map(|h| std::str::from_utf8(h.body).ok().map(|body| read(body, h.file, h.level)))
                    .map(|r| black_box(&r).is_known())
                    .filter(|k| *k)
                    .count()
            });
        });
        group.bench_function("collect", |b| {
            b.iter(|| Collector::default().collect(&Block { bytes: black_box(&text), own: 0..text.len(), offset: 0 }).runs.len());
        });
        group.finish();
    }
}

fn whole(c: &mut Criterion) {
    for (name, per_mille, duplications) in [("0.5 %", 5, 20), ("20 %", 200, 100), ("100 %", 1000, 1000)] {
        let text = log(per_mille, duplications, 128 << 20);
        let mut file = tempfile::NamedTempFile::new().expect("a temporary file");
        file.write_all(&text).expect("room on the disk");
        let paths = [file.path().to_path_buf()];
        let settings = Settings { catalogue: Catalogue::built_in(), ..Settings::default() };
        let mut group = c.benchmark_group(format!("diagnose {name}"));
        group.sample_size(10).throughput(Throughput::Bytes(text.len() as u64));
        group.bench_function("all threads", |b| b.iter(|| diagnose(&paths, &settings, &|_, _| ()).report.findings.len()));
        let one = rayon::ThreadPoolBuilder::new().num_threads(1).build().expect("a thread");
        group.bench_function("one thread", |b| b.iter(|| one.install(|| diagnose(&paths, &settings, &|_, _| ()).report.findings.len())));
        group.finish();
    }
}

criterion_group!(benches, stages, whole);
criterion_main!(benches);
