//! Where results and complaints go: standard output carries only the result.

use super::args::{ColorWhen, InputArgs, LangArg, ShowArgs};
use anyhow::{Context, Result, bail};
use dupdoctor::ingest::Options;
use dupdoctor::render::{Style, plain};
use dupdoctor::signature::Lang;
use dupdoctor::source::{Note, SourceError};
use std::io::{IsTerminal, Write};
use std::path::PathBuf;

/// Says something on standard error.
pub(super) fn complain(message: &str) {
    let _ = writeln!(std::io::stderr(), "dupdoctor: {}", plain(message));
}

/// Writes a result to standard output.
pub(super) fn print(text: &str) -> Result<()> {
    let mut out = std::io::stdout().lock();
    out.write_all(text.as_bytes())?;
    out.flush()?;
    Ok(())
}

/// How to render, from what was typed and from the terminal.
pub(super) fn style(show: &ShowArgs) -> Style {
    let terminal = std::io::stdout().is_terminal();
    let color = match show.color {
        ColorWhen::Always => true,
        ColorWhen::Never => false,
        ColorWhen::Auto => {
            terminal && std::env::var_os("NO_COLOR").is_none_or(|v| v.is_empty()) && std::env::var_os("TERM").is_none_or(|t| t != "dumb")
        }
    };
    let width = if terminal { terminal_size::terminal_size().map(|(w, _)| usize::from(w.0)) } else { None };
    let width = std::env::var("COLUMNS").ok().and_then(|c| c.parse().ok()).or(width).unwrap_or(if terminal { 80 } else { 100 });
    Style { color, width: width.clamp(40, 160), lang: lang(show.lang), zone: show.tz, ..Style::default() }
}

/// The language asked for, else the locale's.
fn lang(asked: Option<LangArg>) -> Lang {
    if let Some(lang) = asked {
        return lang.into();
    }
    let locale = ["LC_ALL", "LC_MESSAGES", "LANG"].iter().find_map(|name| std::env::var(name).ok().filter(|v| !v.is_empty()));
    if locale.is_some_and(|l| l.starts_with("zh")) { Lang::Zh } else { Lang::En }
}

/// The paths to read: standard input when it is a pipe and nothing is named.
pub(super) fn paths(input: &InputArgs) -> Result<Vec<PathBuf>> {
    if !input.paths.is_empty() {
        return Ok(input.paths.clone());
    }
    if std::io::stdin().is_terminal() {
        bail!("nothing to read: name log files or directories, or pipe a log in (`dupdoctor diagnose /home/pegasus/meta/log`)");
    }
    Ok(vec![PathBuf::from("-")])
}

/// What and how to read, from what was typed; makes the thread pool.
pub(super) fn options(input: &InputArgs, show: &ShowArgs) -> Result<Options> {
    if let Some(threads) = input.threads {
        // Fails only when a pool is there already, which then serves as well.
        let _ = rayon::ThreadPoolBuilder::new().num_threads(usize::from(threads)).build_global();
    }
    let moment = |option: &str, text: &Option<String>| text.as_ref().map(|t| super::moment::parse(option, t, show.tz)).transpose();
    Ok(Options { since: moment("--since", &input.since)?, until: moment("--until", &input.until)?, chunk: input.chunk_size })
}

/// Tells what could not be read and what was left out; says whether all that was asked for was read.
pub(super) fn tell_unread(
    input: &InputArgs,
    paths: &[PathBuf],
    problems: &[SourceError],
    notes: &[Note],
    strangers: &[(String, String)],
    logs: usize,
) -> bool {
    for problem in problems {
        complain(&problem.to_string());
    }
    if input.verbose {
        for note in notes {
            complain(&note.to_string());
        }
    }
    let mut complete = problems.is_empty();
    for (path, line) in strangers {
        // A file that was named must be a log; in a directory other files are expected.
        let named = paths.iter().any(|p| p.to_string_lossy() == *path);
        if named || input.verbose {
            complain(&stranger(path, line));
        }
        complete &= !named;
    }
    if logs == 0 {
        if complete && problems.is_empty() {
            let first = strangers.first().map(|(path, line)| format!(": {path} begins with {line:?}")).unwrap_or_default();
            complain(&format!("nothing here looks like a Pegasus log{first}; expected lines such as \"I2024-05-24 17:21:57.120 (1716542517120000000 1a2b) meta.meta_state0.…\""));
        }
        return false;
    }
    complete
}

fn stranger(path: &str, line: &str) -> String {
    if line.is_empty() {
        format!("{path}: empty, nothing to diagnose; name the log that the server wrote to (log.N.txt, meta.log.<time>)")
    } else {
        format!("{path}: no Pegasus log: begins with {line:?}; left out")
    }
}

/// Splits `[FORMAT=]FILE`; without a prefix the extension tells.
pub(super) fn target<'a>(spec: &'a str, formats: &[&str]) -> Result<(String, &'a str)> {
    if let Some((format, file)) = spec.split_once('=')
        && formats.contains(&format)
    {
        return Ok((format.to_owned(), file));
    }
    let extension = spec.rsplit('.').next().unwrap_or_default();
    let format = match extension {
        "txt" => "text",
        "jsonl" => "ndjson",
        other => other,
    };
    if formats.contains(&format) {
        return Ok((format.to_owned(), spec));
    }
    bail!("cannot tell the format of --output {spec}: write FORMAT=FILE with one of {}", formats.join(", "))
}

/// Writes a result to a file, whole or not at all.
pub(super) fn write_file(file: &str, text: &str) -> Result<()> {
    std::fs::write(file, text).with_context(|| format!("cannot write {file}"))
}
