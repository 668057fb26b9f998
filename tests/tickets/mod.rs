//! What tickets, pipelines and scripts are made of: schemas, fingerprints, comparisons, Markdown, Atlassian documents, `JUnit`.

mod adf;
mod causes;
mod compare;
mod config;
mod fingerprint;
mod hostile;
mod junit;
mod logs;
mod markdown;
mod schema;
