//! The steps to take in order, with the commands filled in, until the duplication ships.

use super::build::since;
use super::case::Case;
use super::suggestion;
use super::words::Advice;
use crate::answer::Tool;
use crate::config::addresses;
use crate::pegasus::Side::{Source, Target};
use crate::report::Suggestion;
use crate::signature::{Command, Lang, Placeholders};

/// One step in both languages.
fn step(en: &str, zh: &str, commands: &[(&str, String)]) -> Advice {
    let commands = commands.iter().map(|(at, run)| Command { at: (*at).to_owned(), run: run.clone() }).collect();
    Advice { en: en.to_owned(), zh: zh.to_owned(), commands }
}

/// The steps; `failing` says that something has to be mended first.
pub(super) fn steps(case: &Case<'_>, lang: Lang, values: &Placeholders, failing: bool) -> Vec<Suggestion> {
    let full = case.is_full() != Some(false);
    let mut all = Vec::new();
    if failing {
        all.push(step(
            "Mend what failed above first, restart the servers concerned one by one, and check again.",
            "先解决上面未通过的检查，逐台重启相关服务器，然后重新检查。",
            &[],
        ));
    }
    all.push(reach(case, full));
    all.push(calm(full));
    all.push(look(full));
    all.push(add(case));
    all.push(step(
        "Look at the detailed state at once: the answer of add_dup says only that it was stored. Note the dupid.",
        "立即查看详细状态：add_dup 的答复只说明已保存。记下 dupid。",
        &[
            ("source-shell", "query_dup {app_name} -d".to_owned()),
            ("source-meta-host", "curl 'http://<source meta leader>:34601/meta/app/duplication?name={app_name}'".to_owned()),
        ],
    ));
    if full {
        all.push(prepare(case));
        all.push(copy(case));
    }
    all.push(ship());
    all.push(step(
        "Once it is in DS_LOG and what waits no longer grows, give both clusters their level back. Before removing it one day: pause_dup, wait more than one sync period (10 s), then remove_dup.",
        "进入 DS_LOG 且待发送量不再增长后，恢复两个集群的级别。日后删除时：先 pause_dup，等待一个以上同步周期（10 秒），再 remove_dup。",
        &[("source-shell", "set_meta_level lively".to_owned()), ("target-shell", "set_meta_level lively".to_owned())],
    ));
    all.iter().map(|one| suggestion(one, lang, values)).collect()
}

/// `nc -zv host port` for each of a list.
fn probes(list: Option<String>, otherwise: &str) -> Vec<String> {
    /// Enough to show how.
    const MOST: usize = 5;
    let found = list.map(|list| addresses(&list).0).unwrap_or_default();
    if found.is_empty() {
        return vec![otherwise.to_owned()];
    }
    found.iter().take(MOST).map(|a| format!("nc -zv {} {}", a.host, a.port)).collect()
}

fn reach(case: &Case<'_>, full: bool) -> Advice {
    use super::case::Who;
    let entry = |side, section: &str, key: &str| case.entry(side, Who::Any, section, key).map(|(_, e)| e.value.clone());
    let target = case.target.as_ref().and_then(|name| entry(Source, "pegasus.clusters", name));
    let source =
        entry(Source, "meta_server", "server_list").or_else(|| case.cluster_info(Source, "meta_servers").map(|(_, l)| l.to_owned()));
    let nodes = |side| case.nodes(side).map(|(_, n)| n.iter().map(|n| n.address.clone()).collect::<Vec<_>>().join(","));
    let mut commands: Vec<(&str, String)> = Vec::new();
    let mut take = |at: &'static str, probes: Vec<String>| commands.extend(probes.into_iter().map(|run| (at, run)));
    take("source-meta-host", probes(target, "nc -zv <each target meta> 34601"));
    take("source-replica-host", probes(nodes(Target), "nc -zv <each target replica> 34801"));
    if full {
        take("target-replica-host", probes(source, "nc -zv <each source meta> 34601"));
        take("target-replica-host", probes(nodes(Source), "nc -zv <each source replica> 34801"));
    }
    step(
        "Try the ways that the data goes: from the source's servers to the target's meta and replica servers, and for a full duplication from the target's replica servers to the source's meta and replica servers.",
        "测试数据经过的网络路径：源集群服务器到目标集群的元数据和副本服务器；全量热备份还需要目标集群副本服务器到源集群的元数据和副本服务器。",
        &commands,
    )
}

fn calm(full: bool) -> Advice {
    let commands = [("source-shell", "set_meta_level steady".to_owned()), ("target-shell", "set_meta_level steady".to_owned())];
    if full {
        return step(
            "Keep both clusters calm until DS_LOG: no balancing, no restart of meta servers (in DS_APP it forgets that checkpoints are prepared, DUP321), no partition split (DUP306), no bulk load, no upgrade.",
            "在进入 DS_LOG 之前保持两个集群稳定：不做均衡、不重启元数据服务器（DS_APP 中重启会忘记检查点已就绪，DUP321）、不做分片分裂（DUP306）、不做批量导入、不升级。",
            &commands,
        );
    }
    step(
        "Keep both clusters calm until shipping has begun: no balancing, no partition split, no bulk load, no upgrade.",
        "在开始发送之前保持两个集群稳定：不做均衡、分片分裂、批量导入和升级。",
        &commands,
    )
}

