//! What one pasted line is, and the findings that it can belong to.

use super::escape::plain;
use super::explain_markdown::escaped;
use super::finding::margin;
use super::flow::Part;
use super::meaning::event_meaning;
use super::page::Page;
use super::signature_json::laid_out;
use super::style::{Style, Tone};
use super::words::Words;
use crate::event::{Level, Role};
use crate::signature::{AskedLine, Lang, LineHeader, LinePart, LineUse, Placeholders, Stated, fill};
use serde_json::{Map, Value, json};
use std::fmt::Write as _;
use unicode_width::UnicodeWidthStr;

/// One labelled part of the answer.
struct Section {
    label: &'static str,
    rows: Vec<String>,
}

/// The answer for a terminal.
#[must_use]
pub fn explain_line(line: &AskedLine<'_>, style: &Style) -> String {
    let words = Words(style.lang);
    let sections = sections(words, line);
    let indent = 3 + sections.iter().map(|s| s.label.width()).max().unwrap_or(0);
    let mut page = Page::new(style);
    page.paragraph(0, Tone::Bold, name(words, line));
    page.paragraph(0, Tone::Plain, &plain(&meaning(words.0, line)));
    page.blank();
    for section in sections {
        for (index, row) in section.rows.iter().enumerate() {
            let label = if index == 0 { section.label } else { "" };
            page.beside(&margin(label, indent), indent, &[Part::new(Tone::Plain, &plain(row))]);
        }
    }
    page.blank();
    page.paragraph(0, Tone::Dim, &advice(words.0, line));
    page.finish()
}

/// The answer as Markdown.
#[must_use]
pub fn explain_line_markdown(line: &AskedLine<'_>, lang: Lang) -> String {
    let words = Words(lang);
    let mut out = format!("# {}\n\n{}\n", escaped(name(words, line)), escaped(&plain(&meaning(lang, line))));
    for section in sections(words, line) {
        let _ = writeln!(out, "\n**{}**\n", section.label);
        for row in section.rows {
            let _ = writeln!(out, "- {}", escaped(&plain(&row)));
        }
    }
    let _ = writeln!(out, "\n{}", escaped(&advice(lang, line)));
    out
}

/// The answer for programs; every key is always there.
#[must_use]
pub fn explain_line_json(line: &AskedLine<'_>) -> String {
    let both = |pick: &dyn Fn(Lang) -> Value| json!({"en": pick(Lang::En), "zh": pick(Lang::Zh)});
    let (reading, event, role, level, fields, anchor) = match &line.stated {
        Stated::Event(pattern, fields) => {
            let fields: Map<String, Value> = fields.iter().map(|(name, text)| ((*name).to_owned(), json!(text))).collect();
            ("known", Some(pattern.event.name()), Some(pattern.role.name()), Some(level_name(pattern.level)), fields, None)
        }
        Stated::Drift(anchor) => ("drift", None, None, None, Map::new(), Some(*anchor)),
        Stated::Nothing => ("nothing", None, None, None, Map::new(), None),
    };
    let header = line.header.as_ref().map(|h| {
        json!({"letter": h.letter.to_string(), "clock": h.clock, "at": h.at.map(crate::pegasus::LogTime::rfc3339), "server": h.server, "file": h.file})
    });
    let used = |u: &LineUse<'_>| {
        let s = u.signature;
        json!({"code": s.code, "name": s.name, "severity": s.severity, "as": u.part.name(), "confidence": u.confidence, "times": u.times,
            "title": {"en": s.en.title, "zh": s.zh.title}})
    };
    laid_out(&json!({
        "reading": reading,
        "event": event,
        "role": role,
        "level": level,
        "meaning": both(&|lang| json!(meaning(lang, line))),
        "anchor": anchor,
        "origin": line.origin,
        "header": header,
        "body": line.body,
        "fields": fields,
        "findings": line.uses.iter().map(used).collect::<Vec<_>>(),
    }))
}

fn name<'a>(words: Words, line: &AskedLine<'a>) -> &'a str {
    match &line.stated {
        Stated::Event(pattern, _) => pattern.event.name(),
        Stated::Drift(_) => words.0.pick("wording that is not known", "措辞未知"),
        Stated::Nothing => words.0.pick("nothing about duplication", "与热备份无关"),
    }
}

fn meaning(lang: Lang, line: &AskedLine<'_>) -> String {
    match &line.stated {
        Stated::Event(pattern, _) => event_meaning(lang, pattern.event).unwrap_or_default().to_owned(),
        Stated::Drift(anchor) => match lang {
            Lang::En => format!(
                "the line has the words of a message about duplication, \"{anchor}\", but the rest is as no known release writes it"
            ),
            Lang::Zh => format!("该行含有热备份日志的字样 “{anchor}”，但其余部分与任何已知版本都不一致"),
        },
        Stated::Nothing if line.header.is_some() => {
            lang.pick("a line of a Pegasus server that says nothing about duplication", "Pegasus 服务器的日志，但与热备份无关").to_owned()
        }
        Stated::Nothing => lang
            .pick(
                "neither a message about duplication nor a line with the header of a Pegasus server",
                "既不是热备份日志，也没有 Pegasus 日志的头部",
            )
            .to_owned(),
    }
}

