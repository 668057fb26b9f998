//! Free text of a log: known names, and whatever has the shape of an address, a host or a path.

use super::alias::{Aliases, Kind};
use super::vocabulary::{is_common_file, is_kept, is_word};
use regex::{Captures, Regex};
use std::net::Ipv6Addr;
use std::sync::LazyLock;

/// Around the number of a piece that is replaced; no text has these characters.
pub(super) const OPEN: char = '\u{fdd0}';
pub(super) const CLOSE: char = '\u{fdd1}';

/// The names that servers of a company's own domain end in.
const DOMAINS: &str = "
    com net org io cn hk tw jp kr sg in ru de eu uk us dev cloud local lan internal intra corp srv svc localdomain
    example test invalid
";

/// Endings of files behind which a line number stands.
pub(super) const FILES: &[&str] = &["cpp", "cc", "c", "h", "hpp", "hh", "inl", "rs", "go", "java", "py", "txt", "log", "gz", "ini", "toml"];

macro_rules! shape {
    ($name:ident, $text:literal) => {
        static $name: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new($text).ok());
    };
}

shape!(PATH, r#"(?P<before>^|[\s"'`=(\[{,:;@<>|~])(?P<path>/[^\s"'`()\[\]{},;<>|*?]+)"#);
// `X@Y` and `X/Y@Z`; what stands before the `@` of a replica is a number.
shape!(
    ACCOUNT,
    r"(?P<before>^|[^\p{L}\p{N}_.\-/])(?P<user>[\p{L}_\x{fdd0}][\p{L}\p{N}_.\-\x{fdd0}\x{fdd1}]*)(?:/(?P<host>[\p{L}\p{N}_.\-\x{fdd0}\x{fdd1}]+))?@(?P<realm>[\p{L}\x{fdd0}][\p{L}\p{N}_.\-\x{fdd0}\x{fdd1}]*)"
);
// Two slashes, or one and an ending: `and/or` is none.
shape!(
    RELATIVE,
    r"(?P<before>^|[\s\x22'`=(\[{,;@<>|])(?P<path>[\p{L}\p{N}_.\-\x{fdd0}\x{fdd1}]+(?:(?:/[\p{L}\p{N}_.\-+%\x{fdd0}\x{fdd1}]+){2,}|/[\p{L}\p{N}_.\-+%\x{fdd0}\x{fdd1}]+\.(?:log|txt|gz|tgz|zip|tar|sst|json|ini)\b))"
);
shape!(TIME, r"^(?:[A-Za-z]{3})?(?:\d{4}[-/.]?\d{1,2}[-/.]?\d{1,2})?[Tt_]?\d{0,2}$");
shape!(VERSION, r"^[vV]?\d+(?:\.\d+)+(?:[-+.]?(?i:rc|alpha|beta|dev|snapshot|release|pre|post|incubating|git|g)[\p{L}\p{N}_.\-]*)?$");
shape!(
    IPV6,
    r"(?P<before>^|[^0-9A-Za-z_:])(?P<ip>[0-9A-Fa-f:]*:[0-9A-Fa-f]*:[0-9A-Fa-f:.]*)(?P<zone>%[0-9A-Za-z]+)?(?P<after>$|[^0-9A-Za-z_])"
);
shape!(IPV4, r"(?P<before>^|[^0-9A-Za-z_.])(?P<ip>\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3})(?P<after>$|[^0-9A-Za-z_]|\D)");
shape!(
    HOST_PORT,
    r"(?P<before>^|[^\p{L}\p{N}_.\-])(?P<host>[\p{L}\p{N}_\x{fdd0}\x{fdd1}][\p{L}\p{N}_.\-\x{fdd0}\x{fdd1}]*):(?P<port>\d{2,5})(?P<after>$|[^\p{L}\p{N}_.])"
);
shape!(
    DOMAIN,
    r"(?P<before>^|[^\p{L}\p{N}_.\-])(?P<host>[\p{L}\p{N}_\x{fdd0}\x{fdd1}][\p{L}\p{N}_\-\x{fdd0}\x{fdd1}]*(?:\.[\p{L}\p{N}_\-\x{fdd0}\x{fdd1}]+)+)"
);

/// One text on its way.
struct Text<'a> {
    aliases: &'a mut Aliases,
    /// What was there, and what stands for it.
    pieces: Vec<(String, String)>,
}

/// The text without names, addresses and paths.
pub(super) fn hide(aliases: &mut Aliases, text: &str) -> String {
    hide_and(aliases, text, |hidden| hidden)
}

/// The same, after something was done with the text in which each alias is a number between [`OPEN`] and [`CLOSE`].
pub(super) fn hide_and(aliases: &mut Aliases, text: &str, then: impl FnOnce(String) -> String) -> String {
    let mut one = Text { aliases, pieces: Vec::new() };
    let hidden = then(one.hidden(text));
    one.filled(&hidden, |piece| &piece.1)
}

