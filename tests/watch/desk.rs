//! A watcher that runs, the log that it follows, and what it says.

use crate::support::{STUCK, STUCK_LOG, logs, nanos, program};
use serde_json::Value;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// Nothing here takes so long; a loaded machine may.
pub(crate) const LIMIT: Duration = Duration::from_secs(60);

/// The last line that shows nothing wrong, by its number.
const WELL: usize = 41;

/// A log of a duplication that gets stuck, moved to end at some moment.
pub(crate) struct Story {
    lines: Vec<String>,
}

impl Story {
    /// As it was written, in 2024.
    pub(crate) fn old() -> Self {
        let text = fs::read_to_string(logs(STUCK).join(STUCK_LOG)).unwrap();
        Self { lines: text.lines().map(str::to_owned).collect() }
    }

    /// Moved so that its last line is of now.
    pub(crate) fn fresh() -> Self {
        let mut story = Self::old();
        let last = nanos(story.lines.last().unwrap().as_bytes()).unwrap();
        let by = now() - last;
        story.lines = story.lines.iter().map(|line| moved(line, by)).collect();
        story
    }

    /// Until the duplication is in `DS_APP`.
    pub(crate) fn well(&self) -> String {
        join(&self.lines[..WELL])
    }

    /// What shows that it is stuck.
    pub(crate) fn stuck(&self) -> String {
        join(&self.lines[WELL..])
    }

    /// Its last line again, after so many seconds.
    pub(crate) fn again(&self, seconds: i64) -> String {
        join(&[moved(self.lines.last().unwrap(), seconds * 1_000_000_000)])
    }

    /// That it moves on, so many seconds after its last line.
    pub(crate) fn moves_on(&self, seconds: i64) -> String {
        let change = self.lines[WELL - 1].replace("DS_PREPARE to DS_APP", "DS_APP to DS_LOG");
        assert!(change.contains("DS_APP to DS_LOG"), "{change}");
        let by = nanos(self.lines.last().unwrap().as_bytes()).unwrap() - nanos(change.as_bytes()).unwrap() + seconds * 1_000_000_000;
        join(&[moved(&change, by)])
    }
}

fn join(lines: &[String]) -> String {
    lines.iter().fold(String::new(), |all, line| all + line + "\n")
}

pub(crate) fn now() -> i64 {
    chrono::Utc::now().timestamp_nanos_opt().unwrap()
}

/// The line at another time; its clock text stays eight hours ahead of UTC.
fn moved(line: &str, by: i64) -> String {
    let Some(at) = nanos(line.as_bytes()) else { return line.to_owned() };
    let clock = chrono::DateTime::from_timestamp_nanos(at + by + 8 * 3_600_000_000_000).format("%Y-%m-%d %H:%M:%S%.3f");
    let rest = &line[line.find(" (").unwrap() + 2..];
    let rest = &rest[rest.find(' ').unwrap()..];
    format!("{}{clock} ({}{rest}", &line[..1], at + by)
}

/// A directory for logs and state.
pub(crate) struct Desk(pub(crate) tempfile::TempDir);

impl Desk {
    pub(crate) fn new() -> Self {
        let desk = Self(tempfile::tempdir().unwrap());
        fs::create_dir_all(desk.path("hz/meta1")).unwrap();
        desk
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub(crate) fn append(&self, name: &str, text: &str) {
        fs::OpenOptions::new().append(true).create(true).open(self.path(name)).unwrap().write_all(text.as_bytes()).unwrap();
    }

    pub(crate) fn watch(&self, args: &[&str]) -> Watch {
        Watch::new(program(&["watch"]).args(args).current_dir(self.0.path()))
    }

    /// With so many file descriptors.
    pub(crate) fn watch_with_files(&self, most: u32, args: &[&str]) -> Watch {
        let watch = program(&["watch"]);
        let mut shell = Command::new("sh");
        let run = format!("ulimit -n {most}; exec \"$0\" watch \"$@\"");
        Watch::new(shell.arg("-c").arg(run).arg(watch.get_program()).args(args).current_dir(self.0.path()))
    }
}

/// A watcher that runs; killed when dropped.
pub(crate) struct Watch {
    child: Child,
    stdin: Option<ChildStdin>,
    lines: Receiver<String>,
    seen: Vec<Value>,
    err: Arc<Mutex<String>>,
}

impl Watch {
    fn new(command: &mut Command) -> Self {
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let (sender, lines) = channel();
        let out = BufReader::new(child.stdout.take().unwrap());
        std::thread::spawn(move || {
            for line in out.lines().map_while(Result::ok) {
                if sender.send(line).is_err() {
                    break;
                }
            }
        });
        let err = Arc::new(Mutex::new(String::new()));
        let (shared, mut pipe) = (Arc::clone(&err), child.stderr.take().unwrap());
        std::thread::spawn(move || {
            let mut buffer = [0; 4096];
            while let Ok(n @ 1..) = pipe.read(&mut buffer) {
                shared.lock().unwrap().push_str(&String::from_utf8_lossy(&buffer[..n]));
            }
        });
        let stdin = child.stdin.take();
        Self { child, stdin, lines, seen: Vec::new(), err }
    }

