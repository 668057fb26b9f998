//! Where results and complaints go: standard output carries only the result.

use super::args::ShowArgs;
use super::formats::{ColorWhen, LangArg};
use anyhow::{Context, Result, bail};
use clap::ValueEnum;
use dupdoctor::render::{Style, plain};
use dupdoctor::signature::Lang;
use std::io::{IsTerminal, Write};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// What is to be said when the terminal does not show a table any more.
static HELD: Mutex<Option<Vec<String>>> = Mutex::new(None);

/// So many complaints are held at most; the last ones count.
const HELD_MOST: usize = 100;

/// Says something on standard error.
pub(super) fn complain(message: &str) {
    if let Some(held) = &mut *held() {
        if held.len() == HELD_MOST {
            held.remove(0);
        }
        held.push(message.to_owned());
        return;
    }
    let _ = writeln!(std::io::stderr(), "dupdoctor: {}", plain(message));
}

fn held() -> MutexGuard<'static, Option<Vec<String>>> {
    HELD.lock().unwrap_or_else(PoisonError::into_inner)
}

/// From now on complaints wait, because a table fills the terminal.
pub(super) fn hold_complaints() {
    held().get_or_insert_default();
}

/// The last complaint that waits.
pub(super) fn held_complaint() -> Option<String> {
    held().as_ref()?.last().cloned()
}

/// Says all that had to wait.
pub(super) fn release_complaints() {
    let all = held().take();
    all.into_iter().flatten().for_each(|message| complain(&message));
}

/// Writes a result to standard output.
pub(super) fn print(text: &str) -> Result<()> {
    let mut out = std::io::stdout().lock();
    out.write_all(text.as_bytes()).and_then(|()| out.flush()).context("cannot write to standard output")
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
    Style { color, width: width.clamp(40, 200), lang: lang(show.lang), zone: show.tz, ..Style::default() }
}

/// The language asked for, else the locale's.
fn lang(asked: Option<LangArg>) -> Lang {
    if let Some(lang) = asked {
        return lang.into();
    }
    let locale = ["LC_ALL", "LC_MESSAGES", "LANG"].iter().find_map(|name| std::env::var(name).ok().filter(|v| !v.is_empty()));
    if locale.is_some_and(|l| l.starts_with("zh")) { Lang::Zh } else { Lang::En }
}

/// Splits `[FORMAT=]FILE`; without a prefix the extension tells.
pub(super) fn target<F: ValueEnum>(spec: &str) -> Result<(F, &str)> {
    if let Some((format, file)) = spec.split_once('=')
        && let Ok(format) = F::from_str(format, true)
        && !file.is_empty()
    {
        return Ok((format, file));
    }
    let extension = spec.rsplit_once('.').map_or("", |(_, extension)| extension);
    let format = match extension {
        "txt" => "text",
        "jsonl" => "ndjson",
        "htm" => "html",
        "xml" => "junit",
        other => other,
    };
    if let Ok(format) = F::from_str(format, true) {
        return Ok((format, spec));
    }
    let known: Vec<String> = F::value_variants().iter().filter_map(|f| Some(f.to_possible_value()?.get_name().to_owned())).collect();
    bail!("cannot tell the format of --output {spec}: write FORMAT=FILE, where FORMAT is {}", known.join(" or "))
}

/// Writes each file in its format; says whether all could be written.
pub(super) fn write_files<F: Copy>(files: &[(F, &str)], render: impl Fn(F) -> String) -> bool {
    let mut written = true;
    for (format, file) in files {
        if let Err(error) = std::fs::write(file, render(*format)) {
            complain(&cannot_write(file, &error));
            written = false;
        }
    }
    written
}

/// Why a file that was asked for is not there.
pub(super) fn cannot_write(file: &str, error: &std::io::Error) -> String {
    format!("cannot write --output {file}: {error}; name a file in a directory that exists and that you may write to")
}
