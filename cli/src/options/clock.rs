//! The clock of this machine, which nothing else asks.

use dupdoctor::LogTime;

pub(crate) fn now() -> LogTime {
    LogTime(chrono::Utc::now().timestamp_nanos_opt().unwrap_or_default())
}
