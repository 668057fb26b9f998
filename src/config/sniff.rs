//! Whether a text is a `config.ini`, told by its content.

use std::sync::LazyLock;

use regex::bytes::Regex;

/// Sections that only configurations of Pegasus (or rDSN) have.
static SECTION: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?m)^[ \t]*\[{1,2}(apps\.\.default|apps\.(meta|replica)|core|replication|meta_server|pegasus\.(server|clusters?)|duplication[-_]group|security|nfs|task\.\.default|threadpool\.\.default|zookeeper|network)\]{1,2}[ \t]*([#;].*)?\r?$").ok()
});

static KEY: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"(?m)^[ \t]*[A-Za-z_][\w.\-]*[ \t]*=").ok());

/// Whether the beginning of a text is that of a configuration.
pub(crate) fn looks_like_config(head: &[u8]) -> bool {
    let has = |regex: &LazyLock<Option<Regex>>| regex.as_ref().is_some_and(|r| r.is_match(head));
    has(&SECTION) && has(&KEY)
}