impl Text<'_> {
    /// The text with marks for names, addresses and paths.
    fn hidden(&mut self, text: &str) -> String {
        let one = self;
        let mut text = one.known(&text.replace([OPEN, CLOSE], "\u{fffd}"), |_| true);
        text = one.replace(&PATH, &text, |one, c| one.path(&c["path"]));
        text = one.replace(&ACCOUNT, &text, |one, c| {
            let host = c.name("host").map_or_else(String::new, |host| format!("/{}", one.host(host.as_str())));
            let user = if is_word(&c["user"]) || unmarked(&c["user"]).is_empty() {
                c["user"].to_owned()
            } else {
                one.piece(Kind::User, &c["user"])
            };
            Some(format!("{user}{host}@{}", one.host(&c["realm"])))
        });
        text = one.replace(&RELATIVE, &text, |one, c| {
            let path = &c["path"];
            if path.split('/').all(|part| part.len() < 2 || is_word(part)) { None } else { one.path(path) }
        });
        text = one.replace(&IPV6, &text, |one, c| {
            let ip = c["ip"].trim_end_matches('.');
            // `17:21:57` and `a::b` have its shape, too.
            let real = ip.parse::<Ipv6Addr>().is_ok() && ip.bytes().filter(u8::is_ascii_hexdigit).count() > 0;
            real.then(|| one.piece(Kind::Address, ip) + &c["ip"][ip.len()..] + c.name("zone").map_or("", |zone| zone.as_str()))
        });
        let all = text.clone();
        text = one.replace(&IPV4, &text, |one, c| {
            let before = c.name("before").map_or("", |b| &all[..b.end()]).trim_end_matches([' ', ':', '=', '(', '[', '"', '\'']);
            let is_version = before.get(before.len().saturating_sub(7)..).is_some_and(|word| word.eq_ignore_ascii_case("version"));
            let real = c["ip"].split('.').all(|n| n.parse::<u8>().is_ok()) && &c["ip"] != "0.0.0.0" && !is_version;
            real.then(|| one.piece(Kind::Address, &c["ip"]))
        });
        text = one.replace(&HOST_PORT, &text, |one, c| is_host(&c["host"]).then(|| format!("{}:{}", one.host(&c["host"]), &c["port"])));
        text = one.replace(&DOMAIN, &text, |one, c| {
            let last = c["host"].rsplit('.').next().unwrap_or_default().to_lowercase();
            let version = VERSION.as_ref().is_some_and(|version| version.is_match(&c["host"]));
            (DOMAINS.split_whitespace().any(|domain| domain == last) && !version && !is_kept(&c["host"])).then(|| one.host(&c["host"]))
        });
        text
    }
}

/// Known names alone, in a text whose other words are everybody's.
pub(super) fn hide_distinctive(aliases: &mut Aliases, text: &str) -> String {
    exchanged(aliases, text, |_, anywhere| anywhere, |_, alias| alias)
}

/// The text with something else for the known names that are wanted, which is made of the name and its alias.
fn exchanged(
    aliases: &mut Aliases,
    text: &str,
    wanted: impl Fn(&str, bool) -> bool,
    mut with: impl FnMut(&str, String) -> String,
) -> String {
    let mut out = String::with_capacity(text.len());
    let mut from = 0;
    for place in aliases.places(text, wanted) {
        out.push_str(&text[from..place.start]);
        out.push_str(&with(&text[place.start..place.end], place.alias));
        from = place.end;
    }
    out.push_str(&text[from..]);
    out
}

/// A path, part by part; what every installation has stays.
pub(super) fn hide_path(aliases: &mut Aliases, path: &str) -> String {
    let mut one = Text { aliases, pieces: Vec::new() };
    let mut out = String::with_capacity(path.len());
    for (index, part) in path.split('/').enumerate() {
        if index > 0 {
            out.push('/');
        }
        // Members of an archive stand behind its name.
        for (index, part) in part.split('!').enumerate() {
            if index > 0 {
                out.push('!');
            }
            let exact = one.aliases.known(part).filter(|_| !is_word(part)).map(str::to_owned);
            let text = match exact {
                Some(alias) => alias,
                None => {
                    let known = one.known(&part.replace([OPEN, CLOSE], "\u{fffd}"), |name| !is_word(name));
                    one.part(&known)
                }
            };
            out.push_str(&text);
        }
    }
    one.filled(&out, |piece| &piece.1)
}

