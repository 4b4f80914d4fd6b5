//! Web hooks, signed as in the Standard Webhooks specification (standardwebhooks.com, 1.0): the receiver knows a repeated
//! delivery by `webhook-id`, an old one by `webhook-timestamp`, and a forged one by `webhook-signature`.

use crate::client::Client;
use crate::error::Error;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use jiff::Timestamp;
use sha2::Sha256;
use url::Url;

/// What stands before a secret in base 64.
const PREFIX: &str = "whsec_";

/// Sends `body` to the receiver at `url`. Every attempt to deliver the same thing bears the same `id`.
///
/// # Errors
/// As [`Client::post`].
pub fn send(client: &Client, url: &Url, secret: &str, id: &str, body: &[u8], now: Timestamp) -> Result<(), Error> {
    let at = now.as_second().to_string();
    let signature = signature(secret, id, &at, body);
    let headers = [
        ("webhook-id", id),
        ("webhook-timestamp", at.as_str()),
        ("webhook-signature", signature.as_str()),
    ];
    client.post(url, &headers, body, now)
}

/// HMAC-SHA256 of `id.at.body`. The key is what follows `whsec_` in base 64; another secret is taken as it stands.
fn signature(secret: &str, id: &str, at: &str, body: &[u8]) -> String {
    let key = secret
        .strip_prefix(PREFIX)
        .and_then(|rest| STANDARD.decode(rest).ok())
        .unwrap_or_else(|| secret.as_bytes().to_vec());
    // Keys of any length will do.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&key) else {
        return String::new();
    };
    for part in [id.as_bytes(), b".", at.as_bytes(), b".", body] {
        mac.update(part);
    }
    format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signatures_are_those_that_receivers_compute() {
        // Computed with Python's hmac and base64.
        let signed = |secret| signature(secret, "msg_1", "1614265330", br#"{"test": 2432232314}"#);
        assert_eq!(
            signed("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"),
            "v1,9o7UeFkn1GjVbcY4emAJruJCYqgH2EIf8u/slvVRBZI="
        );
        assert_eq!(signed("plain words"), "v1,kBS4NsAA/3k+1dS40e87M7ETDjjqIG4kyljDpP4eGyA=");
    }
}
