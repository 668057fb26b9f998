//! A small HTTP server that answers as a cluster of a release does, or as none should.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

/// What a server answers to a page.
#[derive(Clone)]
pub(crate) enum Reply {
    /// A status and a body.
    Say(u16, String),
    /// One body after the other, the last one from then on.
    InTurn(Vec<String>),
    /// 307 to that server, in the form of Pegasus: the page behind two slashes.
    Redirect(SocketAddr),
    /// 307 to that address as it is.
    RedirectTo(String),
    /// Nothing for a long time.
    Silence,
    /// A byte now and then.
    Drip(String),
    /// Less than the length that was promised.
    Short(String),
    /// The connection is closed without an answer.
    Close,
    /// More than anybody wants.
    Endless,
}

/// Pages and what is answered to them; a query counts.
pub(crate) type Pages = BTreeMap<String, Reply>;

/// A server on a port of its own, for as long as the test lasts.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    pages: Arc<Mutex<Pages>>,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Server {
    pub(crate) fn new(pages: &[(&str, Reply)]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let pages: Pages = pages.iter().map(|(page, reply)| ((*page).to_owned(), reply.clone())).collect();
        let server = Self { address, pages: Arc::new(Mutex::new(pages)), asked: Arc::default() };
        let (pages, asked) = (Arc::clone(&server.pages), Arc::clone(&server.asked));
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (pages, asked) = (Arc::clone(&pages), Arc::clone(&asked));
                thread::spawn(move || answer(stream, &pages, &asked));
            }
        });
        server
    }

    pub(crate) fn set(&self, page: &str, reply: Reply) {
        self.pages.lock().unwrap().insert(page.to_owned(), reply);
    }

    pub(crate) fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

fn answer(mut stream: TcpStream, pages: &Mutex<Pages>, asked: &Mutex<Vec<String>>) {
    let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
    let Some(Ok(first)) = lines.next() else { return };
    for line in lines {
        if line.is_ok_and(|l| l.is_empty()) {
            break;
        }
    }
    let page = first.split(' ').nth(1).unwrap_or_default().replace("//", "/");
    asked.lock().unwrap().push(page.clone());
    let reply = match pages.lock().unwrap().get_mut(&page) {
        Some(Reply::InTurn(bodies)) => say(&if bodies.len() > 1 { bodies.remove(0) } else { bodies[0].clone() }),
        Some(reply) => reply.clone(),
        None => Reply::Say(404, String::new()),
    };
    let head = |status: u16, length: usize, more: &str| {
        format!("HTTP/1.1 {status} X\r\nContent-Type: text/plain\r\nContent-Length: {length}\r\nConnection: close\r\n{more}\r\n")
    };
    // A client that gave up is no failure of the server.
    let _ = match reply {
        Reply::Say(status, body) => stream.write_all(format!("{}{body}", head(status, body.len(), "")).as_bytes()),
        Reply::Redirect(to) => stream.write_all(head(307, 0, &format!("Location: http://{to}/{page}\r\n")).as_bytes()),
        Reply::RedirectTo(to) => stream.write_all(head(307, 0, &format!("Location: {to}\r\n")).as_bytes()),
        Reply::Silence => {
            thread::sleep(Duration::from_secs(30));
            Ok(())
        }
        Reply::Drip(body) => {
            let mut sent = stream.write_all(head(200, body.len(), "").as_bytes());
            for byte in body.bytes() {
                thread::sleep(Duration::from_millis(200));
                sent = sent.and_then(|()| stream.write_all(&[byte]));
            }
            sent
        }
        Reply::Short(body) => stream.write_all(format!("{}{body}", head(200, body.len() + 100, "")).as_bytes()),
        Reply::Close | Reply::InTurn(_) => Ok(()),
        Reply::Endless => {
            let block = vec![b' '; 65536];
            let mut sent = stream.write_all(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n");
            for _ in 0..1024 {
                sent = sent.and_then(|()| stream.write_all(&block));
            }
            sent
        }
    };
}

/// An address where nobody listens.
pub(crate) fn nobody() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap()
}

pub(crate) fn say(body: &str) -> Reply {
    Reply::Say(200, body.to_owned())
}
