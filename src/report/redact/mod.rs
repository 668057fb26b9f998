//! Aliases instead of names of tables, clusters, hosts and users, of addresses and of paths.
//!
//! What a report is made of is rewritten, not the report: so our own sentences stay as they are,
//! whatever a table is called, and every format is covered. In log text the fields of known messages
//! are rewritten; in other text known names at the ends of words, distinctive ones anywhere, and
//! whatever looks like an address, a host or a path. Ports, ids, statuses and codes stay.

mod alias;
mod envelope;
mod fold;
mod learn;
mod line;
mod matcher;
mod text;
mod unknown;
mod vocabulary;

use crate::ingest::{Ingested, Input, InputNote};
use crate::pegasus::{Gpid, Identity};
use crate::run::{DupEntry, Occurrence, Run};
use crate::source::{SourceError, StreamError};
use crate::timeline::{ClusterNames, InputState, Model, Named, PlacedRun, ServerLog, Story, StoryPlaces};
use alias::{Aliases, Kind};
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// Aliases that last over several reports; clones share them.
#[derive(Debug, Clone, Default)]
pub struct Redaction(Arc<Mutex<Redactor>>);

/// An entry of a key that is no alias of ours.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not an alias; a key holds entries such as \"table-1\": \"orders\"")]
pub struct StrangeAlias(String);

impl Redaction {
    /// Aliases that go on from an earlier key: alias to original.
    ///
    /// # Errors
    ///
    /// When an entry is no alias of ours.
    pub fn with_key(key: &BTreeMap<String, String>) -> Result<Self, StrangeAlias> {
        let mut redactor = Redactor::default();
        redactor.aliases.take_over(key).map_err(StrangeAlias)?;
        Ok(Self(Arc::new(Mutex::new(redactor))))
    }

    /// The same aliases; of text whose message nobody knows, and of fields that may hold anything, nothing else is left.
    #[must_use]
    pub fn strict(self) -> Self {
        self.with(|r| r.strict = true);
        self
    }

    /// The key: alias to original.
    #[must_use]
    pub fn key(&self) -> BTreeMap<String, String> {
        self.with(|r| r.aliases.key())
    }

    /// Everything that a report is made of, without names.
    #[must_use]
    pub fn hide(&self, ingested: &Ingested, model: &Model) -> (Ingested, Model) {
        self.with(|r| {
            r.learn(ingested, model);
            (r.ingested(ingested), r.model(model))
        })
    }

    /// Notes the names that a run and its input state.
    pub fn learn_run(&self, path: &str, run: &Run) {
        self.with(|r| {
            r.clusters.learn(run);
            r.learn_path(path);
            r.learn_run(run);
            r.aliases.settle();
            r.learn_shapes(run);
        });
    }

    /// A run without names. What was not learnt before is hidden where its shape or its field tells it.
    #[must_use]
    pub fn run(&self, run: &Run) -> Run {
        self.with(|r| {
            r.aliases.settle();
            r.run(run)
        })
    }

    /// A line without names; those that its own fields state are learnt by it.
    #[must_use]
    pub fn line(&self, line: &str) -> String {
        self.with(|r| {
            r.learn_line(line);
            r.aliases.settle();
            r.hide_line(line)
        })
    }

