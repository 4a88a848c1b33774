//! The hub's client of one FHIR R4 server: search, read, conditional create, conditional update.
//!
//! Carries JSON and knows none of it. "Later" and "never" are different errors; nothing is retried here.

mod answer;
mod writes;

use std::time::Duration;

use reqwest::{Method, RequestBuilder, Url, header};

pub use answer::{EhrError, RefusalBody};

/// An EHR that does not take a TCP and TLS connection by then is away.
const CONNECT_WITHIN: Duration = Duration::from_secs(5);
/// For a request and its answer. Some EHRs take ten seconds to file a document.
const ANSWER_WITHIN: Duration = Duration::from_secs(30);
const FHIR_JSON: &str = "application/fhir+json";

/// Keeps its connection open between requests.
pub struct EhrClient {
    base: Url,
    http: reqwest::Client,
}

#[derive(Debug, thiserror::Error)]
pub enum EhrClientError {
    #[error("`{0}` is not the base address of a FHIR server: https://ehr.example/fhir/r4 is one")]
    NotAnAddress(String),
    #[error("`{0}` would send patient data unencrypted: use https")]
    Unencrypted(String),
    #[error("the TLS of this machine cannot be set up")]
    Tls(#[source] reqwest::Error),
}

impl EhrClient {
    /// Connects to nothing yet.
    ///
    /// # Errors
    /// Anything but `https`, except `http` to this machine itself.
    pub fn new(base: &str) -> Result<Self, EhrClientError> {
        let base = parse(base)?;
        crate::tls::install_provider();
        let http = reqwest::Client::builder()
            .connect_timeout(CONNECT_WITHIN)
            .timeout(ANSWER_WITHIN)
            // A redirect would carry patient data to a host that nobody configured.
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .map_err(EhrClientError::Tls)?;
        Ok(Self { base, http })
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
        answer::body(self.request(Method::GET, url)).await
    }

    /// One resource as JSON. `reference` is relative to the base, such as "Patient/123".
    ///
    /// # Errors
    /// See [`EhrError`].
    pub async fn read(&self, reference: &str) -> Result<Vec<u8>, EhrError> {
        answer::body(self.request(Method::GET, self.at(reference))).await
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
        answer::success(with_body(request, json)).await
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
        answer::success(with_body(self.request(Method::PUT, url), json)).await
    }

    fn at(&self, path: &str) -> Url {
        let mut url = self.base.clone();
        url.path_segments_mut()
            .expect("an http address has a path")
            .pop_if_empty()
            .extend(path.split('/'));
        url
    }

    fn request(&self, method: Method, url: Url) -> RequestBuilder {
        self.http.request(method, url).header(header::ACCEPT, FHIR_JSON)
    }
}

fn with_body(request: RequestBuilder, json: String) -> RequestBuilder {
    request
        .header(header::CONTENT_TYPE, FHIR_JSON)
        // The answer is a status; a copy of a still would be megabytes.
        .header("Prefer", "return=minimal")
        .body(json)
}

fn parse(base: &str) -> Result<Url, EhrClientError> {
    let not_an_address = || EhrClientError::NotAnAddress(base.to_owned());
    let url = Url::parse(base).map_err(|_| not_an_address())?;
    match (url.scheme(), url.host_str()) {
        ("https", Some(_)) => Ok(url),
        ("http", Some(host)) if crate::hub::is_this_machine(host) => Ok(url),
        ("http", Some(_)) => Err(EhrClientError::Unencrypted(base.to_owned())),
        _ => Err(not_an_address()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(base: &str, path: &str, expected: &str) {
        assert_eq!(EhrClient::new(base).unwrap().at(path).as_str(), expected);
    }

    #[test]
    fn a_path_is_below_the_base_with_or_without_a_slash() {
        check("https://ehr.example/fhir/r4", "Patient/1", "https://ehr.example/fhir/r4/Patient/1");
        check("https://ehr.example/fhir/r4/", "Patient", "https://ehr.example/fhir/r4/Patient");
        check("http://127.0.0.1:81", "Patient", "http://127.0.0.1:81/Patient");
    }

    #[test]
    fn patient_data_goes_unencrypted_to_this_machine_only() {
        let unencrypted = EhrClient::new("http://ehr.example/fhir").err();
        assert!(matches!(unencrypted, Some(EhrClientError::Unencrypted(_))));
        let nowhere = EhrClient::new("ehr.example").err();
        assert!(matches!(nowhere, Some(EhrClientError::NotAnAddress(_))));
    }
}
