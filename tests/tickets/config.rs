//! `dupdoctor.toml`: found upwards, honoured, and told off when it is wrong.

use crate::support::{Outcome, STUCK, copy, fed, logs, outcome, program, root};
use tempfile::TempDir;

/// A folder with logs of a stuck duplication, two levels below the file.
fn desk(config: &str) -> TempDir {
    let desk = tempfile::tempdir().unwrap();
    copy(&logs(STUCK), &desk.path().join("a/b/logs"));
    std::fs::write(desk.path().join("dupdoctor.toml"), config).unwrap();
    desk
}

/// Exit code, standard output and standard error of a command in the folder `a/b`.
fn run(desk: &TempDir, args: &str) -> Outcome {
    outcome(program(&args.split(' ').collect::<Vec<_>>()).current_dir(desk.path().join("a/b")))
}

const ACCEPT: &str = "[[accept]]\ncode = \"dup301\"\ntable = \"test_orders\"\nreason = \"to be upgraded\"\nexpires = 2099-12-31\n";

#[test]
fn what_it_accepts_is_left_out_and_said() {
    let desk = desk(ACCEPT);
    let (code, text, _) = run(&desk, "diagnose logs");
    assert_eq!(code, 0, "{text}");
    assert!(
        text.contains("1 accepted finding") && text.contains("dupdoctor.toml:1") && text.contains("to be upgraded, until 2099-12-31"),
        "{text}"
    );
    let (_, json, _) = run(&desk, "diagnose logs --format json");
    let report: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!((report["findings"].as_array().unwrap().len(), &report["accepted"][0]["by"]), (0, &"config".into()));
    assert_eq!((&report["accepted"][0]["reason"], &report["accepted"][0]["expires"]), (&"to be upgraded".into(), &"2099-12-31".into()));
    assert_eq!(run(&desk, "diagnose logs --no-config").0, 1);
    assert_eq!(run(&desk, "diagnose logs --config ../../dupdoctor.toml").0, 0);
    let (_, told, _) = run(&desk, "watch --no-config --from start --clock log logs/nothing");
    assert!(told.is_empty(), "{told}");
}

#[test]
fn a_watcher_honours_it() {
    for (config, opened) in [(ACCEPT, false), ("", true)] {
        let desk = desk(config);
        let logs = desk.path().join("a/b/logs/hz_main/meta1");
        let file = std::fs::read_dir(logs).unwrap().next().unwrap().unwrap().path();
        let mut command = program(&["watch", "--format", "ndjson", "-"]);
        let (_, out, _) = fed(command.current_dir(desk.path()), &std::fs::read(file).unwrap());
        assert_eq!(out.contains("DUP301"), opened);
    }
}

#[test]
fn what_has_expired_hides_nothing_and_is_said() {
    let desk = desk(&ACCEPT.replace("2099", "2001"));
    for args in ["diagnose logs", "diagnose logs --format markdown", "diagnose logs --format json"] {
        let (code, text, _) = run(&desk, args);
        assert_eq!(code, 1);
        assert!(text.contains("2001-12-31") && text.contains("to be upgraded") == args.ends_with("json"), "{args}: {text}");
    }
}

#[test]
fn with_hidden_names_it_tells_none() {
    let desk =
        desk(&format!("{ACCEPT}\n[[accept]]\ncode = \"DUP302\"\ntable = \"secret_table\"\nreason = \"ask carol\"\nexpires = 2001-01-01\n"));
    std::fs::write(desk.path().join("a/b/old.json"), run(&desk, "diagnose logs --no-config --format json").1).unwrap();
    for format in ["text", "json", "markdown", "jira", "junit"] {
        let (_, text, _) = run(&desk, &format!("diagnose logs --redact --compare old.json --format {format}"));
        for name in ["test_orders", "orders_copy", "target_cluster", "secret_table", "carol", "to be upgraded"] {
            assert!(!text.contains(name), "{format} tells {name}: {text}");
        }
    }
}

#[test]
fn thresholds_and_signatures_are_taken_from_it() {
    let desk = desk("[expect]\nDUP400 = \"20m\"\ngap = \"1h\"\n");
    assert_eq!(run(&desk, "diagnose logs").0, 1);
    std::fs::write(desk.path().join("dupdoctor.toml"), "signatures = [\"own\"]\n").unwrap();
    let (code, _, said) = run(&desk, "diagnose logs");
    assert!(code == 2 && said.contains("dupdoctor.toml:1") && said.contains("own: no such directory"), "{said}");
    std::fs::create_dir(desk.path().join("own")).unwrap();
    let one = std::fs::read_dir(root().join("src/signature/catalogue")).unwrap();
    let file = one.map(|e| e.unwrap().path()).find(|p| p.to_string_lossy().contains("DUP301")).unwrap();
    let text = std::fs::read_to_string(file).unwrap().replace("code = \"DUP301\"", "code = \"ABC1\"");
    std::fs::write(desk.path().join("own/ABC1.toml"), text).unwrap();
    let (code, text, said) = run(&desk, "diagnose logs");
    assert!(code == 1 && text.contains("ABC1"), "{text}{said}");
}

#[test]
fn what_is_wrong_is_told_with_file_and_line() {
    for (config, said) in [
        ("\nacept = []\n", "dupdoctor.toml:2: unknown key \"acept\"; did you mean \"accept\"?"),
        ("[[accept]]\ncode = \"DUP30\"\nreason = \"x\"\n", "dupdoctor.toml:1: unknown code \"DUP30\"; did you mean"),
        ("[expect]\nprepair = \"3m\"\n", "dupdoctor.toml:2: unknown name \"prepair\"; did you mean \"prepare\"?"),
        ("[expect]\nprepare = \"3 moons\"\n", "dupdoctor.toml:2: prepare must be a duration"),
        ("[[accept]\n", "dupdoctor.toml:1: "),
    ] {
        let (code, out, err) = run(&desk(config), "diagnose logs");
        assert!(code == 2 && out.is_empty() && err.contains(said), "{config:?}: {err}");
    }
    let desk = desk("");
    for (args, said) in [
        ("diagnose logs --config nope.toml", "nope.toml"),
        ("diagnose logs --config logs", "a directory; name the file"),
        ("diagnose logs --config nope.toml --no-config", "cannot be used with"),
        ("diagnose logs --compare nope.json", "--compare nope.json"),
        ("diagnose logs --compare ../../dupdoctor.toml", "it is empty"),
        ("diagnose logs --ignore DUP301:", "no table after the colon"),
    ] {
        let (code, out, err) = run(&desk, args);
        assert!(code == 2 && out.is_empty() && err.contains(said), "{args}: {err}");
    }
}
