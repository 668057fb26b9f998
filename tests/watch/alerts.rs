//! `--exec`, `--alertmanager` and `--metrics`, the latter two with the real programs where they are installed.

use super::LOG;
use super::desk::{Desk, LIMIT, Story};
use serde_json::Value;
use std::fs;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// A server that runs for a test.
struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A port on loopback that is free.
pub(super) fn port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// Starts a program, or says why the test is skipped.
fn start(program: &str, args: &[String]) -> Option<Server> {
    match Command::new(program).args(args).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn() {
        Ok(child) => Some(Server(child)),
        Err(error) => {
            #[expect(clippy::print_stderr, reason = "a test that is skipped says so")]
            {
                eprintln!("skipped: {program} cannot be started ({error}); apt-get install {program}");
            }
            None
        }
    }
}

/// The body of an answer; nothing while nobody listens.
pub(super) fn get(port: u16, path: &str) -> Option<String> {
    get_as(port, path, "*/*")
}

/// The same in a format.
pub(super) fn get_as(port: u16, path: &str, accept: &str) -> Option<String> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).ok()?;
    stream.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
    write!(stream, "GET {path} HTTP/1.1\r\nHost: localhost\r\nAccept: {accept}\r\nConnection: close\r\n\r\n").ok()?;
    let mut answer = Vec::new();
    // A server may close the connection as it likes.
    let _ = stream.read_to_end(&mut answer);
    let answer = String::from_utf8_lossy(&answer).into_owned();
    let (head, body) = answer.split_once("\r\n\r\n")?;
    if !head.to_ascii_lowercase().contains("transfer-encoding: chunked") {
        return Some(body.to_owned());
    }
    let (mut rest, mut whole) = (body, String::new());
    while let Some((size, after)) = rest.split_once("\r\n") {
        let size = usize::from_str_radix(size.trim(), 16).ok().filter(|n| *n > 0)?;
        whole += after.get(..size)?;
        rest = after.get(size + 2..)?;
        if rest.starts_with("0\r\n") {
            break;
        }
    }
    Some(whole)
}

fn wait<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let begin = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(begin.elapsed() < LIMIT, "{what} did not come");
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// The alerts that fire.
fn firing(port: u16) -> Option<Vec<Value>> {
    let alerts: Value = serde_json::from_str(&get(port, "/api/v2/alerts?active=true")?).ok()?;
    Some(alerts.as_array()?.clone())
}

fn alertmanager(desk: &Desk, port: u16) -> Option<Server> {
    fs::write(desk.path("am.yml"), "route:\n  receiver: nobody\nreceivers:\n  - name: nobody\n").unwrap();
    let server = start(
        "prometheus-alertmanager",
        &[
            format!("--config.file={}", desk.path("am.yml").display()),
            format!("--storage.path={}", desk.path("am").display()),
            format!("--web.listen-address=127.0.0.1:{port}"),
            "--cluster.listen-address=".to_owned(),
        ],
    )?;
    wait("alertmanager", || get(port, "/-/ready").filter(|body| body.contains("OK")));
    Some(server)
}

#[test]
fn alertmanager_sees_an_alert_fire_and_resolve_also_when_it_was_down() {
    let (desk, story, port) = (Desk::new(), Story::fresh(), port());
    desk.append(LOG, &story.well());
    let Some(server) = alertmanager(&desk, port) else { return };
    let url = format!("http://127.0.0.1:{port}");
    let mut watch = desk.watch(&["hz", "--format", "ndjson", "--alertmanager", &url]);
    watch.wait_err("watching: servers 1");
    desk.append(LOG, &story.stuck());
    let alerts = wait("the alert", || firing(port).filter(|a| !a.is_empty()));
    let (labels, annotations) = (&alerts[0]["labels"], &alerts[0]["annotations"]);
    assert_eq!((&labels["code"], &labels["severity"], &labels["table"]), (&"DUP301".into(), &"critical".into(), &"test_orders".into()));
    assert!(annotations["cause"].as_str().unwrap().contains("#2026"), "{annotations}");
    assert!(annotations["fix"].as_str().unwrap().contains("1. "), "{annotations}");
    // It goes down; what changes meanwhile is sent when it is up again.
    drop(server);
    desk.append(LOG, &story.moves_on(6));
    watch.wait("cleared", "DUP301");
    watch.wait_err("alerts wait until it is back");
    let server = alertmanager(&desk, port);
    watch.wait_err("is back");
    wait("the end of the alert", || firing(port).filter(Vec::is_empty));
    drop(server);
}

