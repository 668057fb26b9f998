//! Turns data into what a program that starts can use at once: the signatures into one JSON text, because parsing TOML is much
//! slower, the renderers' words, the table of messages and the named facts into Rust, the page's style and scripts into one text each.
#![expect(clippy::print_stdout, reason = "cargo reads what a build script prints")]

mod messages;
mod page;
mod table;
mod template;
mod words;

use std::error::Error;
use std::path::PathBuf;
use std::{env, fs, io};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

const CATALOGUE: &str = "src/signature/catalogue";
const MESSAGES: &str = "src/event/messages";
const WORDS: &str = "src/render/words";
const FACTS: &str = "src/timeline/facts.toml";

fn main() -> Result<()> {
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or("cargo sets OUT_DIR")?);
    fs::write(out.join("catalogue.json"), serde_json::to_string(&tables(CATALOGUE)?)?)?;
    let built_in = files(CATALOGUE)?;
    let named = built_in.iter().filter_map(|(path, text)| Some((path.file_name()?.to_str()?, text)));
    fs::write(out.join("catalogue.rs"), format!("&{:?}", named.collect::<Vec<_>>()))?;
    println!("cargo::rerun-if-changed=src/render/html");
    page::write(&out)?;
    fs::write(out.join("words.rs"), words::rust(&tables(WORDS)?)?)?;
    println!("cargo::rerun-if-changed={FACTS}");
    fs::write(out.join("facts.rs"), facts(&toml::from_str(&fs::read_to_string(FACTS)?)?)?)?;
    match messages::rust(&files(MESSAGES)?) {
        Ok(rust) => {
            fs::write(out.join("kinds.rs"), rust.kinds)?;
            fs::write(out.join("patterns.rs"), rust.patterns)?;
        }
        // Cargo shows it as it is and fails the build.
        Err(fault) => println!("cargo::error={fault}"),
    }
    Ok(())
}

/// The TOML files of a folder, by name.
fn files(folder: &str) -> Result<Vec<(PathBuf, String)>> {
    println!("cargo::rerun-if-changed={folder}");
    let paths = fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<PathBuf>>>()?;
    let mut paths: Vec<PathBuf> = paths.into_iter().filter(|path| path.extension().is_some_and(|e| e == "toml")).collect();
    paths.sort();
    paths.into_iter().map(|path| Ok((path.clone(), fs::read_to_string(path)?))).collect()
}

fn tables(folder: &str) -> Result<Vec<toml::Table>> {
    files(folder)?.iter().map(|(path, text)| toml::from_str(text).map_err(|e| format!("{}: {e}", path.display()).into())).collect()
}

/// The named facts as rows of the macro that makes their names of them.
fn facts(table: &toml::Table) -> Result<String> {
    let row = |fact: &toml::Value| {
        let text = |key: &str| fact.get(key).and_then(toml::Value::as_str).ok_or(format!("{FACTS}: {key} is missing: {fact}"));
        let (name, en, zh) = (text("name")?, text("en")?, text("zh")?);
        let variant: String = name.split('_').map(|word| word[..1].to_uppercase() + &word[1..]).collect();
        Ok(format!("{variant} {name:?} {en:?} {zh:?};\n"))
    };
    let rows: Result<String> = table.get("fact").and_then(toml::Value::as_array).into_iter().flatten().map(row).collect();
    Ok(format!("facts! {{\n{}}}\n", rows?))
}
