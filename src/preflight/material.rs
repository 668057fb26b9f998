//! What the operator has: configurations, answers, a plan.

use super::build::Build;
use crate::answer::{AddDup, Answer, Output, ParseIssue, Transcript};
use crate::config::{Ini, looks_like_config, server_role};
use crate::pegasus::{LogTime, ServerRole, Side};
use crate::source::SourceError;
use std::path::Path;

/// All that is known before the duplication is added.
#[derive(Debug, Clone, Default)]
pub struct Material {
    /// Configurations.
    pub configs: Vec<Config>,
    /// Answers of either cluster.
    pub answers: Vec<Answers>,
    /// What is going to be typed.
    pub plan: Option<AddDup>,
    /// The plan as it was written.
    pub plan_text: Option<String>,
    /// The source's release, if the user says it.
    pub release: Option<Build>,
}

/// One `config.ini`.
#[derive(Debug, Clone)]
pub struct Config {
    /// What stands in it.
    pub ini: Ini,
    /// Whose it is; `None` until it is told by content.
    pub side: Option<Side>,
    /// Which servers start with it; `None` when all do.
    pub role: Option<ServerRole>,
    /// When it was changed last.
    pub modified: LogTime,
    /// Bytes and lines.
    pub size: (u64, u64),
}

/// One file with answers.
#[derive(Debug, Clone)]
pub struct Answers {
    /// The name as the user would write it.
    pub path: String,
    /// What stands in it.
    pub transcript: Transcript,
    /// Of which cluster; `None` until it is told by content.
    pub side: Option<Side>,
    /// When the file was changed last.
    pub modified: LogTime,
    /// Bytes.
    pub bytes: u64,
}

/// A file is at most so long; configurations and answers are far shorter.
const LONGEST: u64 = 64 << 20;

impl Material {
    /// Reads a file, or all files of a folder; returns what is neither configuration nor answer, with its first line.
    ///
    /// # Errors
    /// Of a file that was named; within a folder what cannot be read is returned, too.
    pub fn read_all(&mut self, path: &Path, side: Option<Side>, role: Option<ServerRole>) -> Result<Vec<(String, String)>, SourceError> {
        let mut strangers = Vec::new();
        let name = path.to_string_lossy().into_owned();
        if path.is_dir() {
            let unreadable = |cause| SourceError::Unreadable { path: path.to_owned(), cause };
            let mut entries: Vec<_> = std::fs::read_dir(path).map_err(unreadable)?.collect::<Result<Vec<_>, _>>().map_err(unreadable)?;
            entries.sort_by_key(std::fs::DirEntry::file_name);
            for entry in entries {
                let path = entry.path();
                match self.read_all(&path, side, role) {
                    Ok(found) => strangers.extend(found),
                    Err(error) => strangers.push((path.to_string_lossy().into_owned(), error.to_string())),
                }
            }
        } else if !self.read(path, side, role)? {
            let head = std::fs::read(path).unwrap_or_default();
            let line = head.split(|&b| b == b'\n').find(|l| !l.is_empty()).unwrap_or_default();
            let line: String = String::from_utf8_lossy(&line[..line.len().min(200)]).chars().take(80).collect();
            strangers.push((name, line));
        }
        Ok(strangers)
    }

    /// Reads a file and tells by its content what it is; says so when it is neither.
    ///
    /// # Errors
    /// When it cannot be read, or is too long for a configuration or an answer.
    pub fn read(&mut self, path: &Path, side: Option<Side>, role: Option<ServerRole>) -> Result<bool, SourceError> {
        let unreadable = |cause: std::io::Error| {
            if cause.kind() == std::io::ErrorKind::NotFound {
                return SourceError::NotFound { path: path.to_owned() };
            }
            SourceError::Unreadable { path: path.to_owned(), cause }
        };
        let about = std::fs::metadata(path).map_err(unreadable)?;
        if about.is_dir() {
            return Err(SourceError::NotAFile { path: path.to_owned() });
        }
        if about.len() > LONGEST {
            return Err(unreadable(std::io::Error::other("too long for a config.ini or for answers of a shell")));
        }
        let bytes = std::fs::read(path).map_err(unreadable)?;
        let modified = about.modified().ok().and_then(|at| at.duration_since(std::time::UNIX_EPOCH).ok()).unwrap_or_default();
        let modified = LogTime(i64::try_from(modified.as_nanos()).unwrap_or(i64::MAX));
        Ok(self.add(&path.to_string_lossy(), &bytes, modified, side, role))
    }

    /// Takes a file's content; `false` when it is neither a configuration nor answers.
    pub fn add(&mut self, path: &str, bytes: &[u8], modified: LogTime, side: Option<Side>, role: Option<ServerRole>) -> bool {
        if role.is_some() || looks_like_config(bytes) {
            let ini = Ini::parse(path, bytes);
            let lines = memchr::memchr_iter(b'\n', bytes).count() as u64;
            let role = role.or_else(|| server_role(&ini));
            self.configs.push(Config { ini, side, role, modified, size: (bytes.len() as u64, lines) });
            return true;
        }
        let transcript = Transcript::parse(bytes);
        if transcript.answers.is_empty() && transcript.issues.is_empty() {
            return false;
        }
        self.answers.push(Answers { path: path.to_owned(), transcript, side, modified, bytes: bytes.len() as u64 });
        true
    }

    /// What is wrong with the files, by name.
    pub fn issues(&self) -> impl Iterator<Item = (&str, &ParseIssue)> {
        let configs = self.configs.iter().flat_map(|c| c.ini.issues.iter().map(|b| (c.ini.path.as_str(), b)));
        configs.chain(self.answers.iter().flat_map(|a| a.transcript.issues.iter().map(|b| (a.path.as_str(), b))))
    }

    /// A plan that was typed already and stands in a transcript.
    pub(super) fn typed_plan(&self) -> Option<&AddDup> {
        fn plan(answer: &Answer) -> Option<&AddDup> {
            if let Output::AddTyped(add) = &answer.output { Some(add) } else { None }
        }
        self.answers.iter().rev().flat_map(|a| a.transcript.answers.iter().rev()).find_map(plan)
    }
}
