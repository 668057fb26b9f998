//! dupdoctor
pub mod diagnose;
pub mod event;
pub mod ingest;
pub mod pegasus;
pub mod record;
pub mod render;
pub mod report;
pub mod run;
pub mod signature;
pub mod source;
pub mod timeline;
