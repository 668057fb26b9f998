//! What belongs together, for people.

use crate::pegasus::{DupKey, Side};
use crate::render::clock::Clock;
use crate::render::escape::plain;
use crate::render::json::pretty;
use crate::render::style::{Style, Tone, level_tone};
use crate::render::text::cut;
use crate::render::text::flow::Part;
use crate::render::text::page::{Page, spaces};
use crate::render::text::rows::{margin, message, place};
use crate::render::text::verdicts::names;
use crate::render::words::{ASKED_FOR, SAID, Words, target};
use crate::report::{ServerMentions, SourceLine, Whois, WhoisDuplication, WhoisServer};
use crate::signature::Lang;
use unicode_width::UnicodeWidthStr;

/// So many partitions are listed; JSON and `-v` have all.
const PARTITIONS: usize = 8;

/// The answer as text; [`crate::pegasus::Zone::Log`] must be settled before.
#[must_use]
pub fn whois(whois: &Whois, style: &Style) -> String {
    let mut page = Page::new(style);
    let words = Words(style.lang);
    if whois.is.is_empty() {
        page.paragraph(0, Tone::Bold, &words.whois_unknown(&whois.asked));
        if !whois.near.is_empty() {
            page.paragraph(1, Tone::Plain, &words.whois_near(&whois.near.join(", ")));
        }
        return page.finish();
    }
    let is: Vec<&str> = whois.is.iter().map(|what| kind(words, what)).collect();
    let is = format!("  {}", is.join(words.list_separator()));
    page.beside(&[], 0, &[Part::new(Tone::Bold, &whois.asked), Part::new(Tone::Dim, &is)]);
    let writer = Writer { words, clock: Clock::new(style.zone, &[], None, None) };
    for duplication in &whois.duplications {
        page.blank();
        writer.duplication(&mut page, duplication);
    }
    for server in &whois.servers {
        page.blank();
        writer.server(&mut page, server);
    }
    if !whois.lines.is_empty() {
        page.blank();
        writer.lines(&mut page, &whois.lines);
    }
    page.finish()
}

/// The answer for programs.
#[must_use]
pub fn whois_json(whois: &Whois) -> String {
    pretty(whois)
}

struct Writer {
    words: Words,
    clock: Clock,
}

impl Writer {
    /// Where the text beside the labels begins.
    fn indent(&self) -> usize {
        match self.words.0 {
            Lang::En => 13,
            Lang::Zh => 11,
        }
    }

    fn row(&self, page: &mut Page<'_>, label: &str, text: &str) {
        if !text.is_empty() {
            let indent = self.indent();
            page.beside(&margin(label, indent), indent, &[Part::new(Tone::Plain, text)]);
        }
    }

    fn duplication(&self, page: &mut Page<'_>, dup: &WhoisDuplication) {
        let follower = self.words.follower(dup.remote_cluster.as_deref(), dup.remote_app_name.as_deref());
        let who = names(Tone::Bold, &self.words.source_table(dup.app_name.as_deref(), dup.app_id), &follower);
        let verdict = dup.verdict.map(|v| Part::new(Tone::State(v), self.words.verdict(v)));
        page.sides(&[], 0, &who, &verdict.into_iter().collect::<Vec<_>>());
        self.row(page, "app id", &dup.app_id.map_or_else(String::new, |a| a.0.to_string()));
        let key = DupKey::of(dup.app_id, dup.dup_id).map_or_else(String::new, |key| format!("  [{key}]"));
        self.row(page, "dup id", &dup.dup_id.map_or_else(String::new, |d| format!("{}{key}", d.0)));
        self.row(page, self.words.whois_status(), dup.status.map_or("", crate::pegasus::DupStatus::name));
        self.row(page, self.words.whois_source(), dup.source_cluster.as_deref().unwrap_or_default());
        let target = target(dup.remote_cluster.as_deref(), dup.remote_app_name.as_deref());
        self.row(page, self.words.whois_target(), &target.unwrap_or_default());
        self.partitions(page, dup);
        self.tellers(page, &dup.servers);
        self.lines(page, &dup.lines);
    }

