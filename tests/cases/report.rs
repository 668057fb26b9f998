//! The report of a case is as it was: what the program prints when it is run in the case's `logs`.
//!
//! `report.txt` shows everything the text report has. A few cases have `report.zh.txt`, the same in Chinese, and
//! `report.json` as well; `fields.rs` holds them to showing every field. To add one to a case: make the file, accept it.

use crate::support::case::Case;
use crate::support::{outcome, program};
use similar::TextDiff;

const TEXT: &[&str] = &["--all", "-v", "--tz", "utc", "--color", "never", "--hyperlinks", "never"];

/// The snapshots: a file, whether every case has it, and the arguments that make it.
const SNAPSHOTS: &[(&str, bool, &[&str])] =
    &[("report.txt", true, &["--lang", "en"]), ("report.zh.txt", false, &["--lang", "zh"]), ("report.json", false, &["--format", "json"])];

pub(crate) fn differences(case: &Case) -> String {
    SNAPSHOTS
        .iter()
        .filter(|(file, always, _)| *always || case.folder.join(file).exists())
        .map(|(file, _, args)| compare(case, file, args))
        .collect()
}

fn compare(case: &Case, file: &str, args: &[&str]) -> String {
    let now = printed(case, &[TEXT, args].concat());
    let path = case.folder.join(file);
    let before = std::fs::read_to_string(&path).unwrap_or_default();
    if before == now {
        return String::new();
    }
    if std::env::var_os("DUPDOCTOR_ACCEPT").is_some() {
        std::fs::write(&path, now).unwrap();
        return String::new();
    }
    let diff = TextDiff::from_lines(&before, &now);
    let name = format!("fixtures/{}/{file}", case.name);
    let shown = diff.unified_diff().context_radius(3).header(&name, "now").to_string();
    format!("{shown}\nIf that is right: DUPDOCTOR_ACCEPT=1 cargo test --test cases {}::report\n", case.name)
}

fn printed(case: &Case, args: &[&str]) -> String {
    let mut command = program(&["diagnose", "--no-config", "--fail-on", "never"]);
    command.args(args).args(&case.args).arg(".").current_dir(case.logs()).env("COLUMNS", "100");
    let (code, out, err) = outcome(&mut command);
    assert!(code == 0 || code == 2 || code == 3, "exit status {code}: {err}");
    // The only thing in it that is not of the logs.
    let now = |line: &str| line.trim_start().starts_with("\"generated_at\": ");
    out.lines().filter(|line| !now(line)).fold(String::new(), |all, line| all + line + "\n")
}
