//! The runbook of a finding: its steps in order, for a release, with the commands filled in. Nothing here runs anything.

use super::model::Signature;
use super::say::say;
use super::step::{Command, FixStep, StepCommand, StepKind};
use super::text::{Lang, Placeholders, fill_command, is_harmless, translate_open};
use crate::pegasus::Release;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A step of a runbook, ready to be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RunbookStep {
    /// What it is for; `None` where a user's signature does not say.
    pub kind: Option<StepKind>,
    /// What to do.
    pub text: String,
    /// Whether it can do harm.
    pub dangerous: bool,
    /// Which harm, unless `text` says so itself.
    pub danger: Option<String>,
    /// The releases it is for, when it is not for all.
    pub releases: Vec<Release>,
    /// What to type.
    pub commands: Vec<RunbookCommand>,
}

/// A command of a runbook.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RunbookCommand {
    /// Where: `source-shell`, `target-shell`, …
    #[serde(rename = "where")]
    pub at: String,
    /// What.
    pub run: String,
    /// The releases that have it so, when not all that the step is for.
    pub releases: Vec<Release>,
    /// The same for other tools: admin-cli, HTTP.
    pub also: Vec<Command>,
}

/// The steps of a signature for a release, or for all of them; in commands, placeholders without a value stay named, `<app_name>`.
pub fn runbook(signature: &Signature, release: Option<Release>, values: &Placeholders, lang: Lang) -> Vec<RunbookStep> {
    let filled = |step: &FixStep| RunbookStep {
        kind: step.kind,
        text: say(lang.pick(&step.en, &step.zh), values, lang).into_owned(),
        dangerous: step.is_dangerous(),
        danger: step.why_dangerous(lang).map(|why| say(why, values, lang).into_owned()),
        releases: if release.is_none() { step.release.clone() } else { Vec::new() },
        commands: step.commands.iter().flat_map(|c| typed(c, &step.release, release, values, lang)).collect(),
    };
    match release {
        None => signature.fix.iter().map(FixStep::resolved).map(filled).collect(),
        Some(release) => of_release(&signature.fix, release).into_iter().map(filled).collect(),
    }
}

/// The steps that a release needs: with a change that it does not have go the shared checks before it and what verifies and undoes it.
fn of_release(fix: &[FixStep], release: Release) -> Vec<&FixStep> {
    let wanted = |step: &FixStep| step.release.is_empty() || step.release.contains(&release);
    let mut kept: Vec<&FixStep> = Vec::new();
    let (mut changing, mut dropped) = (false, false);
    for step in fix {
        let (resolved, kind) = (step.resolved(), step.resolved().kind);
        match kind {
            Some(StepKind::Change) => {
                // Of several changes in a row one is enough to verify.
                let fresh = !std::mem::replace(&mut changing, true);
                if wanted(resolved) {
                    dropped = false;
                } else {
                    dropped |= fresh;
                    continue;
                }
            }
            Some(StepKind::Verify | StepKind::Undo) => {
                changing = false;
                if dropped {
                    continue;
                }
            }
            Some(StepKind::Check | StepKind::Note) | None => {
                if std::mem::take(&mut dropped) {
                    forget_checks(fix, &mut kept);
                }
                changing = false;
            }
        }
        if wanted(resolved) {
            kept.push(resolved);
        }
    }
    if dropped {
        forget_checks(fix, &mut kept);
    }
    kept
}

/// The shared checks at the end of what is kept were for a change that is not there.
fn forget_checks(fix: &[FixStep], kept: &mut Vec<&FixStep>) {
    let shared = |step: &FixStep| step.kind == Some(StepKind::Check) && !fix.iter().any(|own| std::ptr::eq(own, step));
    while kept.last().is_some_and(|step| shared(step)) {
        kept.pop();
    }
}

