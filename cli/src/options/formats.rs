//! Values that options take from a closed list.

use clap::ValueEnum;
use clap::builder::PossibleValue;
use dupdoctor::internal::render::Explanation;
use dupdoctor::report::Report;
use dupdoctor::{FORMATS, Format, Style};
use std::sync::LazyLock;

/// A format of a report, of those that the library has.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ReportFormat(&'static Format);

impl ReportFormat {
    pub(crate) fn is(self, name: &str) -> bool {
        self.0.name == name
    }

    pub(crate) fn render(self, report: &Report, style: &Style) -> String {
        (self.0.render)(report, style)
    }
}

/// A format of an explanation: of those of a report, the ones that have it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ExplainFormat(&'static Format, fn(&Explanation<'_>, &Style) -> String);

impl ExplainFormat {
    pub(crate) fn render(self, what: &Explanation<'_>, style: &Style) -> String {
        self.1(what, style)
    }
}

fn possible_value(format: &Format) -> PossibleValue {
    PossibleValue::new(format.name).aliases(format.aliases).help(format.about)
}

impl ValueEnum for ReportFormat {
    fn value_variants<'a>() -> &'a [Self] {
        static ALL: LazyLock<Vec<ReportFormat>> = LazyLock::new(|| FORMATS.iter().map(ReportFormat).collect());
        &ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(possible_value(self.0))
    }
}

impl ValueEnum for ExplainFormat {
    fn value_variants<'a>() -> &'a [Self] {
        static ALL: LazyLock<Vec<ExplainFormat>> =
            LazyLock::new(|| FORMATS.iter().filter_map(|format| Some(ExplainFormat(format, format.explain?))).collect());
        &ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(possible_value(self.0))
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum TextOrJson {
    /// For people
    Text,
    /// For programs
    Json,
}

/// When to do something for whoever sits at a terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum When {
    Auto,
    Always,
    Never,
}

impl When {
    /// Whether to do it, where `auto` says what fits the terminal.
    pub(super) fn wanted(self, auto: impl FnOnce() -> bool) -> bool {
        match self {
            Self::Always => true,
            Self::Never => false,
            Self::Auto => auto(),
        }
    }
}
