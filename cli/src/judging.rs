//! What counts and what does not: signatures, thresholds and accepted findings, from what was typed and from `dupdoctor.toml`.

use super::args::JudgeArgs;
use super::config::{self, Config, meant};
use super::output::complain;
use anyhow::{Result, bail};
use dupdoctor::report::{Acceptance, AcceptedBy, EarlierReport};
use dupdoctor::signature::{Catalogue, Expectations, Signature};
use std::path::{Path, PathBuf};

/// How to make an earlier report, for those who named something else.
const HINT: &str = "make one with `dupdoctor diagnose --format json`";

/// By what findings are judged.
pub(super) struct Judgement {
    pub(super) catalogue: Catalogue,
    pub(super) expectations: Expectations,
    pub(super) accepted: Vec<Acceptance>,
    /// All of the user's own signatures could be used.
    pub(super) sound: bool,
}

/// What was typed counts before what the file says.
pub(super) fn judgement(judge: &JudgeArgs, verbose: bool) -> Result<Judgement> {
    let config = config::load(judge)?;
    if let Some(config) = config.as_ref().filter(|_| verbose) {
        complain(&format!(
            "{}: thresholds {}, accepted findings {}, signature folders {}; --no-config reads none",
            config.path.display(),
            config.expect.len(),
            config.accept.len(),
            config.signatures.len()
        ));
    }
    let from_file = config.iter().flat_map(|c| c.signatures.iter().map(|(line, folder)| (c.place(*line), folder.clone())));
    let folders: Vec<(String, PathBuf)> =
        from_file.chain(judge.signatures.iter().map(|f| ("--signatures".to_owned(), f.clone()))).collect();
    let (catalogue, sound) = with_folders(&folders);
    let mut accepted = ignored(judge, &catalogue)?;
    if let Some(path) = &judge.baseline {
        let baseline = earlier("--baseline", path)?;
        accepted.extend(baseline.findings.into_iter().map(|finding| {
            let mut rule = Acceptance::new(AcceptedBy::Baseline, path.display().to_string());
            rule.fingerprint = Some(finding.fingerprint);
            rule
        }));
    }
    let mut expectations = Expectations::default();
    if let Some(config) = &config {
        accepted.extend(config_accepted(config, &catalogue)?);
        for (line, name, delta) in &config.expect {
            let Some(name) = expectation(name, &catalogue) else {
                let known = catalogue.thresholds();
                let hint = meant(name, known.iter().map(String::as_str));
                bail!("{}: unknown name {name:?} in [expect]{hint}, or a code such as DUP304", config.place(*line));
            };
            expectations.by_name.insert(name, *delta);
        }
    }
    for (name, delta) in &judge.expect {
        let Some(name) = expectation(name, &catalogue) else {
            let known: Vec<String> = catalogue.thresholds().into_iter().collect();
            bail!("unknown name {name:?} for --expect: use one of {}, or a code such as DUP304", known.join(", "));
        };
        expectations.by_name.insert(name, *delta);
    }
    Ok(Judgement { catalogue, expectations, accepted, sound })
}

/// The built-in signatures and those of `--signatures`; says whether all of these could be used.
pub(super) fn catalogue(folders: &[PathBuf]) -> (Catalogue, bool) {
    let named: Vec<(String, PathBuf)> = folders.iter().map(|f| ("--signatures".to_owned(), f.clone())).collect();
    with_folders(&named)
}

/// The same for folders of which it is said who names them.
fn with_folders(folders: &[(String, PathBuf)]) -> (Catalogue, bool) {
    let mut catalogue = Catalogue::built_in();
    let mut sound = true;
    for (named_by, folder) in folders {
        let name = folder.display();
        if !folder.is_dir() {
            let what = if folder.exists() { "no directory" } else { "no such directory" };
            complain(&format!("{named_by} {name}: {what}; name the folder that holds the signature files (*.toml)"));
            sound = false;
            continue;
        }
        let before = catalogue.iter().count();
        let errors = catalogue.add_folder(folder);
        if errors.is_empty() && catalogue.iter().count() == before {
            complain(&format!("{named_by} {name}: no signature file (*.toml) in this folder"));
        }
        for error in errors {
            complain(&format!("{error}; this signature is left out"));
            sound = false;
        }
    }
    (catalogue, sound)
}

/// Rules of `--ignore` with the codes as the catalogue spells them.
fn ignored(judge: &JudgeArgs, catalogue: &Catalogue) -> Result<Vec<Acceptance>> {
    let rule = |typed: &String| {
        let (code, table) = typed.split_once(':').map_or((typed.as_str(), None), |(code, table)| (code, Some(table)));
        let Some(signature) = catalogue.find(code) else {
            let hint = meant(code, codes(catalogue));
            let hint = if hint.contains("did you mean") { hint } else { String::new() };
            bail!("unknown code {code:?} for --ignore{hint}: write CODE or CODE:TABLE; `dupdoctor explain` lists the codes");
        };
        if table == Some("") {
            bail!("--ignore {typed}: no table behind the colon; write {} for all tables, or {}:TABLE", signature.code, signature.code);
        }
        let mut rule =
            Acceptance::new(AcceptedBy::Ignore, table.map_or_else(|| signature.code.clone(), |t| format!("{}:{t}", signature.code)));
        rule.code = Some(signature.code.clone());
        rule.table = table.map(str::to_owned);
        Ok(rule)
    };
    judge.ignore.iter().map(rule).collect()
}

/// Rules of the file with the codes as the catalogue spells them.
fn config_accepted(config: &Config, catalogue: &Catalogue) -> Result<Vec<Acceptance>> {
    let rule = |(line, rule): &(usize, Acceptance)| {
        let mut rule = rule.clone();
        if let Some(code) = &rule.code {
            let Some(signature) = catalogue.find(code) else {
                let hint = meant(code, codes(catalogue));
                let hint = if hint.contains("did you mean") { hint } else { "; `dupdoctor explain` lists the codes".to_owned() };
                bail!("{}: unknown code {code:?} in [[accept]]{hint}", config.place(*line));
            };
            rule.code = Some(signature.code.clone());
        }
        Ok(rule)
    };
    config.accept.iter().map(rule).collect()
}

fn codes(catalogue: &Catalogue) -> impl Iterator<Item = &str> {
    catalogue.iter().map(|s: &Signature| s.code.as_str())
}

/// The name by which the engine knows a threshold.
fn expectation(name: &str, catalogue: &Catalogue) -> Option<String> {
    let known = catalogue.thresholds().contains(name).then(|| name.to_owned());
    known.or_else(|| catalogue.find(name).map(|s| s.code.clone()))
}

/// An earlier JSON report.
pub(super) fn earlier(option: &str, path: &Path) -> Result<EarlierReport> {
    let name = path.display();
    let bytes = match std::fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) => bail!("cannot read {option} {name}: {error}; {HINT}"),
    };
    match EarlierReport::parse(&String::from_utf8_lossy(&bytes)) {
        Ok(report) => Ok(report),
        Err(error) => bail!("{option} {name}: {error}; {HINT}"),
    }
}
