//! What is wrong with how the EHR's client is set up, before anything is asked.

use super::address::AddressError;

#[derive(Debug, thiserror::Error)]
pub enum EhrClientError {
    #[error(transparent)]
    Address(#[from] AddressError),
    #[error("the client certificate is no certificate in PEM (`BEGIN CERTIFICATE`)")]
    Certificate,
    #[error("the key of the client certificate is no private key in PEM (`BEGIN PRIVATE KEY`)")]
    CertificateKey,
    #[error("the file of authorities holds no certificate in PEM (`BEGIN CERTIFICATE`)")]
    Authorities,
    #[error(
        "the TLS of this machine cannot be set up; a client certificate and its key have to belong together"
    )]
    Tls(#[source] reqwest::Error),
}
