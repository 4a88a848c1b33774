//! Delivers what was kept to the EHR: one request at a time, in the order that the outbox gives.

use std::{sync::Arc, time::Duration};

use call::desk::CartName;
use clinical::{Entry, EntryBody, EntryId, Opened, Patient, Timestamp};
use fhir::{Chart, Resource, Visit};
use hub_api::Delivery;
use outbox::{Next, Outbox, Outcome, State};
use tokio::{
    sync::{Notify, mpsc},
    time::{sleep, timeout},
};
use upstream::ehr::{EhrClient, EhrError};
use vault::{HubVault, VaultError, VaultOutbox};

use super::chart::{Charts, find_patient};
use crate::{auth::secret::random_bytes, clock, hub::ask, live::Event};

/// After a failure of the record itself: a full disk is not full for milliseconds.
const RECORD_PAUSE: Duration = Duration::from_secs(5);

/// What wakes the delivery.
#[derive(Clone, Default)]
pub struct Wakers {
    /// Something new was kept.
    pub kept: Arc<Notify>,
    /// The EHR answers again.
    pub ehr_came_up: Arc<Notify>,
}

/// Why an entry is not in the EHR.
#[derive(Debug)]
pub enum Undelivered {
    Later { retry_after: Option<Duration>, what: String },
    /// `reason` may hold the server's own words: it goes into the record and into no log.
    Refused { reason: String },
}

impl Undelivered {
    pub fn later(what: &str) -> Self {
        Self::Later { retry_after: None, what: what.to_owned() }
    }

    pub fn refused(reason: &str) -> Self {
        Self::Refused { reason: reason.to_owned() }
    }
}

/// The only sender to the EHR. Until the hub stops.
pub async fn deliver(
    vault: HubVault,
    ehr: Arc<EhrClient>,
    live: mpsc::Sender<Event>,
    wakers: Wakers,
) {
    let mut courier = Courier { vault, ehr, live, charts: Charts::default() };
    loop {
        let error = courier.work(&wakers).await;
        tracing::error!(error = &error as &dyn std::error::Error, "The outbox failed");
        sleep(RECORD_PAUSE).await;
    }
}

struct Courier {
    vault: HubVault,
    ehr: Arc<EhrClient>,
    live: mpsc::Sender<Event>,
    charts: Charts,
}

/// An entry, and whose it is.
struct Consignment {
    entry: Entry,
    opened: Opened,
    opened_at: Timestamp,
}

impl Courier {
    async fn work(&mut self, wakers: &Wakers) -> VaultError {
        loop {
            if let Err(error) = self.work_until_error(wakers).await {
                return error;
            }
        }
    }

    async fn work_until_error(&mut self, wakers: &Wakers) -> Result<(), VaultError> {
        let mut outbox = ask(&self.vault, |vault| Outbox::open(vault.outbox())).await?;
        loop {
            match outbox.take(clock::now())? {
                Next::Send(id) => self.send(&mut outbox, id).await?,
                Next::WaitUntil(at) => {
                    let left = u64::try_from(at.millis_since(clock::now())).unwrap_or(0);
                    self.wait(&mut outbox, wakers, Some(Duration::from_millis(left))).await?;
                }
                Next::Idle => self.wait(&mut outbox, wakers, None).await?,
            }
        }
    }

    async fn wait(
        &self,
        outbox: &mut Outbox<VaultOutbox>,
        wakers: &Wakers,
        at_most: Option<Duration>,
    ) -> Result<(), VaultError> {
        let woken = async {
            tokio::select! {
                () = wakers.kept.notified() => false,
                () = wakers.ehr_came_up.notified() => true,
            }
        };
        let came_up = match at_most {
            Some(at_most) => timeout(at_most, woken).await.unwrap_or(false),
            None => woken.await,
        };
        if came_up { outbox.network_came_up() } else { Ok(()) }
    }

    async fn send(
        &mut self,
        outbox: &mut Outbox<VaultOutbox>,
        id: EntryId,
    ) -> Result<(), VaultError> {
        let consignment = ask(&self.vault, move |vault| consignment(vault, id)).await?;
        let delivered = self.file(&consignment).await;
        let outcome = outcome(id, delivered);
        let state = outbox.finish(id, outcome, clock::now(), random())?;
        if let Some(delivery) = state.as_ref().and_then(news) {
            self.announce(consignment, delivery).await;
        }
        Ok(())
    }

    /// Each step may be repeated: the EHR knows every resource by its identifier.
    async fn file(&mut self, consignment: &Consignment) -> Result<(), Undelivered> {
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

    async fn announce(&self, consignment: Consignment, delivery: Delivery) {
        let Consignment { entry, opened, .. } = consignment;
        let (cart, encounter) = (CartName(opened.cart), entry.encounter);
        let event = Event::Delivered { cart, encounter, entry: entry.id, delivery };
        if self.live.send(event).await.is_err() {
            tracing::debug!("The hub is stopping; nobody is told of a delivery");
        }
    }
}

impl Consignment {
    fn visit(&self, until: Option<Timestamp>, patient: &str) -> Resource {
        let visit = Visit {
            id: self.entry.encounter,
            opened: &self.opened,
            from: self.opened_at,
            until,
        };
        fhir::encounter(&visit, patient)
    }
}

fn consignment(vault: &HubVault, id: EntryId) -> Result<Consignment, VaultError> {
    let damaged = VaultError::Damaged { what: "the entry of an outbox item" };
    let Some(entry) = vault.entry(id)?.map(|stored| stored.sealed.into_entry()) else {
        return Err(damaged);
    };
    let Some(opening) = vault.opening_of(entry.encounter)? else { return Err(damaged) };
    let opening = opening.sealed.into_entry();
    match opening.body {
        EntryBody::Opened(opened) => Ok(Consignment { entry, opened, opened_at: opening.recorded }),
        EntryBody::Reading(_) | EntryBody::Still(_) | EntryBody::Note(_) | EntryBody::Closed => {
            Err(damaged)
        }
    }
}

fn outcome(entry: EntryId, delivered: Result<(), Undelivered>) -> Outcome {
    match delivered {
        Ok(()) => Outcome::Accepted,
        Err(Undelivered::Later { retry_after, what }) => {
            tracing::info!(%entry, what, "An entry waits for the EHR");
            let retry_after =
                retry_after.map(|wait| i64::try_from(wait.as_millis()).unwrap_or(i64::MAX));
            Outcome::Later { retry_after }
        }
        Err(Undelivered::Refused { reason }) => {
            tracing::warn!(%entry, "The EHR refused an entry; it is set aside");
            Outcome::Refused { reason }
        }
    }
}

/// What carts and browsers have to hear of.
fn news(state: &State) -> Option<Delivery> {
    match state {
        State::Done => Some(Delivery::InEhr),
        State::SetAside { .. } => Some(Delivery::SetAside),
        State::Pending | State::InFlight { .. } | State::Retry { .. } => None,
    }
}

/// Uniform in 0…1.
fn random() -> f64 {
    // Without random numbers all waits are the longest: slower, and nothing breaks.
    random_bytes().map_or(1.0, |bytes| f64::from(u32::from_be_bytes(bytes)) / f64::from(u32::MAX))
}

impl From<EhrError> for Undelivered {
    fn from(error: EhrError) -> Self {
        match error {
            EhrError::Later { what, retry_after } => Self::Later { retry_after, what },
            EhrError::Refused { status, body } => {
                let words = fhir::outcome_words(&body.0).unwrap_or_default();
                Self::Refused { reason: format!("the EHR answered {status}: {words}") }
            }
        }
    }
}
