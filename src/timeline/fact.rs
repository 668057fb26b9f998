//! Named facts: the closed set of their names, and what they mean.

use crate::pegasus::TimeDelta;
use serde::{Deserialize, Deserializer};
use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::fmt;

macro_rules! facts {
    ($($name:ident $text:literal $en:literal $zh:literal;)*) => {
        /// The name of a fact.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[non_exhaustive]
        pub enum FactName {
            $(#[doc = concat!("`", $text, "`")] $name,)*
        }

        impl FactName {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// As signatures spell it.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }

            /// What it means, in English and in Chinese.
            #[must_use]
            pub const fn meaning(self) -> (&'static str, &'static str) {
                match self { $(Self::$name => ($en, $zh),)* }
            }

            /// The fact that signatures spell so.
            #[must_use]
            pub fn from_name(name: &str) -> Option<Self> {
                match name { $($text => Some(Self::$name),)* _ => None }
            }
        }
    };
}

facts! {
    AppName "app_name" "the source table" "源表";
    RemoteAppName "remote_app_name" "the follower's table" "目标表";
    RemoteCluster "remote_cluster" "the follower's cluster" "目标集群";
    FailMode "fail_mode" "FAIL_SLOW, FAIL_SKIP or FAIL_FAST" "FAIL_SLOW、FAIL_SKIP 或 FAIL_FAST";
    Status "status" "the span's status; for requests, the duplication's status when it was asked" "所在状态；对操作请求而言，是请求时热备份的状态";
    RemoteNameKnown "remote_name_known" "some line gives the follower table's name" "有日志给出了目标表的表名";
    RemoteNameDiffers "remote_name_differs" "the follower table has another name than the source table" "目标表与源表不同名";
    AskedForSourceName "asked_for_source_name" "the lines about the follower table ask for the source table's name" "关于目标表的日志是用源表的表名查询的";
    RemoteReplicaCount "remote_replica_count" "replica count of the follower table" "目标表的副本数";
    RemoteCountKnown "remote_count_known" "some line tells the follower table's replica count" "有日志给出了目标表的副本数";
    PartitionCount "partition_count" "number of partitions" "分片数";
    SpanSeconds "span_seconds" "how long the status has lasted" "该状态持续的时间";
    Current "current" "the span is the last one" "这是最后一个状态";
    MovedOn "moved_on" "a later change of status followed the span" "之后又发生了状态变化";
    Restored "restored" "a new meta leader restored the duplication within the span" "该状态期间有新的元数据服务器 leader 恢复了此热备份";
    VisitsSinceRestore "visits_since_restore" "`replica checkpoint still running` lines since then" "恢复之后 `replica checkpoint still running` 的行数";
    ChecksSinceRestore "checks_since_restore" "create, mark and check lines since then" "恢复之后创建、标记、检查目标表的行数";
    KConstantFor "k_constant_for" "how long k of `replica checkpoint still running: k/n` has stood still" "`replica checkpoint still running: k/n` 中 k 不变的时间";
    KGrew "k_grew" "k grew within the span" "该状态期间 k 有增长";
    K "k" "the last k" "最后一个 k";
    SilentFor "silent_for" "time without any line about the duplication while its meta server's log goes on" "元数据服务器日志仍在继续、却没有此热备份任何日志的时间";
    TransportErrorBeforeExist "transport_error_before_exist" "a create request got no answer before the first ERR_APP_EXIST" "第一次 ERR_APP_EXIST 之前有建表请求没有得到应答";
    ExistFirst "exist_first" "ERR_APP_EXIST was the first answer to a create request, and the span's beginning is in the logs" "建表请求的第一个应答就是 ERR_APP_EXIST，且日志包含该状态的开头";
    Checks "checks" "failed create and check lines in the span" "该状态期间建表与检查失败的行数";
    LastCheckErr "last_check_err" "the newest query_err" "最近的 query_err";
    LastCreateErr "last_create_err" "the newest create_err" "最近的 create_err";
    SpanStartSeen "span_start_seen" "the change into this status is in the logs" "日志包含进入该状态的变化";
    AddedInLogs "added_in_logs" "the add_dup is in the logs" "日志包含 add_dup";
    OnlyAnswered "only_answered" "no log tells of it, only what servers answered when they were asked" "没有日志提及，只有查询得到的应答";
    WithCheckpoint "with_checkpoint" "a full duplication" "带检查点的全量热备份";
    ConfirmedStalledFor "confirmed_stalled_for" "how long a partition's confirmed decree has stood still although there is something to ship" "仍有数据要发送、而某个分片的 confirmed decree 不变的时间";
    LaggingPartitions "lagging_partitions" "number of such partitions" "此类分片的个数";
    NeverConfirmedPartitions "never_confirmed_partitions" "partitions that have confirmed nothing yet" "尚无任何确认的分片个数";
    LaggingList "lagging_list" "indices of such partitions" "这些分片的编号";
    LaggingSince "lagging_since" "since when the first of them has lagged" "其中最早的一个从何时起落后";
    GapPerMinute "gap_per_minute" "decrees by which the gap grows in a minute; negative when it shrinks" "差距每分钟增加的 decree 数，缩小时为负";
    GapClosedIn "gap_closed_in" "when the gap will be closed at the present rate" "按当前速度多久能追上";
    Age "age" "time since the duplication was added" "添加热备份至今的时间";
    PendingMutations "pending_mutations" "mutations that replica servers answered as not confirmed yet" "副本服务器回答的未确认写入条数";
    PendingStandingFor "pending_standing_for" "how long such a number has not fallen, of the partition where it is longest" "该条数没有下降的时间，取最久的分片";
    Contradicted "contradicted" "what an answer says otherwise than the logs: status, duplication, remote_app_name or remote_replica_count" "查询结果与日志不一致的内容：status、duplication、remote_app_name 或 remote_replica_count";
    AnswerSays "answer_says" "what the answer says of it" "查询结果中的值";
    LogsSay "logs_say" "what the logs say of it" "日志中的值";
    NotFoundFromTheStart "not_found_from_the_start" "the first check of the follower's table was answered ERR_OBJECT_NOT_FOUND, right after the table was created" "建表后第一次检查就返回 ERR_OBJECT_NOT_FOUND";
    DecreeGap "decree_gap" "last committed minus confirmed decree, over all partitions" "所有分片的 last committed decree 与 confirmed decree 之差";
    ConfirmedWentBack "confirmed_went_back" "a partition's confirmed decree decreased" "某个分片的 confirmed decree 变小";
    SourceIsFollower "source_is_follower" "the source table was itself made as a follower" "源表本身是作为目标表创建的";
    OwnMaster "own_master" "the cluster and table whose follower the source table was made as" "源表作为目标表创建时所跟随的集群和表";
    BothDirections "both_directions" "the follower's table is duplicated back to the source table, too" "目标表也在向源表做热备份";
    OldMasterAsked "old_master_asked" "the follower was created for, or copies from, the source table's own old master" "目标表是按源表自己旧的主集群创建的，或正从那里拷贝";
    Vanished "vanished" "known before a meta restore and never mentioned after it" "元数据恢复之前存在，之后再未出现";
    ZkStatusMayBeInit "zk_status_may_be_init" "ZooKeeper may hold DS_INIT for it" "ZooKeeper 中可能仍是 DS_INIT";
    LostDecrees "lost_decrees" "decrees that the proving lines say were never shipped" "相关日志表明从未发送的 decree 个数";
    LostPartitions "lost_partitions" "partitions that they are of" "这些 decree 所属的分片个数";
    Gpids "gpids" "number of partitions that the proving lines name" "相关日志涉及的分片个数";
    Nodes "nodes" "number of servers that the proving lines come from" "相关日志来自的服务器个数";
    Peers "peers" "number of servers that the proving lines complain of" "相关日志抱怨的服务器个数";
    Request "request" "add or modify" "添加或变更";
    Answered "answered" "the request had its effect" "请求已生效";
    Existing "existing" "the duplication was there before the request" "请求之前该热备份已存在";
    ToStatus "to_status" "the status asked for" "请求的状态";
    ToFailMode "to_fail_mode" "the fail mode asked for" "请求的 fail mode";
    Role "role" "meta or replica" "meta 或 replica";
    LogGap "log_gap" "the longest stretch between two files without a line" "相邻两个文件之间没有日志的最长时间";
    ClockJump "clock_jump" "by how much the clock went backwards" "时钟倒退的幅度";
    ClockDiffers "clock_differs" "by how much the clock differs at least from those of the source's meta servers" "该服务器的时钟与源集群元数据服务器至少相差多少";
    Restarts "restarts" "ends of the process after which it came back, or did not" "进程退出的次数，无论之后是否重启";
    UnknownAborts "unknown_aborts" "of these, by a line of level F that no event has a name for" "其中因未知的 F 级日志而退出的次数";
    Down "down" "the process ended by such a line and did not come back" "进程因 F 级日志退出后没有再启动";
    InfoLines "info_lines" "lines of the ordinary level are there" "有普通级别的日志";
    ZkTimeouts "zk_timeouts" "time-outs of the meta storage" "元数据存储超时次数";
    StartsMidway "starts_midway" "the log does not begin with the start of a process" "日志不是从进程启动开始";
    Followed "followed" "watch looks whether the log grows; false when it cannot any more" "watch 正在监视该日志；无法继续监视时为 false";
    QuietFor "quiet_for" "how long a log that is followed has had no line at all" "被监视的日志没有任何新内容的时长";
    SyncQuietFor "sync_quiet_for" "how long a meta server's log that is followed goes on without a line of a duplication sync" "被监视的元数据服务器日志仍在继续、但没有热备份同步相关内容的时长";
    Drifted "drifted" "lines whose anchor is known but that do not parse" "属于已知内容、但措辞无法解析的行数";
    Damaged "damaged" "bytes are missing or wrong" "有字节缺失或损坏";
    Damage "damage" "what is wrong with the bytes" "字节损坏的情况";
    Lines "lines" "number of lines" "行数";
    Events "events" "number of recognised events" "识别出的事件数";
}

impl fmt::Display for FactName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl PartialOrd for FactName {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// By name, as `explain` lists them.
impl Ord for FactName {
    fn cmp(&self, other: &Self) -> Ordering {
        self.name().cmp(other.name())
    }
}

impl<'de> Deserialize<'de> for FactName {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        Self::from_name(&name).ok_or_else(|| serde::de::Error::custom(format!("unknown fact {name:?}")))
    }
}

/// The value of a fact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fact {
    /// Yes or no.
    Bool(bool),
    /// A number.
    Int(i64),
    /// A length of time.
    Duration(TimeDelta),
    /// A name.
    Text(String),
}

