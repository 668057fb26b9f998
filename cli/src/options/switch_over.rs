//! Whether clients can be moved to the target.

use clap::Args;

/// What a planned migration asks.
#[derive(Debug, Args)]
pub(crate) struct SwitchOverArgs {
    /// Say of each duplication whether clients can be moved to the target now, and what is missing. Exit codes then: 0 all are ready,
    /// 1 one is not, 3 cannot tell
    #[arg(long)]
    pub(crate) switch_over: bool,
    /// So many mutations of a duplication may wait for that
    #[arg(long, value_name = "N", requires = "switch_over", default_value_t = dupdoctor::report::MOST_WAITING, value_parser = clap::value_parser!(i64).range(0..))]
    pub(crate) max_pending: i64,
}

impl SwitchOverArgs {
    /// How many may wait, where it is asked at all.
    pub(crate) fn most(&self) -> Option<i64> {
        self.switch_over.then_some(self.max_pending)
    }
}
