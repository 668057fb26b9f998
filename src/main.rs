//! The `dupdoctor` command: parses arguments, runs a command, turns its result into an exit code.

mod cli;

use std::process::ExitCode;

/// Threads read, one tells: memory that one frees and another needs stays in the C library's arenas, a fifth of the whole
/// with 100,000 duplications. Without huge pages (`no_thp`), as most of one would never be used, and fresh memory is dear in
/// virtual machines that give theirs back to the host.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    cli::run(std::env::args_os())
}
