//! `--alertmanager`: open findings as alerts, repeated while they are open, resolved when they clear.

use super::alerts::{Alerts, MOST};
use super::outbox::wait;
use crate::console::warn;
use crate::options::now;
use anyhow::Result;
use dupdoctor::{ChangeKind, Incident};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{Builder, JoinHandle, sleep};
use std::time::{Duration, Instant};
use ureq::Agent;
use ureq::tls::{RootCerts, TlsConfig};

/// How often all that is open is sent again, as Prometheus does.
const REPEAT: Duration = Duration::from_secs(60);

/// How long an answer may take.
const ANSWER: Duration = Duration::from_secs(10);

/// How long what waits may take when the program ends.
const LAST_ALERTS: Duration = Duration::from_secs(5);

/// The shortest and the longest pause while it is down.
const PAUSES: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(60));

/// Alerts in one request.
const BATCH: usize = 64;

/// How often it is looked whether something is to be sent.
const LOOK: Duration = Duration::from_millis(200);

/// The alerts, and a thread that sends them.
pub(super) struct Alertmanager {
    alerts: Arc<Mutex<Alerts>>,
    ending: Arc<AtomicBool>,
    thread: JoinHandle<()>,
}

impl Alertmanager {
    /// Sends what changes to the Alertmanager at `url`.
    pub(super) fn new(url: &str) -> Result<Self> {
        let tls = TlsConfig::builder().root_certs(RootCerts::PlatformVerifier).build();
        let agent: Agent = Agent::config_builder().timeout_global(Some(ANSWER)).tls_config(tls).build().into();
        let (alerts, ending) = (Arc::default(), Arc::default());
        let (shared, ends) = (Arc::clone(&alerts), Arc::clone(&ending));
        let sender = AlertSender { agent, url: format!("{url}/api/v2/alerts"), alerts: shared, pause: None, warned: false };
        let thread = Builder::new().name("alertmanager".to_owned()).spawn(move || sender.work(&ends))?;
        Ok(Self { alerts, ending, thread })
    }

    pub(super) fn take(&self, change: ChangeKind, incident: &Incident) {
        if !lock(&self.alerts).take(change, incident, now()) {
            warn(&format!("more than {MOST} alerts: {} of {:?} will not be sent", incident.finding.code, incident.identity().app_name));
        }
    }

    /// Lets what waits be sent, but not for ever. With a state, what is open is sent after a restart; what cleared runs out by itself.
    pub(super) fn finish(self, kept: bool) {
        self.ending.store(true, Ordering::SeqCst);
        wait(&self.thread, LAST_ALERTS);
        if lock(&self.alerts).is_changed() {
            let then = if kept { "will be after a restart" } else { "are lost, as there is no --state" };
            warn(&format!("--alertmanager: the last changes were not sent; alerts that are open {then}, others run out by themselves"));
        }
    }
}

struct AlertSender {
    agent: Agent,
    url: String,
    alerts: Arc<Mutex<Alerts>>,
    /// Set while it is down: until when to wait, and how long.
    pause: Option<(Instant, Duration)>,
    warned: bool,
}

impl AlertSender {
    fn work(mut self, ending: &AtomicBool) {
        let mut last = Instant::now();
        loop {
            // Before the look: what came until then is sent.
            let ends = ending.load(Ordering::SeqCst);
            let changed = lock(&self.alerts).is_changed();
            let waits = self.pause.is_some_and(|(until, _)| Instant::now() < until);
            if changed && (ends || !waits) || !waits && last.elapsed() >= REPEAT {
                self.post();
                last = Instant::now();
            }
            if ends {
                return;
            }
            sleep(LOOK);
        }
    }

    /// Sends all that is open, and what was resolved lately.
    fn post(&mut self) {
        let alerts = lock(&self.alerts).take_all(now());
        for batch in alerts.chunks(BATCH) {
            // Plain data with string keys always serialises.
            let body = serde_json::to_string(batch).unwrap_or_default();
            if let Err(error) = self.agent.post(&self.url).header("Content-Type", "application/json").send(body) {
                return self.failed(&error);
            }
        }
        self.pause = None;
        if std::mem::take(&mut self.warned) {
            warn(&format!("--alertmanager {}: is back, all alerts were sent", self.url));
        }
    }

    fn failed(&mut self, error: &ureq::Error) {
        let pause = self.pause.map_or(PAUSES.0, |(_, pause)| (pause * 2).min(PAUSES.1));
        self.pause = Some((Instant::now() + pause, pause));
        lock(&self.alerts).must_be_sent();
        if !std::mem::replace(&mut self.warned, true) {
            warn(&format!("--alertmanager {}: {error}; alerts wait until it is back", self.url));
        }
    }
}

fn lock(alerts: &Mutex<Alerts>) -> MutexGuard<'_, Alerts> {
    alerts.lock().unwrap_or_else(PoisonError::into_inner)
}
