//! Where in the EHR an entry belongs: the references of its patient and its encounter.

use std::collections::HashMap;

use clinical::{EncounterId, Patient};
use fhir::{Chart, Identifier};
use upstream::ehr::EhrClient;

use super::filing::Undelivered;

/// Encounters that are delivered side by side; with more, the oldest are looked up again.
const MAX_KNOWN: usize = 1024;

/// Asks the EHR once for each encounter of a run.
#[derive(Default)]
pub struct Charts(HashMap<EncounterId, Chart>);

impl Charts {
    /// The encounter has to be in the EHR already.
    pub async fn of(
        &mut self,
        ehr: &EhrClient,
        encounter: EncounterId,
        patient: &Patient,
    ) -> Result<Chart, Undelivered> {
        if let Some(chart) = self.0.get(&encounter) {
            return Ok(chart.clone());
        }
        let identifier = Identifier::of(encounter.uuid());
        let found = find(ehr, "Encounter", identifier.token()).await?;
        let [id] = found.as_slice() else {
            // Delivered before, so that the server's index is behind, or somebody deleted it.
            return Err(Undelivered::later("the EHR does not find the encounter at the moment"));
        };
        let chart = Chart {
            patient: find_patient(ehr, patient).await?,
            encounter: format!("Encounter/{id}"),
        };
        if self.0.len() >= MAX_KNOWN {
            self.0.clear();
        }
        self.0.insert(encounter, chart.clone());
        Ok(chart)
    }
}

/// The one patient with this number: nothing is ever filed under a guess.
pub async fn find_patient(ehr: &EhrClient, patient: &Patient) -> Result<String, Undelivered> {
    let token = format!("{}|{}", patient.system, patient.number);
    match find(ehr, "Patient", token).await?.as_slice() {
        [id] => Ok(format!("Patient/{id}")),
        [] => Err(Undelivered::refused("the EHR has no patient with this number")),
        [..] => Err(Undelivered::refused("the EHR has several patients with this number")),
    }
}

async fn find(ehr: &EhrClient, kind: &str, token: String) -> Result<Vec<String>, Undelivered> {
    let bundle = ehr.search(kind, &[("identifier", token.as_str())]).await?;
    fhir::found_ids(&bundle).map_err(|error| {
        tracing::warn!(%error, "Could not read what the EHR found");
        Undelivered::later("the EHR's answer to a search cannot be read")
    })
}