/// A command as the release has it; without a release, each form that differs between releases.
fn typed(command: &StepCommand, step: &[Release], release: Option<Release>, values: &Placeholders, lang: Lang) -> Vec<RunbookCommand> {
    let made = |run: &str, releases: Vec<Release>, newest: Release| {
        // The other tools' commands are made of its words, which a translation may join or part.
        let run = fill_command(&without_unknown(run, values), values, Lang::En);
        let told = |c: Command| Command { run: translate_open(&c.run, lang), ..c };
        let also = also(&command.at, &run, newest).into_iter().map(told).collect();
        RunbookCommand { at: command.place(values), also, run: translate_open(&run, lang), releases }
    };
    if let Some(release) = release {
        return if command.is_in(release) { vec![made(command.in_release(release), Vec::new(), release)] } else { Vec::new() };
    }
    let of_step: Vec<Release> = Release::ALL.into_iter().filter(|r| step.is_empty() || step.contains(r)).collect();
    let had: Vec<Release> = of_step.iter().copied().filter(|&r| command.is_in(r)).collect();
    let mut forms: Vec<(&str, Vec<Release>)> = Vec::new();
    for &release in &had {
        let run = command.in_release(release);
        match forms.iter_mut().find(|(form, _)| *form == run) {
            Some((_, releases)) => releases.push(release),
            None => forms.push((run, vec![release])),
        }
    }
    let newest = |releases: &[Release]| releases.iter().copied().max().unwrap_or(Release::Master);
    forms
        .into_iter()
        .map(|(run, releases)| {
            let newest = newest(&releases);
            made(run, if releases == of_step { Vec::new() } else { releases }, newest)
        })
        .collect()
}

/// Brackets around `{name}` go when the name has a value; what cannot be filled in stays in them, as an option is written.
fn without_unknown(run: &str, values: &Placeholders) -> String {
    let mut out = String::with_capacity(run.len());
    let mut rest = run;
    while let Some((before, after)) = rest.split_once('[') {
        out.push_str(before);
        let Some((inner, end)) = after.split_once(']') else {
            out.push('[');
            rest = after;
            continue;
        };
        let known = inner
            .split_once('{')
            .and_then(|(_, name)| name.split_once('}'))
            .is_some_and(|(name, _)| values.get(name).is_some_and(|value| is_harmless(value)));
        let parts = if known { ["", inner, ""] } else { ["[", inner, "]"] };
        out.extend(parts);
        rest = end;
    }
    out + rest
}

/// The same by admin-cli or over HTTP, where these can do it.
fn also(at: &str, run: &str, release: Release) -> Vec<Command> {
    let Some(side) = at.strip_suffix("-shell") else { return Vec::new() };
    let words: Vec<&str> = run.split_whitespace().collect();
    let command = |at: String, run: String| Command { at, run };
    let (cli, host) = (format!("{side}-admin-cli"), format!("{side}-meta-host"));
    let mut others = Vec::new();
    let mut by_cli = |table: &str, run: String| {
        if release >= Release::V24 {
            others.extend([command(cli.clone(), format!("use {table}")), command(cli.clone(), run)]);
        }
    };
    match words.as_slice() {
        ["query_dup", table, ..] => {
            by_cli(table, "dup list".to_owned());
            others.push(command(host, format!("curl -L 'http://<meta leader>:34602/meta/app/duplication?name={table}'")));
        }
        // The default of -p differs between releases, so it is always said.
        ["add_dup", table, cluster] => by_cli(table, format!("dup add -c {cluster} -p=false")),
        ["add_dup", table, cluster, "-s"] => by_cli(table, format!("dup add -c {cluster} -p")),
        ["remove_dup", table, id] => by_cli(table, format!("dup remove -d {id}")),
        ["pause_dup", table, id] => by_cli(table, format!("dup pause -d {id}")),
        ["start_dup", table, id] => by_cli(table, format!("dup start -d {id}")),
        _ => {}
    }
    others
}

