//! From names to addresses, and no further than to public ones.

use crate::address;
use crate::error::Error;
use std::collections::HashSet;
use std::fmt::Debug;
use std::io;
use std::net::{SocketAddr, ToSocketAddrs as _};
use std::sync::{Arc, mpsc};
use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::NextTimeout;

/// Finds the addresses of a host.
pub trait Names: Debug + Send + Sync + 'static {
    /// All addresses of `host`, which may also be an address itself.
    ///
    /// # Errors
    /// When it has none, or they cannot be found out.
    fn lookup(&self, host: &str, port: u16) -> io::Result<Vec<SocketAddr>>;
}

/// The names that the system knows.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemNames;

impl Names for SystemNames {
    fn lookup(&self, host: &str, port: u16) -> io::Result<Vec<SocketAddr>> {
        Ok((host, port).to_socket_addrs()?.collect())
    }
}

/// How many addresses of a host are tried; all of them are checked.
const TRIED: usize = 16;

/// Gives out addresses only after a check of all of them, at each connection anew. What it gives out is what is
/// connected to, so a name that changes its address between check and use gains nothing.
#[derive(Debug)]
pub(crate) struct Guard {
    names: Arc<dyn Names>,
    allowed: HashSet<String>,
}

impl Guard {
    /// A guard that lets the hosts `allowed` have any address.
    pub(crate) fn new(names: Arc<dyn Names>, allowed: impl IntoIterator<Item = String>) -> Self {
        let allowed = allowed.into_iter().map(|h| bare(&h).to_lowercase()).collect();
        Self { names, allowed }
    }

    pub(crate) fn allows(&self, host: &str) -> bool {
        self.allowed.contains(bare(host))
    }

    /// Checks the addresses of `host`. One that is not public spoils all: a name with a public and a private address
    /// is a name that somebody plays with.
    pub(crate) fn check(&self, host: &str, addresses: &[SocketAddr]) -> Result<(), Error> {
        if self.allows(host) {
            return Ok(());
        }
        for address in addresses {
            address::check(address.ip()).map_err(|denied| Error::Refused {
                host: host.to_owned(),
                address: address.ip(),
                denied,
            })?;
        }
        Ok(())
    }
}

/// The host without the brackets of an IPv6 address.
fn bare(host: &str) -> &str {
    host.strip_prefix('[').and_then(|h| h.strip_suffix(']')).unwrap_or(host)
}

impl Resolver for Guard {
    fn resolve(&self, uri: &Uri, config: &Config, timeout: NextTimeout) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let host = bare(uri.host().unwrap_or_default()).to_owned();
        let default = if uri.scheme_str() == Some("https") { 443 } else { 80 };
        let port = uri.port_u16().unwrap_or(default);
        let names = Arc::clone(&self.names);
        let (sender, receiver) = mpsc::sync_channel(1);
        let asked = host.clone();
        // The system's resolver cannot be interrupted: it is left behind when it takes too long.
        std::thread::Builder::new()
            .name("names".to_owned())
            .spawn(move || sender.send(names.lookup(&asked, port)))?;
        let addresses = receiver
            .recv_timeout(*timeout.after)
            .map_err(|_| ureq::Error::Timeout(timeout.reason))?
            .map_err(|_| ureq::Error::HostNotFound)?;
        // The user's own proxy may stand anywhere. No page is asked of it: the client sees to that.
        let is_proxy = config.proxy().is_some_and(|proxy| proxy.uri() == uri);
        if !is_proxy {
            self.check(&host, &addresses)
                .map_err(|e| ureq::Error::Other(e.into()))?;
        }
        let mut resolved = self.empty();
        for &address in addresses.iter().take(TRIED) {
            resolved.push(address);
        }
        if resolved.is_empty() {
            return Err(ureq::Error::HostNotFound);
        }
        Ok(resolved)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guard(allowed: &[&str]) -> Guard {
        Guard::new(Arc::new(SystemNames), allowed.iter().map(|&h| h.to_owned()))
    }

    fn addresses(texts: &[&str]) -> Vec<SocketAddr> {
        texts.iter().map(|t| SocketAddr::new(t.parse().unwrap(), 80)).collect()
    }

    #[test]
    fn one_address_that_is_not_public_spoils_all() {
        let mixed = addresses(&["93.184.216.34", "fd00::1"]);
        let error = guard(&[]).check("mixed.example", &mixed).unwrap_err();
        assert_eq!(
            error.to_string(),
            "mixed.example is fd00::1, which is not public (fc00::/7, private)"
        );
        assert_eq!(guard(&[]).check("good.example", &mixed[..1]), Ok(()));
    }

    #[test]
    fn hosts_are_allowed_by_their_exact_name() {
        let inside = addresses(&["10.0.0.1"]);
        let guard = guard(&["Wiki.Intern", "[::1]"]);
        assert_eq!(guard.check("wiki.intern", &inside), Ok(()));
        assert_eq!(guard.check("[::1]", &inside), Ok(()));
        assert!(guard.check("evil.wiki.intern", &inside).is_err());
        assert!(guard.check("wiki.intern.evil.example", &inside).is_err());
    }
}
