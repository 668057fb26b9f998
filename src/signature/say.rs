//! Sentences in which not all is known: what stands there instead of a name or a number that no line tells.

use super::text::{Lang, Placeholders, next_name};
use std::borrow::Cow;

/// What stands for a placeholder without a value.
struct Unknown {
    names: &'static [&'static str],
    en: &'static str,
    zh: &'static str,
    /// Words right before it that it has in itself: `table {app_name}` becomes `the source table`. The longest first.
    nouns: &'static [&'static str],
    nouns_zh: &'static [&'static str],
}

const UNKNOWN: &[Unknown] = &[
    Unknown {
        names: &["app_name"],
        en: "the source table",
        zh: "源表",
        nouns: &["the source table ", "source table ", "the table ", "table "],
        nouns_zh: &["源表 ", "表 "],
    },
    Unknown {
        names: &["remote_app_name"],
        en: "the target table",
        zh: "目标表",
        nouns: &["the target table ", "target table ", "the table ", "a table ", "table "],
        nouns_zh: &["目标表 ", "表 "],
    },
    Unknown {
        names: &["remote_cluster"],
        en: "the target cluster",
        zh: "目标集群",
        nouns: &["the target cluster ", "the target ", "target cluster ", "cluster "],
        nouns_zh: &["目标集群 ", "集群 "],
    },
    Unknown {
        names: &["source_cluster"],
        en: "the source cluster",
        zh: "源集群",
        nouns: &["the source cluster ", "the source ", "cluster "],
        nouns_zh: &["源集群 ", "集群 "],
    },
    Unknown { names: &["gpid"], en: "a partition", zh: "某个分片", nouns: &["the partition ", "partition "], nouns_zh: &["分片 "] },
    Unknown {
        names: &["server", "node", "peer"],
        en: "a server",
        zh: "某台服务器",
        nouns: &["the server ", "server "],
        nouns_zh: &["服务器 "],
    },
    Unknown {
        names: &["path", "file_path"],
        en: "a file",
        zh: "某个文件",
        nouns: &["the file ", "file ", "the private log "],
        nouns_zh: &["文件 ", "私有日志 "],
    },
    Unknown { names: &["err", "error", "resp_err"], en: "an error", zh: "某个错误", nouns: &["the error "], nouns_zh: &["错误 "] },
    Unknown { names: &["status"], en: "its present status", zh: "当前状态", nouns: &["status "], nouns_zh: &["状态 "] },
    Unknown { names: &["to_status"], en: "another status", zh: "其他状态", nouns: &["status "], nouns_zh: &["状态 "] },
    Unknown {
        names: &["status_since", "lagging_since", "first", "last"],
        en: "a time that is not known",
        zh: "未知时间",
        nouns: &[],
        nouns_zh: &[],
    },
    Unknown {
        names: &["status_lasted", "age", "quiet_for", "sync_quiet_for"], en: "some time", zh: "一段时间", nouns: &[], nouns_zh: &[]
    },
    Unknown { names: &["partition_count"], en: "n", zh: "n", nouns: &[], nouns_zh: &[] },
    Unknown { names: &["function_list"], en: "functions that are not known", zh: "未知函数", nouns: &[], nouns_zh: &[] },
    Unknown { names: &["op"], en: "an operation", zh: "某个操作", nouns: &[], nouns_zh: &[] },
    Unknown { names: &["message", "abort_message"], en: "none in the log", zh: "日志中没有", nouns: &[], nouns_zh: &[] },
];

/// Whatever else is not known.
const OTHERWISE: Unknown = Unknown { names: &[], en: "(not known)", zh: "（未知）", nouns: &[], nouns_zh: &[] };

/// The sentences of a text, filled in; what has no value is put into words.
#[must_use]
pub(crate) fn say<'a>(text: &'a str, values: &Placeholders, lang: Lang) -> Cow<'a, str> {
    said(text, values, lang, true)
}

/// The same for a title, which begins with a small letter.
#[must_use]
pub(crate) fn entitle(text: &str, values: &Placeholders, lang: Lang) -> String {
    said(text, values, lang, false).into_owned()
}

fn said<'a>(text: &'a str, values: &Placeholders, lang: Lang, sentences: bool) -> Cow<'a, str> {
    if !text.contains(['{', '}']) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 32);
    let mut rest = text;
    while let Some((before, name, after)) = next_name(rest) {
        out.push_str(before);
        rest = match (name, name.and_then(|name| values.get(name))) {
            (None, _) => after,
            (Some(_), Some(value)) => join(&mut out, value, after, lang),
            (Some(name), None) => {
                let unknown = UNKNOWN.iter().find(|u| u.names.contains(&name)).unwrap_or(&OTHERWISE);
                unknown.put(&mut out, after, lang, sentences)
            }
        };
    }
    out.push_str(rest);
    Cow::Owned(out)
}

