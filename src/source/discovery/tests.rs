//! What is found, left out and reported, on directories made for it.

#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::ffi::OsStr;
use std::fs::{create_dir_all, hard_link, write};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::os::unix::net::UnixListener;

use tempfile::TempDir;

use super::super::format::ForeignFormat;
use super::*;

/// A directory with files whose content is their own name.
fn tree(files: &[&str]) -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    for file in files {
        let path = dir.path().join(file);
        create_dir_all(path.parent().unwrap()).unwrap();
        write(&path, file.as_bytes()).unwrap();
    }
    dir
}

fn names(dir: &TempDir, discovery: &Discovery) -> Vec<String> {
    let short = |item: &Item| item.path.strip_prefix(dir.path()).unwrap().to_str().unwrap().to_owned();
    discovery.items.iter().map(short).collect()
}

fn discover_in(dir: &TempDir, names: &[&str]) -> Discovery {
    discover(&names.iter().map(|name| dir.path().join(name)).collect::<Vec<_>>())
}

#[test]
fn rotation_order_directory_by_directory() {
    let dir = tree(&["m2/log.10.txt", "m2/log.9.txt", "m10/log.1.txt", "m2/.hidden", "m2/old/log.1.txt", "top"]);
    let found = discover_in(&dir, &[""]);
    let want = ["top", "m2/.hidden", "m2/log.9.txt", "m2/log.10.txt", "m2/old/log.1.txt", "m10/log.1.txt"];
    assert_eq!(names(&dir, &found), want);
    assert!(found.problems.is_empty() && found.notes.is_empty());
    assert_eq!(found.items[0].len, 3);
    let twice = discover_in(&dir, &["top", "m2/old", "", "m10", "m2"]);
    assert_eq!(twice.items, found.items, "overlapping names add nothing");
    assert!(twice.problems.is_empty() && twice.notes.is_empty());
}

#[test]
fn of_a_data_folder_only_logs_are_read() {
    let replica = "data/replica/reps/1.0.pegasus";
    let stored = [".init-info", ".app-info", "plog/log.1.0", "data/rdb/LOG", "data/rdb/000012.sst"].map(|file| format!("{replica}/{file}"));
    let log = "data/log/replica.log.20240524_172157_120";
    let files: Vec<&str> = stored.iter().map(String::as_str).chain(["data/replica/slog/log.1.0", log]).collect();
    let dir = tree(&files);
    let found = discover_in(&dir, &[""]);
    assert_eq!(names(&dir, &found), [log]);
    assert!(found.problems.is_empty() && found.notes.is_empty());
    assert_eq!(names(&dir, &discover_in(&dir, &["data/*/*"])), [log]);
    assert_eq!(names(&dir, &discover_in(&dir, &[&stored[0]])), [stored[0].as_str()], "what is named is read");
}

#[test]
fn a_link_and_its_target_are_one_file() {
    let dir = tree(&["meta.log.20240524_172157_120"]);
    symlink("meta.log.20240524_172157_120", dir.path().join("meta.log")).unwrap();
    hard_link(dir.path().join("meta.log.20240524_172157_120"), dir.path().join("z")).unwrap();
    let found = discover_in(&dir, &[""]);
    assert_eq!(names(&dir, &found), ["meta.log.20240524_172157_120"]);
    let kept = dir.path().join("meta.log.20240524_172157_120");
    let same = |name| SkippedCopy::SameFile { dropped: dir.path().join(name), kept: kept.clone() };
    assert_eq!(found.notes, [same("meta.log"), same("z")]);
    assert_eq!(names(&dir, &discover_in(&dir, &["meta.log"])), ["meta.log"], "alone it is read by its name");
}

#[test]
fn linked_directories_are_followed_once() {
    let dir = tree(&["real/log.1.txt", "elsewhere/log.2.txt", "searched/log.3.txt"]);
    let link = |target: &str, name: &str| {
        symlink(dir.path().join(target), dir.path().join(name)).unwrap();
    };
    link("real", "a-link");
    link("elsewhere", "searched/link");
    link("", "searched/up");
    let found = discover_in(&dir, &["searched"]);
    assert_eq!(names(&dir, &found), ["searched/log.3.txt", "searched/link/log.2.txt"]);
    assert_eq!(found.notes, [SkippedCopy::LinkLoop { path: dir.path().join("searched/up") }]);
    let all = discover_in(&dir, &[""]);
    assert_eq!(names(&dir, &all), ["elsewhere/log.2.txt", "real/log.1.txt", "searched/log.3.txt"]);
    assert_eq!(all.notes.len(), 3);
}

