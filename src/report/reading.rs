//! What became of the inputs, in the language of the report.
//!
//! In English an input's note or error says it itself, as on standard error; what a system or a decoder said stays as it is.

use crate::ingest::InputNote;
use crate::signature::Lang;
use crate::source::{SkippedCopy, SourceError, StreamError};
use std::io;

/// What is worth knowing about how an input was read.
pub(crate) fn input_note(input_note: &InputNote, lang: Lang) -> String {
    if lang == Lang::En {
        return input_note.to_string();
    }
    match input_note {
        InputNote::Part { read, of } => format!("受时间窗口限制，只读取了第 {} 至 {} 字节（共 {of} 字节）", read.start, read.end),
        InputNote::OutsideWindow => "不在时间窗口内，未读取".to_owned(),
        InputNote::NulBytes(count) => format!("含 {count} 个 NUL 字节"),
        InputNote::NotUtf8(count) => format!("{count} 行不是 UTF-8"),
        InputNote::LongLines(count) => format!("{count} 行超过 16 MiB，已跳过"),
        InputNote::Damaged(damage) => damaged(damage),
        InputNote::Failed(what) => format!("读取失败：{what}"),
        InputNote::FarOff(at) => format!("最后一行的时间是 {}，与之前各行相差过大，不作为日志的结束时间", at.rfc3339()),
        InputNote::ZoneAssumed => "没有时区的时间按 UTC 处理".to_owned(),
        InputNote::DatedByFile(at) => format!("部分回答没有时间，按文件的最后修改时间 {} 处理", at.rfc3339()),
        InputNote::DatedLast => "部分回答没有时间，按已知的最后时刻处理".to_owned(),
        InputNote::Misread { line, what } => format!("第 {line} 行：{what}"),
    }
}

/// Why an input was not read, or not to its end; names it.
pub(super) fn unread(problem: &SourceError, lang: Lang) -> String {
    if lang == Lang::En {
        return problem.to_string();
    }
    match problem {
        SourceError::NotFound { path } => format!("{}：没有这个文件或目录", path.display()),
        SourceError::BrokenLink { path, target } => format!("{}：符号链接指向的 {} 不存在", path.display(), target.display()),
        SourceError::PermissionDenied { path, .. } => {
            format!("{}：没有读取权限，请以运行服务器的用户执行，或先拷贝一份", path.display())
        }
        SourceError::Unreadable { path, cause } => format!("{}：无法读取：{}", path.display(), failed(cause)),
        SourceError::NotAFile { path } => format!("{}：既不是文件，也不是目录或管道", path.display()),
        SourceError::EmptyDirectory { path } => format!("{}：目录中没有文件", path.display()),
        SourceError::GlobWithoutMatch { pattern } => format!("{}：没有匹配的文件", pattern.display()),
        SourceError::BadGlob { pattern, cause } => format!("{}：没有这个文件，也不是有效的通配模式：{cause}", pattern.display()),
        SourceError::Unsupported { path, format } => format!("{}：不支持的归档格式（{format}），请先解开", path.display()),
        SourceError::IsArchive { path } => format!("{}：这是归档文件，需逐个成员读取", path.display()),
        SourceError::DamagedArchive { path, cause } => format!("{}：归档文件不完整或已损坏：{}", path.display(), failed(cause)),
    }
}

/// Why an input was left out on purpose; names it.
pub(super) fn left_out(note: &SkippedCopy, lang: Lang) -> String {
    if lang == Lang::En {
        return note.to_string();
    }
    match note {
        SkippedCopy::SameFile { dropped, kept } => format!("{}：与 {} 是同一个文件，只读一次", dropped.display(), kept.display()),
        SkippedCopy::SameContent { dropped, kept } => format!("{}：与 {} 内容相同，只读一次", dropped.display(), kept.display()),
        SkippedCopy::LinkLoop { path } => format!("{}：符号链接指向其上层目录，不再进入", path.display()),
    }
}

/// Whether a first line, in which what is no text stands as U+FFFD, is none that people could read.
#[must_use]
pub fn is_binary(first_line: &str) -> bool {
    first_line.matches('\u{fffd}').count() * 8 > first_line.chars().count()
}

/// Why an input that could be read does not count.
pub(super) fn stranger(first_line: &str, lang: Lang) -> String {
    match lang {
        Lang::En if is_binary(first_line) => "not a Pegasus log: binary data, or text in an unknown encoding".to_owned(),
        Lang::Zh if is_binary(first_line) => "不是 Pegasus 日志：二进制数据，或编码未知的文本".to_owned(),
        Lang::En => format!("not a Pegasus log, begins with {first_line:?}"),
        Lang::Zh => format!("不是 Pegasus 日志，开头为 {first_line:?}"),
    }
}

fn failed(cause: &io::Error) -> String {
    match cause.get_ref().and_then(|inner| inner.downcast_ref::<StreamError>()) {
        Some(damage) => damaged(damage),
        None => cause.to_string(),
    }
}

fn damaged(damage: &StreamError) -> String {
    match damage {
        StreamError::Truncated { compression } => format!("{compression} 数据不完整，末尾被截断"),
        StreamError::Corrupt { compression, reason } => format!("{compression} 数据已损坏：{reason}"),
        StreamError::TrailingBytes { compression } => format!("{compression} 数据之后还有不属于 {compression} 的内容"),
        StreamError::TruncatedMember { missing } => format!("归档文件在此成员中被截断，缺少 {missing} 字节"),
        StreamError::NestedTooDeep => "归档文件嵌套过深，请先解开".to_owned(),
        StreamError::Unsupported(format) => format!("不支持的归档格式（{format}），请先解开"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Compression;

    #[test]
    fn both_languages_say_the_same_thing_in_their_own_words() {
        let cut = || StreamError::Truncated { compression: Compression::Gzip };
        let cause = || io::Error::from(cut());
        let path = || "a.log".into();
        let say = |lang| {
            [
                input_note(&InputNote::of_failure(&cause()), lang),
                input_note(&InputNote::NulBytes(3), lang),
                unread(&SourceError::Unreadable { path: path(), cause: cause() }, lang),
                left_out(&SkippedCopy::SameContent { dropped: path(), kept: "b.log".into() }, lang),
                stranger("hello", lang),
            ]
        };
        assert_eq!(
            say(Lang::En),
            [
                "the gzip data is cut off",
                "3 NUL bytes",
                "a.log: cannot be read: the gzip data is cut off",
                "a.log: a copy of b.log, read once",
                "not a Pegasus log, begins with \"hello\""
            ]
        );
        assert_eq!(
            say(Lang::Zh),
            [
                "gzip 数据不完整，末尾被截断",
                "含 3 个 NUL 字节",
                "a.log：无法读取：gzip 数据不完整，末尾被截断",
                "a.log：与 b.log 内容相同，只读一次",
                "不是 Pegasus 日志，开头为 \"hello\""
            ]
        );
    }
}
