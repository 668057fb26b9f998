//! What the named facts mean, in Chinese; the English stands with the facts.

use crate::signature::Lang;
use crate::timeline::FACTS;

/// A fact's meaning; in English when nobody has translated it yet.
pub(super) fn meaning(lang: Lang, name: &str) -> Option<&'static str> {
    let find = |table: &[(&str, &'static str)]| table.iter().find(|(known, _)| *known == name).map(|(_, text)| *text);
    match lang {
        Lang::En => find(FACTS),
        Lang::Zh => find(CHINESE).or_else(|| find(FACTS)),
    }
}

const CHINESE: &[(&str, &str)] = &[
    ("app_name", "源表"),
    ("remote_app_name", "目标表"),
    ("remote_cluster", "目标集群"),
    ("fail_mode", "FAIL_SLOW、FAIL_SKIP 或 FAIL_FAST"),
    ("status", "所在状态；对操作请求而言，是请求时热备份的状态"),
    ("remote_name_known", "有日志给出了目标表的表名"),
    ("remote_name_differs", "目标表与源表不同名"),
    ("asked_for_source_name", "关于目标表的日志是用源表的表名查询的"),
    ("remote_replica_count", "目标表的副本数"),
    ("remote_count_known", "有日志给出了目标表的副本数"),
    ("partition_count", "分片数"),
    ("span_seconds", "该状态持续的时间"),
    ("current", "这是最后一个状态"),
    ("moved_on", "之后又发生了状态变化"),
    ("restored", "该状态期间有新的元数据服务器 leader 恢复了此热备份"),
    ("visits_since_restore", "恢复之后 `replica checkpoint still running` 的行数"),
    ("checks_since_restore", "恢复之后创建、标记、检查目标表的行数"),
    ("k_constant_for", "`replica checkpoint still running: k/n` 中 k 不变的时间"),
    ("k_grew", "该状态期间 k 有增长"),
    ("k", "最后一个 k"),
    ("silent_for", "元数据服务器日志仍在继续、却没有此热备份任何日志的时间"),
    ("transport_error_before_exist", "第一次 ERR_APP_EXIST 之前有建表请求没有得到应答"),
    ("exist_first", "建表请求的第一个应答就是 ERR_APP_EXIST，且日志包含该状态的开头"),
    ("checks", "该状态期间建表与检查失败的行数"),
    ("last_check_err", "最近的 query_err"),
    ("last_create_err", "最近的 create_err"),
    ("span_start_seen", "日志包含进入该状态的变化"),
    ("only_answered", "没有日志提及，只有查询得到的应答"),
    ("added_in_logs", "日志包含 add_dup"),
    ("with_checkpoint", "带检查点的全量热备份"),
    ("confirmed_stalled_for", "仍有数据要发送、而某个分片的 confirmed decree 不变的时间"),
    ("lagging_partitions", "此类分片的个数"),
    ("never_confirmed_partitions", "尚无任何确认的分片个数"),
    ("lagging_list", "这些分片的编号"),
    ("lagging_since", "其中最早的一个从何时起落后"),
    ("gap_per_minute", "差距每分钟增加的 decree 数，缩小时为负"),
    ("gap_closed_in", "按当前速度多久能追上"),
    ("age", "添加热备份至今的时间"),
    ("pending_mutations", "副本服务器回答的未确认写入条数"),
    ("pending_standing_for", "该条数没有下降的时间，取最久的分片"),
    ("contradicted", "查询结果与日志不一致的内容：status、duplication、remote_app_name 或 remote_replica_count"),
    ("answer_says", "查询结果中的值"),
    ("logs_say", "日志中的值"),
    ("not_found_from_the_start", "建表后第一次检查就返回 ERR_OBJECT_NOT_FOUND"),
    ("decree_gap", "所有分片的 last committed decree 与 confirmed decree 之差"),
    ("confirmed_went_back", "某个分片的 confirmed decree 变小"),
    ("source_is_follower", "源表本身是作为目标表创建的"),
    ("own_master", "源表作为目标表创建时所跟随的集群和表"),
    ("both_directions", "目标表也在向源表做热备份"),
    ("old_master_asked", "目标表是按源表自己旧的主集群创建的，或正从那里拷贝"),
    ("vanished", "元数据恢复之前存在，之后再未出现"),
    ("zk_status_may_be_init", "ZooKeeper 中可能仍是 DS_INIT"),
    ("lost_decrees", "相关日志表明从未发送的 decree 个数"),
    ("lost_partitions", "这些 decree 所属的分片个数"),
    ("gpids", "相关日志涉及的分片个数"),
    ("nodes", "相关日志来自的服务器个数"),
    ("peers", "相关日志抱怨的服务器个数"),
    ("request", "添加或变更"),
    ("answered", "请求已生效"),
    ("existing", "请求之前该热备份已存在"),
    ("to_status", "请求的状态"),
    ("to_fail_mode", "请求的 fail mode"),
    ("role", "meta 或 replica"),
    ("followed", "watch 正在监视该日志；无法继续监视时为 false"),
    ("quiet_for", "被监视的日志没有任何新内容的时长"),
    ("sync_quiet_for", "被监视的元数据服务器日志仍在继续、但没有热备份同步相关内容的时长"),
    ("log_gap", "相邻两个文件之间没有日志的最长时间"),
    ("clock_jump", "时钟倒退的幅度"),
    ("clock_differs", "该服务器的时钟与源集群元数据服务器至少相差多少"),
    ("restarts", "进程退出的次数，无论之后是否重启"),
    ("unknown_aborts", "其中因未知的 F 级日志而退出的次数"),
    ("down", "进程因 F 级日志退出后没有再启动"),
    ("info_lines", "有普通级别的日志"),
    ("zk_timeouts", "元数据存储超时次数"),
    ("starts_midway", "日志不是从进程启动开始"),
    ("drifted", "属于已知内容、但措辞无法解析的行数"),
    ("damaged", "有字节缺失或损坏"),
    ("damage", "字节损坏的情况"),
    ("lines", "行数"),
    ("events", "识别出的事件数"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fact_is_translated_and_no_other() {
        for (name, _) in FACTS {
            assert!(CHINESE.iter().any(|(known, _)| known == name), "{name} needs a meaning in Chinese");
        }
        for (name, _) in CHINESE {
            assert!(FACTS.iter().any(|(known, _)| known == name), "{name} is no fact any more");
        }
    }
}
