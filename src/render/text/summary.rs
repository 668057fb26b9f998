//! One row for each duplication, for those who have many or little time.

use crate::render::clock::Clock;
use crate::render::content::{accepted_line, accepted_trouble, leading};
use crate::render::escape::plain;
use crate::render::style::{Style, Tone};
use crate::render::text::cut;
use crate::render::text::flow::{Part, width_of};
use crate::render::text::headline::how_it_stands;
use crate::render::text::page::{Page, padded, spaces};
use crate::render::text::verdicts::{code_tone, names, since};
use crate::render::words::Words;
use crate::report::{Finding, Report};
use crate::signature::Severity;
use unicode_width::UnicodeWidthStr;

/// Grave findings about servers that are named; the others are counted.
const NAMED: usize = 3;

/// The duplications, one row each, the worst first.
#[must_use]
pub fn summary(report: &Report, style: &Style) -> String {
    let words = Words(style.lang);
    let mut page = Page::new(style);
    how_it_stands(&mut page, words, &Clock::of(report, style.zone), report);
    let rows: Vec<Row> = report.duplications.iter().map(|entry| Row::new(words, report, entry)).collect();
    let columns = page.columns();
    let widest = |of: fn(&Row) -> usize, most: usize| rows.iter().map(of).max().unwrap_or(0).min(most);
    let verdict = widest(|r| r.verdict.width(), columns);
    let code = widest(|r| r.code.as_ref().map_or(0, Part::width), columns);
    // A name matters more than how long a status has lasted.
    let since = if columns >= 56 { widest(|r| r.since.width(), columns / 3) } else { 0 };
    let room = if since > 0 { columns * 2 / 5 } else { columns.saturating_sub(verdict + code + 3) };
    let who = widest(|r| width_of(&r.who), room);
    for row in &rows {
        let mut parts = vec![spaces(1)];
        parts.extend([row.verdict.clone(), spaces(verdict - row.verdict.width() + 1)]);
        if code > 0 {
            let own = row.code.clone().unwrap_or_else(|| spaces(0));
            parts.extend([own.clone(), spaces(code - own.width() + 1)]);
        }
        parts.extend(fitted(&row.who, who));
        if since > 0 {
            parts.push(spaces(2));
            parts.extend(padded(Tone::Dim, &cut::end(&row.since, since), since));
        }
        let left = columns.saturating_sub(width_of(&parts) + 2);
        if left >= 12 && !row.title.is_empty() {
            parts.extend([spaces(2), Part::new(Tone::Plain, &cut::end(&plain(&row.title), left))]);
        }
        page.row(&parts);
    }
    let listed = |f: &Finding| report.duplications.iter().any(|entry| f.is_about(&entry.identity));
    // The causes of what the rows say stand above them.
    let cause = |f: &Finding| f.active && f.server.is_some() && !f.consequences.is_empty();
    let others: Vec<&Finding> = report.findings.iter().filter(|f| f.severity > Severity::Info && !cause(f) && !listed(f)).collect();
    let grave = |f: &&&Finding| f.active && f.severity >= Severity::Error;
    for finding in others.iter().filter(grave).take(NAMED) {
        let about = finding.server.as_deref().or(finding.duplication.as_ref().and_then(|d| d.app_name.as_deref())).unwrap_or_default();
        let code = Part::new(Tone::Grave(finding.severity), &finding.code);
        let told = plain(&format!("{about}{}{}", words.colon(), finding.title)).into_owned();
        let told = cut::end(&told, columns.saturating_sub(code.width() + 2));
        page.row(&[spaces(1), code, spaces(1), Part::new(Tone::Plain, &told)]);
    }
    let others = others.len() - others.iter().filter(grave).count().min(NAMED);
    if others > 0 {
        page.paragraph(1, Tone::Dim, &words.other_findings(others));
    }
    page.finish()
}

/// What a row says.
struct Row {
    verdict: Part,
    code: Option<Part>,
    who: Vec<Part>,
    since: String,
    title: String,
}

impl Row {
    fn new(words: Words, report: &Report, entry: &crate::report::DuplicationEntry) -> Self {
        let accepted = accepted_trouble(report, entry);
        let leading = leading(report, entry).filter(|f| f.active && accepted.is_none());
        let title = accepted.map(|accepted| accepted_line(words, accepted)).or(leading.map(|f| f.title.clone())).unwrap_or_default();
        let known = &entry.identity;
        let source = words.source_table(known.app_name.as_deref(), known.app_id);
        // A name that is the same on both sides need not be read twice.
        let table = known.remote_app_name.as_deref().filter(|remote| Some(*remote) != known.app_name.as_deref());
        Self {
            verdict: Part::new(Tone::State(entry.verdict), words.verdict(entry.verdict)),
            code: leading.map(|f| Part::new(code_tone(report, f), &f.code)),
            who: names(Tone::Plain, &source, &words.follower(known.remote_cluster.as_deref(), table)),
            since: plain(&since(words, entry)).into_owned(),
            title,
        }
    }
}

/// The parts in exactly so many columns.
fn fitted(parts: &[Part], columns: usize) -> Vec<Part> {
    let mut left = columns;
    let mut fitted = Vec::new();
    for part in parts {
        if left == 0 {
            break;
        }
        let text = cut::end(&part.text, left);
        left -= text.width();
        fitted.push(Part { text, ..part.clone() });
    }
    fitted.push(spaces(left));
    fitted
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::samples;
    use crate::signature::Lang;

    #[test]
    fn each_duplication_has_one_row_of_the_terminals_width() {
        let mut report = samples::stuck();
        report.duplications[0].identity.app_name = Some("订单表订单表订单表订单表订单表订单表".into());
        for lang in [Lang::En, Lang::Zh] {
            for width in [40, 57, 80, 120, 200] {
                let text = summary(&report, &Style { width, lang, ..Style::default() });
                assert!(text.lines().all(|l| l.width() <= width), "{width}:\n{text}");
                assert!(text.lines().count() > report.duplications.len(), "{text}");
                let rows = text.lines().filter(|l| l.contains(" → ") || l.contains('…')).count();
                assert!(rows >= report.duplications.len(), "{text}");
            }
        }
    }
}
