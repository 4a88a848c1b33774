//! Empties the outbox: blob first, then the entry that speaks of it, one at a time, the same bytes on each try.
//!
//! What goes next and when is the rule of `outbox`; what became of it goes to the core.

use std::{error::Error, sync::Arc, time::Duration};

use clinical::EntryId;
use outbox::{Next, Outbox, Outcome, Repeat, State};
use tokio::sync::{Notify, mpsc};
use upstream::hub::{HubClient, Put};
use vault::{CartVault, SealedEntry, VaultError, VaultOutbox};

use super::backoff::uniform;
use crate::{clock, vaulting::blocking};

/// A full disk is not emptied by asking it all the time.
const PAUSE_AFTER_VAULT_ERROR: Duration = Duration::from_secs(2);

/// What became of an entry: it is at the hub, or it was set aside.
pub struct Sent {
    pub entry: EntryId,
    pub state: State,
}

/// Why the sender looks at the outbox again before its time.
#[derive(Default)]
pub struct Wake {
    /// Something was saved.
    pub saved: Notify,
    /// The link with the hub is up: no need to wait out a pause.
    pub linked: Notify,
}

/// Runs until the core has ended, or another program sends from this vault.
pub async fn send_what_waits(
    vault: CartVault,
    client: Arc<HubClient>,
    wake: Arc<Wake>,
    core: mpsc::Sender<Sent>,
) -> Result<(), VaultError> {
    let store = vault.outbox();
    let outbox = blocking(move || Outbox::open(store, clock::moment())).await?;
    let mut sender = Sender { vault, outbox: Some(outbox), client, core };
    loop {
        let next = match sender.step().await {
            Ok(next) => next,
            Err(error @ VaultError::TakenOver) => return Err(error),
            Err(error) => {
                tracing::warn!(
                    error = &error as &dyn Error,
                    "The outbox could not be read or written"
                );
                Next::WaitUntil(
                    clock::moment().plus_millis(PAUSE_AFTER_VAULT_ERROR.as_millis() as i64),
                )
            }
        };
        if sender.core.is_closed() {
            return Ok(());
        }
        let pause = match next {
            Next::Send { .. } => continue,
            Next::WaitUntil(at) => clock::until(at),
            Next::Idle => Duration::MAX,
        };
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            () = wake.saved.notified() => {}
            () = wake.linked.notified() => sender.network_came_up().await,
            () = sender.core.closed() => return Ok(()),
        }
    }
}

struct Sender {
    vault: CartVault,
    /// Taken while a blocking thread works with it; `None` only if that thread panicked.
    outbox: Option<Outbox<VaultOutbox>>,
    client: Arc<HubClient>,
    core: mpsc::Sender<Sent>,
}

impl Sender {
    /// Sends one, if one is due.
    async fn step(&mut self) -> Result<Next, VaultError> {
        let next = self.with_outbox(begin_next).await?;
        // The hub knows every entry by its id, so there is nothing to look for.
        if let Next::Send { id: entry, look: _ } = next {
            let outcome = self.send(entry).await;
            let finish = move |outbox: &mut Outbox<VaultOutbox>| {
                outbox.finish(entry, outcome, clock::moment(), uniform())
            };
            if let Some(state) = self.with_outbox(finish).await? {
                self.tell(entry, state).await;
            }
        }
        Ok(next)
    }

    async fn send(&self, entry: EntryId) -> Outcome {
        let vault = self.vault.clone();
        let sealed = match blocking(move || vault.entry(entry)).await {
            Ok(Some(stored)) => stored.sealed,
            Ok(None) => return unreadable(entry, "is not in the vault"),
            Err(VaultError::Damaged { what }) => return unreadable(entry, what),
            Err(error) => return later(&error),
        };
        match self.send_blob_of(&sealed).await {
            Outcome::Accepted => {}
            not_accepted => return not_accepted,
        }
        outcome(self.client.put_entry(entry, sealed.bytes().to_vec()).await)
    }

    /// The hub takes an entry only when it has its picture or sound.
    async fn send_blob_of(&self, sealed: &SealedEntry) -> Outcome {
        let Some(attachment) = sealed.attachment() else { return Outcome::Accepted };
        let (vault, sha256) = (self.vault.clone(), attachment.sha256.to_owned());
        let bytes = match blocking(move || vault.blob(&sha256)).await {
            Ok(Some(blob)) => blob.into_bytes(),
            Ok(None) => return unreadable(sealed.entry().id, "has lost its picture or sound"),
            Err(VaultError::Damaged { what }) => return unreadable(sealed.entry().id, what),
            Err(error) => return later(&error),
        };
        outcome(self.client.put_blob(attachment.sha256, attachment.media_type, bytes).await)
    }

    async fn tell(&self, entry: EntryId, state: State) {
        match &state {
            State::SetAside { reason } => tracing::warn!(%entry, reason, "Set aside an entry"),
            State::Done => tracing::info!(%entry, "The hub has an entry"),
            State::Pending
            | State::InFlight { .. }
            | State::Retry { .. }
            | State::Unsettled { .. }
            | State::Held { .. }
            | State::Unknown { .. } => return,
        }
        if self.core.send(Sent { entry, state }).await.is_err() {
            tracing::debug!(%entry, "The core ended before it heard of an entry");
        }
    }

    async fn network_came_up(&mut self) {
        if let Err(error) = self.with_outbox(|outbox| outbox.network_came_up(clock::moment())).await
        {
            // Without it the pauses run their course.
            tracing::warn!(error = &error as &dyn Error, "The outbox could not be written");
        }
    }

    async fn with_outbox<T: Send + 'static>(
        &mut self,
        work: impl FnOnce(&mut Outbox<VaultOutbox>) -> Result<T, VaultError> + Send + 'static,
    ) -> Result<T, VaultError> {
        let mut outbox = self.outbox.take().expect("a panic of the last work ended the program");
        let (outbox, result) = blocking(move || {
            let result = work(&mut outbox);
            (outbox, result)
        })
        .await;
        self.outbox = Some(outbox);
        result
    }
}

/// What is to be sent is durably in flight when this returns.
fn begin_next(outbox: &mut Outbox<VaultOutbox>) -> Result<Next, VaultError> {
    let now = clock::moment();
    let next = outbox.next(now)?;
    match next {
        Next::Send { id, .. } if !outbox.begin(id, Repeat::Harmless, now)? => Ok(Next::Idle),
        next => Ok(next),
    }
}

fn outcome(put: Put) -> Outcome {
    match put {
        Put::Accepted(_) => Outcome::Accepted,
        Put::Later { retry_after } => Outcome::Later {
            retry_after: retry_after.and_then(|wait| i64::try_from(wait.as_millis()).ok()),
        },
        Put::Refused { reason } => Outcome::Refused { reason },
    }
}

/// Sending it again would not mend it, and the rest of the encounter must go on.
fn unreadable(entry: EntryId, what: &str) -> Outcome {
    tracing::error!(%entry, what, "An entry cannot be read");
    Outcome::Refused { reason: format!("on the cart: {what}") }
}

fn later(error: &VaultError) -> Outcome {
    tracing::warn!(error = error as &dyn Error, "Could not read what to send");
    Outcome::Later { retry_after: None }
}
