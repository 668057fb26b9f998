//! Whether clients can be moved to the target now, of each duplication: what a planned migration waits for.

use crate::pegasus::{DupStatus, closed_set};
use crate::signature::Lang;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// So many mutations may wait, unless the user says otherwise.
pub const MOST_WAITING: i64 = 100;

closed_set! {
    /// The answer.
    Readiness, "readiness" {
        /// Some condition does not hold.
        NotReady = "not-ready",
        /// All that are known hold, but some are not known.
        CannotTell = "cannot-tell",
        /// All hold.
        Ready = "ready",
    }
}

closed_set! {
    /// What has to hold.
    SwitchOverCondition, "condition" {
        /// It is in `DS_LOG`.
        Status = "status",
        /// A duplicator runs on every partition.
        Partitions = "partitions",
        /// Few mutations wait.
        Pending = "pending",
        /// What waits shrinks, or nothing does.
        Falling = "falling",
        /// Nothing is found to be wrong or lost.
        Findings = "findings",
        /// Both clusters store values in the same form. Where nobody asked, it decides nothing.
        DataVersion = "data-version",
    }
}

/// Whether clients can be moved to the target.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct SwitchOver {
    /// The answer.
    pub answer: Readiness,
    /// The conditions that do not hold, or of which that is not known.
    pub open: Vec<OpenCondition>,
}

/// A condition that does not hold, or of which that is not known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct OpenCondition {
    /// Which one.
    pub condition: SwitchOverCondition,
    /// `false`: it does not hold; `null`: it is not known.
    pub met: Option<bool>,
    /// What is missing, or what would tell.
    pub text: String,
}

/// What is known of a duplication.
#[derive(Debug, Clone, Default)]
pub struct Known {
    /// Its status.
    pub status: Option<DupStatus>,
    /// How it is now is in sight.
    pub in_sight: bool,
    /// Number of partitions.
    pub partitions: Option<usize>,
    /// Those of which is told what waits.
    pub told: usize,
    /// Those whose duplicator does not run.
    pub idle: usize,
    /// Mutations that wait, at least.
    pub waiting: Option<i64>,
    /// Whether what waits shrinks or is nothing, of all partitions that tell.
    pub falling: Option<bool>,
    /// Codes of active findings at error or above.
    pub findings: Vec<String>,
    /// Data versions on the source and on the target.
    pub data_versions: (BTreeSet<i64>, BTreeSet<i64>),
}

impl SwitchOver {
    /// Settles it; `None` of a duplication that was removed.
    #[must_use]
    pub fn of(known: &Known, most: i64, lang: Lang) -> Option<Self> {
        if known.status == Some(DupStatus::DsRemoved) {
            return None;
        }
        let all = [
            (SwitchOverCondition::Status, status(known, lang)),
            (SwitchOverCondition::Partitions, partitions(known, lang)),
            (SwitchOverCondition::Pending, pending(known, most, lang)),
            (SwitchOverCondition::Falling, falling(known, lang)),
            (SwitchOverCondition::Findings, findings(known, lang)),
            (SwitchOverCondition::DataVersion, data_version(known, lang)),
        ];
        let open: Vec<OpenCondition> =
            all.into_iter().filter_map(|(condition, told)| told.map(|(met, text)| OpenCondition { condition, met, text })).collect();
        let unknown = |c: &OpenCondition| c.condition != SwitchOverCondition::DataVersion;
        let answer = match () {
            () if open.iter().any(|c| c.met == Some(false)) => Readiness::NotReady,
            () if open.iter().any(unknown) => Readiness::CannotTell,
            () => Readiness::Ready,
        };
        Some(Self { answer, open })
    }
}

/// What keeps a condition open; `None` where it holds.
type Open = Option<(Option<bool>, String)>;

fn status(known: &Known, lang: Lang) -> Open {
    match known.status {
        Some(status) if !status.ships() => Some((
            Some(false),
            match lang {
                Lang::En => format!("it is in {status}; only in DS_LOG all that is written is shipped"),
                Lang::Zh => format!("当前为 {status}；只有 DS_LOG 才会发送所有写入"),
            },
        )),
        Some(_) if known.in_sight => None,
        _ => Some((
            None,
            lang.pick(
                "the current state is not in sight: check query_dup or the log of the meta leader",
                "看不到当前状态：请查看 query_dup 或主 meta 的日志",
            )
            .to_owned(),
        )),
    }
}

fn partitions(known: &Known, lang: Lang) -> Open {
    if known.idle > 0 {
        let idle = known.idle;
        return Some((
            Some(false),
            match lang {
                Lang::En => format!("partitions whose duplicator does not run: {idle}"),
                Lang::Zh => format!("没有运行 duplicator 的分片：{idle}"),
            },
        ));
    }
    let text = match (known.partitions, lang) {
        (Some(all), _) if known.told >= all && all > 0 => return None,
        (Some(all), Lang::En) => {
            format!("only {} of {all} partitions tell what waits: ask their replica servers (/replica/duplication?appid=)", known.told)
        }
        (Some(all), Lang::Zh) => {
            format!("{all} 个分片中只有 {} 个给出积压：请查询其副本服务器（/replica/duplication?appid=）", known.told)
        }
        (None, Lang::En) => "how many partitions it has is not known, so it is not known whether all of them ship".to_owned(),
        (None, Lang::Zh) => "分片个数未知，无法确认所有分片都在发送".to_owned(),
    };
    Some((None, text))
}

