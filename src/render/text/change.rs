//! What a watcher tells: a change as a line of JSON, and as a few rows for people.

use crate::pegasus::LogTime;
use crate::render::clock::Clock;
use crate::render::escape::json_escaped;
use crate::render::style::{Style, Tone};
use crate::render::text::flow::Part;
use crate::render::text::page::{Page, spaces};
use crate::render::words::Words;
use crate::report::Time;
use crate::report::number::duration;
use crate::signature::Lang;
use crate::watch::{Change, ChangeKind, ChangeLine, Incident};
use std::fmt::Write as _;

/// A change as one line of JSON, with its line end.
#[must_use]
pub fn change_json(change: &Change) -> String {
    let line = ChangeLine { at: Time(change.at), change: change.change, finding: &change.incident.finding, again: change.again };
    // Plain data with string keys always serialises.
    format!("{}\n", json_escaped(&serde_json::to_string(&line).unwrap_or_default()))
}

/// A change for people: what became of which duplication, and, when it is new, why and what to do.
pub fn change_text(change: &Change, style: &Style) -> String {
    let (incident, finding) = (&change.incident, &change.incident.finding);
    let words = Words(style.lang);
    let mut page = Page::new(style);
    let at = Clock::new(style.zone, &[], None, None).moment(change.at);
    let (word, tone) = match change.change {
        ChangeKind::Opened => (words.opened(), Tone::Grave(finding.severity)),
        ChangeKind::Updated => (words.changed(), Tone::Grave(finding.severity)),
        ChangeKind::Cleared => (words.cleared(), Tone::Good),
    };
    let lead = [Part::new(Tone::Dim, &at), spaces(2), Part::new(tone, word), spaces(2)];
    let indent = lead.iter().map(Part::width).sum();
    let mut whom = vec![Part::new(Tone::Bold, &subject(incident, style.lang))];
    if change.again {
        whom.extend([spaces(2), Part::new(Tone::Dim, words.told_again())]);
    }
    page.beside(&lead, indent, &whom);
    let mut title = vec![Part::new(tone, &finding.code), Part::new(Tone::Plain, &format!(" {}", finding.title))];
    let open_for = change.at.since(LogTime(incident.opened_at));
    let how = match change.change {
        ChangeKind::Cleared => words.after(&duration(open_for.as_secs(), style.lang)),
        ChangeKind::Opened | ChangeKind::Updated => {
            format!(" ({}{}{})", words.severity(finding.severity), words.separator(), words.confidence(finding.confidence))
        }
    };
    title.push(Part::new(Tone::Dim, &how));
    page.beside(&[spaces(1)], 1, &title);
    if change.change != ChangeKind::Cleared {
        details(&mut page, words, incident);
    }
    page.finish()
}

/// Why, and what to do.
fn details(page: &mut Page<'_>, words: Words, incident: &Incident) {
    let margin = |label: &str| [Part::new(Tone::Dim, &format!(" {label}")), spaces(2)];
    let indent = [words.why(), words.remedy()].iter().map(|l| margin(l).iter().map(Part::width).sum()).max().unwrap_or(6);
    page.beside(&margin(words.why()), indent, &[Part::new(Tone::Plain, &incident.finding.cause)]);
    for (index, step) in incident.steps().enumerate() {
        let mut lines = step.lines();
        let mut lead = if index == 0 { margin(words.remedy()).to_vec() } else { Vec::new() };
        lead.push(spaces(indent - lead.iter().map(Part::width).sum::<usize>()));
        lead.push(Part::new(Tone::Plain, &format!("{}. ", index + 1)));
        page.beside(&lead, indent + 3, &[Part::new(Tone::Plain, lines.next().unwrap_or_default())]);
        for command in lines {
            page.beside(&[], indent + 3, &[Part::new(Tone::Command, command)]);
        }
    }
}

/// Whom it is about: `test_dup1 → target_cluster  a5d17  DS_APP`, or a server.
fn subject(incident: &Incident, lang: Lang) -> String {
    let words = Words(lang);
    let about = incident.identity();
    if about.app_name.is_none() && about.dup_id.is_none() {
        return incident.finding.server.clone().unwrap_or_default();
    }
    let mut subject = about.app_name.as_deref().unwrap_or(words.name_unknown()).to_owned();
    if let Some(remote) = &about.remote_cluster {
        let _ = write!(subject, " → {remote}");
    }
    if let Some(key) = about.key() {
        let _ = write!(subject, "  {key}");
    }
    if let Some(status) = incident.finding.status {
        let _ = write!(subject, "  {status}");
    }
    subject
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pegasus::{AppId, DupId, DupStatus};
    use crate::render::samples;
    use crate::report::{DuplicationRef, Finding, Suggestion};
    use crate::signature::Command;

    fn change(change: ChangeKind) -> Change {
        let step = Suggestion {
            text: "Upgrade.".into(),
            commands: vec![Command { at: "target-shell".to_owned(), run: "app orders -d".to_owned() }],
        };
        let about = DuplicationRef { app_id: Some(AppId(5)), dup_id: Some(DupId(17)), app_name: Some("orders\u{1b}[31m".to_owned()) };
        let finding = Finding {
            duplication: Some(about),
            status: Some(DupStatus::DsApp),
            title: "the readiness check asks for the source's table name".to_owned(),
            explanation: "\u{9b}".to_owned(),
            cause: "why it is so".into(),
            suggestions: vec![step],
            ..samples::stuck().findings[0].clone()
        };
        let incident = Incident { finding, remote_cluster: Some("target".to_owned()), opened_at: 1_716_542_517_000_000_000 };
        Change { at: LogTime(1_716_542_637_000_000_000), change, incident, again: false }
    }

    #[test]
    fn people_read_why_and_what_to_do() {
        let text = change_text(&change(ChangeKind::Opened), &Style { zone: crate::pegasus::Zone::Utc, ..Style::default() });
        assert_eq!(
            text,
            "05-24 09:23:57  OPENED  orders␛[31m → target  a5d17  DS_APP\n DUP301 the readiness check asks for the source's table name (critical, certain)\n Why  why it is so\n Fix  1. Upgrade.\n         target shell> app orders -d\n"
        );
        let text = change_text(&change(ChangeKind::Cleared), &Style { lang: Lang::Zh, ..Style::default() });
        assert!(text.contains("已消除") && text.contains("（持续 2 分）") && !text.contains("Upgrade"), "{text}");
    }

    #[test]
    fn what_may_have_been_told_already_says_so() {
        let again = Change { again: true, ..change(ChangeKind::Opened) };
        assert!(change_text(&again, &Style::default()).contains("DS_APP  (may be a repeat)"));
        assert!(change_json(&again).ends_with(",\"again\":true}\n"));
        assert!(!change_json(&change(ChangeKind::Opened)).contains("\"again\""));
    }

    #[test]
    fn a_change_is_one_line_of_harmless_json() {
        let line = change_json(&change(ChangeKind::Updated));
        assert_eq!(line.lines().count(), 1);
        let value: serde_json::Value = serde_json::from_str(&line).unwrap_or_default();
        assert_eq!((&value["at"], &value["change"]), (&"2024-05-24T09:23:57.000Z".into(), &"updated".into()));
        assert!(!line.contains('\u{9b}') && value["finding"]["code"] == "DUP301");
    }
}
