//! Markdown: whatever a table is called, the structure is ours, and no text can be taken for a person, an issue or an address.

use super::hostile::{NAME, names, pieces, replaced, sample};
use crate::support::case::Case;
use dupdoctor::internal::render::markdown;
use dupdoctor::report::Report;
use dupdoctor::{Lang, Style};
use proptest::prelude::*;
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use regex::Regex;
use std::collections::BTreeSet;
use std::sync::LazyLock;

/// All that GitHub and GitLab add to `CommonMark`, as far as the parser knows it.
fn dialect() -> Options {
    Options::all()
}

/// What could be taken for a person, an issue, a commit, an address, an emoji or a formula where it stands in plain text.
static ACTIVE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"@|#\d|://|www\.|[a-z0-9]\.[a-z]{2,}|!\d|\$|~|%|&\d|\b[A-Z][A-Z0-9]+-\d|\b[0-9a-f]{7,}\b|:[a-z]+:|<|\[|\]|`|\\").unwrap()
});

/// The blocks of a document, one word each, with what is said in plain text and where links lead.
fn outline(text: &str) -> (Vec<String>, Vec<String>, BTreeSet<String>) {
    let (mut blocks, mut plain, mut links) = (Vec::new(), vec![String::new()], BTreeSet::new());
    let (mut in_code, mut in_link) = (false, false);
    for event in Parser::new_ext(text, dialect()) {
        match event {
            Event::Start(Tag::Link { dest_url, .. }) => {
                links.insert(dest_url.to_string());
                blocks.push("link".to_owned());
                in_link = true;
            }
            Event::End(TagEnd::Link) => in_link = false,
            Event::Start(tag) => {
                in_code |= matches!(tag, Tag::CodeBlock(_));
                let name = format!("{tag:?}");
                // A paragraph more or less within an item says nothing.
                blocks.push(
                    name.split(['{', '(', ' ']).next().unwrap().to_owned() + if matches!(tag, Tag::CodeBlock(_)) { &name } else { "" },
                );
                plain.push(String::new());
            }
            Event::End(tag) => {
                in_code &= !matches!(tag, TagEnd::CodeBlock);
                plain.push(String::new());
            }
            Event::Text(text) if !in_code && !in_link => plain.last_mut().unwrap().push_str(&text),
            Event::Text(_) => {}
            Event::Code(_) => plain.push(String::new()),
            Event::Html(html) | Event::InlineHtml(html) => blocks.push(format!("html {}", html.trim())),
            Event::SoftBreak | Event::HardBreak => blocks.push("break".to_owned()),
            Event::Rule => blocks.push("rule".to_owned()),
            other @ (Event::InlineMath(_) | Event::DisplayMath(_) | Event::FootnoteReference(_) | Event::TaskListMarker(_)) => {
                blocks.push(format!("{other:?}"));
            }
        }
    }
    plain.retain(|p| !p.trim().is_empty());
    (blocks, plain, links)
}

/// The whole property for one report.
fn check(report: &Report, name: &str, lang: Lang) -> Result<(), String> {
    let style = Style { lang, ..Style::default() };
    let (wanted, _, wanted_links) = outline(&markdown(report, &style));
    let hostile = replaced(report, &[(NAME, name)]);
    let text = markdown(&hostile, &style);
    let (blocks, plain, links) = outline(&text);
    if let Some(at) = (0..wanted.len().max(blocks.len())).find(|&at| wanted.get(at) != blocks.get(at)) {
        return Err(format!("block {at} is {:?} instead of {:?} for {name:?}\n{text}", blocks.get(at), wanted.get(at)));
    }
    if links != wanted_links {
        return Err(format!("links {links:?} for {name:?}"));
    }
    if let Some(active) = plain.iter().find(|p| ACTIVE.is_match(p)) {
        return Err(format!("{active:?} stands in plain text for {name:?}"));
    }
    if text.chars().any(|c| c.is_control() && c != '\n') {
        return Err(format!("a control character for {name:?}"));
    }
    Ok(())
}

#[test]
fn each_piece_of_markup_stays_text() {
    let report = sample();
    for lang in [Lang::En, Lang::Zh] {
        for name in pieces() {
            check(&report, &name, lang).unwrap();
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_name_breaks_out(name in names()) {
        static REPORT: LazyLock<Report> = LazyLock::new(sample);
        prop_assert_eq!(check(&REPORT, &name, Lang::En), Ok(()));
    }

    #[test]
    fn no_text_at_all_breaks_out(name in any::<String>()) {
        static REPORT: LazyLock<Report> = LazyLock::new(sample);
        prop_assert_eq!(check(&REPORT, &name, Lang::En), Ok(()));
    }
}

#[test]
fn the_reports_of_all_cases_are_sound() {
    for case in Case::all() {
        let report = case.report();
        let text = markdown(&report, &Style::default());
        let (blocks, plain, links) = outline(&text);
        let known: BTreeSet<String> = report.findings.iter().flat_map(|f| f.references.clone()).collect();
        assert!(links.is_subset(&known), "{}: {links:?}", case.name);
        let html: BTreeSet<&str> = blocks.iter().filter_map(|b| b.strip_prefix("html ")).collect();
        for piece in html {
            let fine = piece
                .split('\n')
                .all(|l| matches!(l, "<details>" | "</details>") || l.starts_with("<summary>") && l.ends_with("</summary>"));
            assert!(fine, "{}: {piece}", case.name);
        }
        let active: Vec<&String> = plain.iter().filter(|p| ACTIVE.is_match(p)).collect();
        assert!(active.is_empty(), "{}: {active:?}", case.name);
        assert!(text.len() < 65_536, "{}: {}", case.name, text.len());
        assert!(report.findings.is_empty() || text.contains("DUP"), "{}", case.name);
    }
}

#[test]
fn the_judge_sees_what_breaks_out() {
    for text in ["ask @bob", "see #12", "at http://evil.example", "in evil.example", "PROJ-77 is it", "deadbeef", "a :smile: b", "costs $5"]
    {
        let (_, plain, _) = outline(text);
        assert!(plain.iter().any(|p| ACTIVE.is_match(p)), "{text}");
        let (_, quoted, _) = outline(&format!("x `{text}`\n\n```text\n{text}\n```\n"));
        assert!(!quoted.iter().any(|p| ACTIVE.is_match(p)), "{text} as code");
    }
    let blocks = |text: &str| outline(text).0;
    assert_ne!(blocks("```text\na\n```\n"), blocks("```text\na\n```\n# b\n```\n"));
    assert_ne!(blocks("| a |\n| --- |\n| `b` |\n"), blocks("| a |\n| --- |\n| `b` | `c` |\n# d\n"));
    assert!(outline("[x](http://evil.example)").2.contains("http://evil.example"));
    assert!(blocks("a <b>c</b>").iter().any(|b| b == "html <b>"));
}
