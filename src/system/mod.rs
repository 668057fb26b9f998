//! What the machine tells of servers' processes: stacks, the kernel and systemd, Kubernetes, disks, clocks.
//!
//! Reading it cannot fail; what is not understood says nothing.

mod host;
mod mangled;
mod patterns;
mod pods;
mod process;
mod stack;

pub(crate) use stack::{Frame, Stack, stacks};

use crate::answer::When;
use std::collections::BTreeSet;

/// Something that a text tells of a process.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Sign {
    /// The line, from 1.
    pub(crate) line: u64,
    /// The line as it stands.
    pub(crate) text: String,
    /// The moment that it names.
    pub(crate) at: Option<When>,
    /// What it says, as a message of the table.
    pub(crate) body: String,
}

fn sign(line: u64, text: &str, at: Option<When>, body: String) -> Sign {
    Sign { line, text: text.trim().to_owned(), at, body }
}

/// All that a text tells, in its order; what it says again is left out.
pub(crate) fn signs(lines: &[String]) -> Vec<Sign> {
    let numbered = (1..).zip(lines);
    let mut all: Vec<Sign> =
        numbered.filter_map(|(number, line)| process::of_line(number, line).or_else(|| host::of_line(number, line))).collect();
    all.extend(pods::ends(lines));
    let mut told = BTreeSet::new();
    all.retain(|sign| told.insert((sign.body.clone(), sign.at)));
    for (number, stack) in stacks(lines).into_iter().enumerate() {
        let state = if stack.crashed { "crashed" } else { "running" };
        for (depth, frame) in stack.frames.into_iter().enumerate() {
            let body = format!("frame {depth} of stack {number} of a process, {state}: {}", frame.function);
            all.push(sign(frame.line, &frame.text, None, body));
        }
    }
    all.sort_by_key(|sign| sign.line);
    all
}

/// What processes say of themselves when they die, where nothing else of a log is there.
pub(crate) fn last_words(lines: &[String]) -> Vec<Sign> {
    (1..).zip(lines).filter_map(|(number, line)| process::last_words(number, line)).collect()
}

