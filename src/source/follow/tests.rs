//! Tests of following: each kind of rotation, truncation, deletion, copies.
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use super::*;
use std::fs;
use std::io::Write;

/// A directory, a follower of something in it, and all that was told.
struct Desk {
    dir: tempfile::TempDir,
    follower: Follower,
    told: Vec<String>,
}

impl Desk {
    fn new(root: &str) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let follower = Follower::new(&[dir.path().join(root)]);
        Self { dir, follower, told: Vec::new() }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn append(&self, name: &str, text: &str) {
        fs::OpenOptions::new().append(true).create(true).open(self.path(name)).unwrap().write_all(text.as_bytes()).unwrap();
    }

    fn look(&mut self) -> Vec<String> {
        let (told, root) = (&mut self.told, self.dir.path().to_string_lossy().into_owned() + "/");
        let mut sink = |event: Followed<'_>| {
            let line = match event {
                Followed::Opened { key, display } => format!("opened {key} {}", display.replace(&root, "")),
                Followed::Renamed { key, display } => format!("renamed {key} {}", display.replace(&root, "")),
                Followed::Bytes { key, bytes } => format!("{key}: {}", String::from_utf8_lossy(bytes).trim_end()),
                Followed::Ended { key } => format!("ended {key}"),
                Followed::Lost { key, reason } => format!("lost {key} {reason}"),
                Followed::Regained { key } => format!("regained {key}"),
                Followed::Archive(item) => format!("archive {}", item.display.replace(&root, "")),
                Followed::Failed(error) => format!("problem {error}"),
            };
            told.push(line);
        };
        self.follower.scan(&mut sink);
        self.follower.read(&mut sink);
        std::mem::take(&mut self.told)
    }

    fn looks(&mut self, times: usize) -> Vec<String> {
        (0..times).flat_map(|_| self.look()).collect()
    }
}

/// A first line of its own: files are known by it.
fn first(name: &str) -> String {
    format!("{name} {}\n", name.repeat(100))
}

#[test]
fn the_link_is_made_anew() {
    for root in ["", "meta.log"] {
        let mut desk = Desk::new(root);
        desk.append("meta.log.20240101_000000_001", "a\n");
        std::os::unix::fs::symlink("meta.log.20240101_000000_001", desk.path("meta.log")).unwrap();
        assert_eq!(desk.look(), ["opened 0 meta.log.20240101_000000_001", "0: a"], "{root:?}");
        desk.append("meta.log.20240101_000000_001", "b\n");
        fs::remove_file(desk.path("meta.log")).unwrap();
        desk.append("meta.log.20240102_000000_001", "c\n");
        assert_eq!(desk.look(), ["opened 1 meta.log.20240102_000000_001", "0: b", "1: c"], "{root:?}");
        std::os::unix::fs::symlink("meta.log.20240102_000000_001", desk.path("meta.log")).unwrap();
        desk.append("meta.log.20240101_000000_001", "late\n");
        assert_eq!(desk.looks(8), ["0: late", "ended 0"], "{root:?}");
    }
}

#[test]
fn the_number_grows() {
    for root in ["", "log.9.txt"] {
        let mut desk = Desk::new(root);
        desk.append("log.9.txt", "a\n");
        desk.look();
        desk.append("log.9.txt", "b\n");
        desk.append("log.10.txt", "c\n");
        desk.append("log.11.txt", "d\n");
        let told = desk.look();
        assert!(["0: b", "1: c", "2: d"].iter().all(|line| told.iter().any(|t| t == line)), "{root:?}: {told:?}");
        assert_eq!(desk.looks(8), ["ended 0", "ended 1"], "{root:?}");
    }
}

#[test]
fn a_truncated_file_begins_anew() {
    let mut desk = Desk::new("");
    desk.append("meta.log", "one\ntwo\n");
    desk.look();
    fs::write(desk.path("meta.log"), "x\n").unwrap();
    assert_eq!(desk.look(), ["ended 0", "opened 1 meta.log", "1: x"]);
    // Rewritten with more than there was.
    fs::write(desk.path("meta.log"), "yyyy\nzzzz\n").unwrap();
    assert_eq!(desk.look(), ["ended 1", "opened 2 meta.log", "2: yyyy\nzzzz"]);
}

#[test]
fn copytruncate_loses_nothing() {
    for seen_before in [false, true] {
        let mut desk = Desk::new("");
        desk.append("meta.log", &first("a"));
        desk.look();
        desk.append("meta.log", "unread\n");
        fs::copy(desk.path("meta.log"), desk.path("meta.log.1")).unwrap();
        if seen_before {
            assert_eq!(desk.look(), ["0: unread"], "a copy is not read itself");
        }
        fs::write(desk.path("meta.log"), "new\n").unwrap();
        let told = desk.look();
        let mut want = vec!["renamed 0 meta.log.1", "0: unread", "ended 0", "opened 1 meta.log", "1: new"];
        want.retain(|line| !seen_before || *line != "0: unread");
        assert_eq!(told, want, "{seen_before}");
        assert_eq!(desk.looks(3), [""; 0]);
    }
}

#[test]
fn a_file_that_is_moved_keeps_its_number() {
    let mut desk = Desk::new("");
    desk.append("meta.log", &first("a"));
    desk.look();
    fs::rename(desk.path("meta.log"), desk.path("meta.log.1")).unwrap();
    desk.append("meta.log.1", "late\n");
    desk.append("meta.log", &first("b"));
    let told = desk.look();
    assert!(told.contains(&"renamed 0 meta.log.1".to_owned()) && told.contains(&"0: late".to_owned()), "{told:?}");
    assert!(told.contains(&"opened 1 meta.log".to_owned()), "{told:?}");
}

#[test]
fn a_deleted_file_is_lost_unless_another_follows() {
    let mut desk = Desk::new("");
    desk.append("log.1.txt", "a\n");
    desk.look();
    fs::remove_file(desk.path("log.1.txt")).unwrap();
    assert_eq!(desk.looks(4), ["lost 0 deleted"]);
    desk.append("log.2.txt", "b\n");
    assert_eq!(desk.looks(7), ["opened 1 log.2.txt", "ended 0", "1: b"]);
}

#[test]
fn what_appears_later_is_followed_but_no_archive() {
    let mut desk = Desk::new("sub");
    assert!(!desk.follower.any_root());
    assert_eq!(desk.looks(2), [""; 0]);
    fs::create_dir_all(desk.path("sub/deep")).unwrap();
    desk.append("sub/deep/log.1.txt", "a\n");
    fs::write(desk.path("sub/log.0.txt.gz"), b"\x1f\x8b\x08rest").unwrap();
    assert_eq!(desk.look(), ["opened 0 sub/deep/log.1.txt", "0: a"]);
}

#[test]
fn of_a_data_folder_only_logs_are_followed() {
    let mut desk = Desk::new("data");
    fs::create_dir_all(desk.path("data/reps/1.0.pegasus/plog")).unwrap();
    fs::create_dir_all(desk.path("data/log")).unwrap();
    for stored in ["data/reps/1.0.pegasus/.init-info", "data/reps/1.0.pegasus/plog/log.1.0", "data/log/.app-info"] {
        desk.append(stored, &first(stored));
    }
    desk.append("data/log/replica.log.20240524_172157_120", "a line\n");
    assert_eq!(desk.looks(2), ["opened 0 data/log/replica.log.20240524_172157_120", "0: a line"]);
}
