//! Text that is too long, cut with `…` where it hurts least.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Cut at the end.
pub(in crate::render) fn end(text: &str, columns: usize) -> String {
    if text.width() <= columns {
        return text.to_owned();
    }
    format!("{}…", head(text, columns.saturating_sub(1)).trim_end())
}

/// Cut at the beginning: of a path, the file tells more than the folders.
pub(in crate::render) fn start(text: &str, columns: usize) -> String {
    if text.width() <= columns {
        return text.to_owned();
    }
    format!("…{}", tail(text, columns.saturating_sub(1)))
}

/// Of `cluster/server`, the cluster is cut first and never goes wholly: two clusters may have servers of the same names.
pub(in crate::render) fn server(name: &str, columns: usize) -> String {
    match name.rsplit_once('/') {
        Some((cluster, server)) if name.width() > columns => {
            let left = columns.saturating_sub(server.width() + 1).max(3);
            start(&format!("{}/{server}", end(cluster, left)), columns)
        }
        _ => start(name, columns),
    }
}

/// Cut in the middle: of a log line, the error often stands at the end.
pub(in crate::render) fn middle(text: &str, columns: usize) -> String {
    if text.width() <= columns {
        return text.to_owned();
    }
    if columns < BOTH_ENDS {
        return end(text, columns);
    }
    let left = columns.saturating_sub(3);
    let end = left * 2 / 5;
    let (head, tail) = (head(text, left - end), tail(text, end));
    // Half an error code is worse than none, unless the word is very long.
    let near = NEAR.min(columns / 4);
    let whole_head = text[head.len()..].starts_with(' ') || head.ends_with(' ');
    let whole_tail = text[..text.len() - tail.len()].ends_with(' ') || tail.starts_with(' ');
    let head = head.rfind(' ').filter(|at| !whole_head && head.len() - at <= near).map_or(head, |at| &head[..at]);
    let tail = tail.find(' ').filter(|at| !whole_tail && *at <= near).map_or(tail, |at| &tail[at..]);
    format!("{} … {}", head.trim_end(), tail.trim_start())
}

/// With less room the beginning alone tells more than a bit of both.
const BOTH_ENDS: usize = 24;

/// So many bytes are given up for a whole word.
const NEAR: usize = 24;

/// Bytes of the folders that all names begin with, and which therefore tell nothing.
pub(in crate::render) fn shared_folders(names: &[&str]) -> usize {
    let Some((first, others)) = names.split_first() else { return 0 };
    let same = |other: &&str| first.bytes().zip(other.bytes()).take_while(|(a, b)| a == b).count();
    let shared = others.iter().map(same).min().filter(|_| others.iter().any(|o| o != first)).unwrap_or(0);
    first.as_bytes()[..shared].iter().rposition(|b| *b == b'/').map_or(0, |at| at + 1)
}

fn head(text: &str, columns: usize) -> &str {
    let mut used = 0;
    let stop = text.char_indices().find(|(_, c)| {
        used += c.width().unwrap_or(0);
        used > columns
    });
    stop.map_or(text, |(at, _)| &text[..at])
}

fn tail(text: &str, columns: usize) -> &str {
    let mut used = 0;
    let stop = text.char_indices().rev().find(|(_, c)| {
        used += c.width().unwrap_or(0);
        used > columns
    });
    stop.map_or(text, |(at, c)| &text[at + c.len_utf8()..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cuts_leave_what_tells_most() {
        assert_eq!(end("abcdef", 4), "abc…");
        assert_eq!(start("meta1/meta.log:44", 10), "…ta.log:44");
        assert_eq!(middle("query follower: update_err = ERR_OK", 25), "query follower … = ERR_OK");
        assert_eq!(
            middle("query follower app, query_err = ERR_BUSY, update_err = ERR_OK", 52),
            "query follower app, query_err … update_err = ERR_OK"
        );
        assert_eq!(end("abc", 3), "abc");
    }

    #[test]
    fn folders_that_all_have_are_shared() {
        assert_eq!(shared_folders(&["a/b/c1", "a/b/c2"]), 4);
        assert_eq!(shared_folders(&["a/表1", "a/表2"]), 2);
        assert_eq!(shared_folders(&["a/b", "c"]), 0);
        assert_eq!(shared_folders(&["a/b"]), 0);
    }

    #[test]
    fn no_cut_is_too_wide() {
        let text = "表 test 的分片 e\u{301}xx 停住了，confirmed decree 不再前进";
        for columns in 4..40 {
            for cut in [end(text, columns), start(text, columns), middle(text, columns)] {
                assert!(cut.width() <= columns, "{columns}: {cut}");
            }
        }
    }
}
