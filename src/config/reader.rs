//! The parser of configurations: what is wrong is told and the rest is used.

use super::ini::{Entry, Ini, Section};
use super::known;
use crate::answer::ParseIssue;

impl Ini {
    /// Reads a file; cannot fail.
    pub fn parse(path: &str, bytes: &[u8]) -> Self {
        let mut reader = Reader { ini: Self { path: path.to_owned(), ..Self::default() }, open: None };
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        for (number, line) in bytes.split(|&b| b == b'\n').enumerate() {
            if std::str::from_utf8(line).is_err() {
                reader.complain(number as u64 + 1, "is not UTF-8".to_owned());
            }
            reader.line(number as u64 + 1, String::from_utf8_lossy(line).trim());
        }
        reader.ini.issues.extend(known::misspelt(&reader.ini));
        reader.ini.issues.sort();
        reader.ini
    }
}

struct Reader {
    ini: Ini,
    /// The section that keys go to; `None` before the first one, and within one that is told a second time.
    open: Option<usize>,
}

impl Reader {
    fn complain(&mut self, line: u64, what: String) {
        self.ini.issues.push(ParseIssue { line, what });
    }

    fn line(&mut self, number: u64, text: &str) {
        let stated = without_comment(text);
        let stated = stated.trim();
        if stated.is_empty() {
            return;
        }
        if let Some(head) = stated.strip_prefix('[') {
            self.head(number, head);
            return;
        }
        let (key, value) = stated.split_once('=').map_or((stated, ""), |(k, v)| (k.trim(), v.trim()));
        if key.is_empty() {
            self.complain(number, "has a value but no key; Pegasus does not start with it".to_owned());
            return;
        }
        if !stated.contains('=') {
            self.complain(number, format!("has no '=': {key:?} is read as a key without a value"));
        }
        let Some(open) = self.open else {
            if self.ini.sections.is_empty() {
                self.complain(number, format!("{key:?} stands before the first [section]; Pegasus does not start with it"));
            }
            return;
        };
        let section = &mut self.ini.sections[open];
        match section.entries.iter().find(|e| e.key == key) {
            // Nothing is lost; configurations of Pegasus itself have such keys (worker_count up to v2.3.0).
            Some(first) if first.value == value => {}
            Some(first) => {
                let what = format!("[{}] {key} is given again and ignored, line {} counts", section.name, first.line);
                self.complain(number, what);
            }
            None => section.entries.push(Entry { key: key.to_owned(), value: value.to_owned(), line: number, text: text.to_owned() }),
        }
    }

    fn head(&mut self, number: u64, head: &str) {
        let Some((name, rest)) = head.split_once(']') else {
            self.complain(number, "a section without ']'; Pegasus does not start with it".to_owned());
            return;
        };
        if rest.contains('=') {
            self.complain(number, "a key behind a section's ']'; Pegasus does not start with it".to_owned());
        }
        // `[[x]]` is the notation of a deployment tool; Pegasus takes it for a section called `[x`.
        if let Some(inner) = name.strip_prefix('[') {
            self.complain(number, format!("[[{inner}]] is not a section of Pegasus, which reads it as \"[{inner}\": write [{inner}]"));
        }
        let name = name.trim();
        if let Some(first) = self.ini.sections.iter().find(|s| s.name == name).map(|s| s.line) {
            self.complain(number, format!("[{name}] is given again, first in line {first}; Pegasus does not start with it"));
            self.open = None;
            return;
        }
        self.open = Some(self.ini.sections.len());
        self.ini.sections.push(Section { name: name.to_owned(), line: number, entries: Vec::new() });
    }
}

/// The line up to `#` or `;`, unless `^` stands before it and is taken away.
fn without_comment(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    for c in line.chars() {
        if matches!(c, '#' | ';') {
            if out.ends_with('^') {
                out.pop();
            } else {
                break;
            }
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_read_as_pegasus_reads_it() {
        let text = "\u{feff}; head\r\n[replication]\r\n  cluster_name = hz # main\r\ncluster_name = sg\r\ncluster_name = hz\r\n[pegasus.clusters]\nsg = a:1,b:1 ; metas\nx = a^#b\n[replication]\nlost = 1\n";
        let ini = Ini::parse("config.ini", text.as_bytes());
        assert_eq!(ini.value("replication", "cluster_name"), Some("hz"));
        assert_eq!(ini.get("pegasus.clusters", "sg").map(|e| (e.value.as_str(), e.line)), Some(("a:1,b:1", 7)));
        assert_eq!(ini.value("pegasus.clusters", "x"), Some("a#b"));
        assert_eq!(ini.get("replication", "lost"), None);
        let lines: Vec<u64> = ini.issues.iter().map(|b| b.line).collect();
        assert_eq!(lines, [4, 9], "what is said again says nothing else");
    }

    #[test]
    fn double_brackets_are_no_section() {
        let ini = Ini::parse("c", b"[[duplication-group]]\na = 1\n");
        assert_eq!(ini.section("duplication-group"), None);
        assert!(ini.issues[0].what.contains("write [duplication-group]"), "{:?}", ini.issues);
    }

    #[test]
    fn a_placeholder_is_no_value() {
        let ini = Ini::parse("c", b"[replication]\ncluster_name = %{cluster.name}\nport = %port%\n@X@ = @Y@\n");
        assert_eq!(ini.value("replication", "cluster_name"), None);
        assert!(ini.get("replication", "port").is_some_and(Entry::is_placeholder));
        assert!(ini.get("replication", "@X@").is_some_and(Entry::is_placeholder));
    }
}
