//! One request for a token, and what its answer means (RFC 6749 sections 4.4, 5.1 and 5.2, RFC 7523 section 2.2).

use std::time::Duration;

use base64::{
    Engine as _,
    prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD},
};
use clinical::Timestamp;
use reqwest::{Method, Response, StatusCode, Url, header};
use ring::rand::{SecureRandom as _, SystemRandom};
use serde::Deserialize;
use zeroize::Zeroizing;

use super::{
    access::{Proof, SecretPlace, SignIn},
    answer,
    assertion::{Claims, assertion},
    scope,
    secret::Secret,
    trouble::Trouble,
    wire::Wire,
};

pub const WHOM: &str = "the EHR's token endpoint";
const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
/// 128 random bits never come twice; 22 characters of the 151 that Epic takes.
const NUMBER_BYTES: usize = 16;
/// Where the server does not say how long a token lives.
const LIVES_UNSAID_SECONDS: u64 = 60;
/// A server's own words are shown up to this length.
const MOST_WORDS: usize = 200;

pub struct Granted {
    pub token: Secret,
    pub lives: Duration,
    /// As the server wrote them; `None` where it said nothing.
    pub scopes: Option<String>,
}

#[derive(Deserialize)]
struct TokenAnswer {
    access_token: String,
    token_type: String,
    expires_in: Option<u64>,
    scope: Option<String>,
}

#[derive(Deserialize)]
struct ErrorAnswer {
    error: String,
    error_description: Option<String>,
}

/// Sends the request. `now` is the EHR's time as far as it is known.
pub async fn ask(
    wire: &Wire,
    endpoint: &Url,
    sign_in: &SignIn,
    now: Timestamp,
) -> Result<Response, Trouble> {
    let mut fields = vec![("grant_type", "client_credentials".to_owned())];
    if !sign_in.scopes.is_empty() {
        fields.push(("scope", sign_in.scopes.join(" ")));
    }
    let mut request = wire.request(Method::POST, endpoint.clone());
    request = request.header(header::ACCEPT, "application/json");
    let mut form = Zeroizing::new(String::new());
    match &sign_in.proof {
        Proof::Key { key, key_set_url } => {
            let number = number()?;
            let claims = Claims {
                client_id: &sign_in.client_id,
                audience: endpoint.as_str(),
                key_set_url: key_set_url.as_deref(),
                number: &number,
            };
            let assertion =
                assertion(key, &claims, now).map_err(|error| Trouble::later(error.to_string()))?;
            fields.push(("client_assertion_type", ASSERTION_TYPE.to_owned()));
            fields.push(("client_assertion", assertion));
        }
        Proof::Secret { secret, place: SecretPlace::Basic, .. } => {
            request = request.header(header::AUTHORIZATION, basic(&sign_in.client_id, secret)?);
        }
        Proof::Secret { secret, place: SecretPlace::Post, .. } => {
            fields.push(("client_id", sign_in.client_id.clone()));
            add_field(&mut form, "client_secret", secret.reveal());
        }
    }
    for (name, value) in fields {
        add_field(&mut form, name, &value);
    }
    let request = request
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(String::clone(&form));
    wire.send(request, WHOM).await
}

/// The token, when all scopes were granted.
pub async fn granted(answer: Response, sign_in: &SignIn) -> Result<Granted, Trouble> {
    let status = answer.status();
    let retry_after = answer::retry_after(&answer);
    let body = Zeroizing::new(answer::read(answer).await?);
    if status != StatusCode::OK {
        return Err(refusal(status, retry_after, &body));
    }
    let answer: TokenAnswer = serde_json::from_slice(&body)
        .map_err(|_| Trouble::later(format!("{WHOM} gave an answer that is no token")))?;
    let token = Secret::new(answer.access_token);
    if !answer.token_type.eq_ignore_ascii_case("bearer") {
        return Err(Trouble::denied(format!("{WHOM} gives tokens of a kind other than Bearer")));
    }
    check_scopes(sign_in, answer.scope.as_deref())?;
    let lives = Duration::from_secs(answer.expires_in.unwrap_or(LIVES_UNSAID_SECONDS));
    Ok(Granted { token, lives, scopes: answer.scope })
}

