//! Quantities as people say them.

use crate::signature::Lang;

/// `12,345`
pub(crate) fn exact(count: u64) -> String {
    let digits = count.to_string();
    let mut out = String::with_capacity(digits.len() + 4);
    for (index, digit) in digits.char_indices() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// `12,345`, `9.1 M`; in Chinese `910 万`.
pub(crate) fn about(count: u64, lang: Lang) -> String {
    let units: [(u64, &str); 2] = match lang {
        Lang::En => [(1_000_000_000, "G"), (1_000_000, "M")],
        Lang::Zh => [(100_000_000, "亿"), (10_000, "万")],
    };
    match units.into_iter().find(|(size, _)| count >= *size) {
        Some((size, unit)) => format!("{} {unit}", tenths(count, size)),
        None => exact(count),
    }
}

/// `2.6 GB`
pub(crate) fn bytes(count: u64) -> String {
    let units = [(1_000_000_000_000, "TB"), (1_000_000_000, "GB"), (1_000_000, "MB"), (1_000, "kB")];
    match units.into_iter().find(|(size, _)| count >= *size) {
        Some((size, unit)) => format!("{} {unit}", tenths(count, size)),
        None => format!("{count} B"),
    }
}

/// One place after the point below a hundred.
fn tenths(count: u64, size: u64) -> String {
    let tenths = count.saturating_add(size / 20) / (size / 10);
    match tenths {
        0..1_000 if !tenths.is_multiple_of(10) => format!("{}.{}", tenths / 10, tenths % 10),
        _ => exact(tenths / 10),
    }
}

/// Seconds, at most two units: `2 h 13 min`.
#[must_use]
pub fn duration(seconds: i64, lang: Lang) -> String {
    let names = match lang {
        Lang::En => [" d", " h", " min", " s"],
        Lang::Zh => [" 天", " 小时", " 分", " 秒"],
    };
    let mut left = seconds.max(0);
    let counts = [86_400, 3_600, 60, 1].map(|size| {
        let count = left / size;
        left %= size;
        count
    });
    let first = counts.iter().position(|&c| c > 0).unwrap_or(3);
    let shown = counts.iter().zip(names).skip(first).take(2).enumerate();
    let texts: Vec<String> = shown.filter(|(i, (c, _))| *i == 0 || **c > 0).map(|(_, (c, name))| format!("{c}{name}")).collect();
    texts.join(" ")
}

/// `path:line`, or the path alone where nobody counted the lines.
#[must_use]
pub fn numbered(path: &str, line: Option<u64>) -> String {
    line.map_or_else(|| path.to_owned(), |line| format!("{path}:{line}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_short_when_large() {
        assert_eq!(exact(803), "803");
        assert_eq!(exact(1_234_567), "1,234,567");
        assert_eq!(about(201_733, Lang::En), "201,733");
        assert_eq!(about(9_130_000, Lang::En), "9.1 M");
        assert_eq!(about(9_130_000, Lang::Zh), "913 万");
        assert_eq!(about(201_733, Lang::Zh), "20.2 万");
        assert_eq!(about(1_000_000, Lang::En), "1 M");
    }

    #[test]
    fn bytes_are_decimal() {
        assert_eq!(bytes(0), "0 B");
        assert_eq!(bytes(999), "999 B");
        assert_eq!(bytes(68_157_440), "68.2 MB");
        assert_eq!(bytes(2_600_000_000), "2.6 GB");
    }

    #[test]
    fn durations_have_two_units_at_most() {
        assert_eq!(duration(8_028, Lang::En), "2 h 13 min");
        assert_eq!(duration(8_028, Lang::Zh), "2 小时 13 分");
        assert_eq!(duration(3_605, Lang::En), "1 h");
        assert_eq!(duration(0, Lang::En), "0 s");
        assert_eq!(duration(-5, Lang::En), "0 s");
    }
}
