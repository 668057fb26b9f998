//! Named facts: the closed set of their names, and what they mean (`facts.toml`, of which `build/` makes the rows).

use crate::pegasus::TimeDelta;
use serde::{Deserialize, Deserializer};
use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::fmt;

macro_rules! facts {
    ($($name:ident $text:literal $en:literal $zh:literal;)*) => {
        /// The name of a fact.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[non_exhaustive]
        pub enum FactName {
            $(#[doc = concat!("`", $text, "`")] $name,)*
        }

        impl FactName {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// As signatures spell it.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }

            /// What it means, in English and in Chinese.
            pub const fn meaning(self) -> (&'static str, &'static str) {
                match self { $(Self::$name => ($en, $zh),)* }
            }

            /// The fact that signatures spell so.
            pub fn from_name(name: &str) -> Option<Self> {
                match name { $($text => Some(Self::$name),)* _ => None }
            }
        }
    };
}

include!(concat!(env!("OUT_DIR"), "/facts.rs"));

impl fmt::Display for FactName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl PartialOrd for FactName {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// By name, as `explain` lists them.
impl Ord for FactName {
    fn cmp(&self, other: &Self) -> Ordering {
        self.name().cmp(other.name())
    }
}

impl<'de> Deserialize<'de> for FactName {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        Self::from_name(&name).ok_or_else(|| serde::de::Error::custom(format!("unknown fact {name:?}")))
    }
}

/// The value of a fact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Fact {
    /// Yes or no.
    Bool(bool),
    /// A number.
    Int(i64),
    /// A length of time.
    Duration(TimeDelta),
    /// A name.
    Text(String),
}

macro_rules! fact_from {
    ($($value:ty => $kind:ident),*) => {$(
        impl From<$value> for Fact {
            fn from(value: $value) -> Self {
                Self::$kind(value)
            }
        }
    )*};
}

fact_from!(bool => Bool, i64 => Int, TimeDelta => Duration, String => Text);

impl From<u64> for Fact {
    fn from(value: u64) -> Self {
        Self::Int(i64::try_from(value).unwrap_or(i64::MAX))
    }
}

impl From<usize> for Fact {
    fn from(value: usize) -> Self {
        Self::from(value as u64)
    }
}

impl From<&str> for Fact {
    fn from(value: &str) -> Self {
        Self::Text(value.to_owned())
    }
}

/// Facts by name; one that is not known is missing.
#[derive(Debug, Clone, Default)]
pub(crate) struct Facts(BTreeMap<FactName, Fact>);

impl Facts {
    pub(crate) fn put(&mut self, name: FactName, value: impl Into<Fact>) {
        self.0.insert(name, value.into());
    }

    /// Leaves a fact out that is not known.
    pub(crate) fn put_known(&mut self, name: FactName, value: Option<impl Into<Fact>>) {
        self.0.extend(value.map(|value| (name, value.into())));
    }

    /// Only where nothing better is known.
    pub(crate) fn put_missing(&mut self, name: FactName, value: impl Into<Fact>) {
        self.0.entry(name).or_insert_with(|| value.into());
    }

    /// Adds all of others.
    pub(crate) fn extend(&mut self, others: Self) {
        self.0.extend(others.0);
    }

    /// The names and what they are.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (FactName, &Fact)> {
        self.0.iter().map(|(name, fact)| (*name, fact))
    }

    /// A fact.
    pub(crate) fn get(&self, name: FactName) -> Option<&Fact> {
        self.0.get(&name)
    }

    /// A number.
    pub(crate) fn int(&self, name: FactName) -> Option<i64> {
        if let Some(Fact::Int(n)) = self.get(name) { Some(*n) } else { None }
    }

    /// A length of time.
    pub(crate) fn duration(&self, name: FactName) -> Option<TimeDelta> {
        if let Some(Fact::Duration(delta)) = self.get(name) { Some(*delta) } else { None }
    }

    /// A name.
    pub(crate) fn text(&self, name: FactName) -> Option<&str> {
        if let Some(Fact::Text(text)) = self.get(name) { Some(text) } else { None }
    }
}