impl From<bool> for Fact {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<i64> for Fact {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}

impl From<u64> for Fact {
    fn from(value: u64) -> Self {
        Self::Int(i64::try_from(value).unwrap_or(i64::MAX))
    }
}

impl From<usize> for Fact {
    fn from(value: usize) -> Self {
        Self::from(value as u64)
    }
}

impl From<TimeDelta> for Fact {
    fn from(value: TimeDelta) -> Self {
        Self::Duration(value)
    }
}

impl From<String> for Fact {
    fn from(value: String) -> Self {
        Self::Text(value)
    }
}

impl From<&str> for Fact {
    fn from(value: &str) -> Self {
        Self::Text(value.to_owned())
    }
}

/// Facts by name; one that is not known is missing.
#[derive(Debug, Clone, Default)]
pub struct Facts(BTreeMap<FactName, Fact>);

impl Facts {
    pub(crate) fn put(&mut self, name: FactName, value: impl Into<Fact>) {
        self.0.insert(name, value.into());
    }

    /// Leaves a fact out that is not known.
    pub(crate) fn put_known(&mut self, name: FactName, value: Option<impl Into<Fact>>) {
        self.0.extend(value.map(|value| (name, value.into())));
    }

    /// Only where nothing better is known.
    pub(crate) fn put_missing(&mut self, name: FactName, value: impl Into<Fact>) {
        self.0.entry(name).or_insert_with(|| value.into());
    }

    /// Adds all of others.
    pub fn extend(&mut self, others: Self) {
        self.0.extend(others.0);
    }

    /// The names and what they are.
    pub fn iter(&self) -> impl Iterator<Item = (FactName, &Fact)> {
        self.0.iter().map(|(name, fact)| (*name, fact))
    }

    /// A fact.
    #[must_use]
    pub fn get(&self, name: FactName) -> Option<&Fact> {
        self.0.get(&name)
    }

    /// A number.
    #[must_use]
    pub fn int(&self, name: FactName) -> Option<i64> {
        if let Some(Fact::Int(n)) = self.get(name) { Some(*n) } else { None }
    }

    /// A length of time.
    #[must_use]
    pub fn duration(&self, name: FactName) -> Option<TimeDelta> {
        if let Some(Fact::Duration(delta)) = self.get(name) { Some(*delta) } else { None }
    }

    /// A name.
    #[must_use]
    pub fn text(&self, name: FactName) -> Option<&str> {
        if let Some(Fact::Text(text)) = self.get(name) { Some(text) } else { None }
    }
}
