//! Tells the program of which commit it is; a source tree without one has only its version.

use std::process::Command;

fn git(args: &[&str]) -> Option<String> {
    let output = Command::new("git").args(args).output().ok().filter(|output| output.status.success())?;
    String::from_utf8(output.stdout).ok().map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
}

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    for name in ["HEAD", "logs/HEAD"] {
        if let Some(path) = git(&["rev-parse", "--git-path", name]) {
            println!("cargo:rerun-if-changed={path}");
        }
    }
    // The day of the commit and not of the build, so that the same commit gives the same bytes.
    let commit = git(&["log", "-1", "--format=%h %cs", "--abbrev=9"]);
    let version = std::env::var("CARGO_PKG_VERSION").unwrap_or_default();
    println!("cargo:rustc-env=DUPDOCTOR_VERSION={version}{}", commit.map(|commit| format!(" ({commit})")).unwrap_or_default());
}
