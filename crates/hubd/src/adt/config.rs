//! Section `[adt]` of the EHR's configuration, described in docs/integrators/hl7.md.

use std::net::SocketAddr;

use anyhow::{Result, ensure};
use hl7::{Message, Refused};
use serde::Deserialize;

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AdtConfig {
    /// An address of this machine: MLLP encrypts nothing.
    listen: SocketAddr,
    /// As the FHIR server names the system of the medical record numbers.
    pub system: String,
    /// The same as it stands in PID-3.4: the namespace, or `urn:oid:…` for an ISO id. Empty: the messages
    /// name no authority.
    pub authority: String,
    /// Whose messages are taken; nobody named: anybody's who reaches the address.
    #[serde(default)]
    senders: Vec<Sender>,
}

/// MSH-3 and MSH-4, the first component of each.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Sender {
    application: String,
    facility: String,
}

impl AdtConfig {
    /// # Errors
    /// Other machines could connect, and patient data would come unencrypted.
    pub fn address(&self) -> Result<SocketAddr> {
        ensure!(
            self.listen.ip().is_loopback(),
            "HL7 over MLLP is plain, so the hub takes it on this machine only (127.0.0.1 or [::1], not {}): \
             let the interface engine come through a VPN or a TLS tunnel that ends here",
            self.listen.ip()
        );
        Ok(self.listen)
    }

    /// # Errors
    /// The message is of a version or a sender whose messages are not taken: the reason of an AR.
    pub fn check(&self, message: &Message) -> Result<(), Refused> {
        let header = message.header();
        let first = |number| header.field(number).component(1).text().ok().flatten();
        if !first(12).is_some_and(|version| version.starts_with("2.")) {
            return Err(Refused::NotHandled("a version other than 2.x (MSH-12)".to_owned()));
        }
        let (application, facility) = (first(3).unwrap_or_default(), first(4).unwrap_or_default());
        let is_named = |of: &Sender| of.application == application && of.facility == facility;
        if !self.senders.is_empty() && !self.senders.iter().any(is_named) {
            return Err(Refused::NotHandled("this sender (MSH-3, MSH-4)".to_owned()));
        }
        Ok(())
    }
}
