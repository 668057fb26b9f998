//! Groups of arguments that several commands share, and what follows from them. Nothing here knows a command.

mod clock;
mod completion;
mod config;
mod config_file;
mod criteria;
mod formats;
mod inputs;
mod outputs;
mod pager;
mod redact;
mod show;
mod signatures;
mod spelling;
mod switch_over;
mod times;
mod unread;

pub(crate) use clock::now;
pub(crate) use completion::codes;
pub(crate) use criteria::{AcceptArgs, Criteria, CriteriaArgs, earlier_report, read_report};
pub(crate) use formats::{ExplainFormat, ReportFormat, TextOrJson};
pub(crate) use inputs::{FilterArgs, InputArgs, LogArgs, paths_or_stdin};
pub(crate) use outputs::{OutputArgs, OutputFile};
pub(crate) use pager::PagerArgs;
pub(crate) use redact::{RedactArgs, RedactionKeyFile};
pub(crate) use show::{ShowArgs, lang_of_args};
pub(crate) use signatures::{SignatureArgs, by_name, require_folder};
pub(crate) use spelling::meant;
pub(crate) use switch_over::SwitchOverArgs;
pub(crate) use times::{duration, nonzero_duration};
pub(crate) use unread::{advice, refuse_empty_selection, warn_unread};
