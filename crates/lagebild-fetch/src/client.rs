//! One request, with all its redirects, within its limits.

use crate::decode::{self, Body, Caps};
use crate::error::Error;
use crate::names::{Guard, Names, SystemNames};
use jiff::Timestamp;
use lagebild_core::Limit;
use std::sync::Arc;
use std::time::{Duration, Instant};
use ureq::config::Config;
use ureq::http::header::{self, HeaderMap, HeaderName};
use ureq::http::{Response, StatusCode};
use ureq::unversioned::resolver::Resolver;
use ureq::unversioned::transport::{DefaultConnector, NextTimeout};
use ureq::{Agent, Proxy, ProxyProtocol};
use url::Url;

/// What an answer may cost; by default what the table of [`Limit`] says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Redirects followed.
    pub redirects: usize,
    /// For all of a request: names, connections, redirects, body.
    pub time: Duration,
    /// Bytes of the head of each answer.
    pub head: usize,
    /// Bytes of a body as it is sent.
    pub body: u64,
    /// Bytes of a body once it is unpacked.
    pub unpacked: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            redirects: Limit::Redirects.max(),
            time: Duration::from_secs(Limit::Fetch.max() as u64),
            head: Limit::ResponseHead.max(),
            body: Limit::Body.max() as u64,
            unpacked: Limit::Unpacked.max() as u64,
        }
    }
}

/// How a client presents itself and what it may do.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The User-Agent header: who asks, and where to complain.
    pub user_agent: String,
    /// Hosts that may have addresses that are not public, by exact name.
    pub allow_hosts: Vec<String>,
    /// The user's own HTTP proxy (`http://proxy:3128`); it may have any address. `None` for direct connections.
    pub proxy: Option<String>,
    /// Hosts that are not asked through the proxy: `a.example`, `.a.example` for those below it, `*` for all.
    pub no_proxy: Vec<String>,
    /// What answers may cost.
    pub limits: Limits,
    /// Where addresses of hosts come from.
    pub names: Arc<dyn Names>,
}

impl Settings {
    /// Settings with all defaults and this User-Agent.
    #[must_use]
    pub fn new(user_agent: impl Into<String>) -> Self {
        Self {
            user_agent: user_agent.into(),
            allow_hosts: Vec::new(),
            proxy: None,
            no_proxy: Vec::new(),
            limits: Limits::default(),
            names: Arc::new(SystemNames),
        }
    }
}

/// What a server gives along to ask later whether anything changed, as it wrote it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Validators {
    /// The header `ETag`.
    pub etag: Option<String>,
    /// The header `Last-Modified`.
    pub last_modified: Option<String>,
}

impl Validators {
    /// Whether the server gave none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.etag.is_none() && self.last_modified.is_none()
    }

    fn of(headers: &HeaderMap) -> Self {
        Self {
            etag: text(headers, header::ETAG),
            last_modified: text(headers, header::LAST_MODIFIED),
        }
    }
}

/// A page or feed as it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// Where it was found in the end.
    pub url: Url,
    /// Where it is to be asked for from now on, when the server says so (301, 308).
    pub moved_to: Option<Url>,
    /// The header `Content-Type`.
    pub content_type: Option<String>,
    /// For the next request. Empty for a body that broke off: it has to be asked for again.
    pub validators: Validators,
    /// For how long the server says that nothing will change.
    pub max_age: Option<Duration>,
    /// The body, unpacked.
    pub bytes: Vec<u8>,
    /// Whether the body ended where it should.
    pub whole: bool,
}

/// The answer to a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Something to read.
    Page(Box<Page>),
    /// Nothing changed since the answer that the validators came with.
    NotModified {
        /// For the next request; what the server gave anew, else what it gave before.
        validators: Validators,
        /// For how long the server says that nothing will change.
        max_age: Option<Duration>,
    },
}

/// Makes requests. Cheap to clone, to be used in any thread.
#[derive(Clone, Debug)]
pub struct Client {
    agent: Agent,
    guard: Arc<Guard>,
    proxy: Option<Proxy>,
    limits: Limits,
}

/// What ureq calls to resolve names.
#[derive(Debug)]
struct Shared(Arc<Guard>);

impl Resolver for Shared {
    fn resolve(
        &self,
        uri: &ureq::http::Uri,
        config: &Config,
        timeout: NextTimeout,
    ) -> Result<ureq::unversioned::resolver::ResolvedSocketAddrs, ureq::Error> {
        self.0.resolve(uri, config, timeout)
    }
}

