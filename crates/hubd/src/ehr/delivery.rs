//! Delivers what was kept to the EHR: one request at a time, in the order that the outbox gives.

use std::{sync::Arc, time::Duration};

use call::desk::CartName;
use clinical::{Actor, EntryId};
use hub_api::Delivery;
use outbox::{Look, Next, Outbox, Outcome, Repeat, State};
use tokio::{
    sync::{Notify, mpsc},
    task::block_in_place,
    time::{sleep, timeout},
};
use vault::{HubVault, VaultError, VaultOutbox};

use super::{consignment::Consignment, filing::Clerk};
use crate::{auth::secret::random_bytes, clock, hub::ask, live::Event};

/// After a failure of the record itself: a full disk is not full for milliseconds.
const RECORD_PAUSE: Duration = Duration::from_secs(5);
/// A person's decision wakes nobody: it is made by another program.
const LONGEST_REST: Duration = Duration::from_secs(15);

/// What wakes the delivery.
#[derive(Clone, Default)]
pub struct Wakers {
    /// Something new was kept.
    pub kept: Arc<Notify>,
    /// The EHR answers again.
    pub ehr_came_up: Arc<Notify>,
}

/// The only sender to the EHR. Until the hub stops, or another one takes over.
pub async fn deliver(vault: HubVault, live: mpsc::Sender<Event>, wakers: Wakers, clerk: Clerk) {
    let mut courier = Courier { clerk, vault, live };
    loop {
        let error = courier.work(&wakers).await;
        if matches!(error, VaultError::TakenOver) {
            tracing::error!("Another hub sends from this record now: this one sends nothing more");
            return;
        }
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
            let store = vault.outbox().told_by(Actor::hub(), clock::now);
            Outbox::open(store, clock::moment())
        })
        .await?;
        loop {
            match block_in_place(|| outbox.next(clock::moment()))? {
                Next::Send { id, look } => self.send(&mut outbox, id, look).await?,
                Next::WaitUntil(at) => {
                    let left = u64::try_from(at.millis_since(clock::moment())).unwrap_or(0);
                    let left = Duration::from_millis(left).min(LONGEST_REST);
                    self.wait(&mut outbox, wakers, left).await?;
                }
                Next::Idle => self.wait(&mut outbox, wakers, LONGEST_REST).await?,
            }
        }
    }

    async fn wait(
        &self,
        outbox: &mut Outbox<VaultOutbox>,
        wakers: &Wakers,
        at_most: Duration,
    ) -> Result<(), VaultError> {
        let woken = async {
            tokio::select! {
                () = wakers.kept.notified() => false,
                () = wakers.ehr_came_up.notified() => true,
            }
        };
        match timeout(at_most, woken).await {
            Ok(true) => block_in_place(|| outbox.network_came_up(clock::moment())),
            Ok(false) | Err(_) => Ok(()),
        }
    }

    async fn send(
        &mut self,
        outbox: &mut Outbox<VaultOutbox>,
        id: EntryId,
        look: Look,
    ) -> Result<(), VaultError> {
        let consignment = ask(&self.vault, move |vault| Consignment::of(vault, id)).await?;
        let (repeat, ready) = match self.clerk.repeat(&consignment.entry).await {
            Ok(repeat) => (repeat, Ok(())),
            // Nothing is sent before it is known how.
            Err(undelivered) => (Repeat::Harmless, Err(undelivered)),
        };
        if !block_in_place(|| outbox.begin(id, repeat, clock::moment()))? {
            return Ok(());
        }
        let delivered = match ready {
            Ok(()) => self.clerk.file(&consignment, look).await,
            Err(undelivered) => Err(undelivered),
        };
        let outcome = delivered.map_or_else(|error| error.outcome(id), |()| Outcome::Accepted);
        let state = block_in_place(|| outbox.finish(id, outcome, clock::moment(), random()))?;
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

/// What carts and browsers have to hear of.
fn news(state: &State) -> Option<Delivery> {
    match state {
        State::Done => Some(Delivery::InEhr),
        State::SetAside { .. } => Some(Delivery::SetAside),
        State::Unknown { .. } => Some(Delivery::Unknown),
        State::Pending
        | State::InFlight { .. }
        | State::Retry { .. }
        | State::Unsettled { .. }
        | State::Held { .. } => None,
    }
}

/// Uniform in 0…1.
fn random() -> f64 {
    // Without random numbers all waits are the longest: slower, and nothing breaks.
    random_bytes().map_or(1.0, |bytes| f64::from(u32::from_be_bytes(bytes)) / f64::from(u32::MAX))
}
