//! A cart proves its key: a nonce, a signature over it, a token.

use std::time::Instant;

use axum::{
    Json,
    extract::{State, rejection::JsonRejection},
};
use hub_api::{CartChallenge, CartProof, CartToken, ChallengeRequest, proof_text};
use ring::signature::{ED25519, UnparsedPublicKey};

use crate::{
    auth::{cart_tokens::TOKEN_LIFE, secret::from_hexadecimal},
    clock,
    hub::Hub,
    web::{Failure, JsonAnswer},
};

const SIGNATURE_BYTES: usize = 64;
/// Verified against for names that nobody enrolled, so that they take as long. It is the public key of
/// RFC 8032 section 7.1, test 1; a signature with that published key opens nothing, because a name
/// without an enrolment is refused whatever the signature says.
const NOBODYS_KEY: [u8; 32] = [
    0xd7, 0x5a, 0x98, 0x01, 0x82, 0xb1, 0x0a, 0xb7, 0xd5, 0x4b, 0xfe, 0xd3, 0xc9, 0x64, 0x07, 0x3a,
    0x0e, 0xe1, 0x72, 0xf3, 0xda, 0xa6, 0x23, 0x25, 0xaf, 0x02, 0x1a, 0x68, 0xf7, 0x07, 0x51, 0x1a,
];

pub async fn challenge(
    State(hub): State<Hub>,
    request: Result<Json<ChallengeRequest>, JsonRejection>,
) -> JsonAnswer<CartChallenge> {
    let Json(request) = request?;
    let nonce = hub.challenges.issue(&request.cart, clock::now())?;
    Ok(Json(CartChallenge { nonce }))
}

pub async fn session(
    State(hub): State<Hub>,
    proof: Result<Json<CartProof>, JsonRejection>,
) -> JsonAnswer<CartToken> {
    let Json(proof) = proof?;
    let (name, now) = (proof.cart.clone(), clock::now());
    let enrolled = hub.ask(move |vault| vault.cart(&name)).await?;
    let key = enrolled.as_ref().map_or(NOBODYS_KEY, |cart| cart.public_key);
    let is_signed = is_signed(&proof, &key);
    let is_fresh = hub.challenges.is_good(&proof.nonce, &proof.cart, now);
    let is_known = enrolled.is_some() && is_signed && is_fresh;
    if !is_known || !hub.challenges.use_up(&proof.nonce, now) {
        tracing::warn!(cart = %shortened(&proof.cart), "Refused a cart's sign-in");
        return Err(Failure::unauthorized("The hub does not know this cart by this key."));
    }
    let token = hub.cart_tokens.give(&proof.cart, Instant::now())?;
    let expires_in_s = u32::try_from(TOKEN_LIFE.as_secs()).expect("a token lives for minutes");
    Ok(Json(CartToken { token, expires_in_s }))
}

fn is_signed(proof: &CartProof, public_key: &[u8]) -> bool {
    let text = proof_text(&proof.cart, &proof.nonce);
    let key = UnparsedPublicKey::new(&ED25519, public_key);
    from_hexadecimal::<SIGNATURE_BYTES>(&proof.signature)
        .is_some_and(|signature| key.verify(text.as_bytes(), &signature).is_ok())
}

/// What a stranger sends as a name does not fill the log.
fn shortened(name: &str) -> String {
    name.chars().filter(|char| !char.is_control()).take(64).collect()
}
