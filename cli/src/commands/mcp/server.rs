//! Tools and resources.

use super::child::{self, Said};
use dupdoctor::internal::render::Explanation;
use dupdoctor::{Catalogue, FORMATS, Lang, Style};
use rmcp::handler::server::wrapper::Parameters;
use rmcp::model::{
    CallToolResult, ContentBlock, Implementation, ListResourcesResult, PaginatedRequestParams, ReadResourceRequestParams,
    ReadResourceResponse, ReadResourceResult, Resource, ResourceContents, ServerCapabilities, ServerConfig,
};
use rmcp::schemars::JsonSchema;
use rmcp::service::RequestContext;
use rmcp::{ErrorData, RoleServer, ServerHandler, tool, tool_handler, tool_router};
use serde::Deserialize;
use std::ffi::OsString;
use std::path::PathBuf;

/// Events in one answer, unless fewer are asked for.
const EVENTS: usize = 1_000;

/// How the address of a failure of the catalogue begins.
const CATALOGUE: &str = "dupdoctor://catalogue/";

const INSTRUCTIONS: &str = "Diagnoses stuck duplications of Apache Pegasus (copies of a table to another cluster) from the logs of its \
     servers. Begin with `diagnose` without arguments: it reads all logs there are and says which duplications are in trouble, since when, \
     why, and what to type. `timeline` shows what happened to one table, `explain` what a code (DUP301), an error or a log line means, `fix` the \
     runbook with the names filled in, `events` the recognised lines as NDJSON. Nothing is ever executed or changed; commands are for people to \
     type. Exit statuses stand in the answers' first line where the logs cannot tell.";

/// Which logs, and what of them.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[schemars(crate = "rmcp::schemars")]
struct Logs {
    /// Log files or directories below those that the server was started with; all of them by default.
    #[serde(default)]
    paths: Vec<String>,
    /// Only the duplications of these source tables; globs such as `ads_*` are allowed.
    #[serde(default)]
    app: Vec<String>,
    /// Only these duplications: `a5d1716542517` or `1716542517`.
    #[serde(default)]
    dup: Vec<String>,
    /// Only what happened from then on: `2h` before the last line, `14:45`, `2024-05-24 17:21:57`, or RFC 3339.
    since: Option<String>,
    /// Only what happened until then.
    until: Option<String>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(crate = "rmcp::schemars")]
struct Diagnose {
    #[serde(flatten)]
    logs: Logs,
    /// `text` (default), `summary` (one line a duplication), `json` (every field), `markdown` (for a ticket).
    format: Option<DiagnoseFormat>,
    /// Also healthy and removed duplications, and findings that are over.
    #[serde(default)]
    all: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[schemars(crate = "rmcp::schemars")]
#[serde(rename_all = "lowercase")]
enum DiagnoseFormat {
    Text,
    Summary,
    Json,
    Markdown,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(crate = "rmcp::schemars")]
struct Events {
    #[serde(flatten)]
    logs: Logs,
    /// Events at most; 200 by default, 1000 at most.
    limit: Option<usize>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(crate = "rmcp::schemars")]
struct Explain {
    /// A code such as `DUP301`, or a name such as `follower-table-missing`; nothing lists all.
    code: Option<String>,
    /// Log lines or a stack to explain instead.
    line: Option<String>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(crate = "rmcp::schemars")]
struct Fix {
    /// A code such as `DUP301`.
    code: String,
    #[serde(flatten)]
    logs: Logs,
    /// The release of the servers: `2.4`, `2.5` or `master`; all by default.
    release: Option<String>,
}

/// What is served.
#[derive(Debug, Clone)]
pub(super) struct Server {
    roots: Vec<PathBuf>,
    lang: Lang,
}

impl Server {
    pub(super) fn new(roots: Vec<PathBuf>, lang: Lang) -> Self {
        Self { roots, lang }
    }

    /// A path below one of the roots.
    fn confined(&self, path: &str) -> Result<PathBuf, String> {
        let wrong = |why: &str| format!("{path}: {why}; there is {}", list(&self.roots));
        let found = self.roots.iter().map(|root| root.join(path)).find_map(|path| path.canonicalize().ok());
        let found = found.ok_or_else(|| wrong("no such file or directory"))?;
        let inside = self.roots.iter().any(|root| found.starts_with(root));
        if inside { Ok(found) } else { Err(wrong("outside of what may be read")) }
    }

