//! Who may ask: under which names, from which pages, with which token.

use super::WebError;
use anyhow::{Context as _, bail};
use axum::http::uri::Authority;
use axum::http::{HeaderMap, HeaderName, Method, Uri, header};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// The shortest token, in bytes: one that cannot be guessed in the tries that are allowed.
const SHORTEST: usize = 16;
/// So many wrong tokens an address may send in [`WINDOW`].
const FAILURES: u32 = 10;
/// After that, nothing from the address is looked at until this has passed.
const WINDOW: Duration = Duration::from_secs(60);
/// Addresses remembered; beyond it, the oldest is forgotten.
const ADDRESSES: usize = 10_000;

/// A secret that whoever asks has to show. Only its hash is kept; hashes compare in constant time.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Token(blake3::Hash);

impl Token {
    /// The token in a file, without the white space around it.
    ///
    /// # Errors
    /// When the file cannot be read, or what it holds is too short.
    pub(crate) fn read(path: &Path) -> anyhow::Result<Self> {
        let text =
            std::fs::read_to_string(path).with_context(|| format!("cannot read the token {}", path.display()))?;
        match Self::new(text.trim()) {
            Some(token) => Ok(token),
            None => bail!(
                "{}: a token has at least {SHORTEST} characters; `openssl rand -hex 32` makes one",
                path.display()
            ),
        }
    }

    pub(super) fn new(text: &str) -> Option<Self> {
        (text.len() >= SHORTEST).then(|| Self(blake3::hash(text.as_bytes())))
    }

    fn is(self, text: &[u8]) -> bool {
        self.0 == blake3::hash(text)
    }
}

/// Failures of one address since a moment.
#[derive(Clone, Copy, Debug)]
struct Failures {
    count: u32,
    since: Instant,
}

/// What a request has to meet before anything looks at it.
#[derive(Debug, Default)]
pub(crate) struct Gate {
    /// Names under which the server is reached besides those of this machine for itself.
    hosts: Vec<String>,
    token: Option<Token>,
    failures: Mutex<HashMap<IpAddr, Failures>>,
}

impl Gate {
    /// The gate of a server at `addr`.
    ///
    /// # Errors
    /// When others could reach `addr` without a token, or it is not told under which names they do.
    pub(crate) fn new(addr: SocketAddr, hosts: Vec<String>, token: Option<Token>) -> anyhow::Result<Self> {
        let ip = addr.ip();
        if !ip.is_loopback() && token.is_none() {
            bail!("{ip} can be reached from other machines: name a file that holds a token with --token-file FILE");
        }
        if let Some(host) = hosts.iter().find(|host| bare(host).is_none()) {
            bail!("--host {host}: name the host alone, such as lagebild.example.org or 192.0.2.7");
        }
        let mut hosts: Vec<String> = hosts.iter().filter_map(|host| bare(host)).collect();
        if ip.is_unspecified() {
            if hosts.is_empty() {
                bail!(
                    "{ip} stands for all addresses of this machine: name those under which it is reached with --host NAME"
                );
            }
        } else {
            hosts.push(ip.to_string());
        }
        Ok(Self {
            hosts,
            token,
            failures: Mutex::default(),
        })
    }

    /// Names under which the server is reached besides those of this machine for itself.
    pub(super) fn hosts(&self) -> &[String] {
        &self.hosts
    }

    /// Refuses what must not be answered.
    ///
    /// # Errors
    /// [`WebError::Host`], [`WebError::Origin`], [`WebError::Token`], [`WebError::Failures`].
    pub(super) fn check(
        &self,
        method: &Method,
        uri: &Uri,
        headers: &HeaderMap,
        peer: Option<IpAddr>,
    ) -> Result<(), WebError> {
        let host = self.host(uri, headers).ok_or(WebError::Host)?;
        if !own_page(method, headers, &host) {
            return Err(WebError::Origin);
        }
        let Some(token) = self.token else { return Ok(()) };
        if let Some(left) = peer.and_then(|peer| self.shut_out(peer)) {
            return Err(WebError::Failures(left));
        }
        match shown(headers) {
            Some(text) if token.is(&text) => Ok(()),
            shown => {
                // Browsers ask without it first.
                if let (Some(_), Some(peer)) = (shown, peer) {
                    self.count(peer);
                }
                Err(WebError::Token)
            }
        }
    }

    /// The host that the request names, when it is ours. A page elsewhere whose name was bent to this machine (DNS
    /// rebinding) names its own, and so cannot read the store through its visitor's browser.
    fn host(&self, uri: &Uri, headers: &HeaderMap) -> Option<Authority> {
        let host = only(headers, &header::HOST)?;
        let host = Authority::try_from(host)
            .ok()
            .filter(|host| !host.as_str().contains('@'))?;
        let ours = |name: &str| bare(name).is_some_and(|name| is_loopback(&name) || self.hosts.contains(&name));
        (ours(host.host()) && uri.host().is_none_or(ours)).then_some(host)
    }

