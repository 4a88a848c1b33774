//! How the hub gets into an EHR: what it is registered as, how it proves that, and whom it trusts.

use std::sync::Arc;

use clinical::Timestamp;

use super::{
    key::SigningKey,
    secret::Secret,
    tls::{Authorities, ClientCertificate},
};

/// Reads the wall clock. The time of assertions is corrected by the EHR's own, so a wrong one locks nobody out.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

pub struct EhrAccess {
    /// `None`: an EHR that lets everybody in who reaches it, or whoever shows a certificate.
    pub sign_in: Option<SignIn>,
    pub certificate: Option<ClientCertificate>,
    pub authorities: Authorities,
    pub clock: Clock,
}

impl EhrAccess {
    /// To an EHR that asks for nothing.
    pub fn open(clock: Clock) -> Self {
        Self { sign_in: None, certificate: None, authorities: Authorities::default(), clock }
    }
}

/// OAuth 2.0 client credentials (RFC 6749 section 4.4).
#[derive(Debug)]
pub struct SignIn {
    pub client_id: String,
    /// `None`: as the EHR's SMART configuration says.
    pub token_endpoint: Option<String>,
    /// All of them have to be granted.
    pub scopes: Vec<String>,
    pub proof: Proof,
}

#[derive(Debug)]
pub enum Proof {
    /// SMART Backend Services: an assertion signed with a key whose public half is registered.
    Key {
        key: Arc<SigningKey>,
        /// Sent as `jku` where it is registered.
        key_set_url: Option<String>,
    },
    Secret {
        secret: Secret,
        place: SecretPlace,
        /// RFC 6749 section 5.1 lets a server keep silent where it grants exactly what was asked. Some keep silent
        /// where they grant nothing, so silence is believed only where a person says so.
        trusts_silence: bool,
    },
}

/// RFC 6749 section 2.3.1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SecretPlace {
    /// HTTP Basic.
    Basic,
    /// In the request's body.
    Post,
}
