//! What watching costs: bytes a second through a pipe on one core, and memory after a day of 1,000 duplications.
#![expect(clippy::expect_used, clippy::print_stdout, reason = "a bench may fail loudly, and says what it found")]

mod logs;

use logs::Shape;
use std::io::{BufWriter, Write};
use std::process::{Child, Command, Stdio};
use std::time::Instant;

/// Bytes for the throughput.
const BYTES: u64 = 2 << 30;

/// Duplications of the day.
const DUPLICATIONS: u32 = 1000;

/// The first moment of the day, in seconds.
const MORNING: i64 = 1_716_480_000;

fn main() {
    for (name, per_mille, duplications) in [("0.5 % about duplications", 5, 20), ("20 %", 200, 1000)] {
        let mut text = Vec::new();
        logs::write(Shape { bytes: 64 << 20, per_mille, duplications }, &mut text).expect("memory");
        let mut child = watcher();
        let begin = Instant::now();
        let mut pipe = child.stdin.take().expect("a pipe");
        // The duplications are added once.
        let added = memchr::memchr_iter(b'\n', &text).nth(4 * duplications as usize - 1).map_or(0, |n| n + 1);
        pipe.write_all(&text).expect("it reads");
        for _ in 1..BYTES / text.len() as u64 {
            pipe.write_all(&text[added..]).expect("it reads");
        }
        let (seconds, memory) = (begin.elapsed().as_secs_f64(), peak(&child));
        drop(pipe);
        child.wait().expect("it ends");
        #[expect(clippy::cast_precision_loss, reason = "a rate has no more digits")]
        let rate = BYTES as f64 / seconds / 1e6;
        println!("{name}: {rate:.0} MB/s through a pipe on one core, {memory} MB at most");
    }
    let mut child = watcher();
    let begin = Instant::now();
    let lines = day(&mut BufWriter::with_capacity(1 << 20, child.stdin.as_mut().expect("a pipe"))).expect("it reads");
    let memory = peak(&child);
    drop(child.stdin.take());
    child.wait().expect("it ends");
    println!("a day of {DUPLICATIONS} duplications, {lines} lines: {memory} MB at most, read in {:.1} s", begin.elapsed().as_secs_f64());
}

/// A watcher that reads a pipe, on one core where `taskset` is there.
fn watcher() -> Child {
    let program = env!("CARGO_BIN_EXE_dupdoctor");
    let mut command = Command::new("taskset");
    command.args(["-c", "0", program]);
    if Command::new("taskset").arg("-V").output().is_err() {
        command = Command::new(program);
    }
    command.args(["watch", "-", "--threads", "1", "-q"]).stdin(Stdio::piped()).stdout(Stdio::null());
    command.spawn().expect("the program")
}

/// The most memory that it has used, in MB; nothing where the system does not tell.
fn peak(child: &Child) -> u64 {
    // What waits in the pipe and in the program is read first.
    std::thread::sleep(std::time::Duration::from_secs(3));
    let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap_or_default();
    let line = status.lines().find(|l| l.starts_with("VmHWM")).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|kb| kb.parse::<u64>().ok()).unwrap_or(0) / 1024
}

/// A day of a meta server: every duplication is reported every 5 minutes, some are stuck, some change their status.
fn day(out: &mut dyn Write) -> std::io::Result<u64> {
    let mut lines = 0;
    let mut put = |at: i64, level: char, text: &str| {
        lines += 1;
        let clock = at / 1_000_000_000 + 8 * 3600;
        let (hour, minute, second) = (clock / 3600 % 24, clock / 60 % 60, clock % 60);
        let ms = at / 1_000_000 % 1000;
        writeln!(out, "{level}2024-05-24 {hour:02}:{minute:02}:{second:02}.{ms} ({at} 29604)   meta.meta_state0.0203000000000083: {text}")
    };
    for second in 0..86_400_i64 {
        let at = (MORNING + second) * 1_000_000_000;
        for n in 0..10 {
            let text = format!(
                "failure_detector.cpp:351:on_ping_internal(): master 10.21.4.2{n}:34801 update last_beacon_recv_time={}",
                at / 1_000_000 + n
            );
            put(at + n * 1000, 'I', &text)?;
        }
        for dup in 0..DUPLICATIONS {
            let id = MORNING - 1000 + i64::from(dup);
            let at = at + 1_000_000 + i64::from(dup);
            if second == i64::from(dup % 300) {
                put(at, 'I', &change(dup, id, "DS_INIT", "DS_PREPARE"))?;
                put(at + 1, 'I', &change(dup, id, "DS_PREPARE", "DS_APP"))?;
            }
            let stuck = dup < 20;
            // Each sync of each of three replica servers checks it.
            if stuck && second % 3 == i64::from(dup % 3) && second > 300 {
                let text = format!(
                    "meta_duplication_service.cpp:481:operator()(): query follower app[beijing_dr.table_{dup}] replica configuration completed, result: duplication_status = DS_APP, query_err = ERR_OBJECT_NOT_FOUND, update_err = ERR_NO_NEED_OPERATE"
                );
                put(at, 'E', &text)?;
            }
            if !stuck && second == 300 + i64::from(dup) * 60 {
                put(at, 'I', &change(dup, id, "DS_APP", "DS_LOG"))?;
            }
            if second % 300 == i64::from(dup % 300) && second > 300 {
                let moving = second / 10 + i64::from(dup);
                let decrees: Vec<String> = (0..8).map(|p| format!("\"{p}\":{}", moving + p)).collect();
                let status = if stuck || second < 300 + i64::from(dup) * 60 { "DS_APP" } else { "DS_LOG" };
                let text = format!(
                    "duplication_info.cpp:203:report_progress_if_time_up(): duplication report: {{\"create_ts\":\"2024-05-24 00:00:00\",\"dupid\":{id},\"fail_mode\":\"FAIL_SLOW\",\"progress\":{{{}}},\"remote\":\"beijing_dr\",\"status\":\"{status}\"}}",
                    decrees.join(",")
                );
                put(at + 2, 'I', &text)?;
            }
        }
    }
    out.flush()?;
    Ok(lines)
}

fn change(dup: u32, id: i64, from: &str, to: &str) -> String {
    let app = dup + 2;
    format!(
        "duplication_info.cpp:172:persist_status(): [a{app}d{id}] change duplication status from {from} to {to} successfully [app_id: {app}]"
    )
}