fn pending(known: &Known, most: i64, lang: Lang) -> Open {
    match known.waiting {
        Some(waiting) if waiting > most => Some((
            Some(false),
            match lang {
                Lang::En => format!("{waiting} mutations wait, more than {most}"),
                Lang::Zh => format!("有 {waiting} 条写入未发送，超过 {most}"),
            },
        )),
        Some(_) => None,
        None => Some((
            None,
            lang.pick(
                "how much waits is not known: `dupdoctor status --switch-over` asks the replica servers",
                "积压未知：用 `dupdoctor status --switch-over` 查询副本服务器",
            )
            .to_owned(),
        )),
    }
}

fn falling(known: &Known, lang: Lang) -> Open {
    match known.falling {
        Some(true) => None,
        // That much is said already.
        None if known.told == 0 => None,
        Some(false) => Some((Some(false), lang.pick("what waits was not seen to shrink", "未看到积压减少").to_owned())),
        None => Some((
            None,
            lang.pick(
                "whether what waits shrinks was not seen: ask twice, half a minute apart",
                "未能看到积压是否减少：请间隔半分钟查询两次",
            )
            .to_owned(),
        )),
    }
}

fn findings(known: &Known, lang: Lang) -> Open {
    let codes = known.findings.join(", ");
    (!codes.is_empty()).then(|| {
        (
            Some(false),
            match lang {
                Lang::En => format!("found: {codes}"),
                Lang::Zh => format!("发现问题：{codes}"),
            },
        )
    })
}

fn data_version(known: &Known, lang: Lang) -> Open {
    let (source, target) = &known.data_versions;
    let list =
        |all: &BTreeSet<i64>| if all.is_empty() { "?".to_owned() } else { all.iter().map(i64::to_string).collect::<Vec<_>>().join(", ") };
    let (mine, theirs) = (list(source), list(target));
    let known = !source.is_empty() && !target.is_empty();
    if source.len() > 1 || target.len() > 1 || (known && source != target) {
        let text = match lang {
            Lang::En => format!("the data versions differ: source {mine}, target {theirs}"),
            Lang::Zh => format!("data version 不一致：源集群 {mine}，目标集群 {theirs}"),
        };
        return Some((Some(false), text));
    }
    (!known).then(|| {
        let text = match lang {
            Lang::En => format!("the data version was not compared (source {mine}, target {theirs}): /replica/data_version?app_id= of replica servers tells it; `dupdoctor status --switch-over --target` asks both sides"),
            Lang::Zh => format!("未比较 data version（源集群 {mine}，目标集群 {theirs}）：副本服务器的 /replica/data_version?app_id= 可以查询；`dupdoctor status --switch-over --target` 会查询两边"),
        };
        (None, text)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ready() -> Known {
        Known {
            status: Some(DupStatus::DsLog),
            in_sight: true,
            partitions: Some(2),
            told: 2,
            waiting: Some(3),
            falling: Some(true),
            data_versions: ([1].into(), [1].into()),
            ..Known::default()
        }
    }

    fn answer(known: &Known) -> (Option<Readiness>, Vec<SwitchOverCondition>) {
        let both = [Lang::En, Lang::Zh].map(|lang| SwitchOver::of(known, MOST_WAITING, lang));
        assert_eq!(both[0].as_ref().map(|s| s.answer), both[1].as_ref().map(|s| s.answer));
        let [found, _] = both;
        (found.as_ref().map(|s| s.answer), found.into_iter().flat_map(|s| s.open).map(|c| c.condition).collect())
    }

    #[test]
    fn each_condition_alone_keeps_it_from_being_ready() {
        use SwitchOverCondition as C;
        assert_eq!(answer(&ready()), (Some(Readiness::Ready), Vec::new()));
        let not = |known: Known, condition| assert_eq!(answer(&known), (Some(Readiness::NotReady), vec![condition]));
        not(Known { status: Some(DupStatus::DsPause), ..ready() }, C::Status);
        not(Known { idle: 1, ..ready() }, C::Partitions);
        not(Known { waiting: Some(101), ..ready() }, C::Pending);
        not(Known { falling: Some(false), ..ready() }, C::Falling);
        not(Known { findings: vec!["DUP505".into()], ..ready() }, C::Findings);
        not(Known { data_versions: ([1].into(), [0].into()), ..ready() }, C::DataVersion);
        not(Known { data_versions: ([0, 1].into(), BTreeSet::new()), ..ready() }, C::DataVersion);
        let unknown = |known: Known, condition| assert_eq!(answer(&known), (Some(Readiness::CannotTell), vec![condition]));
        unknown(Known { in_sight: false, ..ready() }, C::Status);
        unknown(Known { status: None, ..ready() }, C::Status);
        unknown(Known { told: 1, ..ready() }, C::Partitions);
        unknown(Known { partitions: None, ..ready() }, C::Partitions);
        unknown(Known { waiting: None, ..ready() }, C::Pending);
        unknown(Known { falling: None, ..ready() }, C::Falling);
    }

    #[test]
    fn what_nobody_compared_decides_nothing_and_is_said() {
        let known = Known { data_versions: ([1].into(), BTreeSet::new()), ..ready() };
        assert_eq!(answer(&known), (Some(Readiness::Ready), vec![SwitchOverCondition::DataVersion]));
        assert_eq!(answer(&Known { status: Some(DupStatus::DsRemoved), ..ready() }).0, None);
    }
}
