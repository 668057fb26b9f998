//! The `dupdoctor` command: one file per command, over the library `dupdoctor`.

mod commands;
mod console;
mod exit_status;
mod help;
mod options;
mod progress;
mod replace_file;
mod session;
mod signals;

use std::process::ExitCode;

/// Threads read, one tells: memory that one frees and another needs stays in the C library's arenas, a fifth of the whole
/// with 100,000 duplications. Without huge pages (`no_thp`), as most of one would never be used, and fresh memory is dear in
/// virtual machines that give theirs back to the host.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    commands::complete();
    commands::run(std::env::args_os())
}
