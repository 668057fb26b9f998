//! Which servers start with a configuration.

use super::ini::Ini;
use crate::pegasus::ServerRole;

/// The servers that start with it, by the sections that only one of the two has; `None` where both do, as with the shipped `config.ini`.
///
/// A file with `[apps.meta]` and `[apps.replica]` serves both, unless one of them says `run = false`.
pub(crate) fn server_role(ini: &Ini) -> Option<ServerRole> {
    let runs = |app: &str| ini.section(app).is_some() && ini.switch(app, "run") != Some(false);
    match (runs("apps.meta"), runs("apps.replica")) {
        (true, false) => Some(ServerRole::Meta),
        (false, true) => Some(ServerRole::Replica),
        _ => None,
    }
}
