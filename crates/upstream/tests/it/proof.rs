//! What a strict EHR looks at in a client assertion; every rule has the section that asks for it.

use std::collections::BTreeSet;

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD as BASE64URL};
use ring::signature::{
    ECDSA_P384_SHA384_FIXED, RSA_PKCS1_2048_8192_SHA384, RsaPublicKeyComponents, UnparsedPublicKey,
};
use serde_json::Value;

/// SMART App Launch 2.2, "Client Authentication: Asymmetric": five minutes at most. Epic counts from `iat`.
const LONGEST_SECONDS: i64 = 300;
/// Epic.
const LONGEST_NUMBER: usize = 151;

/// Why the assertion is not accepted. `seen` holds the numbers of all that were.
pub fn verify(
    assertion: &str,
    keys: &Value,
    endpoint: &str,
    now: i64,
    seen: &mut BTreeSet<String>,
) -> Result<(), &'static str> {
    let (message, signature) = assertion.rsplit_once('.').ok_or("not a JWS")?;
    let (header, body) = message.split_once('.').ok_or("not a JWS")?;
    let json =
        |part| -> Option<Value> { serde_json::from_slice(&BASE64URL.decode(part).ok()?).ok() };
    let (header, body) = (json(header).ok_or("no header")?, json(body).ok_or("no claims")?);
    let mut known = keys["keys"].as_array().unwrap().iter();
    let key = known.find(|key| key["kid"] == header["kid"]).ok_or("unknown kid")?;
    let signature = BASE64URL.decode(signature).map_err(|_| "no signature")?;
    if header["typ"] != "JWT" || header["alg"] != key["alg"] {
        return Err("header");
    }
    check_signature(key, message.as_bytes(), &signature).ok_or("signature")?;
    // RFC 7523 section 3.
    if body["iss"] != "hub" || body["sub"] != "hub" {
        return Err("iss and sub");
    }
    if body["aud"] != endpoint {
        return Err("aud");
    }
    let time = |name: &str| body[name].as_i64().ok_or("a time is missing");
    let (issued, from, until) = (time("iat")?, time("nbf")?, time("exp")?);
    if issued > now || from > now {
        return Err("from the future");
    }
    if until <= now {
        return Err("expired");
    }
    if until - issued > LONGEST_SECONDS {
        return Err("lives too long");
    }
    let number = body["jti"].as_str().ok_or("no jti")?;
    if number.is_empty() || number.len() > LONGEST_NUMBER {
        return Err("length of jti");
    }
    if seen.insert(number.to_owned()) { Ok(()) } else { Err("replayed") }
}

fn check_signature(key: &Value, message: &[u8], signature: &[u8]) -> Option<()> {
    let part = |name: &str| BASE64URL.decode(key[name].as_str()?).ok();
    match key["kty"].as_str()? {
        "RSA" => RsaPublicKeyComponents { n: part("n")?, e: part("e")? }
            .verify(&RSA_PKCS1_2048_8192_SHA384, message, signature)
            .ok(),
        "EC" => {
            let point = [vec![4], part("x")?, part("y")?].concat();
            UnparsedPublicKey::new(&ECDSA_P384_SHA384_FIXED, point).verify(message, signature).ok()
        }
        _ => None,
    }
}