/// What lines hold that are worth to be read, beside frames.
pub(crate) const WORTH: &[&str] = &["segfault at", "illed process", "oom-kill", "code=killed", "code=dumped", "dumped core"];

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str) -> Vec<String> {
        let lines: Vec<String> = text.lines().map(str::to_owned).collect();
        signs(&lines).into_iter().map(|sign| sign.body.replace("machine: ", "")).collect()
    }

    #[test]
    fn the_kernel_and_systemd_tell_of_our_processes_only() {
        for (line, body) in [
            (
                "[Tue Nov 12 15:32:39 2024] meta.meta_stat[681978]: segfault at 40 ip 00007faa351ea839 sp 00007faa0d48abc0 error 4 in libdsn_utils.so[7faa35124000+115000]",
                "process meta.meta_stat pid 681978 on localhost got signal SEGV in libdsn_utils.so",
            ),
            (
                "Nov 12 15:32:39 host7 kernel: traps: replica.replica[4711] general protection fault ip:7fd0 sp:7fd1 error:0 in libdsn_replica_server.so[7fd0+1000]",
                "process replica.replica pid 4711 on host7 got signal SEGV in libdsn_replica_server.so",
            ),
            (
                "[ 7.1] Out of memory: Killed process 4711 (pegasus_server) total-vm:1kB",
                "process pegasus_server pid 4711 on localhost was killed for want of memory",
            ),
            (
                "[Tue Nov 12 15:32:39 2024] Memory cgroup out of memory: Kill process 4711 (pegasus_server) score 1998 or sacrifice child",
                "process pegasus_server pid 4711 on localhost was killed for want of memory",
            ),
            (
                "2024-11-12T15:32:39+0800 host7 kernel: oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),task=pegasus_server,pid=4711,uid=0",
                "process pegasus_server pid 4711 on host7 was killed for want of memory",
            ),
            (
                "Nov 12 15:32:39 host7 systemd[1]: pegasus-replica.service: Main process exited, code=dumped, status=11/SEGV",
                "process pegasus-replica.service pid unknown on host7 got signal SEGV in its own code",
            ),
            (
                "Nov 12 15:32:39 host7 systemd-coredump[9]: Process 4711 (pegasus_server) of user 1000 dumped core.",
                "process pegasus_server pid 4711 on host7 got signal that dumps core in its own code",
            ),
        ] {
            assert_eq!(said(line), [body], "{line}");
        }
        for line in [
            "[1.2] nginx[17]: segfault at 40 ip 00007faa sp 00007faa error 4 in libc.so[7faa+1]",
            "Out of memory: Killed process 4711 (java) total-vm:1kB",
            "host7 systemd[1]: pegasus-replica.service: Main process exited, code=killed, status=15/TERM",
            "host7 systemd[1]: nginx.service: Main process exited, code=dumped, status=11/SEGV",
            "pegasus_server invoked oom-killer: gfp_mask=0x0",
        ] {
            assert!(said(line).is_empty(), "{line}");
        }
    }

    #[test]
    fn kubernetes_tells_how_a_container_ended() {
        let body = "process of container replica in pod pegasus-replica-0 ended with exit code 137, reason OOMKilled";
        for text in [
            "Name:         pegasus-replica-0\nContainers:\n  replica:\n    Image:  pegasus:2.5\n    Last State:     Terminated\n      Reason:       OOMKilled\n      Exit Code:    137\n      Finished:     Sat, 25 May 2024 23:29:30 +0800\n    State:  Running\n",
            "metadata:\n  name: pegasus-replica-0\nstatus:\n  containerStatuses:\n  - image: pegasus:2.5\n    lastState:\n      terminated:\n        exitCode: 137\n        finishedAt: \"2024-05-25T15:29:30Z\"\n        reason: OOMKilled\n    name: replica\n",
            "{\n  \"metadata\": {\n    \"name\": \"pegasus-replica-0\"\n  },\n  \"lastState\": {\n    \"terminated\": {\n      \"exitCode\": 137,\n      \"finishedAt\": \"2024-05-25T15:29:30Z\",\n      \"reason\": \"OOMKilled\"\n    }\n  },\n  \"name\": \"replica\"\n}\n",
        ] {
            let lines: Vec<String> = text.lines().map(str::to_owned).collect();
            let found = signs(&lines);
            assert_eq!(said(text), [body], "{text}");
            let at = crate::pegasus::LogTime(1_716_650_970_000_000_000);
            assert_eq!(found[0].at, Some(When::At(at)), "{text}");
            assert!(said(&text.replace("137", "143")).is_empty() && said(&text.replace("137", "0")).is_empty());
            assert!(said(&text.replace("pegasus", "nginx")).is_empty());
        }
        assert_eq!(said("NAME  READY  STATUS  RESTARTS  AGE\npegasus-meta-1   0/1   OOMKilled   3 (2m ago)   9d\n").len(), 1);
    }

    #[test]
    fn disks_and_clocks_tell_what_is_wrong_with_them() {
        for (line, body) in [
            (
                "/dev/sdb1       3.6T  3.6T   12G 100% /data1",
                "disk of a server process, /dev/sdb1 mounted on /data1, is used to 100 percent",
            ),
            ("[7.1] blk_update_request: I/O error, dev sdb, sector 7", "disk of a server process on localhost, sdb, failed: I/O error"),
            (
                "[7.1] EXT4-fs error (device sdb1): ext4_find_entry:1455: inode #2: comm replica: reading directory lblock 0",
                "disk of a server process on localhost, sdb1, failed: EXT4-fs error",
            ),
            (
                "System time     : 12.345678 seconds slow of NTP time",
                "clock of a server process on localhost: 12.345678 s slow of NTP time",
            ),
            (
                "Nov 12 15:32:39 host7 chronyd[7]: System clock was stepped by -61.2 seconds",
                "clock of a server process on host7: stepped by -61.2 s",
            ),
            ("       System clock synchronized: no", "clock of a server process on localhost: not synchronised"),
        ] {
            assert_eq!(said(line), [body], "{line}");
        }
        for line in [
            "/dev/sdb1       3.6T  1.2T  2.4T  33% /data1",
            "tmpfs           7.8G  7.8G     0 100% /run",
            "/dev/loop3       64M   64M     0 100% /snap/core",
            "System time     : 0.000012 seconds fast of NTP time",
            "System clock synchronized: yes",
        ] {
            assert!(said(line).is_empty(), "{line}");
        }
    }
}
