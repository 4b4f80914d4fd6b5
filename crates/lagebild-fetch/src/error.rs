//! What can go wrong with a request.

use crate::address::Denied;
use lagebild_core::Limit;
use std::net::IpAddr;
use std::time::Duration;

/// Why there is no answer to use.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The address cannot be read as a URL.
    #[error("{url}: not a web address ({why})")]
    Url {
        /// As given.
        url: String,
        /// What the URL parser says.
        why: String,
    },
    /// Only http and https are spoken.
    #[error("{url}: only http and https are fetched")]
    Scheme {
        /// The address, perhaps one that a server redirected to.
        url: String,
    },
    /// The name stands for an address that is not public.
    #[error("{} not public ({}, {})", leads_to(.host, .address), .denied.network, .denied.what)]
    Refused {
        /// The host of the URL.
        host: String,
        /// Its address.
        address: IpAddr,
        /// The network that it is in.
        denied: Denied,
    },
    /// The page asked for is the proxy itself.
    #[error("{host} is the proxy; it is asked to fetch pages, not for pages of its own")]
    IsProxy {
        /// The host of the URL.
        host: String,
    },
    /// The host has no address.
    #[error("{host}: there is no such host")]
    NoSuchHost {
        /// The host of the URL.
        host: String,
    },
    /// The host cannot be reached, or the connection broke before the answer began.
    #[error("{host}: {why}")]
    Connection {
        /// The host of the URL.
        host: String,
        /// What the system says.
        why: String,
    },
    /// The certificate does not hold, or the TLS of both sides does not fit.
    #[error("{host}: no secure connection ({why})")]
    Tls {
        /// The host of the URL.
        host: String,
        /// What is wrong with it.
        why: String,
    },
    /// The answer is not HTTP.
    #[error("{host}: not an HTTP answer ({why})")]
    Protocol {
        /// The host of the URL.
        host: String,
        /// What is wrong with it.
        why: String,
    },
    /// The answer was not complete in time.
    #[error("over the limit: {} of {} s", Limit::Fetch.name(), .limit.as_secs_f32())]
    Timeout {
        /// The time for all of the request, redirects included.
        limit: Duration,
    },
    /// The redirects led further and further.
    #[error("over the limit: {} of {limit}", Limit::Redirects.name())]
    Redirects {
        /// The number allowed.
        limit: usize,
    },
    /// The head of the answer is too long.
    #[error("over the limit: {} of {limit} bytes", Limit::ResponseHead.name())]
    Head {
        /// Bytes allowed.
        limit: usize,
    },
    /// The body is too long as it is sent.
    #[error("over the limit: {} of {limit} bytes", Limit::Body.name())]
    Body {
        /// Bytes allowed.
        limit: u64,
    },
    /// The body is too long once it is unpacked.
    #[error("over the limit: {} of {limit} bytes", Limit::Unpacked.name())]
    Unpacked {
        /// Bytes allowed.
        limit: u64,
    },
    /// The body is packed in a way that we did not ask for.
    #[error("the answer is packed as {encoding:?}; gzip, br and deflate are read")]
    Encoding {
        /// As the server names it.
        encoding: String,
    },
    /// The body does not unpack.
    #[error("the answer does not unpack ({why})")]
    Broken {
        /// What the decoder says.
        why: String,
    },
    /// The body is empty.
    #[error("the answer is empty")]
    Empty,
    /// The server says no.
    #[error("the server answers {code}{}", reason(*.code))]
    Status {
        /// The HTTP status.
        code: u16,
        /// For how long it does not want to be asked again.
        retry_after: Option<Duration>,
    },
    /// robots.txt does not allow the page.
    #[error("robots.txt of {host} does not allow it")]
    Robots {
        /// The host of the URL.
        host: String,
    },
    /// robots.txt cannot be had just now, which counts as no (RFC 9309, 2.3.1.4).
    #[error("robots.txt of {host} cannot be read now ({why})")]
    NoRobots {
        /// The host of the URL.
        host: String,
        /// Why not.
        why: String,
    },
}

fn leads_to(host: &str, address: &IpAddr) -> String {
    let address = address.to_string();
    if host.trim_matches(['[', ']']) == address {
        format!("{address} is")
    } else {
        format!("{host} is {address}, which is")
    }
}

fn reason(code: u16) -> &'static str {
    match code {
        401 | 407 => " (wants a login)",
        402 => " (wants to be paid)",
        403 => " (forbidden)",
        404 => " (not found)",
        410 => " (gone for good)",
        429 => " (too many requests)",
        451 => " (closed for legal reasons)",
        500..=599 => " (has trouble)",
        _ => "",
    }
}

impl Error {
    /// A short name for logs and tables, which stays the same over versions.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Url { .. } | Self::Scheme { .. } => "url",
            Self::Refused { .. } | Self::IsProxy { .. } => "refused",
            Self::NoSuchHost { .. } => "no-such-host",
            Self::Connection { .. } => "connection",
            Self::Tls { .. } => "tls",
            Self::Protocol { .. } => "protocol",
            Self::Timeout { .. } => "timeout",
            Self::Redirects { .. } => "redirects",
            Self::Head { .. } | Self::Body { .. } | Self::Unpacked { .. } => "limit",
            Self::Encoding { .. } | Self::Broken { .. } => "encoding",
            Self::Empty => "empty",
            Self::Status { code: 410, .. } => "gone",
            Self::Status { .. } => "status",
            Self::Robots { .. } => "robots",
            Self::NoRobots { .. } => "no-robots",
        }
    }

    /// What the user can do about it, as one sentence without a full stop.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        Some(match self {
            Self::Url { .. } | Self::Scheme { .. } => "an address looks like https://example.org/page".to_owned(),
            Self::Refused { host, .. } => {
                format!("if you trust that host and mean it, allow it by name: --allow-host {host}")
            }
            Self::NoSuchHost { .. } => "check the spelling, and that this machine can resolve names".to_owned(),
            Self::Robots { .. } => "save the page with a browser and add the file".to_owned(),
            Self::Status {
                code: 401 | 402 | 403 | 451,
                ..
            } => "save the page with a browser and add the file".to_owned(),
            _ => return None,
        })
    }

    /// For how long the server does not want to be asked again, where it says so.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Status { retry_after, .. } => *retry_after,
            _ => None,
        }
    }

    /// Whether the same request may succeed later without anybody changing the page or its address.
    #[must_use]
    pub fn is_passing(&self) -> bool {
        match self {
            Self::Status { code, .. } => matches!(code, 408 | 425 | 429 | 500..=599),
            Self::NoSuchHost { .. }
            | Self::Connection { .. }
            | Self::Tls { .. }
            | Self::Protocol { .. }
            | Self::Timeout { .. }
            | Self::Broken { .. }
            | Self::Empty
            | Self::NoRobots { .. } => true,
            _ => false,
        }
    }
}
