//! Where an EHR gives tokens and what it takes: HL7 SMART App Launch 2.2 section "Conformance", RFC 8414.

use clinical::Timestamp;
use reqwest::{Method, Response, StatusCode, Url, header};
use serde::Deserialize;

use super::{address, answer, session::WHOM, trouble::Trouble, wire::Wire};

const PLACE: &str = ".well-known/smart-configuration";

/// What is read of the SMART configuration. What it leaves out is `None`: Epic names no algorithms.
#[derive(Clone, Debug, Deserialize)]
pub struct Discovery {
    pub token_endpoint: String,
    pub token_endpoint_auth_methods_supported: Option<Vec<String>>,
    pub token_endpoint_auth_signing_alg_values_supported: Option<Vec<String>>,
}

/// Also the EHR's time, where it says one.
pub async fn discover(wire: &Wire, base: &Url) -> Result<(Discovery, Option<Timestamp>), Trouble> {
    let url = address::below(base, PLACE);
    let request = wire.request(Method::GET, url).header(header::ACCEPT, "application/json");
    let answer = wire.send(request, WHOM).await?;
    let date = date(&answer);
    match answer.status() {
        StatusCode::OK => {}
        status if status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS => {
            let retry_after = answer::retry_after(&answer);
            let what = format!("the EHR answered {status} when asked how to sign in");
            return Err(Trouble::Later { what, retry_after });
        }
        status => {
            return Err(Trouble::denied(format!(
                "the EHR answered {status} when asked how to sign in ({PLACE}): give `token_endpoint`, or compare the base address"
            )));
        }
    }
    let body = answer::read(answer).await?;
    let discovery = serde_json::from_slice(&body).map_err(|_| {
        Trouble::denied(format!("the EHR's {PLACE} names no token endpoint: give `token_endpoint`"))
    })?;
    Ok((discovery, date))
}

/// RFC 9110 section 6.6.1, in whole seconds, cut off: never ahead of the EHR's clock.
pub fn date(answer: &Response) -> Option<Timestamp> {
    let text = answer.headers().get(header::DATE)?.to_str().ok()?;
    let time = jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(text).ok()?;
    Some(Timestamp::from_millis(time.as_millisecond()))
}