impl Client {
    /// A client with these settings.
    ///
    /// # Errors
    /// When the proxy is not named by a URL, or is none for HTTP.
    pub fn new(settings: Settings) -> Result<Self, Error> {
        let Settings {
            user_agent,
            allow_hosts,
            proxy,
            no_proxy,
            limits,
            names,
        } = settings;
        let proxy = proxy.map(|url| through(&url, &no_proxy)).transpose()?;
        let config = Config::builder()
            .user_agent(user_agent)
            .accept_encoding("gzip, br, deflate")
            .proxy(proxy.clone())
            .http_status_as_error(false)
            // Followed here, one by one, each with all checks.
            .max_redirects(0)
            .max_response_header_size(limits.head)
            .max_idle_connections(16)
            .max_idle_connections_per_host(1)
            .build();
        let guard = Arc::new(Guard::new(names, allow_hosts));
        Ok(Self {
            agent: Agent::with_parts(config, DefaultConnector::default(), Shared(Arc::clone(&guard))),
            guard,
            proxy,
            limits,
        })
    }

    /// Asks for `url`. `permit` is asked before each request, redirects included. `now` is for dates in answers.
    ///
    /// # Errors
    /// Any [`Error`]; also when the server answers with an error status.
    pub fn get(
        &self,
        url: &Url,
        validators: &Validators,
        now: Timestamp,
        permit: &mut dyn FnMut(&Url) -> Result<(), Error>,
    ) -> Result<Answer, Error> {
        let deadline = Instant::now() + self.limits.time;
        let (mut url, mut moved_to) = (url.clone(), None);
        let mut all_permanent = true;
        for _ in 0..=self.limits.redirects {
            check_target(&url)?;
            self.check_literal(&url)?;
            permit(&url)?;
            let response = self.request(&url, validators, deadline)?;
            let status = response.status();
            let Some(target) = redirect(&url, &response) else {
                return self.answer(url, moved_to, validators, now, response);
            };
            url = target?;
            all_permanent &= matches!(status, StatusCode::MOVED_PERMANENTLY | StatusCode::PERMANENT_REDIRECT);
            if all_permanent {
                moved_to = Some(url.clone());
            }
        }
        Err(Error::Redirects {
            limit: self.limits.redirects,
        })
    }

    /// Sends `body` as JSON to `url`, once and to no other place: redirects are errors, because what is sent was meant for
    /// this address. `now` is for dates in answers.
    ///
    /// # Errors
    /// Any [`Error`]; also when the server answers with any other status than 2xx.
    pub fn post(&self, url: &Url, headers: &[(&str, &str)], body: &[u8], now: Timestamp) -> Result<(), Error> {
        check_target(url)?;
        self.check_literal(url)?;
        let mut request = self
            .agent
            .post(url.as_str())
            .header(header::CONTENT_TYPE, "application/json");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.config().timeout_global(Some(self.limits.time)).build();
        let response = request.send(body).map_err(|e| self.sort(url, e))?;
        if response.status().is_success() {
            return Ok(());
        }
        Err(Error::Status {
            code: response.status().as_u16(),
            retry_after: text(response.headers(), header::RETRY_AFTER).and_then(|v| retry_after(&v, now)),
        })
    }

    /// With a proxy, names are resolved by the proxy and guarded by whoever runs it; addresses written out in the URL are
    /// checked here, and the proxy is no page.
    fn check_literal(&self, url: &Url) -> Result<(), Error> {
        let Some(proxy) = &self.proxy else { return Ok(()) };
        let host = url.host_str().unwrap_or_default();
        let port = url.port_or_known_default().unwrap_or_default();
        let is_proxy = proxy.host().eq_ignore_ascii_case(host) && proxy.port() == port;
        if is_proxy && !self.guard.allows(host) {
            return Err(Error::IsProxy { host: host.to_owned() });
        }
        let literal = match url.host() {
            Some(url::Host::Ipv4(address)) => Some(address.into()),
            Some(url::Host::Ipv6(address)) => Some(address.into()),
            // RFC 6761, 6.3: the name stands for the machine, here that of the proxy.
            Some(url::Host::Domain(name)) if name == "localhost" || name.ends_with(".localhost") => {
                Some(std::net::Ipv4Addr::LOCALHOST.into())
            }
            _ => None,
        };
        literal.map_or(Ok(()), |address| {
            self.guard.check(host, &[std::net::SocketAddr::new(address, port)])
        })
    }

