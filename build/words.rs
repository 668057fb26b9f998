//! The renderers' words as methods.

use std::error::Error;
use std::fmt::Write as _;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// A method for each phrase; `[named.x]` becomes a table `X` of name, English, Chinese.
pub(super) fn rust(files: &[toml::Table]) -> Result<String> {
    let (mut methods, mut tables) = (String::new(), String::new());
    for (name, value) in files.iter().flatten() {
        if name != "named" {
            writeln!(methods, "{}", method(name, value)?)?;
            continue;
        }
        for (set, entries) in value.as_table().ok_or("[named] holds tables")? {
            let rows = entries.as_table().ok_or("[named.x] is a table")?.iter();
            let rows =
                rows.map(|(key, v)| Ok(format!("({key:?}, {:?}, {:?})", said(v, "en")?, said(v, "zh")?))).collect::<Result<Vec<_>>>()?;
            writeln!(tables, "pub(super) const {}: Named = &[{}];", set.to_uppercase(), rows.join(", "))?;
        }
    }
    Ok(format!("impl Words {{\n{methods}}}\n{tables}"))
}

/// The text in a language; a bare text is the same in both.
fn said<'v>(value: &'v toml::Value, lang: &str) -> Result<&'v str> {
    value.as_str().or_else(|| value.get(lang)?.as_str()).ok_or_else(|| format!("{value}: {lang} is missing").into())
}

/// `{name}` is filled in with a text, `{name:n}` with an exact number, `{name:about}` with a rounded one. `one` is the English for
/// one of the first number.
fn method(name: &str, value: &toml::Value) -> Result<String> {
    let (en, zh) = (said(value, "en")?, said(value, "zh")?);
    let mut blanks: Vec<&str> = Vec::new();
    for blank in en.split('{').skip(1).filter_map(|text| Some(text.split_once('}')?.0)) {
        if !blanks.contains(&blank) {
            blanks.push(blank);
        }
    }
    if blanks.is_empty() {
        return Ok(format!("pub(super) fn {name}(self) -> &'static str {{ self.0.pick({en:?}, {zh:?}) }}"));
    }
    let (mut parameters, mut shown, mut first) = (String::new(), String::new(), None);
    for blank in blanks {
        let (blank, kind) = blank.split_once(':').unwrap_or((blank, "text"));
        write!(parameters, ", {blank}: {}", if kind == "text" { "&str" } else { "impl Count" })?;
        match kind {
            "text" => {}
            "n" => write!(shown, "let {blank} = exact({blank}.number()); ")?,
            "about" => write!(shown, "let {blank} = self.about({blank}.number()); ")?,
            _ => return Err(format!("{name}: {{{blank}:{kind}}}").into()),
        }
        first = first.or(Some(blank).filter(|_| kind != "text"));
    }
    let filled = |text: &str| {
        let text = format!("{:?}", text.replace(":n}", "}").replace(":about}", "}"));
        if text.contains('{') { format!("format!({text})") } else { format!("{text}.to_owned()") }
    };
    let (is_one, one) = match (value.get("one").and_then(toml::Value::as_str), first) {
        (Some(one), Some(first)) => (format!("let is_one = {first}.number() == 1; "), format!("Lang::En if is_one => {}, ", filled(one))),
        _ => (String::new(), String::new()),
    };
    let (en, zh) = (filled(en), filled(zh));
    Ok(format!(
        "pub(super) fn {name}(self{parameters}) -> String {{ {is_one}{shown}match self.0 {{ {one}Lang::En => {en}, Lang::Zh => {zh} }} }}"
    ))
}
