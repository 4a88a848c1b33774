//! Relays (TURN, RFC 8656) that picture and sound may go through where no direct way is open.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What one side of a call may use.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Relays {
    pub servers: Vec<IceServer>,
    /// Nothing goes any other way, for a hospital whose firewall allows nothing else.
    pub only: bool,
}

/// As a browser takes it (W3C WebRTC, RTCIceServer).
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct IceServer {
    /// RFC 7065: `turn:host:port?transport=udp` or `tcp`, `turns:host:port`.
    pub urls: Vec<String>,
    /// The second (Unix time) at which it ends, a colon, and a random id: no person's name.
    pub username: String,
    pub credential: String,
}

impl std::fmt::Debug for IceServer {
    // Whoever reads a log may not use the relay.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("IceServer").field("urls", &self.urls).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_shows_neither_credential_nor_user_name() {
        let server = IceServer {
            urls: vec!["turn:relay.example:3478".into()],
            username: "1700000000:ab".into(),
            credential: "hush".into(),
        };
        let text = format!("{:?}", Relays { servers: vec![server], only: true });
        assert!(text.contains("relay.example"), "{text}");
        assert!(!text.contains("hush") && !text.contains("1700000000"), "{text}");
    }
}
