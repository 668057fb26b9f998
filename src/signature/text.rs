//! Texts with placeholders, in the language that is asked for.

use std::collections::BTreeMap;
use std::sync::LazyLock;

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

/// What makes of a field's name that of all values which the proving lines have of it.
pub(crate) const LIST: &str = "_list";

/// Fills `{name}`; a name without a value is shown as `<name>`, as in a command that a human completes; `{{` and `}}` are braces.
#[must_use]
pub fn fill(text: &str, values: &Placeholders) -> String {
    let mut out = String::with_capacity(text.len() + 32);
    let mut rest = text;
    while let Some((before, name, after)) = next_name(rest) {
        out.push_str(before);
        match (name, name.and_then(|name| values.get(name))) {
            (_, Some(value)) => out.push_str(value),
            (Some(name), None) => out.extend(["<", name, ">"]),
            (None, None) => {}
        }
        rest = after;
    }
    out + rest
}

/// Fills a command that is to be typed into a shell: what is not made of harmless characters alone stays open as `<name>`, whoever chose it.
#[must_use]
pub(crate) fn fill_command(command: &str, values: &Placeholders, lang: Lang) -> String {
    let harmless = values.iter().filter(|(_, value)| is_harmless(value));
    translate_open(&fill(command, &harmless.map(|(name, value)| (name.clone(), value.clone())).collect()), lang)
}

// A test reads the table and would fail; a program must not.
static OPEN: LazyLock<BTreeMap<String, String>> = LazyLock::new(|| toml::from_str(include_str!("placeholders.toml")).unwrap_or_default());

/// A command with what is open in it, `<log directory>`, in the language; a name that the table does not have stays.
#[must_use]
pub(crate) fn translate_open(command: &str, lang: Lang) -> String {
    let mut out = String::with_capacity(command.len());
    let mut rest = command;
    while let Some((before, after)) = rest.split_once('<') {
        let open = after.split_once('>').and_then(|(name, end)| Some((OPEN.get(name)?, name, end)));
        let (name, end) = open.map_or(("", after), |(zh, name, end)| (lang.pick(name, zh), end));
        out.extend([before, "<", name, if open.is_some() { ">" } else { "" }]);
        rest = end;
    }
    out + rest
}

/// Whether no shell, URL or option parser takes it for more than a word.
pub(super) fn is_harmless(value: &str) -> bool {
    let harmless = |c: char| c.is_ascii_alphanumeric() || "_.:/@-".contains(c);
    !value.is_empty() && !value.starts_with('-') && value.chars().all(harmless)
}

/// The text up to the next brace, the name of a placeholder that begins there, and the rest. A brace that is written twice, or alone,
/// belongs to the text.
pub(super) fn next_name(text: &str) -> Option<(&str, Option<&str>, &str)> {
    let at = text.find(['{', '}'])?;
    let brace = &text[at..];
    if let Some(after) = brace.strip_prefix("{{").or_else(|| brace.strip_prefix("}}")) {
        return Some((&text[..=at], None, after));
    }
    match brace.strip_prefix('{').and_then(|b| b.split_once('}')) {
        Some((name, after)) => Some((&text[..at], Some(name), after)),
        None => Some((&text[..=at], None, &brace[1..])),
    }
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
    fn what_a_shell_would_take_for_more_than_a_word_stays_open() {
        let filled =
            |value: &str| fill_command("cp -a {path} /tmp/", &Placeholders::from([("path".to_owned(), value.to_owned())]), Lang::En);
        assert_eq!(filled("/data1/1.0.pegasus/plog/log.1.0"), "cp -a /data1/1.0.pegasus/plog/log.1.0 /tmp/");
        for hostile in
            ["/x;touch${IFS}y", "a b", "'; rm -rf /", "$(x)", "`x`", "-rf", "a\nb", "表", "", "a&b", "a|b", "a>b", "~", "*", "%2e"]
        {
            assert_eq!(filled(hostile), "cp -a <path> /tmp/", "{hostile}");
        }
    }

    #[test]
    fn what_stays_open_is_in_the_language() {
        let command = "grep -c x <log directory>/<mine> | sort < {path}";
        assert_eq!(fill_command(command, &Placeholders::new(), Lang::En), "grep -c x <log directory>/<mine> | sort < <path>");
        assert_eq!(fill_command(command, &Placeholders::new(), Lang::Zh), "grep -c x <日志目录>/<mine> | sort < <文件路径>");
    }

    #[test]
    fn placeholders_are_filled() {
        let values = Placeholders::from([("a".to_owned(), "1".to_owned())]);
        assert_eq!(fill("x {a} {b} {{c}} }", &values), "x 1 <b> {c} }");
        assert_eq!(names("x {a} {b} {{c}}"), ["a", "b"]);
    }
}
