//! `dupdoctor explain`

use super::Ending;
use super::args::ExplainArgs;
use super::formats::ExplainFormat;
use super::judging::catalogue;
use super::output::style;
use anyhow::{Result, bail};
use dupdoctor::render::{
    explain, explain_line, explain_line_json, explain_line_markdown, explain_list, explain_list_markdown, explain_markdown, signature_json,
    signatures_json,
};
use dupdoctor::signature::{Catalogue, Signature, ask_line};
use std::io::Read;

/// A pasted line is at most so long; the servers cut theirs far below that.
const LONGEST: u64 = 1 << 20;

pub(super) fn run(args: &ExplainArgs) -> Result<Ending> {
    let (catalogue, sound) = catalogue(&args.signatures);
    let mut style = style(&args.show);
    args.pager.link(&mut style, false);
    let text = match (&args.line, &args.code) {
        (Some(line), _) => {
            let line = pasted(line)?;
            let asked = ask_line(&line, &catalogue);
            match args.format {
                ExplainFormat::Text => explain_line(&asked, &style),
                ExplainFormat::Markdown => explain_line_markdown(&asked, style.lang),
                ExplainFormat::Json => explain_line_json(&asked),
            }
        }
        (None, None) => match args.format {
            ExplainFormat::Text => explain_list(&catalogue, &style),
            ExplainFormat::Markdown => explain_list_markdown(&catalogue, style.lang),
            ExplainFormat::Json => signatures_json(&catalogue),
        },
        (None, Some(code)) => {
            let signature = named(&catalogue, code)?;
            match args.format {
                ExplainFormat::Text => explain(signature, &catalogue, &style),
                ExplainFormat::Markdown => explain_markdown(signature, &catalogue, style.lang),
                ExplainFormat::Json => signature_json(signature, &catalogue),
            }
        }
    };
    args.pager.print(&text)?;
    Ok(if sound { Ending::Quiet } else { Ending::Unread })
}

/// The one line that was pasted, or that comes through the pipe.
fn pasted(line: &str) -> Result<String> {
    let mut text = line.to_owned();
    if line == "-" {
        let mut bytes = Vec::new();
        if let Err(error) = std::io::stdin().lock().take(LONGEST).read_to_end(&mut bytes) {
            bail!("cannot read the line from standard input: {error}");
        }
        text = String::from_utf8_lossy(&bytes).into_owned();
    }
    let mut lines = text.lines().map(str::trim).filter(|l| !l.is_empty());
    match (lines.next(), lines.next()) {
        (None, _) => bail!("--line: nothing to explain; paste a log line in single quotes: --line 'E2024-05-24 17:22:18.004 (…) …'"),
        (Some(_), Some(_)) => {
            bail!("--line: more than one line; `dupdoctor diagnose` reads whole logs, `dupdoctor events` tells what each line is")
        }
        (Some(line), None) => Ok(line.to_owned()),
    }
}

/// The signature with that code or name.
pub(super) fn named<'a>(catalogue: &'a Catalogue, code: &str) -> Result<&'a Signature> {
    match catalogue.find(code) {
        Some(signature) => Ok(signature),
        None => bail!("unknown code or name {code:?}{}; `dupdoctor explain` lists them all", nearest(catalogue, code)),
    }
}

/// What was probably meant.
fn nearest(catalogue: &Catalogue, typed: &str) -> String {
    let wanted = typed.trim().to_lowercase();
    let is_part = |s: &Signature| wanted.len() > 3 && s.name.contains(&wanted);
    // One digit too few or wrong is a slip; two make another code.
    let is_near = |s: &Signature| strsim::levenshtein(&wanted, &s.code.to_lowercase()) <= 1 || strsim::levenshtein(&wanted, &s.name) <= 3;
    let meant: Vec<String> =
        catalogue.iter().filter(|s| is_part(s) || is_near(s)).take(3).map(|s| format!("{} {}", s.code, s.name)).collect();
    if meant.is_empty() { String::new() } else { format!(" (perhaps {})", meant.join(", or ")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_finger_is_understood() {
        let catalogue = Catalogue::built_in();
        assert!(nearest(&catalogue, "dup31").contains("DUP301"));
        assert!(nearest(&catalogue, "half-created-folower-table").contains("DUP201"));
        assert_eq!(nearest(&catalogue, "qwertz"), "");
    }
}
