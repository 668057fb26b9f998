//! `dupdoctor signatures check`

use crate::console::{print, warn};
use anyhow::Result;
use dupdoctor::internal::render::plain;
use dupdoctor::internal::signature::{Placeholders, Signature, command_complaint, fill, order_complaints};
use dupdoctor::{Catalogue, Lang, Release};
use std::fmt::Write as _;
use std::path::Path;

/// Lists the user's own signatures; whatever is strange about them is told on standard error.
pub(super) fn check(catalogue: &Catalogue, lang: Lang) -> Result<()> {
    let built_in = Catalogue::built_in();
    let mut out = String::new();
    for (signature, path) in catalogue.iter().filter_map(|s| Some((s, catalogue.file(&s.code)?))) {
        let title = fill(&signature.text(lang).title, &Placeholders::new());
        let _ = write!(out, "{} {}  {}", lang.pick("ok", "通过"), signature.code, plain(&title));
        if let Some(other) = built_in.find(&signature.code) {
            let _ = write!(out, "  ({} {} {})", lang.pick("instead of the built-in", "替代内置的"), other.code, other.name);
        }
        out.push('\n');
        for doubt in doubts(signature, path, catalogue, &built_in) {
            warn(&format!("{}: {doubt}", path.display()));
        }
    }
    print(&out)
}

/// What is allowed but hardly meant.
fn doubts(signature: &Signature, path: &Path, catalogue: &Catalogue, built_in: &Catalogue) -> Vec<String> {
    let mut doubts = Vec::new();
    let wanted = format!("{}-{}.toml", signature.code, signature.name);
    if path.file_name().is_some_and(|n| n.to_string_lossy() != wanted) {
        doubts.push(format!("the file should be called {wanted}"));
    }
    for code in signature.refers_to() {
        if catalogue.find(code).is_none() {
            doubts.push(format!("it refers to {code}, but no signature has that code"));
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
