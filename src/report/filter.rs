//! Which duplications are wanted: by the names of their tables, or by their ids.

use crate::pegasus::{AppId, DupId, DupKey, Identity};
use glob::Pattern;
use std::fmt;
use std::str::FromStr;

/// Duplications of one of these tables and with one of these ids; an empty list leaves nothing out.
#[derive(Debug, Clone, Default)]
pub struct DuplicationFilter {
    /// Source tables.
    pub apps: Vec<AppPattern>,
    /// Duplications.
    pub dups: Vec<DupChoice>,
}

impl DuplicationFilter {
    /// Whether nothing is left out.
    #[must_use]
    pub fn wants_all(&self) -> bool {
        self.apps.is_empty() && self.dups.is_empty()
    }

    /// Whether the duplication is wanted.
    #[must_use]
    pub fn wants(&self, known: &Identity) -> bool {
        // Without the source table's name the follower's has to do: mostly it is the same.
        let app_name = known.app_name.as_ref().or(known.remote_app_name.as_ref());
        (self.apps.is_empty() || app_name.is_some_and(|name| self.wants_app(name)))
            && (self.dups.is_empty() || self.dups.iter().any(|dup| dup.fits(known)))
    }

    /// Whether a table of that name is wanted.
    pub(super) fn wants_app(&self, name: &str) -> bool {
        self.apps.iter().any(|app| app.fits(name))
    }
}

/// A table's name, or a glob such as `ads_*`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppPattern {
    typed: String,
    /// None where it is no pattern: then it is only a name.
    glob: Option<Pattern>,
}

impl AppPattern {
    /// Whether a table of that name is meant.
    #[must_use]
    pub fn fits(&self, name: &str) -> bool {
        self.typed == name || self.glob.as_ref().is_some_and(|glob| glob.matches(name))
    }
}

impl FromStr for AppPattern {
    type Err = &'static str;

    fn from_str(typed: &str) -> Result<Self, Self::Err> {
        if typed.trim().is_empty() {
            return Err("name a table, or several with a glob such as 'ads_*'");
        }
        Ok(Self { typed: typed.to_owned(), glob: Pattern::new(typed).ok() })
    }
}

impl fmt::Display for AppPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.typed)
    }
}

/// Which duplication is meant: `a5d1716542517`, `5.1716542517` or only `1716542517`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DupChoice {
    /// The source table, where it was said.
    pub app_id: Option<AppId>,
    /// The duplication.
    pub dup_id: DupId,
}

impl FromStr for DupChoice {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("{text:?} is not a duplication; write a5d1716542517, 5.1716542517 or 1716542517");
        let plain = text.trim().trim_start_matches('[').trim_end_matches(']');
        let number = |t: &str| t.parse::<i64>().ok().filter(|n| *n >= 0).ok_or_else(wrong);
        let pair = plain.strip_prefix('a').and_then(|p| p.split_once('d')).or_else(|| plain.split_once('.'));
        match pair {
            Some((app, dup)) => Ok(Self { app_id: Some(AppId(number(app)?)), dup_id: DupId(number(dup)?) }),
            None => Ok(Self { app_id: None, dup_id: DupId(number(plain.strip_prefix('d').unwrap_or(plain))?) }),
        }
    }
}

impl DupChoice {
    /// Whether the duplication is meant.
    #[must_use]
    pub fn fits(self, known: &Identity) -> bool {
        known.dup_id == Some(self.dup_id) && (self.app_id.is_none() || known.app_id == self.app_id)
    }
}

impl fmt::Display for DupChoice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match DupKey::of(self.app_id, Some(self.dup_id)) {
            Some(key) => key.fmt(f),
            None => self.dup_id.0.fmt(f),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duplication_is_chosen_in_three_ways() {
        let both = Ok(DupChoice { app_id: Some(AppId(5)), dup_id: DupId(17) });
        assert_eq!("a5d17".parse(), both);
        assert_eq!("[a5d17]".parse(), both);
        assert_eq!("5.17".parse(), both);
        assert_eq!("17".parse(), Ok(DupChoice { app_id: None, dup_id: DupId(17) }));
        for wrong in ["", "a5", "x.y", "a5d", "test_dup1", "5.17.3", "-4"] {
            assert!(wrong.parse::<DupChoice>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn tables_are_chosen_by_name_or_glob() {
        let fits = |typed: &str, name: &str| typed.parse::<AppPattern>().is_ok_and(|p| p.fits(name));
        assert!(fits("ads", "ads") && !fits("ads", "ads_1"));
        assert!(fits("ads_*", "ads_1") && fits("*", "a.b/c") && !fits("ads_?", "ads_12"));
        // Names may look like globs, right ones or wrong ones.
        assert!(fits("t[1]", "t[1]") && fits("t[", "t["));
        assert!("".parse::<AppPattern>().is_err());
    }
}
