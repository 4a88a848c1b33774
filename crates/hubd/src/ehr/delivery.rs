//! Delivers what was kept to the EHR in the order that the outbox gives: within an encounter one after the
//! other, a few encounters side by side.

use std::{convert::Infallible, io, sync::Arc, thread, time::Duration};

use call::desk::CartName;
use clinical::Actor;
use hub_api::Delivery;
use outbox::{Due, Look, Moment, Outbox, Outcome, Repeat, State};
use tokio::{
    runtime::Builder,
    sync::{Notify, mpsc},
    task::{JoinError, JoinSet},
    time::{sleep, timeout},
};
use vault::{HubVault, VaultError, VaultOutbox};

use super::{
    consignment::Consignment,
    filing::{Clerk, Ready},
    undelivered::Undelivered,
};
use crate::{auth::secret::random_bytes, clock, live::Event};

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

/// So many encounters at once keep a server busy that answers one request after the other, while this
/// hub writes down what became of the last; more would only stand in its queue.
const SIDE_BY_SIDE: usize = 4;

/// The only sender to the EHR, until the hub stops or another one takes over. On a thread of its own: between
/// two answers it waits for the disk, and handing that to other threads costs more than the waiting.
///
/// # Errors
/// The machine gives no thread.
pub fn start(
    vault: HubVault,
    live: mpsc::Sender<Event>,
    wakers: Wakers,
    clerk: Clerk,
) -> io::Result<()> {
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let work = move || runtime.block_on(deliver(vault, live, wakers, clerk));
    thread::Builder::new().name("delivery".to_owned()).spawn(work).map(drop)
}

async fn deliver(vault: HubVault, live: mpsc::Sender<Event>, wakers: Wakers, clerk: Clerk) {
    let courier = Courier { clerk: Arc::new(clerk), vault, live };
    loop {
        let Err(error) = courier.work(&wakers).await;
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
    clerk: Arc<Clerk>,
}

/// What may go now, and when something more will be due.
type Consignments = (Vec<(Consignment, Look)>, Option<Moment>);

/// What became of a sending.
struct Sent {
    consignment: Consignment,
    delivered: Result<(), Undelivered>,
}

impl Courier {
    async fn work(&self, wakers: &Wakers) -> Result<Infallible, VaultError> {
        let store = self.vault.outbox_with(self.clerk.alongside());
        let store = store.told_by(Actor::hub(), clock::now);
        let mut outbox = Outbox::open(store, clock::moment())?;
        // Dropped with an error: what is cut off here is looked for when the outbox is opened anew.
        let mut under_way = JoinSet::new();
        let mut news = Vec::new();
        loop {
            let wake = self.begin_what_may_go(&mut outbox, &mut under_way).await?;
            // What ended is durable by now.
            for event in news.drain(..) {
                self.announce(event).await;
            }
            let left = wake.map_or(LONGEST_REST, |at| left_until(at).min(LONGEST_REST));
            tokio::select! {
                Some(sent) = under_way.join_next() => {
                    news.extend(end(&mut outbox, sent));
                    while let Some(sent) = under_way.try_join_next() {
                        news.extend(end(&mut outbox, sent));
                    }
                }
                ehr_came_up = woken(wakers, left) => {
                    if ehr_came_up {
                        outbox.network_came_up(clock::moment())?;
                    }
                }
            }
        }
    }

    /// Returns when something more will be due, where that is known. Everything that ended is durable
    /// then, in the same write as what begins.
    async fn begin_what_may_go(
        &self,
        outbox: &mut Outbox<VaultOutbox>,
        under_way: &mut JoinSet<Sent>,
    ) -> Result<Option<Moment>, VaultError> {
        let free = SIDE_BY_SIDE - under_way.len();
        let (due, wake) = self.due(outbox, free)?;
        let ended: Vec<_> =
            outbox.unsaved().filter_map(|(id, state)| Some((id, news(state)?))).collect();
        let mut prepared = Vec::new();
        for (consignment, look) in due {
            let ready = self.clerk.prepare(&consignment, &ended).await;
            prepared.push((consignment, look, ready));
        }
        let chosen: Vec<_> =
            prepared.iter().map(|(of, _, ready)| (of.entry.id, known(ready))).collect();
        let begun = outbox.begin_all(&chosen, clock::moment())?;
        for (consignment, look, ready) in prepared {
            if begun.contains(&consignment.entry.id) {
                under_way.spawn(send(self.clerk.clone(), consignment, look, ready));
            }
        }
        Ok(wake)
    }

    /// With what is to be sent.
    fn due(
        &self,
        outbox: &mut Outbox<VaultOutbox>,
        free: usize,
    ) -> Result<Consignments, VaultError> {
        let Due { send, wake } = outbox.due(clock::moment(), free)?;
        let one = |(id, look)| Ok((Consignment::of(&self.vault, id)?, look));
        let due: Result<Vec<_>, VaultError> = send.into_iter().map(one).collect();
        Ok((due?, wake))
    }

    async fn announce(&self, event: Event) {
        if self.live.send(event).await.is_err() {
            tracing::debug!("The hub is stopping; nobody is told of a delivery");
        }
    }
}

/// Nothing is sent before it is known how.
fn known(ready: &Result<Ready, Undelivered>) -> Repeat {
    ready.as_ref().map_or(Repeat::Harmless, |ready| ready.repeat)
}

async fn send(
    clerk: Arc<Clerk>,
    consignment: Consignment,
    look: Look,
    ready: Result<Ready, Undelivered>,
) -> Sent {
    let delivered = match ready {
        Ok(ready) => clerk.file(&consignment, ready, look).await,
        Err(undelivered) => Err(undelivered),
    };
    Sent { consignment, delivered }
}

fn left_until(at: Moment) -> Duration {
    Duration::from_millis(u64::try_from(at.millis_since(clock::moment())).unwrap_or(0))
}

/// Whether it is because the EHR answers again.
async fn woken(wakers: &Wakers, at_most: Duration) -> bool {
    let woken = async {
        tokio::select! {
            () = wakers.kept.notified() => false,
            () = wakers.ehr_came_up.notified() => true,
        }
    };
    timeout(at_most, woken).await.unwrap_or(false)
}

/// What carts and browsers have to hear of it, once it is durable.
fn end(outbox: &mut Outbox<VaultOutbox>, sent: Result<Sent, JoinError>) -> Option<Event> {
    // Nobody cancels a sending but by ending the loop that waits for it.
    let Sent { consignment, delivered } = sent.expect("sending does not panic");
    let Consignment { entry, opened, .. } = consignment;
    let outcome = match delivered {
        Ok(()) => {
            tracing::info!(entry = %entry.id, "The EHR has an entry");
            Outcome::Accepted
        }
        Err(undelivered) => undelivered.outcome(entry.id),
    };
    let state = outbox.end(entry.id, outcome, clock::moment(), random())?;
    let (cart, encounter) = (CartName(opened.cart), entry.encounter);
    let delivery = news(&state)?;
    Some(Event::Delivered { cart, encounter, entry: entry.id, delivery })
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
