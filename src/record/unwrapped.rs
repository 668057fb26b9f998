//! A line without its envelope.

use std::borrow::Cow;

/// What stood around a log line.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Envelope {
    /// The server or file that the envelope names: a host, a pod, `grep`'s file.
    pub origin: Option<String>,
    /// The line continues in the next one, as its container's runtime says.
    pub partial: bool,
}

/// A line without its envelope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Unwrapped<'a> {
    /// What stood around it.
    pub envelope: Envelope,
    /// From the level letter on, or the whole text when it has no header.
    pub text: Cow<'a, [u8]>,
}

impl<'a> Unwrapped<'a> {
    pub(super) fn new(origin: Option<String>, text: impl Into<Cow<'a, [u8]>>) -> Self {
        Self { envelope: Envelope { origin, partial: false }, text: text.into() }
    }

    pub(super) fn into_owned(self) -> Unwrapped<'static> {
        Unwrapped { envelope: self.envelope, text: Cow::Owned(self.text.into_owned()) }
    }
}
