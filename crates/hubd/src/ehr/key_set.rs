//! The hub's public keys, as EHRs fetch them: a JWK Set (RFC 7517 section 5).

use std::{collections::BTreeSet, sync::Arc};

use anyhow::{Result, ensure};
use serde::Serialize;
use upstream::ehr::{Jwk, SigningKey};

/// As JSON. Cheap to clone.
#[derive(Clone)]
pub struct KeySet(Arc<str>);

#[derive(Serialize)]
struct Json<'a> {
    keys: Vec<Jwk<'a>>,
}

impl KeySet {
    /// # Errors
    /// Two keys have one id: an EHR would try the wrong one.
    pub fn of(keys: &[Arc<SigningKey>]) -> Result<Self> {
        let ids: BTreeSet<&str> = keys.iter().map(|key| key.id()).collect();
        ensure!(ids.len() == keys.len(), "[access]: two keys have the same id");
        let json = Json { keys: keys.iter().map(|key| key.jwk()).collect() };
        Ok(Self(serde_json::to_string_pretty(&json)?.into()))
    }

    pub fn json(&self) -> &str {
        &self.0
    }
}
