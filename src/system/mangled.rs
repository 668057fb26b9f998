//! Names of C++ as linkers know them: `_ZN3dsn11replication13load_mutation3runEv`.

/// The plain name, without arguments; `None` of what is no such name.
pub(super) fn plain_name(symbol: &str) -> Option<String> {
    let mut rest = symbol.strip_prefix("_ZN")?.trim_start_matches(['K', 'V', 'r']);
    let mut parts: Vec<&str> = Vec::new();
    loop {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        if digits == 0 {
            break;
        }
        let length: usize = rest[..digits].parse().ok()?;
        parts.push(rest.get(digits..digits.checked_add(length)?)?);
        rest = rest.get(digits + length..)?;
    }
    let constructed = parts.last().copied();
    match rest.get(..2) {
        Some("C1" | "C2" | "C3") => parts.extend(constructed),
        Some("D0" | "D1" | "D2") => return constructed.map(|class| format!("{}::~{class}", parts.join("::"))),
        _ => {}
    }
    (!parts.is_empty()).then(|| parts.join("::"))
}

#[cfg(test)]
mod tests {
    use super::plain_name;

    #[test]
    fn nested_names_are_read() {
        for (symbol, name) in [
            ("_ZN3dsn11replication13load_mutation3runEv", Some("dsn::replication::load_mutation::run")),
            ("_ZNK3dsn5zlock4lockEv", Some("dsn::zlock::lock")),
            ("_ZN3dsn11replication8log_fileC2EPKcS2_", Some("dsn::replication::log_file::log_file")),
            ("_ZN3dsn5zlockD1Ev", Some("dsn::zlock::~zlock")),
            ("_ZN99x", None),
            ("_ZNv", None),
            ("main", None),
        ] {
            assert_eq!(plain_name(symbol).as_deref(), name, "{symbol}");
        }
    }
}
