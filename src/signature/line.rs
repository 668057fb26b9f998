//! What one line tells by itself, and the signatures that ask for such a line.

use super::catalogue::Catalogue;
use super::condition::fields_fit;
use super::model::{Confidence, OneOrMany, Signature};
use super::say::say;
use super::stacks::{WHAT, best};
use super::step::Words;
use super::text::{Lang, Placeholders};
use crate::event::{EventKind, Pattern, Reading, patterns, read};
use crate::pegasus::{LogTime, closed_set};
use crate::record::{Unpacked, header, message, place_in, unpack};
use crate::system::{Frame, Stack, stacks};
use std::collections::BTreeMap;

/// A line that somebody asks about.
#[derive(Debug)]
pub struct AskedLine<'a> {
    /// The server, pod or file that the envelope names.
    pub origin: Option<String>,
    /// What the header tells; none when the line has no header.
    pub header: Option<LineHeader>,
    /// The message.
    pub body: String,
    /// What it states.
    pub stated: Stated,
    /// The signatures that ask for such a line, those that it proves first.
    pub uses: Vec<LineUse<'a>>,
}

/// What the header of a line tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineHeader {
    /// The level letter as printed.
    pub letter: char,
    /// The clock of the server, without a zone.
    pub clock: String,
    /// The moment; unknown while an old release starts.
    pub at: Option<LogTime>,
    /// The kind of server, `meta` or `replica`, as the thread names it.
    pub server: Option<String>,
    /// The source file.
    pub file: Option<String>,
}

/// What a message states.
#[derive(Debug)]
pub enum Stated {
    /// A known event with its fields, in the order of the line.
    Event(&'static Pattern, Vec<(&'static str, String)>),
    /// Words of a known message in an unknown wording.
    Drift(&'static str),
    /// No line but a stack: what it shows, in both languages, and the frames that show it.
    Stack(Words, Vec<String>),
    /// Nothing that concerns duplication.
    Nothing,
}

closed_set! {
    /// What a line is to a signature. The order is that of worth.
    LinePart, "part of a line" {
        /// It proves the finding.
        Proof = "proof",
        /// It must have been seen too.
        Asked = "context",
        /// It speaks against the finding.
        Against = "against",
    }
}

/// A signature that asks for a line.
#[derive(Debug, Clone)]
pub struct LineUse<'a> {
    /// The signature.
    pub signature: &'a Signature,
    /// What the line is to it.
    pub part: LinePart,
    /// The surest alternative that asks for it.
    pub confidence: Confidence,
    /// So many such lines are asked for.
    pub times: u64,
    /// What the finding is called, where such lines prove it.
    pub title: Option<&'a Words>,
}

impl<'a> LineUse<'a> {
    /// What the finding is called.
    pub fn title(&self, lang: Lang) -> &'a str {
        self.title.map_or(self.signature.text(lang).title.as_str(), |words| lang.pick(&words.en, &words.zh))
    }
}

/// Reads what somebody pasted: a line, perhaps in an envelope, without a header or broken in several; of several lines the first
/// that states something known, else the first of known words.
#[must_use]
pub fn ask_line<'a>(pasted: &str, catalogue: &'a Catalogue) -> AskedLine<'a> {
    let (mut records, _) = unpack(pasted.as_bytes());
    // A message alone may be broken, too.
    let joined: Vec<u8> = pasted.lines().map(|line| message(line.as_bytes()).into_owned()).collect::<Vec<_>>().concat();
    records.push(Unpacked { line: 1, offset: 0, origin: None, text: joined });
    let worth = |line: &AskedLine<'_>| match &line.stated {
        Stated::Event(pattern, _) if !matches!(pattern.event, EventKind::ProcessAborted | EventKind::ProcessCrashed) => 3,
        Stated::Event(..) | Stated::Stack(..) => 2,
        Stated::Drift(_) => 1,
        Stated::Nothing => 0,
    };
    let mut best: Option<AskedLine<'a>> = None;
    for record in &records {
        let asked = ask_record(&record.text, record.origin.clone(), catalogue);
        if best.as_ref().is_none_or(|known| worth(&asked) > worth(known)) {
            best = Some(asked);
        }
        if best.as_ref().is_some_and(|known| worth(known) == 3) {
            break;
        }
    }
    let stack = ask_stack(pasted, catalogue);
    // What a process says that dies tells less than where it was.
    match (best, stack) {
        (Some(known), Some((_, false)) | None) if worth(&known) == 3 => Some(known),
        (known, stack) => stack.map(|(asked, _)| asked).or(known),
    }
    .unwrap_or_else(|| ask_record(b"", None, catalogue))
}

