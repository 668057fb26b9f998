//! `--metrics` when those who ask are many, slow, or mean.

use super::LOG;
use super::alerts::{get, port};
use super::desk::{Desk, Story};
use std::io::Write;
use std::net::TcpStream;
use std::time::{Duration, Instant};

/// A watcher with its page, and few file descriptors.
fn watched() -> (Desk, super::desk::Watch, u16) {
    let (desk, port) = (Desk::new(), port());
    desk.append(LOG, &(Story::fresh().well() + &Story::fresh().stuck()));
    let address = format!("127.0.0.1:{port}");
    let mut watch = desk.watch_with_files(64, &["hz", "--format", "ndjson", "--metrics", &address]);
    watch.wait("opened", "DUP301");
    (desk, watch, port)
}

fn connect(port: u16, say: &[u8]) -> TcpStream {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    stream.set_write_timeout(Some(Duration::from_millis(200))).unwrap();
    // Whoever does not listen may close.
    let _ = stream.write_all(say);
    stream
}

fn answers(port: u16, what: &str) {
    let begin = Instant::now();
    let page = get(port, "/metrics").unwrap_or_default();
    assert!(page.contains("dupdoctor_findings{"), "{what}: {page:?}");
    assert!(begin.elapsed() < Duration::from_secs(5), "{what}: {:?}", begin.elapsed());
}

#[test]
fn nobody_who_asks_slowly_or_much_holds_up_the_others_or_the_watching() {
    let (desk, mut watch, port) = watched();
    let pipelined = b"GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n".repeat(200);
    let huge = [b"GET / HTTP/1.1\r\nX: ".as_slice(), &vec![b'a'; 1 << 20]].concat();
    let post = b"POST /metrics HTTP/1.1\r\nHost: x\r\nContent-Length: 100000000000\r\n\r\n";
    for (what, say, times) in [
        ("idle", b"".as_slice(), 40),
        ("half a question", b"GET / HT", 300),
        ("no reader", &pipelined, 20),
        ("a long header", &huge, 3),
        ("a long body", post, 3),
    ] {
        let held: Vec<TcpStream> = (0..times).map(|_| connect(port, say)).collect();
        answers(port, what);
        drop(held);
        answers(port, what);
    }
    // The log is followed all the while.
    desk.append(LOG, &Story::fresh().moves_on(6));
    watch.wait("cleared", "DUP301");
    assert_eq!(watch.err().lines().filter(|line| !line.contains("watching:")).collect::<Vec<_>>(), [""; 0]);
}
