//! A FHIR resource.

use fhir::{Received, Understood};

use super::Checked;

pub fn check(bytes: &[u8]) -> Result<Checked<Understood>, String> {
    let received = Received::parse(bytes).map_err(|why| why.to_string())?;
    let written = received.bytes().to_vec();
    Ok(Checked { understood: received.understood, written })
}
