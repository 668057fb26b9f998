//! A manual page for each command.

use super::pages::page;
use clap::Command;
use clap_mangen::Man;
use clap_mangen::roff::{Inline, Roff, bold, roman};
use dupdoctor::Lang;
use std::io;

/// What the environment changes.
const ENVIRONMENT: &[(&str, &str)] = &[
    ("DUPDOCTOR_LANG", "Language of the output where --lang is not given: en or zh."),
    ("LC_ALL, LC_MESSAGES, LANG", "The locale, which decides where neither says anything."),
    ("DUPDOCTOR_CONFIG", "The configuration file where --config is not given."),
    ("XDG_CONFIG_HOME", "Where the user's own configuration file is looked for; $HOME/.config by default."),
    ("DUPDOCTOR_PAGER, PAGER", "The pager for output that is longer than the terminal."),
    ("NO_COLOR, CLICOLOR, CLICOLOR_FORCE, FORCE_COLOR", "Whether output has colors where --color is auto."),
    ("COLUMNS", "The width of the output."),
    ("TZ", "The time zone of --tz local."),
];

/// What is read beside the logs.
const FILES: &[(&str, &str)] = &[
    (
        "dupdoctor.toml",
        "Accepted findings, thresholds and signature directories, in the working directory or the nearest parent that has one.",
    ),
    ("$XDG_CONFIG_HOME/dupdoctor/dupdoctor.toml", "The same for all of a user's directories; what the nearer file says counts before it."),
];

/// The manual page of the command with that whole name, such as `dupdoctor signatures test`.
pub(crate) fn manual(command: &Command, path: &str) -> io::Result<Vec<u8>> {
    let name = path.replace(' ', "-");
    // What the terminal shows after the options stands in sections of its own here.
    let command = command.clone().name(name.clone()).bin_name(path.to_owned()).after_help("").after_long_help("");
    let man = Man::new(command.clone()).title(name.clone()).section("1");
    let mut bytes = Vec::new();
    man.render_title(&mut bytes)?;
    man.render_name_section(&mut bytes)?;
    man.render_synopsis_section(&mut bytes)?;
    man.render_description_section(&mut bytes)?;
    man.render_options_section(&mut bytes)?;
    let mut roff = Roff::new();
    let subs: Vec<&Command> = command.get_subcommands().filter(|c| !c.is_hide_set() && c.get_name() != "help").collect();
    if !subs.is_empty() {
        roff.control("SH", ["COMMANDS"]);
        for sub in subs {
            let about = sub.get_about().map(ToString::to_string).unwrap_or_default();
            entry(&mut roff, [bold(format!("{name}-{}(1)", sub.get_name()))], &about);
        }
    }
    if let Some(page) = page(path) {
        if let Some(notes) = page.notes(Lang::En) {
            roff.control("SH", ["NOTES"]).text([roman(notes)]);
        }
        roff.control("SH", ["EXAMPLES"]);
        for example in &page.examples {
            roff.control("PP", []).text([roman(example.about(Lang::En))]);
            roff.control("RS", ["4"]).control("nf", []).text([bold(example.run.as_str())]).control("fi", []).control("RE", []);
        }
        roff.control("SH", ["EXIT STATUS"]);
        for status in page.exit(Lang::En).split("; ") {
            match status.split_once(' ') {
                Some((code, meaning)) if code.len() == 1 && code.bytes().all(|b| b.is_ascii_digit()) => {
                    entry(&mut roff, [bold(code)], meaning);
                }
                _ => {
                    roff.control("PP", []).text([roman(status)]);
                }
            }
        }
    }
    for (heading, rows) in [("ENVIRONMENT", ENVIRONMENT), ("FILES", FILES)] {
        roff.control("SH", [heading]);
        for (what, about) in rows {
            entry(&mut roff, [bold(*what)], about);
        }
    }
    if path.contains(' ') {
        roff.control("SH", ["SEE ALSO"]).text([bold("dupdoctor"), roman("(1)")]);
    }
    roff.to_writer(&mut bytes)?;
    Ok(bytes)
}

/// A term and what it is.
fn entry<const N: usize>(roff: &mut Roff, term: [Inline; N], about: &str) {
    roff.control("TP", []).text(term).text([roman(about)]);
}
