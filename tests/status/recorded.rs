//! `status` against answers that servers of master gave, and against those documented of v2.4 and v2.5.

use super::server::{Reply, Server};
use super::{ago, json, reasons, run};
use crate::support::root;
use serde_json::Value;
use std::collections::BTreeMap;

/// Recorded answers, served again: `{"meta1": {"/path?query": [status, body]}}`, in which `{rs1}` is where that server is.
struct Cluster {
    servers: BTreeMap<String, Server>,
}

impl Cluster {
    fn new(name: &str) -> Self {
        let text = std::fs::read_to_string(root().join(format!("tests/status/answers/{name}.json"))).unwrap();
        let text = text.replace("{minute_ago}", &ago(60).to_string());
        let all: BTreeMap<String, BTreeMap<String, (u16, String)>> = serde_json::from_str(&text).unwrap();
        let servers: BTreeMap<String, Server> = all.keys().map(|name| (name.clone(), Server::new(&[]))).collect();
        let filled = |body: &str| {
            let fill = |text: String, (name, server): (&String, &Server)| text.replace(&format!("{{{name}}}"), &server.address.to_string());
            servers.iter().fold(body.to_owned(), fill)
        };
        for (name, pages) in &all {
            for (page, (status, body)) in pages {
                let body = filled(body);
                servers[name].set(page, if *status == 307 { Reply::RedirectTo(body) } else { Reply::Say(*status, body) });
            }
        }
        Self { servers }
    }

    fn address(&self, name: &str) -> String {
        self.servers[name].address.to_string()
    }

    fn json(&self, more: &[&str]) -> (i32, Value) {
        json(&[&["--meta", &self.address("meta1")], more].concat())
    }

    fn text(&self, more: &[&str]) -> (i32, String) {
        let (code, text, _) = run(&[&["--meta", &self.address("meta1")], more].concat());
        // Lines are broken anywhere.
        (code, text.split_whitespace().collect::<Vec<_>>().join(" "))
    }
}

fn dup<'r>(report: &'r Value, table: &str) -> &'r Value {
    let tables = report["tables"].as_array().unwrap();
    &tables.iter().find(|t| t["app_name"] == table).unwrap_or_else(|| panic!("{table}: {report}"))["duplications"][0]
}

#[test]
fn a_server_without_primaries_of_one_table_is_asked_for_the_others() {
    let cluster = Cluster::new("master-one-table-without-primary");
    let (code, report) = cluster.json(&[]);
    let told = dup(&report, "user_profile");
    assert_eq!(
        (told["not_duplicated"].as_i64(), told["decree_gap"].as_i64(), told["verdict"].as_str()),
        (Some(810), None, Some("unknown"))
    );
    assert_eq!(told["partitions"][0]["not_duplicated"], 412);
    assert_eq!((reasons(&report).as_str(), report["replicas"].as_array().unwrap().len()), ("", 2));
    assert_eq!((dup(&report, "order_book")["verdict"].as_str(), code), (Some("healthy"), 3));
    let (code, text) = cluster.text(&["--fail-on", "never"]);
    assert!(code == 0 && text.contains("810 not shipped") && text.contains("not seen to shrink") && !text.contains("gap"), "{text}");
}

#[test]
fn what_waits_and_shrinks_is_shipped() {
    let cluster = Cluster::new("master-one-table-without-primary");
    let page = "/replica/duplication?appid=2";
    for (server, partition) in [("rs1", 0), ("rs2", 1)] {
        let waits = |count: i64| {
            format!(
                r#"{{"1716542600":{{"2.{partition}":{{"duplicating":true,"fail_mode":"FAIL_SLOW","not_confirmed_mutations_num":{count},"not_duplicated_mutations_num":{count}}}}}}}"#
            )
        };
        cluster.servers[server].set(page, Reply::InTurn(vec![waits(400), waits(420), waits(390), waits(450)]));
    }
    let (code, report) = cluster.json(&["--app", "user_profile"]);
    assert_eq!((code, dup(&report, "user_profile")["verdict"].as_str()), (0, Some("healthy")), "{report}");
}

#[test]
fn duplication_that_is_switched_off_is_no_all_clear() {
    for name in ["master-duplication-disabled", "v2.4-duplication-disabled"] {
        let cluster = Cluster::new(name);
        for (args, word) in [
            (&[][..], "The state of duplications is unknown"),
            (&["--app", "order_book"], "The state of duplications is unknown"),
            (&["--lang", "zh"], "无法判断"),
        ] {
            let (code, text) = cluster.text(args);
            assert!(code == 3 && text.contains(word) && text.contains("duplication_enabled = false"), "{code} {text}");
            assert!(!text.contains("No duplication"), "{text}");
        }
        // The same answer is not asked for again and again.
        let asked = cluster.servers["meta1"].asked();
        assert_eq!(asked.iter().filter(|page| page.ends_with("user_profile")).count(), 0, "{asked:?}");
    }
}

