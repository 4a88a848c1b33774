//! Delivers what was kept to the EHR: one request at a time, in the order that the outbox gives.

use std::{sync::Arc, time::Duration};

use call::desk::CartName;
use clinical::{Actor, EntryId};
use hub_api::Delivery;
use outbox::{Next, Outbox, Outcome, State};
use tokio::{
    sync::{Notify, mpsc},
    task::block_in_place,
    time::{sleep, timeout},
};
use upstream::ehr::EhrClient;
use vault::{HubVault, VaultError, VaultOutbox};

use super::filing::{Clerk, Consignment, Undelivered};
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

/// The only sender to the EHR. Until the hub stops.
pub async fn deliver(
    vault: HubVault,
    ehr: Arc<EhrClient>,
    live: mpsc::Sender<Event>,
    wakers: Wakers,
) {
    let mut courier = Courier { clerk: Clerk::new(vault.clone(), ehr), vault, live };
    loop {
        let error = courier.work(&wakers).await;
        tracing::error!(error = &error as &dyn std::error::Error, "The outbox failed");
        sleep(RECORD_PAUSE).await;
    }
}

struct Courier {
    vault: HubVault,
    live: mpsc::Sender<Event>,
    clerk: Clerk,
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
        let mut outbox = ask(&self.vault, |vault| {
            Outbox::open(vault.outbox().told_by(Actor::hub(), clock::now))
        })
        .await?;
        loop {
            match block_in_place(|| outbox.take(clock::now()))? {
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
        if came_up { block_in_place(|| outbox.network_came_up()) } else { Ok(()) }
    }

    async fn send(
        &mut self,
        outbox: &mut Outbox<VaultOutbox>,
        id: EntryId,
    ) -> Result<(), VaultError> {
        let consignment = ask(&self.vault, move |vault| Consignment::of(vault, id)).await?;
        let delivered = self.clerk.file(&consignment).await;
        let outcome = outcome(id, delivered);
        let state = block_in_place(|| outbox.finish(id, outcome, clock::now(), random()))?;
        if let Some(delivery) = state.as_ref().and_then(news) {
            self.announce(consignment, delivery).await;
        }
        Ok(())
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
