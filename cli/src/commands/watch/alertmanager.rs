//! `--alertmanager`: open findings as alerts, repeated while they are open, resolved when they clear.

use super::alerts::{Alerts, MOST};
use super::outbox::{Outbox, Waiting};
use crate::console::warn;
use crate::options::now;
use anyhow::Result;
use dupdoctor::{ChangeKind, Incident};
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};
use ureq::Agent;
use ureq::tls::{RootCerts, TlsConfig};

/// How often all that is open is sent again, as Prometheus does.
const REPEAT: Duration = Duration::from_secs(60);

/// How long an answer may take.
const ANSWER: Duration = Duration::from_secs(10);

/// How long what waits may take when the program ends. What stays open there runs out by itself.
const LAST_ALERTS: Duration = Duration::from_secs(5);

/// The shortest and the longest pause while it is down.
const PAUSES: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(60));

/// Alerts in one request.
const BATCH: usize = 64;

/// Sends what changed to the Alertmanager at `url`.
pub(super) fn alertmanager(url: &str) -> Result<Outbox<(ChangeKind, Incident)>> {
    let tls = TlsConfig::builder().root_certs(RootCerts::PlatformVerifier).build();
    let agent: Agent = Agent::config_builder().timeout_global(Some(ANSWER)).tls_config(tls).build().into();
    let sender = AlertSender { agent, url: format!("{url}/api/v2/alerts"), alerts: Alerts::default(), pause: None, warned: false };
    Outbox::new("alertmanager", LAST_ALERTS, move |changes| sender.work(&changes))
}

struct AlertSender {
    agent: Agent,
    url: String,
    alerts: Alerts,
    /// Set while it is down: until when to wait, and how long.
    pause: Option<(Instant, Duration)>,
    warned: bool,
}

impl AlertSender {
    fn work(mut self, changes: &Receiver<Waiting<(ChangeKind, Incident)>>) {
        let mut last = Instant::now();
        loop {
            match changes.recv_timeout(Duration::from_millis(200)) {
                Ok(change) => self.take(&change.item),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => {
                    if self.alerts.is_changed() {
                        self.post();
                    }
                    return;
                }
            }
            for change in changes.try_iter() {
                self.take(&change.item);
            }
            let waits = self.pause.is_some_and(|(until, _)| Instant::now() < until);
            if !waits && (self.alerts.is_changed() || last.elapsed() >= REPEAT) {
                self.post();
                last = Instant::now();
            }
        }
    }

    fn take(&mut self, (change, incident): &(ChangeKind, Incident)) {
        if !self.alerts.take(*change, incident, now()) {
            warn(&format!("more than {MOST} alerts: {} of {:?} will not be sent", incident.finding.code, incident.identity().app_name));
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
        if std::mem::take(&mut self.warned) {
            warn(&format!("--alertmanager {}: is back, all alerts were sent", self.url));
        }
    }

    fn failed(&mut self, error: &ureq::Error) {
        let pause = self.pause.map_or(PAUSES.0, |(_, pause)| (pause * 2).min(PAUSES.1));
        self.pause = Some((Instant::now() + pause, pause));
        self.alerts.must_be_sent();
        if !std::mem::replace(&mut self.warned, true) {
            warn(&format!("--alertmanager {}: {error}; alerts wait until it is back", self.url));
        }
    }
}
