//! What `hubd ehr check` asks: each step of the way into the EHR, one after the other.

use reqwest::{Method, header};

use super::{
    EhrClient, EhrError, Validity, answer,
    discovery::{Discovery, discover},
    session::WHOM,
    token::SignedIn,
};

/// Every step is tried, also after one that failed.
#[derive(Debug)]
pub struct Inspection {
    /// Of the hub's own certificate, where it has one.
    pub certificate: Option<Validity>,
    /// `None` where nobody needs it: the token endpoint is configured, or no token is asked for.
    pub discovery: Option<Result<Discovery, EhrError>>,
    /// `None` where no token is asked for.
    pub sign_in: Option<Result<SignedIn, EhrError>>,
    /// The CapabilityStatement as JSON, asked for with the token.
    pub metadata: Result<Vec<u8>, EhrError>,
}

impl EhrClient {
    pub async fn inspect(&self) -> Inspection {
        let wire = &self.session.wire;
        let desk = self.session.desk.as_ref();
        let discovery = match desk {
            Some(desk) if desk.sign_in().token_endpoint.is_none() => {
                let found = discover(wire, &self.base).await;
                Some(found.map(|(discovery, _)| discovery).map_err(EhrError::from))
            }
            Some(_) | None => None,
        };
        let sign_in = match desk {
            Some(desk) => Some(desk.signed_in().await.map_err(EhrError::from)),
            None => None,
        };
        let metadata = self.metadata(matches!(sign_in, Some(Err(_)))).await;
        Inspection { certificate: wire.certificate, discovery, sign_in, metadata }
    }

    /// Without a token where there is none: most EHRs show this to everybody, so it still tells whether the address
    /// is right.
    async fn metadata(&self, without_token: bool) -> Result<Vec<u8>, EhrError> {
        if !without_token {
            return self.read("metadata").await;
        }
        let request = self.session.wire.request(Method::GET, self.at("metadata"));
        let request = request.header(header::ACCEPT, super::FHIR_JSON);
        answer::body(self.session.wire.send(request, WHOM).await?).await
    }
}
