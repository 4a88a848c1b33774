//! The hub's client of one FHIR R4 server: sign-in, search, read, conditional create, conditional update.
//!
//! Carries JSON and knows none of it. "Later" and "never" are different errors; nothing is retried here.

mod access;
mod address;
mod answer;
mod assertion;
mod client_error;
mod discovery;
mod grant;
mod inspection;
mod key;
mod pages;
mod scope;
mod secret;
mod session;
mod tls;
mod token;
mod trouble;
mod validity;
mod wire;
mod writes;

use reqwest::{Method, RequestBuilder, Url, header};

pub use access::{Clock, EhrAccess, Proof, SecretPlace, SignIn};
pub use address::AddressError;
pub use answer::{EhrError, RefusalBody};
pub use client_error::EhrClientError;
pub use discovery::Discovery;
pub use inspection::Inspection;
pub use key::{Algorithm, Jwk, SigningKey, SigningKeyError};
pub use secret::Secret;
pub use tls::{Authorities, ClientCertificate};
pub use token::SignedIn;
pub use validity::Validity;
pub use writes::reference_in;

use session::Session;
use token::TokenDesk;
use wire::Wire;

const FHIR_JSON: &str = "application/fhir+json";

/// Keeps its connection open and its token between requests.
pub struct EhrClient {
    base: Url,
    session: Session,
}

impl EhrClient {
    /// Connects to nothing yet.
    ///
    /// # Errors
    /// Anything but `https`, except `http` to this machine itself; a certificate without its key.
    pub fn new(base: &str, access: EhrAccess) -> Result<Self, EhrClientError> {
        let base = address::parse(base)?;
        let EhrAccess { sign_in, certificate, authorities, clock } = access;
        if let Some(endpoint) = sign_in.as_ref().and_then(|with| with.token_endpoint.as_ref()) {
            address::parse(endpoint)?;
        }
        let validity = certificate.as_ref().map(ClientCertificate::validity);
        let http = tls::client(authorities, certificate)?;
        let wire = Wire { http, certificate: validity, clock };
        let desk = sign_in.map(|sign_in| TokenDesk::new(sign_in, base.clone(), wire.clone()));
        Ok(Self { base, session: Session { wire, desk } })
    }

    /// The searchset Bundle as JSON. `parameters` are not yet percent-encoded.
    ///
    /// # Errors
    /// See [`EhrError`].
    pub async fn search(
        &self,
        kind: &str,
        parameters: &[(&str, &str)],
    ) -> Result<Vec<u8>, EhrError> {
        let mut url = self.at(kind);
        url.query_pairs_mut().extend_pairs(parameters);
        answer::body(self.session.send(self.request(Method::GET, url)).await?).await
    }

    /// One resource as JSON. `reference` is relative to the base, such as "Patient/123".
    ///
    /// # Errors
    /// See [`EhrError`].
    pub async fn read(&self, reference: &str) -> Result<Vec<u8>, EhrError> {
        let request = self.request(Method::GET, self.at(reference));
        answer::body(self.session.send(request).await?).await
    }

    /// Stores the resource unless one matches `search` ("identifier=system|value") already.
    ///
    /// # Errors
    /// See [`EhrError`]. After [`EhrError::Later`] it may be stored all the same.
    pub async fn create_if_none_exist(
        &self,
        kind: &str,
        search: &str,
        json: String,
    ) -> Result<(), EhrError> {
        let request = self.request(Method::POST, self.at(kind)).header("If-None-Exist", search);
        answer::success(self.session.send(with_body(request, json)).await?).await
    }

    /// Replaces the one resource that matches `search`, or stores it where none does.
    ///
    /// # Errors
    /// See [`EhrError`]. After [`EhrError::Later`] it may be stored all the same.
    pub async fn update_where(
        &self,
        kind: &str,
        search: &str,
        json: String,
    ) -> Result<(), EhrError> {
        let mut url = self.at(kind);
        if let Some((name, value)) = search.split_once('=') {
            url.query_pairs_mut().append_pair(name, value);
        }
        let request = with_body(self.request(Method::PUT, url), json);
        answer::success(self.session.send(request).await?).await
    }

    fn at(&self, path: &str) -> Url {
        address::below(&self.base, path)
    }

    fn request(&self, method: Method, url: Url) -> RequestBuilder {
        self.session.wire.request(method, url).header(header::ACCEPT, FHIR_JSON)
    }
}

fn with_body(request: RequestBuilder, json: String) -> RequestBuilder {
    request
        .header(header::CONTENT_TYPE, FHIR_JSON)
        // The answer is a status; a copy of a still would be megabytes.
        .header("Prefer", "return=minimal")
        .body(json)
}
