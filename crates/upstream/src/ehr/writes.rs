//! The further ways to write into an EHR, one for each kind of server.

use reqwest::{Method, Response, Url, header};

use super::{EhrClient, EhrError, answer, with_body};

impl EhrClient {
    /// Stores the resource, again where it is stored already. Returns the server's reference to it, such
    /// as "Encounter/123", where the server says it.
    ///
    /// # Errors
    /// See [`EhrError`].
    pub async fn create(&self, kind: &str, json: String) -> Result<Option<String>, EhrError> {
        let answer = self.write(Method::POST, self.at(kind), json).await?;
        Ok(reference(&answer, kind))
    }

    /// Stores the resource under our own id, or replaces it. `reference` is such as "Observation/0192…".
    ///
    /// # Errors
    /// See [`EhrError`].
    pub async fn put(&self, reference: &str, json: String) -> Result<(), EhrError> {
        self.write(Method::PUT, self.at(reference), json).await.map(drop)
    }

    /// Carries out a Bundle of the type "transaction". Returns the transaction-response as JSON.
    ///
    /// # Errors
    /// See [`EhrError`].
    pub async fn transaction(&self, json: String) -> Result<Vec<u8>, EhrError> {
        let answer = self.write(Method::POST, self.base.clone(), json).await?;
        // It was taken; an answer that breaks off leaves open what of it.
        let unread = |_| EhrError::InDoubt {
            what: "the EHR's answer broke off".to_owned(),
            retry_after: None,
        };
        answer::read(answer).await.map_err(unread)
    }

    async fn write(&self, method: Method, to: Url, json: String) -> Result<Response, EhrError> {
        let request = with_body(self.request(method, to), json);
        answer::judge(self.session.send(request).await?).await
    }
}

/// From the Location header: absolute or relative, with or without a version (FHIR R4 3.1.0.8).
fn reference(answer: &Response, kind: &str) -> Option<String> {
    let location = answer.headers().get(header::LOCATION)?.to_str().ok()?;
    reference_in(location, kind)
}

/// The reference in a location of any such shape; `None`: it is of another kind.
pub fn reference_in(location: &str, kind: &str) -> Option<String> {
    let mut parts = location.split('/').skip_while(|part| *part != kind);
    let id = parts.nth(1).filter(|id| !id.is_empty())?;
    Some(format!("{kind}/{id}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_location_in_any_shape_is_a_reference() {
        let check = |location, expected: Option<&str>| {
            assert_eq!(reference_in(location, "Encounter").as_deref(), expected, "{location}");
        };
        let expected = Some("Encounter/12");
        check("https://ehr.example/fhir/Encounter/12", expected);
        check("https://ehr.example/fhir/Encounter/12/_history/1", expected);
        check("Encounter/12", expected);
        check("/fhir/Encounter/12/_history/1", expected);
        check("https://ehr.example/fhir/Encounter/", None);
        check("https://ehr.example/fhir/Encounter", None);
        check("Observation/12", None);
        check("", None);
    }
}
