//! All texts keep to `docs/glossary.md`: one word for one thing in both languages, full-width punctuation, translated placeholders.

use crate::support::root;
use regex::Regex;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

const GLOSSARY: &str = include_str!("../docs/glossary.md");
const PLACEHOLDERS: &str = include_str!("../src/signature/placeholders.toml");

/// What is not held to the rules: log excerpts and commands in quotes, code, placeholders, quoted words.
static QUOTED: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r#"`[^`]*`|\{[^{}]*\}|(^|[^A-Za-z0-9])'[^']+'|\\"[^"\\]*\\"|“[^”]*”|<[^<>]*>"#).unwrap());
static HAN: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\p{Han}").unwrap());
static HALF_WIDTH: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"[\p{Han}，。；：、）] ?[,;:!?()]|[,;:!?()] ?[\p{Han}（]").unwrap());
static OPEN: LazyLock<Regex> = LazyLock::new(|| Regex::new("<([A-Za-z][^<>]*)>").unwrap());

/// The cells of a table under a heading, row by row.
fn rows(heading: &str) -> Vec<Vec<&'static str>> {
    let section = GLOSSARY.split_once(&format!("## {heading}\n")).unwrap().1.split("\n## ").next().unwrap();
    let lines = section.lines().filter(|l| l.starts_with("| ")).skip(1);
    lines.map(|l| l.trim_matches('|').split('|').map(str::trim).collect()).collect()
}

fn in_code(cell: &'static str) -> impl Iterator<Item = &'static str> {
    cell.split('`').skip(1).step_by(2)
}

struct Rules {
    english: Vec<(&'static str, Regex)>,
    chinese: Vec<&'static str>,
    /// Variant and file.
    exceptions: Vec<(&'static str, &'static str)>,
    placeholders: BTreeMap<String, String>,
}

impl Rules {
    fn new() -> Self {
        let terms = rows("Terms");
        let word = |variant: &'static str| {
            let (first, rest) = variant.split_at(1);
            let either = format!("[{}{}]", first.to_lowercase(), first.to_uppercase());
            (variant, Regex::new(&format!(r"(?:^|[^\w-]){either}{}(?:$|[^\w-])", regex::escape(rest))).unwrap())
        };
        Self {
            english: terms.iter().flat_map(|r| in_code(r[2])).map(word).collect(),
            chinese: terms.iter().flat_map(|r| in_code(r[3])).collect(),
            exceptions: rows("Exceptions").iter().map(|r| (r[0].trim_matches('`'), r[1].trim_matches('`'))).collect(),
            placeholders: toml::from_str(PLACEHOLDERS).unwrap(),
        }
    }

    /// What is wrong with a text.
    fn faults(&self, file: &str, text: &str) -> Vec<String> {
        let plain = QUOTED.replace_all(text, "${1}x");
        let excepted = |variant: &str| self.exceptions.contains(&(variant, file));
        if !HAN.is_match(&plain) {
            let used = self.english.iter().filter(|(variant, word)| word.is_match(&plain) && !excepted(variant));
            return used.map(|(variant, _)| format!("{variant:?} is not used")).collect();
        }
        let used = self.chinese.iter().filter(|v| plain.contains(**v) && !excepted(v)).map(|v| format!("{v} is not used"));
        let narrow = HALF_WIDTH.find_iter(&plain).map(|m| format!("half-width punctuation: {:?}", m.as_str()));
        let open = OPEN.captures_iter(text).filter_map(|c| self.placeholders.get(&c[1]).map(|zh| (c[1].to_owned(), zh)));
        let english = open.filter(|(name, zh)| name != *zh).map(|(name, zh)| format!("<{name}> is not translated: <{zh}>"));
        used.chain(narrow).chain(english).collect()
    }
}

/// A text, where it stands.
struct Text {
    file: String,
    line: usize,
    said: String,
}

fn files(folder: &Path, extension: &str, found: &mut Vec<PathBuf>) {
    let mut entries: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            files(&path, extension, found);
        } else if path.extension().is_some_and(|e| e == extension) {
            found.push(path);
        }
    }
}

/// The files of both packages with an extension: from the root, and what stands in them.
fn sources(extension: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for folder in ["src", "cli/src"] {
        files(&root().join(folder), extension, &mut found);
    }
    let relative = |path: &Path| path.strip_prefix(root()).unwrap().to_str().unwrap().to_owned();
    found.iter().map(|path| (relative(path), std::fs::read_to_string(path).unwrap())).collect()
}

