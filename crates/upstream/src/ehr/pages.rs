//! Further pages of a search, and operations: what a server names by an address of its own is asked for only where it
//! is the server itself.

use reqwest::{Method, Url, header};

use super::{EhrClient, EhrError, FHIR_JSON, answer};

impl EhrClient {
    /// The base address, as references of this server begin.
    #[must_use]
    pub fn base(&self) -> &str {
        self.base.as_str()
    }

    /// The page of a search that a Bundle's link names (FHIR R4 section 3.1.1.4.12). `None`: it is not at this server,
    /// and whoever is there gets no token of ours.
    ///
    /// # Errors
    /// See [`EhrError`].
    pub async fn page(&self, link: &str) -> Option<Result<Vec<u8>, EhrError>> {
        let url = self.own(link)?;
        Some(match self.session.send(self.request(Method::GET, url)).await {
            Ok(answered) => answer::body(answered).await,
            Err(trouble) => Err(trouble.into()),
        })
    }

    /// Asks by an operation that changes nothing, such as "Patient/$match". Returns its answer as JSON.
    ///
    /// # Errors
    /// See [`EhrError`].
    pub async fn ask(&self, operation: &str, json: String) -> Result<Vec<u8>, EhrError> {
        let request = self.request(Method::POST, self.at(operation));
        let request = request.header(header::CONTENT_TYPE, FHIR_JSON).body(json);
        answer::body(self.session.send(request).await?).await
    }

    fn own(&self, link: &str) -> Option<Url> {
        let mut base = self.base.clone();
        // A relative link counts from the base, whether that ends with a slash or not.
        base.path_segments_mut().ok()?.pop_if_empty().push("");
        let url = base.join(link).ok()?;
        let is_ours = url.origin() == self.base.origin()
            && url.username().is_empty()
            && url.password().is_none();
        is_ours.then_some(url)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use clinical::Timestamp;

    use super::*;
    use crate::ehr::EhrAccess;

    #[test]
    fn a_page_is_fetched_from_the_server_itself_and_from_nobody_else() {
        let access = EhrAccess::open(Arc::new(|| Timestamp::from_millis(0)));
        let client = EhrClient::new("https://ehr.example/fhir/r4", access).unwrap();
        for (link, expected) in [
            ("https://ehr.example/fhir/r4?page=2", Some("https://ehr.example/fhir/r4?page=2")),
            ("https://ehr.example:443/pages/7", Some("https://ehr.example/pages/7")),
            ("Condition?page=2", Some("https://ehr.example/fhir/r4/Condition?page=2")),
            ("http://ehr.example/fhir/r4?page=2", None),
            ("https://ehr.example:8443/fhir", None),
            ("https://ehr.example.evil.example/", None),
            ("https://user@ehr.example/fhir", None),
            ("//evil.example/fhir", None),
            ("javascript:0", None),
            ("https://", None),
        ] {
            let url = client.own(link);
            assert_eq!(url.as_ref().map(Url::as_str), expected, "{link}");
        }
    }
}
