//! What is read: files, folders, packed copies, pipes, and what cannot be read.

use super::{Desk, LOG, said};
use std::io::Write;

#[test]
fn compressed_and_packed_copies_tell_the_same() {
    let desk = Desk::new();
    let plain = said(&desk.report(LOG));
    let text = desk.log();
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    gzip.write_all(&text[..text.len() / 2]).unwrap();
    let mut members = gzip.finish().unwrap();
    let mut second = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    second.write_all(&text[text.len() / 2..]).unwrap();
    members.extend(second.finish().unwrap());
    desk.write("copies/gz/log", members);
    desk.write("copies/zst/log", zstd::encode_all(&text[..], 3).unwrap());
    let mut xz = liblzma::write::XzEncoder::new(Vec::new(), 6);
    xz.write_all(&text).unwrap();
    desk.write("copies/xz/log", xz.finish().unwrap());
    let mut bzip2 = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::default());
    bzip2.write_all(&text).unwrap();
    desk.write("copies/bz2/log", bzip2.finish().unwrap());
    let mut tar = tar::Builder::new(flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default()));
    tar.append_path_with_name(desk.path(LOG), "meta1/log.1.txt").unwrap();
    desk.write("copies/tar/log", tar.into_inner().unwrap().finish().unwrap());
    for format in ["gz", "zst", "xz", "bz2", "tar"] {
        assert_eq!(said(&desk.report(&format!("copies/{format}"))), plain, "{format}");
        assert_eq!(desk.run(&format!("diagnose copies/{format}/log")).code, 1, "{format}");
    }
}

#[test]
fn standard_input_is_read_without_a_path_and_as_a_dash() {
    let desk = Desk::new();
    let plain = said(&desk.report(LOG));
    let packed = zstd::encode_all(&desk.log()[..], 3).unwrap();
    for (line, bytes) in [("", &desk.log()), ("-", &desk.log()), ("-", &packed)] {
        let told = desk.pipe(&format!("diagnose --format json {line}"), bytes);
        assert_eq!((told.code, told.err.as_str()), (1, ""), "{line}");
        assert_eq!(said(&serde_json::from_str(&told.out).unwrap()), plain, "{line}");
    }
    assert!(desk.pipe("timeline", &desk.log()).out.contains("DS_PREPARE → DS_APP"));
    assert!(desk.pipe("events", &desk.log()).out.contains("dup_status_changed"));
    let empty = desk.run("diagnose");
    assert_eq!(empty.code, 2);
    assert!(empty.err.contains("standard input: empty"), "{}", empty.err);
    // "2h ago" cannot count from the last line of a pipe; the user is told that nothing is left.
    let late = desk.pipe("diagnose --since 1h", &desk.log());
    assert!(late.err.contains("2024-05-25T02:16:28.054Z"), "{}", late.err);
}

#[test]
fn globs_directories_and_links_are_followed_once() {
    let desk = Desk::new();
    let plain = said(&desk.report(LOG));
    std::os::unix::fs::symlink("meta.log.20240525_101029_173", desk.path("logs/hz_main/meta1/meta.log")).unwrap();
    for paths in ["logs", "'logs/*'", "'logs/*/meta?/meta.log.*'", "'logs/**/*.log.*'", "logs logs", "logs 'logs/*'"] {
        assert_eq!(said(&desk.report(paths)), plain, "{paths}");
    }
    let told = desk.run("diagnose -v logs");
    assert!(told.err.contains("meta.log: another name of"), "{}", told.err);
}

#[test]
fn wrong_input_is_named_and_the_rest_is_diagnosed() {
    let desk = Desk::new();
    desk.write("empty.log", "");
    desk.write("notes/todo.txt", "buy milk\n");
    desk.write("notes/picture", b"\x89PNG\r\n\x1a\n\0\0");
    desk.write("old.zip", b"PK\x03\x04not really");
    std::fs::create_dir(desk.path("bare")).unwrap();
    std::os::unix::fs::symlink("gone", desk.path("dangling")).unwrap();
    for (path, words) in [
        ("nope", vec!["nope: no such file", "check the spelling"]),
        ("empty.log", vec!["empty.log: empty", "log.N.txt"]),
        ("bare", vec!["bare: no file", "directory that the server logs to"]),
        ("notes/todo.txt", vec!["notes/todo.txt: not a Pegasus log", "buy milk"]),
        ("dangling", vec!["dangling: symbolic link to gone", "name the file"]),
        ("'x*.log'", vec!["x*.log: nothing matches"]),
        ("'x[.log'", vec!["x[.log: no such file, and not a valid pattern"]),
        ("old.zip", vec!["old.zip: unsupported", "unpack it first"]),
    ] {
        for command in ["diagnose", "timeline", "events"] {
            let alone = desk.run(&format!("{command} {path}"));
            assert_eq!(alone.code, 2, "{command} {path}");
            for word in &words {
                assert!(alone.err.contains(word), "{command} {path}: {word} is missing in {}", alone.err);
            }
            let beside = desk.run(&format!("{command} {path} logs"));
            assert_eq!(beside.code, 2, "{command} {path} logs");
            assert!(beside.err.contains(words[0]), "{command} {path} logs: {}", beside.err);
            assert!(beside.out.contains("test_orders"), "{command} {path} logs");
        }
    }
}

