//! What a source replica does with a private log file it cannot read.

use super::closed_set;

closed_set! {
    /// `duplication_fail_mode` of Pegasus.
    FailMode, "fail mode" {
        /// Retry for ever (the default).
        FailSlow = "FAIL_SLOW",
        /// Give the unreadable file up after ten rounds.
        FailSkip = "FAIL_SKIP",
        /// Abort the replica server. The shells do not offer it.
        FailFast = "FAIL_FAST",
    }
}
