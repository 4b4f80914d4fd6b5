//! robots.txt as RFC 9309 reads it, with the widespread `Crawl-delay` besides.
//!
//! Written here because the crates for it have not been kept since 2022 and compile a regular expression per rule. All of
//! it takes time linear in the file, and matching a rule takes no more than the product of both lengths.

use std::time::Duration;

/// Bytes of the file that are read; RFC 9309 wants at least 500 KiB.
const READ: usize = 512_000;

/// What robots.txt of a host tells one robot.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Robots {
    rules: Vec<Rule>,
    delay: Option<Duration>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Rule {
    allow: bool,
    /// A path from its beginning, percent-encoded in one way; `*` stands for anything, `$` at the end for the end.
    pattern: String,
}

impl Robots {
    /// Reads `file` for the robot with this product token (`Lagebild`, as in its User-Agent).
    #[must_use]
    pub fn parse(file: &[u8], token: &str) -> Self {
        let text = String::from_utf8_lossy(&file[..file.len().min(READ)]);
        let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
        let (mut own, mut others) = (None::<Self>, Self::default());
        // The groups that the lines at hand belong to.
        let (mut to_own, mut to_others, mut in_names) = (false, false, false);
        for line in text.lines() {
            let line = line.split('#').next().unwrap_or_default();
            let Some((key, value)) = line.split_once(':') else {
                continue;
            };
            let (key, value) = (key.trim().to_ascii_lowercase(), value.trim());
            if key == "user-agent" {
                if !in_names {
                    (to_own, to_others, in_names) = (false, false, true);
                }
                // `Lagebild/2.0` in the file means the robot Lagebild.
                let name = value.split(['/', ' ']).next().unwrap_or_default();
                if name.eq_ignore_ascii_case(token) {
                    to_own = true;
                    own.get_or_insert_default();
                } else if name == "*" {
                    to_others = true;
                }
                continue;
            }
            let rule = match key.as_str() {
                "allow" | "disallow" => Some(Rule {
                    allow: key == "allow",
                    pattern: normal(value),
                }),
                "crawl-delay" => None,
                // Sitemaps and the like belong to no group and end none.
                _ => continue,
            };
            in_names = false;
            for group in [own.as_mut().filter(|_| to_own), to_others.then_some(&mut others)]
                .into_iter()
                .flatten()
            {
                match &rule {
                    Some(rule) if rule.pattern.is_empty() => {}
                    Some(rule) => group.rules.push(rule.clone()),
                    None => group.delay = delay(value).or(group.delay),
                }
            }
        }
        own.unwrap_or(others)
    }

    /// A host that does not want any page read.
    #[must_use]
    pub fn nothing() -> Self {
        let rule = Rule {
            allow: false,
            pattern: "/".to_owned(),
        };
        Self {
            rules: vec![rule],
            delay: None,
        }
    }

    /// Whether the page with this path and query may be read: the longest rule that fits decides, and of two as long
    /// ones the one that allows.
    #[must_use]
    pub fn allows(&self, path: &str) -> bool {
        let path = normal(path);
        self.rules
            .iter()
            .filter(|rule| fits(rule.pattern.as_bytes(), path.as_bytes()))
            .max_by_key(|rule| (rule.pattern.len(), rule.allow))
            .is_none_or(|rule| rule.allow)
    }

    /// The time to keep between two requests.
    #[must_use]
    pub fn delay(&self) -> Option<Duration> {
        self.delay
    }
}

fn delay(value: &str) -> Option<Duration> {
    let seconds: f64 = value.parse().ok()?;
    Duration::try_from_secs_f64(seconds).ok()
}

/// `path` with each byte written in one way: unreserved ones as they are, others percent-encoded in capitals, reserved
/// ones as found.
fn normal(path: &str) -> String {
    let bytes = path.as_bytes();
    let digit = |at: usize| char::from(*bytes.get(at)?).to_digit(16);
    let mut out = String::with_capacity(path.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let coded = if byte == b'%' {
            digit(at + 1).zip(digit(at + 2))
        } else {
            None
        };
        // Two hexadecimal digits fit into a byte.
        let coded = coded.and_then(|(high, low)| u8::try_from(high * 16 + low).ok());
        let value = coded.unwrap_or(byte);
        let unreserved = value.is_ascii_alphanumeric() || b"-._~".contains(&value);
        if unreserved || coded.is_none() && value.is_ascii_graphic() {
            out.push(char::from(value));
        } else {
            out.push('%');
            for half in [value >> 4, value & 15] {
                out.extend(char::from_digit(u32::from(half), 16).map(|c| c.to_ascii_uppercase()));
            }
        }
        at += if coded.is_some() { 3 } else { 1 };
    }
    out
}

