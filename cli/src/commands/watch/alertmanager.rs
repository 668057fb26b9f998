//! `--alertmanager`: open findings as alerts, repeated while they are open, resolved when they clear.

use super::alerts::{Alerts, MOST};
use crate::console::warn;
use crate::options::now;
use anyhow::Result;
use dupdoctor::watch::{Change, ChangeKind, Incident};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};
use ureq::Agent;
use ureq::tls::{RootCerts, TlsConfig};

/// How often all that is open is sent again, as Prometheus does.
const REPEAT: Duration = Duration::from_secs(60);

/// How long an answer may take.
const ANSWER: Duration = Duration::from_secs(10);

/// How long the last word may take.
const LAST_WORD: Duration = Duration::from_secs(5);

/// The shortest and the longest pause while it is down.
const PAUSES: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(60));

/// Changes that wait; only a time-out of the connection lets any wait at all.
const WAITING: usize = 1024;

/// Alerts in one request.
const BATCH: usize = 64;

/// Sends alerts.
pub(super) struct Alertmanager {
    sender: Option<SyncSender<(ChangeKind, Incident)>>,
    dropped: AtomicU64,
    thread: Option<JoinHandle<()>>,
}

impl Alertmanager {
    pub(super) fn new(url: &str) -> Result<Self> {
        let (sender, receiver) = sync_channel(WAITING);
        let tls = TlsConfig::builder().root_certs(RootCerts::PlatformVerifier).build();
        let agent: Agent = Agent::config_builder().timeout_global(Some(ANSWER)).tls_config(tls).build().into();
        let courier = Courier { agent, url: format!("{url}/api/v2/alerts"), alerts: Alerts::default(), pause: None, told_down: false };
        let thread = std::thread::Builder::new().name("alertmanager".to_owned()).spawn(move || courier.work(&receiver))?;
        Ok(Self { sender: Some(sender), dropped: AtomicU64::new(0), thread: Some(thread) })
    }

    /// Sends a change.
    pub(super) fn tell(&self, change: &Change) {
        self.send(change.change, &change.incident);
    }

    /// Says what is open since before a restart.
    pub(super) fn tell_open(&self, incident: &Incident) {
        self.send(ChangeKind::Opened, incident);
    }

    fn send(&self, change: ChangeKind, incident: &Incident) {
        if self.sender.as_ref().is_none_or(|s| s.try_send((change, incident.clone())).is_err()) {
            self.dropped.fetch_add(1, Ordering::SeqCst);
        }
    }

    /// Changes that were never sent.
    pub(super) fn dropped(&self) -> u64 {
        self.dropped.load(Ordering::SeqCst)
    }

    /// Sends what waits once more. What stays open there runs out by itself.
    pub(super) fn finish(&mut self) {
        self.sender = None;
        let begin = Instant::now();
        while self.thread.as_ref().is_some_and(|t| !t.is_finished()) && begin.elapsed() < LAST_WORD {
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

struct Courier {
    agent: Agent,
    url: String,
    alerts: Alerts,
    /// Set while it is down: until when to wait, and how long.
    pause: Option<(Instant, Duration)>,
    told_down: bool,
}

impl Courier {
    fn work(mut self, receiver: &Receiver<(ChangeKind, Incident)>) {
        let mut last = Instant::now();
        loop {
            match receiver.recv_timeout(Duration::from_millis(200)) {
                Ok((change, incident)) => self.take(change, &incident),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => {
                    if self.alerts.is_changed() {
                        self.post();
                    }
                    return;
                }
            }
            while let Ok((change, incident)) = receiver.try_recv() {
                self.take(change, &incident);
            }
            let waits = self.pause.is_some_and(|(until, _)| Instant::now() < until);
            if !waits && (self.alerts.is_changed() || last.elapsed() >= REPEAT) {
                self.post();
                last = Instant::now();
            }
        }
    }

    fn take(&mut self, change: ChangeKind, incident: &Incident) {
        if !self.alerts.take(change, incident, now()) {
            warn(&format!("more than {MOST} alerts: {} of {:?} is not sent", incident.code, incident.app_name));
        }
    }

    /// Sends all that is open, and what was resolved lately.
    fn post(&mut self) {
        let alerts = self.alerts.pending(now());
        for batch in alerts.chunks(BATCH) {
            // Plain data with string keys always serialises.
            let body = serde_json::to_string(batch).unwrap_or_default();
            if let Err(error) = self.agent.post(&self.url).header("Content-Type", "application/json").send(body) {
                return self.failed(&error);
            }
        }
        self.alerts.was_sent();
        self.pause = None;
        if std::mem::take(&mut self.told_down) {
            warn(&format!("--alertmanager {}: is there again, all alerts were sent", self.url));
        }
    }

    fn failed(&mut self, error: &ureq::Error) {
        let pause = self.pause.map_or(PAUSES.0, |(_, pause)| (pause * 2).min(PAUSES.1));
        self.pause = Some((Instant::now() + pause, pause));
        self.alerts.must_be_sent();
        if !std::mem::replace(&mut self.told_down, true) {
            warn(&format!("--alertmanager {}: {error}; alerts wait until it is there", self.url));
        }
    }
}
