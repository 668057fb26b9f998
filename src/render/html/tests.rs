//! What must hold of the page's text; how it behaves in a browser stands in `tests/browser`.

use super::*;
use crate::render::samples::{self, HOSTILE};
use crate::report::Verdict;
use crate::signature::Lang;
use base64::Engine as _;
use sha2::{Digest, Sha256};

fn hostile() -> Report {
    let mut report = samples::stuck();
    let name = format!("</script><script>alert(1)</script><!--\"><img src=x onerror=alert(1)>{HOSTILE}");
    for duplication in &mut report.duplications {
        duplication.identity.app_name = Some(name.clone());
        duplication.identity.remote_cluster = Some(name.clone());
    }
    for finding in &mut report.findings {
        finding.title.clone_from(&name);
        finding.references = vec!["javascript:alert(1)".to_owned(), format!("https://example.org/{name}")];
        if let Some(about) = &mut finding.duplication {
            about.app_name = Some(name.clone());
        }
        for line in &mut finding.evidence {
            line.text = name.as_str().into();
            line.path = name.as_str().into();
        }
        for command in finding.suggestions.iter_mut().flat_map(|s| &mut s.commands) {
            command.run.clone_from(&name);
        }
    }
    for input in &mut report.inputs {
        input.path.clone_from(&name);
    }
    report
}

#[test]
fn nothing_a_log_holds_becomes_markup() {
    let page = html(&hostile(), &Style::default());
    assert_eq!(page.matches("<script").count(), 2, "the data and the script");
    assert_eq!(page.matches("</script").count(), 2);
    assert_eq!(page.matches("<!--").count(), 0);
    assert!(!page.contains("<img") && !page.contains("href=\"javascript:"));
    assert!(!page.chars().any(|c| c.is_control() && c != '\n'));
    assert!(!page.contains(['\u{202e}', '\u{200b}', '\u{2066}']));
}

#[test]
fn the_policy_knows_the_script_and_the_style() {
    let page = html(&samples::stuck(), &Style::default());
    let within =
        |open: &str, close: &str| page.split_once(open).and_then(|(_, rest)| rest.split_once(close)).map(|(text, _)| text.to_owned());
    let (style, script) = (within("<style>", "</style>").unwrap_or_default(), within("<script>", "</script>").unwrap_or_default());
    for text in [&style, &script] {
        let hash = base64::engine::general_purpose::STANDARD.encode(Sha256::digest(text.as_bytes()));
        assert!(text.len() > 1000 && page.contains(&format!("'sha256-{hash}'")));
    }
    let policy = within("Content-Security-Policy\" content=\"", "\"").unwrap_or_default();
    assert!(policy.starts_with("default-src 'none'; ") && !policy.contains("unsafe"), "{policy}");
    assert!(!page.contains(" style=\"") && !page.contains(" onclick"), "the policy would not let them work");
    assert_eq!(page.matches("http").count(), page.matches("http-equiv").count() + page.matches("https://github.com").count());
}

#[test]
fn without_the_script_verdicts_and_findings_stand_there() {
    let report = samples::stuck();
    for lang in [Lang::En, Lang::Zh] {
        let page = html(&report, &Style { lang, ..Style::default() });
        for finding in &report.findings {
            assert!(page.contains(&finding.code) && page.contains(&html!((plain(&finding.evidence[0].text))).into_string()));
        }
        for duplication in &report.duplications {
            assert!(page.contains(duplication.identity.app_name.as_deref().unwrap_or_default()));
        }
        assert!(page.contains(Words(lang).verdict(Verdict::Stuck)));
    }
}

#[test]
fn the_data_reads_back() {
    let page = html(&hostile(), &Style::default());
    let json = page.split_once("application/json\">").and_then(|(_, rest)| rest.split_once("</script>")).map_or("", |(json, _)| json);
    let data: serde_json::Value = serde_json::from_str(json).unwrap_or_default();
    assert_eq!(data["lanes"].as_array().map(Vec::len), Some(hostile().duplications.len()));
    assert_eq!(data["zone"][0][2], "+08:00");
}

#[test]
fn an_empty_report_is_a_page_too() {
    let mut report = samples::stuck();
    report.duplications.clear();
    report.findings.clear();
    report.inputs.clear();
    report.window = crate::report::Window { first: None, last: None };
    let page = html(&report, &Style::default());
    assert!(page.contains(Words(Lang::En).nothing_read()) && !page.contains("id=\"board\""));
}
