//! `dupdoctor schema`

use super::Ending;
use super::formats::SchemaOf;
use super::output::print;
use anyhow::Result;
use dupdoctor::render::{Schema, schema};

pub(super) fn run(of: SchemaOf) -> Result<Ending> {
    print(&schema(match of {
        SchemaOf::Report => Schema::Report,
        SchemaOf::Finding => Schema::Finding,
        SchemaOf::Event => Schema::Event,
        SchemaOf::Change => Schema::Change,
        SchemaOf::Timeline => Schema::Timeline,
    }))?;
    Ok(Ending::Quiet)
}
