//! `dupdoctor signatures`: list, show, check, test.

use super::Ending;
use super::args::{ShowArgs, SignaturesCommand};
use super::explain::named;
use super::judging::catalogue;
use super::output::{complain, print, style};
use anyhow::{Result, bail};
use dupdoctor::diagnose::{Diagnosis, Settings, diagnose};
use dupdoctor::pegasus::Release;
use dupdoctor::render::{plain, signature_list};
use dupdoctor::report::Selection;
use dupdoctor::signature::{Catalogue, Confidence, Lang, Placeholders, Severity, Signature, command_complaint, fill, order_complaints};
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

pub(super) fn run(command: &SignaturesCommand) -> Result<Ending> {
    match command {
        SignaturesCommand::List { show, signatures } => {
            let (catalogue, sound) = catalogue(signatures);
            print(&signature_list(&catalogue, &style(show)))?;
            Ok(ending(sound))
        }
        SignaturesCommand::Show { code, signatures } => {
            let (catalogue, sound) = catalogue(signatures);
            print(&file_of(named(&catalogue, code)?, &catalogue)?)?;
            Ok(ending(sound))
        }
        SignaturesCommand::Check { folder, show } => check(folder, show),
        SignaturesCommand::Test { folder, show } => test(folder, show),
    }
}

fn ending(sound: bool) -> Ending {
    if sound { Ending::Quiet } else { Ending::Unread }
}

/// The file of a signature, byte for byte.
fn file_of(signature: &Signature, catalogue: &Catalogue) -> Result<String> {
    match (catalogue.file(&signature.code), Catalogue::built_in_file(&signature.code)) {
        (Some(path), _) => match std::fs::read_to_string(path) {
            Ok(text) => Ok(text),
            Err(error) => bail!("cannot read {}: {error}", path.display()),
        },
        (None, Some((_, text))) => Ok(text.to_owned()),
        (None, None) => bail!("{} has no file", signature.code),
    }
}

/// The built-in signatures and those of one folder, whose mistakes are told on standard error.
fn with_folder(folder: &Path) -> Result<(Catalogue, bool)> {
    let name = folder.display();
    if !folder.is_dir() {
        let what = if folder.exists() { "no directory" } else { "no such directory" };
        bail!("{name}: {what}; name the folder that holds the signature files (*.toml)");
    }
    let mut catalogue = Catalogue::built_in();
    let errors = catalogue.add_folder(folder);
    for error in &errors {
        complain(&error.to_string());
    }
    if errors.is_empty() && own(&catalogue).next().is_none() {
        bail!("{name}: no signature file (*.toml) in this folder; `dupdoctor signatures show DUP302` prints one to begin with");
    }
    Ok((catalogue, errors.is_empty()))
}

/// The user's own signatures with their files.
fn own(catalogue: &Catalogue) -> impl Iterator<Item = (&Signature, &Path)> {
    catalogue.iter().filter_map(|s| Some((s, catalogue.file(&s.code)?)))
}

fn check(folder: &Path, show: &ShowArgs) -> Result<Ending> {
    let lang = style(show).lang;
    let (catalogue, sound) = with_folder(folder)?;
    let built_in = Catalogue::built_in();
    let mut out = String::new();
    for (signature, path) in own(&catalogue) {
        let title = fill(&signature.text(lang).title, &Placeholders::new());
        let _ = write!(out, "{} {}  {}", lang.pick("ok", "通过"), signature.code, plain(&title));
        if let Some(other) = built_in.find(&signature.code) {
            let _ = write!(out, "  ({} {} {})", lang.pick("instead of the built-in", "替代内置的"), other.code, other.name);
        }
        out.push('\n');
        for doubt in doubts(signature, path, &catalogue, &built_in) {
            complain(&format!("{}: {doubt}", path.display()));
        }
    }
    print(&out)?;
    Ok(ending(sound))
}

