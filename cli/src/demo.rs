//! `dupdoctor demo`: the embedded sample.

use super::Ending;
use super::args::DemoArgs;
use super::diagnose::render;
use super::moment::now;
use super::output::{print, style};
use anyhow::Result;
use dupdoctor::diagnose::{Settings, diagnose_embedded};
use dupdoctor::report::Selection;
use dupdoctor::signature::Catalogue;

pub(super) fn run(args: &DemoArgs) -> Result<Ending> {
    let style = style(&args.show);
    let selection = Selection { lang: style.lang, generated_at: Some(now()), ..Selection::default() };
    let settings = Settings { catalogue: Catalogue::built_in(), selection, ..Settings::default() };
    let report = diagnose_embedded(&settings).report;
    print(&render(&report, args.format, &style))?;
    Ok(Ending::Quiet)
}
