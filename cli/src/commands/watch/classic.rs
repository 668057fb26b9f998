//! Metrics in the text format of Prometheus, out of `OpenMetrics`.

use std::fmt::Write as _;

/// The page in the older format: it knows no units, no end and no type `info`, and describes a counter by its whole name.
pub(super) fn classic(page: &str) -> String {
    let mut out = String::with_capacity(page.len());
    // HELP stands before TYPE, which tells how the metric is called.
    let mut help = None;
    for line in page.lines() {
        let mut words = line.splitn(4, ' ');
        match (words.next(), words.next(), words.next(), words.next()) {
            (Some("#"), Some("HELP"), Some(name), Some(text)) => help = Some((name, text)),
            (Some("#"), Some("TYPE"), Some(name), Some(kind)) => {
                let (suffix, kind) = match kind {
                    "counter" => ("_total", "counter"),
                    "info" => ("_info", "gauge"),
                    "unknown" => ("", "untyped"),
                    other => ("", other),
                };
                if let Some((_, text)) = help.take().filter(|(of, _)| *of == name) {
                    let _ = writeln!(out, "# HELP {name}{suffix} {text}");
                }
                let _ = writeln!(out, "# TYPE {name}{suffix} {kind}");
            }
            (Some("#"), ..) => {}
            _ => {
                out.push_str(line);
                out.push('\n');
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_types_are_those_of_the_older_format() {
        let page = "# HELP x_read_bytes Bytes.\n# TYPE x_read_bytes counter\n# UNIT x_read_bytes bytes\nx_read_bytes_total 5\n\
                    # HELP x_build The program.\n# TYPE x_build info\nx_build_info{version=\"1\"} 1\n# HELP g A gauge.\n# TYPE g gauge\ng 1\n# EOF\n";
        let expected = "# HELP x_read_bytes_total Bytes.\n# TYPE x_read_bytes_total counter\nx_read_bytes_total 5\n\
                        # HELP x_build_info The program.\n# TYPE x_build_info gauge\nx_build_info{version=\"1\"} 1\n# HELP g A gauge.\n# TYPE g gauge\ng 1\n";
        assert_eq!(classic(page), expected);
    }
}
