//! What the last lines of a run say: only the first one's fields are kept, the others' texts are read again.

use super::list::{Occurrence, Run};
use crate::event::{Reading, read};
use crate::record::{find_header, header};

impl Occurrence {
    /// A numeric field of the line.
    pub fn numeric(&self, name: &str) -> Option<i64> {
        let line = self.text.as_bytes();
        let header = header(line).or_else(|| find_header(line).map(|(_, found)| found))?;
        let body = std::str::from_utf8(header.body).ok()?;
        let Reading::Known(message) = read(body, header.file, header.level) else { return None };
        message.fields.iter().rev().find(|(n, ..)| *n == name)?.2.parse().ok()
    }
}

impl Run {
    /// The lines that are kept, oldest first.
    pub fn kept(&self) -> impl Iterator<Item = &Occurrence> {
        std::iter::once(&self.first).chain(&self.tail)
    }
}
