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
//! # The way of the data
//!
//! ```text
//!   files, pipes, archives
//!        │
//!     source     finds them, puts rotated files in order, sees through gzip, zstd, xz, bzip2 and tar
//!        │ bytes
//!     record     finds candidate lines in the buffer; takes off envelopes; splits the header
//!        │ lines
//!     event      reads a line by the one Pattern that fits: what happened, with typed fields
//!        │ events
//!      run       folds equal events into runs, keeps evidence from both ends; lists join associatively
//!        │ runs of one piece                                                     ┐
//!   timeline     merges servers by time; who is it about, which status when      │
//!        │ stories, facts                                                        │ ingest reads pieces on all
//!   signature    tries the TOML files of the catalogue on the stories            │ threads and puts them together
//!        │ findings                                                              │
//!    report      plain data with public fields; its serialisation is the JSON    ┘
//!        │
//!    render      the report as text, JSON, Markdown, a page, Atlassian documents, JUnit
//!        │
//!      cli       the commands (a package of its own)
//! ```
//!
//! [`pegasus`] lies under all of them: ids, statuses, error codes and log time as Pegasus spells them, without any I/O.
//! [`answer`], next to it, reads what servers and shells answered when they were asked, and
//! [`config`] the `config.ini` they start with.
//! [`preflight`] checks a duplication before it is added, from configurations, answers and a plan, and makes a [`report`] of it.
//! [`watch`] is the other driver of the same way: it keeps what was read, is fed with more and with time, and tells changes.
//! [`ingest`] stands between [`timeline`] and [`report`]: it drives `source` … `run` over all inputs and hands servers and
//! runs to the timeline. [`diagnose`] calls one after the other.
//!
//! A layer uses only those above it in this picture; `tests/architecture` reads the `use` lines and holds everybody to it.
//!
//! # Invariants
//!
//! 1. **Reading a line cannot fail.** What comes out is events and a count of what was not understood. `Result` belongs to
//!    [`source`], to the command line and to writers.
//! 2. **A diagnosis admits what it could not read.** A line with a known anchor whose rest does not parse is *drift*: counted,
//!    kept as proof, reported as DUP904. Damaged, skipped and foreign inputs stand in the report by name.
//! 3. **Threads, sizes of pieces and the order of files do not show.** Joining two [`run::RunList`]s is associative, so a log
//!    may be cut anywhere; `tests/cases/pieces.rs` compares reports byte by byte.
//! 4. **Renderers decide nothing.** Severity, confidence, verdict, order and wording of findings are settled in the report.
//! 5. **No identity is guessed.** A line that names no duplication is attributed when exactly one fits; otherwise it is shared
//!    ([`timeline::Attribution`]) or shown as not attributable, `dup_id: null`.
//! 6. **Log text is hostile.** It goes to terminals only through [`render::plain`]; no control character or markup survives.
//!
//! One more follows from them: below `cli` nothing asks the clock or the environment. "Now" is the last dated line, unless the
//! caller says otherwise.
//!
//! # Where to start reading
//!
//! - A duplication that got stuck, as the servers tell it: `fixtures/DUP301-dev-asked-for-source-name/`.
//! - What is known about that failure: `src/signature/catalogue/DUP301-follower-queried-by-source-name.toml`.
//! - How one becomes the other: [`diagnose`], then [`timeline::build`] and [`signature::match_all`].
//! - To add a message, a signature or a case: the README.

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
