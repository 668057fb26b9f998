//! `--format` and `--output`: what goes to standard output, and what else is written to files.

use crate::console::warn;
use crate::replace_file::write_output;
use clap::{Args, ValueEnum};
use dupdoctor::Style;
use std::path::Path;

#[derive(Debug, Args)]
#[command(next_help_heading = "Output")]
pub(crate) struct OutputArgs<F: ValueEnum + Send + Sync + 'static> {
    /// Format on standard output
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(crate) format: F,
    /// Also write to this file, in the format of the prefix or of the file's extension. Repeatable
    #[arg(long, value_name = "[FORMAT=]FILE", value_parser = OutputFile::<F>::parse)]
    output: Vec<OutputFile<F>>,
}

impl<F: ValueEnum + Send + Sync + 'static> OutputArgs<F> {
    /// Writes each file in its format, but none of those that were `read`; says whether all could be written.
    pub(crate) fn write_files(&self, style: &Style, read: &[&Path], render: impl Fn(F, &Style) -> String) -> bool {
        // Colors and links are for terminals.
        let style = Style { color: false, links: None, ..style.clone() };
        let mut written = true;
        for output in &self.output {
            if let Err(error) = write_output(Path::new(&output.file), &render(output.format.clone(), &style), read) {
                warn(&output.cannot_write(&error));
                written = false;
            }
        }
        written
    }
}

/// `[FORMAT=]FILE`; without a prefix the extension tells the format.
#[derive(Debug, Clone)]
pub(crate) struct OutputFile<F> {
    format: F,
    pub(crate) file: String,
}

impl<F: ValueEnum> OutputFile<F> {
    pub(crate) fn parse(spec: &str) -> Result<Self, String> {
        if let Some((format, file)) = spec.split_once('=')
            && let Ok(format) = F::from_str(format, true)
            && !file.is_empty()
        {
            return Ok(Self { format, file: file.to_owned() });
        }
        let extension = match spec.rsplit_once('.').map_or("", |(_, extension)| extension) {
            "txt" => "text",
            "jsonl" => "ndjson",
            "htm" => "html",
            "xml" => "junit",
            other => other,
        };
        if let Ok(format) = F::from_str(extension, true) {
            return Ok(Self { format, file: spec.to_owned() });
        }
        let known: Vec<String> = F::value_variants().iter().filter_map(|f| Some(f.to_possible_value()?.get_name().to_owned())).collect();
        Err(format!("cannot tell the format: write FORMAT=FILE, where FORMAT is {}", known.join(" or ")))
    }

    /// Why a file that was asked for is not there.
    pub(crate) fn cannot_write(&self, error: &std::io::Error) -> String {
        format!("cannot write --output {}: {error}; name a file in a directory that exists and is writable", self.file)
    }
}
