//! Which addresses are one page, and which pages are of one host.

use url::Url;

/// The host of `url`, with its port where it is not the usual one: what a pace is kept to.
#[must_use]
pub fn host(url: &Url) -> String {
    let name = url.host_str().unwrap_or_default();
    match url.port() {
        Some(port) => format!("{name}:{port}"),
        None => name.to_owned(),
    }
}

/// Parameters of addresses that tell where a reader came from and nothing about the page.
const TRACKING: [&str; 8] = [
    "fbclid",
    "gclid",
    "utm_campaign",
    "utm_content",
    "utm_id",
    "utm_medium",
    "utm_source",
    "utm_term",
];

/// `url` without fragment and without parameters that only track readers: the same page has one address.
#[must_use]
pub fn plain(mut url: Url) -> Url {
    url.set_fragment(None);
    let tracks = |parameter: &str| TRACKING.contains(&parameter.split('=').next().unwrap_or_default());
    let query = url.query().map(|query| {
        let kept: Vec<&str> = query.split('&').filter(|p| !tracks(p)).collect();
        kept.join("&")
    });
    url.set_query(query.as_deref().filter(|q| !q.is_empty()));
    url
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_page_has_one_address() {
        let plain = |url: &str| plain(Url::parse(url).unwrap()).to_string();
        assert_eq!(
            plain("HTTPS://A.example:443/x/../y?utm_source=rss&id=1&gclid=2#c"),
            "https://a.example/y?id=1"
        );
        assert_eq!(plain("https://a.example/?utm_id=x"), "https://a.example/");
        assert_eq!(
            plain("https://a.example/?b=%26&a=utm_id"),
            "https://a.example/?b=%26&a=utm_id"
        );
        assert_eq!(host(&Url::parse("https://A.example:8443/x").unwrap()), "a.example:8443");
    }
}
