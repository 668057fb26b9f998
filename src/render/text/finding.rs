//! A finding as text: its head, and what there is to say as rows.

use crate::render::blocks::{Line, text};
use crate::render::content::Content;
use crate::render::style::Tone;
use crate::render::text::flow::Part;
use crate::render::text::page::{Page, spaces};
use crate::render::text::rows::{Rows, indent, place};
use crate::report::Finding;
use unicode_width::UnicodeWidthStr;

impl<'r> Content<'r> {
    /// All there is to say about it.
    pub(in crate::render) fn write_whole(&self, page: &mut Page<'_>, finding: &'r Finding, consequences: &[&'r Finding]) {
        let tone = Tone::Grave(finding.severity);
        page.rule();
        let lead = [Part::new(tone, &finding.code), spaces(2)];
        page.beside(&lead, finding.code.width() + 2, &[Part::new(Tone::Bold, &finding.title)]);
        page.sides(&[], 1, &[Part::new(Tone::Dim, &finding.name)], &[Part::new(tone, &self.how(finding))]);
        if !self.plans() {
            page.sides(&[], 1, &self.who(finding), &[Part::new(Tone::Dim, &text(&self.how_often(finding)))]);
        }
        page.blank();
        let blocks = self.finding(finding, consequences);
        Rows { page, content: self, left: 0, least: indent(self.words) }.write(&blocks);
    }

    /// Severity, code, subject and title in a row; for information, and for what is just like the one before.
    pub(in crate::render) fn write_brief(&self, page: &mut Page<'_>, finding: &Finding) {
        let code = Part::new(Tone::Grave(finding.severity), &format!(" {}", finding.code));
        let indent = code.width() + 2;
        let mut left = self.who(finding);
        left.push(Part::new(Tone::Plain, &format!("{}{}", self.words.colon(), finding.title)));
        page.beside(&[code], indent, &left);
        page.beside(&[], indent, &[Part::new(Tone::Dim, &text(&self.how_often(finding)))]);
    }

    /// Severity and subject, for a finding whose text was written out for another subject.
    pub(in crate::render) fn write_elsewhere(&self, page: &mut Page<'_>, finding: &Finding) {
        let lead: Vec<Part> = std::iter::once(spaces(1)).chain(self.who(finding)).collect();
        page.sides(&[], 0, &lead, &[Part::new(Tone::Dim, &text(&self.how_often(finding)))]);
        if let Some(evidence) = finding.evidence.first() {
            page.beside(&[], 3, &[place(&evidence.path, evidence.line, page.columns() - 3)]);
        }
    }

    /// Which duplication or server it is about.
    fn who(&self, finding: &Finding) -> Vec<Part> {
        let named = finding.duplication.is_some();
        let one = |(index, piece): (usize, Line)| match index {
            0 => Part::new(if named { Tone::Bold } else { Tone::Plain }, &text(&piece)),
            _ => Part::new(Tone::Plain, &format!("  {}", text(&piece))),
        };
        self.subject(finding).into_iter().enumerate().map(one).collect()
    }
}