/// What the first stack in a text shows, and whether it is that of a known failure.
fn ask_stack<'a>(pasted: &str, catalogue: &'a Catalogue) -> Option<(AskedLine<'a>, bool)> {
    let lines: Vec<String> = pasted.lines().map(str::to_owned).collect();
    let (stack, known) = stacks(&lines).into_iter().find_map(|stack: Stack| {
        let functions: Vec<&str> = stack.frames.iter().map(|frame| frame.function.as_str()).collect();
        let known = best(catalogue, &functions)?;
        Some((stack, known))
    })?;
    let frames: Vec<&Frame> = known.frames.iter().filter_map(|&at| stack.frames.get(at)).collect();
    let uses = |signature: &'a Signature, confidence, title| LineUse { signature, part: LinePart::Proof, confidence, times: 1, title };
    let others = known.when.alternatives.iter().filter_map(|code| catalogue.find(code));
    let what = known.when.what.as_ref().unwrap_or(&*WHAT);
    let said = |text: &str, lang: Lang| {
        let list = frames.iter().map(|frame| frame.function.as_str()).collect::<Vec<_>>().join(lang.pick(", ", "、"));
        say(text, &Placeholders::from([("function_list".to_owned(), list)]), lang).into_owned()
    };
    let asked = AskedLine {
        origin: None,
        header: None,
        body: frames.first()?.text.clone(),
        stated: Stated::Stack(
            Words { en: said(&what.en, Lang::En), zh: said(&what.zh, Lang::Zh) },
            frames.iter().map(|frame| frame.text.clone()).collect(),
        ),
        uses: std::iter::once(uses(known.signature, known.when.confidence, known.when.title.as_ref()))
            .chain(others.map(|other| uses(other, Confidence::Possible, None)))
            .collect(),
    };
    Some((asked, !known.is_any()))
}

fn ask_record<'a>(text: &[u8], origin: Option<String>, catalogue: &'a Catalogue) -> AskedLine<'a> {
    let text = String::from_utf8_lossy(text).into_owned();
    let found = header(text.as_bytes());
    let lossy = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    // What is left of a header that was cut: the place in the code.
    let (place, message) = match place_in(text.as_bytes()).filter(|_| found.is_none()).and_then(|at| text.get(at..)) {
        Some(rest) => (rest.split_once(':').map(|(file, _)| file.as_bytes()), rest.split_once("(): ").map_or(rest, |(_, message)| message)),
        None => (None, text.as_str()),
    };
    let body = found.map_or_else(|| message.to_owned(), |h| lossy(h.body));
    let file = found.and_then(|h| h.file).or(place);
    let stated = match read(&body, file, found.map_or(b'?', |h| h.level)) {
        Reading::Known(message) => {
            Stated::Event(message.pattern, message.fields.iter().map(|(name, _, text)| (*name, (*text).to_owned())).collect())
        }
        Reading::Drift(anchor) => Stated::Drift(anchor),
        Reading::Other => Stated::Nothing,
    };
    let header = found.map(|h| LineHeader {
        letter: char::from(h.level),
        clock: lossy(h.clock),
        at: (h.nanos > 0).then_some(LogTime(h.nanos)),
        server: server_of(&lossy(h.context)),
        file: h.file.map(lossy),
    });
    let uses = match &stated {
        Stated::Event(pattern, fields) => uses(catalogue, pattern, fields),
        Stated::Drift(_) | Stated::Stack(..) | Stated::Nothing => Vec::new(),
    };
    AskedLine { origin, header, body, stated, uses }
}

/// `meta` of `meta.meta_state0.0102000500000411`; on one box `replica1` stands for a replica server.
fn server_of(context: &str) -> Option<String> {
    let node = context.split('.').next()?.trim_end_matches(|c: char| c.is_ascii_digit());
    matches!(node, "meta" | "replica" | "collector").then(|| node.to_owned())
}

fn uses<'a>(catalogue: &'a Catalogue, pattern: &Pattern, fields: &[(&'static str, String)]) -> Vec<LineUse<'a>> {
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, text)| (*name, text.as_str())).collect();
    let fits = |events: &[String], wanted: &BTreeMap<String, OneOrMany>| {
        events.iter().any(|e| e == pattern.event.name()) && fields_fit(&fields, wanted)
    };
    let mut all: Vec<LineUse<'a>> = Vec::new();
    for signature in catalogue.iter() {
        let mut mine: Option<LineUse<'a>> = None;
        for when in &signature.when {
            let others = when.with.iter().chain(&when.before).find(|s| fits(s.event.names(), &s.fields));
            let against = when.without.iter().find(|s| fits(s.event.names(), &s.fields));
            let (part, times) = if fits(when.event.names(), &when.fields) {
                (LinePart::Proof, when.times)
            } else if let Some(seen) = others {
                (LinePart::Asked, seen.times)
            } else if let Some(seen) = against {
                (LinePart::Against, seen.times)
            } else {
                continue;
            };
            // The surest alternative of the most worth; alternatives come surest first.
            let better = mine.as_ref().is_none_or(|m| part < m.part || (part == m.part && when.confidence > m.confidence));
            if better {
                mine = Some(LineUse {
                    signature,
                    part,
                    confidence: when.confidence,
                    times,
                    title: when.title.as_ref().filter(|_| part == LinePart::Proof),
                });
            }
        }
        all.extend(mine);
    }
    all.sort_by(|a, b| a.part.cmp(&b.part).then(b.signature.severity.cmp(&a.signature.severity)));
    all
}