#[test]
fn a_name_that_is_nobody_s_is_wrong_usage_and_something_is_suggested() {
    for name in ["master-duplication-disabled", "v2.5-shipping"] {
        let cluster = Cluster::new(name);
        for (app, word) in [("nosuch", "known are order_book, user_profile"), ("order_bok", "did you mean \"order_book\"?")] {
            let (code, report) = cluster.json(&["--app", app]);
            let told = reasons(&report);
            assert!(code == 2 && told.contains("there is no such table (ERR_APP_NOT_EXIST); ") && told.contains(word), "{code} {told}");
            assert_eq!((report["not_asked"][0]["app_name"].as_str(), report["cannot_tell"].as_bool()), (Some(app), Some(true)));
        }
    }
    let (code, text) = Cluster::new("v2.5-shipping").text(&["--app", "user_profile", "--app", "order_bok"]);
    assert!(code == 2 && text.contains("No duplication needs attention") && text.contains("1 tables are unknown"), "{text}");
}

#[test]
fn before_it_ships_primaries_need_no_duplication() {
    let cluster = Cluster::new("master-preparing");
    let (code, report) = json(&["--meta", &cluster.address("meta2")]);
    let told = dup(&report, "user_profile");
    assert_eq!((code, told["status"].as_str(), told["partitions_untold"].as_i64()), (0, Some("DS_PREPARE"), Some(3)), "{report}");
    assert_eq!((reasons(&report).as_str(), report["leader"].as_str()), ("", Some(format!("http://{}", cluster.address("meta1")).as_str())));
}

#[test]
fn a_target_that_is_down_shows_by_what_waits() {
    let cluster = Cluster::new("master-target-down");
    let (code, report) = cluster.json(&[]);
    let (shipping, paused) = (dup(&report, "user_profile"), dup(&report, "order_book"));
    assert_eq!((code, shipping["not_confirmed"].as_i64(), shipping["verdict"].as_str()), (3, Some(105), Some("unknown")), "{report}");
    assert_eq!((paused["verdict"].as_str(), paused["partitions"][0]["moves"].as_bool()), (Some("paused"), Some(false)));
}

#[test]
fn releases_before_master_tell_the_same_without_decrees() {
    for name in ["v2.4-shipping", "v2.5-shipping"] {
        let cluster = Cluster::new(name);
        for more in [&[][..], &["--app", "user_profile"]] {
            let (code, report) = cluster.json(more);
            let told = dup(&report, "user_profile");
            assert_eq!((code, told["verdict"].as_str(), told["not_confirmed"].as_i64()), (0, Some("healthy"), Some(7)), "{report}");
            assert_eq!((told["partitions_untold"].as_i64(), report["cannot_tell"].as_bool()), (Some(0), Some(false)));
        }
    }
}

#[test]
fn a_partition_that_nobody_tells_of_is_not_healthy() {
    let cluster = Cluster::new("v2.5-one-server-silent-of-a-table");
    let (code, report) = cluster.json(&[]);
    let told = dup(&report, "user_profile");
    assert_eq!((code, told["verdict"].as_str(), told["partitions_untold"].as_i64()), (3, Some("unknown"), Some(1)), "{report}");
    assert!(reasons(&report).contains("it has primaries of this table, and no duplication of theirs"), "{report}");
    let (_, text) = cluster.text(&[]);
    assert!(text.contains("1 of 2 partitions unknown") && text.contains("7 not confirmed"), "{text}");
}

#[test]
fn names_are_hidden_everywhere_and_files_are_written_too() {
    let folder = tempfile::TempDir::new().unwrap();
    let (file, key) = (folder.path().join("status.json"), folder.path().join("key.json"));
    for name in ["master-one-table-without-primary", "master-duplication-disabled", "v2.5-one-server-silent-of-a-table"] {
        let cluster = Cluster::new(name);
        let output = file.to_str().unwrap();
        let (_, text) = cluster.text(&[
            "--redact",
            "--redact-map",
            key.to_str().unwrap(),
            "--output",
            output,
            "--all",
            "--app",
            "order_book",
            "--app",
            "nosuch",
            "--app",
            "user_profile",
        ]);
        let written = std::fs::read_to_string(&file).unwrap();
        let report: Value = serde_json::from_str(&written).unwrap();
        assert!(report["leader"].as_str().unwrap().starts_with("http://ip-"), "{report}");
        for hidden in ["order_book", "user_profile", "sg_backup", "127.0.0.1", "nosuch"] {
            assert!(!text.contains(hidden) && !written.contains(hidden), "{hidden}: {text}{written}");
        }
        assert!(std::fs::read_to_string(&key).unwrap().contains("user_profile"));
    }
}

#[test]
fn answers_are_as_their_schema_says() {
    let schema = dupdoctor::internal::render::schema(dupdoctor::internal::render::Schema::Status);
    let schema = jsonschema::validator_for(&serde_json::from_str(&schema).unwrap()).unwrap();
    for entry in std::fs::read_dir(root().join("tests/status/answers")).unwrap() {
        let name = entry.unwrap().path().file_stem().unwrap().to_string_lossy().into_owned();
        let (_, report) = Cluster::new(&name).json(&[]);
        let wrong: Vec<String> = schema.iter_errors(&report).map(|e| format!("{} {e}", e.instance_path())).collect();
        assert!(wrong.is_empty(), "{name}: {wrong:?}");
    }
}
