//! Why a request brought no answer that can be judged: the network, TLS, or the access to the EHR. In plain words.

use std::{error::Error, io, time::Duration};

use rustls::{AlertDescription as Alert, CertificateError, Error as TlsError};

use super::answer::EhrError;

/// Neither's text holds patient data or a secret.
#[derive(Clone, Debug)]
pub enum Trouble {
    /// The EHR does not let this hub in: a person repairs it.
    Denied { what: String },
    /// The same again may succeed, and nothing of it has left this machine or was taken.
    Later { what: String, retry_after: Option<Duration> },
    /// The request has left, and nobody knows how far it came.
    InDoubt { what: String },
}

impl Trouble {
    pub fn denied(what: impl Into<String>) -> Self {
        Self::Denied { what: what.into() }
    }

    pub fn later(what: impl Into<String>) -> Self {
        Self::Later { what: what.into(), retry_after: None }
    }

    /// Of a request that only prepares another one, such as for a token.
    pub fn before_the_request(self) -> Self {
        match self {
            Self::InDoubt { what } => Self::later(what),
            Self::Denied { .. } | Self::Later { .. } => self,
        }
    }

    fn after_it_left(self) -> Self {
        match self {
            Self::Later { what, .. } => Self::InDoubt { what },
            Self::Denied { .. } | Self::InDoubt { .. } => self,
        }
    }
}

impl From<Trouble> for EhrError {
    fn from(trouble: Trouble) -> Self {
        match trouble {
            Trouble::Denied { what } => Self::Denied { what },
            Trouble::Later { what, retry_after } => Self::Later { what, retry_after },
            Trouble::InDoubt { what } => Self::InDoubt { what, retry_after: None },
        }
    }
}

/// What happened to a request to `whom`, such as "the EHR". The error itself names the whole address, and a
/// search's address holds the patient's number.
pub fn broken(error: &reqwest::Error, whom: &str) -> Trouble {
    let trouble = what_broke(error, whom);
    // Before there is a connection no byte of the request leaves.
    if error.is_connect() { trouble } else { trouble.after_it_left() }
}

fn what_broke(error: &reqwest::Error, whom: &str) -> Trouble {
    if let Some(tls) = tls_cause(error) {
        return tls_broken(tls, whom);
    }
    let what = match error {
        error if error.is_timeout() => "did not answer in time",
        error if error.is_connect() => "cannot be reached",
        _ => return Trouble::later(format!("the connection to {whom} broke")),
    };
    Trouble::later(format!("{whom} {what}"))
}

/// Whether the other side may have ended the connection because of what this side is.
pub fn may_be_about_us(error: &reqwest::Error) -> bool {
    match tls_cause(error) {
        Some(TlsError::AlertReceived(_)) => true,
        Some(_) => false,
        // An alert can be lost where the other side closes at once (RFC 8446 section 6.2 asks it not to).
        None => !error.is_timeout() && !error.is_connect(),
    }
}

/// An `io::Error` does not give its inner error as its source, so it is asked for it.
fn tls_cause(error: &reqwest::Error) -> Option<&TlsError> {
    let mut next: Option<&(dyn Error + 'static)> = error.source();
    while let Some(cause) = next {
        let inner = cause.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        let inner = inner.map(|inner| inner as &(dyn Error + 'static));
        for candidate in [Some(cause), inner].into_iter().flatten() {
            if let Some(tls) = candidate.downcast_ref::<TlsError>() {
                return Some(tls);
            }
        }
        next = inner.or_else(|| cause.source());
    }
    None
}

fn tls_broken(error: &TlsError, whom: &str) -> Trouble {
    match error {
        TlsError::InvalidCertificate(why) => {
            Trouble::later(format!("the certificate of {whom} {}", their_certificate(why)))
        }
        TlsError::AlertReceived(alert) => alert_received(*alert, whom),
        TlsError::PeerIncompatible(_) => Trouble::later(too_old(whom)),
        TlsError::InvalidMessage(_) => {
            Trouble::later(format!("{whom} does not speak TLS at this address: compare its port"))
        }
        _ => Trouble::later(format!("no TLS connection to {whom} came about")),
    }
}

fn their_certificate(why: &CertificateError) -> &'static str {
    match why {
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
            "has expired: whoever runs it renews it; if that is done, this machine's clock is wrong"
        }
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            "is not valid yet: set this machine's clock"
        }
        CertificateError::UnknownIssuer => {
            "is signed by nobody whom this machine trusts: give the certificate of the hospital's authority as `ca_file`"
        }
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            "belongs to another name than the address: use the name in the certificate"
        }
        CertificateError::Revoked => "was revoked: ask whoever runs it",
        _ => "cannot be verified: ask whoever runs it",
    }
}

/// RFC 8446 section 6.2. About certificates an EHR only complains when it wants to see ours.
fn alert_received(alert: Alert, whom: &str) -> Trouble {
    let why = match alert {
        Alert::CertificateRequired => {
            return Trouble::denied(format!(
                "{whom} wants a client certificate: give one as `client_certificate_file`"
            ));
        }
        Alert::CertificateExpired => "it has expired",
        Alert::CertificateRevoked => "it was revoked",
        Alert::UnknownCA => "its issuer is not trusted there",
        Alert::BadCertificate
        | Alert::UnsupportedCertificate
        | Alert::CertificateUnknown
        | Alert::AccessDenied => "it is not accepted there",
        Alert::ProtocolVersion => return Trouble::later(too_old(whom)),
        Alert::HandshakeFailure => {
            return Trouble::later(format!(
                "{whom} broke off the TLS handshake: it may want a client certificate (`client_certificate_file`)"
            ));
        }
        _ => return Trouble::later(format!("{whom} ended the TLS connection")),
    };
    Trouble::denied(format!(
        "{whom} refuses this hub's client certificate, {why}: renew it or ask whoever runs the EHR"
    ))
}

fn too_old(whom: &str) -> String {
    format!(
        "{whom} offers no TLS of version 1.2 or later, and nothing older is used: it has to be updated"
    )
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::{io::AsyncReadExt as _, net::TcpListener};

    use super::*;

    /// What comes of asking there.
    async fn asked(listener: &TcpListener, within: Duration) -> Trouble {
        crate::tls::install_provider();
        let http = reqwest::Client::builder().no_proxy().timeout(within).build().unwrap();
        let address = listener.local_addr().unwrap();
        let error = http.post(format!("http://{address}")).body("{}").send().await.unwrap_err();
        broken(&error, "the EHR")
    }

    #[tokio::test]
    async fn a_request_that_left_and_was_not_answered_is_in_doubt() {
        // The system takes the connection, nobody reads from it.
        let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let trouble = asked(&silent, Duration::from_millis(200)).await;
        let what = "the EHR did not answer in time";
        assert!(matches!(&trouble, Trouble::InDoubt { what: w } if w == what), "{trouble:?}");
    }

    #[tokio::test]
    async fn a_request_whose_connection_broke_is_in_doubt() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let reads_and_hangs_up = async {
            let (mut stream, _) = listener.accept().await.unwrap();
            let _ = stream.read(&mut [0; 4096]).await.unwrap();
        };
        let long = Duration::from_secs(30);
        let (trouble, ()) = tokio::join!(asked(&listener, long), reads_and_hangs_up);
        assert!(matches!(trouble, Trouble::InDoubt { .. }), "{trouble:?}");
    }

    #[test]
    fn what_only_prepares_a_request_leaves_nothing_behind() {
        let doubt = Trouble::InDoubt { what: "no answer".into() };
        assert!(matches!(doubt.before_the_request(), Trouble::Later { .. }));
    }
}
