//! The program and the library as their users meet them, in one binary; cases and the browser have their own.
#![expect(clippy::unwrap_used, clippy::panic, clippy::print_stderr, reason = "a test may fail loudly")]

mod architecture;
mod cli;
mod documents;
mod evidence;
mod fix;
mod forms;
mod fuzz;
mod glossary;
mod html;
mod leaks;
mod preflight;
mod readers;
mod redact;
mod signatures;
mod status;
mod stored;
#[expect(dead_code, reason = "the cases need the rest")]
mod support;
mod tickets;
mod watch;
