//! The client against a server of faults.
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod server;

use flate2::Compression;
use flate2::read::GzEncoder;
use jiff::Timestamp;
use lagebild_fetch::{Answer, Chosen, Client, Error, Limits, Names, Page, Settings, Url, Validators, Visitor};
use server::{Request, Server, answer, drip, raw};
use std::collections::HashMap;
use std::io::{self, Read as _, Write as _};
use std::net::{IpAddr, SocketAddr, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// Names of the test: for each host what each lookup in turn gives; the last stays.
#[derive(Debug, Default)]
struct TestNames(Mutex<HashMap<String, Vec<Vec<IpAddr>>>>);

impl TestNames {
    fn new(hosts: &[(&str, &[&[&str]])]) -> Arc<Self> {
        let parse = |lookup: &&[&str]| lookup.iter().map(|a| a.parse().unwrap()).collect();
        let hosts = hosts
            .iter()
            .map(|(host, lookups)| ((*host).to_owned(), lookups.iter().map(parse).collect()));
        Arc::new(Self(Mutex::new(hosts.collect())))
    }
}

impl Names for TestNames {
    fn lookup(&self, host: &str, port: u16) -> io::Result<Vec<SocketAddr>> {
        let mut hosts = self.0.lock().unwrap();
        let lookups = hosts.get_mut(host).ok_or(io::ErrorKind::NotFound)?;
        let addresses = if lookups.len() > 1 {
            lookups.remove(0)
        } else {
            lookups[0].clone()
        };
        Ok(addresses.into_iter().map(|a| SocketAddr::new(a, port)).collect())
    }
}

/// The time of all tests.
fn now() -> Timestamp {
    "2026-11-29T12:00:00Z".parse().unwrap()
}

fn limits() -> Limits {
    Limits {
        time: Duration::from_secs(20),
        body: 200_000,
        unpacked: 1_000_000,
        ..Limits::default()
    }
}

fn client_with(names: Arc<TestNames>) -> Client {
    Client::new(Settings {
        allow_hosts: vec!["good.test".to_owned(), "other.test".to_owned()],
        names,
        limits: limits(),
        ..Settings::new("Lagebild/test (+https://example.org/contact)")
    })
    .unwrap()
}

fn client() -> Client {
    let here: &[&[&str]] = &[&["127.0.0.1"]];
    client_with(TestNames::new(&[
        ("good.test", here),
        ("other.test", here),
        ("evil.test", here),
    ]))
}

fn get(client: &Client, url: &str) -> Result<Answer, Error> {
    get_if(client, url, &Validators::default())
}

fn get_if(client: &Client, url: &str, validators: &Validators) -> Result<Answer, Error> {
    client.get(&Url::parse(url).unwrap(), validators, now(), &mut |_| Ok(()))
}

fn page(answer: Result<Answer, Error>) -> Page {
    match answer.unwrap() {
        Answer::Page(page) => *page,
        Answer::NotModified { .. } => panic!("not modified"),
    }
}

fn validators() -> Validators {
    Validators {
        etag: Some("\"1\"".to_owned()),
        last_modified: Some("Sun, 29 Nov 2026 10:00:00 GMT".to_owned()),
    }
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packed = Vec::new();
    GzEncoder::new(bytes, Compression::best())
        .read_to_end(&mut packed)
        .unwrap();
    packed
}

/// All faults that a path names.
fn faults(request: &Request, stream: &mut TcpStream) {
    let pause = Duration::from_millis(20);
    let packed = [("Content-Encoding", "gzip")];
    let text = "Seoul warnt. ".repeat(200);
    let path = request.path.as_str();
    match path {
        "/page" => answer(
            stream,
            "200 OK",
            &[
                ("Content-Type", "text/html; charset=iso-8859-1"),
                ("ETag", "\"1\""),
                ("Cache-Control", "public, max-age=600"),
            ],
            b"<p>x",
        ),
        "/slow-head" => drip(stream, b"HTTP/1.1 200 OK\r\nX: y", pause),
        "/slow-body" => drip(stream, b"HTTP/1.1 200 OK\r\n\r\nx", pause),
        "/silent" => std::thread::sleep(Duration::from_secs(30)),
        "/endless" => {
            raw(stream, b"HTTP/1.1 200 OK\r\n\r\n");
            while stream.write_all(&[b'x'; 4096]).is_ok() {}
        }
        "/endless-chunks" => {
            raw(stream, b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
            let chunk = [b"1000\r\n".as_slice(), &[b'x'; 4096], b"\r\n"].concat();
            while stream.write_all(&chunk).is_ok() {}
        }
        "/bad-chunks" => raw(
            stream,
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nxxxxx\r\nnonsense\r\n",
        ),
        "/bomb" => answer(stream, "200 OK", &packed, &gzip(&vec![0; 4_000_000])),
        "/packed" => answer(stream, "200 OK", &packed, &gzip(text.as_bytes())),
        "/cut" => {
            let noise: Vec<u8> = (0..3_000_u32)
                .flat_map(|n| n.wrapping_mul(2_654_435_761).to_le_bytes())
                .collect();
            let body = gzip(&noise);
            answer(stream, "200 OK", &packed, &body[..body.len() / 2]);
        }
        "/lies-long" => raw(
            stream,
            b"HTTP/1.1 200 OK\r\nETag: \"9\"\r\nContent-Length: 1000\r\n\r\n<rss>only this",
        ),
        "/lies-short" => raw(stream, b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n<p>x and more"),
        "/lies-huge" => raw(stream, b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n<p>x"),
        "/loop" => answer(stream, "302 Found", &[("Location", "/loop")], b""),
        "/to-file" => answer(stream, "302 Found", &[("Location", "file:///etc/passwd")], b""),
        "/to-metadata" => answer(
            stream,
            "302 Found",
            &[("Location", "http://169.254.169.254/latest/meta-data/")],
            b"",
        ),
        "/nowhere" => answer(stream, "302 Found", &[], b""),
        "/moved" => answer(
            stream,
            "301 Moved Permanently",
            &[("Location", "/moved-twice")],
            b"gone there",
        ),
        "/for-now" => answer(stream, "302 Found", &[("Location", "/moved")], b""),
        "/304" => answer(stream, "304 Not Modified", &[("ETag", "\"2\"")], b""),
        "/304-body" => answer(stream, "304 Not Modified", &[], b"with a body"),
        "/304-chunked" => raw(
            stream,
            b"HTTP/1.1 304 Not Modified\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
        ),
        "/410" => answer(stream, "410 Gone", &[], b"gone"),
        "/empty" => answer(stream, "200 OK", &[], b""),
        "/long-head" => answer(stream, "200 OK", &[("X", &"y".repeat(100_000))], b"x"),
        "/cookies" => {
            let cookie = "a=".to_owned() + &"b".repeat(200);
            answer(stream, "200 OK", &vec![("Set-Cookie", cookie.as_str()); 1_000], b"x");
        }
        "/no-http" => raw(stream, b"SSH-2.0-OpenSSH_9.6\r\n"),
        "/zstd" => answer(stream, "200 OK", &[("Content-Encoding", "zstd")], b"x"),
        _ => {
            if let Some(n) = path.strip_prefix("/hop/") {
                let n: u32 = n.parse().unwrap();
                let next = if n == 1 {
                    "/page".to_owned()
                } else {
                    format!("/hop/{}", n - 1)
                };
                answer(stream, "302 Found", &[("Location", &next)], b"");
            } else if let Some(wait) = path.strip_prefix("/429?") {
                answer(
                    stream,
                    "429 Too Many Requests",
                    &[("Retry-After", &wait.replace('+', " "))],
                    b"",
                );
            } else {
                answer(stream, "404 Not Found", &[], b"<h1>404</h1>");
            }
        }
    }
}

#[test]
fn a_page_comes_with_all_that_the_next_request_needs() {
    let server = Server::start(faults);
    let page = page(get(&client(), &server.url("good.test", "/page")));
    assert_eq!(page.bytes, b"<p>x");
    assert_eq!(page.content_type.as_deref(), Some("text/html; charset=iso-8859-1"));
    assert_eq!(page.validators.etag.as_deref(), Some("\"1\""));
    assert_eq!(page.max_age, Some(Duration::from_secs(600)));
    assert!(page.whole && page.moved_to.is_none());
    let request = &server.requests()[0];
    assert_eq!(
        request.header("user-agent"),
        Some("Lagebild/test (+https://example.org/contact)")
    );
    assert_eq!(request.header("accept-encoding"), Some("gzip, br, deflate"));
    assert_eq!(request.header("if-none-match"), None);
}

#[test]
fn slow_answers_end_in_time() {
    let server = Server::start(faults);
    let client = Client::new(Settings {
        allow_hosts: vec!["good.test".to_owned()],
        names: TestNames::new(&[("good.test", &[&["127.0.0.1"]])]),
        limits: Limits {
            time: Duration::from_millis(400),
            ..limits()
        },
        ..Settings::new("Lagebild/test")
    })
    .unwrap();
    for path in ["/slow-head", "/slow-body", "/silent"] {
        let started = Instant::now();
        let error = get(&client, &server.url("good.test", path)).unwrap_err();
        assert_eq!(error.to_string(), "over the limit: fetch of 0.4 s", "{path}");
        // The server would go on for ever, or for much longer.
        assert!(
            started.elapsed() < Duration::from_secs(10),
            "{path}: {:?}",
            started.elapsed()
        );
    }
}

#[test]
fn endless_answers_end_at_a_limit() {
    let server = Server::start(faults);
    let client = client();
    for path in ["/endless", "/endless-chunks", "/bomb", "/long-head"] {
        let error = get(&client, &server.url("good.test", path)).unwrap_err();
        assert_eq!(error.code(), "limit", "{path}: {error}");
        assert!(error.to_string().starts_with("over the limit: "), "{path}: {error}");
    }
    let flood = get(&client, &server.url("good.test", "/cookies")).unwrap_err();
    assert_eq!(flood.code(), "protocol", "too many headers: {flood}");
}

#[test]
fn wrong_lengths_and_broken_bodies() {
    let server = Server::start(faults);
    let client = client();
    let url = |path| server.url("good.test", path);
    let long = page(get(&client, &url("/lies-long")));
    assert_eq!(
        (long.bytes.as_slice(), long.whole),
        (b"<rss>only this".as_slice(), false)
    );
    assert!(long.validators.is_empty(), "half a page must be asked for again");
    assert_eq!(page(get(&client, &url("/lies-short"))).bytes, b"<p>x");
    assert!(!page(get(&client, &url("/lies-huge"))).whole);
    let cut = page(get(&client, &url("/cut")));
    assert!(!cut.whole && !cut.bytes.is_empty());
    assert_eq!(page(get(&client, &url("/packed"))).bytes.len(), 2600);
    for (path, code) in [
        ("/empty", "empty"),
        ("/no-http", "protocol"),
        ("/zstd", "encoding"),
        ("/bad-chunks", "protocol"),
        ("/404", "status"),
    ] {
        let error = get(&client, &url(path)).unwrap_err();
        assert_eq!(error.code(), code, "{path}: {error}");
    }
    let error = get(&client, &url("/page").replace("http:", "https:")).unwrap_err();
    // Depends on whether the answer or the end of the connection is seen first.
    assert!(matches!(error.code(), "tls" | "connection"), "{error}");
    let error = get(&client, "http://nobody.test/").unwrap_err();
    assert_eq!(error.to_string(), "nobody.test: there is no such host");
}

#[test]
fn redirects_are_counted_and_permanent_ones_told() {
    let server = Server::start(|request, stream| {
        if request.path == "/moved-twice" {
            let port = request.header("host").unwrap().split(':').nth(1).unwrap();
            let target = format!("//other.test:{port}/page");
            answer(stream, "308 Permanent Redirect", &[("Location", &target)], b"");
        } else {
            faults(request, stream);
        }
    });
    let client = client();
    let url = |path| server.url("good.test", path);
    assert_eq!(page(get(&client, &url("/hop/5"))).bytes, b"<p>x");
    for path in ["/hop/6", "/hop/20", "/loop"] {
        let error = get(&client, &url(path)).unwrap_err();
        assert_eq!(error.to_string(), "over the limit: redirects of 5", "{path}");
    }
    let moved = page(get(&client, &url("/moved")));
    let target = server.url("other.test", "/page");
    assert_eq!(moved.moved_to.as_ref().map(Url::as_str), Some(target.as_str()));
    assert_eq!(moved.url.as_str(), target);
    let for_now = page(get(&client, &url("/for-now")));
    assert_eq!(
        for_now.moved_to, None,
        "what a passing redirect leads to may move again"
    );
    assert_eq!(for_now.url.as_str(), target);
    assert_eq!(get(&client, &url("/nowhere")).unwrap_err().code(), "status");
}

#[test]
fn nothing_is_asked_of_addresses_that_are_not_public() {
    let server = Server::start(|request, stream| match request.path.strip_prefix("/to?") {
        Some(target) => answer(stream, "302 Found", &[("Location", target)], b""),
        None => faults(request, stream),
    });
    let client = client();
    let port = Url::parse(&server.url("good.test", "/")).unwrap().port().unwrap();
    for target in [
        format!("http://127.0.0.1:{port}/secret"),
        format!("http://2130706433:{port}/secret"),
        format!("http://0x7f.0.0.1:{port}/secret"),
        format!("http://[::1]:{port}/secret"),
        format!("http://[::ffff:127.0.0.1]:{port}/secret"),
        format!("http://0.0.0.0:{port}/secret"),
        format!("http://evil.test:{port}/secret"),
    ] {
        // The names of the test know no addresses written out; the system does.
        let known = if target.contains("evil") {
            client.clone()
        } else {
            with_system_names()
        };
        let error = get(&known, &target).unwrap_err();
        assert_eq!(error.code(), "refused", "{target}: {error}");
    }
    assert!(server.paths().is_empty());
    for (path, code) in [
        (format!("/to?http://evil.test:{port}/secret"), "refused"),
        ("/to-file".to_owned(), "url"),
        ("/to?gopher://good.test/".to_owned(), "url"),
    ] {
        let error = get(&client, &server.url("good.test", &path)).unwrap_err();
        assert_eq!(error.code(), code, "{path}: {error}");
    }
    let metadata = client_with(TestNames::new(&[
        ("good.test", &[&["127.0.0.1"]]),
        ("169.254.169.254", &[&["169.254.169.254"]]),
    ]));
    let error = get(&metadata, &server.url("good.test", "/to-metadata")).unwrap_err();
    assert_eq!(
        error.to_string(),
        "169.254.169.254 is not public (169.254.0.0/16, link-local)"
    );
    assert_eq!(
        error.hint().unwrap(),
        "if you trust that host and mean it, allow it by name: --allow-host 169.254.169.254"
    );
    assert!(!server.paths().iter().any(|p| p == "/secret"));
}

fn with_system_names() -> Client {
    Client::new(Settings {
        limits: limits(),
        ..Settings::new("Lagebild/test")
    })
    .unwrap()
}

#[test]
fn a_name_that_changes_its_address_gains_nothing() {
    let server = Server::start(faults);
    // 192.0.2.0/24 is for documentation: public by form, and nobody answers there.
    let names = TestNames::new(&[
        ("rebinding.test", &[&["192.0.2.1"], &["127.0.0.1"]]),
        ("mixed.test", &[&["192.0.2.1", "fd00::1"]]),
        ("good.test", &[&["127.0.0.1"]]),
    ]);
    let client = Client::new(Settings {
        allow_hosts: vec!["good.test".to_owned()],
        names,
        limits: Limits {
            time: Duration::from_millis(300),
            ..limits()
        },
        ..Settings::new("Lagebild/test")
    })
    .unwrap();
    let first = get(&client, &server.url("rebinding.test", "/secret")).unwrap_err();
    assert!(
        matches!(first, Error::Timeout { .. } | Error::Connection { .. }),
        "{first}"
    );
    let second = get(&client, &server.url("rebinding.test", "/secret")).unwrap_err();
    assert_eq!(second.code(), "refused", "{second}");
    let mixed = get(&client, &server.url("mixed.test", "/secret")).unwrap_err();
    assert_eq!(mixed.code(), "refused", "{mixed}");
    assert!(server.paths().is_empty());
    assert!(get(&client, &server.url("good.test", "/page")).is_ok());
}

#[test]
fn the_own_proxy_is_reached_wherever_it_stands_and_gives_no_pages() {
    // A CONNECT proxy that leads every connection to itself: what it answers inside the tunnel is the page.
    let proxy = Server::start(|request, stream| {
        raw(stream, b"HTTP/1.1 200 Connection established\r\n\r\n");
        let mut head = [0; 1024];
        let n = io::Read::read(stream, &mut head).unwrap_or(0);
        assert!(head[..n].starts_with(b"GET /page "), "{request:?}");
        answer(stream, "200 OK", &[], b"<p>through the proxy");
    });
    let at = Url::parse(&proxy.url("127.0.0.1", "/")).unwrap();
    let client = Client::new(Settings {
        proxy: Some(at.to_string()),
        limits: limits(),
        ..Settings::new("Lagebild/test")
    })
    .unwrap();
    let page = page(get(&client, "http://news.example/page"));
    assert_eq!(page.bytes, b"<p>through the proxy");
    assert_eq!(proxy.paths(), ["news.example:80"]);
    assert_eq!(get(&client, at.as_str()).unwrap_err().code(), "refused");
    assert_eq!(get(&client, "http://10.0.0.1/page").unwrap_err().code(), "refused");
    assert_eq!(proxy.paths().len(), 1);
}

#[test]
fn not_modified_is_no_error_with_or_without_a_body() {
    let server = Server::start(faults);
    let client = client();
    for (path, etag) in [("/304", "\"2\""), ("/304-body", "\"1\""), ("/304-chunked", "\"1\"")] {
        let answer = get_if(&client, &server.url("good.test", path), &validators()).unwrap();
        let Answer::NotModified { validators: next, .. } = answer else {
            panic!("{path}: a page")
        };
        assert_eq!(next.etag.as_deref(), Some(etag), "{path}");
        assert_eq!(next.last_modified, validators().last_modified, "{path}");
    }
    let request = &server.requests()[0];
    assert_eq!(request.header("if-none-match"), Some("\"1\""));
    assert_eq!(
        request.header("if-modified-since"),
        Some("Sun, 29 Nov 2026 10:00:00 GMT")
    );
    let error = get(&client, &server.url("good.test", "/304")).unwrap_err();
    assert_eq!(error.code(), "status", "an answer to a question that was not asked");
}

#[test]
fn servers_tell_when_they_want_to_be_asked_again() {
    let server = Server::start(faults);
    let client = client();
    for (wait, seconds) in [
        ("120", Some(120)),
        ("Sun,+29+Nov+2026+12:05:00+GMT", Some(300)),
        ("315360000", Some(315_360_000)),
        ("soon", None),
    ] {
        let error = get(&client, &server.url("good.test", &format!("/429?{wait}"))).unwrap_err();
        assert_eq!(error.retry_after().map(|d| d.as_secs()), seconds, "{wait}");
        assert!(error.is_passing());
    }
    let gone = get(&client, &server.url("good.test", "/410")).unwrap_err();
    assert_eq!((gone.code(), gone.is_passing()), ("gone", false));
}

#[test]
fn robots_txt_is_asked_once_and_kept_to() {
    let server = Server::start(|request, stream| match (request.host(), request.path.as_str()) {
        ("good.test", "/robots.txt") => answer(
            stream,
            "200 OK",
            &[],
            b"User-agent: *\nDisallow: /\n\nUser-agent: lagebild\nCrawl-delay: 7\nDisallow: /closed\n",
        ),
        ("other.test", "/robots.txt") => answer(stream, "503 Service Unavailable", &[], b""),
        ("good.test", "/out") => {
            let port = request.header("host").unwrap().split(':').nth(1).unwrap();
            answer(
                stream,
                "302 Found",
                &[("Location", &format!("http://other.test:{port}/page"))],
                b"",
            );
        }
        _ => faults(request, stream),
    });
    let visitor = Visitor::new(client(), "Lagebild");
    let visit = |path: &str, chosen| {
        let url = Url::parse(&server.url("good.test", path)).unwrap();
        visitor.visit(&url, &Validators::default(), chosen, now())
    };
    let page = visit("/page", Chosen::ByProgram);
    assert!(page.answer.is_ok());
    assert_eq!(page.delay, Some(Duration::from_secs(7)));
    let closed = visit("/closed/1", Chosen::ByProgram).answer.unwrap_err();
    assert_eq!(closed.to_string(), "robots.txt of good.test does not allow it");
    let named = visit("/closed/1", Chosen::ByUser).answer.unwrap_err();
    assert_eq!(named.code(), "status", "what the user names is asked for");
    let out = visit("/out", Chosen::ByProgram).answer.unwrap_err();
    assert_eq!(out.code(), "no-robots", "the server redirected to is asked too: {out}");
    assert!(out.is_passing());
    assert_eq!(
        server.paths(),
        ["/robots.txt", "/page", "/closed/1", "/out", "/robots.txt"],
        "each file once, no page that is closed to the program"
    );
}

#[test]
fn no_robots_txt_allows_all() {
    let server = Server::start(faults);
    let visitor = Visitor::new(client(), "Lagebild");
    let url = Url::parse(&server.url("good.test", "/page?x=1")).unwrap();
    let url = url.join("/page").unwrap();
    let visit = visitor.visit(&url, &Validators::default(), Chosen::ByProgram, now());
    assert!(visit.answer.is_ok() && visit.delay.is_none());
}
