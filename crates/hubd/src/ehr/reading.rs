//! Reads a patient's chart for the physician in the call: what the EHR offers of it, all lists side by side, and an
//! older copy where the EHR does not answer.

mod copy;
mod question;

use std::{sync::Arc, time::Duration};

use clinical::{EncounterId, Patient, Timestamp};
use fhir::{Capabilities, Whose};
use hub_api::{ChartPart, PatientChart};
use tokio::{sync::Semaphore, time::timeout};
use upstream::ehr::EhrClient;
use vault::HubVault;

use self::{
    copy::{Copies, or_copy},
    question::{Asked, NotRead, Question},
};
use super::{offer::Offer, patients::Patients, undelivered::Undelivered};
use crate::{adt::Admissions, clock};

pub use self::copy::forget_old_copies;

/// A chart is five searches; more charts at once would be felt by those who work in the EHR.
const CHARTS_AT_ONCE: usize = 4;
/// The physician waits, and has a patient to look at.
const FIND_WITHIN: Duration = Duration::from_secs(10);
const LIST_WITHIN: Duration = Duration::from_secs(15);
/// Older ones are history, and are read in the EHR.
const VITALS_OF_MS: i64 = 90 * 24 * 60 * 60_000;

pub struct ChartReader {
    /// Its access may be another one than that of the delivery.
    ehr: Arc<EhrClient>,
    patients: Patients,
    offer: Offer,
    copies: Copies,
    places: Semaphore,
}

impl ChartReader {
    /// `ehr` finds the patient; `reads` is asked for the lists.
    pub fn new(
        vault: HubVault,
        ehr: Arc<EhrClient>,
        reads: Arc<EhrClient>,
        admissions: Option<Admissions>,
    ) -> Self {
        let offer = Offer::of(ehr.clone());
        let patients = Patients::new(vault.clone(), ehr, offer.clone(), admissions);
        let places = Semaphore::new(CHARTS_AT_ONCE);
        Self { ehr: reads, patients, offer, copies: Copies(vault), places }
    }

    /// Always an answer: what is not known says why.
    pub async fn read(&self, encounter: EncounterId, patient: &Patient) -> PatientChart {
        let place = self.places.acquire().await;
        let now = clock::now();
        let found = match timeout(FIND_WITHIN, self.find(encounter, patient)).await {
            Ok(found) => found.map_err(not_found),
            Err(_) => Err(NotRead::away()),
        };
        let copy = match &found {
            // Whose copy would it be?
            Err(why) if !why.may_pass => self.copies.forget(patient).await,
            Ok(_) | Err(_) => self.copies.of(patient, now).await,
        };
        let chart = match found {
            Ok((reference, offered)) => self.ask(&reference, offered, now, copy).await,
            Err(why) => nothing_read(&why, now, copy),
        };
        drop(place);
        self.copies.keep(patient, &chart).await;
        chart
    }

    async fn find(
        &self,
        encounter: EncounterId,
        patient: &Patient,
    ) -> Result<(String, &Capabilities), Undelivered> {
        let offered = self.offer.ask().await?;
        Ok((self.patients.reference(encounter, patient).await?, offered))
    }

    async fn ask(
        &self,
        patient: &str,
        offered: &Capabilities,
        now: Timestamp,
        copy: Option<PatientChart>,
    ) -> PatientChart {
        let of = Whose { patient, base: self.ehr.base() };
        let since = format!("ge{}", now.plus_millis(-VITALS_OF_MS));
        let question = |kind| Question { ehr: &self.ehr, offered, of, now, kind };
        let medications = medications(offered);
        let on_the_list = [("category", "problem-list-item")];
        let not_over = [("status", "active")];
        let of_late = [("category", "vital-signs"), ("date", since.as_str())];
        let read_medications =
            |bundle: &[u8], of: Whose<'_>| fhir::medications(bundle, of, medications);
        let (allergies, problems, medications, vitals, documents) = tokio::join!(
            in_time(question("AllergyIntolerance").list(&[], fhir::allergies)),
            in_time(question("Condition").list(&on_the_list, fhir::problems)),
            in_time(question(medications).list(&not_over, read_medications)),
            in_time(question("Observation").list(&of_late, fhir::vitals)),
            in_time(question("DocumentReference").list(&[], fhir::documents)),
        );
        let vitals = vitals.map(|mut part| {
            part.entries = fhir::last_of_each(part.entries);
            part
        });
        let copy = Parts::of(copy);
        PatientChart {
            now,
            allergies: or_copy(allergies, copy.allergies, now),
            problems: or_copy(problems, copy.problems, now),
            medications: or_copy(medications, copy.medications, now),
            vitals: or_copy(vitals, copy.vitals, now),
            documents: or_copy(documents, copy.documents, now),
        }
    }
}

/// What was ordered; where that is not offered, what was stated.
fn medications(offered: &Capabilities) -> &'static str {
    let states = offered.searches("MedicationStatement", "patient");
    if states && !offered.searches("MedicationRequest", "patient") {
        "MedicationStatement"
    } else {
        "MedicationRequest"
    }
}

async fn in_time<T>(asking: impl Future<Output = Asked<T>>) -> Asked<T> {
    timeout(LIST_WITHIN, asking).await.unwrap_or_else(|_| Err(NotRead::away()))
}

/// The EHR was not asked for the lists, because it did not say who the patient is there.
fn nothing_read(why: &NotRead, now: Timestamp, copy: Option<PatientChart>) -> PatientChart {
    let copy = Parts::of(copy);
    PatientChart {
        now,
        allergies: or_copy(Err(why.clone()), copy.allergies, now),
        problems: or_copy(Err(why.clone()), copy.problems, now),
        medications: or_copy(Err(why.clone()), copy.medications, now),
        vitals: or_copy(Err(why.clone()), copy.vitals, now),
        documents: or_copy(Err(why.clone()), copy.documents, now),
    }
}

/// Of a copy, where there is one.
#[derive(Default)]
struct Parts {
    allergies: Option<ChartPart<hub_api::Allergy>>,
    problems: Option<ChartPart<hub_api::ChartProblem>>,
    medications: Option<ChartPart<hub_api::Medication>>,
    vitals: Option<ChartPart<hub_api::ChartVital>>,
    documents: Option<ChartPart<hub_api::ChartDocument>>,
}

impl Parts {
    fn of(copy: Option<PatientChart>) -> Self {
        let Some(copy) = copy else { return Self::default() };
        let PatientChart { now: _, allergies, problems, medications, vitals, documents } = copy;
        Self {
            allergies: Some(allergies),
            problems: Some(problems),
            medications: Some(medications),
            vitals: Some(vitals),
            documents: Some(documents),
        }
    }
}

fn not_found(undelivered: Undelivered) -> NotRead {
    match undelivered {
        Undelivered::Refused { reason } | Undelivered::NotFound { reason } => {
            NotRead::for_good(format!("We cannot tell who this is there: {reason}."))
        }
        Undelivered::Denied { what } => {
            tracing::warn!(what, "The EHR does not let the hub look for a patient");
            NotRead::denied()
        }
        Undelivered::Later { what, .. } | Undelivered::InDoubt { what, .. } => {
            tracing::info!(what, "The EHR does not say who a patient is");
            NotRead::away()
        }
    }
}