    fn request(&self, url: &Url, validators: &Validators, deadline: Instant) -> Result<Response<ureq::Body>, Error> {
        let mut request = self.agent.get(url.as_str());
        if let Some(etag) = &validators.etag {
            request = request.header(header::IF_NONE_MATCH, etag);
        }
        if let Some(date) = &validators.last_modified {
            request = request.header(header::IF_MODIFIED_SINCE, date);
        }
        let left = deadline.saturating_duration_since(Instant::now());
        let request = request
            .config()
            .timeout_global(Some(left.max(Duration::from_millis(1))))
            .build();
        request.call().map_err(|e| self.sort(url, e))
    }

    fn answer(
        &self,
        url: Url,
        moved_to: Option<Url>,
        sent: &Validators,
        now: Timestamp,
        response: Response<ureq::Body>,
    ) -> Result<Answer, Error> {
        let (head, body) = response.into_parts();
        let headers = head.headers;
        let code = head.status.as_u16();
        let max_age = max_age(&headers);
        match code {
            304 if !sent.is_empty() => {
                let new = Validators::of(&headers);
                let validators = Validators {
                    etag: new.etag.or_else(|| sent.etag.clone()),
                    last_modified: new.last_modified.or_else(|| sent.last_modified.clone()),
                };
                Ok(Answer::NotModified { validators, max_age })
            }
            200 | 203 => {
                let encoding = text(&headers, header::CONTENT_ENCODING).unwrap_or_default();
                let caps = Caps {
                    wire: self.limits.body,
                    unpacked: self.limits.unpacked,
                };
                let failed = |e: std::io::Error| self.sort(&url, e.into());
                let Body { bytes, whole } = decode::read(body.into_reader(), &encoding, caps, failed)?;
                if bytes.is_empty() {
                    return Err(Error::Empty);
                }
                Ok(Answer::Page(Box::new(Page {
                    moved_to,
                    content_type: text(&headers, header::CONTENT_TYPE),
                    validators: if whole {
                        Validators::of(&headers)
                    } else {
                        Validators::default()
                    },
                    max_age,
                    bytes,
                    whole,
                    url,
                })))
            }
            _ => Err(Error::Status {
                code,
                retry_after: text(&headers, header::RETRY_AFTER).and_then(|v| retry_after(&v, now)),
            }),
        }
    }

    /// The error of the HTTP library, sorted by what it means.
    fn sort(&self, url: &Url, error: ureq::Error) -> Error {
        let host = url.host_str().unwrap_or_default().to_owned();
        let time = Error::Timeout {
            limit: self.limits.time,
        };
        match error {
            ureq::Error::Other(inner) => match inner.downcast::<Error>() {
                Ok(ours) => *ours,
                Err(other) => Error::Connection {
                    host,
                    why: other.to_string(),
                },
            },
            ureq::Error::Timeout(_) => time,
            ureq::Error::Io(e) if e.kind() == std::io::ErrorKind::TimedOut => time,
            ureq::Error::HostNotFound => Error::NoSuchHost { host },
            ureq::Error::LargeResponseHeader(..) => Error::Head {
                limit: self.limits.head,
            },
            ureq::Error::BadUri(why) => Error::Url {
                url: url.to_string(),
                why,
            },
            ureq::Error::Protocol(e) => Error::Protocol {
                host,
                why: e.to_string(),
            },
            ureq::Error::Http(e) => Error::Protocol {
                host,
                why: e.to_string(),
            },
            ureq::Error::Rustls(e) => Error::Tls {
                host,
                why: e.to_string(),
            },
            ureq::Error::Tls(why) => Error::Tls {
                host,
                why: why.to_owned(),
            },
            ureq::Error::Io(e) => match e.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>()) {
                Some(tls) => Error::Tls {
                    host,
                    why: tls.to_string(),
                },
                None => Error::Connection {
                    host,
                    why: e.to_string(),
                },
            },
            other => Error::Connection {
                host,
                why: other.to_string(),
            },
        }
    }
}