impl Text<'_> {
    /// Puts marks where known names stand.
    fn known(&mut self, text: &str, wanted: impl Fn(&str) -> bool) -> String {
        exchanged(self.aliases, text, |name, _| wanted(name), |original, alias| mark(&mut self.pieces, original, alias))
    }

    fn piece(&mut self, kind: Kind, original: &str) -> String {
        let original = self.filled(original, |piece| &piece.0);
        let alias = self.aliases.alias(kind, &original);
        mark(&mut self.pieces, &original, alias)
    }

    /// The text with marks filled in.
    fn filled(&self, text: &str, with: impl Fn(&(String, String)) -> &String) -> String {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(open) = rest.find(OPEN) {
            out.push_str(&rest[..open]);
            let inner = &rest[open + OPEN.len_utf8()..];
            let Some((number, after)) = inner.split_once(CLOSE) else { break };
            if let Some(piece) = number.parse::<usize>().ok().and_then(|n| self.pieces.get(n)) {
                out.push_str(with(piece));
            }
            rest = after;
        }
        out.push_str(rest);
        out
    }

    /// Replaces what has a shape, unless `with` says that it is none.
    fn replace(
        &mut self,
        shape: &LazyLock<Option<Regex>>,
        text: &str,
        mut with: impl FnMut(&mut Self, &Captures<'_>) -> Option<String>,
    ) -> String {
        let Some(shape) = shape.as_ref() else { return text.to_owned() };
        let mut out = String::with_capacity(text.len());
        let mut from = 0;
        while let Some(found) = shape.captures_at(text, from) {
            let Some(all) = found.get(0) else { break };
            let behind = found.name("before").map_or(all.start(), |b| b.end());
            out.push_str(&text[from..behind]);
            match with(self, &found) {
                Some(hidden) => {
                    out.push_str(&hidden);
                    // What stands behind may stand before the next one.
                    from = found.name("after").map_or(all.end(), |after| after.start());
                }
                None => {
                    // What looks like one from here may hold another one.
                    let next = text[behind..].chars().next().map_or(text.len(), |c| behind + c.len_utf8());
                    out.push_str(&text[behind..next]);
                    from = next;
                }
            }
            if from >= text.len() {
                break;
            }
        }
        out.push_str(text.get(from..).unwrap_or_default());
        out
    }

    /// A path in a text; marks of the sentence at its end are none of its.
    fn path(&mut self, path: &str) -> Option<String> {
        let end = path.trim_end_matches(['.', ':', '!', '…']).len();
        let (path, rest) = path.split_at(end);
        path.contains(char::is_alphanumeric).then(|| {
            let parts: Vec<String> = path.split('/').map(|part| self.part(part)).collect();
            format!("{}{rest}", parts.join("/"))
        })
    }

    /// One folder or file, in which known names are marked.
    fn part(&mut self, part: &str) -> String {
        // The authority of `hdfs://host:9000/…`.
        if let Some((host, port)) = part.rsplit_once(':')
            && !port.is_empty()
            && port.bytes().all(|b| b.is_ascii_digit())
        {
            return format!("{}:{port}", self.part(host));
        }
        let rest: String = unmarked(part);
        let marked = rest.len() < part.len();
        if rest.trim().is_empty() || is_common_file(&rest) || (marked && !rest.contains(char::is_alphanumeric)) {
            return part.to_owned();
        }
        let original = self.filled(part, |piece| &piece.0);
        // What a file is tells its ending.
        let ending = endings(&original);
        let kind = if ending.is_empty() { Kind::Folder } else { Kind::File };
        let stem = original[..original.len() - ending.len()].to_owned();
        self.piece(kind, &stem) + ending
    }

    fn host(&mut self, host: &str) -> String {
        // Nothing but a known name is left as it is.
        if unmarked(host).is_empty() { host.to_owned() } else { self.piece(Kind::Host, host) }
    }
}

/// A mark that stands for a piece.
fn mark(pieces: &mut Vec<(String, String)>, original: &str, alias: String) -> String {
    pieces.push((original.to_owned(), alias));
    format!("{OPEN}{}{CLOSE}", pieces.len() - 1)
}

/// The text without its marks.
fn unmarked(text: &str) -> String {
    let mut inside = false;
    let outside = |c: &char| {
        inside = (inside || *c == OPEN) && *c != CLOSE;
        !inside && *c != CLOSE
    };
    text.chars().filter(outside).collect()
}

/// `.tar.gz` of `incident.tar.gz`.
fn endings(name: &str) -> &str {
    const KNOWN: &[&str] = &["gz", "zst", "xz", "bz2", "tar", "tgz", "zip", "txt", "log", "json", "jsonl", "sst", "ini"];
    let mut start = name.len();
    while let Some(dot) = name[..start].rfind('.').filter(|dot| *dot > 0) {
        if !KNOWN.contains(&&name[dot + 1..start]) {
            break;
        }
        start = dot;
    }
    &name[start..]
}

