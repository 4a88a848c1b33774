//! What all requests share: the record, who is signed in, and the way to the live part.

use std::{
    ops::Deref,
    sync::{Arc, Mutex},
};

use tokio::sync::{Notify, mpsc, watch};
use vault::HubVault;

use crate::{
    auth::{
        cart_tokens::CartTokens, challenge::Challenges, password::Passwords, throttle::Throttle,
    },
    ehr::{ChartReader, KeySet},
    live::Event,
    web::PublicUrl,
};

/// Cheap to clone; all clones are the same hub.
#[derive(Clone)]
pub struct Hub(Arc<Parts>);

pub struct Parts {
    pub vault: HubVault,
    pub challenges: Challenges,
    pub cart_tokens: CartTokens,
    pub passwords: Passwords,
    pub throttle: Mutex<Throttle>,
    pub public_url: PublicUrl,
    /// To the one task that knows who is connected and who calls whom.
    pub live: mpsc::Sender<Event>,
    /// Wakes the delivery to the EHR.
    pub outbox: Arc<Notify>,
    /// Turns true when the hub stops; sockets then close.
    pub stopping: watch::Receiver<bool>,
    /// What EHRs check this hub's sign-in with; `None` where it has no key for that.
    pub ehr_keys: Option<KeySet>,
    pub chart_reader: ChartReader,
}

impl Hub {
    pub fn new(parts: Parts) -> Self {
        Self(Arc::new(parts))
    }

    /// Asks the record, away from the threads that serve the network: every commit waits for the disk.
    pub async fn ask<T: Send + 'static>(
        &self,
        question: impl FnOnce(&HubVault) -> T + Send + 'static,
    ) -> T {
        ask(&self.vault, question).await
    }

    /// Tells the live part. When that is gone, the hub is stopping and nobody has to be told.
    pub async fn tell(&self, event: Event) {
        if self.live.send(event).await.is_err() {
            tracing::debug!("The hub is stopping; a live event has no receiver");
        }
    }
}

impl Deref for Hub {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

/// Asks the record from a thread that may block.
pub async fn ask<T: Send + 'static>(
    vault: &HubVault,
    question: impl FnOnce(&HubVault) -> T + Send + 'static,
) -> T {
    let vault = vault.clone();
    let answer = tokio::task::spawn_blocking(move || question(&vault)).await;
    answer.expect("asking the record does not panic, and nobody cancels it")
}
