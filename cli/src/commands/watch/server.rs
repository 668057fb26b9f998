//! The HTTP server of `--metrics`. Whoever reaches the port must not harm the watching: connections are few and short, the oldest one
//! makes room for a new one, and when files run out it goes on as soon as there are some.

use super::classic::classic;
use crate::console::warn;
use anyhow::{Context, Result};
use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::header::{ACCEPT, CONTENT_TYPE};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use std::collections::VecDeque;
use std::convert::Infallible;
use std::net::{SocketAddr, TcpListener};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{Builder, JoinHandle};
use std::time::Duration;
use tokio::task::{AbortHandle, yield_now};
use tokio::time::{sleep, timeout};

/// For those who ask for it.
const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// For all others: the text format of Prometheus.
const CLASSIC: &str = "text/plain; version=0.0.4; charset=utf-8";

const PLAIN: &str = "text/plain; charset=utf-8";

/// Connections at a time: reading logs needs file descriptors, too.
const CONNECTIONS: usize = 16;

/// How long a connection lives: one question, one answer.
const LIFETIME: Duration = Duration::from_secs(10);

/// The pause when none can be accepted.
const PAUSE: Duration = Duration::from_millis(250);

/// Bytes of a question at most, which hyper does not want below 8 KiB.
const QUESTION: usize = 8 << 10;

type Page = Arc<Mutex<String>>;

pub(super) struct Server {
    listener: TcpListener,
    page: Page,
    thread: JoinHandle<Result<()>>,
}

impl Server {
    pub(super) fn new(address: SocketAddr, page: Page) -> Result<Self> {
        let listener = TcpListener::bind(address)?;
        listener.set_nonblocking(true)?;
        let thread = start(&listener, &page)?;
        Ok(Self { listener, page, thread })
    }

    /// Starts it anew should it have ended.
    pub(super) fn keep_up(&mut self) {
        if self.thread.is_finished() {
            match start(&self.listener, &self.page) {
                Ok(thread) => {
                    let why = std::mem::replace(&mut self.thread, thread).join();
                    let why = why.map_or_else(|_| "a panic".to_owned(), |end| end.err().map(|e| format!("{e:#}")).unwrap_or_default());
                    warn(&format!("--metrics: the server ended ({why}) and was restarted"));
                }
                Err(error) => warn(&format!("--metrics: the server ended and cannot be restarted: {error:#}; retrying")),
            }
        }
    }
}

fn start(listener: &TcpListener, page: &Page) -> Result<JoinHandle<Result<()>>> {
    let (listener, page) = (listener.try_clone()?, Arc::clone(page));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_io().enable_time().build()?;
    let serve = move || runtime.block_on(serve(listener, page));
    Builder::new().name("metrics".to_owned()).spawn(serve).context("no thread")
}

async fn serve(listener: TcpListener, page: Page) -> Result<()> {
    let listener = tokio::net::TcpListener::from_std(listener)?;
    let mut connections: VecDeque<AbortHandle> = VecDeque::new();
    let mut failing = false;
    loop {
        let stream = match listener.accept().await {
            Ok((stream, _)) => stream,
            Err(error) => {
                // It may be that all files are open: the oldest connection gives its own back.
                connections.pop_front().inspect(AbortHandle::abort);
                if !std::mem::replace(&mut failing, true) {
                    warn(&format!("--metrics: cannot accept connections: {error}; retrying"));
                }
                sleep(PAUSE).await;
                continue;
            }
        };
        if std::mem::take(&mut failing) {
            warn("--metrics: accepts connections again");
        }
        connections.retain(|connection| !connection.is_finished());
        if connections.len() >= CONNECTIONS {
            connections.pop_front().inspect(AbortHandle::abort);
            // It is closed when its task has its turn.
            yield_now().await;
        }
        let page = Arc::clone(&page);
        let task = tokio::spawn(async move {
            let service = service_fn(|request| std::future::ready(Ok::<_, Infallible>(answer(&request, &page))));
            let mut http = http1::Builder::new();
            let connection = http.keep_alive(false).max_buf_size(QUESTION).serve_connection(TokioIo::new(stream), service);
            // Whoever asked may be gone, or slow.
            let _ = timeout(LIFETIME, connection).await;
        });
        connections.push_back(task.abort_handle());
    }
}

fn answer(request: &Request<Incoming>, page: &Mutex<String>) -> Response<Full<Bytes>> {
    let (status, kind, text) = match (request.method(), request.uri().path()) {
        (&Method::GET | &Method::HEAD, "/metrics") => {
            let page = page.lock().unwrap_or_else(PoisonError::into_inner).clone();
            let accepts = request.headers().get_all(ACCEPT).iter().filter_map(|value| value.to_str().ok());
            if accepts.flat_map(|value| value.split(',')).any(|kind| kind.trim().starts_with("application/openmetrics-text")) {
                (StatusCode::OK, OPEN_METRICS, page)
            } else {
                (StatusCode::OK, CLASSIC, classic(&page))
            }
        }
        (&Method::GET | &Method::HEAD, "/" | "/-/healthy") => {
            (StatusCode::OK, PLAIN, "dupdoctor watch; metrics are under /metrics\n".to_owned())
        }
        (&Method::GET | &Method::HEAD, _) => (StatusCode::NOT_FOUND, PLAIN, "not found; metrics are under /metrics\n".to_owned()),
        _ => (StatusCode::METHOD_NOT_ALLOWED, PLAIN, "metrics can only be read\n".to_owned()),
    };
    let mut response = Response::new(Full::new(Bytes::from(text)));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, hyper::header::HeaderValue::from_static(kind));
    response
}
