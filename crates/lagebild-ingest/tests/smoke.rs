//! Each reader on random and on damaged input: none panics, and what comes out holds together.
//!
//! For longer: `PROPTEST_CASES=1000000`. The same functions are the targets of `fuzz/`.
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod entry;

use proptest::prelude::*;
use std::path::Path;
use std::sync::LazyLock;

/// Well-formed inputs, to be damaged.
static SEEDS: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let pages = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pages");
    let mut seeds: Vec<Vec<u8>> = std::fs::read_dir(pages)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|e| e == "html"))
        .map(|path| std::fs::read(path).unwrap())
        .collect();
    // Their order is that of the directory; a failing case shall be found again.
    seeds.sort();
    for seed in [
        "<rss><channel><title>a</title><item><title>b &amp; c</title><link>https://e.org/</link><description><![CDATA[<p>d</p>]]></description></item></channel></rss>",
        "<feed xmlns='http://www.w3.org/2005/Atom'><entry><id>a</id><content type='xhtml'><div><p>b</p></div></content></entry></feed>",
        "{\"version\":\"https://jsonfeed.org/version/1\",\"items\":[{\"id\":1,\"content_text\":\"Satz.\"}]}",
        "WARC/1.0\r\nWARC-Type: response\r\nContent-Length: 70\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\n<p>x\r\n0\r\n\r\n\r\n\r\nWARC/1.0\r\n",
        "text,date\n\"Der Satz, ganz.\",2024-10-24\n",
        "Subject: =?utf-8?q?a?=\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n\r\nText\r\n--x--\r\n",
        "---\ntitle: a\n---\n# b\n\n- c\n- d\n",
        "\x1f\u{fffd}\x08",
    ] {
        seeds.push(seed.as_bytes().to_vec());
    }
    seeds.push(zstd::encode_all(&b"<html><p>Ein Satz.</p>"[..], 1).unwrap());
    seeds
});

proptest! {
    #[test]
    fn any_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        for (_, read) in entry::ALL {
            read(&bytes);
        }
    }

    #[test]
    fn any_markup(text in "(<(/)?(item|entry|title|link|content|p|b|div|table|td|a|h1|article|template|svg|li|channel)( class=\"teaser\")?( type=\"xhtml\")?/?>|<!\\[CDATA\\[|\\]\\]>|<!--|-->|&amp;|&|<|Wort |Satz\\. |\n){0,60}") {
        entry::html(text.as_bytes());
        entry::markdown(text.as_bytes());
        for root in ["rss", "feed", "rdf:RDF"] {
            entry::feed(format!("<{root}>{text}").as_bytes());
        }
    }

    #[test]
    fn damaged_inputs(seed in any::<prop::sample::Index>(), cut in any::<prop::sample::Index>(), flips in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..8)) {
        let mut bytes = seed.get(&SEEDS).clone();
        for (at, value) in flips {
            let at = at.index(bytes.len());
            bytes[at] = value;
        }
        bytes.truncate(cut.index(bytes.len()) + 1);
        for (_, read) in entry::ALL {
            read(&bytes);
        }
    }
}
