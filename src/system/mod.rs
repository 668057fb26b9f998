//! What the machine tells of servers' processes: stacks.
//!
//! Reading it cannot fail; what is not understood says nothing.

mod mangled;
mod stack;

pub(crate) use stack::{Frame, Stack, stacks};

use crate::answer::When;

/// Something that a text tells of a process.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Sign {
    /// The line, from 1.
    pub(crate) line: u64,
    /// The line as it stands.
    pub(crate) text: String,
    /// The moment that it names.
    pub(crate) at: Option<When>,
    /// What it says, as a message of the table.
    pub(crate) body: String,
}

/// All that a text tells, in its order.
pub(crate) fn signs(lines: &[String]) -> Vec<Sign> {
    let mut all = Vec::new();
    for (number, stack) in stacks(lines).into_iter().enumerate() {
        let state = if stack.crashed { "crashed" } else { "running" };
        for (depth, frame) in stack.frames.into_iter().enumerate() {
            let body = format!("frame {depth} of stack {number} of a process, {state}: {}", frame.function);
            all.push(Sign { line: frame.line, text: frame.text, at: None, body });
        }
    }
    all
}
