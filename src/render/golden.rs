//! Whole outputs as they should look.

use super::samples::{chapters, healthy, hostile, report, stuck};
use super::{Style, Zone, explain, explain_list, text, timeline};
use crate::signature::{Catalogue, Lang, Signature};

#[test]
fn show() {
    for (width, lang) in [(80, Lang::En), (60, Lang::En), (120, Lang::En), (80, Lang::Zh)] {
        let style = Style { width, lang, zone: Zone::Log, ..Style::default() };
        eprintln!("=== {width} {lang:?}\n{}", text(&stuck(), &style));
    }
    let style = Style::default();
    eprintln!("=== healthy\n{}", text(&healthy(), &style));
    eprintln!("=== none\n{}", text(&report(Vec::new(), Vec::new()), &style));
    eprintln!("=== hostile\n{}", text(&hostile(), &Style { verbose: true, all: true, ..Style::default() }));
    for (width, lang) in [(80, Lang::En), (60, Lang::En), (120, Lang::Zh)] {
        let style = Style { width, lang, zone: Zone::Fixed(28800), ..Style::default() };
        eprintln!("=== {width} {lang:?}\n{}", timeline(&chapters(), &style));
    }
    let c = Catalogue::built_in();
    for code in ["DUP400", "DUP904", "DUP301", "DUP302"] {
        for lang in [Lang::En, Lang::Zh] {
            if let Some(s) = c.find(code) { eprintln!("{}", explain(s, &c, &Style { lang, ..Style::default() })); }
        }
    }
    eprintln!("{}", explain_list(&c, &style));
}
