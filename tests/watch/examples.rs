//! The examples of services: their command lines work, and systemd understands the unit.

use super::LOG;
use super::alerts::{get, get_as, port};
use super::desk::{Desk, Story};
use rustix::process::Signal;
use std::collections::BTreeSet;
use std::io::Write;
use std::process::{Command, Stdio};

const UNIT: &str = include_str!("../../examples/dupdoctor-watch.service");
const SIDECAR: &str = include_str!("../../examples/dupdoctor-sidecar.yaml");

/// Runs the arguments with the places that there are here, until it is asked to end.
fn runs(args: &[&str]) {
    let (desk, story) = (Desk::new(), Story::fresh());
    desk.append(LOG, &(story.well() + &story.stuck()));
    let place = |arg: &&str| {
        let arg = arg.replace("/home/pegasus/meta/log", "hz").replace("/pegasus/log", "hz");
        let arg = arg.replace("%S/dupdoctor/", "").replace("/state/", "").replace("alertmanager.monitoring:9093", "127.0.0.1:1");
        arg.replace("127.0.0.1:9877", "127.0.0.1:0").replace("0.0.0.0:9877", "127.0.0.1:0").replace("localhost:9093", "127.0.0.1:1")
    };
    let args: Vec<String> = args.iter().map(place).collect();
    let mut watch = desk.watch(&args.iter().map(String::as_str).collect::<Vec<_>>());
    watch.wait_err("findings open 1");
    watch.signal(Signal::TERM);
    assert_eq!(watch.code(), Some(0), "{}", watch.err());
    assert!(desk.path("state.json").exists());
}

#[test]
fn the_unit_is_understood_and_its_command_works() {
    let line = UNIT.lines().find_map(|l| l.strip_prefix("ExecStart=/usr/local/bin/dupdoctor watch ")).unwrap();
    runs(&line.split(' ').collect::<Vec<_>>());
    let desk = Desk::new();
    let unit = desk.path("dupdoctor-watch.service");
    std::fs::write(&unit, UNIT.replace("/usr/local/bin/dupdoctor", "/bin/true").replace("User=pegasus", "User=root")).unwrap();
    match Command::new("systemd-analyze").arg("verify").arg(&unit).output() {
        Ok(output) => assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr)),
        Err(error) => {
            #[expect(clippy::print_stderr, reason = "a test that is skipped says so")]
            {
                eprintln!("skipped: systemd-analyze cannot be started ({error})");
            }
        }
    }
}

#[test]
fn the_sidecars_command_works() {
    let args = SIDECAR.lines().skip_while(|l| l.trim() != "args:").skip(1).map_while(|l| l.trim().strip_prefix("- "));
    let args: Vec<&str> = args.collect();
    assert_eq!(args.first(), Some(&"watch"));
    runs(&args[1..]);
}

const RULES: &str = include_str!("../../examples/prometheus/dupdoctor.rules.yml");
const DASHBOARD: &str = include_str!("../../examples/grafana/dupdoctor.json");

/// Names of metrics in a text.
fn metrics(text: &str) -> BTreeSet<&str> {
    let name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    text.match_indices("dupdoctor_").map(|(at, _)| &text[at..]).map(|rest| &rest[..rest.find(|c| !name(c)).unwrap_or(rest.len())]).collect()
}

#[test]
fn rules_and_dashboard_ask_for_metrics_that_there_are() {
    let (desk, port) = (Desk::new(), port());
    desk.append(LOG, &(Story::fresh().well() + &Story::fresh().stuck()));
    let mut watch = desk.watch(&["hz", "--format", "ndjson", "--metrics", &format!("127.0.0.1:{port}")]);
    watch.wait("opened", "DUP301");
    let page = get(port, "/metrics").unwrap();
    let mut known = metrics(&page);
    // Only where reports tell it, which these do not.
    known.insert("dupdoctor_partition_lag_decrees");
    for (file, text) in [("rules", RULES), ("dashboard", DASHBOARD)] {
        let unknown: Vec<_> = metrics(text).difference(&known).copied().collect();
        assert!(unknown.is_empty(), "{file}: {unknown:?} in\n{page}");
    }
    let open = get_as(port, "/metrics", "application/openmetrics-text;version=1.0.0,text/plain;q=0.5").unwrap();
    assert!(open.ends_with("# EOF\n") && !page.contains("# EOF"), "{open}");
    serde_json::from_str::<serde_json::Value>(DASHBOARD).unwrap();
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/prometheus");
    let promtool = |args: &[&str], input: &str| {
        let mut child = Command::new("promtool")
            .args(args)
            .current_dir(&folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .ok()?;
        child.stdin.take()?.write_all(input.as_bytes()).ok()?;
        child.wait_with_output().ok()
    };
    for (args, input) in [
        (vec!["check", "metrics"], page.as_str()),
        (vec!["check", "rules", "dupdoctor.rules.yml"], ""),
        (vec!["test", "rules", "dupdoctor.rules.test.yml"], ""),
    ] {
        match promtool(&args, input) {
            Some(output) => {
                let told = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
                assert!(output.status.success(), "{args:?}: {told}");
            }
            None => {
                #[expect(clippy::print_stderr, reason = "a test that is skipped says so")]
                {
                    eprintln!("skipped: promtool cannot be started");
                }
            }
        }
    }
}
