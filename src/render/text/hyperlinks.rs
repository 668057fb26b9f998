//! Where a click in the terminal leads.

use std::fmt::Write as _;

/// What links to files are made of.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Hyperlinks {
    /// The folder that relative paths start from; without it files are no links.
    pub folder: Option<String>,
    /// The name of this machine.
    pub host: String,
}

impl Hyperlinks {
    /// `file://host/logs/meta1/log.1.txt`; of a member of an archive, the archive. Nothing for pipes.
    pub(in crate::render) fn file(&self, path: &str) -> Option<String> {
        let folder = self.folder.as_deref()?;
        if path.is_empty() || path == "-" || path.starts_with("/dev/fd/") {
            return None;
        }
        // Members stand behind `!`.
        let path = path.split_once('!').map_or(path, |(archive, _)| archive);
        let whole = if path.starts_with('/') {
            path.to_owned()
        } else {
            format!("{}/{}", folder.trim_end_matches('/'), path.trim_start_matches("./"))
        };
        Some(format!("file://{}{}", encoded(&self.host), encoded(&whole)))
    }
}

fn encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'.' | b'-' | b'_' | b'~') {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_have_addresses_and_pipes_have_none() {
        let links = Hyperlinks { folder: Some("/home/me".into()), host: "h1".into() };
        assert_eq!(links.file("./logs/表 1.txt").as_deref(), Some("file://h1/home/me/logs/%E8%A1%A8%201.txt"));
        assert_eq!(links.file("/x/a.tar.gz!meta1/log.1.txt").as_deref(), Some("file://h1/x/a.tar.gz"));
        assert_eq!(links.file("-"), None);
        assert_eq!(Hyperlinks::default().file("a"), None);
    }
}
