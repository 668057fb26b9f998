//! Lists of meta servers as `[pegasus.clusters]` and `[meta_server] server_list` have them.

use std::net::IpAddr;

/// `host:port`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Address {
    /// Name or IP address.
    pub host: String,
    /// The port.
    pub port: u16,
}

/// From where an address can be reached, as far as it alone tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reach {
    /// Only from the same machine, or from nowhere: `127.0.0.1`, `localhost`, `0.0.0.0`.
    SameMachine,
    /// Only from the same network segment: `169.254.…`.
    SameLink,
    /// A name without a domain, which the other cluster's resolver may not know.
    ShortName,
    /// Nothing speaks against it.
    Anywhere,
}

impl Address {
    /// Reads `host:port`; the error says what is wrong with it.
    ///
    /// # Errors
    /// When there is a scheme or a blank, or no usable port.
    pub(crate) fn parse(text: &str) -> Result<Self, &'static str> {
        if text.contains("://") {
            return Err("has a scheme");
        }
        if text.is_empty() {
            return Err("is empty");
        }
        if text.chars().any(char::is_whitespace) {
            return Err("has blanks inside");
        }
        let (host, port) = text.rsplit_once(':').ok_or("has no port")?;
        if host.is_empty() {
            return Err("has no host");
        }
        match port.parse::<u16>() {
            Ok(port) if port > 0 => Ok(Self { host: host.to_owned(), port }),
            _ => Err("has no usable port"),
        }
    }

    /// From where it can be reached.
    pub(crate) fn reach(&self) -> Reach {
        let host = self.host.trim_start_matches('[').trim_end_matches(']');
        match host.parse::<IpAddr>() {
            Ok(ip) if ip.is_loopback() || ip.is_unspecified() => Reach::SameMachine,
            Ok(IpAddr::V4(ip)) if ip.is_link_local() => Reach::SameLink,
            Err(_) if host.eq_ignore_ascii_case("localhost") || host.to_ascii_lowercase().starts_with("localhost.") => Reach::SameMachine,
            Err(_) if !host.contains('.') => Reach::ShortName,
            Ok(_) | Err(_) => Reach::Anywhere,
        }
    }

    /// Whether both may be the same server: a name may stand for any IP address, one without domain for one with any.
    pub(crate) fn may_be(&self, other: &Self) -> bool {
        let label = |host: &str| host.split('.').next().unwrap_or_default().to_ascii_lowercase();
        let one_is_short = self.host.contains('.') != other.host.contains('.');
        let hosts = self.host.eq_ignore_ascii_case(&other.host) || (one_is_short && label(&self.host) == label(&other.host));
        self.is_name() != other.is_name() || (self.port == other.port && hosts)
    }

    /// Whether it is a name and no IP address.
    pub(crate) fn is_name(&self) -> bool {
        self.host.parse::<IpAddr>().is_err()
    }
}

impl std::fmt::Display for Address {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.host, self.port)
    }
}

/// Reads a list: the addresses, and the parts that are none, each with what is wrong. A trailing comma is harmless.
pub(crate) fn addresses(list: &str) -> (Vec<Address>, Vec<(String, &'static str)>) {
    let mut good = Vec::new();
    let mut bad = Vec::new();
    let list = list.trim().trim_end_matches(',');
    for part in list.split(',') {
        let part = part.trim();
        match Address::parse(part) {
            Ok(address) => good.push(address),
            Err(what) => bad.push((part.to_owned(), what)),
        }
    }
    (good, bad)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_that_are_none_are_named() {
        let (good, bad) = addresses("10.1.1.1:34601, meta2.sg.corp:34601,10.1.1.3,http://x:1,a b:2,");
        assert_eq!(good.iter().map(ToString::to_string).collect::<Vec<_>>(), ["10.1.1.1:34601", "meta2.sg.corp:34601"]);
        assert_eq!(bad.iter().map(|b| b.1).collect::<Vec<_>>(), ["has no port", "has a scheme", "has blanks inside"]);
        assert_eq!(addresses("").1.len(), 1);
    }

    #[test]
    fn a_short_name_may_be_a_full_one() {
        let same = |a: &str, b: &str| Address::parse(a).is_ok_and(|a| Address::parse(b).is_ok_and(|b| a.may_be(&b) && b.may_be(&a)));
        assert!(same("meta1:34601", "meta1.sg.corp:34601") && same("meta1:34601", "10.1.1.1:34601") && same("Meta1:1", "meta1:1"));
        assert!(!same("meta1:34601", "meta1.sg.corp:34602") && !same("meta1.hz:1", "meta1.sg:1") && !same("10.1.1.1:1", "10.1.1.2:1"));
    }

    #[test]
    fn loopback_is_told() {
        let reach = |text: &str| Address::parse(text).map(|a| a.reach());
        assert_eq!(reach("127.0.0.1:34601"), Ok(Reach::SameMachine));
        assert_eq!(reach("localhost:34601"), Ok(Reach::SameMachine));
        assert_eq!(reach("0.0.0.0:34601"), Ok(Reach::SameMachine));
        assert_eq!(reach("meta1:34601"), Ok(Reach::ShortName));
        assert_eq!(reach("meta1.sg:34601"), Ok(Reach::Anywhere));
        assert_eq!(reach("10.0.0.1:34601"), Ok(Reach::Anywhere));
    }
}
