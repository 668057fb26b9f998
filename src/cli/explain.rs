//! `dupdoctor explain`

use super::Ending;
use super::args::ExplainArgs;
use super::diagnose::catalogue;
use super::output::{print, style};
use anyhow::{Result, bail};
use dupdoctor::render::{explain, explain_list};
use dupdoctor::signature::{Catalogue, Signature};

pub(super) fn run(args: &ExplainArgs) -> Result<Ending> {
    let (catalogue, sound) = catalogue(&args.signatures);
    let style = style(&args.show);
    match &args.code {
        None => print(&explain_list(&catalogue, &style))?,
        Some(code) => match catalogue.find(code) {
            Some(signature) => print(&explain(signature, &catalogue, &style))?,
            None => bail!("unknown code or name {code:?}{}; `dupdoctor explain` lists them all", nearest(&catalogue, code)),
        },
    }
    Ok(if sound { Ending::Quiet } else { Ending::Unread })
}

/// What was probably meant.
fn nearest(catalogue: &Catalogue, typed: &str) -> String {
    let wanted = typed.trim().to_lowercase();
    let is_part = |s: &Signature| wanted.len() > 3 && s.name.contains(&wanted);
    // One digit too few or wrong is a slip; two make another code.
    let is_near = |s: &Signature| edits(&wanted, &s.code.to_lowercase()) <= 1 || edits(&wanted, &s.name) <= 3;
    let meant: Vec<String> =
        catalogue.iter().filter(|s| is_part(s) || is_near(s)).take(3).map(|s| format!("{} {}", s.code, s.name)).collect();
    if meant.is_empty() { String::new() } else { format!(" (perhaps {})", meant.join(", or ")) }
}

/// Number of single-character edits between two words.
fn edits(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let substitute = diagonal + usize::from(x != *y);
            diagonal = row[j + 1];
            row[j + 1] = substitute.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_finger_is_understood() {
        assert_eq!(edits("dup301", "dup31"), 1);
        assert_eq!(edits("", "ab"), 2);
    }
}
