//! Error codes: an open set, since any server component may register its own.

use serde::Serialize;
use std::fmt;

/// The name of an error code as Pegasus prints it, such as `ERR_OBJECT_NOT_FOUND`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct ErrorCode(pub Box<str>);

impl ErrorCode {
    /// Whether the request never reached the other side or its answer was lost.
    ///
    /// Source: the transport rows of `create_err` and `query_err`; after such an error nobody
    /// knows whether the request took effect (issue #2146).
    #[must_use]
    pub fn is_transport(&self) -> bool {
        matches!(&*self.0, "ERR_TIMEOUT" | "ERR_NETWORK_FAILURE" | "ERR_SESSION_RESET" | "ERR_NETWORK_START_FAILED")
    }
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_is_no_transport_error() {
        assert!(ErrorCode("ERR_TIMEOUT".into()).is_transport());
        assert!(!ErrorCode("ERR_APP_EXIST".into()).is_transport());
    }
}
