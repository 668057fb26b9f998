//! The stages of a diagnosis, each over what the stage before it made: for the bench of time and for that of instructions.

#[path = "../logs/mod.rs"]
pub(crate) mod logs;

use dupdoctor::internal::event::read;
use dupdoctor::internal::record::{BlockScan, header};
use dupdoctor::internal::render::json;
use dupdoctor::internal::run::{Block, Collector, RunList};
use dupdoctor::internal::signature::match_all;
use dupdoctor::internal::timeline::Model;
use dupdoctor::report::Report;
use dupdoctor::{Catalogue, Diagnosis, Expectations, Settings, diagnose};
use logs::Shape;
use std::fmt::Write as _;
use std::io::Write as _;
use std::ops::Range;

/// A log of that mix.
pub(crate) fn log(per_mille: u32, duplications: u32, bytes: u64) -> Vec<u8> {
    let mut text = Vec::new();
    logs::write(Shape { bytes, per_mille, duplications }, &mut text).expect("memory");
    text
}

/// The lines that may hold a known message.
pub(crate) fn scan(text: &[u8]) -> Vec<Range<usize>> {
    let mut scan = BlockScan::default();
    scan.look(text);
    scan.candidates().collect()
}

/// How many of the lines have a header.
pub(crate) fn headers(text: &[u8], lines: &[Range<usize>]) -> usize {
    lines.iter().filter(|line| header(&text[(*line).clone()]).is_some()).count()
}

/// What a message needs to be read: its text, the source file and the level of its header.
pub(crate) type Body = (String, Option<Vec<u8>>, u8);

/// The bodies of the lines.
pub(crate) fn bodies(text: &[u8], lines: &[Range<usize>]) -> Vec<Body> {
    let headers = lines.iter().filter_map(|line| header(&text[line.clone()]));
    headers.map(|h| (String::from_utf8_lossy(h.body).into_owned(), h.file.map(<[u8]>::to_vec), h.level)).collect()
}

/// How many bodies are known messages.
pub(crate) fn events(bodies: &[Body]) -> usize {
    bodies.iter().filter(|(body, file, level)| read(body, file.as_deref(), *level).is_known()).count()
}

/// All of a piece: scan, header, event and fold.
pub(crate) fn fold(text: &[u8]) -> RunList {
    Collector::default().collect(&Block { bytes: text, own: 0..text.len(), offset: 0 })
}

/// A whole diagnosis of a log.
pub(crate) fn diagnosis(log: &[u8], catalogue: Catalogue) -> Diagnosis {
    let mut file = tempfile::NamedTempFile::new().expect("a temporary file");
    file.write_all(log).expect("room on the disk");
    let settings = Settings { catalogue, ..Settings::default() };
    diagnose(&[file.path().to_path_buf()], &settings, &|_, _| ())
}

/// How many signatures hold.
pub(crate) fn matches(catalogue: &Catalogue, model: &Model) -> usize {
    match_all(catalogue, model, &Expectations::default()).len()
}

/// Bytes of the report as JSON.
pub(crate) fn render(report: &Report) -> usize {
    json(report).len()
}

/// The built-in signatures and so many of a user, each for one of the events that servers write. None holds: every second one
/// needs more lines than there are, the others have a field to compare in each line of their event.
pub(crate) fn catalogue(own: usize) -> Catalogue {
    const EVENTS: [&str; 5] = ["drop_app_request", "dup_status_changed", "dup_report", "add_dup_ok", "leader_took_over"];
    let folder = tempfile::tempdir().expect("a temporary folder");
    for number in 0..own {
        let code = format!("OPS-{number}");
        let mut file = format!("code = \"{code}\"\nname = \"own\"\nseverity = \"warning\"\n");
        let _ = if number % 2 == 0 {
            let event = EVENTS[number / 2 % EVENTS.len()];
            write!(file, "[[when]]\nconfidence = \"likely\"\nevent = \"{event}\"\ntimes = 1000000\n")
        } else {
            write!(file, "[[when]]\nconfidence = \"likely\"\nevent = \"dup_status_changed\"\nfields = {{ to_status = \"DS_REMOVED\" }}\n")
        };
        for lang in ["en", "zh"] {
            let _ = write!(file, "[{lang}]\ntitle = \"t\"\nwhat = \"w\"\nwhy = \"y\"\n");
        }
        std::fs::write(folder.path().join(format!("{code}-own.toml")), file).expect("room on the disk");
    }
    let mut catalogue = Catalogue::built_in();
    let errors = catalogue.add_folder(folder.path());
    assert!(errors.is_empty(), "{errors:?}");
    catalogue
}
