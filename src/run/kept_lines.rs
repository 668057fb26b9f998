//! What the last lines of a run say: only the first one's fields are kept, the others' texts are read again.

use super::list::{Occurrence, Run};
use crate::event::{Reading, read};
use crate::record::{header, unwrap};

impl Occurrence {
    /// A numeric field of the line.
    pub fn numeric(&self, name: &str) -> Option<i64> {
        let unwrapped = unwrap(self.text.as_bytes());
        let header = header(&unwrapped.text)?;
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
