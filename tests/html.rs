//! The page as a file: where it is written, what stands in it, what must not. How it behaves stands in `tests/browser`.

use crate::support::{program, root};
use std::path::Path;
use std::process::Output;

const CASE: &str = "fixtures/DUP301-dev-asked-for-source-name/logs";

fn diagnose(args: &[&str]) -> Output {
    let always = ["diagnose", "--quiet", "--fail-on", "never", "--lang", "en"];
    program(&[&always, args].concat()).current_dir(root()).output().unwrap()
}

fn page(args: &[&str]) -> String {
    let output = diagnose(&[&["--format", "html"], args].concat());
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// Without the moment at which it was made.
fn undated(page: &str) -> String {
    let stamp = regex::Regex::new(r#"<time datetime="[^"]+">\d{4}-\d\d-\d\dT[^<]+</time>"#).unwrap();
    stamp.replace(page, "").into_owned()
}

#[test]
fn a_file_is_the_same_page_whatever_names_its_format() {
    let folder = tempfile::tempdir().unwrap();
    let [html, htm, other] = ["a.html", "b.htm", "c"].map(|name| folder.path().join(name));
    let prefixed = format!("html={}", other.display());
    let output = diagnose(&[CASE, "--output", html.to_str().unwrap(), "--output", htm.to_str().unwrap(), "--output", &prefixed]);
    assert!(output.status.success());
    let read = |path: &Path| undated(&std::fs::read_to_string(path).unwrap());
    let shown = undated(&page(&[CASE]));
    assert!(shown.starts_with("<!DOCTYPE html>") && shown.contains("DUP301"));
    for file in [&html, &htm, &other] {
        assert_eq!(read(file), shown, "{}", file.display());
    }
    assert_eq!(undated(&page(&[CASE, "--threads", "1", "--chunk-size", "4096"])), shown, "the same input gives the same page");
}

#[test]
fn a_redacted_page_names_nobody() {
    let page = page(&[CASE, "--redact"]);
    assert!(page.contains("table-1") && page.contains("DUP301"));
    for name in ["test_orders", "orders_copy", "target_cluster", "hz_main", "hz-main", "10.12.3.11"] {
        assert!(!page.contains(name), "{name} stands in the page");
    }
}

#[test]
fn logs_without_a_duplication_are_a_page_that_says_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("notes.txt"), "nothing <b>of</b> Pegasus\n").unwrap();
    let output = diagnose(&["--format", "html", folder.path().to_str().unwrap()]);
    let page = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(page.contains("No Pegasus logs found.") && page.contains("nothing &lt;b&gt;of&lt;/b&gt; Pegasus"), "{page}");
}

#[test]
fn a_runbook_stands_in_the_page_when_it_is_asked_for() {
    assert!(!page(&[CASE]).contains("class=\"danger\""));
    assert!(page(&[CASE, "--runbook"]).contains("class=\"danger\""));
}