/// Whether `pattern` fits the beginning of `path`. Goes back to the last `*` only, as a longer stretch for an earlier one
/// never helps.
fn fits(pattern: &[u8], path: &[u8]) -> bool {
    let (pattern, to_end) = match pattern.strip_suffix(b"$") {
        Some(pattern) => (pattern, true),
        None => (pattern, false),
    };
    let (mut p, mut s) = (0, 0);
    let mut star = None;
    loop {
        match (pattern.get(p), path.get(s)) {
            (None, None) => return true,
            (None, Some(_)) if !to_end => return true,
            (Some(b'*'), _) => {
                p += 1;
                star = Some((p, s));
            }
            (Some(a), Some(b)) if a == b => {
                p += 1;
                s += 1;
            }
            _ => match star {
                Some((after, from)) if from < path.len() => {
                    star = Some((after, from + 1));
                    (p, s) = (after, from + 1);
                }
                _ => return false,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allows(file: &str, path: &str) -> bool {
        Robots::parse(file.as_bytes(), "Lagebild").allows(path)
    }

    #[test]
    fn the_longest_rule_decides_and_allow_wins_a_tie() {
        let file = "User-agent: *\nDisallow: /archiv\nAllow: /archiv/frei\nDisallow: /a$\nAllow: /b\nDisallow: /b\n";
        for (path, allowed) in [
            ("/", true),
            ("/archiv", false),
            ("/archive/x?y", false),
            ("/archiv/frei/1.html", true),
            ("/a", false),
            ("/ab", true),
            ("/b", true),
        ] {
            assert_eq!(allows(file, path), allowed, "{path}");
        }
        assert!(!Robots::nothing().allows("/x"));
        assert!(Robots::default().allows("/x"));
    }

    #[test]
    fn wildcards_and_encodings() {
        let file = "User-agent: *\nDisallow: /*.pdf$\nDisallow: /*/druck/*x\nDisallow: /caf%C3%A9\nDisallow: /über\nDisallow: /%7Ea\n";
        for (path, allowed) in [
            ("/x/y.pdf", false),
            ("/x/y.pdf?z", true),
            ("/p/druck/abcx", false),
            ("/p/druck/abc", true),
            ("/café", false),
            ("/caf%c3%a9/1", false),
            ("/%C3%BCber", false),
            ("/~a", false),
            ("/%", true),
        ] {
            assert_eq!(allows(file, path), allowed, "{path}");
        }
    }

    #[test]
    fn the_group_of_our_name_stands_alone_and_groups_of_one_name_are_joined() {
        let file = "\u{feff}# robots\nUser-agent: *\nDisallow: /\n\nUser-Agent: other\nUser-agent: LAGEBILD/1.0\nCrawl-delay: 2.5\n\
                    Disallow: /x\nSitemap: https://a.example/s.xml\nDisallow: /y # not this\n\nUser-agent: lagebild\nDisallow: /z\n";
        let robots = Robots::parse(file.as_bytes(), "Lagebild");
        assert_eq!(robots.delay(), Some(Duration::from_millis(2500)));
        let allowed = ["/", "/x", "/y", "/z"].map(|p| robots.allows(p));
        assert_eq!(allowed, [true, false, false, false]);
        assert_eq!(Robots::parse(file.as_bytes(), "Somebody").delay(), None);
        assert!(!Robots::parse(file.as_bytes(), "Somebody").allows("/"));
    }

    #[test]
    fn nonsense_forbids_nothing_and_takes_no_time() {
        assert!(allows("<!DOCTYPE html><p>404", "/x"));
        assert!(allows("Disallow: /x\n", "/x"), "a rule of no group");
        assert!(allows("User-agent: *\nDisallow:\nCrawl-delay: soon\n", "/x"));
        for delay in ["-1", "NaN", "inf", "1e400"] {
            let file = format!("User-agent: *\nCrawl-delay: {delay}\n");
            assert_eq!(Robots::parse(file.as_bytes(), "Lagebild").delay(), None, "{delay}");
        }
        let stars = format!("User-agent: *\nDisallow: /{}b\n", "*a".repeat(2_000));
        assert!(allows(&stars, &format!("/{}", "a".repeat(5_000))));
        let mut long = b"User-agent: *\nDisallow: /x\n".to_vec();
        long.resize(READ, b'#');
        long.extend(b"\nDisallow: /y\n");
        let robots = Robots::parse(&long, "Lagebild");
        assert!(!robots.allows("/x") && robots.allows("/y"));
    }
}
