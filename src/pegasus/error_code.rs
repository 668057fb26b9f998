//! Error codes: an open set, since any server component may register its own.

/// Whether the request never reached the other side or its answer was lost, by the name that Pegasus prints.
///
/// Source: the transport rows of `create_err` and `query_err`; after such an error nobody
/// knows whether the request took effect (issue #2146).
pub(crate) fn is_transport_error(name: &str) -> bool {
    matches!(name, "ERR_TIMEOUT" | "ERR_NETWORK_FAILURE" | "ERR_SESSION_RESET" | "ERR_NETWORK_START_FAILED")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_is_no_transport_error() {
        assert!(is_transport_error("ERR_TIMEOUT"));
        assert!(!is_transport_error("ERR_APP_EXIST"));
    }
}
