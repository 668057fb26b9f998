//! Diagnoses duplications of Apache Pegasus from the logs of its servers.
//!
//! [`diagnose::diagnose`] is the whole way in one call: paths in, [`report::Report`] out. The crate is a library that knows
//! nothing of terminals, clocks or command lines; the package in `cli/` puts a program around it.
//!
//! # In ten lines
//!
//! ```
//! use dupdoctor::diagnose::{Settings, diagnose};
//! use dupdoctor::signature::Catalogue;
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
//! [`Settings`](diagnose::Settings) say what to read and when ([`ingest::Options`]), which failures to look for
//! ([`signature::Catalogue`]), what counts as too long ([`signature::Expectations`]) and what is known and accepted
//! ([`report::Selection`]); all of them have a `Default`, so that a new field breaks nobody who writes `..Default::default()`.
//! [`render`] makes text, JSON, Markdown, a page, Atlassian documents or `JUnit` of a report; [`watch::Watcher`] diagnoses logs while
//! they are written. Whatever a report holds is `#[non_exhaustive]`: fields are added, never taken away within a `schema_version`.
//!
#![doc = include_str!("../ARCHITECTURE.md")]

pub mod answer;
pub mod config;
pub mod diagnose;
pub mod event;
pub mod ingest;
pub mod pegasus;
pub mod preflight;
pub mod record;
pub mod render;
pub mod report;
pub mod run;
pub mod signature;
pub mod source;
pub mod timeline;
pub mod watch;