impl Unknown {
    /// Puts the words into the sentence; what follows them.
    fn put<'t>(&self, out: &mut String, after: &'t str, lang: Lang, sentences: bool) -> &'t str {
        let nouns = if lang == Lang::En { self.nouns } else { self.nouns_zh };
        if let Some(noun) = nouns.iter().find(|noun| ends_with_word(out, noun, lang)) {
            out.truncate(out.len() - noun.len());
        }
        let begins = (sentences && out.is_empty()) || [". ", "? ", "! "].iter().any(|end| out.ends_with(end));
        let words = lang.pick(self.en, self.zh);
        match words.split_at_checked(1) {
            Some((first, others)) if begins => {
                out.push_str(&first.to_uppercase());
                out.push_str(others);
                after
            }
            _ => join(out, words, after, lang),
        }
    }
}

/// Puts words between what stands there and what follows, which is returned. Between Chinese words there is no blank.
fn join<'t>(out: &mut String, words: &str, after: &'t str, lang: Lang) -> &'t str {
    let wide = |c: Option<char>| c.is_some_and(|c| !c.is_ascii());
    let (left, right) = (out.trim_end_matches(' '), after.trim_start_matches(' '));
    if lang == Lang::Zh && wide(words.chars().next()) && wide(left.chars().next_back()) {
        out.truncate(left.len());
    }
    out.push_str(words);
    if lang == Lang::Zh && wide(words.chars().next_back()) && wide(right.chars().next()) { right } else { after }
}

/// Whether a text ends with these words, the first of which may be capitalised.
fn ends_with_word(text: &str, words: &str, lang: Lang) -> bool {
    let Some(start) = text.len().checked_sub(words.len()) else { return false };
    let tail = text.get(start..).is_some_and(|tail| tail.eq_ignore_ascii_case(words));
    tail && (lang == Lang::Zh || text[..start].chars().next_back().is_none_or(|c| !c.is_alphanumeric()))
}

#[cfg(test)]
mod tests {
    use super::super::catalogue::Catalogue;
    use super::super::text::names;
    use super::*;

    fn en(text: &str) -> String {
        say(text, &Placeholders::new(), Lang::En).into_owned()
    }

    fn zh(text: &str) -> String {
        say(text, &Placeholders::new(), Lang::Zh).into_owned()
    }

    #[test]
    fn what_is_not_known_is_put_into_words() {
        assert_eq!(
            en("Table {app_name} was dropped. Table {app_name} is gone."),
            "The source table was dropped. The source table is gone."
        );
        assert_eq!(en("asks {remote_cluster} for the table {remote_app_name}"), "asks the target cluster for the target table");
        assert_eq!(en("The target {remote_cluster} refuses {{x}}"), "The target cluster refuses {x}");
        assert_eq!(en("{app_name} was added. {gpid} waits"), "The source table was added. A partition waits");
        assert_eq!(entitle("{app_name} waits", &Placeholders::new(), Lang::En), "the source table waits");
        assert_eq!(zh("表 {app_name} 到 {remote_cluster} 的热备份"), "源表到目标集群的热备份");
        assert_eq!(zh("向 {remote_cluster} 查询表 {remote_app_name}，得到 {err}。"), "向目标集群查询目标表，得到某个错误。");
        let known = Placeholders::from([("app_name".to_owned(), "t".to_owned())]);
        assert_eq!(say("Table {app_name} to {remote_cluster}", &known, Lang::En), "Table t to the target cluster");
    }

    /// Nothing at all is known, of any signature: all the same no placeholder stands in a sentence.
    #[test]
    fn no_sentence_has_a_placeholder_in_it() {
        let mut wrong = Vec::new();
        for signature in Catalogue::built_in().iter() {
            for lang in [Lang::En, Lang::Zh] {
                let text = signature.text(lang);
                let whats = signature.when.iter().filter_map(|w| w.what.as_ref()).map(|w| lang.pick(&w.en, &w.zh));
                let steps = signature.fix.iter().map(super::super::FixStep::resolved);
                let steps: Vec<&str> = steps.flat_map(|s| std::iter::once(lang.pick(&s.en, &s.zh)).chain(s.why_dangerous(lang))).collect();
                let look_alikes = signature.look_alike.iter().map(|l| lang.pick(&l.en, &l.zh));
                let own = [text.title.as_str(), &text.what, &text.why].into_iter().chain(text.affected.as_deref());
                for sentence in own.chain(whats).chain(steps).chain(look_alikes) {
                    let said = say(sentence, &Placeholders::new(), lang);
                    let unfilled =
                        names(sentence).iter().any(|name| said.contains(&format!("<{name}>")) || said.contains(&format!("{{{name}}}")));
                    let clumsy = [
                        "table the source",
                        "table the target",
                        "the the ",
                        "cluster the target",
                        "partition a partition",
                        "  ",
                        "表源表",
                        "集群目标集群",
                        "分片某个分片",
                    ];
                    if unfilled || clumsy.iter().any(|c| said.contains(c)) {
                        wrong.push(format!("{}: {said}", signature.code));
                    }
                }
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }
}