    /// For how long an address is still shut out.
    fn shut_out(&self, peer: IpAddr) -> Option<Duration> {
        let failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        let failures = failures.get(&peer).filter(|f| f.count >= FAILURES)?;
        WINDOW.checked_sub(failures.since.elapsed())
    }

    fn count(&self, peer: IpAddr) {
        let mut failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        failures.retain(|_, f| f.since.elapsed() < WINDOW);
        if failures.len() >= ADDRESSES {
            let oldest = failures.iter().min_by_key(|(_, f)| f.since).map(|(peer, _)| *peer);
            oldest.and_then(|peer| failures.remove(&peer));
        }
        let since = Instant::now();
        failures.entry(peer).or_insert(Failures { count: 0, since }).count += 1;
    }
}

/// A name or address without brackets, in lower case; nothing when it is none.
fn bare(host: &str) -> Option<String> {
    let name = host.trim_start_matches('[').trim_end_matches(']');
    let fits = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_');
    let is_name = !name.is_empty() && name.bytes().all(fits);
    (is_name || name.parse::<IpAddr>().is_ok()).then(|| name.to_ascii_lowercase())
}

fn is_loopback(name: &str) -> bool {
    name == "localhost" || name.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

/// The value of a header that stands once.
fn only<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    let mut values = headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (Some(value), None) => value.to_str().ok(),
        _ => None,
    }
}

/// Whether a page of ours asks, or none at all. Following a link from elsewhere is fine; asking for data or sending
/// something from there is not. There is no CORS: pages of other origins have no business here.
fn own_page(method: &Method, headers: &HeaderMap, host: &Authority) -> bool {
    if headers.contains_key(header::ORIGIN) {
        let origin = only(headers, &header::ORIGIN).and_then(|origin| origin.parse::<Uri>().ok());
        let same = origin.is_some_and(|origin| {
            let http = matches!(origin.scheme_str(), Some("http" | "https"));
            let bare = origin.path() == "/" && origin.query().is_none();
            http && bare
                && origin
                    .authority()
                    .is_some_and(|a| a.as_str().eq_ignore_ascii_case(host.as_str()))
        });
        if !same {
            return false;
        }
    }
    let text = |name: &'static str| headers.get(name).and_then(|value| value.to_str().ok());
    match text("sec-fetch-site") {
        Some("cross-site" | "same-site") => {
            matches!(*method, Method::GET | Method::HEAD) && text("sec-fetch-mode") == Some("navigate")
        }
        _ => true,
    }
}

