//! No circles: files that use each other, directly or by way of others, can only be read all at once.
//!
//! A file uses another where it names something through `crate::`, `super::` or `self::` that is defined there. The root of a
//! folder may use what lies in it and be used from there: they are one room.

use super::source::sources;
use regex::Regex;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// Circles that are left, each with why. To be emptied, never to grow without a reason.
const CIRCLES: &[(&str, &str)] = &[];

/// A file as a path of modules: `src report build`, `cli watch` (also for `cli/src/watch/mod.rs`).
type Module = Vec<String>;

/// All files, and what they pass on from others.
struct Files {
    code: BTreeMap<Module, String>,
    exports: BTreeMap<Module, BTreeMap<String, Vec<String>>>,
}

fn words(path: &str) -> Vec<String> {
    path.split("::").map(|word| word.trim().to_owned()).collect()
}

/// `a::{b, c::{d as e}}` as the paths `a::b` and `a::c::d`.
fn expanded(tree: &str) -> Vec<String> {
    let tree = tree.trim();
    let Some((before, inner)) = tree.strip_suffix('}').and_then(|t| t.split_once('{')) else {
        return vec![tree.split(" as ").next().unwrap_or_default().trim().to_owned()];
    };
    let (mut depth, mut parts) = (0, vec![String::new()]);
    for c in inner.chars() {
        depth += i32::from(c == '{') - i32::from(c == '}');
        match c {
            ',' if depth == 0 => parts.push(String::new()),
            c => parts.last_mut().unwrap().push(c),
        }
    }
    parts.iter().filter(|p| !p.trim().is_empty()).flat_map(|p| expanded(p)).map(|p| format!("{before}{p}")).collect()
}

impl Files {
    fn read() -> Self {
        let reexport = Regex::new(r"pub(?:\([^)]*\))? use ((?:self::)?[\w:]+)::(\{[^}]*\}|\w+(?: as \w+)?);").unwrap();
        let mut files = Self { code: BTreeMap::new(), exports: BTreeMap::new() };
        for source in sources(&["src", "cli/src"]).iter().filter(|s| !s.is_test()) {
            let path = source.path.replacen("cli/src", "cli", 1);
            let mut module: Module = path.trim_end_matches(".rs").split('/').map(str::to_owned).collect();
            if matches!(module.last().map(String::as_str), Some("mod" | "lib" | "main")) {
                module.pop();
            }
            let code = source.code();
            let mut exports = BTreeMap::new();
            for found in reexport.captures_iter(&code) {
                for name in found[2].trim_matches(['{', '}']).split(',').map(str::trim).filter(|n| !n.is_empty()) {
                    let (own, known) = name.split_once(" as ").unwrap_or((name, name));
                    exports.insert(known.to_owned(), words(&format!("{}::{own}", &found[1])));
                }
            }
            files.exports.insert(module.clone(), exports);
            files.code.insert(module, code);
        }
        files
    }

    /// The file that defines what a path names, as seen from a file.
    fn definer(&self, from: &Module, path: &[String], passed_on: usize) -> Option<Module> {
        let (mut at, mut rest) = (from.clone(), path);
        while let [first, more @ ..] = rest {
            match first.as_str() {
                "crate" => at.truncate(1),
                "super" => drop(at.pop()),
                "self" => {}
                _ => break,
            }
            rest = more;
        }
        while let [name, more @ ..] = rest {
            at.push(name.clone());
            if !self.code.contains_key(&at) {
                at.pop();
                let exported = self.exports.get(&at).and_then(|e| e.get(name)).filter(|_| passed_on < 8);
                return exported.and_then(|path| self.definer(&at, path, passed_on + 1)).or(Some(at));
            }
            rest = more;
        }
        Some(at)
    }

    /// Which files each file uses.
    fn uses(&self) -> BTreeMap<&Module, BTreeSet<Module>> {
        let import = Regex::new(r"(pub(?:\([^)]*\))? )?\buse ([\w:]+::[^;]+|\w+);").unwrap();
        let inline = Regex::new(r"\b(?:crate|super)(?:::\w+)+").unwrap();
        let of = |(module, code)| {
            let (module, code): (&Module, &String) = (module, code);
            let imports = import.captures_iter(code).filter(|found| found.get(1).is_none());
            let mut paths: Vec<String> = imports.flat_map(|found| expanded(&found[2])).collect();
            let body = import.replace_all(code, "");
            paths.extend(inline.find_iter(&body).map(|found| found.as_str().to_owned()));
            let named = paths.iter().map(|path| words(path)).filter(|path| matches!(path[0].as_str(), "crate" | "super" | "self"));
            let used = named.filter_map(|path| self.definer(module, &path, 0));
            (module, used.filter(|other| self.code.contains_key(other) && !other.starts_with(module)).collect())
        };
        self.code.iter().map(of).collect()
    }
}

/// Groups of files that reach each other, as `folder: file file …`.
fn circles(uses: &BTreeMap<&Module, BTreeSet<Module>>) -> Vec<String> {
    let reached = |from: &Module| {
        let (mut all, mut open) = (BTreeSet::new(), vec![from]);
        while let Some(module) = open.pop() {
            open.extend(uses[module].iter().filter(|next| all.insert((*next).clone())));
        }
        all
    };
    let reach: BTreeMap<&Module, BTreeSet<Module>> = uses.keys().map(|module| (*module, reached(module))).collect();
    let circle = |module: &&Module| reach[*module].iter().filter(|other| reach[*other].contains(*module)).collect::<BTreeSet<_>>();
    let all: BTreeSet<BTreeSet<&Module>> = reach.keys().map(circle).filter(|circle| circle.len() > 1).collect();
    all.iter().map(|circle| shown(circle)).collect()
}

fn shown(circle: &BTreeSet<&Module>) -> String {
    let first = circle.first().unwrap();
    let common = (1..first.len()).take_while(|n| circle.iter().all(|m| m.len() > *n && m[..*n] == first[..*n])).last().unwrap_or(1);
    let names: Vec<String> = circle.iter().map(|m| m[common.min(m.len())..].join("/")).collect();
    format!("{}: {}", first[..common].join("/"), names.join(" "))
}

#[test]
fn files_do_not_use_each_other_in_circles() {
    let files = Files::read();
    let now = circles(&files.uses());
    let mut wrong = String::new();
    for circle in now.iter().filter(|circle| CIRCLES.iter().all(|(known, _)| known != circle)) {
        let _ = writeln!(wrong, "    (\"{circle}\", \"why\"),");
    }
    assert!(wrong.is_empty(), "break these circles, or put them into CIRCLES with a reason:\n{wrong}");
    let gone: Vec<&str> = CIRCLES.iter().map(|(known, _)| *known).filter(|known| now.iter().all(|circle| circle != known)).collect();
    assert!(gone.is_empty(), "broken or changed, take them from CIRCLES: {gone:#?}");
}

#[test]
fn a_circle_is_seen_through_groups_and_what_is_passed_on() {
    let file = |path: &str, code: &str| (words(path), code.to_owned());
    let code = BTreeMap::from([
        file("src::a", "pub use b::Bee;"),
        file("src::a::b", "use super::{c::{Sea, self}, d::Dee};"),
        file("src::a::c", "fn f(_: crate::a::Bee) {}"),
        file("src::a::d", ""),
    ]);
    let exports = BTreeMap::from([(words("src::a"), BTreeMap::from([("Bee".to_owned(), words("b::Bee"))]))]);
    assert_eq!(circles(&Files { code, exports }.uses()), ["src/a: b c"]);
}
