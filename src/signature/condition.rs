//! Comparisons: fields of lines against values, facts against values or bounds.

use super::model::{OneOrMany, Seen};
use crate::event::EventKind;
use crate::pegasus::parse_duration;
use crate::run::{EXPRESSION, Run};
use crate::timeline::Fact;
use std::collections::BTreeMap;

/// Whether a run is one of the events, or of lines that the expression matched, and has the fields.
pub(super) fn run_fits(run: &Run, events: &[String], text: Option<&str>, fields: &BTreeMap<String, OneOrMany>) -> bool {
    let matched = text.is_some() && run.kind() == EventKind::RawText && run.field(EXPRESSION) == text;
    (matched || events.iter().any(|e| e == run.kind().name()))
        && fields.iter().all(|(name, wanted)| run.field(name).is_some_and(|text| text_fits(text, wanted)))
}

/// Whether a line's fields are as a condition wants them; where a name occurs twice the later one counts.
pub(super) fn fields_fit(fields: &[(&str, &str)], wanted: &BTreeMap<String, OneOrMany>) -> bool {
    let text_of = |name: &str| fields.iter().rev().find(|(n, _)| *n == name).map(|(_, text)| *text);
    wanted.iter().all(|(name, wanted)| text_of(name).is_some_and(|text| text_fits(text, wanted)))
}

/// Whether a run is what `seen` asks for, `times` apart.
pub(super) fn seen_fits(run: &Run, seen: &Seen) -> bool {
    run_fits(run, seen.event.names(), seen.text.as_deref(), &seen.fields)
}

fn text_fits(text: &str, wanted: &OneOrMany) -> bool {
    wanted.values().iter().any(|value| match value {
        toml::Value::String(s) => match comparison(s) {
            Some((op, bound)) => match (text.parse::<i64>(), bound.parse::<i64>()) {
                (Ok(number), Ok(bound)) => op.holds(number.cmp(&bound)),
                _ => false,
            },
            None => s == text,
        },
        toml::Value::Integer(n) => text.parse() == Ok(*n),
        toml::Value::Boolean(b) => text == b.to_string(),
        toml::Value::Float(_) | toml::Value::Datetime(_) | toml::Value::Array(_) | toml::Value::Table(_) => false,
    })
}

/// Whether a fact is as wanted; an unknown fact never is.
pub(super) fn fact_fits(fact: Option<&Fact>, wanted: &OneOrMany) -> bool {
    let Some(fact) = fact else { return false };
    wanted.values().iter().any(|value| match (fact, value) {
        (Fact::Bool(mine), toml::Value::Boolean(b)) => mine == b,
        (Fact::Int(mine), toml::Value::Integer(n)) => mine == n,
        (Fact::Text(mine), toml::Value::String(s)) => match s.strip_prefix("!= ") {
            Some(other) => mine != other,
            None => mine == s,
        },
        (Fact::Int(mine), toml::Value::String(s)) => {
            comparison(s).and_then(|(op, bound)| Some(op.holds(mine.cmp(&bound.parse().ok()?)))).unwrap_or(false)
        }
        (Fact::Duration(mine), toml::Value::String(s)) => {
            let (op, bound) = comparison(s).unwrap_or((Op::AtLeast, s));
            parse_duration(bound).is_some_and(|bound| op.holds(mine.cmp(&bound)))
        }
        _ => false,
    })
}

/// The texts of which a field must be one, where nothing else would do.
pub(super) fn texts_of(wanted: &OneOrMany) -> Option<Vec<&str>> {
    wanted.values().iter().map(|value| value.as_str().filter(|text| comparison(text).is_none())).collect()
}

/// Whether a value could ever be compared with anything; for checking signature files.
pub(super) fn is_comparable(value: &toml::Value) -> bool {
    match value {
        toml::Value::String(s) => comparison(s).is_none_or(|(_, b)| b.parse::<i64>().is_ok() || parse_duration(b).is_some()),
        toml::Value::Integer(_) | toml::Value::Boolean(_) => true,
        toml::Value::Float(_) | toml::Value::Datetime(_) | toml::Value::Array(_) | toml::Value::Table(_) => false,
    }
}

#[derive(Clone, Copy)]
enum Op {
    AtLeast,
    AtMost,
    More,
    Less,
}

impl Op {
    fn holds(self, ordering: std::cmp::Ordering) -> bool {
        match self {
            Self::AtLeast => ordering.is_ge(),
            Self::AtMost => ordering.is_le(),
            Self::More => ordering.is_gt(),
            Self::Less => ordering.is_lt(),
        }
    }
}

/// `>= 5m` and its kin.
fn comparison(text: &str) -> Option<(Op, &str)> {
    let ops = [(">=", Op::AtLeast), ("<=", Op::AtMost), (">", Op::More), ("<", Op::Less)];
    ops.into_iter().find_map(|(sign, op)| Some((op, text.strip_prefix(sign)?.trim())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pegasus::TimeDelta;

    fn one(text: &str) -> OneOrMany {
        OneOrMany::One(toml::Value::String(text.into()))
    }

    #[test]
    fn facts_compare_by_their_type() {
        assert!(fact_fits(Some(&Fact::Int(3)), &one(">= 3")));
        assert!(!fact_fits(Some(&Fact::Int(2)), &one(">= 3")));
        assert!(fact_fits(Some(&Fact::Duration(TimeDelta::secs(400))), &one(">= 5m")));
        assert!(!fact_fits(Some(&Fact::Duration(TimeDelta::secs(4))), &one(">= 5m")));
        assert!(fact_fits(Some(&Fact::Text("a".into())), &OneOrMany::Many(vec!["b".into(), "a".into()])));
        assert!(!fact_fits(None, &one("a")));
        assert!(fact_fits(Some(&Fact::Bool(true)), &OneOrMany::One(true.into())));
    }
}