    /// Runs a command on logs and answers with what it says.
    async fn ask(&self, command: Vec<OsString>, logs: Option<Logs>, lines: Option<usize>) -> Result<CallToolResult, ErrorData> {
        let mut args = command;
        args.extend(["--lang", if self.lang == Lang::Zh { "zh" } else { "en" }].map(OsString::from));
        if let Some(logs) = logs {
            args.push("-q".into());
            for (option, values) in [("--app", logs.app), ("--dup", logs.dup)] {
                args.extend(values.into_iter().map(|value| format!("{option}={value}").into()));
            }
            for (option, value) in [("--since", logs.since), ("--until", logs.until)] {
                args.extend(value.map(|value| format!("{option}={value}").into()));
            }
            args.push("--".into());
            if logs.paths.is_empty() {
                args.extend(self.roots.iter().map(OsString::from));
            }
            for path in &logs.paths {
                match self.confined(path) {
                    Ok(path) => args.push(path.into()),
                    Err(why) => return Ok(CallToolResult::error(vec![ContentBlock::text(why)])),
                }
            }
        }
        let said = tokio::task::spawn_blocking(move || child::run(&args, lines)).await;
        let said = said.map_err(|error| ErrorData::internal_error(error.to_string(), None))?;
        Ok(match said {
            Ok(said) => answer(said),
            Err(error) => CallToolResult::error(vec![ContentBlock::text(format!("{error:#}"))]),
        })
    }
}

fn list(roots: &[PathBuf]) -> String {
    roots.iter().map(|root| root.display().to_string()).collect::<Vec<_>>().join(", ")
}

fn answer(said: Said) -> CallToolResult {
    if said.failed {
        return CallToolResult::error(vec![ContentBlock::text(said.told)]);
    }
    let mut content = vec![ContentBlock::text(said.text)];
    if said.cut {
        content.push(ContentBlock::text("The answer was cut here; choose less with app, dup, since, until or limit."));
    }
    if !said.told.trim().is_empty() {
        content.push(ContentBlock::text(said.told));
    }
    CallToolResult::success(content)
}

#[tool_router]
impl Server {
    /// Find the duplications in trouble: since when, why, with the lines that prove it, and what to type.
    #[tool(annotations(read_only_hint = true, open_world_hint = false))]
    async fn diagnose(&self, Parameters(asked): Parameters<Diagnose>) -> Result<CallToolResult, ErrorData> {
        let format = match asked.format {
            None | Some(DiagnoseFormat::Text) => "--format=text",
            Some(DiagnoseFormat::Summary) => "--summary",
            Some(DiagnoseFormat::Json) => "--format=json",
            Some(DiagnoseFormat::Markdown) => "--format=markdown",
        };
        let mut command: Vec<OsString> = ["diagnose", "--no-config", format].map(OsString::from).to_vec();
        command.extend(asked.all.then(|| "--all".into()));
        self.ask(command, Some(asked.logs), None).await
    }

    /// Show each duplication's states over time, and what happened in between.
    #[tool(annotations(read_only_hint = true, open_world_hint = false))]
    async fn timeline(&self, Parameters(logs): Parameters<Logs>) -> Result<CallToolResult, ErrorData> {
        self.ask(vec!["timeline".into()], Some(logs), None).await
    }

    /// The recognised log lines as NDJSON, one event a line, in time order per input.
    #[tool(annotations(read_only_hint = true, open_world_hint = false))]
    async fn events(&self, Parameters(asked): Parameters<Events>) -> Result<CallToolResult, ErrorData> {
        let limit = asked.limit.unwrap_or(200).clamp(1, EVENTS);
        self.ask(vec!["events".into()], Some(asked.logs), Some(limit)).await
    }

    /// Explain a finding: what it means, why it happens, its look-alikes, how to fix it. Or a log line or a stack, as it was copied.
    #[tool(annotations(read_only_hint = true, open_world_hint = false))]
    async fn explain(&self, Parameters(asked): Parameters<Explain>) -> Result<CallToolResult, ErrorData> {
        let mut command: Vec<OsString> = vec!["explain".into()];
        command.extend(asked.line.as_ref().map(|line| format!("--line={line}").into()));
        // What begins with a hyphen is no option.
        command.extend(asked.code.filter(|_| asked.line.is_none()).map(|code| code.trim_start_matches('-').into()));
        self.ask(command, None, None).await
    }

    /// The runbook of a finding, its commands filled in from the logs: what to check, change, verify and undo. Nothing is executed.
    #[tool(annotations(read_only_hint = true, open_world_hint = false))]
    async fn fix(&self, Parameters(asked): Parameters<Fix>) -> Result<CallToolResult, ErrorData> {
        let mut command: Vec<OsString> = vec!["fix".into()];
        command.extend(asked.release.map(|release| format!("--release={release}").into()));
        command.push(asked.code.trim_start_matches('-').into());
        self.ask(command, Some(asked.logs), None).await
    }
}

#[tool_handler(router = Self::tool_router())]
impl ServerHandler for Server {
    fn get_info(&self) -> ServerConfig {
        let capabilities = ServerCapabilities::builder().enable_tools().enable_resources().build();
        ServerConfig::new(capabilities)
            .with_server_info(Implementation::new("dupdoctor", env!("CARGO_PKG_VERSION")))
            .with_instructions(format!("{INSTRUCTIONS} Logs: {}.", list(&self.roots)))
    }

    async fn list_resources(
        &self,
        _: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListResourcesResult, ErrorData> {
        let catalogue = Catalogue::built_in();
        let one = |code: &str, name: &str, title: &str| {
            Resource::new(format!("{CATALOGUE}{code}"), format!("{code} {name}")).with_title(title).with_mime_type("text/markdown")
        };
        let resources = catalogue.iter().map(|s| one(&s.code, &s.name, &s.text(self.lang).title)).collect();
        Ok(ListResourcesResult::with_all_items(resources))
    }

    async fn read_resource(
        &self,
        request: ReadResourceRequestParams,
        _: RequestContext<RoleServer>,
    ) -> Result<ReadResourceResponse, ErrorData> {
        let catalogue = Catalogue::built_in();
        let signature = request.uri.strip_prefix(CATALOGUE).and_then(|code| catalogue.find(code));
        let signature = signature.ok_or_else(|| ErrorData::resource_not_found(format!("no failure at {}", request.uri), None))?;
        let style = Style { lang: self.lang, ..Style::default() };
        let markdown = FORMATS.iter().find(|format| format.name == "markdown").and_then(|format| format.explain);
        let text = markdown.map(|explain| explain(&Explanation::Signature(signature, &catalogue), &style)).unwrap_or_default();
        let contents = ResourceContents::text(text, request.uri.clone()).with_mime_type("text/markdown");
        Ok(ReadResourceResult::new(vec![contents]).into())
    }
}
