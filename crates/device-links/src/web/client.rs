//! One POST after the other to one host, with HTTP Digest (RFC 7616) where the host asks for it.
//!
//! A password never goes over the network: a host that wants it in the open (HTTP Basic) gets none.

use std::time::Duration;

use digest_auth::{AuthContext, WwwAuthenticateHeader};
use ureq::{
    Agent, Body,
    http::{HeaderMap, Response, StatusCode, header::WWW_AUTHENTICATE},
};

use super::Login;
use crate::address::Host;

/// Cameras stand in the same building.
const CONNECT: Duration = Duration::from_secs(3);
/// Twice this, for a challenge and its answer, is less than a driver waits.
const ANSWER: Duration = Duration::from_secs(4);
/// The profiles of a camera with many are a tenth of this.
const LONGEST: u64 = 512 * 1024;

#[derive(Debug, thiserror::Error)]
pub(crate) enum RequestError {
    #[error("the device does not answer requests")]
    Http(#[from] ureq::Error),
    #[error("the device names a service that is no path")]
    Path,
}

pub(super) struct Client {
    agent: Agent,
    host: String,
    login: Option<Login>,
    /// The host's last one. It is good for many answers, each with its own number.
    challenge: Option<WwwAuthenticateHeader>,
}

impl Client {
    pub(super) fn new(host: &Host, login: Option<Login>) -> Self {
        let settings = Agent::config_builder()
            .http_status_as_error(false)
            .timeout_connect(Some(CONNECT))
            .timeout_global(Some(ANSWER))
            // Another address than the one configured is another device.
            .max_redirects(0)
            // A proxy of the hospital has no part in it.
            .proxy(None)
            // One that the camera has closed meanwhile would look like a camera that is gone.
            .max_idle_connections(0)
            .build();
        Self { agent: settings.into(), host: host.to_string(), login, challenge: None }
    }

    /// The body of the answer. `None`: it has none, or the host does not let the cart ask.
    pub(super) fn post(&mut self, path: &str, body: &str) -> Result<Option<Vec<u8>>, RequestError> {
        // What follows the host in an address could make another host of it.
        if !path.starts_with('/') {
            return Err(RequestError::Path);
        }
        let proof = self.proof(path);
        let answer = self.send(path, body, proof)?;
        if answer.status() != StatusCode::UNAUTHORIZED {
            return read(answer);
        }
        self.challenge = challenge(answer.headers());
        let Some(proof) = self.proof(path) else {
            tracing::warn!(host = self.host, "A device asks for a user and a password by Digest");
            return Ok(None);
        };
        let answer = self.send(path, body, Some(proof))?;
        if answer.status() != StatusCode::UNAUTHORIZED {
            return read(answer);
        }
        // Who tries again and again is locked out.
        self.login = None;
        tracing::warn!(host = self.host, "A device does not take the user and the password");
        Ok(None)
    }

    fn proof(&mut self, path: &str) -> Option<String> {
        let (login, challenge) = (self.login.as_ref()?, self.challenge.as_mut()?);
        let asked = AuthContext::new_post(&login.user, &login.password, path, None::<&[u8]>);
        challenge.respond(&asked).ok().map(|proof| proof.to_header_string())
    }

    fn send(
        &self,
        path: &str,
        body: &str,
        proof: Option<String>,
    ) -> Result<Response<Body>, RequestError> {
        let request = self.agent.post(format!("http://{}{path}", self.host));
        let request = request.header("Content-Type", "application/soap+xml; charset=utf-8");
        let request = match proof {
            Some(proof) => request.header("Authorization", proof),
            None => request,
        };
        Ok(request.send(body)?)
    }
}

fn read(mut answer: Response<Body>) -> Result<Option<Vec<u8>>, RequestError> {
    let body = answer.body_mut().with_config().limit(LONGEST).read_to_vec()?;
    Ok(Some(body).filter(|body| !body.is_empty()))
}

/// The first that can be answered: a host names its best first.
fn challenge(headers: &HeaderMap) -> Option<WwwAuthenticateHeader> {
    let offers = headers.get_all(WWW_AUTHENTICATE).iter().filter_map(|offer| offer.to_str().ok());
    offers.filter_map(digest).find_map(|offer| digest_auth::parse(offer).ok())
}

/// What stands behind the name of the scheme.
fn digest(offer: &str) -> Option<&str> {
    let (scheme, rest) = offer.trim_start().split_once(' ')?;
    scheme.eq_ignore_ascii_case("digest").then_some(rest)
}