fn look(full: bool) -> Advice {
    let commands = [
        ("source-shell", "app {app_name} -d".to_owned()),
        ("source-shell", "query_dup {app_name} -d".to_owned()),
        ("target-shell", "ls -d".to_owned()),
        ("target-shell", "nodes -d".to_owned()),
    ];
    if full {
        return step(
            "Look once more: the source table is whole, it has no duplication to {remote_cluster}, the target has no table {remote_app_name} and all its servers are alive.",
            "再确认一次：源表副本齐全、没有到 {remote_cluster} 的热备份、目标集群没有表 {remote_app_name} 且所有服务器存活。",
            &commands,
        );
    }
    step(
        "Look once more: the source table is whole, it has no duplication to {remote_cluster}, the target has the table {remote_app_name} and all its servers are alive.",
        "再确认一次：源表副本齐全、没有到 {remote_cluster} 的热备份、目标集群已有表 {remote_app_name} 且所有服务器存活。",
        &commands,
    )
}

fn add(case: &Case<'_>) -> Advice {
    let (at, run) = match &case.plan {
        Some(plan) if plan.tool == Tool::AdminCli => {
            let full = plan.with_checkpoint.map(|full| if full { " -p=true" } else { " -p=false" }).unwrap_or_default();
            ("source-admin-cli", format!("dup add -c {{remote_cluster}}{full}"))
        }
        Some(plan) => {
            let mut run = "add_dup {app_name} {remote_cluster}".to_owned();
            if plan.with_checkpoint == Some(true) {
                run.push_str(" -s");
            }
            if plan.freeze {
                run.push_str(" -f");
            }
            if let Some(name) = &plan.remote_app_name {
                run.push_str(" -a ");
                run.push_str(name);
            }
            if let Some(count) = plan.remote_replica_count {
                run.push_str(" -r ");
                run.push_str(&count.to_string());
            }
            ("source-shell", run)
        }
        None => ("source-shell", "add_dup <app_name> <remote_cluster> -s".to_owned()),
    };
    let mut commands = Vec::new();
    if at == "source-admin-cli" {
        commands.push((at, "use {app_name}".to_owned()));
    }
    commands.push((at, run));
    step("Add the duplication.", "添加热备份。", &commands)
}

fn prepare(case: &Case<'_>) -> Advice {
    let watch = [("source-meta-host", "dupdoctor watch <log directory of the source's meta servers>".to_owned())];
    if case.release.is_some_and(|r| r.has(since::CREATED_MARK) == Some(false)) {
        return step(
            "DS_PREPARE: the source makes checkpoints. 'replica checkpoint still running: k/n' is normal while k grows; more than 10 minutes with the same k is not (DUP200; partitions with no or one record, DUP211). In this release a create request that is not answered in time leaves ERR_APP_EXIST for ever: then drop the half-made {remote_app_name} on the target (DUP201).",
            "DS_PREPARE：源集群生成检查点。'replica checkpoint still running: k/n' 中 k 增长即为正常；10 分钟以上 k 不变则不正常（DUP200；分片无数据或只有一条数据时见 DUP211）。该版本中建表请求一旦超时，之后会一直返回 ERR_APP_EXIST：此时在目标集群删除未完成的 {remote_app_name}（DUP201）。",
            &watch,
        );
    }
    step(
        "DS_PREPARE: the source makes checkpoints. 'replica checkpoint still running: k/n' is normal while k grows; more than 10 minutes with the same k is not (DUP200).",
        "DS_PREPARE：源集群生成检查点。'replica checkpoint still running: k/n' 中 k 增长即为正常；10 分钟以上 k 不变则不正常（DUP200）。",
        &watch,
    )
}

fn copy(case: &Case<'_>) -> Advice {
    let renames = case.plan.as_ref().is_some_and(crate::answer::AddDup::renames);
    let commands = [("target-shell", "app {remote_app_name} -d".to_owned()), ("source-shell", "query_dup {app_name} -d".to_owned())];
    if renames {
        return step(
            "DS_APP: the target copies the checkpoints. ERR_INACTIVE_STATE and ERR_NOT_ENOUGH_MEMBER are normal while it does; watch {remote_app_name} fill there. ERR_OBJECT_NOT_FOUND is never normal: if the check asks for {app_name} instead of {remote_app_name}, the build has the bug of #2025 (DUP301).",
            "DS_APP：目标集群拷贝检查点。期间 ERR_INACTIVE_STATE 和 ERR_NOT_ENOUGH_MEMBER 属正常；在目标集群观察 {remote_app_name} 的进展。ERR_OBJECT_NOT_FOUND 一定不正常：如果检查时查询的是 {app_name} 而不是 {remote_app_name}，说明该版本有 #2025 的缺陷（DUP301）。",
            &commands,
        );
    }
    step(
        "DS_APP: the target copies the checkpoints. ERR_INACTIVE_STATE and ERR_NOT_ENOUGH_MEMBER are normal while it does; watch {remote_app_name} fill there. ERR_OBJECT_NOT_FOUND and ERR_INCONSISTENT_STATE are never normal (DUP302, DUP306).",
        "DS_APP：目标集群拷贝检查点。期间 ERR_INACTIVE_STATE 和 ERR_NOT_ENOUGH_MEMBER 属正常；在目标集群观察 {remote_app_name} 的进展。ERR_OBJECT_NOT_FOUND 和 ERR_INCONSISTENT_STATE 一定不正常（DUP302、DUP306）。",
        &commands,
    )
}

fn ship() -> Advice {
    step(
        "DS_LOG: writes are shipped. See on each source replica server that what is not confirmed stays flat; steady growth is a fault (DUP400, DUP404).",
        "DS_LOG：开始发送写入。在每台源集群副本服务器上确认未确认的数量保持平稳；持续增长即为故障（DUP400、DUP404）。",
        &[
            ("source-meta-host", "curl 'http://<source replica>:34801/replica/duplication?appid=<app id>'".to_owned()),
            ("source-meta-host", "dupdoctor watch <log directories of the source>".to_owned()),
        ],
    )
}
