//! The connection to the EHR and to its token endpoint: one request, or why it brought no answer.

use reqwest::{Client, Method, RequestBuilder, Response, Url};

use super::{
    access::Clock,
    trouble::{Trouble, broken, may_be_about_us},
    validity::Validity,
};

/// Cheap to clone; all clones share their connections.
#[derive(Clone)]
pub struct Wire {
    pub http: Client,
    /// Of the certificate that is shown in mutual TLS.
    pub certificate: Option<Validity>,
    pub clock: Clock,
}

impl Wire {
    pub fn request(&self, method: Method, url: Url) -> RequestBuilder {
        self.http.request(method, url)
    }

    /// `whom` is named in the words of what went wrong.
    pub async fn send(&self, request: RequestBuilder, whom: &str) -> Result<Response, Trouble> {
        request.send().await.map_err(|error| match self.expired(whom) {
            Some(trouble) if may_be_about_us(&error) => trouble,
            _ => broken(&error, whom),
        })
    }

    /// Only asked after a failure: where this machine's clock is wrong, the certificate may be good.
    fn expired(&self, whom: &str) -> Option<Trouble> {
        let until = self.certificate?.until;
        (until < (self.clock)()).then(|| {
            Trouble::denied(format!(
                "{whom} ended the connection, and this hub's client certificate has expired ({until}): renew it"
            ))
        })
    }
}