/// What to do with the answer.
fn advice(lang: Lang, line: &AskedLine<'_>) -> String {
    match (&line.stated, line.uses.first()) {
        (Stated::Event(..), Some(first)) => match lang {
            Lang::En => format!(
                "One line is no diagnosis: `dupdoctor diagnose` weighs all of them; `dupdoctor explain {}` tells more.",
                first.signature.code
            ),
            Lang::Zh => format!(
                "单独一行不足以下结论：请用 `dupdoctor diagnose` 分析完整日志；`dupdoctor explain {}` 有详细说明。",
                first.signature.code
            ),
        },
        (Stated::Event(..), None) => lang
            .pick(
                "No signature asks for this line; it is part of the story that `dupdoctor timeline` tells.",
                "没有判据用到这一行；可用 `dupdoctor timeline` 查看它的前后经过。",
            )
            .to_owned(),
        (Stated::Drift(_), _) => lang
            .pick(
                "In a diagnosis such lines are counted and reported as DUP904: the release may be newer, or patched.",
                "诊断时这类日志会被计数并以 DUP904 报告：可能是更新的版本或自行修改过的版本。",
            )
            .to_owned(),
        (Stated::Nothing, _) if line.header.is_some() => lang
            .pick(
                "`dupdoctor diagnose` reads the whole log and finds the lines that matter.",
                "`dupdoctor diagnose` 会读取完整日志并找出相关的行。",
            )
            .to_owned(),
        (Stated::Nothing, _) => lang
            .pick(
                "Paste a whole line in single quotes, or give it on standard input: --line -",
                "请用单引号粘贴完整的一行，或通过标准输入提供：--line -",
            )
            .to_owned(),
    }
}

fn sections(words: Words, line: &AskedLine<'_>) -> Vec<Section> {
    let lang = words.0;
    let mut sections = Vec::new();
    let mut head: Vec<String> = line.header.iter().map(|h| header(lang, h)).collect();
    head.extend(line.origin.iter().map(|o| format!("{} {o}", lang.pick("collected from", "采集自"))));
    sections.push(Section { label: lang.pick("Header", "头部"), rows: head });
    if let Stated::Event(pattern, fields) = &line.stated {
        let by = format!("{}{}{}", role(lang, pattern.role), words.separator(), level(lang, pattern.level));
        sections.push(Section { label: lang.pick("Written by", "来源"), rows: vec![by] });
        sections.push(Section {
            label: lang.pick("Fields", "字段"),
            rows: fields.iter().map(|(name, text)| format!("{name} = {text}")).collect(),
        });
    }
    let parts = [
        (LinePart::Proof, lang.pick("Can prove", "可作证据")),
        (LinePart::Asked, lang.pick("Asked for by", "辅助判断")),
        (LinePart::Against, lang.pick("Speaks against", "可以排除")),
    ];
    for (part, label) in parts {
        sections.push(Section { label, rows: line.uses.iter().filter(|u| u.part == part).map(|u| used(words, u)).collect() });
    }
    sections.retain(|s| !s.rows.is_empty());
    sections
}

/// `DUP302 the table is missing (critical, certain, at least 2 times)`
fn used(words: Words, part: &LineUse<'_>) -> String {
    let signature = part.signature;
    let title = fill(&words.0.pick_text(signature).title, &Placeholders::new());
    let mut notes = vec![words.severity(signature.severity).to_owned()];
    if part.part == LinePart::Proof {
        notes.push(words.confidence(part.confidence).to_owned());
    }
    if part.times > 1 {
        notes.push(words.at_least_times(part.times));
    }
    let notes = notes.join(words.separator());
    match words.0 {
        Lang::En => format!("{}  {title} ({notes})", signature.code),
        Lang::Zh => format!("{}  {title}（{notes}）", signature.code),
    }
}

fn header(lang: Lang, header: &LineHeader) -> String {
    let at = header.at.map(|at| format!(" ({})", at.rfc3339())).unwrap_or_default();
    let server = header.server.as_deref().map(|s| match s {
        "meta" => lang.pick("a meta server", "元数据服务器"),
        "replica" => lang.pick("a replica server", "副本服务器"),
        _ => lang.pick("a collector", "collector"),
    });
    let parts = [Some(format!("{}{at}", header.clock)), Some(letter(lang, header.letter)), server.map(str::to_owned), header.file.clone()];
    parts.into_iter().flatten().collect::<Vec<_>>().join(lang.pick(", ", "，"))
}

/// The letters moved between v2.4 and v2.5.
fn letter(lang: Lang, letter: char) -> String {
    let meaning = match letter {
        'D' => lang.pick("information up to v2.4, debug from v2.5", "v2.4 及以前为信息，v2.5 起为调试"),
        'I' => lang.pick("debug up to v2.4, information from v2.5", "v2.4 及以前为调试，v2.5 起为信息"),
        'W' => level(lang, Level::Warning),
        'E' => level(lang, Level::Error),
        _ => level(lang, Level::Fatal),
    };
    format!("{letter}{}{meaning}", lang.pick(" = ", " ＝ "))
}

/// The name in JSON.
fn level_name(level: Level) -> &'static str {
    match level {
        Level::Debug => "debug",
        Level::Info => "info",
        Level::Warning => "warning",
        Level::Error => "error",
        Level::Fatal => "fatal",
    }
}

fn level(lang: Lang, level: Level) -> &'static str {
    match level {
        Level::Debug => lang.pick("debug", "调试"),
        Level::Info => lang.pick("information", "信息"),
        Level::Warning => lang.pick("warning", "警告"),
        Level::Error => lang.pick("error", "错误"),
        Level::Fatal => lang.pick("fatal: the process stops after it", "致命：写出该行后进程中止"),
    }
}

fn role(lang: Lang, role: Role) -> &'static str {
    match role {
        Role::Meta => lang.pick("a meta server", "元数据服务器"),
        Role::Replica => lang.pick("a replica server", "副本服务器"),
        Role::FollowerReplica => lang.pick("a replica server of the target cluster", "目标集群的副本服务器"),
        Role::Server => lang.pick("a server of either kind", "任一种服务器"),
    }
}
