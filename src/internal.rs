//! What the program, the benches and tests need of the library beside its public surface. No promise is made about any of it.

pub mod answer {
    pub use crate::answer::{AddDup, DupState, Pending, http};
}
pub mod event {
    pub use crate::event::{EventKind, patterns, read};
}
pub mod ingest {
    pub use crate::ingest::{EventsRead, InputNote, events, ingest_memory};
}
pub mod pegasus {
    pub use crate::pegasus::{UnknownRelease, parse_duration};
}
pub mod preflight {
    pub use crate::preflight::{BUILDS, Build, Material, preflight};
}
pub mod record {
    pub use crate::record::{BlockScan, header};
}
pub mod render {
    pub use crate::render::{
        Explanation, Hyperlinks, Runbook, Schema, annotation, change_json, change_text, coverage_bar, harmless, html, jira, json,
        json_escaped, junit, markdown, ndjson, plain, schema, signature_list, status_json, status_text, summary, text, timeline,
        timeline_json, whois, whois_json, write_json,
    };
}
pub mod report {
    pub use crate::report::SCHEMA_VERSION;
    pub use crate::report::annotation::{Annotation, Annotator};
    pub use crate::report::event_line::EventLines;
    pub use crate::report::number::{duration, numbered};
    pub use crate::report::reading::is_binary;
    pub use crate::report::status::{DataVersions, NotAsked, StatusDuplication, StatusPartition, StatusReport, StatusTable};
    pub use crate::report::subject::{RunbookSource, RunbookSubject};
    pub use crate::report::whois::whois;
}
pub mod run {
    pub use crate::run::{Block, Collector, RunList};
}
pub mod signature {
    pub use crate::signature::{
        Command, Placeholders, RunbookCommand, RunbookStep, Scope, Signature, ask_line, command_complaint, fill, match_all,
        order_complaints, runbook,
    };
}
pub mod source {
    pub use crate::source::{
        Discovery, Followed, Follower, Kind, Sink, SkippedCopy, SourceError, StdinSource, Tracked, discover, open_stdin, path_cmp,
        sniff_stream,
    };
}
pub mod timeline {
    pub use crate::timeline::{FactName, FollowState, Model};
}
pub mod watch {
    pub use crate::watch::{FileCursor, Mark, Output, Untold, WatchState};
}
