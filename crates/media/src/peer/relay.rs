//! Relays (TURN, RFC 8656) in the form that webrtcbin takes them.

use gst::prelude::*;
use gst_webrtc::WebRTCICETransportPolicy;
use hub_api::{IceServer, Relays};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

/// Adds the relays to a webrtcbin that has gathered nothing yet.
pub(super) fn hand_over(webrtc: &gst::Element, relays: &Relays) {
    if relays.only {
        webrtc.set_property("ice-transport-policy", WebRTCICETransportPolicy::Relay);
    }
    for server in &relays.servers {
        // libnice speaks no TLS with a relay: it sends the same in the clear (docs/decisions/0019). Browsers do.
        for url in server.urls.iter().filter(|url| !url.starts_with("turns:")) {
            let taken = address(url, server)
                .is_some_and(|address| webrtc.emit_by_name::<bool>("add-turn-server", &[&address]));
            if !taken {
                tracing::warn!(url, "This relay cannot be used; look at [turn] of the hub");
            }
        }
    }
}

/// `turn:host:port?transport=tcp` (RFC 7065) with the user in front, as webrtcbin reads it. In its
/// user part a colon parts the name from the password, so both are escaped.
fn address(url: &str, server: &IceServer) -> Option<String> {
    let rest = url.strip_prefix("turn:").filter(|rest| !rest.is_empty())?;
    let [name, credential] = [&server.username, &server.credential]
        .map(|text| utf8_percent_encode(text, NON_ALPHANUMERIC));
    Some(format!("turn://{name}:{credential}@{rest}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn name_and_credential_stand_escaped_before_the_host() {
        let server = IceServer {
            urls: Vec::new(),
            username: "1700000000:ab".into(),
            credential: "a+b/c=".into(),
        };
        let cases = [
            (
                "turn:relay.example:3478?transport=tcp",
                Some("turn://1700000000%3Aab:a%2Bb%2Fc%3D@relay.example:3478?transport=tcp"),
            ),
            ("turn:[::1]:3478", Some("turn://1700000000%3Aab:a%2Bb%2Fc%3D@[::1]:3478")),
            ("turns:relay.example:5349", None),
            ("stun:relay.example", None),
            ("turn:", None),
            ("relay.example", None),
        ];
        for (url, expected) in cases {
            assert_eq!(address(url, &server).as_deref(), expected, "{url}");
        }
    }
}