#[test]
fn prometheus_scrapes_the_metrics() {
    let (desk, story, metrics, port) = (Desk::new(), Story::fresh(), port(), port());
    desk.append(LOG, &(story.well() + &story.stuck()));
    let address = format!("127.0.0.1:{metrics}");
    let mut watch = desk.watch(&["hz", "--format", "ndjson", "--metrics", &address]);
    watch.wait("opened", "DUP301");
    let page = wait("the metrics", || get(metrics, "/metrics").filter(|p| p.contains("dupdoctor_findings{")));
    for line in [
        "dupdoctor_findings{code=\"DUP301\",severity=\"critical\"} 1",
        "dupdoctor_duplications{status=\"DS_APP\",verdict=\"stuck\"} 1",
        "dupdoctor_lines_read_total 184",
        "dupdoctor_behind_bytes 0",
        "dupdoctor_lines_drifted_total 0",
        "dupdoctor_duplication_status_seconds{table=\"test_orders\",app_id=\"5\",dup_id=\"1716603063\",remote_cluster=\"target_cluster\"",
        "# TYPE dupdoctor_lines_read_total counter",
    ] {
        assert!(page.contains(line), "{line}: {page}");
    }
    assert!(get(metrics, "/nothing").is_some_and(|p| p.contains("/metrics")));
    let config =
        format!("scrape_configs:\n  - job_name: dupdoctor\n    scrape_interval: 1s\n    static_configs:\n      - targets: ['{address}']\n");
    fs::write(desk.path("prometheus.yml"), config).unwrap();
    let server = start(
        "prometheus",
        &[
            format!("--config.file={}", desk.path("prometheus.yml").display()),
            format!("--storage.tsdb.path={}", desk.path("tsdb").display()),
            format!("--web.listen-address=127.0.0.1:{port}"),
        ],
    );
    let Some(server) = server else { return };
    let answer = wait("a scrape", || {
        let answer: Value = serde_json::from_str(&get(port, "/api/v1/query?query=dupdoctor_lines_read_total")?).ok()?;
        (!answer["data"]["result"].as_array()?.is_empty()).then_some(answer)
    });
    assert_eq!(answer["data"]["result"][0]["value"][1], "184", "{answer}");
    drop(server);
}

#[test]
fn a_command_runs_for_each_change_but_not_for_ever() {
    let (desk, story) = (Desk::new(), Story::fresh());
    desk.append(LOG, &(story.well() + &story.stuck()));
    let mut watch = desk.watch(&["hz", "--format", "ndjson", "--exec", "cat >> seen; sleep 600", "--exec-timeout", "1s"]);
    watch.wait("opened", "DUP301");
    watch.wait_err("took more than 1 s and was ended");
    let seen: Value = serde_json::from_str(&fs::read_to_string(desk.path("seen")).unwrap()).unwrap();
    assert_eq!((&seen["change"], &seen["finding"]["code"]), (&"opened".into(), &"DUP301".into()));
    drop(watch);
    let mut watch = desk.watch(&["hz", "--format", "ndjson", "--exec", "echo loud; exit 3"]);
    watch.wait("opened", "DUP301");
    watch.wait_err("ended with exit status: 3");
    watch.wait_err("loud");
}
