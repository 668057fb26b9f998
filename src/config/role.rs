//! Whose configuration a file is.

use super::ini::Ini;

/// Which cluster.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Side {
    /// Whose table is duplicated.
    Source,
    /// Which gets the copy.
    Target,
}

impl Side {
    /// `source` or `target`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Source => "source",
            Self::Target => "target",
        }
    }
}

/// Which servers start with the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Meta servers.
    Meta,
    /// Replica servers.
    Replica,
    /// Both, as the shipped `config.ini` is for.
    Both,
}

impl Role {
    /// Whose it is, by the sections that only one of the two has.
    ///
    /// A file with `[apps.meta]` and `[apps.replica]` serves both, unless one of them says `run = false`.
    #[must_use]
    pub fn of(ini: &Ini) -> Self {
        let runs = |app: &str| ini.section(app).is_some() && ini.switch(app, "run") != Some(false);
        match (runs("apps.meta"), runs("apps.replica")) {
            (true, false) => Self::Meta,
            (false, true) => Self::Replica,
            _ => Self::Both,
        }
    }

    /// Whether meta servers start with it.
    #[must_use]
    pub const fn is_meta(self) -> bool {
        matches!(self, Self::Meta | Self::Both)
    }

    /// Whether replica servers start with it.
    #[must_use]
    pub const fn is_replica(self) -> bool {
        matches!(self, Self::Replica | Self::Both)
    }

    /// `meta`, `replica` or `meta and replica`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Meta => "meta",
            Self::Replica => "replica",
            Self::Both => "meta and replica",
        }
    }
}
