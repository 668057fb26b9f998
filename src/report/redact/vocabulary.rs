//! Words that are everybody's: what Pegasus' messages are made of, and what a diagnosis needs.

use crate::event::{EventKind, patterns};
use crate::pegasus::{DupStatus, FailMode};
use std::collections::BTreeSet;
use std::sync::LazyLock;

/// Folders and files of every Pegasus installation, without the numbers behind them.
const FOLDERS: &str = "
    home root usr var opt mnt tmp etc srv lib bin disk ssd hdd nvme log logs data datas meta replica collector result
    stdout stderr pegasus server app apps rdb plog slog reps replicas learn checkpoint checkpoints bulk load backup
    dup duplication gar err ori sst ckpt info init partition cluster admin lock config ini txt json jsonl ndjson gz
    zst xz bz tar tgz environment env envs block file private shared removed current manifest options
";

/// All words of all messages, in lower case.
static WORDS: LazyLock<BTreeSet<String>> = LazyLock::new(|| {
    let names = EventKind::ALL.iter().map(|kind| kind.name());
    let texts = patterns().map(|pattern| pattern.template).chain(names).chain([FOLDERS, OTHERS]);
    texts.flat_map(|text| text.split(|c: char| !c.is_ascii_alphabetic())).filter(|w| !w.is_empty()).map(str::to_lowercase).collect()
});

/// Words that stand in lines beside messages, or behind which a number stands.
const OTHERS: &str = "
    true false null none invalid unknown port time timeout default ms ns us bytes offset thrd thread task state node
    host user dir localhost table name error code count total line stat stats rpc message address system version level
    start stop end begin
";

/// One text in which every word stands between spaces.
static ALL: LazyLock<String> = LazyLock::new(|| WORDS.iter().map(String::as_str).collect::<Vec<_>>().join(" "));

/// Whether a name is a word of Pegasus' own, or stands within one.
pub(super) fn is_code(name: &str) -> bool {
    ALL.contains(&name.to_lowercase())
}

/// Whether a word is one of Pegasus' own.
pub(super) fn is_word(word: &str) -> bool {
    WORDS.contains(&word.to_lowercase())
}

/// Whether a folder or file is called like everybody's.
pub(super) fn is_common_file(name: &str) -> bool {
    let is_folder = |word: &str| FOLDERS.split_whitespace().any(|folder| folder == word);
    let word = |w: &str| w.is_empty() || is_folder(&w.trim_end_matches(|c: char| c.is_ascii_digit()).to_lowercase());
    name.split(|c: char| !c.is_alphanumeric()).all(|w| word(w) || w.bytes().all(|b| b.is_ascii_digit()))
}

/// Whether a diagnosis depends on such a word, so that it is left where it is no name for sure.
pub(super) fn is_kept(name: &str) -> bool {
    name.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | '-' | ':'))
        || name.starts_with("ERR_")
        || name.starts_with("DS_")
        || matches!(name, "true" | "false" | "null" | "INFO" | "ERROR")
        || name.parse::<DupStatus>().is_ok()
        || name.parse::<FailMode>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_the_code_are_known() {
        for word in ["log", "table", "stat", "point", "update", "status", "checkpoint"] {
            assert!(is_code(word), "{word}");
        }
        assert!(!is_code("orders") && !is_code("beijing"));
        for kept in ["DS_APP", "ERR_OK", "1716542517", "3.2", "FAIL_SLOW"] {
            assert!(is_kept(kept), "{kept}");
        }
    }

    #[test]
    fn files_of_the_servers_are_common() {
        for name in
            ["log.3.txt", "meta.log.20240524_172157_120", "3.1.pegasus", "checkpoint.1234", "000123.sst", "log.1.txt.gz", "ssd1", ".."]
        {
            assert!(is_common_file(name), "{name}");
        }
        assert!(!is_common_file("incident-acme.tar.gz") && !is_common_file("bj-srv-01"));
    }
}
