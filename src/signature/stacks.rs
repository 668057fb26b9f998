//! Which failure a stack shows: by the functions of its frames.

use super::catalogue::Catalogue;
use super::found::{Found, Subject};
use super::model::{Condition, Confidence, Signature};
use super::step::Words;
use crate::event::EventKind;
use crate::run::Run;
use crate::timeline::{Facts, Model};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, LazyLock};

/// Stands in `frames` for a stack that no other signature knows.
const ANY: &str = "*";

/// What is going on, where a signature says nothing of its own of stacks.
pub(super) static WHAT: LazyLock<Words> = LazyLock::new(|| {
    Words {
    en: "A thread of a server was in {function_list}. This failure looks like that in a stack; only the logs show which duplication it was, since when, and what it cost.".to_owned(),
    zh: "服务器线程位于 {function_list}。此故障在调用栈中即如此表现；涉及哪个热备份、从何时开始、损失多少，只有日志能说明。".to_owned(),
}
});

/// The best explanation of each stack of a server.
pub(super) fn explain<'s>(catalogue: &'s Catalogue, model: &Model, server: usize, runs: &[usize], facts: &Arc<Facts>) -> Vec<Found<'s>> {
    let mut stacks: BTreeMap<(usize, i64), Vec<(i64, usize)>> = BTreeMap::new();
    for &index in runs {
        let run = &model.runs[index].run;
        if let Some((stack, depth)) = number(run, "stack").zip(number(run, "depth")) {
            stacks.entry((run.first.input, stack)).or_default().push((depth, index));
        }
    }
    let mut told = BTreeSet::new();
    let mut found = Vec::new();
    for mut stack in stacks.into_values() {
        stack.sort_unstable();
        let frames: Vec<usize> = stack.into_iter().map(|(_, run)| run).collect();
        let functions: Vec<&str> = frames.iter().map(|&run| model.runs[run].run.field("function").unwrap_or_default()).collect();
        let Some(known) = best(catalogue, &functions).filter(|known| told.insert((&known.signature.code, known.when.confidence))) else {
            continue;
        };
        let main: Vec<usize> = known.frames.iter().map(|&at| frames[at]).collect();
        let crashed = main.iter().all(|&run| model.runs[run].run.field("state") == Some("crashed"));
        found.extend(hit(&known, model, server, main, crashed, facts));
    }
    found
}

/// The signature that explains a stack, and where in it the frames are that it asks for.
pub(super) struct Known<'s> {
    pub(super) signature: &'s Signature,
    pub(super) when: &'s Condition,
    pub(super) frames: Vec<usize>,
}

impl Known<'_> {
    /// Whether nothing is known of the stack.
    pub(super) fn is_any(&self) -> bool {
        self.when.frames == [ANY]
    }
}

/// What explains the functions of a stack best: what asks for those next to its top, and for most of them.
pub(super) fn best<'s>(catalogue: &'s Catalogue, functions: &[&str]) -> Option<Known<'s>> {
    let all = || catalogue.iter().flat_map(|signature| signature.when.iter().map(move |when| (signature, when)));
    let fitting = all().filter_map(|(signature, when)| Some(Known { signature, when, frames: in_order(&when.frames, functions)? }));
    let known = fitting.min_by_key(|known| (known.frames[0], Reverse(known.frames.len()), Reverse(known.when.confidence)));
    let unknown = || all().find(|(_, when)| when.frames == [ANY]);
    // The topmost frames say most of what nobody knows.
    let top = || (0..functions.len().min(6)).collect();
    known.or_else(|| unknown().map(|(signature, when)| Known { signature, when, frames: top() }))
}

/// Where the frames are, the topmost first, if all of them are there in this order.
fn in_order(wanted: &[String], functions: &[&str]) -> Option<Vec<usize>> {
    let mut from = 0;
    let mut places = Vec::with_capacity(wanted.len());
    for name in wanted {
        let at = from + functions[from..].iter().position(|function| names(function, name))?;
        places.push(at);
        from = at + 1;
    }
    (!places.is_empty()).then_some(places)
}

