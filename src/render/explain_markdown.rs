//! What findings mean, as Markdown: for a wiki, a ticket, a chat.

use super::condition::{in_words, tried_on};
use super::explain::{heading, with_title};
use super::words::Words;
use crate::signature::{Catalogue, Lang, Placeholders, Scope, Signature, example_lines, fill};
use std::fmt::Write as _;

/// One signature as a page of its own.
#[must_use]
pub fn explain_markdown(signature: &Signature, catalogue: &Catalogue, lang: Lang) -> String {
    let words = Words(lang);
    let text = signature.text(lang);
    let open = |text: &str| escaped(&fill(text, &Placeholders::new()));
    let mut out = format!(
        "# {}{}{}\n\n`{}` · **{}**",
        signature.code,
        words.colon(),
        open(&text.title),
        signature.name,
        words.severity(signature.severity)
    );
    let _ = writeln!(out, "\n\n## {}\n\n{}\n\n## {}\n\n{}", words.title_what(), open(&text.what), words.why(), open(&text.why));
    if let Some(affected) = &text.affected {
        let _ = writeln!(out, "\n**{}**{}{}", words.affects(), words.colon(), open(affected));
    }
    shown_by(&mut out, words, signature);
    if !signature.look_alike.is_empty() {
        let _ = writeln!(out, "\n## {}\n", words.title_not_it());
        for other in &signature.look_alike {
            let _ = writeln!(out, "- **{}**{}{}", other.code, words.colon(), open(lang.pick(&other.en, &other.zh)));
        }
    }
    if !signature.supersedes.is_empty() {
        let _ = writeln!(out, "\n## {}\n", words.title_over_others());
        for code in &signature.supersedes {
            let _ = writeln!(out, "- {}", escaped(&with_title(words, catalogue, code)));
        }
    }
    remedy(&mut out, words, signature);
    if !signature.references.is_empty() {
        let _ = writeln!(out, "\n## {}\n", words.title_see());
        for reference in &signature.references {
            let _ =
                if reference.starts_with("http") { writeln!(out, "- <{reference}>") } else { writeln!(out, "- {}", escaped(reference)) };
        }
    }
    // A block of commands ends with an empty line, whatever follows.
    let mut out = out.replace("\n\n\n", "\n\n");
    out.truncate(out.trim_end().len());
    out.push('\n');
    out
}

/// The conditions, and lines as they stand in logs.
fn shown_by(out: &mut String, words: Words, signature: &Signature) {
    let _ = writeln!(out, "\n## {}\n", words.title_shows());
    if signature.when.is_empty() || signature.scope == Scope::None {
        let _ = writeln!(out, "{}", words.scope(Scope::None));
        return;
    }
    let _ = writeln!(out, "{}", escaped(&words.tried_on(&tried_on(words, signature))));
    for condition in &signature.when {
        let _ = writeln!(out, "\n**{}**\n", words.holds_when(words.confidence(condition.confidence)));
        for line in in_words(words, condition) {
            let _ = writeln!(out, "- {}", escaped(&line));
        }
    }
    let examples = example_lines(signature);
    if !examples.is_empty() {
        let _ = writeln!(out, "\n{}\n\n```text\n{}\n```", words.title_lines(), examples.join("\n"));
    }
}

/// Steps, commands, and what mends it for good.
fn remedy(out: &mut String, words: Words, signature: &Signature) {
    let lang = words.0;
    let open = |text: &str| fill(text, &Placeholders::new());
    if signature.suggested().next().is_some() {
        let _ = writeln!(out, "\n## {}\n", words.title_remedy());
        for (index, step) in signature.suggested().enumerate() {
            let _ = writeln!(out, "{}. {}", index + 1, escaped(&open(lang.pick(&step.en, &step.zh))));
            if !step.commands.is_empty() {
                let typed: String = step.commands.iter().fold(String::new(), |mut all, c| {
                    let _ = writeln!(all, "   {} {}", words.prompt(&c.at), open(&c.run).replace('\n', "\n   "));
                    all
                });
                let _ = writeln!(out, "\n   ```text\n{typed}   ```\n");
            }
        }
    }
    if let Some(fixed) = &signature.fixed_by {
        let release = words.released(fixed.release.as_deref());
        let parts =
            [fixed.pull_request.map(|n| words.pull_request(&n.to_string())), fixed.commit.as_ref().map(|c| words.commit(c)), Some(release)];
        let parts: Vec<String> = parts.into_iter().flatten().collect();
        let gap = if out.ends_with("\n\n") { "" } else { "\n" };
        let _ = writeln!(out, "{gap}**{}**{}{}", words.fixed(), words.colon(), escaped(&parts.join(words.separator())));
    }
}

/// All signatures in tables, by what they are about.
#[must_use]
pub fn explain_list_markdown(catalogue: &Catalogue, lang: Lang) -> String {
    let words = Words(lang);
    let mut signatures: Vec<&Signature> = catalogue.iter().collect();
    signatures.sort_by_key(|s| !heading(words, &s.code).1);
    let mut out = String::new();
    let mut above = "";
    for signature in signatures {
        let (group, _) = heading(words, &signature.code);
        if group != above {
            above = group;
            let gap = if out.is_empty() { "" } else { "\n" };
            let head = [words.column_code(), words.column_severity(), words.column_name(), words.column_title()].join(" | ");
            let _ = writeln!(out, "{gap}## {group}\n\n| {head} |\n|---|---|---|---|");
        }
        let title = escaped(&fill(&signature.text(lang).title, &Placeholders::new())).replace('|', "\\|");
        let _ = writeln!(out, "| {} | {} | `{}` | {title} |", signature.code, words.severity(signature.severity), signature.name);
    }
    out
}

/// Text as it stands, whatever Markdown would make of it; what is between backticks is left alone.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    let code_spans = text.matches('`').count() / 2 * 2;
    let mut ticks = 0;
    for c in text.chars() {
        if c == '`' && ticks < code_spans {
            ticks += 1;
        } else if ticks % 2 == 0 && matches!(c, '<' | '*' | '[' | '\\' | '`' | '~') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_turns_into_markup() {
        assert_eq!(escaped("<app_name> [a5d17] **x** `k/<n>` `"), "\\<app_name> \\[a5d17] \\*\\*x\\*\\* `k/<n>` \\`");
    }

    #[test]
    fn every_page_has_its_parts_in_both_languages() {
        let catalogue = Catalogue::built_in();
        for signature in catalogue.iter() {
            for (lang, parts) in
                [(Lang::En, ["## What is going on", "## Why", "## How it shows"]), (Lang::Zh, ["## 现象", "## 原因", "## 判据"])]
            {
                let page = explain_markdown(signature, &catalogue, lang);
                assert!(page.starts_with(&format!("# {}", signature.code)) && page.ends_with('\n'), "{page}");
                assert!(parts.iter().all(|p| page.contains(p)), "{page}");
                assert_eq!(page.matches("```").count() % 2, 0, "{page}");
                assert!(!page.contains("\n\n\n"), "{page}");
            }
        }
    }
}
