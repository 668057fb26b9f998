//! What tests share: where things lie, the program, copies of logs, random numbers, cases.

pub(crate) mod case;
pub(crate) mod random;

use std::ffi::OsStr;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A duplication that is stuck: table `test_orders`, follower `orders_copy` on `target_cluster`, DUP301.
pub(crate) const STUCK: &str = "DUP301-dev-asked-for-source-name";
/// Its only log, below its `logs`.
pub(crate) const STUCK_LOG: &str = "hz_main/meta1/meta.log.20240525_101029_173";

/// The top of the repository.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

/// The folder of a case.
pub(crate) fn fixture(case: &str) -> PathBuf {
    root().join("fixtures").join(case)
}

/// The logs of a case.
pub(crate) fn logs(case: &str) -> PathBuf {
    fixture(case).join("logs")
}

/// Copies a folder with all that is in it.
pub(crate) fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap().map(Result::unwrap) {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// When a line was written, by the nanoseconds in the parenthesis of its header.
pub(crate) fn nanos(line: &[u8]) -> Option<i64> {
    let at = line.windows(2).position(|pair| pair == b" (")? + 2;
    let digits = line[at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    std::str::from_utf8(&line[at..at + digits]).ok().filter(|text| text.len() == 19)?.parse().ok()
}

/// Exit code, standard output, standard error.
pub(crate) type Outcome = (i32, String, String);

/// The program, with nothing on standard input and no language or width of this machine.
pub(crate) fn program<A: AsRef<OsStr>>(args: &[A]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dupdoctor"));
    for variable in ["NO_COLOR", "COLUMNS", "LANG", "LC_ALL", "LC_MESSAGES"] {
        command.env_remove(variable);
    }
    command.args(args).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// Runs it to its end.
pub(crate) fn outcome(command: &mut Command) -> Outcome {
    told(&command.output().unwrap())
}

/// Runs it to its end with bytes on standard input.
pub(crate) fn fed(command: &mut Command, bytes: &[u8]) -> Outcome {
    let mut child = command.stdin(Stdio::piped()).spawn().unwrap();
    let (mut stdin, bytes) = (child.stdin.take().unwrap(), bytes.to_vec());
    // A command that does not read may be gone already.
    let feed = std::thread::spawn(move || stdin.write_all(&bytes).is_ok());
    let output = child.wait_with_output().unwrap();
    feed.join().unwrap();
    told(&output)
}

/// What a process that has ended left.
pub(crate) fn told(output: &std::process::Output) -> Outcome {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    let (out, err) = (text(&output.stdout), text(&output.stderr));
    assert!(!err.contains("panicked"), "{err}");
    (output.status.code().unwrap_or(-1), out, err)
}