/// Whether a function has that name, its namespaces and arguments apart.
fn names(function: &str, name: &str) -> bool {
    let word = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
    function
        .match_indices(name)
        .any(|(at, _)| !word(function[..at].chars().next_back()) && !word(function[at + name.len()..].chars().next()))
}

fn hit<'s>(known: &Known<'s>, model: &Model, server: usize, main: Vec<usize>, crashed: bool, facts: &Arc<Facts>) -> Option<Found<'s>> {
    let Known { signature, when, .. } = *known;
    let first = model.runs[*main.first()?].run.first.at;
    Some(Found {
        signature,
        subject: Subject::Server(server),
        facts: Arc::clone(facts),
        severity: when.severity.unwrap_or(signature.severity),
        // A thread that was only seen there may go on from there.
        confidence: if crashed { when.confidence } else { when.confidence.min(Confidence::Likely) },
        active: true,
        main,
        context: Vec::new(),
        first,
        last: first,
        times: 1,
        what: when.what.as_ref().or(Some(&*WHAT)),
        title: when.title.as_ref(),
        verdict: None,
        undecided: &when.alternatives,
        alternatives: Vec::new(),
        fresh: None,
        caused_by: None,
        alone: None,
    })
}

fn number(run: &Run, name: &str) -> Option<i64> {
    run.number(name).filter(|_| run.kind() == EventKind::StackFrame)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_whatever_stands_around_it() {
        for function in ["dsn::replication::load_mutation::run", "load_mutation::run", "std::bind<void (dsn::load_mutation::run)()>"] {
            assert!(names(function, "load_mutation::run"), "{function}");
        }
        for function in ["dsn::replication::load_mutation::run_again", "dsn::reload_mutation::run", "load_mutation"] {
            assert!(!names(function, "load_mutation::run"), "{function}");
        }
    }

    #[test]
    fn the_topmost_frames_decide() {
        let catalogue = Catalogue::built_in();
        let code = |functions: &[&str]| best(&catalogue, functions).map(|known| known.signature.code.clone());
        let lock = ["dsn::zlock::lock", "zauto_lock", "dsn::replication::mutation_log::max_commit_on_disk"];
        for (functions, expected) in [
            ([&lock[..], &["dsn::replication::load_mutation::run"]].concat(), "DUP514"),
            (
                vec![
                    "remove_all_duplications",
                    "update_duplication_map",
                    "dsn::replication::duplication_sync_timer::on_duplication_sync_reply",
                ],
                "DUP516",
            ),
            (vec!["raise", "abort", "dsn_coredump", "dsn::replication::replica_duplicator::verify_start_decree"], "DUP501"),
            (vec!["dsn::replication::log_file::log_file", "dsn::replication::load_from_private_log::find_log_file_to_start"], "DUP506"),
            (
                vec![
                    "dsn::replication::prepare_list::commit",
                    "dsn::replication::prepare_list::prepare",
                    "dsn::replication::mutation_batch::add",
                    "dsn::replication::load_from_private_log::replay_log_block",
                ],
                "DUP503",
            ),
            (vec!["dsn::blob::range", "dsn::replication::mutation_batch::add_mutation_if_valid"], "DUP517"),
            (
                vec!["raise", "dsn::replication::prepare_list::commit", "dsn::replication::replica::apply_learned_state_from_private_log"],
                "DUP519",
            ),
            (vec!["dsn::nothing::known"], "DUP519"),
        ] {
            assert_eq!(code(&functions).as_deref(), Some(expected), "{functions:?}");
        }
    }

    /// Two signatures that ask for the same frames would be told apart by luck.
    #[test]
    fn no_frames_are_asked_for_twice() {
        let catalogue = Catalogue::built_in();
        let mut seen = BTreeMap::new();
        for signature in catalogue.iter() {
            for when in signature.when.iter().filter(|when| !when.frames.is_empty()) {
                let other = seen.insert(when.frames.clone(), &signature.code);
                assert!(other.is_none(), "{:?} of {} and {other:?}", when.frames, signature.code);
            }
        }
        assert!(seen.len() > 20, "{}", seen.len());
    }
}