/// The proxy at `url`.
fn through(url: &str, no_proxy: &[String]) -> Result<Proxy, Error> {
    let bad = |why: String| Error::Url {
        url: url.to_owned(),
        why,
    };
    let proxy = Proxy::new(url).map_err(|e| bad(e.to_string()))?;
    if !matches!(proxy.protocol(), ProxyProtocol::Http | ProxyProtocol::Https) {
        return Err(bad("only HTTP proxies can be used".to_owned()));
    }
    let mut builder = Proxy::builder(proxy.protocol()).host(proxy.host()).port(proxy.port());
    if let Some(name) = proxy.username() {
        builder = builder.username(name);
    }
    if let Some(password) = proxy.password() {
        builder = builder.password(password);
    }
    for host in no_proxy {
        builder = builder.no_proxy(host.trim());
    }
    builder.build().map_err(|e| bad(e.to_string()))
}

/// Refuses what is no address of the web.
fn check_target(url: &Url) -> Result<(), Error> {
    match url.scheme() {
        "http" | "https" => Ok(()),
        _ => Err(Error::Scheme { url: url.to_string() }),
    }
}

/// Where the server sends us, if it does.
fn redirect(from: &Url, response: &Response<ureq::Body>) -> Option<Result<Url, Error>> {
    let status = response.status().as_u16();
    if !matches!(status, 300 | 301 | 302 | 303 | 307 | 308) {
        return None;
    }
    let location = text(response.headers(), header::LOCATION)?;
    Some(from.join(location.trim()).map_err(|e| Error::Url {
        url: location,
        why: e.to_string(),
    }))
}

fn text(headers: &HeaderMap, name: HeaderName) -> Option<String> {
    let value = headers.get(name)?;
    // Not `to_str`: file names in UTF-8 stand in headers that only hold ASCII by the book.
    Some(String::from_utf8_lossy(value.as_bytes()).into_owned())
}

fn max_age(headers: &HeaderMap) -> Option<Duration> {
    let control = text(headers, header::CACHE_CONTROL)?;
    let seconds = control
        .split(',')
        .filter_map(|directive| directive.split_once('='))
        .find(|(name, _)| name.trim().eq_ignore_ascii_case("max-age"))?
        .1;
    Some(Duration::from_secs(seconds.trim().trim_matches('"').parse().ok()?))
}

/// Reads the header `Retry-After`: seconds, or a date in one of the three forms of HTTP. A date in the past is no wait.
fn retry_after(value: &str, now: Timestamp) -> Option<Duration> {
    let value = value.trim();
    if !value.is_empty() && value.bytes().all(|b| b.is_ascii_digit()) {
        // More digits than a number holds mean: very long.
        return Some(Duration::from_secs(value.parse().unwrap_or(u64::MAX)));
    }
    let date = httpdate::parse_http_date(value).ok()?;
    let date = Timestamp::try_from(date).ok()?;
    Some(Duration::try_from(date.duration_since(now)).unwrap_or(Duration::ZERO))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retry_after_in_both_forms_and_garbage() {
        let now = "2026-11-29T12:00:00Z".parse().unwrap();
        let seconds = |value| retry_after(value, now).map(|d| d.as_secs());
        assert_eq!(seconds("120"), Some(120));
        assert_eq!(seconds("Sun, 29 Nov 2026 12:05:00 GMT"), Some(300));
        assert_eq!(seconds("Sunday, 29-Nov-26 12:05:00 GMT"), Some(300));
        assert_eq!(seconds("Sun Nov 29 12:05:00 2026"), Some(300));
        assert_eq!(seconds("Tue, 29 Nov 2016 12:05:00 GMT"), Some(0));
        assert_eq!(seconds("315360000"), Some(315_360_000));
        assert_eq!(seconds("99999999999999999999999"), Some(u64::MAX));
        for garbage in ["", "soon", "-5", "1.5", "Sun, 99 Nov 2026 12:05:00 GMT"] {
            assert_eq!(seconds(garbage), None, "{garbage}");
        }
    }

    #[test]
    fn with_a_proxy_written_out_addresses_are_checked_and_the_proxy_is_no_page() {
        let client = Client::new(Settings {
            proxy: Some("http://127.0.0.1:3128".to_owned()),
            ..Settings::new("test")
        })
        .unwrap();
        let check = |url: &str| client.check_literal(&Url::parse(url).unwrap()).map_err(|e| e.code());
        assert_eq!(check("http://news.example/"), Ok(()));
        for url in [
            "http://127.0.0.1:3128/",
            "http://169.254.169.254/latest",
            "http://[::1]/",
            "http://2130706433/",
            "http://0x7f.1/",
            "https://localhost/",
            "https://db.localhost/",
        ] {
            assert_eq!(check(url), Err("refused"), "{url}");
        }
    }
}
