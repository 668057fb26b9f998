//! The signatures in a list: what each is tried on and where it comes from.

use crate::render::escape::plain;
use crate::render::style::{Style, Tone};
use crate::render::text::flow::Part;
use crate::render::text::page::{Page, padded};
use crate::render::words::Words;
use crate::signature::{Catalogue, Placeholders, Signature, fill};
use unicode_width::UnicodeWidthStr;

/// Code, severity, title; below that scope, roles and origin.
#[must_use]
pub fn signature_list(catalogue: &Catalogue, style: &Style) -> String {
    let words = Words(style.lang);
    let mut page = Page::new(style);
    let code = catalogue.iter().map(|s| s.code.width()).max().unwrap_or(0) + 2;
    let severity = catalogue.iter().map(|s| words.severity(s.severity).width()).max().unwrap_or(0) + 2;
    for signature in catalogue.iter() {
        let mut lead = padded(Tone::Plain, &signature.code, code).to_vec();
        lead.extend(padded(Tone::Grave(signature.severity), words.severity(signature.severity), severity));
        let title = fill(&signature.text(style.lang).title, &Placeholders::new());
        page.beside(&lead, code + severity, &[Part::new(Tone::Plain, &plain(&title))]);
        page.paragraph(code + severity, Tone::Dim, &origin(words, signature, catalogue));
    }
    page.finish()
}

/// `server · source meta, target meta · built in`
fn origin(words: Words, signature: &Signature, catalogue: &Catalogue) -> String {
    let lang = words.0;
    let scope = if signature.when.is_empty() { words.only_in_explain() } else { words.scope(signature.scope) };
    let roles: Vec<&str> = match lang {
        crate::signature::Lang::En => signature.roles.iter().map(|r| r.name()).collect(),
        crate::signature::Lang::Zh => signature.roles.iter().map(|r| words.role(*r)).collect(),
    };
    let file = catalogue.file(&signature.code).map(|f| plain(&f.display().to_string()).into_owned());
    let built_in = || words.built_in().to_owned();
    let parts = [scope.to_owned(), roles.join(words.list_separator()), file.unwrap_or_else(built_in)];
    parts.into_iter().filter(|p| !p.is_empty()).collect::<Vec<_>>().join(" · ")
}
