//! Neither the size of pieces nor the number of threads shows in a report.

use crate::support::case::{Case, report};

pub(crate) fn differences(case: &Case) -> String {
    let with = |threads: usize, piece: usize| {
        let mut settings = case.settings();
        settings.options.chunk = piece;
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| serde_json::to_string(&report(&[case.logs()], &settings)).unwrap())
    };
    let whole = with(1, 1 << 30);
    let others = [(2, 4096), (8, 64 << 10), (8, 333)];
    let differing = others.into_iter().filter(|&(threads, piece)| with(threads, piece) != whole);
    differing
        .map(|(threads, piece)| format!("{threads} threads and pieces of {piece} bytes give another report"))
        .collect::<Vec<_>>()
        .join("\n")
}