/// The texts of the tables, and the strings of the program.
fn texts() -> Vec<Text> {
    let in_table = Regex::new(r#"(?:^|[\s{,])(?:en|zh|title|what|why|affected|one)\s*=\s*("(?:[^"\\]|\\.)*"|'''.*?''')"#).unwrap();
    let string = Regex::new(r#"("(?:[^"\\]|\\.)*")"#).unwrap();
    let mut all = Vec::new();
    // The reason for which a lint is off is no text of the program.
    let mut take = |file: &str, content: &str, pattern: &Regex, comment: &str| {
        for (index, line) in content.lines().enumerate().filter(|(_, l)| !l.trim_start().starts_with(comment) && !l.contains("reason = \""))
        {
            let found = pattern.captures_iter(line).map(|c| c[1].to_owned());
            all.extend(found.map(|text| Text { file: file.to_owned(), line: index + 1, said: text }));
        }
    };
    for (file, content) in sources("toml") {
        let pattern = if file == "cli/src/help/zh.toml" { &string } else { &in_table };
        take(&file, &content, pattern, "#");
    }
    for (file, content) in sources("rs").iter().filter(|(file, _)| !file.ends_with("tests.rs")) {
        let program = content.split("#[cfg(test)]").next().unwrap_or_default();
        take(file, program, &string, "//");
    }
    // A single word is a name.
    all.retain(|t| t.said.contains(' ') || HAN.is_match(&t.said));
    all
}

#[test]
fn every_text_keeps_to_the_glossary() {
    let (rules, texts) = (Rules::new(), texts());
    assert!(rules.english.len() > 40 && rules.chinese.len() > 40, "the tables of the glossary are not read");
    assert!(texts.len() > 4000, "only {} texts", texts.len());
    let mut wrong = String::new();
    for Text { file, line, said: text } in &texts {
        for fault in rules.faults(file, text) {
            let _ = writeln!(wrong, "{file}:{line}: {fault}\n    {text}");
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn a_variant_is_found_where_it_stands() {
    let rules = Rules::new();
    let faults = |text: &str| rules.faults("src/signature/catalogue/x.toml", text);
    assert_eq!(faults("The duplication waits for ever"), ["\"for ever\" is not used"]);
    assert_eq!(faults("Follower table missing"), ["\"follower table\" is not used"]);
    assert_eq!(faults("切换到其它服务器"), ["其它 is not used"]);
    assert_eq!(faults("已恢复 (DUP321)。"), ["half-width punctuation: \"复 (\"", "half-width punctuation: \")。\""][..1]);
    assert_eq!(faults("查看 <log directory> 中的日志"), ["<log directory> is not translated: <日志目录>"]);
    for fine in
        ["line 'for ever' of a log", "a forever lock", "看到 'follower table, 其它' 时", "查看 <日志目录>，<nil> 除外", "（DUP321）"]
    {
        assert!(faults(fine).is_empty(), "{fine}: {:?}", faults(fine));
    }
    assert!(!rules.faults("src/render/words/report.toml", "已复制").is_empty());
    assert!(rules.faults("src/render/words/page.toml", "已复制").is_empty(), "the exceptions are not read");
}

#[test]
fn every_placeholder_has_one_spelling_and_a_translation() {
    let rules = Rules::new();
    let run = Regex::new(r#"(?:run\s*=\s*|"(?:2\.\d|master)"\s*=\s*)"((?:[^"\\]|\\.)*)""#).unwrap();
    let mut wrong = String::new();
    for (file, content) in sources("toml") {
        for (index, line) in content.lines().enumerate() {
            for command in run.captures_iter(line) {
                for name in OPEN.captures_iter(&command[1]).filter(|c| !rules.placeholders.contains_key(&c[1])) {
                    let _ = writeln!(wrong, "{file}:{}: {} is not in src/signature/placeholders.toml", index + 1, &name[0]);
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
    // Names with an underscore are those of fields, which stay open without a value.
    let bare = |name: &str| name.to_lowercase().replace(['-', ' '], "");
    let names: Vec<&String> = rules.placeholders.keys().collect();
    for (index, name) in names.iter().enumerate() {
        let twin = names[..index].iter().find(|other| bare(other) == bare(name));
        assert!(twin.is_none(), "<{name}> and <{}> are the same", twin.unwrap());
    }
}