/// Lines that prove a finding, as servers print them behind the header: one for each event, the fields as the
/// conditions want them.
pub(crate) fn example_lines(signature: &Signature) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut told: Vec<&str> = Vec::new();
    for when in &signature.when {
        for event in when.event.names() {
            if !told.contains(&event.as_str()) {
                told.push(event);
                lines.extend(example(event, &when.fields));
            }
        }
    }
    lines
}

/// A sample of an event, the first that fits; one that could fit is made to.
fn example(event: &str, wanted: &BTreeMap<String, OneOrMany>) -> Option<String> {
    let samples = || patterns().filter(|p| p.event.name() == event).flat_map(|p| p.samples.iter().map(move |s| (p, *s)));
    let made = |(pattern, sample): (&Pattern, &'static str)| {
        let letter = pattern.level.letters().first().copied().unwrap_or(b'I');
        let Reading::Known(message) = read(sample, Some(pattern.file.as_bytes()), letter) else { return None };
        let fields: Vec<(&str, &str)> = message.fields.iter().map(|(name, _, text)| (*name, *text)).collect();
        fitted(sample, &fields, wanted)
    };
    samples().find_map(made).or_else(|| samples().next().map(|(_, sample)| sample.to_owned()))
}

/// The sample with the fields that are wanted, where it has them.
fn fitted(sample: &str, fields: &[(&str, &str)], wanted: &BTreeMap<String, OneOrMany>) -> Option<String> {
    let mut changes: Vec<(std::ops::Range<usize>, String)> = Vec::new();
    for (name, values) in wanted {
        let one = BTreeMap::from([(name.clone(), values.clone())]);
        if fields_fit(fields, &one) {
            continue;
        }
        let (_, text) = fields.iter().rev().find(|(n, _)| n == name)?;
        let value = values.values().iter().find_map(|v| match v {
            toml::Value::String(s) => Some(s.clone()),
            toml::Value::Integer(n) => Some(n.to_string()),
            toml::Value::Boolean(b) => Some(b.to_string()),
            toml::Value::Float(_) | toml::Value::Datetime(_) | toml::Value::Array(_) | toml::Value::Table(_) => None,
        })?;
        // The bound of a comparison is no value.
        if !fields_fit(&[(name, &value)], &one) {
            return None;
        }
        let start = text.as_ptr().addr().checked_sub(sample.as_ptr().addr()).filter(|at| at + text.len() <= sample.len())?;
        changes.push((start..start + text.len(), value));
    }
    changes.sort_by_key(|(range, _)| std::cmp::Reverse(range.start));
    let mut line = sample.to_owned();
    for (range, value) in changes {
        line.replace_range(range, &value);
    }
    Some(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str =
        "E2024-05-24 17:22:18.004 (1716542538004000000 121543) meta.meta_state0.0102000500000411: duplication_info.cpp:1:f(): ";

    #[test]
    fn a_line_finds_its_signatures() {
        let catalogue = Catalogue::built_in();
        let body = "[a3d1716542517] change duplication status from DS_PREPARE to DS_APP successfully [app_id: 3]";
        for line in [body.to_owned(), format!("{HEAD}{body}"), format!("meta1: {HEAD}{body}\n")] {
            let asked = ask_line(&line, &catalogue);
            let Stated::Event(pattern, fields) = &asked.stated else { unreachable!("{line}") };
            assert_eq!(pattern.event.name(), "dup_status_changed");
            assert!(fields.contains(&("to_status", "DS_APP".to_owned())), "{fields:?}");
            assert_eq!(asked.body, body);
        }
        let asked = ask_line(&format!("meta1: {HEAD}{body}"), &catalogue);
        assert_eq!(asked.origin.as_deref(), Some("meta1"));
        assert_eq!(asked.header.and_then(|h| h.server).as_deref(), Some("meta"));
    }

    #[test]
    fn fields_decide_which_signatures() {
        let catalogue = Catalogue::built_in();
        let mut fired = 0;
        for pattern in crate::event::patterns() {
            let asked = ask_line(pattern.samples.first().unwrap_or(&""), &catalogue);
            fired += usize::from(asked.uses.iter().any(|u| u.part == LinePart::Proof));
        }
        assert!(fired > 100, "{fired}");
    }

    #[test]
    fn examples_are_as_the_conditions_want_them() {
        let catalogue = Catalogue::built_in();
        let missing = catalogue.find("DUP302").map(example_lines).unwrap_or_default();
        assert!(missing.iter().any(|l| l.contains("ERR_OBJECT_NOT_FOUND")), "{missing:?}");
        for signature in catalogue.iter() {
            let events = signature.when.iter().any(|w| !w.event.names().is_empty());
            assert_eq!(events, !example_lines(signature).is_empty(), "{}", signature.code);
        }
    }

    #[test]
    fn what_is_not_known_is_told_apart() {
        let catalogue = Catalogue::built_in();
        let drift = ask_line("[a1d2] change duplication status from DS_APP into DS_LOG at last", &catalogue);
        assert!(matches!(drift.stated, Stated::Drift(_)));
        let nothing = ask_line("hello", &catalogue);
        assert!(matches!(nothing.stated, Stated::Nothing) && nothing.header.is_none() && nothing.uses.is_empty());
    }
}