/// What is allowed but hardly meant.
fn doubts(signature: &Signature, path: &Path, catalogue: &Catalogue, built_in: &Catalogue) -> Vec<String> {
    let mut doubts = Vec::new();
    let wanted = format!("{}-{}.toml", signature.code, signature.name);
    if path.file_name().is_some_and(|n| n.to_string_lossy() != wanted) {
        doubts.push(format!("the file would best be called {wanted}"));
    }
    for code in signature.supersedes.iter().chain(signature.look_alike.iter().map(|l| &l.code)) {
        if catalogue.find(code).is_none() {
            doubts.push(format!("it names {code}, which no signature has"));
        }
    }
    if let Some(other) = built_in.find(&signature.name)
        && other.code != signature.code
    {
        doubts.push(format!("the built-in {} has the name {:?} too", other.code, signature.name));
    }
    for (lang, text) in [("en", &signature.en), ("zh", &signature.zh)] {
        if [&text.title, &text.what, &text.why].iter().any(|t| t.trim().is_empty()) {
            doubts.push(format!("[{lang}] has an empty text; a report in that language shows nothing there"));
        }
    }
    if signature.fix.iter().any(|s| s.step.is_some() || s.kind.is_some()) {
        doubts.extend(order_complaints(signature).into_iter().map(|c| format!("[[fix]] {c}")));
    }
    doubts.extend(strange_commands(signature));
    doubts
}

/// Commands that no release of those they are for has.
fn strange_commands(signature: &Signature) -> impl Iterator<Item = String> {
    let commands = signature.fix.iter().enumerate().flat_map(|(i, step)| step.commands.iter().map(move |c| (i, c)));
    commands.filter_map(|(index, command)| {
        let complaint = |release: Release| command_complaint(&command.at, command.in_release(release), release);
        let all: Option<Vec<String>> = Release::ALL.into_iter().filter(|&r| command.is_in(r)).map(complaint).collect();
        let why = all?.pop()?;
        Some(format!("[[fix]] step {}: {}: {why}", index + 1, command.run))
    })
}

/// Sample logs and the code that each must show.
struct Sample {
    path: PathBuf,
    /// None when no signature has a code with which the name begins.
    code: Option<String>,
}

fn test(folder: &Path, show: &ShowArgs) -> Result<Ending> {
    let lang = style(show).lang;
    let (catalogue, sound) = with_folder(folder)?;
    let samples = samples(folder, &catalogue)?;
    if samples.is_empty() {
        bail!(
            "{}: nothing to test; put sample logs beside the signature files, as CODE.log, CODE-what-it-shows.log or a folder CODE-what-it-shows",
            folder.display()
        );
    }
    let codes: BTreeSet<String> = samples.iter().filter_map(|s| s.code.clone()).collect();
    let settings = Settings { selection: Selection { lang, ..Selection::default() }, catalogue, ..Settings::default() };
    let (mut passed, mut failed) = (0_usize, 0_usize);
    for sample in &samples {
        let (fine, said) = tried(sample, &settings, lang);
        let (word, count) = if fine { (lang.pick("passed", "通过"), &mut passed) } else { (lang.pick("failed", "失败"), &mut failed) };
        *count += 1;
        let name = sample.path.strip_prefix(folder).unwrap_or(&sample.path).display().to_string();
        print(&format!("{word} {}: {said}\n", plain(&name)))?;
    }
    let untested: Vec<&str> = own(&settings.catalogue).map(|(s, _)| s.code.as_str()).filter(|c| !codes.contains(*c)).collect();
    if !untested.is_empty() {
        complain(&format!("without sample logs: {}", untested.join(", ")));
    }
    print(&match lang {
        Lang::En => format!("{passed} passed, {failed} failed\n"),
        Lang::Zh => format!("{passed} 个通过，{failed} 个失败\n"),
    })?;
    Ok(match (sound, failed) {
        (false, _) => Ending::Unread,
        (true, 0) => Ending::Quiet,
        (true, _) => Ending::Findings,
    })
}

/// Logs (`*.log`, also compressed) and folders whose names begin with a code, by name.
fn samples(folder: &Path, catalogue: &Catalogue) -> Result<Vec<Sample>> {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) => bail!("{}: {error}", folder.display()),
    };
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