    /// Writes to its standard input.
    pub(crate) fn feed(&mut self, text: &str) {
        let stdin = self.stdin.as_mut().unwrap();
        stdin.write_all(text.as_bytes()).and_then(|()| stdin.flush()).unwrap();
    }

    /// Ends its standard input.
    pub(crate) fn end_input(&mut self) {
        self.stdin = None;
    }

    pub(crate) fn err(&self) -> String {
        self.err.lock().unwrap().clone()
    }

    /// Waits until it says so on standard error.
    pub(crate) fn wait_err(&self, text: &str) {
        let begin = Instant::now();
        while !self.err().contains(text) {
            assert!(begin.elapsed() < LIMIT, "{text:?} was not said: {}", self.err());
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Waits for a change of that kind and code; returns it and forgets those before.
    pub(crate) fn wait(&mut self, change: &str, code: &str) -> Value {
        let begin = Instant::now();
        loop {
            while let Ok(line) = self.lines.recv_timeout(Duration::from_millis(50)) {
                let value: Value = serde_json::from_str(&line).unwrap_or_else(|_| unreachable!("no JSON: {line}"));
                self.seen.push(value);
            }
            let found = self.seen.iter().position(|v| v["change"] == change && v["finding"]["code"] == code);
            if let Some(at) = found {
                return self.seen.drain(..=at).next_back().unwrap();
            }
            let said: Vec<String> = self.seen.iter().map(|v| format!("{} {}", v["change"], v["finding"]["code"])).collect();
            assert!(begin.elapsed() < LIMIT, "no {change} {code}, but {said:?}; {}", self.err());
        }
    }

    /// All changes that came and were not waited for, once nothing has come for a while.
    pub(crate) fn rest(&mut self) -> Vec<String> {
        while let Ok(line) = self.lines.recv_timeout(Duration::from_secs(3)) {
            self.seen.push(serde_json::from_str(&line).unwrap());
        }
        self.seen.drain(..).map(|v| format!("{} {}", v["change"].as_str().unwrap(), v["finding"]["code"].as_str().unwrap())).collect()
    }

    /// What came since and was not waited for, while it runs.
    pub(crate) fn seen(&mut self) -> Vec<Value> {
        assert_eq!(self.child.try_wait().unwrap(), None, "{}", self.err());
        self.came()
    }

    fn came(&mut self) -> Vec<Value> {
        self.seen.extend(self.lines.try_iter().map(|line| serde_json::from_str(&line).unwrap_or_else(|_| unreachable!("no JSON: {line}"))));
        std::mem::take(&mut self.seen)
    }

    /// The same, once it has ended.
    pub(crate) fn last(&mut self) -> Vec<Value> {
        let mut all = self.came();
        // The sender goes with the end of the output.
        all.extend(self.lines.iter().map(|line| serde_json::from_str(&line).unwrap_or_else(|_| unreachable!("no JSON: {line}"))));
        all
    }

    pub(crate) fn signal(&self, signal: rustix::process::Signal) {
        let pid = rustix::process::Pid::from_child(&self.child);
        rustix::process::kill_process(pid, signal).unwrap();
    }

    /// Kills it as a power cut would.
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Waits for its end.
    pub(crate) fn code(&mut self) -> Option<i32> {
        let begin = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status.code();
            }
            assert!(begin.elapsed() < LIMIT, "it does not end: {}", self.err());
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Its standard output as it is, once it has ended.
    pub(crate) fn text(&mut self) -> String {
        let mut text = String::new();
        while let Ok(line) = self.lines.recv_timeout(LIMIT) {
            text += &line;
            text.push('\n');
        }
        text
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