/// The token that a request shows: as a bearer token, or as the password that a browser asks for.
fn shown(headers: &HeaderMap) -> Option<Vec<u8>> {
    let value = only(headers, &header::AUTHORIZATION)?;
    let (scheme, rest) = value.split_once(' ')?;
    if scheme.eq_ignore_ascii_case("bearer") {
        return Some(rest.trim().as_bytes().to_vec());
    }
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let pair = STANDARD.decode(rest.trim()).ok()?;
    let colon = pair.iter().position(|b| *b == b':')?;
    Some(pair[colon + 1..].to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOKEN: &str = "0123456789abcdef";

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.append(*name, value.parse().unwrap());
        }
        headers
    }

    fn check(gate: &Gate, method: Method, pairs: &[(&'static str, &str)]) -> Result<(), u16> {
        let peer = Some("192.0.2.9".parse().unwrap());
        gate.check(&method, &"/".parse().unwrap(), &headers(pairs), peer)
            .map_err(|error| error.status().as_u16())
    }

    #[test]
    fn only_our_names_are_ours() {
        let local = Gate::default();
        let named = Gate::new(
            "0.0.0.0:80".parse().unwrap(),
            vec!["Lage.example.org".to_owned(), "2001:db8::7".to_owned()],
            None,
        );
        assert!(named.is_err(), "no token");
        let named = Gate {
            hosts: vec!["lage.example.org".to_owned(), "2001:db8::7".to_owned()],
            ..Gate::default()
        };
        let ask = |gate: &Gate, host: &str| check(gate, Method::GET, &[("host", host)]);
        for host in ["localhost", "LOCALHOST:7373", "127.0.0.1:80", "[::1]:7373", "127.0.0.2"] {
            assert_eq!((ask(&local, host), ask(&named, host)), (Ok(()), Ok(())), "{host}");
        }
        for host in ["LAGE.example.org", "lage.example.org:443", "[2001:db8::7]:80"] {
            assert_eq!((ask(&local, host), ask(&named, host)), (Err(403), Ok(())), "{host}");
        }
        for host in [
            "example.org",
            "localhost.example.org",
            "127.0.0.1.nip.io:80",
            "a@localhost",
            "",
            "10.0.0.1",
            "[::]",
        ] {
            assert_eq!((ask(&local, host), ask(&named, host)), (Err(403), Err(403)), "{host}");
        }
        assert_eq!(check(&local, Method::GET, &[]), Err(403));
        assert_eq!(
            check(&local, Method::GET, &[("host", "localhost"), ("host", "localhost")]),
            Err(403)
        );
        let foreign = local.check(
            &Method::GET,
            &"http://evil.example/".parse().unwrap(),
            &headers(&[("host", "localhost")]),
            None,
        );
        assert!(matches!(foreign, Err(WebError::Host)));
    }

    #[test]
    fn pages_of_others_may_link_and_nothing_else() {
        let gate = Gate::default();
        let host = ("host", "localhost:8080");
        let ask = |method, more: &[(&'static str, &str)]| {
            let pairs: Vec<_> = std::iter::once(host).chain(more.iter().copied()).collect();
            check(&gate, method, &pairs)
        };
        assert_eq!(ask(Method::POST, &[("origin", "http://localhost:8080")]), Ok(()));
        assert_eq!(ask(Method::POST, &[("origin", "https://LOCALHOST:8080")]), Ok(()));
        for origin in [
            "http://evil.example",
            "null",
            "http://localhost:8081",
            "http://localhost",
            "%%",
            "http://localhost:8080/x",
        ] {
            assert_eq!(ask(Method::GET, &[("origin", origin)]), Err(403), "{origin}");
        }
        let twice = [("origin", "http://localhost:8080"), ("origin", "http://evil.example")];
        assert_eq!(ask(Method::GET, &twice), Err(403));
        let (elsewhere, link) = (("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "navigate"));
        assert_eq!(ask(Method::GET, &[elsewhere, link]), Ok(()));
        assert_eq!(ask(Method::POST, &[elsewhere, link]), Err(403));
        assert_eq!(ask(Method::GET, &[elsewhere, ("sec-fetch-mode", "no-cors")]), Err(403));
        assert_eq!(ask(Method::GET, &[("sec-fetch-site", "same-origin")]), Ok(()));
    }

    #[test]
    fn a_token_opens_and_wrong_ones_shut_out() {
        let addr = "192.0.2.1:80".parse().unwrap();
        let gate = Gate::new(addr, Vec::new(), Token::new(TOKEN)).unwrap();
        let ask = |value: &str| check(&gate, Method::GET, &[("host", "192.0.2.1"), ("authorization", value)]);
        let basic = |password: &str| format!("Basic {}", STANDARD.encode(format!("anybody:{password}")));
        assert_eq!(check(&gate, Method::GET, &[("host", "192.0.2.1")]), Err(401));
        assert_eq!(ask(&format!("Bearer {TOKEN}")), Ok(()));
        assert_eq!(ask(&format!("bearer  {TOKEN}")), Ok(()));
        assert_eq!(ask(&basic(TOKEN)), Ok(()));
        for n in 0..FAILURES {
            let wrong = if n % 2 == 0 {
                basic("0123456789abcdeF")
            } else {
                "Bearer 0".to_owned()
            };
            assert_eq!(ask(&wrong), Err(401), "{n}");
        }
        assert_eq!(ask(&format!("Bearer {TOKEN}")), Err(429), "shut out whatever it shows");
        let other = Some("192.0.2.10".parse().unwrap());
        let right = headers(&[("host", "192.0.2.1"), ("authorization", &format!("Bearer {TOKEN}"))]);
        assert!(gate.check(&Method::GET, &"/".parse().unwrap(), &right, other).is_ok());
    }

    #[test]
    fn what_others_reach_needs_a_token_and_names() {
        let gate = |addr: &str, hosts: &[&str], token: Option<Token>| {
            let hosts = hosts.iter().map(|h| (*h).to_owned()).collect();
            Gate::new(addr.parse().unwrap(), hosts, token).map_err(|e| e.to_string())
        };
        for addr in ["0.0.0.0:0", "[::]:0", "192.0.2.1:80"] {
            assert!(
                gate(addr, &["a.example"], None).unwrap_err().contains("--token-file"),
                "{addr}"
            );
        }
        assert!(
            gate("0.0.0.0:0", &[], Token::new(TOKEN))
                .unwrap_err()
                .contains("--host")
        );
        assert!(
            gate("127.0.0.1:0", &["http://a/"], None)
                .unwrap_err()
                .contains("http://a/")
        );
        assert!(gate("192.0.2.1:0", &[], Token::new(TOKEN)).is_ok());
        assert!(gate("127.0.0.1:0", &[], None).is_ok());
        assert!(Token::new("short").is_none());
    }
}