    /// The alias of a table; an alias stays one.
    #[must_use]
    pub fn table(&self, name: &str) -> String {
        let is_alias = name.strip_prefix("table-").is_some_and(|number| !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()));
        if is_alias { name.to_owned() } else { self.with(|r| r.aliases.alias(Kind::Table, name)) }
    }

    /// Notes names of tables.
    pub fn learn_tables(&self, names: &BTreeSet<String>) {
        self.with(|r| {
            for name in names {
                r.aliases.learn(Kind::Table, name);
            }
            r.aliases.settle();
        });
    }

    /// The alias of a cluster.
    #[must_use]
    pub fn cluster(&self, name: &str) -> String {
        self.with(|r| r.name(Kind::Cluster, name))
    }

    /// A server's address or a URL of one, whose page stays.
    #[must_use]
    pub fn address(&self, url: &str) -> String {
        let start = url.find("://").map_or(0, |at| at + 3);
        let end = url[start..].find('/').map_or(url.len(), |at| start + at);
        self.with(|r| {
            r.learn_hosts(&url[start..end]);
            r.aliases.settle();
            format!("{}{}{}", &url[..start], text::hide(&mut r.aliases, &url[start..end]), &url[end..])
        })
    }

    /// A text without known names, addresses and paths.
    #[must_use]
    pub fn text(&self, text: &str) -> String {
        self.with(|r| text::hide(&mut r.aliases, text))
    }

    /// What stands for a name or an address; a name that is nobody's is not repeated.
    #[must_use]
    pub fn name(&self, name: &str) -> String {
        self.with(|r| match r.aliases.known(name) {
            Some(alias) => alias.to_owned(),
            None => {
                let hidden = text::hide(&mut r.aliases, name);
                let is_id = name.len() > 1 && name.trim_start_matches('a').bytes().all(|b| b.is_ascii_digit() || b == b'd')
                    || name.parse::<i64>().is_ok()
                    || name.parse::<Gpid>().is_ok();
                if hidden != name || is_id { hidden } else { "…".to_owned() }
            }
        })
    }

    /// A path without names.
    #[must_use]
    pub fn path(&self, path: &str) -> String {
        self.with(|r| {
            r.learn_path(path);
            r.aliases.settle();
            r.path(path)
        })
    }

    fn with<T>(&self, act: impl FnOnce(&mut Redactor) -> T) -> T {
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// What is known of names.
#[derive(Debug, Default)]
struct Redactor {
    aliases: Aliases,
    clusters: ClusterNames,
    /// No free text is left.
    strict: bool,
}

impl Redactor {
    fn learn(&mut self, ingested: &Ingested, model: &Model) {
        for placed in &model.runs {
            self.clusters.learn(&placed.run);
        }
        for story in &model.stories {
            let known = &story.identity;
            for (kind, name) in
                [(Kind::Table, &known.app_name), (Kind::Table, &known.remote_app_name), (Kind::Cluster, &known.remote_cluster)]
            {
                self.aliases.learn(kind, name.as_deref().map_or("", alias::plain_table));
            }
        }
        model.runs.iter().for_each(|placed| self.learn_run(&placed.run));
        for server in &model.servers {
            self.learn_label(&server.label);
            let named = [&server.own, &server.named.metas, &server.named.replicas, &server.named.masters];
            named.into_iter().flatten().for_each(|address| self.learn_hosts(address));
        }
        let left_out = ingested.strangers.iter().map(|(path, _)| path.clone());
        let copies = ingested.notes.iter().map(|note| note.dropped().display().to_string());
        for path in ingested.inputs.iter().map(|i| i.path.clone()).chain(left_out).chain(copies) {
            self.learn_path(&path);
        }
        for input in &model.inputs {
            input.proof.iter().for_each(|line| self.learn_line(&line.text));
        }
        self.aliases.settle();
        // Hosts and folders that only texts name are known by their shape; once seen, they are known everywhere.
        model.runs.iter().for_each(|placed| self.learn_shapes(&placed.run));
    }

    fn learn_shapes(&mut self, run: &Run) {
        for line in std::iter::once(&run.first).chain(&run.tail) {
            let _ = self.hide_line(&line.text);
        }
    }

    fn model(&mut self, model: &Model) -> Model {
        let stories: Vec<Story> = model.stories.iter().map(|s| self.story(s)).collect();
        Model {
            places: StoryPlaces::of(&stories),
            runs: model.runs.iter().map(|p| PlacedRun { run: self.run(&p.run), server: p.server }).collect(),
            servers: model.servers.iter().map(|s| self.server(s)).collect(),
            inputs: model.inputs.iter().map(|i| self.state(i)).collect(),
            clusters: model.clusters.iter().map(|c| self.label(c)).collect(),
            leaders: model.leaders.clone(),
            stories,
            requests: model.requests.clone(),
            now: model.now,
            beginning: model.beginning,
            full_in: model.full_in.clone(),
            hangs: model.hangs.clone(),
        }
    }

    fn run(&mut self, run: &Run) -> Run {
        let joined = self.clusters.resplit(run);
        let mut hidden = run.clone();
        for (name, text) in &mut hidden.fields {
            let new = match &joined {
                Some((cluster, _, _)) if *name == "remote_cluster" => self.name(Kind::Cluster, cluster),
                Some((_, field, table)) if name == field => self.table(table),
                _ => self.hide_field(line::holds(name, line::type_of(run.pattern, name)), text),
            };
            *text = new.into();
        }
        hidden.entry = hidden.field("entry").and_then(DupEntry::parse).map(|(entry, _)| Box::new(entry));
        hidden.origin = run.origin.as_ref().map(|origin| self.path(origin).into());
        hidden.first = self.occurrence(&run.first);
        hidden.tail = run.tail.iter().map(|line| self.occurrence(line)).collect();
        hidden
    }

    fn occurrence(&mut self, line: &Occurrence) -> Occurrence {
        Occurrence { text: self.hide_line(&line.text).into(), ..line.clone() }
    }

    fn server(&mut self, server: &ServerLog) -> ServerLog {
        let mut all = |names: &BTreeSet<String>| names.iter().map(|name| text::hide(&mut self.aliases, name)).collect();
        let own = all(&server.own);
        let named = Named { metas: all(&server.named.metas), replicas: all(&server.named.replicas), masters: all(&server.named.masters) };
        ServerLog {
            label: self.label(&server.label),
            cluster: self.label(&server.cluster),
            own,
            named,
            ahead_proof: server.ahead_proof.iter().map(|line| self.occurrence(line)).collect(),
            ..server.clone()
        }
    }

    fn state(&mut self, input: &InputState) -> InputState {
        InputState {
            label: self.path(&input.label),
            damage: input.damage.as_deref().map(|text| text::hide_distinctive(&mut self.aliases, text)),
            proof: input.proof.iter().map(|line| self.occurrence(line)).collect(),
            ..input.clone()
        }
    }

    fn story(&mut self, story: &Story) -> Story {
        let known = &story.identity;
        let identity = Identity {
            app_name: known.app_name.as_deref().map(|name| self.table(name)),
            remote_app_name: known.remote_app_name.as_deref().map(|name| self.table(name)),
            remote_cluster: known.remote_cluster.as_deref().map(|name| self.name(Kind::Cluster, name)),
            ..*known
        };
        Story { identity, own_master: story.own_master.as_deref().map(|pair| self.pair(pair)), ..story.clone() }
    }

    fn ingested(&mut self, ingested: &Ingested) -> Ingested {
        let input = |r: &mut Self, i: &Input| Input {
            path: r.path(&i.path),
            server: r.label(&i.server),
            notes: i.notes.iter().map(|note| r.input_note(note)).collect(),
            ..i.clone()
        };
        Ingested {
            inputs: ingested.inputs.iter().map(|i| input(self, i)).collect(),
            servers: Vec::new(),
            states: Vec::new(),
            runs: Vec::new(),
            since: ingested.since,
            problems: ingested.problems.iter().map(|p| self.problem(p)).collect(),
            notes: ingested.notes.iter().map(|note| note.renamed(|path| self.path_of(path))).collect(),
            // The first line of a file that is no log can hold anything.
            strangers: ingested.strangers.iter().map(|(path, _)| (self.path(path), "…".to_owned())).collect(),
        }
    }

    fn input_note(&mut self, input_note: &InputNote) -> InputNote {
        match input_note {
            InputNote::Failed(what) => InputNote::Failed(text::hide_distinctive(&mut self.aliases, what)),
            InputNote::Misread { line, what } => InputNote::Misread { line: *line, what: text::hide_distinctive(&mut self.aliases, what) },
            InputNote::Part { .. }
            | InputNote::OutsideWindow
            | InputNote::NulBytes(_)
            | InputNote::NotUtf8(_)
            | InputNote::LongLines(_)
            | InputNote::Damaged(_)
            | InputNote::FarOff(_)
            | InputNote::ZoneAssumed
            | InputNote::DatedByFile(_)
            | InputNote::DatedLast => input_note.clone(),
        }
    }

    fn problem(&mut self, problem: &SourceError) -> SourceError {
        // What a system says may name things; what is wrong with a stream names none.
        let same = |cause: &io::Error| match cause.get_ref().and_then(|inner| inner.downcast_ref::<StreamError>()) {
            Some(damage) => damage.clone().into(),
            None => io::Error::new(cause.kind(), cause.kind().to_string()),
        };
        match problem {
            SourceError::NotFound { path } => SourceError::NotFound { path: self.path_of(path) },
            SourceError::BrokenLink { path, target } => SourceError::BrokenLink { path: self.path_of(path), target: self.path_of(target) },
            SourceError::PermissionDenied { path, cause } => SourceError::PermissionDenied { path: self.path_of(path), cause: same(cause) },
            SourceError::Unreadable { path, cause } => SourceError::Unreadable { path: self.path_of(path), cause: same(cause) },
            SourceError::NotAFile { path } => SourceError::NotAFile { path: self.path_of(path) },
            SourceError::EmptyDirectory { path } => SourceError::EmptyDirectory { path: self.path_of(path) },
            SourceError::GlobWithoutMatch { pattern } | SourceError::BadGlob { pattern, .. } => {
                SourceError::GlobWithoutMatch { pattern: self.path_of(pattern) }
            }
            SourceError::Unsupported { path, format } => SourceError::Unsupported { path: self.path_of(path), format: *format },
            SourceError::IsArchive { path } => SourceError::IsArchive { path: self.path_of(path) },
            SourceError::DamagedArchive { path, cause } => SourceError::DamagedArchive { path: self.path_of(path), cause: same(cause) },
        }
    }

    fn path(&mut self, path: &str) -> String {
        text::hide_path(&mut self.aliases, path)
    }

    fn path_of(&mut self, path: &Path) -> PathBuf {
        self.path(&path.to_string_lossy()).into()
    }

    /// A server's or a cluster's label, with the number that tells it from others in its folder.
    fn label(&mut self, label: &str) -> String {
        match label.rsplit_once('#').filter(|(_, number)| number.bytes().all(|b| b.is_ascii_digit())) {
            Some((label, number)) => format!("{}#{number}", self.path(label)),
            None => self.path(label),
        }
    }

    fn name(&mut self, kind: Kind, name: &str) -> String {
        self.aliases.alias(kind, name)
    }

    /// A table, perhaps with its id behind it.
    fn table(&mut self, text: &str) -> String {
        let base = alias::plain_table(text);
        self.name(Kind::Table, base) + &text[base.len()..]
    }

    /// `cluster.table`
    fn pair(&mut self, text: &str) -> String {
        match self.pair_of(text) {
            Some((cluster, table)) => {
                let rest = text.get(cluster.len() + 1 + table.len()..).unwrap_or_default().to_owned();
                self.aliases.pair(&cluster, &table) + &text::hide(&mut self.aliases, &rest)
            }
            None => text::hide(&mut self.aliases, text),
        }
    }

    fn pair_of(&self, text: &str) -> Option<(String, String)> {
        // `cluster.table(10.1.1.1:34801|3.0)` says which replica of the master is meant.
        let pair = text.strip_suffix(')').and_then(|t| t.rsplit_once('(')).map_or(text, |(pair, _)| pair);
        let (cluster, table) = self.clusters.split(pair);
        (!cluster.is_empty() && !table.is_empty()).then_some((cluster, table))
    }
}
