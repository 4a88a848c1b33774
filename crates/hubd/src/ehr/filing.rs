//! Puts one entry into the EHR. Each step may be repeated: the EHR knows every resource by its identifier.

use std::{sync::Arc, time::Duration};

use clinical::{Entry, EntryBody, EntryId, Opened, Patient, Timestamp};
use fhir::{Chart, Resource, Visit};
use upstream::ehr::{EhrClient, EhrError};
use vault::{HubVault, VaultError};

use super::chart::{Charts, find_patient};
use crate::hub::ask;

/// Why an entry is not in the EHR.
#[derive(Debug)]
pub enum Undelivered {
    Later {
        retry_after: Option<Duration>,
        what: String,
    },
    /// `reason` may hold the server's own words: it goes into the record and into no log.
    Refused {
        reason: String,
    },
}

impl Undelivered {
    pub fn later(what: &str) -> Self {
        Self::Later { retry_after: None, what: what.to_owned() }
    }

    pub fn refused(reason: &str) -> Self {
        Self::Refused { reason: reason.to_owned() }
    }
}

/// An entry, and whose it is.
pub struct Consignment {
    pub entry: Entry,
    pub opened: Opened,
    opened_at: Timestamp,
}

/// Files entries in their charts.
pub struct Clerk {
    vault: HubVault,
    ehr: Arc<EhrClient>,
    charts: Charts,
}

impl Clerk {
    pub fn new(vault: HubVault, ehr: Arc<EhrClient>) -> Self {
        Self { vault, ehr, charts: Charts::default() }
    }

    pub async fn file(&mut self, consignment: &Consignment) -> Result<(), Undelivered> {
        let Consignment { entry, opened, .. } = consignment;
        match &entry.body {
            EntryBody::Opened(_) => {
                let patient = find_patient(&self.ehr, &opened.patient).await?;
                let resource = consignment.visit(None, &patient);
                self.create(resource).await
            }
            EntryBody::Closed => {
                let chart = self.chart(entry, &opened.patient).await?;
                let resource = consignment.visit(Some(entry.recorded), &chart.patient);
                let search = resource.search();
                Ok(self.ehr.update_where(resource.kind, &search, resource.json).await?)
            }
            EntryBody::Reading(reading) => {
                let chart = self.chart(entry, &opened.patient).await?;
                for resource in fhir::observations(reading, &chart) {
                    self.create(resource).await?;
                }
                Ok(())
            }
            EntryBody::Observed(observed) => {
                let chart = self.chart(entry, &opened.patient).await?;
                self.create(fhir::observed(entry.id, observed, entry.recorded, &chart)).await
            }
            EntryBody::Still(still) => {
                let chart = self.chart(entry, &opened.patient).await?;
                let jpeg = self.picture(still.sha256.clone()).await?;
                self.create(fhir::still(entry.id, still, &jpeg, &chart)).await
            }
            EntryBody::Note(note) => {
                let chart = self.chart(entry, &opened.patient).await?;
                self.create(fhir::note(entry.id, note, entry.recorded, &chart)).await
            }
        }
    }

    async fn chart(&mut self, entry: &Entry, patient: &Patient) -> Result<Chart, Undelivered> {
        self.charts.of(&self.ehr, entry.encounter, patient).await
    }

    async fn create(&self, resource: Resource) -> Result<(), Undelivered> {
        let search = resource.search();
        Ok(self.ehr.create_if_none_exist(resource.kind, &search, resource.json).await?)
    }

    async fn picture(&self, sha256: String) -> Result<Vec<u8>, Undelivered> {
        match ask(&self.vault, move |vault| vault.blob(&sha256)).await {
            Ok(Some(blob)) => Ok(blob.into_bytes()),
            Ok(None) => Err(Undelivered::refused("the hub does not have the picture")),
            Err(error) => Err(Undelivered::later(&error.to_string())),
        }
    }
}

impl Consignment {
    pub fn of(vault: &HubVault, id: EntryId) -> Result<Self, VaultError> {
        let damaged = VaultError::Damaged { what: "the entry of an outbox item" };
        let Some(entry) = vault.entry(id)?.map(|stored| stored.sealed.into_entry()) else {
            return Err(damaged);
        };
        let Some(opening) = vault.opening_of(entry.encounter)? else { return Err(damaged) };
        let opening = opening.sealed.into_entry();
        match opening.body {
            EntryBody::Opened(opened) => {
                Ok(Consignment { entry, opened, opened_at: opening.recorded })
            }
            EntryBody::Reading(_)
            | EntryBody::Observed(_)
            | EntryBody::Still(_)
            | EntryBody::Note(_)
            | EntryBody::Closed => Err(damaged),
        }
    }

    fn visit(&self, until: Option<Timestamp>, patient: &str) -> Resource {
        let visit =
            Visit { id: self.entry.encounter, opened: &self.opened, from: self.opened_at, until };
        fhir::encounter(&visit, patient)
    }
}

impl From<EhrError> for Undelivered {
    fn from(error: EhrError) -> Self {
        match error {
            EhrError::Later { what, retry_after } => Self::Later { retry_after, what },
            EhrError::Denied { what } => Self::later(&what),
            EhrError::Refused { status, body } => {
                let words = fhir::outcome_words(&body.0).unwrap_or_default();
                Self::Refused { reason: format!("the EHR answered {status}: {words}") }
            }
        }
    }
}