#[test]
fn other_files_in_a_folder_are_left_out_and_named_with_v() {
    let desk = Desk::new();
    desk.write("logs/hz_main/meta1/notes.txt", "buy milk\n");
    desk.write("logs/hz_main/meta1/picture", b"\x89PNG\r\n\x1a\n\0\0");
    let told = desk.run("diagnose logs");
    assert_eq!((told.code, told.err.as_str()), (1, ""));
    let told = desk.run("diagnose -v logs");
    assert_eq!(told.code, 1);
    assert!(
        told.err.contains("meta1/notes.txt: not a Pegasus log, begins with \"buy milk\"") && told.err.contains("meta1/picture"),
        "{}",
        told.err
    );
    assert!(!told.err.contains('\u{1a}'));
    desk.write("notes/todo.txt", "buy milk\n");
    let told = desk.run("diagnose notes");
    assert_eq!(told.code, 2);
    for word in ["nothing here looks like a Pegasus log", "notes/todo.txt", "buy milk", "log.N.txt"] {
        assert!(told.err.contains(word), "{word} is missing in {}", told.err);
    }
    assert_eq!(desk.run("diagnose -q -v logs").code, 2, "-q and -v contradict each other");
}

#[test]
fn a_broken_tail_costs_only_the_tail() {
    let desk = Desk::new();
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    gzip.write_all(&desk.log()).unwrap();
    let whole = gzip.finish().unwrap();
    desk.write("broken.gz", &whole[..whole.len() / 2]);
    let told = desk.run("diagnose broken.gz");
    assert_eq!(told.code, 2);
    assert!(
        told.err.contains("broken.gz: cannot be read: the gzip data is cut off") && told.err.contains("copy the file again"),
        "{}",
        told.err
    );
    assert!(told.out.contains("DUP301"), "{}", told.out);
    let events = desk.run("events broken.gz");
    assert_eq!(events.code, 2);
    assert!(events.out.contains("add_dup_request"));
}

#[test]
fn an_unreadable_file_is_named_and_the_rest_is_diagnosed() {
    use std::os::unix::fs::PermissionsExt;
    let desk = Desk::new();
    desk.write("locked.log", desk.log());
    std::fs::set_permissions(desk.path("locked.log"), std::fs::Permissions::from_mode(0o000)).unwrap();
    if std::fs::File::open(desk.path("locked.log")).is_ok() {
        eprintln!("skipped: root reads everything");
        return;
    }
    let told = desk.run("diagnose locked.log logs");
    assert_eq!(told.code, 2);
    assert!(told.err.contains("locked.log: no permission"), "{}", told.err);
    assert!(told.out.contains("DUP301"));
}

#[test]
fn clusters_can_be_told() {
    let desk = Desk::new();
    for line in [
        "diagnose --source logs",
        "timeline --source logs",
        "diagnose --source logs/ --target missing",
        "diagnose logs --source logs/hz_main",
    ] {
        let told = desk.run(line);
        assert_eq!(told.code, i32::from(line.starts_with("diagnose")) + i32::from(line.contains("missing")), "{line}: {}", told.err);
        assert!(told.out.contains("test_orders"), "{line}: {}", told.out);
    }
    assert_eq!(desk.report("logs --source logs")["inputs"].as_array().unwrap().len(), 1, "read once");
    for (line, word) in [("diagnose --source logs --target logs", "both --source and --target"), ("timeline --target -", "standard input")]
    {
        let told = desk.run(line);
        assert_eq!((told.code, told.out.as_str()), (2, ""), "{line}");
        assert!(told.err.contains(word), "{line}: {}", told.err);
    }
}
