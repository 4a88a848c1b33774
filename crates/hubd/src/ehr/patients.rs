//! Who in the EHR a patient is.

use std::sync::Arc;

use clinical::{Act, Actor, AuditEvent, EncounterId, Patient, Subject};
use upstream::ehr::{EhrClient, EhrError};
use vault::HubVault;

use super::{offer::Offer, posting::unseen, undelivered::Undelivered};
use crate::{adt::Admissions, clock, hub::ask};

/// Asks the EHR each time: who keeps the answer says how long it holds.
pub struct Patients {
    vault: HubVault,
    ehr: Arc<EhrClient>,
    offer: Offer,
    /// Who became whom; `None` where the EHR tells of no merges.
    admissions: Option<Admissions>,
}

impl Patients {
    pub fn new(
        vault: HubVault,
        ehr: Arc<EhrClient>,
        offer: Offer,
        admissions: Option<Admissions>,
    ) -> Self {
        Self { vault, ehr, offer, admissions }
    }

    /// The one patient with this number and this birth date: nothing is ever filed under a guess. Where the
    /// EHR has none and told that the number was merged, the one with the surviving number; the birth date
    /// has to be the same there too. The audit says so before anything is filed.
    pub async fn reference(
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
}

pub fn strange(error: fhir::ReadError) -> Undelivered {
    tracing::warn!(%error, "Could not read what the EHR found");
    Undelivered::later("the EHR's answer to a search cannot be read")
}
