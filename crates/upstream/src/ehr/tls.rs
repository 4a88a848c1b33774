//! The HTTPS client of the EHR: whom it trusts, and which certificate it shows.

use std::time::Duration;

use reqwest::{Certificate, Client, Identity};
use rustls::pki_types::{CertificateDer, pem::PemObject as _};
use zeroize::Zeroizing;

use super::{client_error::EhrClientError, validity::Validity};

/// An EHR that does not take a TCP and TLS connection by then is away.
const CONNECT_WITHIN: Duration = Duration::from_secs(5);
/// For a request and its answer. Some EHRs take ten seconds to file a document.
const ANSWER_WITHIN: Duration = Duration::from_secs(30);

/// What the hub shows of itself in mutual TLS.
pub struct ClientCertificate {
    identity: Identity,
    validity: Validity,
}

/// Issuers that are trusted besides the machine's own.
#[derive(Default)]
pub struct Authorities(Vec<Certificate>);

impl ClientCertificate {
    /// The certificate with what it takes up to its issuer, and its private key, in PEM.
    ///
    /// # Errors
    /// One of them is not in this form.
    pub fn from_pem(chain: &[u8], key: &[u8]) -> Result<Self, EhrClientError> {
        let own = CertificateDer::from_pem_slice(chain).map_err(|_| EhrClientError::Certificate)?;
        let validity = Validity::of(&own).ok_or(EhrClientError::Certificate)?;
        let mut both = Zeroizing::new(Vec::with_capacity(chain.len() + key.len() + 1));
        both.extend_from_slice(chain);
        both.push(b'\n');
        both.extend_from_slice(key);
        let identity = Identity::from_pem(&both).map_err(|_| EhrClientError::CertificateKey)?;
        Ok(Self { identity, validity })
    }

    pub const fn validity(&self) -> Validity {
        self.validity
    }
}

impl Authorities {
    /// One certificate or several, in PEM.
    ///
    /// # Errors
    /// It holds none.
    pub fn from_pem(bundle: &[u8]) -> Result<Self, EhrClientError> {
        match Certificate::from_pem_bundle(bundle) {
            Ok(found) if !found.is_empty() => Ok(Self(found)),
            Ok(_) | Err(_) => Err(EhrClientError::Authorities),
        }
    }
}

/// TLS 1.2 and later, by rustls, which has nothing older.
pub fn client(
    authorities: Authorities,
    certificate: Option<ClientCertificate>,
) -> Result<Client, EhrClientError> {
    crate::tls::install_provider();
    let mut builder = Client::builder()
        .connect_timeout(CONNECT_WITHIN)
        .timeout(ANSWER_WITHIN)
        .tls_version_min(reqwest::tls::Version::TLS_1_2)
        // A redirect would carry patient data to a host that nobody configured.
        .redirect(reqwest::redirect::Policy::none());
    if !authorities.0.is_empty() {
        builder = builder.tls_certs_merge(authorities.0);
    }
    if let Some(certificate) = certificate {
        builder = builder.identity(certificate.identity);
    }
    builder.build().map_err(EhrClientError::Tls)
}
