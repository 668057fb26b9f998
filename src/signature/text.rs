//! Texts with placeholders, in the language that is asked for.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// The languages of the catalogue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Lang {
    /// English.
    #[default]
    En,
    /// Chinese.
    Zh,
}

impl Lang {
    /// The English or the Chinese text.
    #[must_use]
    pub fn pick<'a>(self, en: &'a str, zh: &'a str) -> &'a str {
        match self {
            Self::En => en,
            Self::Zh => zh,
        }
    }
}

/// Names and what stands for them.
pub type Placeholders = BTreeMap<String, String>;

/// Fills `{name}`; a name without a value is shown as `<name>`; `{{` and `}}` are braces.
#[must_use]
pub fn fill(text: &str, values: &Placeholders) -> String {
    filled(text, values).into_owned()
}

/// The same; a text without placeholders, as most are, is not copied.
pub(crate) fn filled<'a>(text: &'a str, values: &Placeholders) -> Cow<'a, str> {
    if !text.contains(['{', '}']) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 32);
    let mut rest = text;
    while let Some(at) = rest.find(['{', '}']) {
        out.push_str(&rest[..at]);
        let brace = &rest[at..];
        if let Some(after) = brace.strip_prefix("{{") {
            out.push('{');
            rest = after;
        } else if let Some(after) = brace.strip_prefix("}}") {
            out.push('}');
            rest = after;
        } else if let Some((name, after)) = brace.strip_prefix('{').and_then(|b| b.split_once('}')) {
            match values.get(name) {
                Some(value) => out.push_str(value),
                None => {
                    let _ = write!(out, "<{name}>");
                }
            }
            rest = after;
        } else {
            out.push_str(&brace[..1]);
            rest = &brace[1..];
        }
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// The placeholders of a text.
pub(super) fn names(text: &str) -> Vec<String> {
    let plain = text.replace("{{", "").replace("}}", "");
    plain.split('{').skip(1).filter_map(|p| p.split_once('}').map(|(n, _)| n.to_owned())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_filled() {
        let values = Placeholders::from([("a".to_owned(), "1".to_owned())]);
        assert_eq!(fill("x {a} {b} {{c}} }", &values), "x 1 <b> {c} }");
        assert_eq!(names("x {a} {b} {{c}}"), ["a", "b"]);
    }
}
