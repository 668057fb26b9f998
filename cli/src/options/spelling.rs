//! What somebody may have meant by a word that is not known.

/// What the word is a slip of, if of anything.
pub(crate) fn near<'k>(word: &str, known: impl Iterator<Item = &'k str>) -> Option<&'k str> {
    let lower = word.to_lowercase();
    let (distance, nearest) = known.map(|k| (strsim::damerau_levenshtein(&lower, &k.to_lowercase()), k)).min()?;
    (distance <= (word.chars().count() / 3).clamp(1, 3)).then_some(nearest)
}

/// `; did you mean "table"?`, or the words that are known.
pub(crate) fn meant<'k>(word: &str, known: impl Iterator<Item = &'k str>) -> String {
    /// A cluster may have thousands of tables.
    const SHOWN: usize = 40;
    let known: Vec<&str> = known.collect();
    match near(word, known.iter().copied()) {
        Some(nearest) => format!("; did you mean {nearest:?}?"),
        _ if known.len() > SHOWN => format!("; known are {} and {} more", known[..SHOWN].join(", "), known.len() - SHOWN),
        _ => format!("; known are {}", known.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_near_is_meant_and_else_all_is_listed() {
        let known = || ["code", "table", "reason"].into_iter();
        assert_eq!(meant("tabel", known()), "; did you mean \"table\"?");
        assert_eq!(meant("Reasons", known()), "; did you mean \"reason\"?");
        assert_eq!(meant("because", known()), "; known are code, table, reason");
    }
}
