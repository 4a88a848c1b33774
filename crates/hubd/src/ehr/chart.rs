//! Where in the EHR an entry belongs: the references of its patient and its encounter.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, PoisonError},
};

use clinical::{Act, Actor, AuditEvent, EncounterId, Patient, Subject, Timestamp};
use fhir::{Chart, Identifier};
use upstream::ehr::{EhrClient, EhrError};
use vault::{HubVault, KnownChart, VaultError};

use super::{offer::Offer, posting::unseen, undelivered::Undelivered};
use crate::{adt::Admissions, clock, hub::ask};

/// A visit is booked for its day; the night between two days belongs to both.
const BOOKED_AROUND_MS: i64 = 12 * 60 * 60 * 1_000;

/// Of so many encounters the chart is known without asking the record: many times what is under way at
/// once, and an encounter's entries go one after the other.
const AT_HAND: usize = 64;

/// Asks the EHR once for each encounter, and keeps what it said.
pub struct Charts {
    at_hand: Mutex<VecDeque<(EncounterId, Chart)>>,
    vault: HubVault,
    ehr: Arc<EhrClient>,
    offer: Offer,
    /// Who became whom; `None` where the EHR tells of no merges.
    admissions: Option<Admissions>,
}

impl Charts {
    pub fn new(
        vault: HubVault,
        ehr: Arc<EhrClient>,
        offer: Offer,
        admissions: Option<Admissions>,
    ) -> Self {
        Self { at_hand: Mutex::default(), vault, ehr, offer, admissions }
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
        let patient = self.patient(encounter, patient).await?;
        self.keep(encounter, Chart { patient, encounter: format!("Encounter/{id}") }).await
    }

    pub async fn keep(&self, encounter: EncounterId, chart: Chart) -> Result<Chart, Undelivered> {
        let known =
            KnownChart { patient: chart.patient.clone(), encounter: chart.encounter.clone() };
        let kept = ask(&self.vault, move |vault| vault.keep_chart(encounter, &known)).await;
        kept.map_err(unreadable)?;
        Ok(self.remember(encounter, chart))
    }

    fn at_hand(&self, encounter: EncounterId) -> Option<Chart> {
        let at_hand = self.at_hand.lock().unwrap_or_else(PoisonError::into_inner);
        at_hand.iter().find(|(of, _)| *of == encounter).map(|(_, chart)| chart.clone())
    }

    /// Only what the record has: it is what holds after a restart.
    fn remember(&self, encounter: EncounterId, chart: Chart) -> Chart {
        let mut at_hand = self.at_hand.lock().unwrap_or_else(PoisonError::into_inner);
        at_hand.retain(|(of, _)| *of != encounter);
        at_hand.push_front((encounter, chart.clone()));
        at_hand.truncate(AT_HAND);
        chart
    }

    /// The one patient with this number and this birth date: nothing is ever filed under a guess. Where the
    /// EHR has none and told that the number was merged, the one with the surviving number; the birth date
    /// has to be the same there too. The audit says so before anything is filed.
    pub async fn patient(
        &self,
        encounter: EncounterId,
        patient: &Patient,
    ) -> Result<String, Undelivered> {
        if let Some(reference) = self.numbered(&patient.number, patient).await? {
            return Ok(reference);
        }
        let merged = |of: &Admissions| of.survivor(&patient.system, &patient.number);
        let Some(survivor) = self.admissions.as_ref().and_then(merged) else {
            let none = || Undelivered::refused("the EHR has no patient with this number");
            return self.matched(patient).await?.ok_or_else(none);
        };
        let Some(reference) = self.numbered(&survivor, patient).await? else {
            return Err(Undelivered::refused(
                "the EHR merged this number into another one, and has no patient with that",
            ));
        };
        let event = AuditEvent::new(clock::now(), Actor::hub(), Act::MergeFollowed)
            .about(Subject::Encounter(encounter));
        let noted = ask(&self.vault, move |vault| vault.audit().note(&[event])).await;
        noted.map_err(|error| Undelivered::later(&error.to_string()))?;
        Ok(reference)
    }

    /// `None`: the EHR has nobody with this number.
    async fn numbered(
        &self,
        number: &str,
        patient: &Patient,
    ) -> Result<Option<String>, Undelivered> {
        let token = format!("{}|{number}", patient.system);
        let found = self.ehr.search("Patient", &[("identifier", &token)]).await.map_err(unseen)?;
        match fhir::found_patients(&found).map_err(strange)?.as_slice() {
            [one] if one.birth_date.as_deref() == Some(&patient.birth_date) => {
                Ok(Some(format!("Patient/{}", one.id)))
            }
            [_] => Err(Undelivered::refused(
                "the EHR's patient with this number has another birth date",
            )),
            [] => Ok(None),
            [..] => Err(Undelivered::refused("the EHR has several patients with this number")),
        }
    }

    /// Asks by Patient/$match, where the EHR offers it: it may keep the number in a form that a search does not
    /// find. `None`: nobody is certainly the same.
    async fn matched(&self, patient: &Patient) -> Result<Option<String>, Undelivered> {
        if !self.offer.ask().await?.matches_patients() {
            return Ok(None);
        }
        let question = fhir::match_question(patient);
        match self.ehr.ask("Patient/$match", question).await {
            Ok(found) => fhir::certain_match(&found, patient).map_err(strange),
            // The search before it was allowed: this hub may not ask so, or not with these words.
            Err(error @ (EhrError::Denied { .. } | EhrError::Refused { .. })) => {
                tracing::warn!(%error, "The EHR offers Patient/$match and does not take it");
                Ok(None)
            }
            Err(error) => Err(unseen(error)),
        }
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

fn strange(error: fhir::ReadError) -> Undelivered {
    tracing::warn!(%error, "Could not read what the EHR found");
    Undelivered::later("the EHR's answer to a search cannot be read")
}

fn unreadable(error: VaultError) -> Undelivered {
    Undelivered::later(&error.to_string())
}
