//! Misconfigurations one by one: each case changes a sound pair of clusters and must fail the checks that it names, and no others.

use crate::support::{Outcome, outcome, program, root};
use dupdoctor::internal::answer::AddDup;
use dupdoctor::internal::preflight::{Material, preflight};
use dupdoctor::internal::render::{html, jira, junit, markdown, text};
use dupdoctor::report::{CheckState, Report, Selection};
use dupdoctor::{Catalogue, Lang, LogTime, ServerRole, Side, Style};
use serde::Deserialize;
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::PathBuf;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    case: Vec<Case>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    #[serde(default = "plan")]
    plan: String,
    release: Option<String>,
    #[serde(default)]
    edit: Vec<Edit>,
    #[serde(default)]
    append: Vec<Append>,
    #[serde(default)]
    without: Vec<String>,
    #[serde(default)]
    must: Vec<String>,
    #[serde(default)]
    unknown: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Edit {
    file: String,
    from: String,
    to: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Append {
    file: String,
    text: String,
}

fn plan() -> String {
    "add_dup test_dup1 target_cluster -s".to_owned()
}

const FILES: &[(&str, Option<Side>, Option<ServerRole>)] = &[
    ("source-meta.ini", None, None),
    ("source-replica.ini", None, None),
    ("target.ini", Some(Side::Target), None),
    ("source.txt", None, None),
    ("target.txt", Some(Side::Target), None),
];

fn folder() -> PathBuf {
    root().join("tests/preflight")
}

fn material(case: &Case) -> Material {
    let mut material = Material {
        plan: AddDup::parse(&case.plan, None),
        release: case.release.as_ref().map(|r| r.parse().unwrap()),
        ..Material::default()
    };
    assert!(material.plan.is_some(), "{}: no plan", case.name);
    for (name, side, role) in FILES.iter().filter(|(name, ..)| !case.without.iter().any(|w| w == name)) {
        let mut text = std::fs::read_to_string(folder().join("sound").join(name)).unwrap();
        for edit in case.edit.iter().filter(|e| e.file == *name) {
            assert!(text.contains(&edit.from), "{}: {name} has no {:?}", case.name, edit.from);
            text = text.replace(&edit.from, &edit.to);
        }
        for append in case.append.iter().filter(|a| a.file == *name) {
            text.push_str(&append.text);
        }
        assert!(material.add(name, text.as_bytes(), LogTime(1_716_542_517_000_000_000), *side, *role), "{name} was not recognised");
    }
    material
}

fn report(case: &Case, lang: Lang) -> Report {
    preflight(&material(case), &Catalogue::built_in(), &Selection { lang, ..Selection::default() }, &[], None)
}

fn cases() -> Vec<Case> {
    let file: File = toml::from_str(&std::fs::read_to_string(folder().join("cases.toml")).unwrap()).unwrap();
    file.case
}

#[test]
fn each_misconfiguration_fails_its_check_and_no_other() {
    let mut wrong = String::new();
    for case in cases() {
        let report = report(&case, Lang::En);
        let checks = report.checks.as_ref().unwrap();
        let failed = checks.iter().filter(|c| c.state == CheckState::Failed);
        let found: BTreeSet<String> = failed.flat_map(|c| c.codes.iter().map(move |code| format!("{} {code}", c.id))).collect();
        let must: BTreeSet<String> = case.must.iter().cloned().collect();
        for missed in must.difference(&found) {
            let _ = writeln!(wrong, "  {}: {missed} does not fail", case.name);
        }
        for extra in found.difference(&must) {
            let faults: Vec<&String> = checks.iter().filter(|c| extra.starts_with(&c.id)).flat_map(|c| &c.faults).collect();
            let _ = writeln!(wrong, "  {}: {extra} fails as well: {faults:?}", case.name);
        }
        for id in &case.unknown {
            if !checks.iter().any(|c| c.id == *id && c.state == CheckState::Unknown && c.needs.is_some()) {
                let _ = writeln!(wrong, "  {}: {id} should not be known, and say what it needs", case.name);
            }
        }
        for finding in &report.findings {
            let texts = [finding.explanation.as_str(), &finding.cause];
            let commands = finding.suggestions.iter().flat_map(|s| s.commands.iter().map(|c| c.run.as_str()));
            for text in texts.into_iter().chain(finding.suggestions.iter().map(|s| &*s.text)).chain(commands) {
                if text.contains(['{', '}']) || text.contains("<remote_cluster>") || text.contains("<app_name>") && !case.plan.is_empty() {
                    let _ = writeln!(wrong, "  {}: {} is not filled in: {text}", case.name, finding.code);
                }
            }
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

#[test]
fn every_check_is_shown_failing_by_some_case() {
    let shown: BTreeSet<String> =
        cases().iter().flat_map(|c| c.must.clone()).filter_map(|m| m.split(' ').next().map(str::to_owned)).collect();
    let mut ids: BTreeSet<String> = BTreeSet::new();
    for case in cases() {
        ids.extend(report(&case, Lang::En).checks.unwrap().into_iter().map(|c| c.id));
    }
    let never: Vec<&String> = ids.difference(&shown).collect();
    assert!(never.is_empty(), "no case shows these failing: {never:?}");
}

#[test]
fn a_sound_pair_has_nothing_unknown_and_the_steps_are_filled_in() {
    let case = cases().into_iter().next().unwrap();
    for lang in [Lang::En, Lang::Zh] {
        let report = report(&case, lang);
        assert!(report.findings.is_empty());
        let unknown: Vec<_> = report.checks.unwrap().into_iter().filter(|c| c.state != CheckState::Passed).collect();
        assert!(unknown.is_empty(), "{unknown:?}");
        let steps = report.steps.unwrap();
        let commands: Vec<&str> = steps.iter().flat_map(|s| s.commands.iter().map(|c| c.run.as_str())).collect();
        assert!(commands.contains(&"add_dup test_dup1 target_cluster -s"), "{commands:?}");
        assert!(commands.contains(&"nc -zv 10.40.7.11 34601"), "{commands:?}");
        assert!(steps.iter().all(|s| !s.text.contains(['{', '}'])), "{steps:?}");
    }
}

/// Letters and digits only: each format marks up the rest in its way.
fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).collect()
}

#[test]
fn every_format_for_people_has_the_checks_and_the_steps() {
    let case = cases().into_iter().find(|c| !c.must.is_empty()).unwrap();
    for lang in [Lang::En, Lang::Zh] {
        let report = report(&case, lang);
        let style = Style { lang, all: true, ..Style::default() };
        let failed = report.checks.as_ref().unwrap().iter().find(|c| c.state == CheckState::Failed).unwrap();
        let step = &report.steps.as_ref().unwrap()[0];
        let formats = [
            ("text", text(&report, &style)),
            ("markdown", markdown(&report, &style)),
            ("html", html(&report, &style)),
            ("jira", jira(&report, &style)),
        ];
        for (format, shown) in formats {
            // Text breaks its lines; a page spells some characters.
            let shown =
                letters(&shown.replace("&quot;", "").replace("&amp;", "").replace("&lt;", "").replace("&gt;", "").replace("\\n", ""));
            assert!(shown.contains(&letters(&failed.title)), "{format}: {}", failed.title);
            assert!(shown.contains(&letters(&step.text)), "{format}: {}", step.text);
        }
        let tests = junit(&report, &style);
        assert!(tests.contains("dupdoctor.preflight") && tests.contains("<failure"), "{tests}");
    }
}

/// `preflight` with the sound pair of clusters and these arguments: exit code, standard output, standard error.
fn run(more: &[&str]) -> Outcome {
    let mut command = program(&["preflight"]);
    command.current_dir(folder().join("sound"));
    command.args([
        "--target",
        "target.txt",
        "--config",
        "target=target.ini",
        "--config",
        "source-meta.ini",
        "--config",
        "source-replica.ini",
    ]);
    outcome(command.args(["--source", "source.txt", "--plan", "add_dup test_dup1 target_cluster -s -a new1_test -r 9"]).args(more))
}

#[test]
fn names_are_hidden_in_every_format() {
    for format in ["text", "json", "markdown", "html", "jira", "junit"] {
        let (code, plain, _) = run(&["--all", "--format", format]);
        assert!(code == 1 && plain.contains("test_dup1"), "{format}: {plain}");
        let (code, hidden, err) = run(&["--all", "--format", format, "--redact"]);
        assert_eq!(code, 1, "{err}");
        assert!(hidden.contains("table-1"), "{format}: {hidden}");
        for name in ["test_dup1", "new1_test", "target_cluster", "hz_main", "10.40.7", "10.12.3", "source.txt", "target.txt"] {
            assert!(!hidden.contains(name), "{format}: {name}: {hidden}");
        }
    }
    // Rules still take the real names.
    let (_, hidden, _) = run(&["--redact", "--format", "json", "--ignore", "DUP104:test_dup1", "--ignore", "DUP204:test_dup1"]);
    let report: Report = serde_json::from_str(&hidden).unwrap();
    assert!(!report.accepted.is_empty() && report.findings.iter().all(|f| f.code != "DUP104" && f.code != "DUP204"), "{hidden}");
    assert!(report.accepted.iter().all(|a| !a.rule.contains("test_dup1")));
}

#[test]
fn signatures_of_one_s_own_are_loaded() {
    let (code, _, err) = run(&["--signatures", "no-such-folder"]);
    assert!(code == 2 && err.contains("no-such-folder: no such directory"), "{err}");
    let folder = tempfile::TempDir::new().unwrap();
    let (code, shown, _) = outcome(&mut program(&["signatures", "show", "DUP204"]));
    assert_eq!(code, 0);
    let (_, _, err) = run(&["--ignore", "DUP499"]);
    assert!(err.contains("unknown code \"DUP499\""), "{err}");
    let own = shown.replace("DUP204", "DUP499").replace("name = \"follower-options-refused\"", "name = \"our-own\"");
    std::fs::write(folder.path().join("DUP499-our-own.toml"), own).unwrap();
    let (code, _, err) = run(&["--signatures", folder.path().to_str().unwrap(), "--ignore", "DUP499"]);
    assert_eq!((code, err.as_str()), (1, ""));
}

#[test]
fn what_pegasus_ships_passes() {
    // Of v2.0.0 to v2.3.0: a key given twice alike in a section without meaning for duplication; a placeholder of a deployment tool
    // or of a script; both clusters of onebox on one machine.
    let shipped = "[threadpool.THREAD_POOL_BLOCK_SERVICE]\nname = block_service\nworker_count = 8\nworker_priority = THREAD_xPRIORITY_NORMAL\nworker_count = 8\n\n[meta_server]\nserver_list = 127.0.0.1:34601\n[replication]\ncluster_name = near\n[pegasus.clusters]\n%{cluster.name} = %{meta.server.list}\n@CLUSTER_NAME@ = @CLUSTER_ADDRESS@\nnear = 127.0.0.1:34601\nfar = 0.0.0.0:35601\n[duplication-group]\nnear = 1\nfar = 2\n";
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("config.ini");
    let failed = |text: &str| {
        std::fs::write(&path, text).unwrap();
        let config = |role: &str| format!("{role}={}", path.display());
        let (code, out, _) =
            outcome(program(&["preflight", "--config"]).arg(config("source-meta")).arg("--config").arg(config("source-replica")));
        (code, out)
    };
    let (code, text) = failed(shipped);
    assert_eq!(code, 0, "{text}");
    // The same, said otherwise, is misread; and of two machines one is not reached by its own addresses.
    assert!(failed(&shipped.replace("NORMAL\nworker_count = 8", "NORMAL\nworker_count = 9")).1.contains("worker_count is given again"));
    assert!(failed(&shipped.replace("server_list = 127.0.0.1", "server_list = 10.1.1.1")).1.contains("0.0.0.0:35601"));
}
