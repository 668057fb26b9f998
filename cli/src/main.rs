//! The `dupdoctor` command: one file a command, over the library `dupdoctor`.

mod annotate;
mod args;
mod config;
mod demo;
mod diagnose;
mod events;
mod explain;
mod fix;
mod formats;
mod judging;
mod moment;
mod output;
mod pager;
mod preflight;
mod progress;
mod reading;
mod redaction;
mod run;
mod schema;
mod signatures;
mod status;
mod timeline;
mod watch;
mod whois;

use run::Ending;
use std::process::ExitCode;

/// Threads read, one tells: memory that one frees and another needs stays in the C library's arenas, a fifth of the whole
/// with 100,000 duplications. Without huge pages (`no_thp`), as most of one would never be used, and fresh memory is dear in
/// virtual machines that give theirs back to the host.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    run::run(std::env::args_os())
}
