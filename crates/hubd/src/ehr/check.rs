//! `hubd ehr check`: what of the way into the EHR works, what does not, and what to do.

use clinical::Timestamp;
use fhir::Capabilities;
use upstream::ehr::{Algorithm, Discovery, Inspection, SignedIn, Validity};

/// A renewed certificate has to be asked for at an office; a month is a usual wait.
const WARN_BEFORE_END_MS: i64 = 30 * 24 * 60 * 60_000;
/// EHRs allow assertions to differ by about a minute; ours follow the EHR's clock, other things do not.
const WARN_OF_CLOCK_MS: i64 = 60_000;

/// One line of the answer.
#[derive(Debug, PartialEq, Eq)]
pub enum Line {
    Works(String),
    /// Works today.
    Look(String),
    Fails(String),
}

impl std::fmt::Display for Line {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Works(what) => write!(f, "works   {what}"),
            Self::Look(what) => write!(f, "look    {what}"),
            Self::Fails(what) => write!(f, "FAILS   {what}"),
        }
    }
}

/// In the order in which one step needs the other.
pub fn lines(inspection: &Inspection, algorithm: Option<Algorithm>, now: Timestamp) -> Vec<Line> {
    let mut lines = Vec::new();
    lines.extend(inspection.certificate.map(|validity| certificate(validity, now)));
    match &inspection.discovery {
        Some(Ok(found)) => lines.extend(discovery(found, algorithm)),
        Some(Err(error)) => lines.push(Line::Fails(format!("Finding the sign-in: {error}"))),
        None => {}
    }
    match &inspection.sign_in {
        Some(Ok(signed_in)) => lines.extend(sign_in(signed_in)),
        Some(Err(error)) => lines.push(Line::Fails(format!("Sign-in: {error}"))),
        None => lines.push(Line::Works("Sign-in: none is configured".into())),
    }
    lines.push(match &inspection.metadata {
        Ok(json) => metadata(json),
        Err(error) => Line::Fails(format!("FHIR server: {error}")),
    });
    lines
}

fn certificate(validity: Validity, now: Timestamp) -> Line {
    let Validity { from, until } = validity;
    if now > until {
        Line::Fails(format!("Client certificate: it expired at {until}; renew it"))
    } else if now < from {
        Line::Fails(format!("Client certificate: it holds from {from} on; compare the clock"))
    } else if until.millis_since(now) < WARN_BEFORE_END_MS {
        Line::Look(format!("Client certificate: it ends at {until}; renew it before"))
    } else {
        Line::Works(format!("Client certificate: it holds until {until}"))
    }
}

fn discovery(found: &Discovery, algorithm: Option<Algorithm>) -> Vec<Line> {
    let place = &found.token_endpoint;
    let mut lines = vec![Line::Works(format!("Finding the sign-in: tokens are given at {place}"))];
    let Some(algorithm) = algorithm else { return lines };
    let lacks = |listed: &Option<Vec<String>>, wanted: &str| {
        listed.as_ref().is_some_and(|listed| listed.iter().all(|one| one != wanted))
    };
    if lacks(&found.token_endpoint_auth_methods_supported, "private_key_jwt") {
        lines.push(Line::Look(
            "Finding the sign-in: the EHR does not list private_key_jwt; ask whether it takes backend services".into(),
        ));
    }
    let name = algorithm.name();
    if lacks(&found.token_endpoint_auth_signing_alg_values_supported, name) {
        lines.push(Line::Look(format!(
            "Finding the sign-in: the EHR does not list {name}; use a key of the other kind"
        )));
    }
    lines
}

fn sign_in(signed_in: &SignedIn) -> Vec<Line> {
    let SignedIn { endpoint, scopes, ahead } = signed_in;
    let mut lines = vec![Line::Works(format!("Sign-in: a token was given at {endpoint}"))];
    lines.push(match scopes {
        Some(scopes) => Line::Works(format!("Scopes: granted are {scopes}")),
        None => Line::Look("Scopes: the EHR does not say what it granted".into()),
    });
    let seconds = ahead.filter(|ahead| ahead.abs() > WARN_OF_CLOCK_MS).map(|ahead| ahead / 1000);
    lines.extend(seconds.map(|seconds| {
        let (by, way) = (seconds.abs(), if seconds > 0 { "behind" } else { "ahead of" });
        Line::Look(format!(
            "Clock: this machine is {by} s {way} the EHR; sign-in allows for it, but set the clock"
        ))
    }));
    lines
}

fn metadata(json: &[u8]) -> Line {
    match Capabilities::read(json) {
        Ok(server) if server.is_r4() => Line::Works(format!(
            "FHIR server: {}, FHIR {}",
            server.software, server.fhir_version
        )),
        Ok(server) => Line::Fails(format!(
            "FHIR server: it speaks FHIR {}; use the base address of its R4 (4.0.1)",
            server.fhir_version
        )),
        Err(_) => Line::Fails(
            "FHIR server: what it answers to /metadata is no CapabilityStatement; compare the base address".into(),
        ),
    }
}

#[cfg(test)]
mod tests;