/// What is wrong with the steps of a signature file, so that it is refused: where, such as `fix.0.kind`, and the reason.
pub(super) fn fix_fault(signature: &Signature) -> Option<(String, String)> {
    let wrong = |step: usize, key: &str, reason: String| Some((format!("fix.{step}.{key}"), reason));
    let with_kinds = signature.fix.iter().any(|s| s.step.is_some() || s.kind.is_some());
    for (index, step) in signature.fix.iter().enumerate() {
        if let Some(name) = &step.step {
            if FixStep::shared(name).is_none() {
                let known: Vec<&str> = FixStep::shared_names().collect();
                return wrong(index, "step", format!("there is no shared step {name:?}; there are {}", known.join(", ")));
            }
            if !step.en.is_empty() || !step.zh.is_empty() || step.kind.is_some() || step.danger.is_some() || !step.commands.is_empty() {
                return wrong(index, "step", "a step that names a shared one has no other keys".to_owned());
            }
        } else if step.en.trim().is_empty() || step.zh.trim().is_empty() {
            return wrong(index, "en", "a step of the fix needs a text in both languages: en and zh".to_owned());
        } else if with_kinds && step.kind.is_none() {
            return wrong(index, "kind", "this step of the fix has no kind, others have: check, change, verify, undo or note".to_owned());
        }
        if let Some(name) = step.unknown_danger() {
            return wrong(index, "danger", format!("there is no shared danger {name:?}"));
        }
        let kind = step.resolved().kind;
        if step.is_dangerous() && matches!(kind, None | Some(StepKind::Check | StepKind::Verify)) {
            return wrong(index, "danger", "only a step of the kind change, undo or note can be dangerous".to_owned());
        }
    }
    unchecked(signature.fix.iter().map(FixStep::resolved), true).and_then(|(step, reason)| wrong(step, "danger", reason))
}

/// The first change that has no check before it: dangerous ones need one of their own, right before.
fn unchecked<'a>(steps: impl Iterator<Item = &'a FixStep>, only_dangerous: bool) -> Option<(usize, String)> {
    let (mut ever, mut fresh, mut changing) = (false, false, false);
    for (index, step) in steps.enumerate() {
        match step.kind {
            Some(StepKind::Check) => (ever, fresh, changing) = (true, true, false),
            Some(StepKind::Change) => {
                if step.is_dangerous() && !fresh {
                    return Some((index, "a dangerous change needs a check right before it (kind = \"check\")".to_owned()));
                }
                if !ever && !only_dangerous {
                    return Some((index, "a change without a check before it".to_owned()));
                }
                changing = true;
            }
            Some(StepKind::Undo | StepKind::Note) if step.is_dangerous() && !ever => {
                return Some((index, "a dangerous step needs a check before it (kind = \"check\")".to_owned()));
            }
            Some(StepKind::Verify | StepKind::Undo) if changing => (fresh, changing) = (false, false),
            Some(StepKind::Verify | StepKind::Undo | StepKind::Note) | None => {}
        }
    }
    None
}

/// What a sound runbook does not have: changes without a check before, without a verification or an undo after.
pub fn order_complaints(signature: &Signature) -> Vec<String> {
    complaints_of(&signature.fix.iter().map(FixStep::resolved).collect::<Vec<_>>())
}

fn complaints_of(steps: &[&FixStep]) -> Vec<String> {
    let mut complaints: Vec<String> =
        unchecked(steps.iter().copied(), false).map(|(step, why)| format!("step {}: {why}", step + 1)).into_iter().collect();
    let kinds: Vec<Option<StepKind>> = steps.iter().map(|s| s.kind).collect();
    let mut index = 0;
    while index < kinds.len() {
        if kinds[index] == Some(StepKind::Change) {
            let end = (index..kinds.len()).find(|&i| kinds[i] != Some(StepKind::Change)).unwrap_or(kinds.len());
            let after: Vec<StepKind> =
                kinds[end..].iter().map_while(|k| *k).take_while(|k| !matches!(k, StepKind::Check | StepKind::Change)).collect();
            if !after.contains(&StepKind::Verify) {
                complaints.push(format!("step {end}: a change without a verification after it"));
            }
            if !after.contains(&StepKind::Undo) {
                complaints.push(format!("step {end}: a change without an undo, or without saying why there is none"));
            }
            index = end;
        } else {
            let changed = kinds[..index].contains(&Some(StepKind::Change));
            if matches!(kinds[index], Some(StepKind::Verify | StepKind::Undo)) && !changed {
                complaints.push(format!("step {}: nothing was changed yet", index + 1));
            }
            index += 1;
        }
    }
    complaints
}

#[cfg(test)]
mod tests {
    use super::super::catalogue::Catalogue;
    use super::super::commands::command_complaint;
    use super::*;

