//! One cause per problem, across servers: told first, accepted with what follows from it, never green by that.

use crate::support::{Outcome, logs, outcome, program};
use serde_json::Value;

const ABORTED: &str = "DUP607-target-meta-aborted-on-drop-master";
const REFUSED: &str = "DUP215-because-of-DUP606-v2.5";
const COPY: &str = "multi-DUP315-target-disk-full-master";

fn run(case: &str, args: &[&str]) -> Outcome {
    outcome(program(&[&["diagnose", "."], args].concat()).current_dir(logs(case)))
}

fn json(case: &str, args: &[&str]) -> Value {
    serde_json::from_str(&run(case, &[args, &["--format", "json"]].concat()).1).unwrap()
}

#[test]
fn a_servers_trouble_is_the_cause_of_what_it_stops() {
    for (case, cause, server, consequence) in
        [(ABORTED, "DUP607", "sg_backup/meta1", "DUP208"), (REFUSED, "DUP606", "hz_pay/replica1", "DUP215")]
    {
        let report = json(case, &[]);
        let finding = |code: &str| report["findings"].as_array().unwrap().iter().find(|f| f["code"] == code).unwrap().clone();
        assert_eq!(finding(consequence)["caused_by"]["code"], cause);
        assert_eq!(finding(consequence)["caused_by"]["fingerprint"], finding(cause)["fingerprint"]);
        assert!(finding(cause)["consequences"].as_array().unwrap().contains(&consequence.into()));
        assert_eq!(report["duplications"][0]["verdict"], "stuck");
        for (args, above) in [(&[][..], 2), (&["--summary"], 1)] {
            let (code, text, _) = run(case, args);
            assert_eq!(code, 1);
            assert!(text.lines().nth(above).is_some_and(|line| line.contains(&format!("Cause: {cause} {server}"))), "{text}");
            assert!(text.contains(consequence), "{text}");
        }
        let (_, junit, _) = run(case, &["--format", "junit"]);
        assert!(junit.contains(r#"failures="2""#), "{junit}");
    }
}

#[test]
fn a_cause_stands_beside_the_one_duplication_that_is_asked_for() {
    let (code, text, _) = run(ABORTED, &["--app", "stock_day"]);
    assert_eq!(code, 1);
    assert!(text.contains("Cause: DUP607"), "{text}");
}

#[test]
fn what_follows_from_an_accepted_cause_is_accepted_and_nothing_is_green() {
    for (case, cause, consequence) in [(ABORTED, "DUP607", "DUP208"), (COPY, "DUP315", "DUP305")] {
        let report = json(case, &["--ignore", cause]);
        assert_eq!(report["duplications"][0]["verdict"], "stuck");
        let accepted = report["accepted"].as_array().unwrap();
        let carried = accepted.iter().find(|a| a["code"] == consequence).unwrap();
        assert_eq!((&carried["caused_by"]["code"], &carried["rule"]), (&cause.into(), &cause.into()));
        let (code, text, _) = run(case, &["--ignore", cause]);
        assert_eq!(code, 0, "{text}");
        assert!(text.contains("STUCK") && text.contains("accepted: DUP") && !text.contains("Nothing is wrong"), "{text}");
        let (_, junit, _) = run(case, &["--ignore", cause, "--format", "junit"]);
        assert!(junit.contains("<skipped "), "{junit}");
    }
}

#[test]
fn what_is_at_risk_is_counted_as_trouble_everywhere() {
    let case = "DUP601-v2.5-status-overwritten";
    let (code, text, _) = run(case, &[]);
    assert_eq!(code, 1);
    assert!(text.contains("The duplication needs attention") && text.contains("AT RISK"), "{text}");
    assert!(run(case, &["--lang", "zh"]).1.contains("有风险"));
    assert_eq!(json(case, &[])["summary"]["by_verdict"], serde_json::json!({"at-risk": 1}));
    assert!(run(case, &["--format", "junit"]).1.contains(r#"failures="1""#));
    assert!(run(case, &["--format", "markdown"]).1.contains("AT RISK"));
    assert!(run(case, &["--format", "html"]).1.contains("pill at-risk"));
}
