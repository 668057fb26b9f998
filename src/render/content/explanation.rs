//! What can be explained, in whatever format.

use super::Runbook;
use crate::signature::{AskedLine, Catalogue, Signature};

/// Something to explain.
#[derive(Debug)]
pub enum Explanation<'a> {
    /// One signature in full; names of other codes come from the catalogue.
    Signature(&'a Signature, &'a Catalogue),
    /// All signatures, by what they are about.
    Signatures(&'a Catalogue),
    /// Those that fit a description, the likeliest first.
    Symptom(Vec<&'a Signature>, &'a Catalogue),
    /// What one pasted line is.
    Line(&'a AskedLine<'a>),
    /// The runbook of a failure.
    Runbook(&'a Runbook<'a>),
}
