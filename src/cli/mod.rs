//! The command line: one file a command. Private to the binary; the library knows neither clap nor anyhow.

use std::process::ExitCode;
use std::ffi::OsString;
use dupdoctor::diagnose::{diagnose, Settings};
use dupdoctor::ingest::{Options, Moment};
use dupdoctor::signature::Catalogue;
use std::path::PathBuf;

pub(crate) fn run(args: impl Iterator<Item = OsString>) -> ExitCode {
    let args: Vec<String> = args.map(|a| a.to_string_lossy().into_owned()).collect();
    let mut until = None; let mut paths = Vec::new();
    let mut it = args.iter().skip(2);
    while let Some(a) = it.next() {
        match a.as_str() { "--until" => { let t = chrono::DateTime::parse_from_rfc3339(it.next().map_or("", |s| s)).map(|d| d.timestamp_nanos_opt().unwrap_or(0)).unwrap_or(0); until = Some(Moment::At(dupdoctor::pegasus::LogTime(t))); } "--format" => { it.next(); } p => paths.push(PathBuf::from(p)) }
    }
    if args.get(1).map(String::as_str) == Some("events") {
        dupdoctor::ingest::events(&paths, &Options{until, ..Default::default()}, &Default::default(), &mut |l| { use std::io::Write; writeln!(std::io::stdout(), "{l}").is_ok() });
        return ExitCode::SUCCESS;
    }
    let s = Settings { options: Options { until, ..Default::default() }, catalogue: Catalogue::built_in(), ..Default::default() };
    let d = diagnose(&paths, &s, &|_, _| ());
    use std::io::Write;
    let _ = writeln!(std::io::stdout(), "{}", serde_json::to_string_pretty(&d.report).unwrap_or_default());
    ExitCode::SUCCESS
}
