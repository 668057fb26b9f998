//! The page's style, its scripts, and the policy that knows both by their hashes.

use base64::Engine as _;
use sha2::{Digest, Sha256};
use std::path::Path;
use std::{fs, io};

const PAGE: &str = "src/render/html";

/// How the page looks: colours and type, the page, the chart, paper.
const STYLES: &[&str] = &["theme.css", "page.css", "chart.css", "print.css"];

/// What the page does, a concern a file.
#[rustfmt::skip]
const SCRIPTS: &[&str] = &[
    "data.js", "time.js", "theme.js", "zoom.js", "filter.js", "items.js", "details.js", "canvas.js",
    "overview.js", "lanes.js", "pointer.js", "keyboard.js", "lines.js", "decrees.js", "copy.js", "print.js", "main.js",
];

/// Writes them to a folder.
pub(super) fn write(out: &Path) -> io::Result<()> {
    let joined = |files: &[&str]| files.iter().map(|file| fs::read_to_string(Path::new(PAGE).join(file))).collect::<io::Result<String>>();
    // All scripts share one scope that nobody else sees.
    let (style, script) = (joined(STYLES)?, format!("\"use strict\";(() => {{\n{}}})();\n", joined(SCRIPTS)?));
    let hash = |text: &str| format!("'sha256-{}'", base64::engine::general_purpose::STANDARD.encode(Sha256::digest(text)));
    let (of_script, of_style) = (hash(&script), hash(&style));
    let policy = format!("default-src 'none'; script-src {of_script}; style-src {of_style}; base-uri 'none'; form-action 'none'");
    fs::write(out.join("page.css"), style)?;
    fs::write(out.join("page.js"), script)?;
    fs::write(out.join("policy.txt"), policy)
}
