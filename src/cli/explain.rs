//! `dupdoctor explain`

use super::Ending;
use super::args::ExplainArgs;
use super::diagnose::catalogue;
use super::output::{print, style};
use anyhow::{Result, bail};
use dupdoctor::render::{explain, explain_list};
use dupdoctor::signature::Catalogue;

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
fn nearest(catalogue: &Catalogue, code: &str) -> String {
    let wanted = code.to_lowercase();
    let distance = |text: &str| edits(&wanted, &text.to_lowercase());
    let best = catalogue.iter().map(|s| (distance(&s.code).min(distance(&s.name)), s)).min_by_key(|(d, s)| (*d, s.code.clone()));
    let contains = catalogue.iter().find(|s| wanted.len() > 3 && s.name.contains(&wanted));
    match (contains, best) {
        (Some(s), _) => format!("; do you mean {} ({})?", s.code, s.name),
        (None, Some((d, s))) if d <= 3 => format!("; do you mean {} ({})?", s.code, s.name),
        _ => String::new(),
    }
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
