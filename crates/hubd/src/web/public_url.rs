//! The address under which physicians open the hub's page, and what follows from it.

use std::{fmt, str::FromStr};

use axum::http::{Uri, uri::Scheme};

/// Scheme and authority, such as "https://hub.hospital.example".
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicUrl {
    origin: String,
    is_encrypted: bool,
}

#[derive(Debug, thiserror::Error)]
pub enum PublicUrlError {
    #[error("`{0}` is not the address of a page: https://hub.example is one")]
    NotAnAddress(String),
    #[error(
        "browsers give camera and microphone to encrypted pages only: put a proxy with TLS in front \
         of the hub and give its https address instead of `{0}`"
    )]
    Unencrypted(String),
}

impl PublicUrl {
    /// As a browser's Origin header writes it (RFC 6454 section 6.2).
    pub fn origin(&self) -> &str {
        &self.origin
    }

    pub fn is_encrypted(&self) -> bool {
        self.is_encrypted
    }

    /// The same place by the scheme of WebSockets.
    pub fn socket_origin(&self) -> String {
        self.origin.replacen("http", "ws", 1)
    }
}

impl FromStr for PublicUrl {
    type Err = PublicUrlError;

    fn from_str(text: &str) -> Result<Self, PublicUrlError> {
        let not_an_address = || PublicUrlError::NotAnAddress(text.to_owned());
        let uri: Uri = text.parse().map_err(|_| not_an_address())?;
        let (Some(scheme), Some(authority)) = (uri.scheme(), uri.authority()) else {
            return Err(not_an_address());
        };
        let is_encrypted = *scheme == Scheme::HTTPS;
        if !is_encrypted && *scheme != Scheme::HTTP || !matches!(uri.path(), "" | "/") {
            return Err(not_an_address());
        }
        if !is_encrypted && !is_this_machine(authority.host()) {
            return Err(PublicUrlError::Unencrypted(text.to_owned()));
        }
        let port = match authority.port_u16() {
            Some(port) if port != if is_encrypted { 443 } else { 80 } => format!(":{port}"),
            Some(_) | None => String::new(),
        };
        let origin = format!("{scheme}://{}{port}", authority.host().to_ascii_lowercase());
        Ok(Self { origin, is_encrypted })
    }
}

impl fmt::Display for PublicUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/", self.origin)
    }
}

fn is_this_machine(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || address.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, origin: &str) {
        assert_eq!(text.parse::<PublicUrl>().unwrap().origin(), origin);
    }

    #[test]
    fn an_origin_is_written_as_browsers_write_it() {
        check("https://Hub.example/", "https://hub.example");
        check("https://hub.example:443", "https://hub.example");
        check("https://hub.example:8443", "https://hub.example:8443");
        check("http://127.0.0.1:8080/", "http://127.0.0.1:8080");
        check("http://[::1]:8080", "http://[::1]:8080");
    }

    #[test]
    fn only_this_machine_is_reached_unencrypted() {
        let error = "http://hub.example".parse::<PublicUrl>().unwrap_err();
        assert!(matches!(error, PublicUrlError::Unencrypted(_)));
        for wrong in ["", "hub.example", "ftp://hub.example", "https://hub.example/page"] {
            let error = wrong.parse::<PublicUrl>().unwrap_err();
            assert!(matches!(error, PublicUrlError::NotAnAddress(_)), "{wrong}");
        }
    }
}
