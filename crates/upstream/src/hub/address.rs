//! Where the hub is, and that nothing travels to it unencrypted.

use reqwest::Url;

/// The base address of a hub, such as `https://hub.hospital.example`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HubAddress(Url);

#[derive(Debug, thiserror::Error)]
pub enum HubAddressError {
    #[error("`{0}` is not the address of a hub: https://hub.example is one")]
    NotAnAddress(String),
    #[error("`{0}` would send patient data unencrypted: use https")]
    Unencrypted(String),
}

impl HubAddress {
    /// # Errors
    /// Anything but `https`, except `http` to this machine itself.
    pub fn parse(text: &str) -> Result<Self, HubAddressError> {
        let not_an_address = || HubAddressError::NotAnAddress(text.to_owned());
        let url = Url::parse(text).map_err(|_| not_an_address())?;
        match (url.scheme(), url.host_str()) {
            ("https", Some(_)) => Ok(Self(url)),
            ("http", Some(host)) if is_this_machine(host) => Ok(Self(url)),
            ("http", Some(_)) => Err(HubAddressError::Unencrypted(text.to_owned())),
            _ => Err(not_an_address()),
        }
    }

    /// `path` begins with a slash and holds no character that a URL would escape.
    pub(super) fn at(&self, path: &str) -> String {
        format!("{}{path}", self.0.as_str().trim_end_matches('/'))
    }

    /// The same place by the scheme of WebSockets.
    pub(super) fn socket_at(&self, path: &str) -> String {
        let address = self.at(path);
        match address.strip_prefix("https") {
            Some(rest) => format!("wss{rest}"),
            None => address.replacen("http", "ws", 1),
        }
    }
}

/// Loopback never leaves the machine, so it needs no encryption (RFC 1122 section 3.2.1.3, RFC 4291 section 2.5.3).
pub(crate) fn is_this_machine(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost"
        || address.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unencrypted_way_is_taken_to_this_machine_only() {
        for good in
            ["https://hub.example", "http://127.0.0.1:8080", "http://[::1]:1", "http://localhost/"]
        {
            assert!(HubAddress::parse(good).is_ok(), "{good}");
        }
        for bad in ["http://hub.example", "http://localhost.example", "http://127.0.0.1.example"] {
            let error = HubAddress::parse(bad).unwrap_err();
            assert!(matches!(error, HubAddressError::Unencrypted(_)), "{bad}");
        }
        for bad in ["", "hub", "ftp://hub.example", "file:///etc"] {
            assert!(HubAddress::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn the_socket_is_as_encrypted_as_the_rest() {
        let socket = |text| HubAddress::parse(text).unwrap().socket_at("/api");
        assert_eq!(socket("https://hub.example/"), "wss://hub.example/api");
        assert_eq!(socket("http://127.0.0.1:81"), "ws://127.0.0.1:81/api");
    }
}
