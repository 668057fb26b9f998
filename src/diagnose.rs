//! The main job in one call: read, tell, match, report.

use crate::ingest::{Ingested, Options, ingest, ingest_memory};
use crate::pegasus::LogTime;
use crate::report::{self, Chapter, Redaction, Report, Selection};
use crate::run::Texts;
use crate::signature::{Catalogue, Expectations, Found, match_all};
use crate::timeline::{Model, build as tell};
use std::path::PathBuf;
use std::sync::Arc;

/// What a diagnosis was made of, and the report.
#[derive(Debug)]
#[non_exhaustive]
pub struct Diagnosis {
    /// What was read, and what could not be.
    pub ingested: Ingested,
    /// What the logs tell, under the names of the logs.
    #[doc(hidden)]
    pub model: Model,
    /// The same without names, when they were to be replaced.
    #[doc(hidden)]
    pub hidden: Option<Model>,
    /// The report.
    pub report: Report,
    /// Histories, when they were asked for.
    pub chapters: Vec<Chapter>,
}

/// How to diagnose.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// What to read.
    pub options: Options,
    /// Signatures.
    pub catalogue: Catalogue,
    /// Thresholds that the user changed.
    pub expectations: Expectations,
    /// What to show.
    pub selection: Selection,
    /// Whether histories are wanted too.
    pub with_chapters: bool,
    /// Aliases for names, when these are to be replaced in the report and in histories.
    pub redaction: Option<Redaction>,
}

/// Diagnoses the logs under `paths`; `progress` is told bytes read and bytes to read.
///
/// What cannot be read is in [`Ingested::problems`]; everything else is diagnosed all the same.
pub fn diagnose(paths: &[PathBuf], settings: &Settings, progress: &(dyn Fn(u64, u64) + Sync)) -> Diagnosis {
    conclude(ingest(paths, &reading(settings), progress), settings, None)
}

/// Bytes before a window of time, so that it is known what was then: a tenth of a second's work.
const BEFORE: u64 = 192 << 20;

/// How to read, with what the signatures look for in raw lines.
pub(crate) fn reading(settings: &Settings) -> Options {
    let mut options = settings.options.clone();
    options.texts = Texts::new(&settings.catalogue.texts()).map(Arc::new);
    options.before = BEFORE;
    options
}

/// Diagnoses the sample incident that is inside the library: a duplication stuck in `DS_APP`.
#[must_use]
pub fn diagnose_embedded(settings: &Settings) -> Diagnosis {
    conclude(ingest_memory(SAMPLE, &settings.options), settings, None)
}

/// A test case that is a good example.
const SAMPLE: &[(&str, &[u8])] = &[(
    "hz_main/meta1/meta.log.20240525_101029_173",
    include_bytes!("../fixtures/DUP301-dev-asked-for-source-name/logs/hz_main/meta1/meta.log.20240525_101029_173"),
)];

/// Tells, matches and reports; `now` is the last dated line unless it is later.
pub(crate) fn conclude(mut ingested: Ingested, settings: &Settings, now: Option<LogTime>) -> Diagnosis {
    let runs = std::mem::take(&mut ingested.runs);
    let mut model = tell(runs, ingested.servers.clone(), ingested.states.clone());
    model.now = now.map_or(model.now, |now| model.now.max(now));
    let found: Vec<Found<'_>> = match_all(&settings.catalogue, &model, &settings.expectations);
    let hidden = settings.redaction.as_ref().map(|redaction| redaction.hide(&ingested, &model));
    let (read, told) = hidden.as_ref().map_or((&ingested, &model), |(read, told)| (read, told));
    let report = report::build(read, told, &model, &found, &settings.selection);
    let chapters = if settings.with_chapters { report::chapters(read, told, &model, &found, &settings.selection) } else { Vec::new() };
    let hidden = hidden.map(|(_, told)| told);
    Diagnosis { ingested, model, hidden, report, chapters }
}
