//! The proof that a token is asked by the registered client: a signed JWT of a few minutes.
//!
//! HL7 SMART App Launch 2.2 "Backend Services" and "Client Authentication: Asymmetric", RFC 7523 section 3. Pure: the
//! time and the number come from the caller.

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD as BASE64URL};
use clinical::Timestamp;
use serde::Serialize;

use super::key::{SigningKey, SigningKeyError};

/// SMART and Epic allow 5 min from the issue to the end; a minute is left for the way and for clocks that differ.
const LIVES_SECONDS: i64 = 4 * 60;
/// EHRs refuse what is issued in their future: as much may a clock be ahead before the EHR's is known.
const BACKDATED_SECONDS: i64 = 30;

/// What an assertion says besides its times.
pub struct Claims<'a> {
    pub client_id: &'a str,
    /// The token endpoint, letter for letter as it is asked.
    pub audience: &'a str,
    /// Where the key set was registered; EHRs that keep a copy of the keys need none.
    pub key_set_url: Option<&'a str>,
    /// Never used twice. Epic takes 151 characters at most.
    pub number: &'a str,
}

#[derive(Serialize)]
struct Header<'a> {
    alg: &'a str,
    typ: &'a str,
    kid: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    jku: Option<&'a str>,
}

/// RFC 7519 section 4.1; times in seconds since 1970.
#[derive(Serialize)]
struct Body<'a> {
    iss: &'a str,
    sub: &'a str,
    aud: &'a str,
    jti: &'a str,
    iat: i64,
    nbf: i64,
    exp: i64,
}

/// The JWS in its compact form (RFC 7515 section 7.1). `now` is the EHR's time as far as it is known.
///
/// # Errors
/// The machine gives no random numbers for the signature.
pub fn assertion(
    key: &SigningKey,
    claims: &Claims<'_>,
    now: Timestamp,
) -> Result<String, SigningKeyError> {
    let header =
        Header { alg: key.algorithm().name(), typ: "JWT", kid: key.id(), jku: claims.key_set_url };
    let issued = now.millis().div_euclid(1000).saturating_sub(BACKDATED_SECONDS);
    let body = Body {
        iss: claims.client_id,
        sub: claims.client_id,
        aud: claims.audience,
        jti: claims.number,
        iat: issued,
        nbf: issued,
        exp: issued.saturating_add(LIVES_SECONDS),
    };
    let mut text = format!("{}.{}", part(&header), part(&body));
    let signature = key.sign(text.as_bytes())?;
    text.push('.');
    BASE64URL.encode_string(signature, &mut text);
    Ok(text)
}

fn part(value: &impl Serialize) -> String {
    BASE64URL.encode(serde_json::to_vec(value).expect("texts and numbers are always JSON"))
}

#[cfg(test)]
mod tests;
