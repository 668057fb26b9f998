//! The examples of services: their command lines work, and systemd understands the unit.

use super::LOG;
use super::desk::{Desk, Story};
use rustix::process::Signal;
use std::process::Command;

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
