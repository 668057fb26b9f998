//! The `dupdoctor` command: parses arguments, runs a command, turns its result into an exit code.

mod cli;

use std::process::ExitCode;

/// Threads read, one tells: memory that one frees and another needs stays in the C library's arenas, a fifth of the whole
/// with 100,000 duplications.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    cli::run(std::env::args_os())
}
