//! `dupdoctor whois`

use crate::exit_status::ExitStatus;
use crate::options::{FilterArgs, PagerArgs, TextOrJson, refuse_empty_selection};
use crate::session::{Session, SessionArgs};
use anyhow::{Result, bail};
use clap::Args;
use dupdoctor::internal::render::{whois as render, whois_json};
use dupdoctor::internal::report::whois;
use dupdoctor::report::Selection;
use dupdoctor::{Catalogue, Settings};

/// Look up what belongs together: table, ids, target, partitions, servers, and the lines that say so
#[derive(Debug, Args)]
pub(super) struct WhoisArgs {
    /// A table, an app id, a dup id (1716603063, a5d1716603063), a partition (5.0), a cluster, a server or an address
    #[arg(value_name = "NAME|ID")]
    name: String,
    /// Format on standard output
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: TextOrJson,
    #[command(flatten)]
    session: SessionArgs,
    #[command(flatten)]
    filter: FilterArgs,
    #[command(flatten)]
    pager: PagerArgs,
}

impl WhoisArgs {
    pub(super) fn run(&self) -> Result<ExitStatus> {
        if self.name.trim().is_empty() {
            bail!("NAME must not be empty: name a table, an id, a cluster, a server or an address");
        }
        let only = self.filter.only();
        let selection = Selection { only: only.clone(), lang: self.session.show.lang(), ..Selection::default() };
        let settings = Settings { catalogue: Catalogue::built_in(), selection, ..Settings::default() };
        let Session { diagnosis, mut style, mut key_file, complete } = Session::diagnose(&self.session, settings)?;
        refuse_empty_selection(&self.session.input, &self.filter, &diagnosis)?;
        let alias = |name: &str| key_file.redaction.as_ref().map_or_else(|| name.to_owned(), |r| r.name(name));
        let shown = diagnosis.hidden.as_ref().unwrap_or(&diagnosis.model);
        let answer = whois(&self.name, &only, &diagnosis.report, &diagnosis.model, shown, &alias);
        let saved = key_file.save();
        style.zone = style.zone.settled(&diagnosis.report.inputs);
        self.pager.link(&mut style, self.session.redact.redact.is_some());
        self.pager.print(&match self.format {
            TextOrJson::Text => render(&answer, &style),
            TextOrJson::Json => whois_json(&answer),
        })?;
        Ok(ExitStatus::of(complete && saved, answer.is.is_empty()))
    }
}
