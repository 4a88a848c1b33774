//! Follows the EHR's schedule: booked appointments around now become the carts' worklist, and with them who is
//! here by ADT.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
    time::{Duration, Instant},
};

use clinical::Patient;
use fhir::{Appointment, ReadError};
use hub_api::WorklistEntry;
use tokio::{
    sync::{Notify, mpsc},
    time::{MissedTickBehavior, interval},
};
use upstream::ehr::{EhrClient, EhrError};

use crate::{adt::Admissions, clock, live::Event};

const LOOK_EVERY: Duration = Duration::from_secs(15);
/// A hospital's shifts overlap: who was to be seen this morning may be waiting still.
const AROUND_NOW_MS: i64 = 12 * 60 * 60_000;
/// More than the carts of a hub see in a day; the rest is said to be left out.
const MAX_APPOINTMENTS: usize = 200;
/// Names and wards seldom change, and asking for each every 15 s would be most of an EHR's work.
const REMEMBERED: Duration = Duration::from_secs(5 * 60);

#[derive(Debug, thiserror::Error)]
enum ScheduleError {
    #[error(transparent)]
    Ehr(#[from] EhrError),
    #[error(transparent)]
    Read(#[from] ReadError),
}

/// Until the hub stops. Tells `ehr_came_up` when the EHR answers after it did not.
pub async fn follow(
    ehr: Arc<EhrClient>,
    admissions: Option<Admissions>,
    live: mpsc::Sender<Event>,
    ehr_came_up: Arc<Notify>,
) {
    let mut schedule = Schedule { ehr, patients: Memory::new(), places: Memory::new() };
    let mut told = None;
    // Of the last look that went well. Without ADT there is no worklist before it.
    let mut booked: Option<Vec<WorklistEntry>> = admissions.as_ref().map(|_| Vec::new());
    let mut was_away = false;
    let mut looks = interval(LOOK_EVERY);
    looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = looks.tick() => {
                let entries = schedule.look().await;
                if let Err(error) = &entries {
                    tracing::warn!(%error, "Could not read the EHR's schedule");
                }
                if entries.is_ok() && was_away {
                    ehr_came_up.notify_one();
                }
                was_away = matches!(&entries, Err(error) if error.is_absence());
                booked = entries.ok().or(booked);
            }
            () = somebody_came_or_went(admissions.as_ref()) => {}
        }
        let Some(booked) = booked.clone() else { continue };
        let here = admissions.as_ref().map(Admissions::present).unwrap_or_default();
        let entries = joined(booked, here);
        if told.as_ref() == Some(&entries) {
            continue;
        }
        let event = Event::Worklist { entries: entries.clone(), as_of: clock::now() };
        if live.send(event).await.is_err() {
            return;
        }
        tracing::info!(patients = entries.len(), "The worklist changed");
        told = Some(entries);
    }
}

impl ScheduleError {
    /// The EHR did not answer, or let nobody in.
    fn is_absence(&self) -> bool {
        matches!(
            self,
            Self::Ehr(EhrError::Later { .. } | EhrError::InDoubt { .. } | EhrError::Denied { .. })
        )
    }
}

async fn somebody_came_or_went(admissions: Option<&Admissions>) {
    match admissions {
        Some(admissions) => admissions.changed.notified().await,
        None => std::future::pending().await,
    }
}

/// Who is booked comes first, with the reason; whoever is here as well is there once, by number.
fn joined(mut booked: Vec<WorklistEntry>, here: Vec<WorklistEntry>) -> Vec<WorklistEntry> {
    let number = |of: &WorklistEntry| (of.patient.system.clone(), of.patient.number.clone());
    let known: HashSet<_> = booked.iter().map(number).collect();
    booked.extend(here.into_iter().filter(|entry| !known.contains(&number(entry))));
    booked
}

struct Schedule {
    ehr: Arc<EhrClient>,
    patients: Memory<Option<Patient>>,
    places: Memory<String>,
}

/// By the reference of the EHR.
type Memory<T> = HashMap<String, (Instant, T)>;

impl Schedule {
    async fn look(&mut self) -> Result<Vec<WorklistEntry>, ScheduleError> {
        self.forget_the_old();
        let appointments = self.appointments().await?;
        let mut seen = HashSet::new();
        let mut entries = Vec::new();
        for appointment in appointments {
            // Whoever is booked twice is one patient in a bed.
            if !seen.insert(appointment.patient.clone()) {
                continue;
            }
            if let Some(patient) = self.patient(&appointment.patient).await? {
                let place = self.place(&appointment).await?;
                entries.push(WorklistEntry { patient, place, reason: appointment.reason });
            }
        }
        Ok(entries)
    }

    async fn appointments(&self) -> Result<Vec<Appointment>, ScheduleError> {
        let now = clock::now();
        let from = format!("ge{}", now.plus_millis(-AROUND_NOW_MS));
        let until = format!("le{}", now.plus_millis(AROUND_NOW_MS));
        let count = MAX_APPOINTMENTS.to_string();
        let parameters = [
            ("status", "booked"),
            ("date", from.as_str()),
            ("date", until.as_str()),
            ("_count", count.as_str()),
        ];
        let bundle = self.ehr.search("Appointment", &parameters).await?;
        let mut found = fhir::appointments(&bundle)?;
        if found.len() >= MAX_APPOINTMENTS {
            tracing::warn!(MAX_APPOINTMENTS, "The schedule may hold more than the worklist shows");
            found.truncate(MAX_APPOINTMENTS);
        }
        Ok(found)
    }

    /// `None`: not identifiable, and therefore on no worklist.
    async fn patient(&mut self, reference: &str) -> Result<Option<Patient>, ScheduleError> {
        if let Some((_, patient)) = self.patients.get(reference) {
            return Ok(patient.clone());
        }
        let patient = match fhir::patient(&self.ehr.read(reference).await?) {
            Ok(patient) => Some(patient),
            Err(error @ ReadError::NotIdentifiable { .. }) => {
                tracing::warn!(%error, "Left a patient off the worklist");
                None
            }
            Err(error @ ReadError::Shape { .. }) => return Err(error.into()),
        };
        self.patients.insert(reference.to_owned(), (Instant::now(), patient.clone()));
        Ok(patient)
    }

    /// What the schedule says itself, else the name of the Location; may be empty.
    async fn place(&mut self, appointment: &Appointment) -> Result<String, ScheduleError> {
        if let Some(place) = &appointment.place {
            return Ok(place.clone());
        }
        let Some(reference) = &appointment.location else { return Ok(String::new()) };
        if let Some((_, place)) = self.places.get(reference) {
            return Ok(place.clone());
        }
        let place = fhir::location_name(&self.ehr.read(reference).await?)?;
        self.places.insert(reference.clone(), (Instant::now(), place.clone()));
        Ok(place)
    }

    fn forget_the_old(&mut self) {
        self.patients.retain(|_, (since, _)| since.elapsed() < REMEMBERED);
        self.places.retain(|_, (since, _)| since.elapsed() < REMEMBERED);
    }
}
