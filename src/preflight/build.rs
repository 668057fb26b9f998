//! Which Pegasus runs, as far as known failures depend on it.

use chrono::NaiveDate;
use std::fmt;
use std::str::FromStr;

/// A release, or the branch that none was made of yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Build {
    /// v2.0 to v2.3: no checkpoints, no `DS_PREPARE`.
    Old,
    /// v2.4
    V24,
    /// v2.5
    V25,
    /// A build of master, with the day of its newest commit where it is known.
    Master(Option<NaiveDate>),
}

/// What `--release` takes.
pub const BUILDS: &str = "2.0 to 2.5, master, or master@YYYY-MM-DD for a build of that day's master";

impl FromStr for Build {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let plain = text.trim().trim_start_matches(['v', 'V']).to_ascii_lowercase();
        if let Some(day) = plain.strip_prefix("master@") {
            let day = NaiveDate::parse_from_str(day, "%Y-%m-%d").map_err(|_| format!("{day:?} is not a day; write {BUILDS}"))?;
            return Ok(Self::Master(Some(day)));
        }
        if plain == "master" || plain.starts_with("2.6") {
            return Ok(Self::Master(None));
        }
        let mut parts = plain.split('.');
        match (parts.next(), parts.next().and_then(|p| p.split('-').next())) {
            (Some("2"), Some("0" | "1" | "2" | "3")) | (Some("1"), Some(_)) => Ok(Self::Old),
            (Some("2"), Some("4")) => Ok(Self::V24),
            (Some("2"), Some("5")) => Ok(Self::V25),
            _ => Err(format!("{text:?} is not a release of Pegasus known here; write {BUILDS}")),
        }
    }
}

impl fmt::Display for Build {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Old => f.write_str("v2.0–v2.3"),
            Self::V24 => f.write_str("v2.4"),
            Self::V25 => f.write_str("v2.5"),
            Self::Master(None) => f.write_str("master"),
            Self::Master(Some(day)) => write!(f, "master of {day}"),
        }
    }
}

impl Build {
    /// Whether it has a change that came to master on that day, and to no release: unknown for a build of unknown day.
    #[must_use]
    pub fn has(self, (year, month, day): (i32, u32, u32)) -> Option<bool> {
        match self {
            Self::Old | Self::V24 | Self::V25 => Some(false),
            Self::Master(built) => Some(built? >= NaiveDate::from_ymd_opt(year, month, day)?),
        }
    }

    /// Whether it is a build of master.
    #[must_use]
    pub const fn is_master(self) -> bool {
        matches!(self, Self::Master(_))
    }
}

/// Days on which changes came to master.
pub(super) mod since {
    /// #1960: the target's table may have another name.
    pub(in crate::preflight) const OTHER_NAME: (i32, u32, u32) = (2024, 3, 28);
    /// #2000: `dup_cluster_name`, `dup_ignore_other_cluster_ids`.
    pub(in crate::preflight) const DUP_CLUSTER_NAME: (i32, u32, u32) = (2024, 5, 13);
    /// #2026: the check asks for the target's name. #2033: it sends the right name of its own cluster.
    pub(in crate::preflight) const ASKS_RIGHT_NAME: (i32, u32, u32) = (2024, 5, 28);
    /// #2093: one replica is enough.
    pub(in crate::preflight) const ONE_REPLICA: (i32, u32, u32) = (2024, 8, 15);
    /// #2144: creating the target's table may be tried again.
    pub(in crate::preflight) const CREATED_MARK: (i32, u32, u32) = (2024, 11, 15);
    /// #2365: admin-cli adds without checkpoint by default.
    pub(in crate::preflight) const ADMIN_CLI_DEFAULT: (i32, u32, u32) = (2026, 3, 9);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn releases_are_read() {
        let read = |text: &str| text.parse::<Build>().map(|r| r.to_string());
        assert_eq!(read("2.4"), Ok("v2.4".into()));
        assert_eq!(read("v2.5.0"), Ok("v2.5".into()));
        assert_eq!(read("2.6.0-SNAPSHOT"), Ok("master".into()));
        assert_eq!(read("master@2024-04-20"), Ok("master of 2024-04-20".into()));
        assert!(read("3.0").is_err());
        assert!(read("master@yesterday").is_err());
        assert_eq!("2.5".parse().map(|r: Build| r.has(since::ONE_REPLICA)), Ok(Some(false)));
        assert_eq!("master".parse().map(|r: Build| r.has(since::ONE_REPLICA)), Ok(None));
        assert_eq!("master@2025-01-01".parse().map(|r: Build| r.has(since::ONE_REPLICA)), Ok(Some(true)));
    }
}
