//! `dupdoctor mcp`

mod child;
mod server;

use crate::exit_status::ExitStatus;
use crate::options::ShowArgs;
use anyhow::{Context, Result, bail};
use clap::Args;
use rmcp::ServiceExt;
use rmcp::transport::stdio;
use server::Server;
use std::path::PathBuf;

/// Serve the Model Context Protocol on standard input and output, so that assistants can diagnose logs; read-only
#[derive(Debug, Args)]
pub(super) struct McpArgs {
    /// Directories or files that may be read; nothing outside of them is
    #[arg(value_name = "PATH", required = true)]
    roots: Vec<PathBuf>,
    #[command(flatten)]
    show: ShowArgs,
}

impl McpArgs {
    pub(super) fn run(&self) -> Result<ExitStatus> {
        let mut roots = Vec::new();
        for root in &self.roots {
            match root.canonicalize() {
                Ok(root) => roots.push(root),
                Err(error) => bail!("{}: {error}; name directories or files that exist", root.display()),
            }
        }
        let server = Server::new(roots, self.show.lang());
        let runtime = tokio::runtime::Builder::new_current_thread().enable_io().enable_time().build()?;
        runtime.block_on(async {
            let running = server.serve(stdio()).await.context("the client did not begin as the protocol wants it")?;
            running.waiting().await.context("the connection to the client broke")
        })?;
        Ok(ExitStatus::Success)
    }
}
