//! `dupdoctor explain`

use crate::exit_status::ExitStatus;
use crate::options::{ExplainFormat, PagerArgs, ShowArgs, SignatureArgs, by_name, codes};
use anyhow::{Context, Result, bail};
use clap::Args;
use clap_complete::ArgValueCandidates;
use dupdoctor::internal::render::Explanation;
use dupdoctor::internal::signature::ask_line;
use std::io::Read;

/// A pasted line is at most so long; the servers cut theirs far below that.
const LONGEST: u64 = 1 << 20;

/// Explain a finding: what it means, why, look-alikes, fix; without a code, list them all
#[derive(Debug, Args)]
pub(super) struct ExplainArgs {
    /// A code such as DUP301, or a name such as follower-table-missing
    #[arg(value_name = "CODE|NAME", add = ArgValueCandidates::new(codes))]
    code: Option<String>,
    /// Explain a log line instead, as it was copied: which event it is, and which findings it can belong to; of several lines the first that is known; - reads standard input
    #[arg(long, value_name = "LOG LINE", conflicts_with = "code", allow_hyphen_values = true)]
    line: Option<String>,
    /// List what fits a symptom instead, the likeliest first: a description, an error code, a status, part of a line
    #[arg(long, value_name = "TEXT", conflicts_with_all = ["code", "line"])]
    symptom: Option<String>,
    /// Format: text, json, markdown
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: ExplainFormat,
    #[command(flatten)]
    show: ShowArgs,
    #[command(flatten)]
    pager: PagerArgs,
    #[command(flatten)]
    signatures: SignatureArgs,
}

impl ExplainArgs {
    pub(super) fn run(&self) -> Result<ExitStatus> {
        let (catalogue, complete) = self.signatures.load();
        let mut style = self.show.style();
        self.pager.link(&mut style, false);
        let show = |what: &Explanation<'_>| self.format.render(what, &style);
        if let Some(symptom) = &self.symptom {
            let found = catalogue.by_symptom(symptom);
            if found.is_empty() {
                bail!(
                    "--symptom {symptom:?}: nothing known fits; try an error code, a status or other words, or `dupdoctor explain` for the list"
                );
            }
            self.pager.print(&show(&Explanation::Symptom(found, &catalogue)))?;
            return Ok(ExitStatus::of(complete, false));
        }
        let text = match (&self.line, &self.code) {
            (Some(line), _) => show(&Explanation::Line(&ask_line(&pasted(line)?, &catalogue))),
            (None, None) => show(&Explanation::Signatures(&catalogue)),
            (None, Some(code)) => show(&Explanation::Signature(by_name(&catalogue, code)?, &catalogue)),
        };
        self.pager.print(&text)?;
        Ok(ExitStatus::of(complete, false))
    }
}

/// What was pasted, or comes through the pipe.
fn pasted(line: &str) -> Result<String> {
    let mut text = line.to_owned();
    if line == "-" {
        let mut bytes = Vec::new();
        std::io::stdin().lock().take(LONGEST).read_to_end(&mut bytes).context("cannot read the line from standard input")?;
        text = String::from_utf8_lossy(&bytes).into_owned();
    }
    if text.trim().is_empty() {
        bail!("--line: nothing to explain; paste a log line in single quotes: --line 'E2024-05-24 17:22:18.004 (…) …'");
    }
    Ok(text)
}
