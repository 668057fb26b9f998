//! Diagnoses duplications of Apache Pegasus from the logs of its servers.
//!
//! [`diagnose()`] is the whole way in one call: paths in, [`report::Report`] out. The crate is a library that knows
//! nothing of terminals, clocks or command lines; the package in `cli/` puts a program around it.
//!
//! # In ten lines
//!
//! ```
//! use dupdoctor::{Catalogue, Settings, diagnose};
//!
//! let settings = Settings { catalogue: Catalogue::built_in(), ..Settings::default() };
//! let logs = "fixtures/DUP301-dev-asked-for-source-name/logs".into();
//! let report = diagnose(&[logs], &settings, &|_read, _all| ()).report;
//! for finding in &report.findings {
//!     println!("{} {} ({})", finding.code, finding.title, finding.severity);
//! }
//! assert_eq!(report.findings[0].code, "DUP301");
//! ```
//!
//! [`Settings`] say what to read and when ([`Options`]), which failures to look for ([`Catalogue`]), what counts as too long
//! ([`Expectations`]) and what is known and accepted ([`report::Selection`]); all of them have a `Default`, so that a new field breaks
//! nobody who writes `..Default::default()`. [`FORMATS`] turn a report into text, JSON, Markdown, a page, an Atlassian document or
//! `JUnit`; [`Watcher`] diagnoses logs while they are written. Whatever a report holds is `#[non_exhaustive]`: fields are added, never
//! taken away within a `schema_version`.
//!
#![doc = include_str!("../ARCHITECTURE.md")]

mod answer;
mod config;
mod diagnose;
mod event;
mod ingest;
mod pegasus;
mod preflight;
mod record;
mod render;
pub mod report;
mod run;
mod signature;
mod source;
mod system;
mod timeline;
mod watch;

pub use diagnose::{Diagnosis, Settings, diagnose, diagnose_embedded};
pub use ingest::{Ingested, Moment, Options};
pub use pegasus::{AppId, DupId, DupKey, DupStatus, FailMode, Gpid, Identity, LogTime, Release, ServerRole, Side, TimeDelta, Zone};
pub use render::{FORMATS, Format, Style};
pub use signature::{Catalogue, CatalogueError, Confidence, Expectations, Lang, Severity};
pub use timeline::Exactness;
pub use watch::{Change, ChangeKind, ClockMode, Incident, Watcher, WatcherOptions};

#[doc(hidden)]
pub mod internal;