/// Whether the word before a port is a host.
fn is_host(word: &str) -> bool {
    let rest = unmarked(word);
    if rest.is_empty() {
        return rest.len() == word.len();
    }
    let last = word.rsplit('.').next().unwrap_or_default();
    let number = |w: &str| w.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'_' | b'-'));
    let other = |shape: &LazyLock<Option<Regex>>| shape.as_ref().is_some_and(|shape| shape.is_match(&rest));
    if other(&TIME) || other(&VERSION) || number(&rest) || FILES.contains(&last) || (word.contains('.') && number(last)) {
        return false;
    }
    // `decree:12345` is none, `rs-01:34801` is.
    !rest.split(|c: char| !c.is_alphabetic()).all(|w| w.is_empty() || is_word(w))
        || (rest.contains(|c: char| c.is_ascii_digit()) && !rest.contains('_'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn aliases() -> Aliases {
        let mut aliases = Aliases::default();
        for (kind, name) in [(Kind::Table, "t1"), (Kind::Cluster, "bj"), (Kind::Host, "meta1"), (Kind::Table, "log")] {
            aliases.learn(kind, name);
        }
        aliases.settle();
        aliases
    }

    #[test]
    fn addresses_and_hosts_go_and_ports_stay() {
        let hidden = |text: &str| hide(&mut aliases(), text);
        assert_eq!(hidden("10.1.2.3:34801 10.1.2.3:34601 (10.1.2.4)"), "ip-1:34801 ip-1:34601 (ip-2)");
        assert_eq!(hidden("10.1.2.3,10.1.2.4,rs-1:34801,rs-2:34801,10.1.2.5"), "ip-1,ip-2,host-2:34801,host-3:34801,ip-3");
        assert_eq!(hidden("[fe80::1]:34801 ::1, at 17:21:57 dsn::add 0.0.0.0:0"), "[ip-1]:34801 ip-2, at 17:21:57 dsn::add 0.0.0.0:0");
        assert_eq!(
            hidden("rs-01.dc:34801(10.1.2.3:34801) decree:12345 app_id:12345"),
            "host-2:34801(ip-1:34801) decree:12345 app_id:12345"
        );
        assert_eq!(
            hidden("at duplication_info.cpp:1234: meta.20240524_172157_120:44"),
            "at duplication_info.cpp:1234: meta.20240524_172157_120:44"
        );
        assert_eq!(hidden("meta1:34601 db.acme.com and pegasus.server.x"), "host-1:34601 host-2 and pegasus.server.x");
        assert_eq!(
            hidden("::dsn::add [fe80::1%eth0] version 2.4.0.1 v2.4.0-rc1:8080"),
            "::dsn::add [ip-1%eth0] version 2.4.0.1 v2.4.0-rc1:8080"
        );
        assert_eq!(hidden("2024-05-25T02:16:29.5Z 12:34:56 at T02:16 zk.1.2"), "2024-05-25T02:16:29.5Z 12:34:56 at T02:16 zk.1.2");
        assert_eq!(hidden("X ann@CORP.COM pegasus/h1.xx@REALM.X 3.0@10.1.1.1:1"), "X user-1@host-2 pegasus/host-3@host-4 3.0@ip-1:1");
        assert_eq!(hidden("3.2@10.1.2.3:34801, v2.5.0 [a3d17] 0/6"), "3.2@ip-1:34801, v2.5.0 [a3d17] 0/6");
    }

    #[test]
    fn paths_keep_what_everybody_has() {
        let hidden = |text: &str| hide(&mut aliases(), text);
        assert_eq!(
            hidden("dir=/home/acme/pegasus/bj/replica/reps/3.1.pegasus/data/rdb."),
            "dir=/home/dir-1/pegasus/cluster-1/replica/reps/3.1.pegasus/data/rdb."
        );
        assert_eq!(hidden("/a/../t1 (/b/x-t1/c) k/n"), "/dir-1/../table-2 (/dir-2/dir-3/dir-4) k/n");
        assert_eq!(hidden("hdfs://nn:9000/acme"), "hdfs://dir-1:9000/dir-2");
        let path = |text: &str| hide_path(&mut aliases(), text);
        assert_eq!(path("bj/meta1/log/log.1.txt"), "cluster-1/host-1/log/log.1.txt");
        assert_eq!(
            path("./acme-incident.tar.gz!meta1/meta.log.20240524_172157_120"),
            "./file-1.tar.gz!host-1/meta.log.20240524_172157_120"
        );
    }

    #[test]
    fn hostile_marks_do_no_harm() {
        assert_eq!(hide(&mut aliases(), "\u{fdd0}0\u{fdd1} t1 \u{fdd0}"), "\u{fffd}0\u{fffd} table-2 \u{fffd}");
    }
}
