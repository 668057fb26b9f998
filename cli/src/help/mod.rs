//! Help and manual pages: what clap knows of the commands, with examples, exit statuses and translations beside it.

mod chrome;
mod man;
mod pages;

pub(crate) use chrome::translated;
pub(crate) use man::manual;

use self::pages::{Page, page, zh};
use clap::builder::StyledStr;
use clap::{Arg, ArgAction, Command};
use dupdoctor::Lang;
use std::fmt::Write as _;

/// The command with its examples and exit statuses, in a language.
pub(crate) fn dressed(command: Command, lang: Lang) -> Command {
    let name = command.get_name().to_owned();
    dressed_as(command, &name, lang)
}

/// `path` is the command's whole name, such as `dupdoctor signatures test`.
fn dressed_as(mut command: Command, path: &str, lang: Lang) -> Command {
    if let Some(page) = page(path) {
        command = command.after_help(short(page, lang)).after_long_help(long(page, lang));
    }
    let below = |sub: Command| {
        let path = format!("{path} {}", sub.get_name());
        dressed_as(sub, &path, lang)
    };
    command = command.mut_subcommands(below);
    if lang == Lang::En {
        return command;
    }
    if let Some(about) = command.get_about().map(translation) {
        command = command.about(about);
    }
    let help = Arg::new("help").short('h').long("help").action(ArgAction::Help).help("Print help").help_heading("Display");
    command.disable_help_flag(true).arg(help).mut_args(|arg| {
        let default = if arg.is_positional() { "Arguments" } else { "Options" };
        let heading = zh(arg.get_help_heading().unwrap_or(default));
        match arg.get_help().map(translation) {
            Some(help) => arg.help(help).help_heading(heading),
            None => arg.help_heading(heading),
        }
    })
}

fn translation(text: &StyledStr) -> &'static str {
    zh(&text.to_string())
}

/// Exit statuses.
fn short(page: &Page, lang: Lang) -> String {
    format!("{} {}", if lang == Lang::Zh { "退出码：" } else { "Exit status:" }, page.exit(lang))
}

/// Examples, then exit statuses.
fn long(page: &Page, lang: Lang) -> String {
    let mut text = if lang == Lang::Zh { "示例：\n" } else { "Examples:\n" }.to_owned();
    for example in &page.examples {
        let _ = writeln!(text, "  {}\n      {}", example.run, example.about(lang));
    }
    text.extend(page.notes(lang).map(|notes| format!("\n{notes}\n")));
    text.push('\n');
    text.push_str(&short(page, lang));
    text
}
