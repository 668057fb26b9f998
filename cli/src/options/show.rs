//! How results look: time zone, colour, language.

use super::formats::When;
use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use dupdoctor::{Lang, Style, Zone};
use std::env;
use std::io::IsTerminal;

#[derive(Debug, Args)]
pub(crate) struct ShowArgs {
    /// Time zone of the times shown: log (the servers' own), utc, local, or an offset such as +08:00
    #[arg(long, value_name = "ZONE", default_value = "log", value_parser = zone)]
    pub(crate) tz: Zone,
    /// When to use color; auto: on a terminal, unless `NO_COLOR` is set
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    color: When,
    /// Language of the output [default: from the locale]
    #[arg(long, value_name = "LANG", value_parser = PossibleValuesParser::new(["en", "zh"]).map(|lang| lang_of(&lang)))]
    lang: Option<Lang>,
}

impl ShowArgs {
    /// How to render, from what was typed and from the terminal.
    pub(crate) fn style(&self) -> Style {
        let terminal = std::io::stdout().is_terminal();
        let color = self.color.wanted(|| {
            terminal && env::var_os("NO_COLOR").is_none_or(|v| v.is_empty()) && env::var_os("TERM").is_none_or(|term| term != "dumb")
        });
        let width = if terminal { terminal_size::terminal_size().map(|(w, _)| usize::from(w.0)) } else { None };
        let width = env::var("COLUMNS").ok().and_then(|c| c.parse().ok()).or(width).unwrap_or(if terminal { 80 } else { 100 });
        Style { color, width: width.clamp(40, 200), lang: self.lang(), zone: self.tz, ..Style::default() }
    }

    /// The language asked for, else the locale's.
    pub(crate) fn lang(&self) -> Lang {
        let locale = || ["LC_ALL", "LC_MESSAGES", "LANG"].iter().find_map(|name| env::var(name).ok().filter(|v| !v.is_empty()));
        self.lang.unwrap_or_else(|| lang_of(&locale().unwrap_or_default()))
    }
}

fn lang_of(name: &str) -> Lang {
    if name.starts_with("zh") { Lang::Zh } else { Lang::En }
}

fn zone(text: &str) -> Result<Zone, &'static str> {
    Zone::parse(text).ok_or("use log, utc, local, or an offset such as +08:00")
}
