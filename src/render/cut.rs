//! Text that is too long, cut with `…` where it hurts least.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Cut at the end.
pub(super) fn end(text: &str, columns: usize) -> String {
    if text.width() <= columns {
        return text.to_owned();
    }
    format!("{}…", head(text, columns.saturating_sub(1)).trim_end())
}

/// Cut at the beginning: of a path, the file tells more than the folders.
pub(super) fn start(text: &str, columns: usize) -> String {
    if text.width() <= columns {
        return text.to_owned();
    }
    format!("…{}", tail(text, columns.saturating_sub(1)))
}

/// Cut in the middle: of a log line, the error often stands at the end.
pub(super) fn middle(text: &str, columns: usize) -> String {
    if text.width() <= columns {
        return text.to_owned();
    }
    let left = columns.saturating_sub(3);
    let end = left * 2 / 5;
    format!("{} … {}", head(text, left - end).trim_end(), tail(text, end).trim_start())
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
        assert_eq!(end("abc", 3), "abc");
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
