//! The lines of releases whose commands and configuration differ.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use thiserror::Error;

/// A line of releases.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
pub enum Release {
    /// v2.0 to v2.3: log only, no checkpoint.
    #[serde(rename = "2.3")]
    V23,
    /// v2.4.
    #[serde(rename = "2.4")]
    V24,
    /// v2.5.
    #[serde(rename = "2.5")]
    V25,
    /// What comes after v2.5 and has no release yet.
    #[serde(rename = "master")]
    Master,
}

/// A word that names no release known here.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("unknown release {0:?}: use 2.3 (for v2.0 to v2.3), 2.4, 2.5 or master")]
pub struct UnknownRelease(pub String);

impl Release {
    /// All of them, the oldest first.
    pub const ALL: [Self; 4] = [Self::V23, Self::V24, Self::V25, Self::Master];

    /// `2.4`, `master`
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::V23 => "2.3",
            Self::V24 => "2.4",
            Self::V25 => "2.5",
            Self::Master => "master",
        }
    }
}

impl fmt::Display for Release {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Release {
    type Err = UnknownRelease;

    /// Also `v2.4.0`, `2.5.0` and, for master, `2.6`.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let unknown = || UnknownRelease(text.to_owned());
        let plain = text.trim().to_ascii_lowercase();
        if plain == "master" {
            return Ok(Self::Master);
        }
        let mut numbers = plain.strip_prefix('v').unwrap_or(&plain).split(['.', '-']);
        match (numbers.next(), numbers.next()) {
            (Some("2"), Some("0" | "1" | "2" | "3")) => Ok(Self::V23),
            (Some("2"), Some("4")) => Ok(Self::V24),
            (Some("2"), Some("5")) => Ok(Self::V25),
            (Some("2"), Some("6")) => Ok(Self::Master),
            _ => Err(unknown()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn releases_are_named_in_several_ways() {
        assert_eq!("v2.4.0".parse(), Ok(Release::V24));
        assert_eq!("2.5.0-SNAPSHOT".parse(), Ok(Release::V25));
        assert_eq!("Master".parse(), Ok(Release::Master));
        assert_eq!("2.1".parse(), Ok(Release::V23));
        assert_eq!("1.12".parse::<Release>(), Err(UnknownRelease("1.12".into())));
        for release in Release::ALL {
            assert_eq!(release.name().parse(), Ok(release));
        }
    }
}