    /// Commands that must be marked as dangerous wherever they stand.
    const HARMFUL: &[&str] = &["remove_dup", "drop", "del", "recover", "propose"];

    #[test]
    fn every_runbook_is_sound() {
        let mut complaints = Vec::new();
        for signature in Catalogue::built_in().iter() {
            assert!(!signature.fix.is_empty(), "{} has no runbook", signature.code);
            assert!(signature.fix.iter().all(|s| s.resolved().kind.is_some()), "{}: a step without kind", signature.code);
            complaints.extend(order_complaints(signature).into_iter().map(|c| format!("{}: {c}", signature.code)));
            for release in Release::ALL {
                let wrong = complaints_of(&of_release(&signature.fix, release));
                complaints.extend(wrong.into_iter().map(|c| format!("{} for {release}: {c}", signature.code)));
            }
        }
        assert!(complaints.is_empty(), "{}", complaints.join("\n"));
    }

    #[test]
    fn commands_exist_in_the_releases_that_they_are_for() {
        let mut complaints = Vec::new();
        for signature in Catalogue::built_in().iter() {
            for release in Release::ALL {
                let steps = runbook(signature, Some(release), &Placeholders::new(), Lang::En);
                for command in steps.iter().flat_map(|s| &s.commands) {
                    let all = std::iter::once((&command.at, &command.run)).chain(command.also.iter().map(|c| (&c.at, &c.run)));
                    complaints.extend(all.filter_map(|(at, run)| {
                        let why = command_complaint(at, run, release)?;
                        Some(format!("{} for {release}: {run}: {why}", signature.code))
                    }));
                }
            }
        }
        assert!(complaints.is_empty(), "{}", complaints.join("\n"));
    }

    #[test]
    fn what_can_do_harm_is_marked() {
        let mut unmarked = Vec::new();
        for signature in Catalogue::built_in().iter() {
            for step in signature.fix.iter().map(FixStep::resolved).filter(|s| !s.is_dangerous()) {
                let harms = |run: &str| {
                    let first = run.split(' ').next().unwrap_or_default();
                    let envs = step.kind == Some(StepKind::Change) && matches!(first, "del_app_envs" | "set_app_envs");
                    envs || HARMFUL.contains(&first) || run.contains("disable-plog-gc") || run.starts_with("set <cluster_root>")
                };
                let restarts = step.kind == Some(StepKind::Change)
                    && (step.en.contains("estart the") || step.en.contains("estart its") || step.en.contains("Upgrade the"));
                let typed = step.commands.iter().flat_map(|c| std::iter::once(&c.run).chain(c.on.values()));
                if restarts || typed.into_iter().any(|run| harms(run)) {
                    unmarked.push(format!("{}: {}", signature.code, step.en));
                }
            }
        }
        assert!(unmarked.is_empty(), "{}", unmarked.join("\n"));
    }

    #[test]
    fn every_danger_is_in_words() {
        for signature in Catalogue::built_in().iter() {
            for step in signature.fix.iter().map(FixStep::resolved).filter(|s| s.is_dangerous()) {
                let said = |lang, word: &str| step.why_dangerous(lang).is_some() || lang.pick(&step.en, &step.zh).contains(word);
                let harm = said(Lang::En, "DANGER") && said(Lang::Zh, "危险");
                let of_undo = step.kind == Some(StepKind::Undo);
                assert!(harm || of_undo, "{}: {}", signature.code, step.en);
            }
        }
    }

    #[test]
    fn every_release_has_something_to_do_where_any_has() {
        for signature in Catalogue::built_in().iter() {
            let changes = |release| {
                runbook(signature, release, &Placeholders::new(), Lang::En).iter().filter(|s| s.kind == Some(StepKind::Change)).count()
            };
            if changes(None) > 0 {
                assert!([Release::V24, Release::V25, Release::Master].into_iter().all(|r| changes(Some(r)) > 0), "{}", signature.code);
            }
        }
    }

    #[test]
    fn what_is_not_known_stays_an_option() {
        let values = Placeholders::from([("a".to_owned(), "x".to_owned())]);
        assert_eq!(without_unknown("add t [-a {a}] [-r {r}] [core]", &values), "add t -a {a} [-r {r}] [core]");
    }
}