    fn partitions(&self, page: &mut Page<'_>, dup: &WhoisDuplication) {
        let label = self.words.whois_partitions();
        if dup.partitions.is_empty() {
            self.row(page, label, &dup.partition_count.map_or_else(String::new, |n| n.to_string()));
            return;
        }
        let most = if page.style.verbose { usize::MAX } else { PARTITIONS };
        let indent = self.indent();
        let gpids = dup.partitions.iter().map(|p| p.gpid.width()).max().unwrap_or(0);
        for (index, partition) in dup.partitions.iter().take(most).enumerate() {
            let mut lead = margin(if index == 0 { label } else { "" }, indent).to_vec();
            lead.push(Part::new(Tone::Plain, &partition.gpid));
            lead.push(spaces(gpids.saturating_sub(partition.gpid.width()) + 2));
            let inner = indent + gpids + 2;
            let servers: Vec<&str> = partition.servers.iter().map(|s| short(s)).collect();
            let servers = servers.join(", ");
            let servers = if partition.side == Side::Target { self.words.whois_of_target(&servers) } else { servers };
            let left = Part::new(Tone::Plain, &servers);
            page.sides(&lead, inner, &[left], &[place(&partition.last.path, partition.last.line, page.columns() / 3)]);
        }
        if dup.partitions.len() > most {
            page.paragraph(indent, Tone::Dim, &format!("… {} (-v)", dup.partitions.len() - most));
        }
    }

    fn tellers(&self, page: &mut Page<'_>, servers: &[ServerMentions]) {
        let indent = self.indent();
        for (index, teller) in servers.iter().enumerate() {
            let label = if index == 0 { self.words.whois_servers() } else { "" };
            let role = teller.role.map_or_else(String::new, |r| format!(" ({r})"));
            let left = [Part::new(Tone::Plain, short(&teller.server)), Part::new(Tone::Dim, &role)];
            page.sides(&margin(label, indent), indent, &left, &[Part::new(Tone::Dim, &self.words.lines(teller.lines))]);
        }
    }

    fn server(&self, page: &mut Page<'_>, server: &WhoisServer) {
        let role = server.role.map_or_else(String::new, |r| format!("{}{r}", self.words.separator()));
        let title = [Part::new(Tone::Bold, &server.name), Part::new(Tone::Dim, &format!("  {}{role}", kind(self.words, "server")))];
        page.beside(&[], 0, &title);
        self.row(page, self.words.whois_cluster(), server.cluster.as_deref().unwrap_or_default());
        self.row(page, self.words.whois_addresses(), &server.addresses.join(", "));
        if let (Some(first), Some(last)) = (server.first, server.last) {
            self.row(page, self.words.whois_logs(), &self.clock.window(first.0, last.0));
        }
        for input in &server.inputs {
            self.row(page, "", input);
        }
        self.row(page, self.words.whois_tells_of(), &server.duplications.join(", "));
        self.lines(page, &server.lines);
    }

    /// What a line says, where it stands, and the line.
    fn lines(&self, page: &mut Page<'_>, lines: &[SourceLine]) {
        let indent = self.indent();
        let room = page.columns() - indent;
        for (index, saying) in lines.iter().enumerate() {
            let label = if index == 0 { self.words.proof() } else { "" };
            let says: Vec<&str> = saying.says.iter().map(|s| said(self.words, s)).collect();
            let says = says.join(self.words.list_separator());
            let place = [place(&saying.line.path, saying.line.line, room.saturating_sub(says.width() + 2))];
            page.sides(&margin(label, indent), indent, &place, &[Part::new(Tone::Dim, &says)]);
            let (level, text) = message(&saying.line.text);
            let mut row = vec![spaces(indent + 2)];
            if let Some(letter) = level {
                row.extend([Part::new(level_tone(letter), &letter.to_string()), spaces(1)]);
            }
            let columns = page.columns().saturating_sub(indent + 4);
            let text = if page.style.verbose { plain(text.trim()).into_owned() } else { cut::middle(&plain(text.trim()), columns * 2 - 8) };
            page.beside(&row, indent + 4, &[Part::new(Tone::Plain, &text)]);
        }
    }
}

/// A server without the folders that are the same for all.
fn short(server: &str) -> &str {
    let mut slashes = server.rmatch_indices('/').map(|(at, _)| at);
    match (slashes.next(), slashes.next()) {
        (Some(_), Some(at)) => &server[at + 1..],
        _ => server,
    }
}

/// What was asked for, in words.
fn kind(words: Words, kind: &str) -> &'static str {
    words.named(ASKED_FOR, kind).or_else(|| words.named(ASKED_FOR, "name")).unwrap_or_default()
}

/// What a line says.
fn said(words: Words, what: &str) -> &'static str {
    words.named(SAID, what).or_else(|| words.named(SAID, "name")).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_knows_is_said_with_what_is_like_it() {
        let nobody = Whois {
            schema_version: "1",
            asked: "ordrs".into(),
            is: Vec::new(),
            duplications: Vec::new(),
            servers: Vec::new(),
            lines: Vec::new(),
            near: vec!["orders".into()],
        };
        let text = whois(&nobody, &Style::default());
        assert!(text.contains("ordrs: no such table") && text.contains("Did you mean: orders"), "{text}");
        assert!(whois_json(&nobody).contains("\"near\""));
    }
}
