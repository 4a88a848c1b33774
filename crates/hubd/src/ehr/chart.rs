//! Where in the EHR an entry belongs: the references of its patient and its encounter.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, PoisonError},
};

use clinical::{EncounterId, Patient, Timestamp};
use fhir::{Chart, Identifier};
use upstream::ehr::EhrClient;
use vault::{Alongside, HubVault, KnownChart, VaultError};

use super::{
    patients::{Patients, strange},
    posting::unseen,
    undelivered::Undelivered,
};
use crate::hub::ask;

/// A visit is booked for its day; the night between two days belongs to both.
const BOOKED_AROUND_MS: i64 = 12 * 60 * 60 * 1_000;

/// Of so many encounters the chart is known without asking the record: many times what is under way at
/// once, and an encounter's entries go one after the other.
const AT_HAND: usize = 64;

/// Asks the EHR once for each encounter, and keeps what it said.
pub struct Charts {
    at_hand: Mutex<VecDeque<(EncounterId, Chart)>>,
    vault: HubVault,
    alongside: Alongside,
    ehr: Arc<EhrClient>,
    patients: Patients,
}

impl Charts {
    pub fn new(
        vault: HubVault,
        alongside: Alongside,
        ehr: Arc<EhrClient>,
        patients: Patients,
    ) -> Self {
        Self { at_hand: Mutex::default(), vault, alongside, ehr, patients }
    }

    pub fn patients(&self) -> &Patients {
        &self.patients
    }

    /// The encounter has to be in the EHR already.
    pub async fn of(
        &self,
        encounter: EncounterId,
        patient: &Patient,
    ) -> Result<Chart, Undelivered> {
        if let Some(chart) = self.at_hand(encounter) {
            return Ok(chart);
        }
        let known = ask(&self.vault, move |vault| vault.chart(encounter)).await;
        if let Some(KnownChart { patient, encounter: reference }) = known.map_err(unreadable)? {
            return Ok(self.remember(encounter, Chart { patient, encounter: reference }));
        }
        let identifier = Identifier::of(encounter.uuid());
        let found = self.find("Encounter", &[("identifier", &identifier.token())]).await?;
        let [id] = found.as_slice() else {
            // Delivered before, so that the server's index is behind, or somebody deleted it.
            return Err(Undelivered::later("the EHR does not find the encounter at the moment"));
        };
        let patient = self.patients.reference(encounter, patient).await?;
        Ok(self.keep(encounter, Chart { patient, encounter: format!("Encounter/{id}") }))
    }

    /// Durable by the outbox's next write. A hub that dies before it asks the EHR again.
    pub fn keep(&self, encounter: EncounterId, chart: Chart) -> Chart {
        let known =
            KnownChart { patient: chart.patient.clone(), encounter: chart.encounter.clone() };
        self.alongside.keep_chart(encounter, known);
        self.remember(encounter, chart)
    }

    fn at_hand(&self, encounter: EncounterId) -> Option<Chart> {
        let at_hand = self.at_hand.lock().unwrap_or_else(PoisonError::into_inner);
        at_hand.iter().find(|(of, _)| *of == encounter).map(|(_, chart)| chart.clone())
    }

    fn remember(&self, encounter: EncounterId, chart: Chart) -> Chart {
        let mut at_hand = self.at_hand.lock().unwrap_or_else(PoisonError::into_inner);
        at_hand.retain(|(of, _)| *of != encounter);
        at_hand.push_front((encounter, chart.clone()));
        at_hand.truncate(AT_HAND);
        chart
    }

    /// The patient's open encounter, where the EHR keeps them itself.
    pub async fn booked(&self, patient: &str, opened_at: Timestamp) -> Result<String, Undelivered> {
        let id = patient.trim_start_matches("Patient/");
        let from = format!("ge{}", opened_at.plus_millis(-BOOKED_AROUND_MS));
        let to = format!("le{}", opened_at.plus_millis(BOOKED_AROUND_MS));
        let parameters = [("patient", id), ("date", from.as_str()), ("date", to.as_str())];
        let found = self.ehr.search("Encounter", &parameters).await.map_err(unseen)?;
        match fhir::open_encounters(&found).map_err(strange)?.as_slice() {
            [one] => Ok(format!("Encounter/{one}")),
            [] => Err(denied(
                "the EHR has no open encounter of this patient: book the visit there, and this goes on by itself",
            )),
            [..] => Err(denied(
                "the EHR has several open encounters of this patient: close the wrong ones there, and this goes on by itself",
            )),
        }
    }

    async fn find(&self, kind: &str, by: &[(&str, &str)]) -> Result<Vec<String>, Undelivered> {
        let found = self.ehr.search(kind, by).await.map_err(unseen)?;
        fhir::found_ids(&found).map_err(strange)
    }
}

fn denied(what: &str) -> Undelivered {
    Undelivered::Denied { what: what.to_owned() }
}

fn unreadable(error: VaultError) -> Undelivered {
    Undelivered::later(&error.to_string())
}