fn check_scopes(sign_in: &SignIn, granted: Option<&str>) -> Result<(), Trouble> {
    if granted.is_none() && matches!(sign_in.proof, Proof::Secret { trusts_silence: true, .. }) {
        return Ok(());
    }
    let asked = sign_in.scopes.iter().map(String::as_str);
    let missing = scope::missing(asked, granted.unwrap_or_default());
    if missing.is_empty() {
        return Ok(());
    }
    let granted = granted.map(str::trim).filter(|granted| !granted.is_empty());
    let granted = granted.map_or("nothing".into(), cut);
    Err(Trouble::denied(format!(
        "the EHR did not grant {}: add it to this client's registration there (granted: {granted})",
        missing.join(", "),
    )))
}

fn refusal(status: StatusCode, retry_after: Option<Duration>, body: &[u8]) -> Trouble {
    let said = serde_json::from_slice::<ErrorAnswer>(body).ok();
    let code = said.as_ref().map_or("", |said| said.error.as_str());
    let what = match code {
        "invalid_client" => {
            "does not accept this hub: compare `client_id` and the key or secret that is registered there"
        }
        "unauthorized_client" => {
            "does not let this client sign in by itself: its registration has to allow backend services"
        }
        "invalid_scope" => {
            "does not give this client what it asks for: compare `scopes` with its registration there"
        }
        "unsupported_grant_type" => "does not offer client credentials: compare `token_endpoint`",
        "temporarily_unavailable" | "slow_down" | "server_error" => {
            return Trouble::Later { what: format!("{WHOM} is busy"), retry_after };
        }
        _ if matches!(status.as_u16(), 400 | 401 | 403) => {
            "does not accept this hub: compare its registration there"
        }
        _ => {
            let what = format!("{WHOM} answered {status}");
            return Trouble::Later { what, retry_after };
        }
    };
    let detail = said.as_ref().and_then(|said| said.error_description.as_deref());
    let detail = detail.map_or(String::new(), |words| format!("; it says: {}", cut(words)));
    let code = if code.is_empty() { status.as_str() } else { code };
    Trouble::denied(format!("{WHOM} {what} ({}{detail})", cut(code)))
}

/// A server's words as one short line.
fn cut(words: &str) -> String {
    words.chars().filter(|char| !char.is_control()).take(MOST_WORDS).collect()
}

fn number() -> Result<String, Trouble> {
    let mut bytes = [0; NUMBER_BYTES];
    SystemRandom::new()
        .fill(&mut bytes)
        .map_err(|_| Trouble::later("this machine gave no random numbers to sign in with"))?;
    Ok(BASE64_URL_SAFE_NO_PAD.encode(bytes))
}

/// Both halves are form-encoded before they are joined (RFC 6749 section 2.3.1).
fn basic(client_id: &str, secret: &Secret) -> Result<header::HeaderValue, Trouble> {
    let mut both = Zeroizing::new(String::new());
    encode(&mut both, client_id);
    both.push(':');
    encode(&mut both, secret.reveal());
    let text = Zeroizing::new(format!("Basic {}", BASE64_STANDARD.encode(both.as_bytes())));
    let mut value = header::HeaderValue::from_str(&text)
        .map_err(|_| Trouble::denied("the client secret cannot be sent"))?;
    value.set_sensitive(true);
    Ok(value)
}

fn add_field(form: &mut String, name: &str, value: &str) {
    if !form.is_empty() {
        form.push('&');
    }
    form.push_str(name);
    form.push('=');
    encode(form, value);
}

/// As forms are written (URL standard, section 5.2); room is made first, so that no copy of a secret is left behind.
fn encode(form: &mut String, text: &str) {
    form.reserve(3 * text.len() + 1);
    for byte in text.bytes() {
        match byte {
            b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' | b'*' | b'-' | b'.' | b'_' => {
                form.push(char::from(byte));
            }
            b' ' => form.push('+'),
            _ => {
                form.push('%');
                for nibble in [byte >> 4, byte & 0x0f] {
                    let digit = char::from_digit(nibble.into(), 16);
                    form.push(digit.expect("four bits are one digit").to_ascii_uppercase());
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_keeps_every_character_of_a_secret() {
        let mut form = String::new();
        add_field(&mut form, "a", "x y");
        add_field(&mut form, "b", "p+q&r=%é~");
        assert_eq!(form, "a=x+y&b=p%2Bq%26r%3D%25%C3%A9%7E");
    }

    #[test]
    fn a_secret_in_basic_is_encoded_before_it_is_joined() {
        let header = basic("a:b", &Secret::new("c:d e")).unwrap();
        let text = header.to_str().unwrap().strip_prefix("Basic ").unwrap().to_owned();
        assert_eq!(BASE64_STANDARD.decode(text).unwrap(), b"a%3Ab:c%3Ad+e");
        assert!(header.is_sensitive());
    }
}
