//! How results look: time zone, colour, language.

use super::formats::When;
use clap::Args;
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use dupdoctor::{Lang, Style, Zone};
use std::env;
use std::ffi::OsString;
use std::io::IsTerminal;
use terminal_size::{Height, Width, terminal_size_of};

#[derive(Debug, Args)]
#[command(next_help_heading = "Display")]
pub(crate) struct ShowArgs {
    /// Time zone of the times shown and typed: log (the servers' own), utc, local, an offset such as +08:00, or a name such as Asia/Shanghai
    #[arg(long, value_name = "ZONE", default_value = "log", value_parser = zone)]
    pub(crate) tz: Zone,
    /// When to use color; auto: on a terminal, unless `NO_COLOR` is set
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    color: When,
    /// Language of the output [default: from the locale]
    #[arg(long, value_name = "LANG", ignore_case = true, value_parser = lang())]
    lang: Option<Lang>,
}

impl ShowArgs {
    /// How to render, from what was typed and from the terminal.
    pub(crate) fn style(&self) -> Style {
        let terminal = std::io::stdout().is_terminal();
        let color = self.color.wanted(|| wants_color(terminal, |name| env::var(name).ok()));
        Style { color, width: width().clamp(40, 200), lang: self.lang(), zone: self.tz, ..Style::default() }
    }

    /// The language asked for, else that of the environment.
    pub(crate) fn lang(&self) -> Lang {
        self.lang.unwrap_or_else(lang_of_environment)
    }
}

/// The width of the output: of its terminal, or, when a pager or a filter reads it, of the one where messages appear.
fn width() -> usize {
    let of = |size: Option<(Width, Height)>| size.map(|(width, _)| usize::from(width.0));
    let columns = env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    columns.or_else(|| of(terminal_size_of(std::io::stdout()))).or_else(|| of(terminal_size_of(std::io::stderr()))).unwrap_or(100)
}

/// By the conventions of <https://no-color.org> and <https://bixense.com/clicolors>; what forbids counts first.
fn wants_color(terminal: bool, value: impl Fn(&str) -> Option<String>) -> bool {
    let set = |name: &str| value(name).filter(|text| !text.is_empty());
    let forced = ["CLICOLOR_FORCE", "FORCE_COLOR"].iter().any(|name| set(name).is_some_and(|text| text != "0"));
    let forbidden = set("NO_COLOR").is_some() || ["CLICOLOR", "FORCE_COLOR"].iter().any(|name| set(name).as_deref() == Some("0"));
    if forced { set("NO_COLOR").is_none() } else { terminal && !forbidden && value("TERM").is_none_or(|term| term != "dumb") }
}

/// `DUPDOCTOR_LANG`, else the locale's.
fn lang_of_environment() -> Lang {
    let names = ["DUPDOCTOR_LANG", "LC_ALL", "LC_MESSAGES", "LANG"];
    let named = names.iter().find_map(|name| env::var(name).ok().filter(|value| !value.is_empty()));
    lang_of(&named.unwrap_or_default())
}

/// The language before the arguments are understood, for what is said about them.
pub(crate) fn lang_of_args(args: &[OsString]) -> Lang {
    let texts: Vec<&str> = args.iter().filter_map(|arg| arg.to_str()).collect();
    let typed = texts.iter().enumerate().find_map(|(index, arg)| match arg.strip_prefix("--lang") {
        Some("") => texts.get(index + 1).copied(),
        Some(value) => value.strip_prefix('='),
        None => None,
    });
    typed.map_or_else(lang_of_environment, lang_of)
}

fn lang_of(name: &str) -> Lang {
    let name = name.to_ascii_lowercase();
    if ["zh", "cn", "chinese"].iter().any(|prefix| name.starts_with(prefix)) { Lang::Zh } else { Lang::En }
}

/// A language, also as locales and people spell it.
fn lang() -> impl TypedValueParser<Value = Lang> {
    let english = PossibleValue::new("en").aliases(["en_US", "en-US", "en_GB", "en-GB", "en_US.UTF-8", "english"]);
    let chinese = PossibleValue::new("zh").aliases(["zh_CN", "zh-CN", "zh_TW", "zh-TW", "zh_CN.UTF-8", "zh-Hans", "cn", "chinese"]);
    PossibleValuesParser::new([english, chinese]).map(|name| lang_of(&name))
}

fn zone(text: &str) -> Result<Zone, &'static str> {
    Zone::parse(text).ok_or("use log, utc, local, an offset such as +08:00, or a name such as Asia/Shanghai")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colors_follow_the_environment() {
        let wanted = |terminal: bool, set: &[(&str, &str)]| {
            wants_color(terminal, |name| set.iter().find(|(n, _)| *n == name).map(|(_, value)| (*value).to_owned()))
        };
        assert!(wanted(true, &[]) && !wanted(false, &[]));
        for forbids in [("NO_COLOR", "1"), ("CLICOLOR", "0"), ("FORCE_COLOR", "0"), ("TERM", "dumb")] {
            assert!(!wanted(true, &[forbids]), "{forbids:?}");
        }
        for forces in [("CLICOLOR_FORCE", "1"), ("FORCE_COLOR", "1"), ("FORCE_COLOR", "3")] {
            assert!(wanted(false, &[forces]), "{forces:?}");
            assert!(!wanted(false, &[forces, ("NO_COLOR", "1")]), "{forces:?}");
        }
        assert!(!wanted(false, &[("CLICOLOR_FORCE", "0")]) && wanted(true, &[("NO_COLOR", "")]));
    }
}
