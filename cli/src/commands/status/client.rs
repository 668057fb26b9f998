//! HTTP as far as it is needed: GET, bounded in time, size and redirects; hosts are those given or named by the cluster.

use std::collections::BTreeSet;
use std::io::ErrorKind;
use std::time::{Duration, Instant};
use ureq::Agent;
use ureq::tls::{RootCerts, TlsConfig};

/// Redirects that are followed: a meta server names its leader, which answers.
const REDIRECTS: usize = 5;

/// The largest answer; all duplications of a table fit many times.
const LARGEST: u64 = 16 << 20;

pub(super) struct Client {
    agent: Agent,
    timeout: Duration,
}

pub(super) struct Reply {
    pub(super) status: u16,
    pub(super) body: Vec<u8>,
    /// `http://host:port` of the server that answered in the end.
    pub(super) base: String,
}

/// `http://host:port` of what was typed: `host:port` or a URL without path.
pub(super) fn base(typed: &str) -> Result<String, String> {
    let typed = typed.trim();
    let wrong = |why: &str| Err(format!("{typed:?} is not a server address: {why}; write host:port, such as meta1:34602"));
    let (scheme, rest) = match typed.split_once("://") {
        Some((scheme @ ("http" | "https"), rest)) => (scheme, rest),
        Some(_) => return wrong("only http and https are supported"),
        None => ("http", typed),
    };
    let host = rest.trim_end_matches('/');
    if host.contains(['/', '?', '#', '@']) || host.chars().any(|c| c.is_whitespace() || c.is_control()) {
        return wrong("it has more than a host and a port");
    }
    match host.rsplit_once(':') {
        Some((name, port)) if !name.is_empty() && port.parse::<u16>().is_ok_and(|p| p > 0) && !port.starts_with('+') => {
            let bare = name.starts_with('[') == name.ends_with(']') && (name.starts_with('[') || !name.contains(':'));
            if bare { Ok(format!("{scheme}://{host}")) } else { wrong("an IPv6 address needs brackets") }
        }
        _ => wrong("the port is missing"),
    }
}

/// Text as it may stand in a query.
pub(super) fn encoded(text: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_' | b'~');
    text.bytes().map(|b| if plain(b) { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
}

impl Client {
    pub(super) fn new(timeout: Duration) -> Self {
        let agent = Agent::config_builder()
            // A round may follow long after the one before; nothing is won by connections that stay open.
            .max_idle_connections(0)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .http_status_as_error(false)
            // The servers are the cluster's own; no proxy stands before them.
            .proxy(None)
            .tls_config(TlsConfig::builder().root_certs(RootCerts::PlatformVerifier).build())
            .user_agent(concat!("dupdoctor/", env!("CARGO_PKG_VERSION")))
            .build();
        Self { agent: agent.into(), timeout }
    }

    /// Asks `base` for `path`, and follows where that leads.
    pub(super) fn get(&self, base: &str, path: &str) -> Result<Reply, String> {
        let begun = Instant::now();
        let mut base = base.to_owned();
        let mut seen = BTreeSet::from([base.clone()]);
        loop {
            let (status, location, body) = match self.once(&format!("{base}{path}"), begun) {
                Ok(answer) => answer,
                Err(error) if seen.len() > 1 => return Err(format!("it redirects to {base}, which does not answer: {error}")),
                Err(error) => return Err(error),
            };
            if !matches!(status, 301 | 302 | 303 | 307 | 308) {
                return Ok(Reply { status, body, base });
            }
            base = leader_of(&location.ok_or_else(|| format!("it answered {status} without a Location"))?, path)?;
            if !seen.insert(base.clone()) {
                return Err(format!("it redirects in a circle, to {base}"));
            }
            if seen.len() > REDIRECTS + 1 {
                return Err(format!("more than {REDIRECTS} redirects, last to {base}"));
            }
        }
    }

    /// One request, with the time that is left of all: status, Location, body.
    fn once(&self, url: &str, begun: Instant) -> Result<(u16, Option<String>, Vec<u8>), String> {
        let left = self.timeout.saturating_sub(begun.elapsed());
        if left.is_zero() {
            return Err(self.too_late());
        }
        let request = self.agent.get(url).config().timeout_global(Some(left)).build();
        let mut response = request.call().map_err(|e| self.why(&e))?;
        let status = response.status().as_u16();
        let location = response.headers().get("location").and_then(|l| l.to_str().ok()).map(str::to_owned);
        let body = response.body_mut().with_config().limit(LARGEST).read_to_vec().map_err(|e| self.why(&e))?;
        Ok((status, location, body))
    }

    fn too_late(&self) -> String {
        format!("no answer within {} s", self.timeout.as_secs_f64())
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "what has no words of its own is told as the library says it")]
    fn why(&self, error: &ureq::Error) -> String {
        match error {
            ureq::Error::Timeout(_) => self.too_late(),
            ureq::Error::BodyExceedsLimit(_) => format!("the answer is larger than {} MiB", LARGEST >> 20),
            ureq::Error::HostNotFound => "cannot connect: there is no such host".to_owned(),
            ureq::Error::ConnectionFailed => "cannot connect: no connection".to_owned(),
            ureq::Error::Io(error) if error.kind() == ErrorKind::TimedOut => self.too_late(),
            ureq::Error::Io(error) if error.kind() == ErrorKind::ConnectionRefused => "cannot connect: connection refused".to_owned(),
            other => other.to_string(),
        }
    }
}

/// Where a redirect leads: the same page of another server, and nowhere else.
fn leader_of(location: &str, path: &str) -> Result<String, String> {
    let astray = |why| {
        let location: String = location.chars().filter(|c| !c.is_control()).take(200).collect();
        Err(format!("it redirects to {location:?}, which is not followed: {why}"))
    };
    let Some((scheme, rest)) = location.trim().split_once("://") else { return astray("it names no server") };
    let (host, page) = rest.split_once('/').unwrap_or((rest, ""));
    let name_of = |page: &str| page.trim_start_matches('/').split('?').next().unwrap_or_default().to_owned();
    // Pegasus writes the query anew, and two slashes before the page.
    if name_of(page) != name_of(path) {
        return astray("it is another page");
    }
    base(&format!("{scheme}://{host}")).or_else(|_| astray("it is not a server address"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_a_host_and_a_port() {
        assert_eq!(base("meta1:34602"), Ok("http://meta1:34602".into()));
        assert_eq!(base(" https://[::1]:34602/ "), Ok("https://[::1]:34602".into()));
        for wrong in
            ["", "meta1", ":34602", "meta1:0", "meta1:99999", "ftp://meta1:1", "meta1:1/x", "a@meta1:1", "::1:34602", "me ta:1", "meta1:+1"]
        {
            assert!(base(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_redirect_leads_to_the_same_page_only() {
        let page = "/meta/app/duplication?name=t%201";
        let to = |location: &str| leader_of(location, page).ok();
        assert_eq!(to("http://meta2:34602//meta/app/duplication?name=t 1").as_deref(), Some("http://meta2:34602"));
        assert_eq!(to("http://meta2:34602/meta/app/duplication"), Some("http://meta2:34602".into()));
        for astray in [
            "/meta/app/duplication",
            "http://meta2:34602/evil",
            "file:///meta/app/duplication",
            "http://user@meta2:1/meta/app/duplication",
            "http://meta2/meta/app/duplication",
        ] {
            assert_eq!(to(astray), None, "{astray}");
        }
    }

    #[test]
    fn names_are_encoded() {
        assert_eq!(encoded("t 1&x=名"), "t%201%26x%3D%E5%90%8D");
    }
}
