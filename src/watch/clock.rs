//! What "now" is: the clock for a server that runs, the last line for logs that are only replayed.

use crate::pegasus::{LogTime, TimeDelta};

/// How time passes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ClockMode {
    /// As the newest line says until a line comes that is younger than ten minutes; by the clock from then on.
    #[default]
    Auto,
    /// As the newest line says.
    Log,
    /// By the clock.
    Wall,
}

/// How far a server's clock may be from ours.
const NEAR: TimeDelta = TimeDelta::mins(10);

/// Maps the clock of this machine to the time of the logs.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Clock {
    mode: ClockMode,
    live: bool,
    /// Our clock minus the servers', at most: what was seen on the line that came soonest.
    ahead: Option<TimeDelta>,
}

impl Clock {
    /// A clock that nothing was seen of yet.
    pub(crate) fn new(mode: ClockMode) -> Self {
        Self { mode, live: mode == ClockMode::Wall, ahead: None }
    }

    /// Whether time passes without lines.
    pub(crate) fn is_live(&self) -> bool {
        self.live
    }

    /// Now, in the time of the logs; `None` when only lines tell it. `fresh` says that the newest line has just come.
    pub(crate) fn now(&mut self, newest: Option<LogTime>, wall: LogTime, fresh: bool) -> Option<LogTime> {
        if self.mode == ClockMode::Log {
            return None;
        }
        if let Some(newest) = newest {
            let behind = wall - newest;
            let near = behind.abs() <= NEAR;
            self.live |= near;
            // A replay under `--clock wall` tells nothing about a server's clock.
            if near && fresh {
                self.ahead = Some(self.ahead.map_or(behind, |ahead| ahead.min(behind)));
            }
        }
        self.live.then(|| wall - self.ahead.unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const YEAR: i64 = 365 * 86_400;

    fn at(seconds: i64) -> LogTime {
        LogTime::from_secs(3 * YEAR + seconds)
    }

    #[test]
    fn old_logs_do_not_age_until_a_young_line_comes() {
        let mut clock = Clock::new(ClockMode::Auto);
        assert_eq!(clock.now(Some(LogTime::from_secs(YEAR)), at(0), true), None);
        assert_eq!(clock.now(None, at(1), false), None);
        assert_eq!(clock.now(Some(at(-5)), at(0), true), Some(at(-5)), "nobody knows yet whether the line was late");
        assert_eq!(clock.now(Some(at(60)), at(61), true), Some(at(60)));
        // The server falls silent; time goes on.
        assert_eq!(clock.now(Some(at(60)), at(4000), false), Some(at(3999)));
    }

    #[test]
    fn a_server_whose_clock_is_ahead_takes_us_along() {
        let mut clock = Clock::new(ClockMode::Auto);
        assert_eq!(clock.now(Some(at(30)), at(0), true), Some(at(30)));
        assert_eq!(clock.now(Some(at(30)), at(10), false), Some(at(40)));
    }

    #[test]
    fn the_user_may_decide() {
        let (mut log, mut wall) = (Clock::new(ClockMode::Log), Clock::new(ClockMode::Wall));
        assert_eq!(log.now(Some(at(0)), at(0), true), None);
        assert_eq!(wall.now(Some(LogTime::from_secs(YEAR)), at(0), true), Some(at(0)));
    }
}
