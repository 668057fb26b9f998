//! `dupdoctor signatures test`

use crate::console::{print, warn};
use anyhow::{Context, Result, bail};
use dupdoctor::internal::render::plain;
use dupdoctor::report::Selection;
use dupdoctor::{Catalogue, Confidence, Diagnosis, Lang, Settings, Severity, diagnose};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Sample logs and the code that each must show.
struct Sample {
    path: PathBuf,
    /// None when no signature has a code with which the name begins.
    code: Option<String>,
}

/// Says of each sample whether it shows its code; returns how many do not.
pub(super) fn test(folder: &Path, catalogue: Catalogue, lang: Lang) -> Result<usize> {
    let samples = samples(folder, &catalogue)?;
    if samples.is_empty() {
        bail!(
            "{}: nothing to test; put sample logs beside the signature files, as CODE.log, CODE-what-it-shows.log or a directory CODE-what-it-shows",
            folder.display()
        );
    }
    let codes: BTreeSet<&String> = samples.iter().filter_map(|s| s.code.as_ref()).collect();
    let settings = Settings { selection: Selection { lang, ..Selection::default() }, catalogue, ..Settings::default() };
    let mut failed = 0;
    for sample in &samples {
        let (fine, said) = tried(sample, &settings, lang);
        failed += usize::from(!fine);
        let word = if fine { lang.pick("passed", "通过") } else { lang.pick("failed", "失败") };
        let name = sample.path.strip_prefix(folder).unwrap_or(&sample.path).display().to_string();
        print(&format!("{word} {}: {said}\n", plain(&name)))?;
    }
    let own = settings.catalogue.iter().filter(|s| settings.catalogue.file(&s.code).is_some());
    let untested: Vec<&str> = own.filter(|s| !codes.contains(&s.code)).map(|s| s.code.as_str()).collect();
    if !untested.is_empty() {
        warn(&format!("without sample logs: {}", untested.join(", ")));
    }
    let passed = samples.len() - failed;
    print(&match lang {
        Lang::En => format!("{passed} passed, {failed} failed\n"),
        Lang::Zh => format!("{passed} 个通过，{failed} 个失败\n"),
    })?;
    Ok(failed)
}

/// Logs (`*.log`, also compressed) and folders whose names begin with a code, by name.
fn samples(folder: &Path, catalogue: &Catalogue) -> Result<Vec<Sample>> {
    let entries = std::fs::read_dir(folder).with_context(|| folder.display().to_string())?;
    let mut samples = Vec::new();
    for path in entries.filter_map(|e| Some(e.ok()?.path())) {
        let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        let plain_name = [".gz", ".zst", ".xz", ".bz2"].iter().find_map(|end| name.strip_suffix(end)).unwrap_or(&name);
        let is_log = path.is_file() && Path::new(plain_name).extension().is_some_and(|e| e.eq_ignore_ascii_case("log"));
        let code = code_of(&name, catalogue);
        // A folder may be anything; a log beside signatures is meant to be a sample.
        if is_log || (path.is_dir() && code.is_some()) {
            samples.push(Sample { path, code });
        }
    }
    samples.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(samples)
}

/// The longest code with which the name begins, as a word of its own.
fn code_of(name: &str, catalogue: &Catalogue) -> Option<String> {
    let begins = |code: &str| name.strip_prefix(code).is_some_and(|rest| !rest.starts_with(|c: char| c.is_ascii_alphanumeric()));
    catalogue.iter().map(|s| &s.code).filter(|code| begins(code)).max_by_key(|code| code.len()).cloned()
}

/// Whether a sample shows its code, and in words.
fn tried(sample: &Sample, settings: &Settings, lang: Lang) -> (bool, String) {
    let Some(code) = &sample.code else {
        return (false, lang.pick("no signature has a code with which this name begins", "文件名开头不是任何判据的代码").to_owned());
    };
    let diagnosis = diagnose(std::slice::from_ref(&sample.path), settings, &|_, _| {});
    let found = diagnosis.report.findings.iter().find(|f| f.code == *code);
    match (diagnosis.ingested.problems.first(), found) {
        (Some(problem), _) => (false, problem.to_string()),
        (None, Some(finding)) => {
            let state = if finding.active { "" } else { lang.pick(", over", "，已结束") };
            let said = match lang {
                Lang::En => format!("{code} {}, {}{state}", finding.severity, finding.confidence),
                Lang::Zh => format!("{code} {}，{}{state}", severity_zh(finding.severity), confidence_zh(finding.confidence)),
            };
            (true, said)
        }
        (None, None) => (false, missed(code, &diagnosis, lang)),
    }
}

fn severity_zh(severity: Severity) -> &'static str {
    match severity {
        Severity::Info => "提示",
        Severity::Warning => "警告",
        Severity::Error => "错误",
        Severity::Critical => "严重",
    }
}

fn confidence_zh(confidence: Confidence) -> &'static str {
    match confidence {
        Confidence::Possible => "可能",
        Confidence::Likely => "很可能",
        Confidence::Certain => "确定",
    }
}

/// What was found in place of a code.
fn missed(code: &str, diagnosis: &Diagnosis, lang: Lang) -> String {
    if diagnosis.ingested.inputs.is_empty() {
        return lang.pick("nothing here looks like a Pegasus log", "没有找到 Pegasus 的日志").to_owned();
    }
    let others: BTreeSet<&str> = diagnosis.report.findings.iter().map(|f| f.code.as_str()).collect();
    let others = others.into_iter().collect::<Vec<_>>().join(", ");
    match (lang, others.is_empty()) {
        (Lang::En, true) => format!("{code} is not found, nor is anything else; `dupdoctor events` shows what the lines are"),
        (Lang::En, false) => format!("{code} is not found, but {others}"),
        (Lang::Zh, true) => format!("没有发现 {code}，也没有其他问题；可用 `dupdoctor events` 查看各行含义"),
        (Lang::Zh, false) => format!("没有发现 {code}，而是 {others}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_code_counts_and_only_as_a_word() {
        let catalogue = Catalogue::built_in();
        let code = |name: &str| code_of(name, &catalogue);
        assert_eq!(code("DUP302.log").as_deref(), Some("DUP302"));
        assert_eq!(code("DUP302-dropped").as_deref(), Some("DUP302"));
        assert_eq!(code("DUP3021.log"), None);
        assert_eq!(code("notes"), None);
    }
}
