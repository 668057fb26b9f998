//! Generated logs of a meta server: any size, any share of duplication lines, any number of duplications.

#[path = "../../tests/support/random.rs"]
mod random;

use random::Random;
use std::io::{self, Write};

/// What to generate.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Shape {
    /// Bytes, about.
    pub(crate) bytes: u64,
    /// Of a thousand lines so many concern duplication.
    pub(crate) per_mille: u32,
    /// Number of duplications, all of them stuck.
    pub(crate) duplications: u32,
}

impl Default for Shape {
    fn default() -> Self {
        Self { bytes: 64 << 20, per_mille: 5, duplications: 20 }
    }
}

/// Writes a log of that shape in the dialect of v2.5.0; the same shape gives the same bytes.
pub(crate) fn write(shape: Shape, out: &mut dyn Write) -> io::Result<u64> {
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let mut at = 1_716_542_517_000_000_000_i64;
    let (mut written, mut line, mut turn) = (0, Vec::with_capacity(512), 0_u32);
    for dup in 0..shape.duplications {
        for text in story(dup) {
            at += 1_000_000;
            written += put(out, &mut line, at, 'I', "meta.meta_state0.0203000000000083", &text)?;
        }
    }
    while written < shape.bytes {
        at += 3_000_000 + i64::try_from(random.below(4_000_000)).unwrap_or(0);
        if random.below(1000) < u64::from(shape.per_mille) && shape.duplications > 0 {
            turn = (turn + 1) % shape.duplications;
            let (level, text) = stuck(turn);
            written += put(out, &mut line, at, level, "meta.meta_state0.0203000000000083", &text)?;
        } else {
            let (level, context, text) = ordinary(&mut random, at);
            written += put(out, &mut line, at, level, context, &text)?;
        }
    }
    Ok(written)
}

fn put(out: &mut dyn Write, line: &mut Vec<u8>, at: i64, level: char, context: &str, text: &str) -> io::Result<u64> {
    line.clear();
    let seconds = at / 1_000_000_000 + 8 * 3600;
    let (hour, minute, second) = (seconds / 3600 % 24, seconds / 60 % 60, seconds % 60);
    let day = 24 + (seconds / 86_400 - 19_867) % 5;
    writeln!(line, "{level}2024-05-{day:02} {hour:02}:{minute:02}:{second:02}.{} ({at} 29604)   {context}: {text}", at / 1_000_000 % 1000)?;
    out.write_all(line)?;
    Ok(line.len() as u64)
}

fn story(dup: u32) -> [String; 4] {
    let (app, id) = (dup + 2, 1_716_542_517);
    [
        format!(
            "meta_duplication_service.cpp:159:add_duplication(): add duplication for app(table_{dup}), remote cluster name is beijing_dr"
        ),
        format!(
            "meta_duplication_service.cpp:227:operator()(): [a{app}d{id}] add duplication successfully [app_name: table_{dup}, follower: beijing_dr]"
        ),
        format!(
            "duplication_info.cpp:172:persist_status(): [a{app}d{id}] change duplication status from DS_INIT to DS_PREPARE successfully [app_id: {app}]"
        ),
        format!(
            "duplication_info.cpp:172:persist_status(): [a{app}d{id}] change duplication status from DS_PREPARE to DS_APP successfully [app_id: {app}]"
        ),
    ]
}

fn stuck(dup: u32) -> (char, String) {
    (
        'E',
        format!(
            "meta_duplication_service.cpp:481:operator()(): query follower app[beijing_dr.table_{dup}] replica configuration completed, result: duplication_status = DS_APP, query_err = ERR_OBJECT_NOT_FOUND, update_err = ERR_NO_NEED_OPERATE"
        ),
    )
}

/// Lines that a quiet meta server writes all day.
fn ordinary(random: &mut Random, at: i64) -> (char, &'static str, String) {
    let (node, port, gpid) = (random.below(9), 34_801 + random.below(3), random.below(64));
    let ms = at / 1_000_000;
    match random.below(8) {
        0 | 1 => (
            'I',
            "meta.fd0.0201000000000005",
            format!(
                "meta_server_failure_detector.cpp:290:on_ping(): on_ping, beacon send time[{ms}], is_master(true), from_node(10.21.4.2{node}:{port}), this_node(10.21.4.11:34601), primary_node(10.21.4.11:34601)"
            ),
        ),
        2 | 3 => (
            'I',
            "meta.fd1.020018c500010001",
            format!("failure_detector.cpp:351:on_ping_internal(): master 10.21.4.2{node}:{port} update last_beacon_recv_time={ms}"),
        ),
        4 => (
            'I',
            "meta.meta_state0.0202000000000005",
            format!(
                "server_state.cpp:790:on_config_sync(): got config sync request from 10.21.4.2{node}:{port}, stored_replicas_count({gpid})"
            ),
        ),
        5 => (
            'I',
            "meta.io-thrd.29580",
            format!(
                "network.cpp:738:on_server_session_disconnected(): session 10.21.4.11:5{gpid:04} disconnected, the total client sessions count remains {node}"
            ),
        ),
        6 => (
            'I',
            "meta.meta_state0.020100000000000b",
            format!("app_balance_policy.cpp:159:can_continue(): table_{node}({gpid}): stop copy secondary coz it will be balanced later"),
        ),
        _ => (
            'I',
            "meta.meta_state0.0202000100000011",
            format!(
                "server_state.cpp:1640:update_configuration_locally(): meta update config ok: type(CT_UPGRADE_TO_SECONDARY), old_config=partition_configuration(pid={gpid}.{node}, ballot={gpid}, max_replica_count=3, primary=10.21.4.2{node}:{port}, secondaries=[], last_drops=[], last_committed_decree={ms}, partition_flags=0)"
            ),
        ),
    }
}
