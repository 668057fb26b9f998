//! What tickets, pipelines and scripts are made of: schemas, fingerprints, comparisons, Markdown, Atlassian documents, `JUnit`.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may fail loudly")]

#[path = "../cases/fixture.rs"]
#[expect(dead_code, reason = "the other tests of cases need the rest")]
mod fixture;

mod adf;
mod compare;
mod config;
mod fingerprint;
mod hostile;
mod junit;
mod logs;
mod markdown;
mod schema;