#[test]
fn links_without_target() {
    let dir = tree(&["meta.log.20240524_172157_120"]);
    symlink("/gone/log/meta.log.20240524_172157_120", dir.path().join("meta.log")).unwrap();
    symlink("/gone/log/other", dir.path().join("broken")).unwrap();
    let found = discover_in(&dir, &[""]);
    assert_eq!(found.items.len(), 1);
    assert_eq!(found.notes.len(), 1, "the link's target was collected beside it");
    assert_eq!(found.problems.len(), 1);
    assert!(matches!(&found.problems[0].error, SourceError::BrokenLink { target, .. } if target.ends_with("other")));
}

#[test]
fn copies_are_read_once() {
    let dir = tree(&["log.1.txt"]);
    let mut long = vec![b'x'; 200_000];
    write(dir.path().join("log.2.txt"), &long).unwrap();
    write(dir.path().join("log.10.txt"), &long).unwrap();
    long[100_000] = b'y';
    write(dir.path().join("log.3.txt"), &long).unwrap();
    write(dir.path().join("empty1"), "").unwrap();
    write(dir.path().join("empty2"), "").unwrap();
    let found = discover_in(&dir, &[""]);
    assert_eq!(names(&dir, &found), ["empty1", "empty2", "log.1.txt", "log.2.txt", "log.3.txt"]);
    let copy = SkippedCopy::SameContent { dropped: dir.path().join("log.10.txt"), kept: dir.path().join("log.2.txt") };
    assert_eq!(found.notes, [copy]);
}

#[test]
fn globs() {
    let dir = tree(&["m1/log.1.txt", "m2/log.1.txt", "m2/other", "[odd]"]);
    assert_eq!(names(&dir, &discover_in(&dir, &["m*/log.*"])), ["m1/log.1.txt", "m2/log.1.txt"]);
    assert_eq!(names(&dir, &discover_in(&dir, &["m[2]"])), ["m2/log.1.txt", "m2/other"]);
    assert_eq!(names(&dir, &discover_in(&dir, &["[odd]"])), ["[odd]"], "a file of that name goes first");
    let nothing = discover_in(&dir, &["x*", "***x", "plain"]);
    let errors: Vec<_> = nothing.problems.iter().map(|problem| &problem.error).collect();
    assert!(matches!(errors[..], [SourceError::BadGlob { .. }, SourceError::NotFound { .. }, SourceError::GlobWithoutMatch { .. }]));
}

#[test]
fn what_cannot_be_read_is_told_and_the_rest_goes_on() {
    let dir = tree(&["log.1.txt", "a.zip", "closed/log.1.txt"]);
    write(dir.path().join("a.zip"), b"PK\x03\x04").unwrap();
    create_dir_all(dir.path().join("empty/below")).unwrap();
    let _socket = UnixListener::bind(dir.path().join("socket")).unwrap();
    let found = discover_in(&dir, &["", "empty", "socket", "gone"]);
    assert_eq!(names(&dir, &found), ["log.1.txt", "closed/log.1.txt"]);
    let told: Vec<_> = found.problems.iter().map(|problem| problem.path.file_name().unwrap()).collect();
    assert_eq!(told, ["a.zip", "empty", "gone", "socket"]);
    let zip = &found.problems[0].error;
    assert!(matches!(zip, SourceError::Unsupported { format: ForeignFormat::Zip, .. }));
    assert!(zip.to_string().ends_with("a.zip: unsupported archive format (zip), unpack it first"));
}

#[test]
fn permission_denied() {
    let dir = tree(&["log.1.txt", "log.2.txt"]);
    let closed = dir.path().join("log.1.txt");
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o0)).unwrap();
    if File::open(&closed).is_ok() {
        return; // root reads everything
    }
    let found = discover_in(&dir, &[""]);
    assert_eq!(names(&dir, &found), ["log.2.txt"]);
    assert!(matches!(found.problems[0].error, SourceError::PermissionDenied { .. }));
}

#[test]
fn odd_names() {
    let dir = tree(&["with space", "new\nline"]);
    let odd = dir.path().join(OsStr::from_bytes(b"not\xffutf8"));
    write(&odd, "x").unwrap();
    let found = discover_in(&dir, &[""]);
    assert_eq!(found.items.len(), 3);
    assert_eq!(found.items[1].path, odd);
    assert!(found.items[1].display.ends_with("not\u{fffd}utf8"));
}

#[test]
fn standard_input_and_pipes() {
    let dir = tree(&["log.1.txt"]);
    let named = [PathBuf::from("-"), PathBuf::from("/dev/null"), dir.path().to_path_buf(), PathBuf::from("-")];
    let kinds: Vec<_> = discover(&named).items.iter().map(|item| item.kind).collect();
    assert_eq!(kinds, [Kind::Pipe, Kind::Plain, Kind::Stdin]);
}

#[test]
fn the_current_directory_goes_unsaid() {
    assert_eq!(display(Path::new("./meta1/log.1.txt")), "meta1/log.1.txt");
    assert_eq!(display(Path::new("../log.1.txt")), "../log.1.txt");
}
