//! What goes to the site's interface engine as HL7 version 2 instead of FHIR, section `[hl7]` of the EHR's
//! configuration.

use anyhow::Result;
use clinical::{Entry, EntryBody, EntryId, Measurement, Patient};
use hl7::{Chart, Outgoing, Party, Processing, Route};
use serde::Deserialize;
use upstream::mllp::{MllpAddress, MllpClient, MllpError};
use vault::KeptReceipt;

use super::undelivered::Undelivered;

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EngineConfig {
    /// Host and port.
    address: String,
    /// MLLP encrypts nothing: true says that a VPN or a tunnel does.
    #[serde(default)]
    unencrypted: bool,
    sending: PartyConfig,
    receiving: PartyConfig,
    #[serde(default)]
    processing: ProcessingConfig,
    /// What goes this way; everything else goes by FHIR.
    entries: Vec<Carried>,
}

/// MSH-3 and MSH-4, or MSH-5 and MSH-6.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct PartyConfig {
    application: String,
    facility: String,
}

/// MSH-11.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
enum ProcessingConfig {
    #[default]
    Production,
    Training,
    Debugging,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Carried {
    /// What devices measured and what nurses observed: ORU^R01.
    Readings,
    /// MDM^T02.
    Notes,
    /// ORU^R01 with the picture inside.
    Stills,
    /// ORU^R01 with the sound inside.
    Sounds,
}

/// The interface engine.
pub struct Engine {
    client: MllpClient,
    route: Route,
    entries: Vec<Carried>,
}

impl Engine {
    /// Connects to nothing yet.
    ///
    /// # Errors
    /// The address is none, or patient data would go unencrypted.
    pub fn new(config: EngineConfig) -> Result<Self> {
        let address = MllpAddress::parse(&config.address, config.unencrypted)?;
        let route = Route {
            sending: config.sending.party(),
            receiving: config.receiving.party(),
            processing: config.processing.letter(),
        };
        Ok(Self { client: MllpClient::new(address), route, entries: config.entries })
    }

    pub fn carries(&self, body: &EntryBody) -> bool {
        let carried = match body {
            // HL7 version 2 has no form for a strip of samples here.
            EntryBody::Reading(reading) if matches!(reading.measurement, Measurement::Ecg(_)) => {
                return false;
            }
            EntryBody::Reading(_) | EntryBody::Observed(_) => Carried::Readings,
            EntryBody::Note(_) => Carried::Notes,
            EntryBody::Still(_) => Carried::Stills,
            EntryBody::Auscultation(_) => Carried::Sounds,
            // With the end of a visit goes its receipt, a document as a note is.
            EntryBody::Closed => Carried::Notes,
            EntryBody::Opened(_) => return false,
        };
        self.entries.contains(&carried)
    }

    /// `attached` is what lies under the hash of a still or a sound, and empty for everything else.
    pub async fn send(
        &self,
        entry: &Entry,
        patient: &Patient,
        attached: &[u8],
    ) -> Result<(), Undelivered> {
        let chart = Chart { route: self.route.clone(), patient: patient.clone(), visit: None };
        let Some(message) = message(entry, attached, &chart) else {
            return Err(Undelivered::refused("HL7 version 2 has no form for it here"));
        };
        Ok(self.client.send(&message).await?)
    }

    pub async fn send_receipt(
        &self,
        id: EntryId,
        receipt: &KeptReceipt,
        patient: &Patient,
    ) -> Result<(), Undelivered> {
        let chart = Chart { route: self.route.clone(), patient: patient.clone(), visit: None };
        let message = hl7::receipt(id, &receipt.content, receipt.made, &chart);
        Ok(self.client.send(&message).await?)
    }
}

fn message(entry: &Entry, attached: &[u8], chart: &Chart) -> Option<Outgoing> {
    match &entry.body {
        EntryBody::Reading(reading) => hl7::reading(entry.id, reading, chart),
        EntryBody::Observed(observed) => {
            Some(hl7::observed(entry.id, observed, entry.recorded, chart))
        }
        EntryBody::Note(note) => Some(hl7::note(entry.id, note, entry.recorded, chart)),
        EntryBody::Still(still) => Some(hl7::still(entry.id, still, attached, chart)),
        EntryBody::Auscultation(sound) => Some(hl7::auscultation(entry.id, sound, attached, chart)),
        EntryBody::Opened(_) | EntryBody::Closed => None,
    }
}

impl PartyConfig {
    fn party(self) -> Party {
        Party { application: self.application, facility: self.facility }
    }
}

impl ProcessingConfig {
    fn letter(self) -> Processing {
        match self {
            Self::Production => Processing::Production,
            Self::Training => Processing::Training,
            Self::Debugging => Processing::Debugging,
        }
    }
}

impl From<MllpError> for Undelivered {
    fn from(error: MllpError) -> Self {
        match error {
            MllpError::Later { what } => Self::Later { retry_after: None, what },
            MllpError::InDoubt { what } => Self::InDoubt { retry_after: None, what },
            MllpError::Refused { reason } => {
                Self::Refused { reason: format!("the interface engine answered: {reason}") }
            }
        }
    }
}
