//! The bodies of the hub's HTTP requests and answers. Paths are listed in docs/integrators/hub-api.md.

use clinical::{CallId, EncounterId};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// `POST /api/cart/challenge`: a cart says who it claims to be.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ChallengeRequest {
    pub cart: String,
}

/// The answer, for every name, known or not, so that names cannot be tried out.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct CartChallenge {
    /// Used once, valid for 60 s.
    pub nonce: String,
}

/// `POST /api/cart/session`: an Ed25519 signature (RFC 8032, hexadecimal) over [`proof_text`].
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct CartProof {
    pub cart: String,
    pub nonce: String,
    pub signature: String,
}

#[derive(Clone, Serialize, Deserialize)]
pub struct CartToken {
    pub token: String,
    pub expires_in_s: u32,
}

/// What a cart signs. The prefix keeps the key from being used for anything else.
pub fn proof_text(cart: &str, nonce: &str) -> String {
    format!("bedside cart session v1\n{cart}\n{nonce}")
}

/// `PUT /api/cart/entries/{id}`, `PUT /api/cart/blobs/{sha256}` and `PUT /api/portal/notes/{id}` answer
/// with this after their commit. The same request again gets the same answer; the same id with
/// other content gets 409 and a [`Problem`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Receipt {
    /// SHA-256 of the body as the hub stored it, in hexadecimal.
    pub sha256: String,
}

/// Every answer that is not 2xx. `reason` is in plain words and holds no patient data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Problem {
    pub reason: String,
}

/// `POST /api/portal/sign-in`; the session comes back as an HttpOnly cookie.
#[derive(Clone, Serialize, Deserialize, TS)]
pub struct SignIn {
    pub name: String,
    pub password: String,
}

/// Answer of `POST /api/portal/sign-in` and `GET /api/portal/me`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SignedIn {
    pub name: String,
    pub display_name: String,
}

/// `PUT /api/portal/notes/{entry id}`: the browser gives the id, so that a repeated press is one note.
#[derive(Clone, Serialize, Deserialize, TS)]
pub struct NoteDraft {
    pub encounter: EncounterId,
    pub call: CallId,
    pub text: String,
}
