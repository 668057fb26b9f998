//! What a report of ours advises is nothing that somebody typed.

use regex::Regex;
use std::sync::LazyLock;

/// Whether a text only says what could be typed: a report or a runbook of ours, or what quotes one. Pegasus knows no code of a
/// failure, so nothing that it answers holds one.
pub(super) fn is_advice(lines: &[String]) -> bool {
    static CODE: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"\bDUP[1-9][0-9]{2}\b").ok());
    CODE.as_ref().is_some_and(|code| lines.iter().any(|line| code.is_match(line)))
}

#[cfg(test)]
mod tests {
    use super::super::Transcript;

    #[test]
    fn what_a_report_advises_was_not_typed() {
        let advice = "DUP301  the readiness check asks for the source's table name\n  2. Or add it again:\n     source shell> remove_dup orders 1716603063\n     source shell> add_dup orders far -s -a copy\n";
        assert_eq!(Transcript::parse(advice.as_bytes()), Transcript::default());
        let without_code = advice.split_once('\n').map_or("", |(_, rest)| rest);
        assert!(!Transcript::parse(without_code.as_bytes()).answers.is_empty(), "otherwise this test shows nothing");
    }
}
