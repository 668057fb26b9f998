//! Long texts on a terminal: a pager to read them with, links to the lines that prove something.

use super::formats::When;
use crate::console::print;
use anyhow::{Context, Result};
use clap::Args;
use dupdoctor::Style;
use dupdoctor::internal::render::Hyperlinks;
use std::env;
use std::io::{ErrorKind, IsTerminal, Write};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

#[derive(Debug, Args)]
#[command(next_help_heading = "Display")]
pub(crate) struct PagerArgs {
    /// When to page the output with `$DUPDOCTOR_PAGER`, `$PAGER` or `less -FRX`; auto: when it is longer than the terminal. Never in pipes
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    pager: When,
    /// When to make files and web addresses clickable; auto: on terminals known to support it
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    hyperlinks: When,
}

impl PagerArgs {
    /// Sets the links of a style; paths of redacted reports lead nowhere.
    pub(crate) fn link(&self, style: &mut Style, redacted: bool) {
        let terminal = std::io::stdout().is_terminal();
        if self.hyperlinks.wanted(|| terminal && terminal_links()) {
            let folder = env::current_dir().ok().filter(|_| !redacted);
            style.links = Some(Hyperlinks { folder: folder.map(|f| f.to_string_lossy().into_owned()), host: host() });
        }
    }

    /// Prints a text, through the pager where that is wanted.
    pub(crate) fn print(&self, text: &str) -> Result<()> {
        let wanted = std::io::stdout().is_terminal() && self.pager.wanted(|| is_long(text));
        match pager().filter(|_| wanted) {
            Some(command) => page(&command, text),
            None => print(text),
        }
    }
}

/// The pager's command line; none when it is switched off.
fn pager() -> Option<String> {
    let set = ["DUPDOCTOR_PAGER", "PAGER"].iter().find_map(|name| env::var(name).ok());
    let command = set.unwrap_or_else(|| "less -FRX".to_owned());
    let command = command.trim();
    (!command.is_empty() && command != "cat").then(|| command.to_owned())
}

fn page(command: &str, text: &str) -> Result<()> {
    let mut shell = Command::new("sh");
    shell.arg("-c").arg(command).stdin(Stdio::piped());
    // As git does: colours show, short texts end by themselves.
    if env::var_os("LESS").is_none() {
        shell.env("LESS", "FRX");
    }
    if env::var_os("LESSCHARSET").is_none() {
        shell.env("LESSCHARSET", "utf-8");
    }
    // The pager obeys the key that interrupts; this process waits for it.
    let _ = signal_hook::flag::register(signal_hook::consts::SIGINT, Arc::new(AtomicBool::new(false)));
    let Ok(mut child) = shell.spawn() else { return print(text) };
    if let Some(mut stdin) = child.stdin.take() {
        match stdin.write_all(text.as_bytes()) {
            // Whoever has seen enough closes the pager.
            Err(error) if error.kind() != ErrorKind::BrokenPipe => {
                return Err(error).with_context(|| format!("cannot write to the pager {command:?}"));
            }
            Ok(()) | Err(_) => {}
        }
    }
    let status = child.wait().with_context(|| format!("cannot wait for the pager {command:?}"))?;
    // 126 and 127 are the shell's: there is no such program.
    if matches!(status.code(), Some(126 | 127)) { print(text) } else { Ok(()) }
}

/// Whether the text has more rows than the terminal.
fn is_long(text: &str) -> bool {
    let Some((width, height)) = terminal_size::terminal_size() else { return false };
    let width = usize::from(width.0).max(1);
    let rows: usize = text.lines().map(|line| columns(line).div_ceil(width).max(1)).sum();
    rows >= usize::from(height.0)
}

fn columns(line: &str) -> usize {
    unicode_width::UnicodeWidthStr::width(anstream::adapter::strip_str(line).to_string().as_str())
}

/// Whether the terminal is one of those that follow OSC 8.
fn terminal_links() -> bool {
    let var = |name: &str| env::var(name).unwrap_or_default();
    if let Ok(forced) = env::var("FORCE_HYPERLINK") {
        return forced != "0";
    }
    let term = var("TERM");
    if term == "dumb" || term.starts_with("screen") || term.starts_with("tmux") {
        return false;
    }
    let program = var("TERM_PROGRAM").to_lowercase();
    ["iterm.app", "wezterm", "vscode", "hyper", "ghostty", "tabby", "rio"].contains(&program.as_str())
        || ["kitty", "alacritty", "foot", "ghostty", "wezterm", "contour"].iter().any(|t| term.contains(t))
        || var("VTE_VERSION").parse::<u32>().is_ok_and(|v| v >= 5000)
        || ["WT_SESSION", "KITTY_WINDOW_ID", "DOMTERM", "KONSOLE_VERSION"].iter().any(|name| env::var_os(name).is_some())
}

/// The name of this machine, which tells a terminal elsewhere that the file is not there.
fn host() -> String {
    rustix::system::uname().nodename().to_string_lossy().into_owned()
}
